import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../../runtime/adapters/store';
import { systemClock } from '../../../runtime/adapters/system/clock';
import type { AdmissionState } from '../../../runtime/domain/ports';
import { apply, buy, denied, fill, receipt, recordingLog, request, status } from '../../contracts/store/fixtures';

/**
 * A process of its own: walks every alert from receipt to fill and prints a line for each step that the store acknowledged.
 * Arguments: file, number of alerts, limit of the position, prefix of the lines.
 */
async function trade(path: string, alerts: number, limit: number, name: string): Promise<void> {
  const store = await openSqliteStore({ path, clock: systemClock, log: recordingLog().log, busyTimeoutMs: 30_000 });
  const acknowledge = (step: string): void => { writeSync(1, `${step}\n`); };
  const decide = (state: AdmissionState) => (state.accountPosition + state.accountPending.buy + 1 > limit ? denied() : buy(1));
  acknowledge('open');
  for (let index = 0; index < alerts; index += 1) {
    const key = `k${index}`;
    await store.receive(receipt(`${name}-${index}`, [key]));
    acknowledge(`received ${key}`);
    const { order, duplicate } = await store.admit(request(key), decide);
    acknowledge(`${order === undefined ? 'denied' : 'admitted'} ${key} ${duplicate ? 'again' : 'first'}`);
    if (order === undefined) continue;
    await apply(store, order.id, [status(order.id, 'ACCEPTED'), fill(order.id, 't1', { quantity: 1, chargesRupees: 1 })]);
    acknowledge(`filled ${key}`);
  }
  await store.close();
}

const [path = '', alerts = '', limit = '', name = ''] = process.argv.slice(2);
void trade(path, Number(alerts), Number(limit), name);
