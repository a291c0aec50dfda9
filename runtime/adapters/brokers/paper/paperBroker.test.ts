import fc from 'fast-check';
import { CALL, FUTURE, INDEX, paperBench, SHARE } from '../../../../tests/contracts/broker/paperBench';
import type { InstrumentKey } from '../../../domain/market';
import { fromMoney as rupees, toMoney } from '../../../domain/money';
import type { Broker, BrokerOrder, BrokerUpdate, PlaceOutcome } from '../../../domain/ports';
import type { PaperBook } from '../../../domain/paper';
import { DAY_MS } from '../../../domain/time';
import { memoryPaperBook } from './memoryBook';

let bench: ReturnType<typeof paperBench>;
let broker: Broker;
let count = 0;

async function open(account: Parameters<typeof paperBench>[0] = {}, book: PaperBook = memoryPaperBook()): Promise<void> {
  bench = paperBench(account);
  bench.quote(SHARE, 100, 100.05);
  bench.quote(FUTURE, 26_000, 26_001);
  bench.quote(CALL, 100, 100.5);
  bench.quote(INDEX, 26_000, 26_000.05);
  broker = await bench.connect(book);
}
beforeEach(() => open());
afterEach(() => bench.close());

const order = (more: Partial<BrokerOrder> = {}): BrokerOrder => ({ id: `o${++count}`, instrument: SHARE.key, action: 'BUY', quantity: 10, product: 'MIS', orderType: 'MARKET', ...more });
const place = (more: Partial<BrokerOrder> = {}): Promise<PlaceOutcome> => broker.place(order(more));
const codeOf = (outcome: PlaceOutcome): string => (outcome.kind === 'rejected' ? outcome.denial.code : outcome.kind);
const used = async (): Promise<number> => rupees((await broker.funds()).used);
const told = (): BrokerUpdate[] => {
  const updates: BrokerUpdate[] = [];
  broker.onUpdate((update) => updates.push(update));
  return updates;
};
/** Moves the market and waits until the broker has dealt with it: steps of a book are carried out in order. */
const move = async (bid: number, ask: number): Promise<void> => {
  bench.quote(SHARE, bid, ask);
  for (let turn = 0; turn < 5; turn++) await broker.funds();
};
const words = (updates: readonly BrokerUpdate[]) => updates.map((update) => (update.kind === 'fill' ? `${update.fill.quantity} at ${rupees(update.fill.price)}` : update.status));

