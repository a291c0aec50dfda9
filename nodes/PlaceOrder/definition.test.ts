import type { Envelope } from '../../runtime/domain/envelope';
import { instrumentKey } from '../../runtime/domain/market';
import { emitted, only, tradingWorld, WIDE, type TradingWorld } from '../../tests/doubles/tradingWorld';
import { MAX_LEGS } from './basket';
import { placeOrder } from './definition';

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld(WIDE);
});
afterEach(() => world.close());

const place = (values: object, item: Envelope, signalId = 's1') => world.run(placeOrder, { ...values }, item, { signalId });
const BUY: Envelope = { symbol: 'SBIN', action: 'BUY', quantity: 10 };
const held = async (): Promise<readonly unknown[]> => (await world.runtime.store.positions({ openOnly: true })).map(({ instrument, quantity }) => [instrument, quantity]);

describe('a single order', () => {
  test('is filled on paper and leaves through Placed with what became of it; unknown keys pass', async () => {
    const { port, item } = only(await place({}, { ...BUY, note: 'mine' }));
    expect(port).toBe('placed');
    expect(item).toMatchObject({ note: 'mine', exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, order: { status: 'FILLED', filledQuantity: 10, averagePrice: 800.05, product: 'MIS', orderType: 'MARKET' } });
    expect(item).not.toHaveProperty('denial');
    expect(await held()).toEqual([['NSE:SBIN', 10]]);
  });

  test('the node\'s own values go before the item\'s', async () => {
    const { item } = only(await place({ symbol: 'TCS', action: 'SELL', quantity: 3, product: 'MIS', orderType: 'LIMIT', limitPrice: 3_000 }, { ...BUY, product: 'CNC' }));
    expect(item.order).toMatchObject({ symbol: 'TCS', action: 'SELL', quantity: 3, product: 'MIS', orderType: 'LIMIT' });
  });

  test('the order tells itself in one line, whether it was filled or waits', async () => {
    expect(only(await place({}, BUY)).item.order?.text).toBe('BUY 10 SBIN at 800.05: FILLED');
    expect(only(await place({}, { ...BUY, orderType: 'LIMIT', limitPrice: 790.02 }, 's2')).item.order?.text).toBe('BUY 10 SBIN waits at 790.05 (OPEN)');
    expect(only(await place({}, { ...BUY, orderType: 'SL', triggerPrice: 810, limitPrice: 812 }, 's3')).item.order?.text).toBe('BUY 10 SBIN waits at 810 (TRIGGER_PENDING)');
  });

  test('what a gate has blocked is not placed, wherever it was wired from', async () => {
    const decision = { approved: false, rule: 'max position', message: 'The position would be 1,001.' };
    expect(only(await place({}, { ...BUY, decision }))).toMatchObject({ port: 'rejected', item: { denial: { code: 'BLOCKED_BY_GATE' } } });
    expect(await held()).toEqual([]);
  });

  test('a value of the item that the node\'s own replaces can not stop it', async () => {
    const item: Record<string, unknown> = { symbol: 'SBIN', action: 'long', quantity: 'ten' };
    expect(only(await place({ action: 'BUY', quantity: 2 }, item)).item.order).toMatchObject({ status: 'FILLED', quantity: 2 });
    expect(only(await place({ action: 'BUY' }, item, 's2'))).toMatchObject({ port: 'rejected', item: { denial: { code: 'INVALID_FIELD', field: 'quantity' } } });
  });

  test.each<[string, Envelope, object]>([
    ['no symbol', { action: 'BUY', quantity: 1 }, { code: 'MISSING_FIELD', field: 'symbol' }],
    ['a symbol that is none', { ...BUY, symbol: 'NOSUCHSHARE' }, { code: 'UNKNOWN_SYMBOL' }],
    ['an index', { ...BUY, exchange: 'NSE_INDEX', symbol: 'NIFTY' }, { code: 'NOT_TRADABLE' }],
    ['a share that has no price', { ...BUY, symbol: 'INFY' }, { code: 'NO_PRICE', rule: 'price present' }],
    ['nothing that says how much', { symbol: 'SBIN', action: 'BUY' }, { code: 'NO_SIZE' }],
    ['what the broker rejects', { ...BUY, product: 'NRML' }, { code: 'ORDER_REJECTED', field: 'product' }],
  ])('%s leaves through Rejected and says why', async (_name, item, denial) => {
    const emission = only(await place({}, item));
    expect(emission).toMatchObject({ port: 'rejected', item: { ...item, denial } });
    expect(await held()).toEqual([]);
  });

  test('a rejection of the broker shows the order as well', async () => {
    expect(only(await place({}, { ...BUY, product: 'NRML' })).item.order).toMatchObject({ status: 'REJECTED', filledQuantity: 0 });
  });

  test('the same signal again shows the first order and places none', async () => {
    const first = only(await place({}, BUY));
    const again = only(await place({}, { ...BUY, quantity: 500 }));
    expect(again.item.order).toEqual({ ...first.item.order, duplicate: true });
    expect(await world.runtime.store.orders()).toHaveLength(1);
  });

  test('limits of the gate before it tighten and never widen', async () => {
    const tight = only(await place({}, { ...BUY, decision: { approved: true, limits: { maxOrderQuantity: 9 } } }));
    expect(tight).toMatchObject({ port: 'rejected', item: { denial: { code: 'MAX_ORDER_QUANTITY', limit: 9, value: 10 } } });
    await world.close();
    world = await tradingWorld({ maxOrderQuantity: 5 });
    const wide = only(await place({}, { ...BUY, decision: { approved: true, limits: { maxOrderQuantity: 1e9, cooldownMs: 0 } } }));
    expect(wide).toMatchObject({ port: 'rejected', item: { denial: { code: 'MAX_ORDER_QUANTITY', limit: 5, value: 10 } } });
  });

  test('"skip held" leaves out a buy of what is held, not a sell', async () => {
    await place({}, BUY);
    expect(only(await place({}, { ...BUY, skipHeld: true }, 's2'))).toMatchObject({ port: 'rejected', item: { denial: { code: 'ALREADY_HELD' } } });
    expect(only(await place({}, { ...BUY, skipHeld: true, symbol: 'TCS' }, 's3')).port).toBe('placed');
    expect(only(await place({}, { ...BUY, skipHeld: true, action: 'SELL' }, 's4')).port).toBe('placed');
    expect(await held()).toEqual([['NSE:TCS', 10]]);
  });

  test('"skip held" looks at the whole account, whoever bought', async () => {
    await world.run(placeOrder, {}, BUY, { strategyId: 'other' });
    expect(only(await place({}, { ...BUY, skipHeld: true })).item.denial).toMatchObject({ code: 'ALREADY_HELD' });
  });
});

