import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as definitions from '../../nodes';
import { countingIds, manualClock } from '../../runtime/adapters/system/manual';
import { pinoLog } from '../../runtime/adapters/system/log';
import { AccountConfig } from '../../runtime/domain/account';
import type { Outcome } from '../../runtime/domain/denial';
import { openRuntime } from '../../runtime/open';
import type { Runtime, WebhookAnswer } from '../../runtime/runtime';
import { readN8n, replayFlow, type ReplayedFlow } from '../../runtime/hosts/replay';

/** Friday 2026-11-20, 11:00 in India. */
const NOW = Date.UTC(2026, 10, 20, 5, 30);
const SECRET = 'a-long-shared-secret';

let runtime: Runtime;
let flow: ReplayedFlow;

beforeEach(async () => {
  runtime = await openRuntime({ home: ':memory:', clock: manualClock(NOW), ids: countingIds(), log: pinoLog({ level: 'silent' }) });
  const file: unknown = JSON.parse(readFileSync(path.join(__dirname, '../../flows/n8n/TradingView alert to order.json'), 'utf8'));
  const graph = valueOf(readN8n(file, Object.values(definitions)));
  flow = valueOf(await replayFlow({ graph, runtime, account: AccountConfig.parse({}), secret: SECRET }));
});

afterEach(async () => {
  await flow.close();
  await runtime.close();
});

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return outcome.value;
}

async function post(alert: object): Promise<WebhookAnswer> {
  return valueOf(await flow.post('tv-trigger', JSON.stringify({ secret: SECRET, exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, ...alert })));
}

test('an alert becomes one filled paper order, a position and an alert record', async () => {
  const answer = await post({ id: 'first' });
  expect(answer).toMatchObject({ status: 202, body: { status: 'accepted' } });
  const [order] = await runtime.store.orders();
  expect(order).toMatchObject({ status: 'FILLED', action: 'BUY', quantity: 10, filledQuantity: 10, strategyId: 'tradingview-demo', nodeKey: 'tv-order' });
  expect(await runtime.store.positions({ openOnly: true })).toMatchObject([{ instrument: 'NSE:SBIN', quantity: 10 }]);
  expect(await runtime.store.alerts()).toMatchObject([{ severity: 'info', message: expect.stringContaining('SBIN') as string }]);
});

test('the same alert again gets the first receipt and no second order', async () => {
  const first = await post({ id: 'once' });
  const again = await post({ id: 'once' });
  expect(again).toMatchObject({ status: 200, body: { status: 'duplicate', receipt: first.body['receipt'] } });
  expect(await runtime.store.orders()).toHaveLength(1);
});

test('a second entry within the cool-down is blocked, recorded with rule, limit and value, and alerted', async () => {
  await post({ id: 'first' });
  await post({ id: 'second' });
  expect(await runtime.store.orders()).toHaveLength(1);
  const refused = (await runtime.store.intents()).find((intent) => intent.status === 'DENIED');
  expect(refused).toMatchObject({ nodeKey: 'tv-gate', denial: { code: 'TRADE_LOCK', rule: 'trade lock', limit: 'strategy-symbol:tradingview-demo:NSE:SBIN', value: 300_000 } });
  expect(await runtime.store.alerts()).toEqual(expect.arrayContaining([expect.objectContaining({ severity: 'warning', message: expect.stringContaining('Refused') as string })]));
});

test('after a refused entry the strategy’s own exit opens no short, whichever way it is written', async () => {
  await runtime.store.setKillSwitch({ account: 'paper', on: true, happenedAt: NOW, reason: 'test' });
  await post({ id: 'in', quantity: 100 });
  await runtime.store.rearm({ account: 'paper', happenedAt: NOW });
  await post({ id: 'out', action: 'sell', quantity: 100 });
  await post({ id: 'exit', action: 'exit' });
  expect(await runtime.store.orders()).toEqual([]);
  expect((await runtime.store.alerts()).map(({ message }) => message)).toEqual(expect.arrayContaining([expect.stringContaining('Nothing to close')]));
});

test('a sell never goes through zero, and an exit closes all', async () => {
  await post({ id: 'in', quantity: 3 });
  await post({ id: 'out', action: 'sell', quantity: 5 });
  expect(await runtime.store.positions()).toMatchObject([{ quantity: 0 }]);
  await post({ id: 'other', symbol: 'INFY', quantity: 3 });
  await post({ id: 'flat', symbol: 'INFY', action: 'exit' });
  expect(await runtime.store.positions({ openOnly: true })).toEqual([]);
});

test('a sell of what is held passes the cool-down and realises the trade', async () => {
  await post({ id: 'in' });
  await post({ id: 'out', action: 'SELL' });
  const [position] = await runtime.store.positions();
  expect(position).toMatchObject({ quantity: 0, openValue: 0 });
  expect(position?.realisedPnl).toBeLessThan(0); // bought at the ask, sold at the bid of the same instant
});
