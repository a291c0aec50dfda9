import { createCatalogue, resolveSymbol } from '../../runtime/domain/instrument';
import type { Interpretation, WebhookBody } from '../../runtime/domain/webhook';
import type { Outcome } from '../../runtime/domain/denial';
import { tradingViewTrigger } from './definition';

const NOW = Date.UTC(2026, 10, 20, 5, 30);
const instruments = createCatalogue();

function read(body: object | string, params: Readonly<Record<string, unknown>> = {}, receivedAt = NOW): Outcome<Interpretation> {
  const webhookBody: WebhookBody = typeof body === 'string' ? { kind: 'text', text: body } : { kind: 'json', value: { ...body } };
  return tradingViewTrigger.interpret(tradingViewTrigger.params.parse(params), webhookBody, {
    receivedAt, nodeKey: 'tv', resolve: (exchange, symbol) => resolveSymbol({ exchange, symbol, at: receivedAt, instruments }),
  });
}

function itemOf(body: object | string, params = {}): unknown {
  const outcome = read(body, params);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.denial));
  return outcome.value.signals[0]?.item;
}

function denialOf(body: object | string, params = {}): object {
  const outcome = read(body, params);
  if (outcome.ok) throw new Error(`Accepted: ${JSON.stringify(outcome.value)}`);
  return outcome.denial;
}

const FORM_1 = { apikey: 'K', symbol: 'RELIANCE', exchange: 'NSE', action: 'BUY', quantity: 100, product: 'MIS', order_type: 'MARKET', position_size: '10%', strategy_name: 'EMA Crossover' };
const FORM_2 = { apikey: 'K', strategy: 'TradingView Strategy', symbol: 'SBIN', action: 'buy', exchange: 'NSE', pricetype: 'MARKET', product: 'MIS', quantity: '10', position_size: '10' };
const FORM_3 = { v: 1, secret: 'S', id: 'NIFTY1!-2026-11-20T05:30:00Z-Long', ts: '2026-11-20T05:30:00Z', exchange: 'NSE', symbol: 'SBIN', action: 'sell', contracts: '5', price: '812.35', position: 'flat', positionSize: '0', prevPosition: 'long' };
const FORM_4 = { secret: 'S', max_lag: '300', timestamp: '2026-11-20T05:30:00Z', trigger_price: '812.35', tv_exchange: 'NSE', tv_instrument: 'SBIN', action: 'buy', order: { amount: '10', currency_type: 'base' } };

const signal = (more: object = {}) => ({ id: 'tradingview', source: 'tradingview', at: NOW, ...more });

describe('the forms that are about', () => {
  test.each<[string, object | string, object]>([
    ['an alert with quantity and percent', FORM_1, { v: 1, signal: signal({ name: 'EMA Crossover' }), exchange: 'NSE', symbol: 'RELIANCE', action: 'BUY', quantity: 100, product: 'MIS', orderType: 'MARKET' }],
    ['an alert with numbers as text', FORM_2, { v: 1, signal: signal({ name: 'TradingView Strategy' }), exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, product: 'MIS', orderType: 'MARKET' }],
    ['a strategy alert with position', FORM_3, { v: 1, signal: signal({ price: 812.35 }), exchange: 'NSE', symbol: 'SBIN', action: 'SELL', quantity: 5, product: 'MIS', orderType: 'MARKET' }],
    ['an alert with a nested order', FORM_4, { v: 1, signal: signal({ price: 812.35 }), exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, product: 'MIS', orderType: 'MARKET' }],
    ['an order line', 'BUY SBIN 10', { v: 1, signal: signal(), exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, product: 'MIS', orderType: 'MARKET' }],
    ['a free text', 'SBIN crossed 812', { v: 1, signal: signal(), message: 'SBIN crossed 812' }],
    ['a free text in JSON', { secret: 'S', message: 'SBIN crossed 812' }, { v: 1, signal: signal(), message: 'SBIN crossed 812' }],
  ])('%s becomes its signal', (_name, body, item) => {
    expect(itemOf(body)).toEqual(item);
  });
});