describe('a target position', () => {
  test('trades the difference, reverses, and is satisfied when it is reached', async () => {
    const target = async (quantity: number, signalId: string) => only(await place({ mode: 'target', targetQuantity: quantity }, { symbol: 'SBIN' }, signalId));
    expect((await target(30, 's1')).item.order).toMatchObject({ action: 'BUY', quantity: 30 });
    expect((await target(10, 's2')).item.order).toMatchObject({ action: 'SELL', quantity: 20 });
    expect((await target(-5, 's3')).item.order).toMatchObject({ action: 'SELL', quantity: 15 });
    const reached = await target(-5, 's4');
    expect(reached).toMatchObject({ port: 'placed', item: { satisfied: true } });
    expect(reached.item).not.toHaveProperty('order');
    expect((await target(0, 's5')).item.order).toMatchObject({ action: 'BUY', quantity: 5 });
    expect(await held()).toEqual([]);
  });

  test('comes from the item where the node names none; the node\'s own goes first', async () => {
    expect(only(await place({ mode: 'target' }, { symbol: 'SBIN', targetQuantity: 7 })).item.order).toMatchObject({ quantity: 7 });
    expect(only(await place({ mode: 'target', targetQuantity: 9 }, { symbol: 'SBIN', targetQuantity: 100 }, 's2')).item.order).toMatchObject({ action: 'BUY', quantity: 2 });
    expect(only(await place({}, { symbol: 'SBIN', action: 'BUY', targetQuantity: 20 }, 's3')).item.order).toMatchObject({ action: 'BUY', quantity: 11 });
  });

  test('that is named nowhere is refused, whatever quantity the item carries', async () => {
    expect(only(await place({ mode: 'target' }, BUY))).toMatchObject({ port: 'rejected', item: { denial: { code: 'MISSING_FIELD', field: 'targetQuantity' } } });
    expect(await held()).toEqual([]);
  });

  test.each([0.5, 1e300, -1e300])('of %p is refused as a value, and journalled', async (targetQuantity) => {
    expect(only(await place({ mode: 'target' }, { symbol: 'SBIN', targetQuantity })).item.denial).toMatchObject({ code: 'QUANTITY_INVALID' });
    expect(await world.runtime.store.intents()).toMatchObject([{ status: 'DENIED' }]);
  });
});

