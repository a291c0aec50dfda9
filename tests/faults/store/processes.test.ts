import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSqliteStore } from '../../../runtime/adapters/store';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { toMoney } from '../../../runtime/domain/money';
import type { Store } from '../../../runtime/domain/ports';
import { recordingLog, T0 } from '../../contracts/store/fixtures';
import { bundled, started } from './bundle';

const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-kill-'));
afterAll(() => rmSync(folder, { recursive: true }));
const script = bundled('trader', folder);
jest.setTimeout(120_000);

const all = { limit: 10_000 };
const reopened = (file: string): Promise<Store> => openSqliteStore({ path: file, clock: manualClock(T0), log: recordingLog().log });

/** Runs a trader and kills it after `steps` acknowledged steps; returns what was acknowledged. */
async function tradeUntil(steps: number, file: string, alerts: number, name: string): Promise<readonly string[]> {
  const child = started(script, [file, String(alerts), '1000000', name]);
  const acknowledged: string[] = [];
  for await (const line of child.lines) {
    acknowledged.push(line);
    if (acknowledged.length === steps) child.process.kill('SIGKILL');
  }
  await child.exited;
  return acknowledged;
}

/** Every order has its intent, its two first events and, where it says so, its fill; positions and counters are their sums. */
async function expectConsistent(store: Store): Promise<void> {
  const [orders, intents, positions, risk] = await Promise.all([store.orders(all), store.intents(all), store.positions(), store.riskState('paper')]);
  expect(orders.map(({ intentKey, id }) => [intentKey, id])).toEqual(intents.filter(({ status }) => status === 'ADMITTED').map(({ key, orderId }) => [key, orderId]));
  const filled = orders.filter(({ status }) => status === 'FILLED');
  for (const { id, status } of orders) {
    const fills = await store.fills(id);
    const moves = (await store.orderEvents(id)).map(({ to }) => to);
    expect([moves, fills.length]).toEqual(status === 'FILLED' ? [['CREATED', 'SUBMITTING', 'ACCEPTED', 'FILLED'], 1] : [['CREATED', 'SUBMITTING'], 0]);
  }
  expect(positions.map(({ quantity, openValue }) => [quantity, openValue])).toEqual(filled.length === 0 ? [] : [[filled.length, toMoney(100 * filled.length)]]);
  expect([risk.ordersToday, Math.abs(risk.realisedToday)]).toEqual([orders.length, toMoney(filled.length)]);
}

test('kill -9 between any two steps loses nothing that was acknowledged and doubles nothing', async () => {
  const file = path.join(folder, 'killed.db');
  const ALERTS = 60;
  const seen = new Set<string>();
  for (const [life, steps] of [1, 2, 3, 17, 50, 91, 130].entries()) {
    for (const line of await tradeUntil(steps, file, ALERTS, `life${life}`)) seen.add(line);
    const store = await reopened(file);
    const signals = new Set((await store.signals(all)).map(({ signalId }) => signalId.split('@')[0]));
    const orders = new Map((await store.orders(all)).map((order) => [order.intentKey, order.status]));
    for (const line of seen) {
      const [step, key = ''] = line.split(' ');
      if (step === 'received') expect(signals).toContain(key);
      if (step === 'admitted') expect([...orders.keys()]).toContain(key);
      if (step === 'filled') expect([key, orders.get(key)]).toEqual([key, 'FILLED']);
    }
    await expectConsistent(store);
    await store.close();
  }
  const lastLife = await tradeUntil(Infinity, file, ALERTS, 'last');
  expect(lastLife.filter((line) => line.startsWith('filled'))).toHaveLength(ALERTS);
  const firsts = [...seen, ...lastLife].filter((line) => line.endsWith('first'));
  expect(new Set(firsts).size).toBe(firsts.length);
  const store = await reopened(file);
  expect([(await store.signals(all)).length, (await store.orders(all)).length]).toEqual([ALERTS, ALERTS]);
  await expectConsistent(store);
  await store.close();
});

test('two processes with the same alerts make one order per alert and share one limit', async () => {
  const file = path.join(folder, 'shared.db');
  const ALERTS = 120;
  const LIMIT = 70;
  const children = ['one', 'two'].map((name) => started(script, [file, String(ALERTS), String(LIMIT), name]));
  const lines = await Promise.all(children.map(async (child) => {
    const read: string[] = [];
    for await (const line of child.lines) read.push(line);
    expect(await child.exited).toBe(0);
    return read;
  }));
  const firsts = lines.flat().filter((line) => line.endsWith('first')).map((line) => line.split(' ').slice(0, 2).join(' '));
  expect([firsts.length, new Set(firsts).size]).toEqual([ALERTS, ALERTS]);
  expect(firsts.filter((line) => line.startsWith('admitted'))).toHaveLength(LIMIT);
  const store = await reopened(file);
  expect((await store.signals(all)).length).toBe(ALERTS);
  expect((await store.orders(all)).length).toBe(LIMIT);
  await store.close();
});