describe('an exit', () => {
  const base = { v: 1, signal: signal(), exchange: 'NSE', symbol: 'SBIN', product: 'MIS', orderType: 'MARKET' };
  test.each<[string, object | string, object, object]>([
    ['by its word', { symbol: 'SBIN', action: 'EXIT' }, {}, { action: 'EXIT' }],
    ['close', { symbol: 'SBIN', action: 'close' }, {}, { action: 'EXIT' }],
    ['flat', { symbol: 'SBIN', action: 'Flat' }, {}, { action: 'EXIT' }],
    ['of one side', { symbol: 'SBIN', action: 'exit_long' }, {}, { action: 'EXIT_LONG' }],
    ['of the other side', { symbol: 'SBIN', side: 'close_short' }, {}, { action: 'EXIT_SHORT' }],
    ['has the quantity that the alert says', { symbol: 'SBIN', action: 'exit', contracts: '5' }, {}, { action: 'EXIT', quantity: 5 }],
    ['is not cut to the default of entries', { symbol: 'SBIN', action: 'exit' }, { quantity: 10 }, { action: 'EXIT' }],
    ['needs no size in target mode', { symbol: 'SBIN', action: 'exit', position_size: '10' }, { targetMode: true }, { action: 'EXIT' }],
    ['as an order line', 'EXIT SBIN 10', {}, { action: 'EXIT', quantity: 10 }],
    ['of all as an order line', 'exit_long SBIN all', { quantity: 3 }, { action: 'EXIT_LONG' }],
    ['on every text', 'it is over', { messages: 'order', messageSymbol: 'SBIN', messageAction: 'EXIT', quantity: 3 }, { action: 'EXIT', message: 'it is over' }],
  ])('%s', (_name, body, params, item) => {
    expect(itemOf(body, params)).toEqual({ ...base, ...item });
  });

  test('only an exit may be of all', () => {
    expect(denialOf('BUY SBIN all')).toMatchObject({ code: 'INVALID_FIELD', field: 'quantity' });
  });
});

describe('how much', () => {
  const SIZES = ['quantity', 'sizePercent', 'riskAmount', 'stopLoss', 'targetQuantity'];
  const alert = { symbol: 'SBIN', action: 'BUY' };
  test.each<[string, object, object, object]>([
    ['a quantity goes before everything', { quantity: '10.0', position_size: '10%', risk_amount: 500 }, {}, { quantity: 10 }],
    ['a percent is a share of the margin', { position_size: ' 12.5 %', risk_amount: 500 }, {}, { sizePercent: 12.5 }],
    ['an amount at risk keeps its stop', { risk_amount: '500', stop_loss: '790' }, {}, { riskAmount: 500, stopLoss: 790 }],
    ['a bare position size says nothing', { position_size: '10' }, {}, {}],
    ['the node’s default comes last', { position_size: '10' }, { quantity: 7 }, { quantity: 7 }],
    ['in target mode a signed size wins over the quantity', { quantity: 5, position_size: '-10' }, { targetMode: true }, { targetQuantity: -10 }],
    ['in target mode a side signs the size', { position: 'short', positionSize: '10' }, { targetMode: true }, { targetQuantity: -10 }],
    ['in target mode flat is zero', { position: 'flat', quantity: 5 }, { targetMode: true }, { targetQuantity: 0 }],
    ['in target mode a bare position is the size', { position: '-3' }, { targetMode: true }, { targetQuantity: -3 }],
    ['-0 is 0', { position_size: '-0' }, { targetMode: true }, { targetQuantity: 0 }],
  ])('%s', (_name, fields, params, sizes) => {
    const said = Object.entries(Object(itemOf({ ...alert, ...fields }, params)) as object).filter(([name]) => SIZES.includes(name));
    expect(Object.fromEntries(said)).toEqual(sizes);
  });
});

describe('prices', () => {
  const alert = { symbol: 'SBIN', action: 'BUY', quantity: 1 };
  test.each<[string, object, object, object]>([
    ['a price is information', { price: '812' }, {}, { orderType: 'MARKET', signal: signal({ price: 812 }) }],
    ['it is the limit where the alert says LIMIT', { price: '812', order_type: 'limit' }, {}, { orderType: 'LIMIT', limitPrice: 812 }],
    ['it is no limit where only the node says LIMIT', { price: '812' }, { orderType: 'LIMIT' }, { orderType: 'LIMIT', signal: signal({ price: 812 }) }],
    ['a trigger price is information', { trigger_price: '812' }, {}, { orderType: 'MARKET', signal: signal({ price: 812 }) }],
    ['it is the trigger of a stop', { trigger_price: '812', pricetype: 'SL-M' }, {}, { orderType: 'SL-M', triggerPrice: 812 }],
    ['a stop with a limit has both', { trigger_price: '812', price: '813', pricetype: 'SL' }, {}, { orderType: 'SL', triggerPrice: 812, limitPrice: 813 }],
  ])('%s', (_name, fields, params, expected) => {
    const item = itemOf({ ...alert, ...fields }, params);
    expect(item).toMatchObject(expected);
    const orderPrices = Object.keys(Object(item) as object).filter((key) => key === 'limitPrice' || key === 'triggerPrice').sort();
    expect(orderPrices).toEqual(Object.keys(expected).filter((key) => key === 'limitPrice' || key === 'triggerPrice').sort());
  });
});

