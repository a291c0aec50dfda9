import { AllowedDirection, tighterDirection } from '../runtime/domain/direction';
import { Envelope } from '../runtime/domain/envelope';
import { emitted, NOW, only, tradingWorld, WIDE, type TradingWorld } from '../tests/doubles/tradingWorld';
import { placeOrder } from './PlaceOrder/definition';
import { riskGate } from './RiskGate/definition';

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld(WIDE);
});
afterEach(() => world.close());

const place = async (item: Record<string, unknown>, signalId: string, values: object = {}, strategyId = 'demo') => only(await world.run(placeOrder, { ...values }, item, { signalId, strategyId, nodeKey: 'order' }));
const gate = async (item: Record<string, unknown>, signalId: string, values: object = {}) => only(await world.run(riskGate, { ...values }, item, { signalId, nodeKey: 'gate' }));
/** The gate, and the order where it approves, as every flow has them. */
async function both(item: Record<string, unknown>, signalId: string, gateValues: object = {}, orderValues: object = {}) {
  const approved = await gate(item, signalId, gateValues);
  return approved.port === 'approved' ? place(approved.item, signalId, orderValues) : approved;
}
const held = async (strategyId = 'demo'): Promise<number> => (await world.runtime.store.positions({ strategyId })).reduce((sum, { quantity }) => sum + quantity, 0);
const refuseEntries = () => world.runtime.store.setKillSwitch({ account: 'paper', on: true, happenedAt: NOW, reason: 'test' });
const BUY: Envelope = { symbol: 'SBIN', action: 'BUY', quantity: 10 };
const LONG_ONLY = { direction: 'longOnly' };
const LIMIT = { orderType: 'LIMIT', limitPrice: 805 };

test('an item that says exit is one, in any case; what is no action is none', () => {
  expect(['exit', 'Close', 'flat', 'close_short', 'buy', 'SELL'].map((action) => Envelope.parse({ action }).action)).toEqual(['EXIT', 'EXIT', 'EXIT', 'EXIT_SHORT', 'BUY', 'SELL']);
  expect(Envelope.safeParse({ action: 'leave' }).success).toBe(false);
  expect(Envelope.parse({})).toEqual({});
});

