import fc from 'fast-check';
import type { InstrumentKey } from '../../../domain/market';
import { toMoney } from '../../../domain/money';
import { judge } from './answer';
import { isoTime, positionOf, productOf } from './mapper';
import { Authorized } from './schema';

const KEYS = { upstoxKey: () => undefined, instrument: (key: string) => (key.startsWith('NSE') ? `NSE:${key}` : key.startsWith('FO') ? `NFO:${key}` : key.startsWith('MCX') ? `MCX:${key}` : undefined) as InstrumentKey | undefined, size: 3 };

test.each([
  ['20-Nov-2026 10:00:01', '2026-11-20 10:00:01'], ['1-jan-2027 09:15:00', '2027-01-01 09:15:00'], ['2026-11-20 10:00:01', '2026-11-20 10:00:01'],
  ['31-Feb-2026 10:00:01', '31-Feb-2026 10:00:01'], ['20-Abc-2026 10:00:01', '20-Abc-2026 10:00:01'], ['soon', 'soon'], [undefined, undefined],
])('the time %s is read as %s', (text, expected) => {
  expect(isoTime(text)).toBe(expected);
});

test.each([
  ['I', 'NSE:A', 'MIS'], ['I', 'NFO:A', 'MIS'], ['D', 'NSE:A', 'CNC'], ['D', 'BSE:A', 'CNC'], ['D', 'NFO:A', 'NRML'], ['D', 'CDS:A', 'NRML'], ['MTF', 'NSE:A', undefined], ['CO', 'NSE:A', undefined], [undefined, 'NSE:A', undefined],
])('product %s in %s is %s', (code, instrument, product) => {
  expect(productOf(code, instrument as InstrumentKey)).toBe(product);
});

const row = (more: object) => ({ instrument_token: 'NSE1', instrument_key: undefined, product: 'I', quantity: 5, average_price: undefined, buy_price: 100, sell_price: 90, day_buy_quantity: 5, day_sell_quantity: 0, overnight_quantity: 0, ...more });

test.each<[string, object, object | undefined]>([
  ['a long one of today has its buying price', {}, { instrument: 'NSE:NSE1', product: 'MIS', quantity: 5, averagePrice: toMoney(100) }],
  ['a short one of today has its selling price', { quantity: -5, day_buy_quantity: 0, day_sell_quantity: 5 }, { quantity: -5, averagePrice: toMoney(90) }],
  ['Upstox\' own average comes first', { average_price: 99 }, { averagePrice: toMoney(99) }],
  ['a flat one is none', { quantity: 0 }, undefined],
  ['one on margin is none of ours', { product: 'MTF' }, undefined],
  ['one of an unknown instrument is none', { instrument_token: 'X' }, undefined],
  ['the newer name of the field counts first', { instrument_key: 'FO1', product: 'D' }, { instrument: 'NFO:FO1', product: 'NRML' }],
  ['commodities are lots', { instrument_token: 'MCX1', product: 'D', quantity: -2 }, { quantity: -200 }],
])('of positions: %s', (_what, more, expected) => {
  const position = positionOf(row(more), KEYS, (key) => ({ key, exchange: 'MCX', symbol: 'X', segment: 'future', base: 'X', lotSize: 100 }));
  if (expected === undefined) expect(position).toBeUndefined();
  else expect(position).toMatchObject(expected);
});

test('traded both ways today and without an average, a position has none', () => {
  expect(positionOf(row({ day_sell_quantity: 3 }), KEYS, () => undefined)).not.toHaveProperty('averagePrice');
});

test('whatever is answered, only Upstox\' own words are a success or a refusal', () => {
  const text = fc.oneof(fc.string(), fc.json(), fc.record({ status: fc.constantFrom('success', 'error', 'partial_success', 1), data: fc.anything(), errors: fc.anything() }).map((value) => JSON.stringify(value, (_key, entry: unknown) => (typeof entry === 'bigint' ? 0 : entry))));
  fc.assert(fc.property(fc.integer({ min: 100, max: 599 }), text, (httpStatus, said) => {
    const { kind } = judge({ kind: 'answered', httpStatus, text: said });
    if (kind === 'success') expect(httpStatus >= 200 && httpStatus < 300 && said.includes('success')).toBe(true);
    if (kind === 'refused') expect(httpStatus === 429 || (httpStatus >= 400 && httpStatus < 500 && said.includes('error'))).toBe(true);
    expect(kind).not.toBe('unsent');
  }));
});

test('only an address of a stream is leave to open one', () => {
  expect(Authorized.safeParse({ authorizedRedirectUri: 'wss://feed.example/x?code=1' }).data).toBe('wss://feed.example/x?code=1');
  for (const address of ['http://feed.example', 'javascript:1', '', undefined]) expect(Authorized.safeParse({ authorized_redirect_uri: address }).success).toBe(false);
});