describe('a refusal', () => {
  const limit = (price: number): Partial<BrokerOrder> => ({ orderType: 'LIMIT', limitPrice: toMoney(price) });
  test.each<[string, Partial<BrokerOrder>]>([
    ['UNKNOWN_SYMBOL', { instrument: 'NSE:NOSUCH' as InstrumentKey }],
    ['NOT_TRADABLE', { instrument: INDEX.key }],
    ['QUANTITY_INVALID', { quantity: 0 }],
    ['QUANTITY_INVALID', { quantity: -5 }],
    ['QUANTITY_INVALID', { quantity: Number.NaN }],
    ['LOT_SIZE', { instrument: FUTURE.key, product: 'NRML', quantity: 100 }],
    ['MAX_ORDER_QUANTITY', { instrument: FUTURE.key, product: 'NRML', quantity: 65 * 28 }],
    ['PRICE_OFF_TICK', limit(100.02)],
    ['INVALID_FIELD', limit(0)],
    ['INVALID_FIELD', limit(-1)],
    ['MISSING_FIELD', { orderType: 'LIMIT' }],
    ['MISSING_FIELD', { orderType: 'SL', limitPrice: toMoney(101) }],
    ['MISSING_FIELD', { orderType: 'SL-M' }],
    ['PRICE_OFF_TICK', { orderType: 'SL-M', triggerPrice: toMoney(105.01) }],
    ['INVALID_FIELD', { orderType: 'SL', triggerPrice: toMoney(105), limitPrice: toMoney(104) }],
    ['INVALID_FIELD', { action: 'SELL', orderType: 'SL', triggerPrice: toMoney(95), limitPrice: toMoney(96) }],
    ['ORDER_REJECTED', { orderType: 'SL-M', triggerPrice: toMoney(100) }],
    ['ORDER_REJECTED', { orderType: 'SL-M', triggerPrice: toMoney(99.95) }],
    ['ORDER_REJECTED', { action: 'SELL', orderType: 'SL-M', triggerPrice: toMoney(100) }],
    ['ORDER_REJECTED', { action: 'SELL', orderType: 'SL', triggerPrice: toMoney(100.05), limitPrice: toMoney(99) }],
    ['ORDER_REJECTED', { instrument: CALL.key, product: 'NRML', quantity: 65, orderType: 'SL-M', triggerPrice: toMoney(110) }],
    ['ORDER_REJECTED', { product: 'NRML' }],
    ['ORDER_REJECTED', { instrument: FUTURE.key, product: 'CNC', quantity: 65 }],
    ['NO_POSITION', { product: 'CNC', action: 'SELL' }],
    ['INSUFFICIENT_FUNDS', { quantity: 6_000 }],
    ['INSUFFICIENT_FUNDS', { quantity: 6_000, ...limit(90) }],
    ['INSUFFICIENT_FUNDS', { instrument: CALL.key, product: 'NRML', action: 'SELL', quantity: 65 }],
  ])('%s: %p', async (code, more) => {
    const before = await broker.funds();
    const wanted = order(more);
    const outcome = await broker.place(wanted);
    expect(codeOf(outcome)).toBe(code);
    expect(await broker.place(wanted)).toEqual(outcome);
    expect((await broker.find(wanted.id))?.updates).toMatchObject([{ kind: 'status', status: 'REJECTED', denial: { code } }]);
    expect(await broker.funds()).toEqual(before);
  });

  test('names limit and value of missing funds', async () => {
    expect(await place({ quantity: 6_000 })).toMatchObject({ kind: 'rejected', denial: { limit: 100_000, value: 120_060 } });
  });

  test('of a stop whose trigger was reached before it came names the side, and what it would have done', async () => {
    expect(await place({ orderType: 'SL', triggerPrice: toMoney(99.95), limitPrice: toMoney(101) })).toMatchObject({
      denial: { message: 'The trigger of a BUY stop must lie above the last price of 100.', field: 'triggerPrice', limit: 100, value: 99.95, remedy: 'Use a trigger above the last price, or LIMIT or MARKET to trade now.' },
    });
    expect(await used()).toBe(0);
  });

  test('of a stop goes by the price when it arrives, not when it was decided', async () => {
    const wanted = { orderType: 'SL-M', triggerPrice: toMoney(105) } as const;
    await move(106, 106.05);
    expect(codeOf(await place(wanted))).toBe('ORDER_REJECTED');
    await move(104, 104.05);
    expect(codeOf(await place(wanted))).toBe('accepted');
  });

  test('of an SL-M in options names the type that exchanges take; it was theirs until September 2021', async () => {
    const wanted = { instrument: CALL.key, product: 'NRML', quantity: 65, orderType: 'SL-M', triggerPrice: toMoney(110) } as const;
    expect(await place(wanted)).toMatchObject({ denial: { field: 'orderType', value: 'SL-M', remedy: 'Use SL with a limit beyond the trigger.' } });
    expect(codeOf(await place({ ...wanted, orderType: 'SL', limitPrice: toMoney(115) }))).toBe('accepted');
    bench.clock.advance(Date.UTC(2021, 8, 24, 4, 30) - bench.clock.now());
    expect(codeOf(await place(wanted))).toBe('accepted');
    bench.clock.advance(3 * DAY_MS);
    expect(codeOf(await place(wanted))).toBe('ORDER_REJECTED');
  });

  test('of a closed market, unless the account trades at all hours', async () => {
    bench.setOpen(false);
    expect(codeOf(await place())).toBe('MARKET_CLOSED');
    await open({ marketHours: 'always' });
    bench.setOpen(false);
    expect(codeOf(await place())).toBe('accepted');
  });

  test('of a market without a usable price', async () => {
    bench.quote(SHARE, 101, 100);
    expect(codeOf(await place())).toBe('NO_PRICE');
    bench.market.forget(SHARE.key);
    expect(codeOf(await place())).toBe('NO_PRICE');
  });

  test('of an expired contract', async () => {
    bench.clock.advance(60 * DAY_MS);
    expect(codeOf(await place({ instrument: FUTURE.key, product: 'NRML', quantity: 65 }))).toBe('EXPIRED_SYMBOL');
  });

  test('stays the first answer when the market opens later', async () => {
    const wanted = order();
    bench.setOpen(false);
    await broker.place(wanted);
    bench.setOpen(true);
    expect(codeOf(await broker.place(wanted))).toBe('MARKET_CLOSED');
  });
});