describe('an exit by its word', () => {
  test.each(['EXIT', 'exit', 'CLOSE', 'flat', 'EXIT_LONG', 'close_long'])('%s closes all that is held, through gate and order', async (action) => {
    await place(BUY, 's1');
    expect(await both({ symbol: 'SBIN', action }, 's2')).toMatchObject({ port: 'placed', item: { action: 'SELL', quantity: 10, order: { status: 'FILLED', quantity: 10 } } });
    expect(await held()).toBe(0);
    expect((await world.runtime.store.orders())[0]).toMatchObject({ purpose: 'exit' });
  });

  test('a short is bought back', async () => {
    await place({ ...BUY, action: 'SELL' }, 's1');
    expect(await place({ symbol: 'SBIN', action: 'EXIT' }, 's2')).toMatchObject({ port: 'placed', item: { action: 'BUY', quantity: 10 } });
    expect(await held()).toBe(0);
  });

  test('after a refused entry there is nothing to close, and no short is opened', async () => {
    await refuseEntries();
    expect(await both(BUY, 's1')).toMatchObject({ port: 'blocked', item: { denial: { code: 'KILL_SWITCH' } } });
    expect(await both({ symbol: 'SBIN', action: 'EXIT', quantity: 10 }, 's2')).toMatchObject({ port: 'blocked', item: { denial: { code: 'NO_POSITION', remedy: expect.stringContaining('product') as string } } });
    expect(await place({ symbol: 'SBIN', action: 'EXIT', quantity: 10 }, 's3')).toMatchObject({ port: 'rejected', item: { denial: { code: 'NO_POSITION' } } });
    expect(await world.runtime.store.orders()).toEqual([]);
  });

  test('it is never larger than the position, and never through zero', async () => {
    await place({ ...BUY, quantity: 3 }, 's1');
    expect((await both({ symbol: 'SBIN', action: 'EXIT', quantity: 5 }, 's2')).item.order).toMatchObject({ action: 'SELL', quantity: 3 });
    expect(await held()).toBe(0);
  });

  test('with a quantity it closes at most that much', async () => {
    await place(BUY, 's1');
    expect((await both({ symbol: 'SBIN', action: 'EXIT', quantity: 4 }, 's2')).item.order).toMatchObject({ quantity: 4 });
    expect(await held()).toBe(6);
  });

  test('the size that a node sets is one of entries; that of an exit which the node itself asks for is its own', async () => {
    await place(BUY, 's1');
    expect((await place({ symbol: 'SBIN', action: 'EXIT' }, 's2', { action: 'EXIT', quantity: 2 })).item.order).toMatchObject({ quantity: 2 });
    expect((await both({ symbol: 'SBIN', action: 'EXIT' }, 's3', { quantity: 2, sizePercent: 1, defaultQuantity: 1 }, { quantity: 1 })).item.order).toMatchObject({ quantity: 8 });
  });

  test.each([['EXIT_SHORT', 10], ['EXIT_LONG', -10]])('%s leaves the other side, and what rests on it, alone', async (action, quantity) => {
    await place({ ...BUY, action: quantity > 0 ? 'BUY' : 'SELL' }, 's1');
    await place({ ...BUY, action: quantity > 0 ? 'SELL' : 'BUY', orderType: 'LIMIT', limitPrice: quantity > 0 ? 805 : 795 }, 's2');
    expect(await place({ symbol: 'SBIN', action }, 's3')).toMatchObject({ port: 'rejected', item: { denial: { code: 'NO_POSITION' } } });
    expect(await held()).toBe(quantity);
    expect(await world.runtime.store.openOrders('paper')).toHaveLength(1);
  });

  test('another strategy’s units, and those of another product, are not touched', async () => {
    await place(BUY, 's1', {}, 'other');
    await place({ ...BUY, product: 'CNC' }, 's2');
    expect(await place({ symbol: 'SBIN', action: 'EXIT' }, 's3')).toMatchObject({ port: 'rejected', item: { denial: { code: 'NO_POSITION', message: expect.stringContaining('MIS') as string } } });
    expect([await held('other'), await held()]).toEqual([10, 10]);
  });

  test('it passes where entries wait', async () => {
    await place(BUY, 's1');
    await refuseEntries();
    expect(await both({ symbol: 'SBIN', action: 'EXIT', schedule: { exitsOnly: true } }, 's2')).toMatchObject({ port: 'placed' });
    expect(await held()).toBe(0);
  });

  test('at market it takes back what rests in its way; at a price it rests beside it', async () => {
    await place(BUY, 's1');
    await place({ ...BUY, action: 'EXIT', quantity: 6, ...LIMIT }, 's2');
    expect(await place({ symbol: 'SBIN', action: 'EXIT', ...LIMIT }, 's3')).toMatchObject({ item: { order: { status: 'OPEN', quantity: 4 } } });
    expect(await world.runtime.store.openOrders('paper')).toHaveLength(2);
    expect(await both({ symbol: 'SBIN', action: 'EXIT' }, 's4')).toMatchObject({ port: 'placed', item: { order: { quantity: 10, status: 'FILLED' } } });
    expect(await world.runtime.store.openOrders('paper')).toEqual([]);
  });

  test('the same signal again meets the first order, at the gate as well', async () => {
    await place(BUY, 's1');
    const first = await both({ symbol: 'SBIN', action: 'EXIT' }, 's2');
    await place({ ...BUY, quantity: 7 }, 's3');
    expect(await both({ symbol: 'SBIN', action: 'EXIT' }, 's2')).toMatchObject({ port: 'placed', item: { order: { id: first.item.order?.id, duplicate: true } } });
    expect(await held()).toBe(7);
  });

  test('nothing of an entry stands in its way: no bracket, no group, no target', async () => {
    await place(BUY, 's1');
    const item = { symbol: 'SBIN', action: 'EXIT', targetQuantity: 50, stopLoss: 900 };
    expect(await place(item, 's2', { mode: 'target', targetQuantity: 20, stop: '1%', reEntryGroup: 'a', maxReEntries: 0 })).toMatchObject({ port: 'placed', item: { order: { action: 'SELL', quantity: 10 } } });
    expect(await world.runtime.store.protections.list({})).toEqual([]);
  });

  test('a leg of a basket may be one', async () => {
    await place(BUY, 's1');
    const legs = emitted(await world.run(placeOrder, { mode: 'basket' }, { basket: [{ symbol: 'SBIN', action: 'EXIT' }, { symbol: 'TCS', action: 'EXIT' }] }, { signalId: 's2', nodeKey: 'order' }));
    expect(legs).toMatchObject([{ port: 'placed', item: { order: { quantity: 10 } } }, { port: 'rejected', item: { symbol: 'TCS', denial: { code: 'NO_POSITION' } } }]);
  });

  test('part of a lot is no exit of a future, and more than lots is cut to them', async () => {
    const future = { exchange: 'NFO', symbol: 'NIFTY29DEC26FUT', product: 'NRML' };
    world.quote('NFO:NIFTY29DEC26FUT', 24_000);
    await place({ ...future, action: 'BUY', quantity: 130 }, 's1');
    expect(await place({ ...future, action: 'EXIT', quantity: 64 }, 's2')).toMatchObject({ item: { denial: { code: 'QUANTITY_ZERO' } } });
    expect((await place({ ...future, action: 'EXIT', quantity: 129 }, 's3')).item.order).toMatchObject({ quantity: 65 });
  });
});

