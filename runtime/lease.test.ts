import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countingIds } from './adapters/system/manual';
import { manualMarket, type ManualMarket } from './adapters/ticks/simulated/manualMarket';
import { AccountConfig } from './domain/account';
import { toMoney } from './domain/money';
import type { OrderRequest } from './domain/nodeContext';
import { leaseRuntime, type Lease } from './lease';
import { openRuntime, type RuntimeOptions } from './open';
import { silentLog, tradingView } from '../tests/doubles/ingressWorld';
import { SBIN } from '../tests/doubles/routerWorld';
import { ORIGIN } from '../tests/doubles/tradingWorld';

/** Longer than the linger of a runtime that nobody holds. */
const LINGERED_MS = 3_500;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-lease-'));
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(async () => {
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  jest.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const options = (more: Partial<RuntimeOptions> = {}): RuntimeOptions => ({ home: ':memory:', log: silentLog, ...more });

/** Sells what is held: a position of a flow keeps the runtime open. */
async function close({ runtime }: Lease, market: ManualMarket): Promise<void> {
  market.set({ instrument: SBIN.key, bid: toMoney(800), ask: toMoney(800), last: toMoney(800), at: runtime.now() });
  await runtime.context({ ...ORIGIN, signalId: 'exit' }).perform([{ kind: 'place', request: { instrument: SBIN, leg: 0, purpose: 'exit', size: { kind: 'exit' }, product: 'MIS', orderType: 'MARKET' } }]);
  expect(await runtime.store.positions({ openOnly: true })).toEqual([]);
}

/** Turns of the event loop: enough for a runtime in memory to open if nothing holds it up. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('holders of one process share the runtime, across a short time without any', async () => {
  const first = await leaseRuntime(options());
  first.release();
  await jest.advanceTimersByTimeAsync(1_000);
  const second = await leaseRuntime(options());
  expect(second.runtime).toBe(first.runtime);
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  const third = await leaseRuntime(options());
  expect(third.runtime).toBe(first.runtime);
  second.release();
  third.release();
});

test('another state folder is refused by name while the runtime is open', async () => {
  const held = await leaseRuntime(options());
  await expect(leaseRuntime(options({ home: folder }))).rejects.toThrow(folder);
  held.release();
});

test('an opening that failed leaves later holders alone', async () => {
  const notAFolder = path.join(folder, 'file');
  writeFileSync(notAFolder, '');
  await expect(leaseRuntime(options({ home: notAFolder }))).rejects.toThrow();
  const held = await leaseRuntime(options());
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  const again = await leaseRuntime(options());
  expect(again.runtime).toBe(held.runtime);
  held.release();
  again.release();
});

test('the next runtime opens when the one before has closed', async () => {
  const events: string[] = [];
  let endPatience = (): void => undefined;
  const patience = new Promise<void>((resolve) => { endPatience = resolve; });
  const market = { ...manualMarket(), close: () => { events.push('closed'); } };
  const first = await leaseRuntime(options({ market, ids: countingIds('r'), pause: () => patience }));
  const delivered = new Promise<void>((started) => {
    first.runtime.ingress.attach('tv', () => { started(); return new Promise(() => undefined); });
  });
  const body = Buffer.from('BUY SBIN 10');
  await first.runtime.ingress.receive(tradingView(), { raw: body, headers: {}, remoteAddress: '127.0.0.1', receivedAt: first.runtime.now() }, 'attached');
  await delivered;
  first.release();
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  const next = leaseRuntime(options()).then((lease) => {
    events.push('opened');
    return lease;
  });
  await turns();
  endPatience();
  const held = await next;
  expect(events).toEqual(['closed', 'opened']);
  expect(held.runtime).not.toBe(first.runtime);
  held.release();
});

describe('an open order', () => {
  const request: OrderRequest = { instrument: SBIN, leg: 0, purpose: 'entry', size: { kind: 'fixed', action: 'BUY', quantity: 10 }, product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(790) };
  const quote = (market: ManualMarket, last: number, at: number): void => market.set({ instrument: SBIN.key, bid: toMoney(last - 0.05), ask: toMoney(last + 0.05), last: toMoney(last), at });

  async function rest({ runtime }: Lease, market: ManualMarket): Promise<void> {
    quote(market, 800, runtime.now());
    await runtime.declareAccount(AccountConfig.parse({ marketHours: 'always' }));
    const [placed] = await runtime.context(ORIGIN).perform([{ kind: 'place', request }]);
    expect(placed).toMatchObject({ outcomes: [{ kind: 'placed', order: { status: 'OPEN' } }] });
  }

  test('pins the runtime that nobody holds: it is watched and filled all the same', async () => {
    const market = manualMarket();
    const held = await leaseRuntime(options({ market }));
    await rest(held, market);
    held.release();
    await jest.advanceTimersByTimeAsync(LINGERED_MS);
    quote(market, 780, held.runtime.now());
    await turns();
    const again = await leaseRuntime(options());
    expect(again.runtime).toBe(held.runtime);
    expect(await again.runtime.store.orders()).toMatchObject([{ status: 'FILLED' }]);
    await close(again, market);
    again.release();
  });

  test('is watched from the next start on, before any flow comes back', async () => {
    const market = manualMarket();
    const before = await openRuntime(options({ home: folder, market }));
    await rest({ runtime: before, release: () => undefined }, market);
    await before.close();
    const after = await openRuntime(options({ home: folder, market }));
    quote(market, 780, after.now());
    while ((await after.store.openOrders()).length > 0) await turns();
    expect(await after.store.positions()).toMatchObject([{ quantity: 10 }]);
    await after.close();
  });
});

test('a position whose stop this runtime watches pins it until the stop has done its work', async () => {
  const market = manualMarket();
  const held = await leaseRuntime(options({ market }));
  const quote = (last: number): void => market.set({ instrument: SBIN.key, bid: toMoney(last), ask: toMoney(last), last: toMoney(last), at: held.runtime.now() });
  quote(800);
  await held.runtime.declareAccount(AccountConfig.parse({ marketHours: 'always' }));
  await held.runtime.context(ORIGIN).perform([{ kind: 'place', request: { instrument: SBIN, leg: 0, purpose: 'entry', size: { kind: 'fixed', action: 'BUY', quantity: 10 }, product: 'MIS', orderType: 'MARKET', protection: { stop: { by: 'points', points: toMoney(5) } } } }]);
  await held.runtime.protection.look();
  expect(held.runtime.protection.guarded()).toMatchObject([{ account: 'paper', lease: { name: 'protection:paper' } }]);
  expect((await held.runtime.store.leases.list()).map(({ name }) => name)).toContain('protection:paper');
  held.release();
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  const again = await leaseRuntime(options());
  expect(again.runtime).toBe(held.runtime);
  quote(790);
  await held.runtime.protection.idle();
  expect(await again.runtime.store.positions({ openOnly: true })).toEqual([]);
  again.release();
});

test('a position of a flow pins the runtime, protected or not, until it is closed', async () => {
  const market = manualMarket();
  const held = await leaseRuntime(options({ market }));
  market.set({ instrument: SBIN.key, bid: toMoney(800), ask: toMoney(800), last: toMoney(800), at: held.runtime.now() });
  await held.runtime.declareAccount(AccountConfig.parse({ marketHours: 'always' }));
  await held.runtime.context(ORIGIN).perform([{ kind: 'place', request: { instrument: SBIN, leg: 0, product: 'MIS', orderType: 'MARKET', purpose: 'entry', size: { kind: 'fixed', action: 'BUY', quantity: 10 } } }]);
  expect(await held.runtime.store.protections.live()).toEqual([]);
  held.release();
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  const again = await leaseRuntime(options());
  expect(again.runtime).toBe(held.runtime);
  await close(again, market);
  again.release();
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  const next = await leaseRuntime(options());
  expect(next.runtime).not.toBe(held.runtime);
  next.release();
});