describe('money', () => {
  test('an intraday round trip costs its spread and charges, and frees its margin', async () => {
    const bought = await place({ quantity: 100 });
    expect(await used()).toBe(2_001);
    const sold = await place({ quantity: 100, action: 'SELL' });
    const charges = [bought, sold].flatMap((outcome) => (outcome.kind === 'accepted' ? outcome.updates : [])).reduce((sum, update) => sum + (update.kind === 'fill' ? update.fill.charges : 0), 0);
    expect(charges).toBeGreaterThan(0);
    expect(await broker.funds()).toEqual({ available: toMoney(100_000) - toMoney(5) - charges, used: 0 });
  });

  test.each<[string, Partial<BrokerOrder>, number]>([
    ['delivery', { product: 'CNC' }, 1_000.5],
    ['an intraday short', { action: 'SELL' }, 200],
    ['a bought option', { instrument: CALL.key, product: 'NRML', quantity: 65 }, 6_532.5],
  ])('%s blocks its margin', async (_what, more, margin) => {
    await place(more);
    expect(await used()).toBe(margin);
  });

  test('an exit needs no margin, even with nothing left', async () => {
    await place({ quantity: 4_990 });
    expect(rupees((await broker.funds()).available)).toBeLessThan(200);
    expect(codeOf(await place({ quantity: 50 }))).toBe('INSUFFICIENT_FUNDS');
    expect(codeOf(await place({ action: 'SELL', quantity: 4_990 }))).toBe('accepted');
  });

  test('a resting exit reserves nothing; a second one for the same units does', async () => {
    await place({ quantity: 10 });
    const held = await used();
    const exit = { action: 'SELL', orderType: 'LIMIT', limitPrice: toMoney(110) } as const;
    await place(exit);
    expect(await used()).toBe(held);
    await place(exit);
    expect(await used()).toBe(held + 220);
  });

  test('a filled resting order keeps no reserve beside its position', async () => {
    await place({ orderType: 'LIMIT', limitPrice: toMoney(99) });
    expect(await used()).toBe(198);
    await move(98, 98.05);
    expect(await used()).toBe(198);
    await place({ action: 'SELL' });
    expect(await used()).toBe(0);
  });

  test('delivery shares that a resting sale has claimed can not rest for sale again, but go at the market', async () => {
    await place({ product: 'CNC' });
    const resting = order({ product: 'CNC', action: 'SELL', orderType: 'LIMIT', limitPrice: toMoney(110) });
    await broker.place(resting);
    expect(codeOf(await place({ product: 'CNC', action: 'SELL', orderType: 'LIMIT', limitPrice: toMoney(120) }))).toBe('NO_POSITION');
    const updates = told();
    expect(codeOf(await place({ product: 'CNC', action: 'SELL' }))).toBe('accepted');
    await move(111, 111.05);
    expect(updates).toMatchObject([{ kind: 'status', orderId: resting.id, status: 'REJECTED', denial: { code: 'NO_POSITION' } }]);
    expect(await used()).toBe(0);
  });
});