describe('Long Only', () => {
  test('after a refused entry a sell opens no short, on the way through the gate or without one', async () => {
    await refuseEntries();
    await both(BUY, 's1', LONG_ONLY);
    await world.runtime.store.rearm({ account: 'paper', happenedAt: NOW });
    expect(await both({ ...BUY, action: 'SELL' }, 's2', LONG_ONLY)).toMatchObject({ port: 'blocked', item: { denial: { code: 'NO_POSITION' } } });
    expect(await place({ ...BUY, action: 'SELL' }, 's3', LONG_ONLY)).toMatchObject({ port: 'rejected', item: { denial: { code: 'NO_POSITION' } } });
    expect(await held()).toBe(0);
  });

  test('a sell closes at most its quantity, and never through zero', async () => {
    await place({ ...BUY, quantity: 8 }, 's1', LONG_ONLY);
    expect((await both({ ...BUY, action: 'SELL', quantity: 5 }, 's2', LONG_ONLY)).item.order).toMatchObject({ quantity: 5 });
    expect((await both({ ...BUY, action: 'SELL', quantity: 5 }, 's3', LONG_ONLY)).item.order).toMatchObject({ quantity: 3 });
    expect(await held()).toBe(0);
  });

  test('what a size of entries would make of a sell is not asked for: it closes all', async () => {
    await place(BUY, 's1');
    expect((await both({ symbol: 'SBIN', action: 'SELL' }, 's2', { ...LONG_ONLY, sizePercent: 1, defaultQuantity: 1 })).item.order).toMatchObject({ quantity: 10 });
  });

  test('the direction travels from the gate to the order, whatever is held by then', async () => {
    await place(BUY, 's1');
    const approved = await gate({ ...BUY, action: 'SELL' }, 's2', LONG_ONLY);
    expect(approved.item).toMatchObject({ action: 'SELL', quantity: 10, direction: 'longOnly' });
    await place({ symbol: 'SBIN', action: 'EXIT', quantity: 7 }, 's3');
    expect((await place(approved.item, 's2')).item.order).toMatchObject({ quantity: 3 });
    expect(await held()).toBe(0);
  });

  test('a direction in the item only tightens, and one that can not be read is refused', async () => {
    expect(await place({ ...BUY, direction: 'shortOnly' }, 's1', LONG_ONLY)).toMatchObject({ item: { denial: { code: 'NO_POSITION' } } });
    expect(await place({ ...BUY, direction: 'both', action: 'SELL' }, 's2', LONG_ONLY)).toMatchObject({ item: { denial: { code: 'NO_POSITION' } } });
    expect(await place({ ...BUY, direction: 'up' }, 's3', LONG_ONLY)).toMatchObject({ item: { denial: { code: 'INVALID_FIELD', field: 'direction' } } });
    expect(await world.runtime.store.orders()).toEqual([]);
  });

  test('a target never goes below zero, with what is pending counted', async () => {
    await place({ ...BUY, ...LIMIT, limitPrice: 790 }, 's1');
    expect(await both({ symbol: 'SBIN', targetQuantity: -10 }, 's2', LONG_ONLY, { mode: 'target' })).toMatchObject({ item: { denial: { code: 'NO_POSITION' } } });
    await place(BUY, 's3');
    expect((await both({ symbol: 'SBIN', targetQuantity: -10 }, 's4', LONG_ONLY, { mode: 'target' })).item.order).toMatchObject({ action: 'SELL', quantity: 10 });
    expect(await held()).toBe(0);
  });

  test('holds for every leg of a basket', async () => {
    const legs = emitted(await world.run(placeOrder, { mode: 'basket', ...LONG_ONLY }, { basket: [{ ...BUY, direction: 'both', action: 'SELL' }, { ...BUY, symbol: 'TCS' }] }, { signalId: 's2', nodeKey: 'order' }));
    expect(legs.map(({ port, item }) => [port, item.symbol])).toEqual([['rejected', 'SBIN'], ['placed', 'TCS']]);
  });

  test('entries are as before', async () => {
    expect((await both(BUY, 's1', LONG_ONLY)).item.order).toMatchObject({ action: 'BUY', quantity: 10 });
    expect((await world.runtime.store.orders())[0]).toMatchObject({ purpose: 'entry' });
  });
});

test('Short Only is the mirror', async () => {
  const shortOnly = { direction: 'shortOnly' };
  expect(await both(BUY, 's1', shortOnly)).toMatchObject({ port: 'blocked', item: { denial: { code: 'NO_POSITION' } } });
  expect((await both({ ...BUY, action: 'SELL' }, 's2', shortOnly)).item.order).toMatchObject({ action: 'SELL', quantity: 10 });
  expect((await both({ ...BUY, quantity: 25 }, 's3', shortOnly)).item.order).toMatchObject({ action: 'BUY', quantity: 10 });
  expect(await both({ symbol: 'SBIN', targetQuantity: 5 }, 's4', shortOnly, { mode: 'target' })).toMatchObject({ item: { denial: { code: 'NO_POSITION' } } });
});

test('Long and Short is as it was: a sell without a holding opens a short', async () => {
  expect((await both({ ...BUY, action: 'SELL' }, 's1')).item).toMatchObject({ order: { action: 'SELL', quantity: 10 } });
  expect(await held()).toBe(-10);
});

test('of two directions the tighter one holds; what contradict each other allow exits only', () => {
  const all = AllowedDirection.options;
  for (const one of all) {
    expect(tighterDirection(one, one)).toBe(one);
    for (const other of all) {
      expect(tighterDirection(one, other)).toBe(tighterDirection(other, one));
      if (other !== 'both') expect(['exitsOnly', other]).toContain(tighterDirection(one, other));
    }
  }
});