describe('a basket', () => {
  const legs = [{ symbol: 'SBIN', action: 'BUY', quantity: 5 }, { symbol: 'NOSUCHSHARE', action: 'BUY', quantity: 5 }, { symbol: 'TCS', action: 'SELL', quantity: 2 }] as const;

  test.each<[string, object, Envelope]>([['of the node', { legs }, {}], ['of the item', {}, { basket: legs }]])('%s gives every leg its own truthful result, in order', async (_name, values, item) => {
    const results = emitted(await place({ mode: 'basket', ...values }, item));
    expect(results).toMatchObject([
      { port: 'placed', item: { symbol: 'SBIN', order: { status: 'FILLED', quantity: 5 } } },
      { port: 'rejected', item: { symbol: 'NOSUCHSHARE', denial: { code: 'UNKNOWN_SYMBOL' } } },
      { port: 'placed', item: { symbol: 'TCS', order: { status: 'FILLED', action: 'SELL' } } },
    ]);
    expect(results[0]?.item).not.toHaveProperty('denial');
    expect(results[2]?.item).not.toHaveProperty('denial');
    expect(results[1]?.item).not.toHaveProperty('order');
    expect(await held()).toEqual([['NSE:SBIN', 5], ['NSE:TCS', -2]]);
  });

  test('a leg that the router refuses does not shift the results of the others', async () => {
    world.market.forget(instrumentKey('NSE', 'TCS'));
    const results = emitted(await place({ mode: 'basket' }, { basket: [legs[1], legs[2], legs[0]] }));
    expect(results).toMatchObject([
      { port: 'rejected', item: { symbol: 'NOSUCHSHARE', denial: { code: 'UNKNOWN_SYMBOL' } } },
      { port: 'rejected', item: { symbol: 'TCS', denial: { code: 'NO_PRICE' } } },
      { port: 'placed', item: { symbol: 'SBIN', order: { symbol: 'SBIN', status: 'FILLED' } } },
    ]);
  });

  test('in which nothing can be placed rejects every leg', async () => {
    const results = emitted(await place({ mode: 'basket' }, { basket: [legs[1], { ...legs[1], symbol: 'NORTHISONE' }] }));
    expect(results.map(({ port, item }) => [port, item.symbol])).toEqual([['rejected', 'NOSUCHSHARE'], ['rejected', 'NORTHISONE']]);
  });

  test('twice the same leg is two orders, and the same signal again is none', async () => {
    const item: Envelope = { basket: [legs[0], legs[0]] };
    await place({ mode: 'basket' }, item);
    const again = emitted(await place({ mode: 'basket' }, item));
    expect(again.every((emission) => emission.item.order?.duplicate === true)).toBe(true);
    expect(await held()).toEqual([['NSE:SBIN', 10]]);
  });

  test('the node\'s legs go before the item\'s; what is common comes from the item', async () => {
    const results = emitted(await place({ mode: 'basket', legs: [legs[0]] }, { basket: legs, product: 'CNC' }));
    expect(results).toMatchObject([{ port: 'placed', item: { symbol: 'SBIN', order: { product: 'CNC' } } }]);
  });

  test.each([[0, 'MISSING_FIELD'], [MAX_LEGS + 1, 'TOO_MANY_SYMBOLS']])('of %i legs is refused whole', async (count, code) => {
    const basket = Array.from({ length: count }, () => legs[0]);
    expect(only(await place({ mode: 'basket' }, { basket }))).toMatchObject({ port: 'rejected', item: { denial: { code, field: 'legs' } } });
    expect(await world.runtime.store.intents()).toMatchObject([{ status: 'DENIED', denial: { code } }]);
  });

  test(`of ${MAX_LEGS} legs is placed whole`, async () => {
    const results = emitted(await place({ mode: 'basket' }, { basket: Array.from({ length: MAX_LEGS }, () => legs[0]) }));
    expect(results.map(({ port }) => port)).toEqual(Array.from({ length: MAX_LEGS }, () => 'placed'));
    expect(await held()).toEqual([['NSE:SBIN', 5 * MAX_LEGS]]);
  });
});

