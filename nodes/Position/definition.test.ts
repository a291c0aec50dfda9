import type { Envelope } from '../../runtime/domain/envelope';
import { instrumentKey } from '../../runtime/domain/market';
import { emitted, only, raised, tradingWorld, WIDE, type TradingWorld } from '../../tests/doubles/tradingWorld';
import { placeOrder } from '../PlaceOrder/definition';
import { position } from './definition';

let world: TradingWorld;
let signals = 0;
beforeEach(async () => {
  signals = 0;
  world = await tradingWorld(WIDE);
});
afterEach(() => world.close());

const node = (values: object, item: Envelope = {}, signalId = 'p1') => world.run(position, { ...values }, item, { nodeKey: 'position', signalId });
const state = async () => (await world.runtime.store.positions({ openOnly: true })).map(({ strategyId, instrument, product, quantity }) => [strategyId, instrument, product, quantity]);

async function hold(symbol: string, quantity: number, changes: { strategyId?: string; product?: 'MIS' | 'CNC' | 'NRML'; exchange?: 'NFO' } = {}): Promise<void> {
  const { strategyId = 'demo', ...item } = changes;
  const placed = emitted(await world.run(placeOrder, {}, { ...item, symbol, action: quantity > 0 ? 'BUY' : 'SELL', quantity: Math.abs(quantity) }, { strategyId, signalId: `h${++signals}` }));
  expect(placed).toMatchObject([{ port: 'placed', item: { order: { status: 'FILLED' } } }]);
}

describe('get', () => {
  test('gives one figure over products, marked to the market', async () => {
    await hold('SBIN', 10);
    await hold('SBIN', 5, { product: 'CNC' });
    world.quote('SBIN', 810);
    const { item } = only(await node({ symbol: 'SBIN' }, { note: 'mine' }));
    expect(item).toMatchObject({ note: 'mine', exchange: 'NSE', symbol: 'SBIN', position: { quantity: 15, lastPrice: 810, realisedPnl: 0 }, positions: [{ product: 'CNC', quantity: 5 }, { product: 'MIS', quantity: 10 }] });
    expect(item).toHaveProperty('position.unrealisedPnl', 149.25);
    expect(item).not.toHaveProperty('position.averagePrice');
  });

  test('gives the average price of a single position; charges count', async () => {
    await hold('SBIN', 10);
    const { item } = only(await node({}, { symbol: 'SBIN' }));
    expect(item).toMatchObject({ position: { quantity: 10, averagePrice: 800.05, unrealisedPnl: -0.5 } });
    expect(item).toHaveProperty('position.charges', expect.any(Number));
    expect(Number(Reflect.get(Object(item['position']), 'charges'))).toBeGreaterThan(0);
  });

  test('a flat symbol is flat, an unknown one is raised', async () => {
    expect(only(await node({ symbol: 'TCS' })).item).toMatchObject({ position: { quantity: 0, unrealisedPnl: 0 }, positions: [] });
    expect(raised(await node({ symbol: 'NOSUCHSHARE' }))).toMatchObject({ code: 'UNKNOWN_SYMBOL' });
  });

  test('looks at its own strategy, or at the account', async () => {
    await hold('SBIN', 10, { strategyId: 'other' });
    expect(only(await node({ symbol: 'SBIN' })).item).toMatchObject({ position: { quantity: 0 } });
    expect(only(await node({ symbol: 'SBIN', scope: 'account' })).item).toMatchObject({ position: { quantity: 10 } });
  });
});

test('list gives every open position of its scope, also without any price', async () => {
  await hold('SBIN', 10);
  await hold('TCS', -2, { strategyId: 'other' });
  jest.spyOn(world.market, 'quote').mockRejectedValue(new Error('the feed is down'));
  const own = only(await node({ operation: 'list' })).item;
  expect(own['positions']).toMatchObject([{ symbol: 'SBIN', quantity: 10 }]);
  expect(own).not.toHaveProperty('positions.0.lastPrice');
  expect(only(await node({ operation: 'list', scope: 'account' })).item['positions']).toMatchObject([{ symbol: 'SBIN' }, { symbol: 'TCS', quantity: -2 }]);
});

