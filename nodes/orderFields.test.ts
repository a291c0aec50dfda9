import fc from 'fast-check';
import { createCatalogue, isOnTick } from '../runtime/domain/instrument';
import { instrumentKey, type Instrument } from '../runtime/domain/market';
import { toMoney, ZERO_MONEY } from '../runtime/domain/money';
import type { Tradable } from '../runtime/domain/nodeContext';
import { fundsFor, OrderItem, orderRequest, requestView, wishOf, type OrderData, type OrderParams } from './orderFields';

const AT = Date.UTC(2026, 10, 20, 5, 30);
const SBIN: Instrument = { key: instrumentKey('NSE', 'SBIN'), exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 };
const FUTURE: Instrument = { ...SBIN, key: instrumentKey('NFO', 'NIFTY29DEC26FUT'), exchange: 'NFO', symbol: 'NIFTY29DEC26FUT', segment: 'future', base: 'NIFTY', lotSize: 65, tickSize: toMoney(0.1) };

/** 100,000 rupees free; a unit costs 800 and blocks 160. */
function dataFor(instrument: Instrument, changes: Partial<Tradable> = {}): OrderData {
  const quote = { instrument: instrument.key, bid: toMoney(799.95), ask: toMoney(800.05), last: toMoney(800), at: AT };
  return { tradable: { ok: true, value: { instrument, quote, marginPerUnit: toMoney(160), ...changes } }, funds: { available: toMoney(100_000), used: ZERO_MONEY } };
}

const request = (params: Partial<OrderParams>, item: OrderItem = {}, data = dataFor(SBIN)) => orderRequest(wishOf(params, item), data, 0);
const BUY = { symbol: 'SBIN', action: 'BUY' } as const;

describe('the broker is asked for the funds where the size depends on them, and nowhere else', () => {
  test.each<[string, OrderItem, 'funds' | 'none']>([
    ['a quantity', { quantity: 5 }, 'none'],
    ['a quantity beside a percent size, which it goes before', { quantity: 5, sizePercent: 10 }, 'none'],
    ['a target position', { targetQuantity: 0, sizePercent: 10 }, 'none'],
    ['a risk amount', { riskAmount: 500, stopLoss: 790 }, 'none'],
    ['a percent size', { sizePercent: 10 }, 'funds'],
  ])('%s', (_name, size, kind) => {
    const wish = wishOf({}, { ...BUY, ...size });
    expect(fundsFor([wish])).toEqual({ kind });
    expect(fundsFor([wishOf({}, { ...BUY, quantity: 1 }), wish])).toEqual({ kind });
    // What is not asked for is not missed.
    expect(orderRequest(wish, { ...dataFor(SBIN), funds: kind === 'funds' ? dataFor(SBIN).funds : undefined }, 0)).toMatchObject({ ok: true });
  });
});

test('a percent size of a sold option goes by the margin that it blocks, of a bought one by its price', () => {
  const call: Instrument = { ...FUTURE, key: instrumentKey('NFO', 'NIFTY29DEC2626000CE'), symbol: 'NIFTY29DEC2626000CE', segment: 'option', strike: toMoney(26_000), optionType: 'CE' };
  const data = dataFor(call, { marginPerUnit: toMoney(100), marginPerUnitSold: toMoney(300) });
  expect((['BUY', 'SELL'] as const).map((action) => request({ ...BUY, action }, { sizePercent: 50 }, data))).toMatchObject([{ value: { size: { quantity: 455 } } }, { value: { size: { quantity: 130 } } }]);
});