describe('a basket with a policy', () => {
  const buy = (symbol: string, quantity = 5): Envelope => ({ symbol, action: 'BUY', quantity });
  const sell = (symbol: string, quantity = 2): Envelope => ({ symbol, action: 'SELL', quantity });
  const portsOf = (results: readonly { readonly port: string; readonly item: Envelope }[]): readonly unknown[] => results.map(({ port, item }) => [port, item.symbol, item.denial?.code]);

  test('"stop" sends nothing after the first leg that fails', async () => {
    world.market.forget(instrumentKey('NSE', 'TCS'));
    const basket = [buy('SBIN'), buy('TCS'), buy('SBIN', 3)];
    expect(portsOf(emitted(await place({ mode: 'basket', onLegFailure: 'stop' }, { basket })))).toEqual([['placed', 'SBIN', undefined], ['rejected', 'TCS', 'NO_PRICE'], ['rejected', 'SBIN', 'BASKET_STOPPED']]);
    expect(await held()).toEqual([['NSE:SBIN', 5]]);
  });

  test('"take back" closes what was filled, once, and says so at each leg', async () => {
    world.market.forget(instrumentKey('NSE', 'TCS'));
    const run = () => place({ mode: 'basket', onLegFailure: 'unwind' }, { basket: [buy('SBIN'), buy('TCS')] });
    const [first, second] = emitted(await run());
    expect(first).toMatchObject({ port: 'rejected', item: { symbol: 'SBIN', denial: { code: 'BASKET_STOPPED' }, order: { status: 'FILLED', quantity: 5 }, unwound: [{ action: 'SELL', quantity: 5, status: 'FILLED' }] } });
    expect(second).toMatchObject({ port: 'rejected', item: { symbol: 'TCS', denial: { code: 'NO_PRICE' } } });
    expect(await held()).toEqual([]);
    await run();
    expect(await world.runtime.store.orders()).toHaveLength(2);
  });

  test('a leg that can not even be asked for keeps the whole basket back, unless the others shall go on', async () => {
    const basket = [buy('SBIN'), buy('NOSUCHSHARE')];
    expect(portsOf(emitted(await place({ mode: 'basket', onLegFailure: 'stop' }, { basket })))).toEqual([['rejected', 'SBIN', 'BASKET_STOPPED'], ['rejected', 'NOSUCHSHARE', 'UNKNOWN_SYMBOL']]);
    expect(await held()).toEqual([]);
  });

  test('"hedge first" buys before it sells, and results stay in the order of the legs', async () => {
    const results = emitted(await place({ mode: 'basket', hedgeFirst: true }, { basket: [sell('TCS'), buy('SBIN')] }));
    expect(portsOf(results)).toEqual([['placed', 'TCS', undefined], ['placed', 'SBIN', undefined]]);
    expect((await world.runtime.store.orders()).map(({ action }) => action).reverse()).toEqual(['BUY', 'SELL']);
  });

  test('"hedge first" sells nothing while the hedge has not filled', async () => {
    const hedge: Envelope = { ...buy('SBIN'), orderType: 'LIMIT', limitPrice: 790 };
    expect(portsOf(emitted(await place({ mode: 'basket', hedgeFirst: true }, { basket: [sell('TCS'), hedge] })))).toEqual([['rejected', 'TCS', 'BASKET_STOPPED'], ['placed', 'SBIN', undefined]]);
    expect(await held()).toEqual([]);
  });
});

