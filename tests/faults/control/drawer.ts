import { openSqliteStore } from '../../../runtime/adapters/store';
import { systemClock } from '../../../runtime/adapters/system/clock';
import type { Log } from '../../../runtime/domain/ports';
import { draw, type Lane } from '../../../runtime/domain/rateLimit/draw';
import { DRAWER_WINDOWS } from './drawerWindows';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const [file = '', runForMs = '0'] = process.argv.slice(2);

/** Draws on one budget as fast as it can, entries and exits by turns, and prints what it was granted, at the journal's own time. */
async function main(): Promise<void> {
  const store = await openSqliteStore({ path: file, clock: systemClock, log: silent });
  const until = Date.now() + Number(runForMs);
  for (let call = 0; Date.now() < until; call += 1) {
    const lane: Lane = call % 5 === 0 ? 'exits' : 'entries';
    const grantedAt = await store.budgets.change('shared', (state, now) => {
      const drawn = draw({ state, windows: DRAWER_WINDOWS, lane, now });
      return { state: drawn.state, result: drawn.granted ? drawn.state.at : undefined };
    });
    if (grantedAt !== undefined) process.stdout.write(`${lane} ${grantedAt}\n`);
  }
  await store.close();
}

void main();
