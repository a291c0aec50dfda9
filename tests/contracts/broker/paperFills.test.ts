import { memoryPaperBook } from '../../../runtime/adapters/brokers/paper/memoryBook';
import type { PaperAccount } from '../../../runtime/domain/account';
import { chargesOf } from '../../../runtime/domain/charges';
import { fromMoney, toMoney } from '../../../runtime/domain/money';
import type { Broker, BrokerOrder, BrokerUpdate, PlaceOutcome } from '../../../runtime/domain/ports';
import { CALL, FUTURE, paperBench, SHARE } from './paperBench';

let bench: ReturnType<typeof paperBench>;
let broker: Broker;
let updates: BrokerUpdate[];
let count = 0;

async function open(account: Partial<PaperAccount> = {}): Promise<void> {
  bench = paperBench(account);
  broker = await bench.connect(memoryPaperBook());
  updates = [];
  broker.onUpdate((update) => updates.push(update));
}
beforeEach(() => open());
afterEach(() => bench.close());

const order = (more: Partial<BrokerOrder> = {}): BrokerOrder => ({ id: `o${++count}`, instrument: SHARE.key, action: 'BUY', quantity: 100, product: 'MIS', orderType: 'MARKET', ...more });
const limit = (rupees: number, more: Partial<BrokerOrder> = {}): BrokerOrder => order({ orderType: 'LIMIT', limitPrice: toMoney(rupees), ...more });
const words = (told: readonly BrokerUpdate[]) => told.map((update) => (update.kind === 'fill' ? `${update.fill.quantity} at ${fromMoney(update.fill.price)}` : update.status));
const said = (outcome: PlaceOutcome): readonly string[] | string => (outcome.kind === 'accepted' ? words(outcome.updates) : outcome.kind === 'rejected' ? outcome.denial.code : outcome.kind);
const used = async (): Promise<number> => fromMoney((await broker.funds()).used);
/** One tick of the share: its ask, five paise above the bid, and the units that were traded with it. */
let total = 0;
const tick = async (ask: number, traded: number): Promise<void> => {
  bench.quote(SHARE, ask - 0.05, ask, { traded: { total: total += traded, now: traded } });
  for (let turn = 0; turn < 5; turn++) await broker.funds();
};

describe('volume', () => {
  test('a market order takes a tenth of each tick, every part a fill of its own, until it is whole', async () => {
    await tick(100, 400);
    const wanted = order();
    expect(said(await broker.place(wanted))).toEqual(['ACCEPTED', 'OPEN', '40 at 100']);
    await tick(100.1, 300);
    await tick(100.2, 0);
    await tick(100.3, 5_000);
    expect(words(updates)).toEqual(['30 at 100.1', '30 at 100.3']);
    const known = await broker.find(wanted.id);
    const fills = (known?.updates ?? []).flatMap((update) => (update.kind === 'fill' ? [update.fill] : []));
    expect(new Set(fills.map(({ tradeId }) => tradeId)).size).toBe(3);
    expect(await broker.orders?.()).toMatchObject({ value: [{ orderId: wanted.id, status: 'FILLED', filledQuantity: 100 }] });
  });

  test('the same ticks give the same parts', async () => {
    const run = async (): Promise<unknown> => {
      await open();
      total = 0;
      for (const traded of [90, 100]) await tick(100, traded);
      const placed = await broker.place(order({ id: 'same' }));
      for (const traded of [50, 1_000]) await tick(100.05, traded);
      return [placed, updates];
    };
    expect(await run()).toEqual(await run());
  });

  test('brokerage and rounding are of the order, however many parts it comes in', async () => {
    await tick(800, 400);
    await open({ capital: 1_000_000 });
    await tick(800, 3_000);
    const placed = await broker.place(order({ quantity: 1_000 }));
    for (let part = 0; part < 3; part++) await tick(800, 3_000);
    const parts = [...(placed.kind === 'accepted' ? placed.updates : []), ...updates].flatMap((update) => (update.kind === 'fill' ? [update.fill] : []));
    expect(parts.map(({ quantity }) => quantity)).toEqual([300, 300, 300, 100]);
    const whole = chargesOf({ segment: 'cash', product: 'MIS', exchange: 'NSE', action: 'BUY', quantity: 1_000, price: toMoney(800), at: bench.clock.now() }).total;
    expect(parts.reduce((sum, { charges }) => sum + charges, 0)).toBe(whole);
  });

  test('a limit order that arrives takes what is offered, and waits at its limit once the market leaves it', async () => {
    await tick(100, 200);
    expect(said(await broker.place(limit(100.2)))).toEqual(['ACCEPTED', 'OPEN', '20 at 100']);
    await tick(100.1, 200);
    await tick(100.5, 10_000);
    await tick(99, 200);
    expect(words(updates)).toEqual(['20 at 100.1', '60 at 100.2']);
  });

  test('what was traded before an order came is nobody’s share', async () => {
    await tick(100, 1_000_000);
    await tick(100, 50);
    expect(said(await broker.place(order()))).toEqual(['ACCEPTED', 'OPEN', '5 at 100']);
  });

  test('derivatives fill in whole lots', async () => {
    await open({ capital: 10_000_000 });
    bench.quote(FUTURE, 26_000, 26_001, { traded: { total: 1_950, now: 1_950 } });
    expect(said(await broker.place(order({ instrument: FUTURE.key, product: 'NRML', quantity: 260 })))).toEqual(['ACCEPTED', 'OPEN', '195 at 26001']);
  });

  test('a stop that is triggered opens, and fills in parts', async () => {
    await tick(100, 500);
    await broker.place(order({ orderType: 'SL-M', triggerPrice: toMoney(101) }));
    await tick(101.05, 500);
    await tick(100, 5_000);
    expect(words(updates)).toEqual(['OPEN', '50 at 101.05', '50 at 100']);
  });

  test('margin is blocked for what is held and for what is still wanted, and given back with a cancel', async () => {
    await tick(100, 400);
    const wanted = order();
    await broker.place(wanted);
    expect(await used()).toBe(100 * 100 * 0.2);
    await broker.cancel(wanted.id);
    expect(await used()).toBe(40 * 100 * 0.2);
    expect((await broker.positions?.())).toMatchObject({ value: [{ quantity: 40 }] });
    await tick(100, 5_000);
    expect(words(updates)).toEqual(['CANCELLED']);
  });

  test('the whole of an order must be covered before its first part fills', async () => {
    await tick(100, 400);
    expect(await broker.place(order({ quantity: 6_000 }))).toMatchObject({ kind: 'rejected', denial: { code: 'INSUFFICIENT_FUNDS', value: 120_000, limit: 100_000 } });
  });

  test('an exit in parts blocks nothing more and never opens the other side', async () => {
    await tick(100, 5_000);
    await broker.place(order());
    const before = await used();
    await tick(100.05, 300);
    expect(said(await broker.place(order({ action: 'SELL' })))).toEqual(['ACCEPTED', 'OPEN', '30 at 100']);
    expect(await used()).toBe(before * 0.7);
    await tick(100.05, 5_000);
    expect(await used()).toBe(0);
    expect(await broker.positions?.()).toEqual({ ok: true, value: [] });
  });

  test('at 0 percent, and where nobody counts, the whole quantity fills at once', async () => {
    bench.quote(SHARE, 100, 100.05);
    expect(said(await broker.place(order()))).toEqual(['ACCEPTED', '100 at 100.05']);
    await open({ participationPercent: 0 });
    await tick(100, 1);
    expect(said(await broker.place(order()))).toEqual(['ACCEPTED', '100 at 100']);
  });

  test('another process goes on with the part that is left', async () => {
    const book = memoryPaperBook();
    const first = await bench.connect(book);
    await tick(100, 400);
    const wanted = order();
    await first.place(wanted);
    await first.close();
    const second = await bench.connect(book);
    second.onUpdate((update) => updates.push(update));
    await tick(100.1, 300);
    await second.funds();
    await tick(100.1, 9_000);
    for (let turn = 0; turn < 5; turn++) await second.funds();
    expect(words(updates)).toEqual(['30 at 100.1', '30 at 100.1']);
  });
});