describe('an order in slices', () => {
  test('is one item with every slice, and the same signal again places none', async () => {
    const { port, item } = only(await place({ sliceQuantity: 4 }, BUY));
    expect([port, item.quantity, item.order]).toMatchObject(['placed', 10, { quantity: 2, status: 'FILLED' }]);
    expect(item).toMatchObject({ orders: [{ quantity: 4 }, { quantity: 4 }, { quantity: 2 }] });
    expect(only(await place({ sliceQuantity: 4 }, BUY)).item).toMatchObject({ orders: [{ duplicate: true }, { duplicate: true }, { duplicate: true }] });
    expect(await held()).toEqual([['NSE:SBIN', 10]]);
  });

  test('above what the account lets one order hold is refused whole', async () => {
    await world.close();
    world = await tradingWorld({ ...WIDE, maxOrderQuantity: 9 });
    expect(only(await place({ sliceQuantity: 4 }, BUY))).toMatchObject({ port: 'rejected', item: { denial: { code: 'MAX_ORDER_QUANTITY', limit: 9, value: 10 } } });
    expect(await held()).toEqual([]);
  });

  test('that fails on its way shows what was placed, and why the rest was not', async () => {
    await world.close();
    world = await tradingWorld({ ...WIDE, maxDailyOrders: 2 });
    const results = emitted(await place({ sliceQuantity: 4 }, BUY));
    expect(results).toMatchObject([{ port: 'placed', item: { quantity: 8, orders: [{ quantity: 4 }, { quantity: 4 }] } }, { port: 'rejected', item: { denial: { code: 'MAX_DAILY_ORDERS' } } }]);
    expect(await held()).toEqual([['NSE:SBIN', 8]]);
  });

  test('a target is reached slice by slice', async () => {
    expect(only(await place({ mode: 'target', targetQuantity: -7, sliceQuantity: 3 }, { symbol: 'SBIN' })).item).toMatchObject({ orders: [{ quantity: 3 }, { quantity: 3 }, { quantity: 1 }] });
    expect(await held()).toEqual([['NSE:SBIN', -7]]);
  });

  test('that takes too many is refused before anything is sent', async () => {
    expect(only(await place({ sliceQuantity: 1 }, { ...BUY, quantity: 101 }))).toMatchObject({ port: 'rejected', item: { denial: { code: 'TOO_MANY_SLICES', limit: 100 } } });
    expect(await world.runtime.store.intents()).toMatchObject([{ status: 'DENIED', denial: { code: 'TOO_MANY_SLICES' } }]);
  });
});

describe('orders that rest', () => {
  const LIMIT: Envelope = { ...BUY, orderType: 'LIMIT', limitPrice: 790 };
  const resting = async (signalId: string, item: Envelope = LIMIT): Promise<Envelope> => only(await place({}, item, signalId)).item;
  const statuses = async (): Promise<readonly unknown[]> => (await world.runtime.store.orders()).map(({ status, quantity, limitPrice }) => [status, quantity, limitPrice]).reverse();

  test('the one of the item is cancelled, and a repeat says the same', async () => {
    const item = await resting('s1');
    await resting('s2');
    expect(only(await place({ mode: 'cancel' }, item, 's3'))).toMatchObject({ port: 'placed', item: { order: { id: item.order?.id, status: 'CANCELLED' } } });
    expect(only(await place({ mode: 'cancel' }, item, 's3'))).toMatchObject({ port: 'placed', item: { order: { status: 'CANCELLED' } } });
    expect((await statuses()).map((row) => Array.isArray(row) && row[0] === 'CANCELLED')).toEqual([true, false]);
  });

  test('without one it is the newest of the strategy in the symbol; a repeat does not go on to the next', async () => {
    await resting('s1');
    await resting('s2');
    await world.run(placeOrder, {}, LIMIT, { signalId: 's9', strategyId: 'other' });
    const again = [await place({ mode: 'cancel' }, { symbol: 'SBIN' }, 's3'), await place({ mode: 'cancel' }, { symbol: 'SBIN' }, 's3')];
    expect(again.map((result) => only(result).port)).toEqual(['placed', 'placed']);
    expect((await world.runtime.store.openOrders()).map(({ signalId }) => signalId)).toEqual(['s1', 's9']);
  });

  test.each<[string, object, Envelope, object]>([
    ['an order of another strategy', { mode: 'cancel' }, {}, { code: 'NOT_FOUND', field: 'orderId' }],
    ['a symbol without an order', { mode: 'cancel', symbol: 'TCS' }, {}, { code: 'NOT_FOUND', field: 'symbol' }],
    ['nothing that names one', { mode: 'cancel' }, { order: undefined, symbol: undefined }, { code: 'MISSING_FIELD', field: 'orderId' }],
    ['a change of nothing', { mode: 'modify' }, { quantity: undefined, limitPrice: undefined }, { code: 'MISSING_FIELD' }],
    ['a price below zero', { mode: 'modify' }, { limitPrice: -1 }, { code: 'INVALID_FIELD', field: 'limitPrice' }],
    ['a larger quantity', { mode: 'modify', quantity: 11 }, { who: 'demo' }, { code: 'QUANTITY_INVALID', limit: 10, value: 11 }],
    ['a trigger for a limit order', { mode: 'modify', triggerPrice: 780 }, { who: 'demo' }, { code: 'INVALID_PARAMETER', field: 'triggerPrice' }],
  ])('%s is refused and says why', async (_name, values, changes, denial) => {
    const item = await resting('s1');
    const result = await world.run(placeOrder, { ...values }, { ...item, ...changes }, { signalId: 's2', strategyId: 'who' in changes ? 'demo' : 'other' });
    expect(only(result)).toMatchObject({ port: 'rejected', item: { denial } });
    expect(await statuses()).toEqual([['OPEN', 10, 7_900_000]]);
  });

  test('one gets a new price, rounded to the tick; the order that stands for it now is in the item', async () => {
    const item = await resting('s1');
    const changed = only(await place({ mode: 'modify', limitPrice: 795.03, quantity: 6 }, item, 's2'));
    expect(changed).toMatchObject({ port: 'placed', item: { order: { status: 'OPEN', quantity: 6 } } });
    const open = await world.runtime.store.openOrders();
    expect(open.map(({ quantity, limitPrice }) => [quantity, limitPrice])).toEqual([[6, 7_950_500]]);
  });

  test('all of a strategy, or of the account, are cancelled, whatever the item holds', async () => {
    await resting('s1');
    await world.run(placeOrder, {}, LIMIT, { signalId: 's9', strategyId: 'other' });
    const broken: Envelope = { symbol: 'SBIN' };
    Object.assign(broken, { quantity: 'ten' });
    expect(only(await place({ mode: 'cancelAll' }, broken, 's2'))).toMatchObject({ port: 'placed', item: { cancelledOrders: 1, failedCancellations: [] } });
    expect(only(await place({ mode: 'cancelAll', scope: 'account' }, {}, 's3')).item).toMatchObject({ cancelledOrders: 1 });
    expect(await world.runtime.store.openOrders()).toEqual([]);
  });
});