describe('an explicit parameter goes before the item, the item before the default', () => {
  const item: OrderItem = { exchange: 'BSE', symbol: 'TCS', action: 'SELL', product: 'CNC', orderType: 'SL', limitPrice: 1, triggerPrice: 2, stopLoss: 3 };
  const params: Omit<OrderParams, 'direction'> = { exchange: 'NFO', symbol: 'SBIN', action: 'BUY', product: 'NRML', orderType: 'LIMIT', limitPrice: 10, triggerPrice: 20, stopLoss: 30 };

  test.each(Object.entries(params))('%s', (name, value) => {
    expect(Reflect.get(wishOf(params, item), name)).toBe(value);
    expect(Reflect.get(wishOf({}, item), name)).toBe(Reflect.get(item, name));
  });

  test('defaults are NSE, MIS and MARKET; symbol and action have none', () => {
    expect(wishOf({}, {})).toMatchObject({ exchange: 'NSE', product: 'MIS', orderType: 'MARKET', symbol: '', action: undefined });
  });

  test.each<[string, Partial<OrderParams>]>([['quantity', { quantity: 5 }], ['sizePercent', { sizePercent: 5 }], ['riskAmount', { riskAmount: 5 }]])('a size set in the node (%s) replaces every size of the item', (_name, own) => {
    const wish = wishOf(own, { quantity: 9, sizePercent: 9, riskAmount: 9, targetQuantity: 9 });
    expect(wish).toMatchObject({ quantity: undefined, sizePercent: undefined, riskAmount: undefined, targetQuantity: undefined, ...own });
  });

  test('a default quantity alone leaves the item its own size', () => {
    expect(request({ ...BUY, defaultQuantity: 3 }, { quantity: 7 })).toMatchObject({ value: { size: { quantity: 7 } } });
    expect(request({ ...BUY, defaultQuantity: 3 })).toMatchObject({ value: { size: { quantity: 3 } } });
  });
});

describe('the first size that is given decides', () => {
  test.each<[string, OrderItem, number]>([
    ['a quantity', { quantity: 7, sizePercent: 10, riskAmount: 1_000, stopLoss: 790 }, 7],
    ['then a percentage of the free margin: 10 % of 100,000 over 160', { sizePercent: 10, riskAmount: 1_000, stopLoss: 790 }, 62],
    ['then a risk amount over the stop distance from the last price', { riskAmount: 1_000, stopLoss: 790 }, 100],
    ['a risk amount measures from the limit where there is one', { riskAmount: 1_000, stopLoss: 790, orderType: 'LIMIT', limitPrice: 795 }, 200],
    ['a stop above a short entry counts the same', { riskAmount: 1_000, stopLoss: 810 }, 100],
  ])('%s', (_name, item, quantity) => {
    expect(request(BUY, item)).toMatchObject({ ok: true, value: { size: { kind: 'fixed', action: 'BUY', quantity } } });
  });

  test('what is given is floored to the lot', () => {
    expect(request({}, { ...BUY, quantity: 199 }, dataFor(FUTURE))).toMatchObject({ value: { size: { quantity: 195 } } });
  });

  test('a target of the item wins over its sizes and needs no action', () => {
    expect(request({ symbol: 'SBIN' }, { targetQuantity: -10, quantity: 5 })).toMatchObject({ value: { size: { kind: 'target', quantity: -10 } } });
    expect(request({ symbol: 'SBIN' }, { targetQuantity: 0 })).toMatchObject({ value: { size: { kind: 'target', quantity: 0 } } });
  });

  test.each<{ name: string; code: string; field: string; item: OrderItem; data?: OrderData }>([
    { name: 'no size at all', code: 'NO_SIZE', field: 'quantity', item: {} },
    { name: 'a size below one lot', code: 'QUANTITY_ZERO', field: 'quantity', item: { quantity: 64 }, data: dataFor(FUTURE) },
    { name: 'a negative quantity', code: 'QUANTITY_INVALID', field: 'quantity', item: { quantity: -1 } },
    { name: 'a risk amount without a stop', code: 'NO_STOP_DISTANCE', field: 'stopLoss', item: { riskAmount: 1_000 } },
    { name: 'a stop at the entry', code: 'NO_STOP_DISTANCE', field: 'stopLoss', item: { riskAmount: 1_000, stopLoss: 800 } },
    { name: 'no symbol', code: 'MISSING_FIELD', field: 'symbol', item: { symbol: '', quantity: 1 } },
    { name: 'a percentage without a price', code: 'NO_PRICE', field: 'sizePercent', item: { sizePercent: 10 }, data: { ...dataFor(SBIN), tradable: { ok: true, value: { instrument: SBIN } } } },
    { name: 'a percentage beyond all', code: 'INVALID_FIELD', field: 'sizePercent', item: { sizePercent: 101 } },
    { name: 'a stop below zero', code: 'INVALID_FIELD', field: 'stopLoss', item: { riskAmount: 1_000, stopLoss: -790 } },
    { name: 'a risk amount that no ledger can hold', code: 'INVALID_FIELD', field: 'riskAmount', item: { riskAmount: 1e300, stopLoss: 790 } },
    { name: 'a stop that no ledger can hold', code: 'INVALID_FIELD', field: 'stopLoss', item: { riskAmount: 1_000, stopLoss: 1e300 } },
  ])('$name is refused by name', ({ code, field, item, data }) => {
    expect(request({}, { ...BUY, ...item }, data)).toMatchObject({ ok: false, denial: { code, field } });
  });

  test('a stop and a risk amount that do not size the order are not looked at', () => {
    expect(request(BUY, { quantity: 5, stopLoss: 0, riskAmount: -1 })).toMatchObject({ ok: true, value: { size: { quantity: 5 } } });
  });

  test('neither BUY nor SELL is refused by name', () => {
    expect(request({ symbol: 'SBIN', quantity: 1 })).toMatchObject({ ok: false, denial: { code: 'MISSING_FIELD', field: 'action' } });
  });
});