test.each<[Partial<PaperAccount>, string, string]>([
  [{ slippage: 'none' }, '100 at 100', '100 at 100'],
  [{ slippage: 'spread' }, '100 at 100.05', '100 at 100'],
  [{ slippage: 'ticks', slippageTicks: 3 }, '100 at 100.2', '100 at 99.85'],
  [{ slippage: 'percent', slippagePercent: 0.5 }, '100 at 100.6', '100 at 99.5'],
])('slippage of %p', async (account, bought, sold) => {
  await open(account);
  bench.quote(SHARE, 100, 100.05);
  expect(said(await broker.place(order()))).toEqual(['ACCEPTED', bought]);
  expect(said(await broker.place(order({ action: 'SELL' })))).toEqual(['ACCEPTED', sold]);
  expect(said(await broker.place(limit(100.1)))).toEqual(['ACCEPTED', bought === '100 at 100' || bought === '100 at 100.05' ? bought : '100 at 100.1']);
});

describe('circuit limits', () => {
  const banded = (): void => bench.quote(SHARE, 110, 110.05, { previousClose: toMoney(100) });

  test.each<[string, Partial<BrokerOrder>, object | string]>([
    ['a buy at the upper one rests or fills', { orderType: 'LIMIT', limitPrice: toMoney(120) }, 'accepted'],
    ['a price above it is rejected', { orderType: 'LIMIT', limitPrice: toMoney(120.05) }, { code: 'ORDER_REJECTED', field: 'limitPrice', limit: 120, value: 120.05 }],
    ['a price below the lower one is rejected', { orderType: 'LIMIT', limitPrice: toMoney(79.95) }, { code: 'ORDER_REJECTED', field: 'limitPrice', limit: 80, value: 79.95 }],
    ['so is a trigger', { orderType: 'SL-M', triggerPrice: toMoney(121) }, { code: 'ORDER_REJECTED', field: 'triggerPrice', limit: 120 }],
  ])('%s', async (_what, more, expected) => {
    banded();
    const outcome = await broker.place(order(more));
    expect(outcome.kind === 'rejected' ? outcome.denial : outcome.kind).toEqual(typeof expected === 'string' ? expected : expect.objectContaining(expected));
  });

  test('nobody knows them without the close of the day before, and options have none', async () => {
    bench.quote(SHARE, 110, 110.05);
    expect((await broker.place(limit(150))).kind).toBe('accepted');
    bench.quote(CALL, 10, 10.05, { previousClose: toMoney(5) });
    expect((await broker.place(limit(11, { instrument: CALL.key, product: 'NRML', quantity: 65 }))).kind).toBe('accepted');
  });
});