describe('a resting order', () => {
  test('of type SL opens at its trigger and fills within its limit', async () => {
    const updates = told();
    const outcome = await place({ orderType: 'SL', triggerPrice: toMoney(105), limitPrice: toMoney(105.5) });
    expect(outcome.kind === 'accepted' && words(outcome.updates)).toEqual(['ACCEPTED', 'TRIGGER_PENDING']);
    await move(106, 106.05);
    expect(words(updates)).toEqual(['OPEN']);
    await move(105, 105.05);
    expect(words(updates)).toEqual(['OPEN', '10 at 105.5']);
  });

  test('waits while the market is closed and expires with its day', async () => {
    const updates = told();
    await place({ orderType: 'LIMIT', limitPrice: toMoney(99) });
    bench.setOpen(false);
    await move(98, 98.05);
    expect(updates).toEqual([]);
    bench.clock.advance(DAY_MS);
    bench.setOpen(true);
    await move(98, 98.05);
    expect(words(updates)).toEqual(['EXPIRED']);
    expect(await used()).toBe(0);
  });

  test('of type SL-M that the open finds beyond its trigger fills there', async () => {
    await place();
    const updates = told();
    await place({ action: 'SELL', orderType: 'SL-M', triggerPrice: toMoney(98) });
    bench.setOpen(false);
    await move(90, 90.05);
    bench.setOpen(true);
    await move(90, 90.05);
    expect(words(updates)).toEqual(['10 at 90']);
  });

  test('that gaps beyond its trigger fills, though its margin grows beyond the funds', async () => {
    const updates = told();
    await place({ quantity: 4_700, orderType: 'SL-M', triggerPrice: toMoney(105) });
    await move(120, 120.05);
    expect(words(updates)).toEqual(['4700 at 120.05']);
    expect(rupees((await broker.funds()).available)).toBeLessThan(0);
  });

  test('whose position was closed meanwhile opens with its own reserve and what is free', async () => {
    await place({ quantity: 1_000 });
    await place({ action: 'SELL', quantity: 4_000, orderType: 'LIMIT', limitPrice: toMoney(110) });
    await place({ action: 'SELL', quantity: 1_000 });
    const updates = told();
    await move(111, 111.05);
    expect(words(updates)).toEqual(['4000 at 110']);
    expect(await used()).toBe(88_000);
  });

  test('whose position was closed meanwhile is rejected where the funds do not carry the reverse', async () => {
    await place({ quantity: 4_000 });
    await place({ action: 'SELL', quantity: 4_000, orderType: 'LIMIT', limitPrice: toMoney(110) });
    await place({ action: 'SELL', quantity: 4_000 });
    await place({ quantity: 1_000, instrument: SHARE.key, product: 'CNC', orderType: 'LIMIT', limitPrice: toMoney(50) });
    const updates = told();
    await move(111, 111.05);
    expect(updates).toMatchObject([{ kind: 'status', status: 'REJECTED', denial: { code: 'INSUFFICIENT_FUNDS' } }]);
  });

  test('is the only reason to be subscribed', async () => {
    expect(bench.market.subscriptions()).toBe(0);
    const [first, second] = [order({ orderType: 'LIMIT', limitPrice: toMoney(99) }), order({ orderType: 'LIMIT', limitPrice: toMoney(98) })];
    await broker.place(first);
    await broker.place(second);
    expect(bench.market.subscriptions()).toBe(1);
    await broker.cancel(first.id);
    expect(bench.market.subscriptions()).toBe(1);
    await move(97, 97.05);
    expect(bench.market.subscriptions()).toBe(0);
  });

  test('fills once when two processes share the book, and both hear of it', async () => {
    const book = memoryPaperBook();
    await open({}, book);
    const wanted = order({ orderType: 'LIMIT', limitPrice: toMoney(99) });
    await broker.place(wanted);
    const updates = told();
    const other = await bench.connect(book);
    other.onUpdate((update) => updates.push(update));
    await move(98, 98.05);
    expect(updates).toHaveLength(2);
    expect(new Set(updates.map((update) => (update.kind === 'fill' ? update.fill.tradeId : update.status))).size).toBe(1);
    expect(words((await broker.find(wanted.id))?.updates ?? [])).toEqual(['ACCEPTED', 'OPEN', '10 at 99']);
    expect(await used()).toBe(198);
  });

  test('that another process cancelled does not fill', async () => {
    const book = memoryPaperBook();
    await open({}, book);
    const other = await bench.connect(book);
    const wanted = order({ orderType: 'LIMIT', limitPrice: toMoney(99) });
    await broker.place(wanted);
    await other.cancel(wanted.id);
    await move(98, 98.05);
    expect(words((await broker.find(wanted.id))?.updates ?? [])).toEqual(['ACCEPTED', 'OPEN', 'CANCELLED']);
    expect(await used()).toBe(0);
  });

  test('is resumed with the book: nothing else brings it back', async () => {
    const book = memoryPaperBook();
    await open({}, book);
    await place({ orderType: 'LIMIT', limitPrice: toMoney(99) });
    await broker.close();
    expect(bench.market.subscriptions()).toBe(0);
    broker = await bench.connect(book);
    const updates = told();
    await move(98, 98.05);
    expect(words(updates)).toEqual(['10 at 99']);
  });

  test('whose process died is watched by the one that looks it up', async () => {
    const book = memoryPaperBook();
    await open({}, book);
    const other = await bench.connect(book);
    const wanted = order({ orderType: 'LIMIT', limitPrice: toMoney(99) });
    await broker.place(wanted);
    await broker.close();
    broker = other;
    const updates = told();
    await broker.find(wanted.id);
    await move(98, 98.05);
    expect(words(updates)).toEqual(['10 at 99']);
  });

  test('is cancelled twice without complaint', async () => {
    const wanted = order({ orderType: 'LIMIT', limitPrice: toMoney(99) });
    await broker.place(wanted);
    expect([await broker.cancel(wanted.id), await broker.cancel(wanted.id)]).toEqual([{ ok: true }, { ok: true }]);
  });
});

