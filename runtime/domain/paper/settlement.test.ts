import { createTradingCalendar, indiaTime } from '../session';
import { createCatalogue } from '../instrument';
import { instrumentKey, type Exchange, type Instrument, type InstrumentKey, type Quote } from '../market';
import { fromMoney, toMoney } from '../money';
import { settlementPrice, settlesAt, underlyingOf } from './settlement';
import { brokerSquareOffAt } from './squareOff';

const calendar = createTradingCalendar();
const catalogue = createCatalogue();
const clockTime = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at + 19_800_000).toISOString().slice(11, 16));
const contract = (segment: 'future' | 'option', more: Partial<Instrument> = {}): Instrument => ({
  key: 'NFO:X' as InstrumentKey, exchange: 'NFO', symbol: 'X', segment, base: 'NIFTY', lotSize: 65, expiry: '2026-12-29', ...(segment === 'option' ? { strike: toMoney(26_000), optionType: 'CE' } : {}), ...more,
});
const at = (last: number): Quote => ({ instrument: 'NSE_INDEX:NIFTY' as InstrumentKey, bid: toMoney(last), ask: toMoney(last), last: toMoney(last), at: 0 });

test.each<[string, Instrument, Quote | undefined, Quote | undefined, number | undefined]>([
  ['a future at its underlying', contract('future'), at(26_123.4), at(26_130), 26_123.4],
  ['a call in the money at its intrinsic value', contract('option'), at(26_123.4), at(130), 123.4],
  ['a put out of the money at nothing', contract('option', { optionType: 'PE' }), at(26_123.4), at(2), 0],
  ['a put in the money at its intrinsic value', contract('option', { optionType: 'PE' }), at(25_900), at(2), 100],
  ['a contract whose underlying has no price at its own', contract('option'), undefined, at(7), 7],
  ['nothing without any price', contract('future'), undefined, undefined, undefined],
])('settled is %s', (_what, instrument, underlying, own, expected) => {
  const price = settlementPrice(instrument, underlying, own);
  expect(price === undefined ? undefined : fromMoney(price)).toBe(expected);
});

test.each<[string, Exchange, string, InstrumentKey | undefined]>([
  ['an index', 'NFO', 'NIFTY', instrumentKey('NSE_INDEX', 'NIFTY')],
  ['a share', 'NFO', 'SBIN', instrumentKey('NSE', 'SBIN')],
  ['an index of the BSE', 'BFO', 'SENSEX', instrumentKey('BSE_INDEX', 'SENSEX')],
  ['nothing that is known', 'CDS', 'USDINR', undefined],
])('a contract is on %s', (_what, exchange, base, expected) => {
  expect(underlyingOf(contract('future', { exchange, base }), catalogue, indiaTime('2026-11-20', '10:00'))).toBe(expected);
});

test('contracts settle at the end of their last session', () => {
  expect(clockTime(settlesAt(calendar, contract('future')))).toBe('15:40');
  expect(clockTime(settlesAt(calendar, contract('future', { expiry: '2022-06-30' })))).toBe('15:30');
  expect(clockTime(settlesAt(calendar, contract('future', { expiry: '2050-06-28' })))).toBe('15:30');
  const share: { -readonly [K in keyof Instrument]: Instrument[K] } = contract('future');
  delete share.expiry;
  expect(settlesAt(calendar, share)).toBeUndefined();
});

test.each<[string, Exchange, string, string, string, string | undefined]>([
  ['shares with derivatives, which stop at 15:15', 'NSE', 'SBIN', '2026-11-20', '10:00', '15:10'],
  ['shares when they traded until 15:30', 'NSE', 'SBIN', '2022-06-08', '10:00', '15:20'],
  ['derivatives', 'NFO', 'NIFTY', '2026-11-20', '10:00', '15:20'],
  ['commodities in winter', 'MCX', 'CRUDEOIL', '2026-11-20', '10:00', '23:40'],
  ['muhurat trading, 13:45 to 14:45', 'NSE', 'SBIN', '2025-10-21', '14:00', '14:40'],
  ['nothing while the market is closed', 'NSE', 'SBIN', '2026-11-22', '10:00', undefined],
])('the broker squares off %s', (_what, exchange, base, date, time, expected) => {
  expect(clockTime(brokerSquareOffAt(calendar, { exchange, base }, 'MIS', indiaTime(date, time)))).toBe(expected);
  expect(brokerSquareOffAt(calendar, { exchange, base }, 'CNC', indiaTime(date, time))).toBeUndefined();
});
