import fc from 'fast-check';
import { toMoney } from '../../../domain/money';
import { readMessage } from './messages';

const NOW = Date.UTC(2026, 10, 20, 4, 30);
const tick = (data: object, exchange = 'NSE') => readMessage(JSON.stringify({ type: 'market_data', symbol: 'SBIN', exchange, mode: 2, data }), NOW);

test('a quote gives prices, the day\'s volume and the time of the trade', () => {
  expect(tick({ ltp: 801.5, volume: 12_345, bid: 801.45, ask: 801.55, ltt: NOW - 500, timestamp: NOW })).toEqual({
    kind: 'tick', tick: { instrument: 'NSE:SBIN', last: toMoney(801.5), bid: toMoney(801.45), ask: toMoney(801.55), dayVolume: 12_345, at: NOW - 500, quotedAt: NOW },
  });
});

test.each<[string, object, object]>([
  ['seconds are read as seconds', { ltt: NOW / 1_000 }, { at: NOW }],
  ['text in India\'s time is read', { ltt: '2026-11-20 10:00:00' }, { at: NOW }],
  ['text of a number is read', { ltp: '801.5', ltt: String(NOW), volume: '77' }, { last: toMoney(801.5), at: NOW, dayVolume: 77 }],
  ['a time of 0 is none: the arrival counts', { ltt: 0 }, { at: NOW }],
  ['a time that can not be read is none', { ltt: 'soon', timestamp: null }, { at: NOW }],
  ['without a trade\'s time the server\'s counts', { timestamp: NOW - 7 }, { at: NOW - 7 }],
])('%s', (_what, data, expected) => {
  expect(tick({ ltp: 800, ...data })).toMatchObject({ kind: 'tick', tick: expected });
});

test('a side of 0 is a side without orders, and an index has no volume', () => {
  expect(tick({ ltp: 800, bid: 0, ask: 0, volume: 0 }, 'NSE_INDEX')).toEqual({ kind: 'tick', tick: { instrument: 'NSE_INDEX:SBIN', last: toMoney(800), at: NOW } });
});

test.each([
  ['bids and asks', { bids: [{ price: 799, quantity: 5 }, { price: 0, quantity: 0 }], asks: [{ price: '801', quantity: '7', orders: 2 }] }],
  ['buy and sell', { depth: { buy: [{ price: 799, quantity: 5 }], sell: [{ price: 801, quantity: 7, orders: 2 }] } }],
])('depth as %s gives levels and the best prices', (_how, data) => {
  expect(tick({ ltp: 800, ...data })).toEqual({
    kind: 'tick', tick: { instrument: 'NSE:SBIN', last: toMoney(800), bid: toMoney(799), ask: toMoney(801), at: NOW },
    depth: { instrument: 'NSE:SBIN', at: NOW, bids: [{ price: toMoney(799), quantity: 5 }], asks: [{ price: toMoney(801), quantity: 7, orders: 2 }] },
  });
});

test('prices that are none are passed on for the quarantine to count: 0, and a crossed book', () => {
  expect(tick({ ltp: 0 })).toMatchObject({ kind: 'tick', tick: { last: 0 } });
  expect(tick({ ltp: 800, bid: 801, ask: 799 })).toMatchObject({ kind: 'tick', tick: { bid: toMoney(801), ask: toMoney(799) } });
});

test.each([
  ['no JSON', 'not json'], ['an array', '[]'], ['a number', '7'], ['null', 'null'], ['half a message', '{"type":"market_data","symbol":'],
  ['market data without a price', '{"type":"market_data","symbol":"SBIN","exchange":"NSE","data":{}}'],
  ['an exchange nobody knows', '{"type":"market_data","symbol":"SBIN","exchange":"MOON","data":{"ltp":1}}'],
  ['a price no ledger holds', '{"type":"market_data","symbol":"SBIN","exchange":"NSE","data":{"ltp":1e300}}'],
  ['an empty object', '{}'],
])('%s is garbage', (_what, text) => {
  expect(readMessage(text, NOW)).toEqual({ kind: 'garbage' });
});

test('nothing that arrives is an exception', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.record({ type: fc.constantFrom('market_data', 'auth', 'subscribe'), symbol: fc.anything(), exchange: fc.constantFrom('NSE', 1), data: fc.anything(), subscriptions: fc.anything() }).map((value) => JSON.stringify(value, (_key, entry: unknown) => (typeof entry === 'bigint' ? 0 : entry)))), (text) => {
    expect(typeof readMessage(text, NOW).kind).toBe('string');
  }));
});