describe('when something breaks', () => {
  test('a book that fails leaves the outcome unknown and says so in the log', async () => {
    const book = memoryPaperBook();
    let broken = false;
    await open({}, { ...book, step: (work) => (broken ? Promise.reject(new Error('disk full')) : book.step(work)) });
    broken = true;
    expect(await place()).toMatchObject({ kind: 'unknown' });
    expect(bench.errors).toHaveLength(1);
  });

  test('a listener that throws hides nothing from the others', async () => {
    broker.onUpdate(() => { throw new Error('listener'); });
    const updates = told();
    await place({ orderType: 'LIMIT', limitPrice: toMoney(99) });
    await move(98, 98.05);
    expect(words(updates)).toEqual(['10 at 99']);
    expect(bench.errors).toHaveLength(1);
  });
});

type Move = { readonly kind: 'place'; readonly order: Partial<BrokerOrder> } | { readonly kind: 'market'; readonly bid: number } | { readonly kind: 'cancel'; readonly which: number };

test('whatever happens, cash stays what was earned and paid, and a flat account without orders blocks nothing', async () => {
  const price = fc.integer({ min: 1_600, max: 2_400 }).map((ticks) => toMoney(ticks * 0.05));
  const anyOrder = fc.record({
    action: fc.constantFrom<'BUY' | 'SELL'>('BUY', 'SELL'), quantity: fc.integer({ min: 1, max: 4_000 }), product: fc.constantFrom<'CNC' | 'MIS'>('CNC', 'MIS'),
    orderType: fc.constantFrom<'MARKET' | 'LIMIT' | 'SL' | 'SL-M'>('MARKET', 'LIMIT', 'SL', 'SL-M'), limitPrice: price, triggerPrice: price,
  });
  const anyMove = fc.oneof(
    { weight: 4, arbitrary: anyOrder.map((wanted): Move => ({ kind: 'place', order: wanted })) },
    { weight: 3, arbitrary: fc.integer({ min: 80, max: 120 }).map((bid): Move => ({ kind: 'market', bid })) },
    { weight: 1, arbitrary: fc.nat(20).map((which): Move => ({ kind: 'cancel', which })) },
  );
  await fc.assert(fc.asyncProperty(fc.array(anyMove, { maxLength: 25 }), async (moves) => {
    await open({ capital: 200_000 });
    const placed: BrokerOrder[] = [];
    for (const step of moves) {
      if (step.kind === 'market') await move(step.bid, step.bid + 0.05);
      else if (step.kind === 'cancel') await broker.cancel(placed[step.which]?.id ?? 'none');
      else {
        const wanted = order(step.order);
        placed.push(wanted);
        await broker.place(wanted);
      }
    }
    for (const wanted of placed) await broker.cancel(wanted.id);
    const books = new Map<string, { held: number; cash: number }>();
    for (const wanted of placed) {
      for (const update of (await broker.find(wanted.id))?.updates ?? []) {
        if (update.kind === 'status') continue;
        const book = books.get(wanted.product) ?? { held: 0, cash: 0 };
        const signed = wanted.action === 'BUY' ? update.fill.quantity : -update.fill.quantity;
        books.set(wanted.product, { held: book.held + signed, cash: book.cash - signed * update.fill.price - update.fill.charges });
      }
    }
    let cash: number = toMoney(200_000);
    for (const [product, { held, cash: moved }] of books) {
      cash += moved;
      if (product === 'CNC') expect(held).toBeGreaterThanOrEqual(0);
      if (held === 0) continue;
      const exit = await broker.place(order({ product: product === 'CNC' ? 'CNC' : 'MIS', action: held > 0 ? 'SELL' : 'BUY', quantity: Math.abs(held) }));
      if (exit.kind !== 'accepted') throw new Error(`An exit was refused: ${codeOf(exit)}`);
      for (const update of exit.updates) if (update.kind === 'fill') cash += held * update.fill.price - update.fill.charges;
    }
    expect(await broker.funds()).toEqual({ available: cash, used: 0 });
    await bench.close();
  }), { numRuns: 150 });
});