describe('symbols', () => {
  test.each<[string, object, object]>([
    ['a prefix names the exchange', { symbol: 'BSE:SBIN' }, { exchange: 'BSE', symbol: 'SBIN' }],
    ['TradingView’s underscore', { ticker: 'M_M' }, { exchange: 'NSE', symbol: 'M&M' }],
    ['the nearest future', { symbol: 'NIFTY1!' }, { exchange: 'NFO', symbol: 'NIFTY23NOV26FUT' }],
    ['delayed data is marked', { symbol: 'SBIN', exchange: 'NSE_DLY' }, { exchange: 'NSE', symbol: 'SBIN', signal: signal({ delayed: true }) }],
    ['delayed data is marked by the prefix too', { symbol: 'NSE_DL:SBIN' }, { exchange: 'NSE', symbol: 'SBIN', signal: signal({ delayed: true }) }],
  ])('%s', (_name, fields, expected) => {
    expect(itemOf({ action: 'BUY', quantity: 65, ...fields })).toMatchObject(expected);
  });
});

describe('refusals name the field and a way out', () => {
  const alert = { symbol: 'SBIN', action: 'BUY', quantity: 1 };
  const without = (name: string): object => Object.fromEntries(Object.entries(alert).filter(([key]) => key !== name));
  test.each<[string, object | string, object, string, string]>([
    ['no symbol', without('symbol'), {}, 'MISSING_FIELD', 'symbol'],
    ['no action', without('action'), {}, 'MISSING_FIELD', 'action'],
    ['an action that is none', { ...alert, action: 'hold' }, {}, 'INVALID_FIELD', 'action'],
    ['a key of an object’s prototype as action', { ...alert, action: 'constructor' }, {}, 'INVALID_FIELD', 'action'],
    ['a fraction', { ...alert, quantity: '10.5' }, {}, 'INVALID_FIELD', 'quantity'],
    ['a percent as quantity', { ...alert, quantity: '10%' }, {}, 'INVALID_FIELD', 'quantity'],
    ['no units', { ...alert, quantity: 0 }, {}, 'INVALID_FIELD', 'quantity'],
    ['an exponent in text', { ...alert, quantity: '1e2' }, {}, 'INVALID_FIELD', 'quantity'],
    ['two spellings that differ', { ...alert, order_type: 'LIMIT', orderType: 'MARKET' }, {}, 'INVALID_FIELD', 'orderType'],
    ['more than all', { ...without('quantity'), position_size: '120%' }, {}, 'INVALID_FIELD', 'position_size'],
    ['rupees as amount', { ...FORM_4, order: { amount: '10', currency_type: 'quote' } }, {}, 'INVALID_FIELD', 'order.currency_type'],
    ['a limit without price', { ...alert, order_type: 'LIMIT' }, {}, 'MISSING_FIELD', 'price'],
    ['a stop without trigger', { ...alert, order_type: 'SL-M' }, {}, 'MISSING_FIELD', 'trigger_price'],
    ['an unknown exchange', { ...alert, exchange: 'NYSE' }, {}, 'INVALID_FIELD', 'exchange'],
    ['an unknown symbol', { ...alert, symbol: 'NOSUCH' }, {}, 'UNKNOWN_SYMBOL', 'symbol'],
    ['a template as symbol', { action: 'BUY', tv_instrument: '${7*7}' }, {}, 'MALFORMED_SYMBOL', 'tv_instrument'],
    ['an unfilled placeholder', { ...alert, quantity: '{{strategy.order.contracts}}' }, {}, 'INVALID_FIELD', 'quantity'],
    ['an unfilled id', { ...alert, id: '{{ticker}}-x' }, {}, 'INVALID_FIELD', 'id'],
    ['an old time', { ...alert, ts: '2026-11-20T05:24:59Z' }, {}, 'STALE_SIGNAL', 'ts'],
    ['a time ahead', { ...alert, timestamp: '2026-11-20T05:36:00Z' }, {}, 'STALE_SIGNAL', 'timestamp'],
    ['its own shorter patience', { ...FORM_4, timestamp: '2026-11-20T05:29:00Z', max_lag: '30' }, {}, 'STALE_SIGNAL', 'timestamp'],
    ['a longer patience of its own', { ...FORM_4, timestamp: '2026-11-20T05:20:00Z', max_lag: '99999' }, {}, 'STALE_SIGNAL', 'timestamp'],
    ['a time without a zone', { ...alert, ts: '2026-11-20T05:30:00' }, {}, 'INVALID_FIELD', 'ts'],
    ['a day that does not exist', { ...alert, ts: '2026-02-30T05:30:00Z' }, {}, 'INVALID_FIELD', 'ts'],
    ['another version', { ...alert, v: 2 }, {}, 'INVALID_FIELD', 'v'],
    ['a target without a size', alert, { targetMode: true }, 'MISSING_FIELD', 'position_size'],
    ['a percent as target', { ...alert, position_size: '10%' }, { targetMode: true }, 'INVALID_FIELD', 'position_size'],
    ['long and negative', { ...alert, position: 'long', position_size: '-5' }, { targetMode: true }, 'INVALID_FIELD', 'position_size'],
    ['a text where texts are refused', 'hello', { messages: 'refuse' }, 'MALFORMED_BODY', 'body'],
    ['an order line with an unknown symbol', 'BUY NOSUCH 10', {}, 'UNKNOWN_SYMBOL', 'symbol'],
    ['an order line with a fraction', 'BUY SBIN 1.5', {}, 'INVALID_FIELD', 'quantity'],
  ])('%s', (_name, body, params, code, field) => {
    expect(denialOf(body, params)).toMatchObject({ code, field, remedy: expect.any(String) as string });
  });

  test('an unfilled placeholder is explained as one', () => {
    expect(denialOf({ ...alert, symbol: '{{tickr}}' })).toMatchObject({ code: 'MALFORMED_SYMBOL', remedy: expect.stringContaining('placeholder') as string });
  });
});