describe('re-entry', () => {
  const AGAIN = { reEntryGroup: 'dip', maxReEntries: 1, reEntryCooldownMinutes: 0 };

  test('entries of a group are counted, also under target; exits and orders without a group are not', async () => {
    expect(only(await place(AGAIN, BUY)).port).toBe('placed');
    expect(only(await place({ ...AGAIN, mode: 'target', targetQuantity: 0 }, { symbol: 'SBIN' }, 's2')).port).toBe('placed');
    expect(only(await place(AGAIN, BUY, 's3')).port).toBe('placed');
    expect(only(await place(AGAIN, BUY, 's4'))).toMatchObject({ port: 'rejected', item: { denial: { code: 'RE_ENTRY_LIMIT', limit: 1, value: 2 } } });
    expect(only(await place({}, BUY, 's5')).port).toBe('placed');
    expect(only(await place({ ...AGAIN, reEntryGroup: 'other' }, BUY, 's6')).port).toBe('placed');
    expect(only(await place({ ...AGAIN, mode: 'target', targetQuantity: 0 }, { symbol: 'SBIN' }, 's7')).port).toBe('placed');
  });

  test('slices of one order are one entry', async () => {
    const sliced = { ...AGAIN, sliceQuantity: 4, maxReEntries: 0 };
    expect(only(await place(sliced, BUY)).item).toMatchObject({ orders: [{ quantity: 4 }, { quantity: 4 }, { quantity: 2 }] });
    expect(only(await place(sliced, BUY, 's2'))).toMatchObject({ port: 'rejected', item: { denial: { code: 'RE_ENTRY_LIMIT' } } });
  });

  test.each<[string, object, string]>([
    ['a return at cost without a stop', { ...AGAIN, reEntryAtCost: true }, 'stop'],
    ['a return at cost without a group', { reEntryAtCost: true, stop: '1%' }, 'reEntryGroup'],
  ])('%s is refused and says what is missing', async (_name, values, field) => {
    expect(only(await place(values, BUY))).toMatchObject({ port: 'rejected', item: { denial: { code: 'MISSING_FIELD', field } } });
    expect(await held()).toEqual([]);
  });
});