describe('close', () => {
  test('closes both products of one symbol, and nothing else', async () => {
    await hold('SBIN', 10);
    await hold('SBIN', 5, { product: 'CNC' });
    await hold('TCS', 2);
    const { item } = only(await node({ operation: 'close', symbol: 'SBIN' }));
    expect(item).toMatchObject({ closedCount: 2, failedCount: 0, closings: [{ symbol: 'SBIN', status: 'closing', order: { product: 'CNC', quantity: 5 } }, { status: 'closing', order: { product: 'MIS', quantity: 10 } }] });
    expect(await state()).toEqual([['demo', 'NSE:TCS', 'MIS', 2]]);
  });

  test('never goes through zero, however much is asked for and however often', async () => {
    await hold('SBIN', -10);
    const close = { operation: 'close', symbol: 'SBIN', quantity: 500 };
    await Promise.all(['p1', 'p1', 'p2', 'p3', 'p4'].map((signalId) => node(close, {}, signalId)));
    expect(await state()).toEqual([]);
    const exits = (await world.runtime.store.orders({ nodeKey: 'position' })).map(({ action, quantity }) => [action, quantity]);
    expect(exits).toEqual([['BUY', 10]]);
  });

  test('closes at most the quantity given, over all positions in the symbol', async () => {
    await hold('SBIN', 10);
    await hold('SBIN', 5, { product: 'CNC' });
    await node({ operation: 'close', symbol: 'SBIN', quantity: 7 });
    expect(await state()).toEqual([['demo', 'NSE:SBIN', 'MIS', 8]]);
  });

  test('the same signal again closes nothing more', async () => {
    await hold('SBIN', 10);
    const close = { operation: 'close', symbol: 'SBIN', quantity: 4 };
    const first = only(await node(close));
    expect(only(await node(close)).item).toMatchObject({ closings: [{ order: { duplicate: true } }] });
    expect(first.item).toMatchObject({ closings: [{ order: { quantity: 4 } }] });
    expect(await state()).toEqual([['demo', 'NSE:SBIN', 'MIS', 6]]);
  });

  test('what rests as an exit is taken back, and all of it is closed', async () => {
    await hold('SBIN', 10);
    await world.run(placeOrder, {}, { symbol: 'SBIN', action: 'SELL', quantity: 6, orderType: 'LIMIT', limitPrice: 820 }, { signalId: 'target' });
    await node({ operation: 'close', symbol: 'SBIN' });
    expect(await state()).toEqual([]);
    expect(await world.runtime.store.openOrders()).toEqual([]);
  });

  test('what rests stays where the close would be refused anyway', async () => {
    await hold('SBIN', 10);
    await world.run(placeOrder, {}, { symbol: 'SBIN', action: 'SELL', quantity: 6, orderType: 'LIMIT', limitPrice: 820 }, { signalId: 'target' });
    world.clock.advance(12 * 3_600_000);
    expect(raised(await node({ operation: 'close', symbol: 'SBIN' }))).toMatchObject({ code: 'MARKET_CLOSED' });
    expect(await world.runtime.store.openOrders()).toHaveLength(1);
  });

  test('following the market: a limit order at the best price', async () => {
    await hold('SBIN', 10);
    expect(only(await node({ operation: 'close', symbol: 'SBIN', chase: true })).item).toMatchObject({ closings: [{ status: 'closing', order: { orderType: 'LIMIT', quantity: 10, status: 'FILLED' } }] });
    expect(await state()).toEqual([]);
  });

  test('only the product that is named', async () => {
    await hold('SBIN', 10);
    await hold('SBIN', 5, { product: 'CNC' });
    await node({ operation: 'close', symbol: 'SBIN', product: 'MIS' });
    expect(await state()).toEqual([['demo', 'NSE:SBIN', 'CNC', 5]]);
  });

  test('nothing held is no error; what is refused is raised', async () => {
    expect(only(await node({ operation: 'close', symbol: 'SBIN' })).item).toMatchObject({ closings: [], closedCount: 0 });
    await hold('SBIN', 10);
    world.clock.advance(12 * 3_600_000);
    expect(raised(await node({ operation: 'close', symbol: 'SBIN' }))).toMatchObject({ code: 'MARKET_CLOSED', rule: 'market hours' });
    expect(await state()).toHaveLength(1);
  });

  test('one refused among several is raised, and the others have closed', async () => {
    await hold('SBIN', 10);
    world.clock.advance(12 * 3_600_000);
    await node({ operation: 'close', symbol: 'SBIN' });
    world.clock.advance(-12 * 3_600_000);
    await hold('SBIN', 5, { product: 'CNC' });
    expect(raised(await node({ operation: 'close', symbol: 'SBIN' }))).toMatchObject({ code: 'MARKET_CLOSED' });
    expect(await state()).toEqual([['demo', 'NSE:SBIN', 'MIS', 10]]);
  });

  test('a position above the freeze quantity closes in orders that respect it', async () => {
    const [symbol, exchange] = ['BANKNIFTY29DEC26FUT', 'NFO'] as const;
    await world.close();
    world = await tradingWorld(WIDE, { capital: 1e9 });
    world.quote(`NFO:${symbol}`, 50_000);
    await hold(symbol, 600, { exchange, product: 'NRML' });
    await hold(symbol, 600, { exchange, product: 'NRML' });
    await hold(symbol, 300, { exchange, product: 'NRML' });
    const { item } = only(await node({ operation: 'close', symbol, exchange }));
    expect(item).toMatchObject({ closedCount: 1, closings: [{ status: 'closing', orders: [{ quantity: 600 }, { quantity: 600 }, { quantity: 300 }] }] });
    expect(await state()).toEqual([]);
    const placed = (await world.runtime.store.orders({ nodeKey: 'position' })).length;
    await node({ operation: 'close', symbol, exchange });
    expect(await world.runtime.store.orders({ nodeKey: 'position' })).toHaveLength(placed);
  });

  test('a whole number of freeze quantities leaves no trace of one order too many', async () => {
    const [symbol, exchange] = ['BANKNIFTY29DEC26FUT', 'NFO'] as const;
    await world.close();
    world = await tradingWorld(WIDE, { capital: 1e9 });
    world.quote(`NFO:${symbol}`, 50_000);
    await hold(symbol, -600, { exchange, product: 'NRML' });
    await hold(symbol, -600, { exchange, product: 'NRML' });
    expect(only(await node({ operation: 'close', symbol, exchange })).item).toMatchObject({ failedCount: 0, closings: [{ status: 'closing', orders: [{ quantity: 600 }, { quantity: 600 }] }] });
    expect(await state()).toEqual([]);
  });
});