test('a text is an order where the node says of what', () => {
  const item = itemOf('SBIN crossed 812', { messages: 'order', messageSymbol: 'SBIN', messageAction: 'SELL', quantity: 5 });
  expect(item).toMatchObject({ message: 'SBIN crossed 812', exchange: 'NSE', symbol: 'SBIN', action: 'SELL', quantity: 5 });
});

test('times may be ISO with a zone, or epoch seconds or milliseconds', () => {
  for (const ts of ['2026-11-20T05:30:00Z', '2026-11-20T11:00:00+05:30', String(NOW), NOW, NOW / 1_000]) {
    expect(itemOf({ symbol: 'SBIN', action: 'BUY', ts })).toMatchObject({ signal: { at: NOW } });
  }
});

describe('what makes an alert a repeat', () => {
  const keyOf = (body: object | string): unknown => {
    const outcome = read(body);
    return outcome.ok ? [outcome.value.signals[0]?.dedupeKey, outcome.value.duplicateWindowMs] : outcome.denial;
  };
  const alert = { symbol: 'SBIN', action: 'BUY', quantity: 1 };
  test('its own id, for ever, whatever else changed', () => {
    expect(keyOf({ ...alert, id: 'a' })).toEqual(keyOf({ ...alert, id: 'a', price: 5 }));
    expect(keyOf({ ...alert, id: 'a' })).toEqual([expect.any(String), undefined]);
    expect(keyOf({ ...alert, id: 'a' })).not.toEqual(keyOf({ ...alert, id: 'b' }));
  });
  test('its content within the window, without the key and in any order', () => {
    expect(keyOf({ ...alert, secret: 'x' })).toEqual(keyOf({ quantity: 1, action: 'BUY', symbol: 'SBIN' }));
    expect(keyOf(alert)).toEqual([expect.any(String), 60_000]);
    expect(keyOf(alert)).not.toEqual(keyOf({ ...alert, quantity: 2 }));
    expect(keyOf('BUY SBIN 1 ')).not.toEqual(keyOf('BUY SBIN 2'));
  });
});

test('a key inside a text is taken out of it', () => {
  const body = { kind: 'text', text: 'SBIN crossed secret=abc' } as const;
  expect(tradingViewTrigger.secretIn(body)).toBe('abc');
  expect(itemOf(body.text)).toMatchObject({ message: 'SBIN crossed' });
});