describe('prices', () => {
  const sized = { ...BUY, quantity: 1 };

  test.each<[OrderItem['orderType'], object, readonly string[]]>([
    ['MARKET', {}, ['limitPrice', 'triggerPrice']],
    ['LIMIT', { limitPrice: toMoney(801) }, ['triggerPrice']],
    ['SL', { limitPrice: toMoney(801), triggerPrice: toMoney(800.5) }, []],
    ['SL-M', { triggerPrice: toMoney(800.5) }, ['limitPrice']],
  ])('a %s order carries exactly the prices it needs', (orderType, prices, without) => {
    const made = request(sized, { orderType, limitPrice: 801, triggerPrice: 800.5 });
    expect(made).toMatchObject({ ok: true, value: { orderType, ...prices } });
    for (const name of without) expect(made).not.toHaveProperty(`value.${name}`);
  });

  test.each<[NonNullable<OrderItem['orderType']>, string, OrderItem]>([
    ['LIMIT', 'limitPrice', {}], ['SL', 'limitPrice', { triggerPrice: 1 }], ['SL', 'triggerPrice', { limitPrice: 1 }], ['SL-M', 'triggerPrice', { limitPrice: 1 }],
  ])('a %s order without its %s is refused by name', (orderType, field, item) => {
    expect(request(sized, { ...item, orderType })).toMatchObject({ ok: false, denial: { code: 'MISSING_FIELD', field } });
  });

  test.each([-5, 0, 1e300])('a limit of %p is refused, never rounded to a price', (limitPrice) => {
    expect(request(sized, { orderType: 'LIMIT', limitPrice })).toMatchObject({ ok: false, denial: { code: 'INVALID_FIELD', field: 'limitPrice' } });
    expect(request(sized, { orderType: 'SL-M', triggerPrice: limitPrice })).toMatchObject({ ok: false, denial: { code: 'INVALID_FIELD', field: 'triggerPrice' } });
  });

  test('a price that the order type does not use is not looked at', () => {
    expect(request(sized, { limitPrice: -5, triggerPrice: 1e300 })).toMatchObject({ ok: true });
  });

  test('prices land on the tick: up for a buy, down for a sell, never farther than one tick', () => {
    const instruments = [SBIN, FUTURE];
    fc.assert(fc.property(fc.double({ min: 0.02, max: 90_000, noNaN: true }), fc.constantFrom(...instruments), fc.constantFrom('BUY', 'SELL'), (limitPrice, instrument, action) => {
      const made = request({}, { symbol: 'X', action, quantity: 65, orderType: 'LIMIT', limitPrice }, dataFor(instrument));
      if (!made.ok) throw new Error(made.denial.message);
      const price = made.value.limitPrice ?? ZERO_MONEY;
      expect(isOnTick(instrument, price)).toBe(true);
      const moved = action === 'BUY' ? price - toMoney(limitPrice) : toMoney(limitPrice) - price;
      expect(moved).toBeLessThan(toMoney(5));
      if (limitPrice > 5) expect(moved).toBeGreaterThanOrEqual(0);
    }));
  });

  test('a target that sells rounds as a sell does', () => {
    expect(request({ symbol: 'SBIN' }, { targetQuantity: -10, action: 'SELL', orderType: 'LIMIT', limitPrice: 800.03 })).toMatchObject({ value: { limitPrice: toMoney(800) } });
    expect(request({ symbol: 'SBIN' }, { targetQuantity: 10, orderType: 'LIMIT', limitPrice: 800.03 })).toMatchObject({ value: { limitPrice: toMoney(800.05) } });
  });
});

