import fc from 'fast-check';
import { tickSizeAt } from '../../../domain/instrument';
import type { Instrument, InstrumentKey, Quote } from '../../../domain/market';
import { fromMoney, toMoney } from '../../../domain/money';
import { manualClock } from '../../system/manual';
import { BASE_PRICES } from './basePrices';
import { simulatedMarket } from './simulatedMarket';
import { basePrice, simulatedQuote } from './simulatedQuote';

const key = (text: string) => text as InstrumentKey;
const share = (base: string): Instrument => ({ key: key(`NSE:${base}`), exchange: 'NSE', symbol: base, segment: 'cash', base, lotSize: 1 });
const future: Instrument = { key: key('NFO:NIFTY29DEC26FUT'), exchange: 'NFO', symbol: 'NIFTY29DEC26FUT', segment: 'future', base: 'NIFTY', lotSize: 65, tickSize: toMoney(0.05), expiry: '2026-12-29' };
const option = (strike: number, optionType: 'CE' | 'PE'): Instrument => ({
  key: key(`NFO:NIFTY29DEC26${strike}${optionType}`), exchange: 'NFO', symbol: `NIFTY29DEC26${strike}${optionType}`, segment: 'option', base: 'NIFTY', lotSize: 65,
  tickSize: toMoney(0.05), expiry: '2026-12-29', strike: toMoney(strike), optionType,
});
const currency: Instrument = { key: key('CDS:USDINR29DEC26FUT'), exchange: 'CDS', symbol: 'USDINR29DEC26FUT', segment: 'future', base: 'USDINR', lotSize: 1_000, tickSize: toMoney(0.0025) };

const anyInstrument = fc.oneof(
  fc.constantFrom(...BASE_PRICES.keys()).map(share),
  fc.string({ minLength: 1, maxLength: 12 }).map(share),
  fc.constantFrom(future, currency),
  fc.tuple(fc.integer({ min: 400, max: 640 }), fc.constantFrom<'CE' | 'PE'>('CE', 'PE')).map(([steps, type]) => option(steps * 50, type)),
);
const anyTime = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });

test('every quote is on the tick, uncrossed, positive and within 8 % of the base', () => {
  fc.assert(fc.property(anyInstrument, anyTime, fc.integer(), (instrument, at, seed) => {
    const { bid, ask, last } = simulatedQuote(instrument, at, seed);
    for (const price of [bid, ask, last]) expect(price % tickSizeAt(instrument, price)).toBe(0);
    expect(bid).toBeGreaterThan(0);
    expect(ask - bid).toBeGreaterThanOrEqual(tickSizeAt(instrument, bid));
    expect(bid).toBeLessThanOrEqual(last);
    expect(last).toBeLessThanOrEqual(ask);
    expect(Math.abs(fromMoney(last) / basePrice(instrument) - 1)).toBeLessThan(0.08);
  }), { numRuns: 2_000 });
});

test('a spread across a border of tick bands ends on the coarser tick', () => {
  const border = share('HDFCBANK');
  const quotes = Array.from({ length: 20_000 }, (_, step) => simulatedQuote(border, Date.UTC(2026, 0) + step * 1_234_567, 1));
  expect(quotes.some(({ bid, ask }) => bid < toMoney(1_000) && ask > toMoney(1_000))).toBe(true);
  expect(quotes.filter(({ ask }) => ask % tickSizeAt(border, ask) !== 0)).toEqual([]);
});

test('the same instrument, time and seed give the same quote; another seed another course', () => {
  const at = Date.UTC(2026, 10, 20, 6);
  const course = (seed: number) => Array.from({ length: 50 }, (_, step) => simulatedQuote(share('SBIN'), at + step * 60_000, seed).last);
  expect(course(7)).toEqual(course(7));
  expect(course(7)).not.toEqual(course(8));
});

test('prices move within a minute', () => {
  const at = Date.UTC(2026, 10, 20, 6);
  const seen = new Set(Array.from({ length: 60 }, (_, second) => simulatedQuote(share('SBIN'), at + second * 1_000, 1).last));
  expect(seen.size).toBeGreaterThan(10);
});

test('calls move with their base and puts against it', () => {
  const times = Array.from({ length: 200 }, (_, hour) => Date.UTC(2026, 10, 1) + hour * 3_600_000);
  const [first = 0, ...rest] = times;
  const last = (instrument: Instrument, at: number) => simulatedQuote(instrument, at, 3).last;
  for (const at of rest.filter((time) => Math.abs(last(future, time) / last(future, first) - 1) > 0.01)) {
    const direction = Math.sign(last(future, at) - last(future, first));
    expect(Math.sign(last(option(26_000, 'CE'), at) - last(option(26_000, 'CE'), first))).toBe(direction);
    expect(Math.sign(last(option(26_000, 'PE'), at) - last(option(26_000, 'PE'), first))).toBe(-direction);
  }
});

describe('the market', () => {
  const clock = manualClock(Date.UTC(2026, 10, 20, 6));
  const known = share('SBIN');
  const instruments = { find: (wanted: InstrumentKey) => (wanted === known.key ? known : undefined) };
  const open = (options: { log?: { error: () => void } } = {}) => {
    const quiet = () => undefined;
    const log = options.log === undefined ? {} : { log: { debug: quiet, info: quiet, warn: quiet, error: options.log.error } };
    return simulatedMarket({ clock, instruments, seed: 1, intervalMs: 1, ...log });
  };

  test('quotes at the time of its clock and knows nothing of unknown instruments', async () => {
    const market = open();
    expect(await market.quote(known.key)).toEqual(simulatedQuote(known, clock.now(), 1));
    expect(await market.quote(key('NSE:NOSUCH'))).toBeUndefined();
  });

  test('hands quotes to every subscriber until it leaves', async () => {
    const market = open();
    const left: Quote[] = [];
    const leave = market.subscribe(known.key, (quote) => void left.push(quote));
    leave();
    const quote = await new Promise<Quote>((resolve) => market.subscribe(known.key, resolve));
    market.close();
    expect(quote.instrument).toBe(known.key);
    expect(left).toHaveLength(0);
  });

  test('holds a timer only while somebody is subscribed', () => {
    const started = jest.spyOn(globalThis, 'setInterval');
    const stopped = jest.spyOn(globalThis, 'clearInterval');
    const market = open();
    expect(started).not.toHaveBeenCalled();
    const leaveFirst = market.subscribe(known.key, () => undefined);
    const leaveSecond = market.subscribe(known.key, () => undefined);
    expect(started).toHaveBeenCalledTimes(1);
    leaveFirst();
    leaveFirst();
    expect(stopped).not.toHaveBeenCalled();
    leaveSecond();
    expect(stopped).toHaveBeenCalledTimes(1);
    jest.restoreAllMocks();
  });

  test('serves the others when one listener fails, and tells the log', async () => {
    const errors: string[] = [];
    const market = open({ log: { error: () => errors.push('failed') } });
    market.subscribe(known.key, () => { throw new Error('listener'); });
    let quotes = 0;
    await new Promise<void>((resolve) => market.subscribe(known.key, () => { if (++quotes === 2) resolve(); }));
    market.close();
    expect(errors.length).toBeGreaterThanOrEqual(1);
  });
});