describe('close all', () => {
  beforeEach(async () => {
    await hold('SBIN', 10);
    await hold('SBIN', 5, { product: 'CNC' });
    await hold('TCS', -2, { strategyId: 'other' });
  });

  test('closes its strategy\'s positions and books them there', async () => {
    expect(only(await node({ operation: 'closeAll' })).item).toMatchObject({ closedCount: 2 });
    expect(await state()).toEqual([['other', 'NSE:TCS', 'MIS', -2]]);
  });

  test('of the account closes every strategy\'s, each in its own ledger', async () => {
    expect(only(await node({ operation: 'closeAll', scope: 'account' })).item).toMatchObject({ closedCount: 3, failedCount: 0 });
    expect(await world.runtime.store.positions()).toMatchObject([{ strategyId: 'demo', quantity: 0 }, { strategyId: 'demo', quantity: 0 }, { strategyId: 'other', quantity: 0 }]);
  });

  test('cancels what rests first, so that an open exit does not keep its share back', async () => {
    await world.run(placeOrder, {}, { symbol: 'SBIN', action: 'SELL', quantity: 6, orderType: 'LIMIT', limitPrice: 820 }, { signalId: 'target' });
    expect(only(await node({ operation: 'closeAll', scope: 'account' })).item).toMatchObject({ cancelledOrders: 1, failedCancellations: [], closedCount: 3 });
    expect(await state()).toEqual([]);
  });

  test('of one strategy leaves what rests for another one, its stops above all', async () => {
    const stop = { symbol: 'TCS', action: 'BUY', quantity: 2, orderType: 'SL-M', triggerPrice: 3_060 } as const;
    await world.run(placeOrder, {}, stop, { strategyId: 'other', signalId: 'stop' });
    await world.run(placeOrder, {}, { symbol: 'SBIN', action: 'SELL', quantity: 6, orderType: 'LIMIT', limitPrice: 820 }, { signalId: 'target' });
    expect(only(await node({ operation: 'closeAll' })).item).toMatchObject({ cancelledOrders: 1, closedCount: 2 });
    expect(await world.runtime.store.openOrders()).toMatchObject([{ strategyId: 'other', orderType: 'SL-M' }]);
  });

  test('leaves resting orders when told so', async () => {
    await world.run(placeOrder, {}, { symbol: 'SBIN', action: 'SELL', quantity: 6, orderType: 'LIMIT', limitPrice: 820 }, { signalId: 'target' });
    const { item } = only(await node({ operation: 'closeAll', cancelOrders: false }));
    expect(item).not.toHaveProperty('cancelledOrders');
    expect(await state()).toEqual([['demo', 'NSE:SBIN', 'MIS', 6], ['other', 'NSE:TCS', 'MIS', -2]]);
  });

  test('a position that is refused is shown beside those that close; all refused is raised', async () => {
    world.market.forget(instrumentKey('NSE', 'TCS'));
    expect(only(await node({ operation: 'closeAll', scope: 'account' })).item).toMatchObject({ closedCount: 2, failedCount: 1, closings: [{ symbol: 'TCS', strategyId: 'other', status: 'refused', denial: { code: 'NO_PRICE' } }, {}, {}] });
    expect(raised(await node({ operation: 'closeAll', scope: 'account' }, {}, 'p2'))).toMatchObject({ code: 'NO_PRICE' });
  });

  test('shorts are bought back before what covers them is sold', async () => {
    const legs = [['NFO:NIFTY29DEC2625000PE', 65], ['NFO:NIFTY29DEC2625500PE', -65], ['NFO:NIFTY29DEC2626500CE', -65], ['NFO:NIFTY29DEC2627000CE', 65]] as const;
    for (const [name, quantity] of legs) {
      world.quote(name, 100);
      await hold(name.slice(4), quantity, { exchange: 'NFO', product: 'NRML' });
    }
    const { item } = only(await node({ operation: 'closeAll', scope: 'account' }));
    const closings = item['closings'] as readonly { readonly symbol: string; readonly order: { readonly action: string } }[];
    expect(closings.map(({ symbol, order }) => `${order.action} ${symbol}`)).toEqual(['BUY NIFTY29DEC2625500PE', 'BUY NIFTY29DEC2626500CE', 'BUY TCS', 'SELL SBIN', 'SELL SBIN', 'SELL NIFTY29DEC2625000PE', 'SELL NIFTY29DEC2627000CE']);
    expect(await state()).toEqual([]);
  });

  test('nothing in the item can stop it', async () => {
    const item: Record<string, unknown> = { symbol: 7, exchange: 'everywhere', note: 'mine' };
    expect(only(await node({ operation: 'closeAll', scope: 'account' }, item)).item).toMatchObject({ note: 'mine', closedCount: 3 });
  });
});