test('a symbol that could not be found is refused as it was found out', () => {
  const denial = { code: 'UNKNOWN_SYMBOL', message: 'No.' } as const;
  expect(request({ ...BUY, quantity: 1 }, {}, { ...dataFor(SBIN), tradable: { ok: false, denial } })).toEqual({ ok: false, denial });
});

describe('what the gate hands on is the order it judged', () => {
  function handedOn(params: Partial<OrderParams>, item: OrderItem) {
    const made = request(params, item);
    if (!made.ok) throw new Error(made.denial.message);
    const { size } = made.value;
    return { first: made.value, second: request({}, { ...item, ...requestView(made.value, wishOf(params, item), size.kind === 'exit' ? 'SELL' : 'BUY', size.kind === 'target' ? 1 : size.quantity ?? 40) }) };
  }

  test.each<[string, Partial<OrderParams>, OrderItem]>([
    ['a size from the node', { ...BUY, quantity: 5 }, {}],
    ['a size from the node, while the item names a target', { ...BUY, quantity: 5 }, { targetQuantity: 500 }],
    ['a percentage', { ...BUY, sizePercent: 10 }, {}],
    ['a target, while the item names a quantity', {}, { ...BUY, targetQuantity: 30, quantity: 4 }],
    ['a stop order', { ...BUY, quantity: 5, orderType: 'SL', limitPrice: 801.01, triggerPrice: 800.51 }, {}],
    ['an exit', { symbol: 'SBIN' }, { action: 'EXIT', quantity: 5 }],
    ['the exit of one side', { symbol: 'SBIN', action: 'EXIT_LONG', quantity: 5 }, { action: 'BUY' }],
    ['a sell that may only close', { symbol: 'SBIN', direction: 'longOnly' }, { action: 'SELL', quantity: 5 }],
    ['a target that may not be short', { symbol: 'SBIN', direction: 'longOnly' }, { targetQuantity: -5 }],
  ])('%s', (_name, params, item) => {
    const { first, second } = handedOn(params, item);
    expect(second).toEqual({ ok: true, value: first });
  });
});

describe('a schedule that came too late for entries', () => {
  test.each([true, 'true', 'yes', 1])('makes an order that may only reduce, whatever the node is set to (%p)', (exitsOnly) => {
    expect(request({ ...BUY, quantity: 1 }, OrderItem.parse({ schedule: { exitsOnly } }))).toMatchObject({ value: { exitsOnly: true } });
  });

  test.each([[{}], [{ schedule: {} }], [{ schedule: { exitsOnly: false, planned: 5 } }], [{ schedule: { exitsOnly: 'false' } }], [{ schedule: 'every day' }]])('is no other: %p', (item) => {
    expect(request({ ...BUY, quantity: 1 }, OrderItem.parse(item))).not.toHaveProperty('value.exitsOnly');
  });
});

test('the catalogue knows the shares these tables speak of', () => {
  expect(createCatalogue().find(SBIN.key, AT)).toMatchObject({ lotSize: 1, segment: 'cash' });
});
