import fc from 'fast-check';
import { instrumentKey } from '../market';
import { toMoney } from '../money';
import { createAlwaysOpenCalendar, createTradingCalendar, indiaTime, type Traded } from '../session';
import type { SeenCandle } from '../feed';
import { higherColumns, minutesOfTicks, type CandleColumns } from './columns';
import { HigherCandles, higherCandlesOf } from './higherCandles';
import { MinuteBuilder } from './minuteBuilder';
import { reachBack, slotsOf } from './slot';

const NSE: Traded = { exchange: 'NSE_INDEX', base: 'NIFTY' };
const MCX: Traded = { exchange: 'MCX', base: 'CRUDEOIL' };
const calendar = createTradingCalendar();
const at = (date: string, time: string): number => indiaTime(date, time);
const shown = (time: number): string => new Date(time + 19_800_000).toISOString().slice(0, 16).replace('T', ' ');

function minute(time: number, price: number, incomplete = false): SeenCandle {
  return { candle: { time, open: price, high: price + 1, low: price - 1, close: price + 0.5, volume: 10, closed: true }, until: time + 60_000, incomplete };
}

describe('slots', () => {
  test.each<[string, Traded, string, string, string, string]>([
    ['15m of NSE from 09:15', NSE, '15m', '2025-06-16 09:20', '2025-06-16 09:15', '2025-06-16 09:30'],
    ['1h of NSE from 09:15', NSE, '1h', '2025-06-16 10:14', '2025-06-16 09:15', '2025-06-16 10:15'],
    ['the last hour of NSE is short', NSE, '1h', '2025-06-16 15:29', '2025-06-16 15:15', '2025-06-16 15:30'],
    ['7m of NSE from 09:15', NSE, '7m', '2025-06-16 15:29', '2025-06-16 15:26', '2025-06-16 15:30'],
    ['1h of MCX from 09:00', MCX, '1h', '2025-06-16 10:59', '2025-06-16 10:00', '2025-06-16 11:00'],
    ['the last hour of MCX in summer', MCX, '1h', '2025-06-16 23:10', '2025-06-16 23:00', '2025-06-16 23:30'],
    ['the last hour of MCX in winter', MCX, '1h', '2025-01-16 23:50', '2025-01-16 23:00', '2025-01-16 23:55'],
    ['an evening of MCX on a holiday', MCX, '2h', '2026-03-03 18:00', '2026-03-03 17:00', '2026-03-03 19:00'],
    ['muhurat trading', NSE, '15m', '2025-10-21 14:00', '2025-10-21 14:00', '2025-10-21 14:15'],
    ['muhurat trading is cut from its own opening', NSE, '1h', '2025-10-21 14:40', '2025-10-21 13:45', '2025-10-21 14:45'],
    ['a day', NSE, '1d', '2025-06-16 12:00', '2025-06-16 09:15', '2025-06-16 15:30'],
    ['a day with two sessions', NSE, '1d', '2021-02-24 16:00', '2021-02-24 09:15', '2021-02-24 17:00'],
    ['a week', NSE, '1w', '2025-06-18 12:00', '2025-06-16 09:15', '2025-06-20 15:30'],
    ['a week whose Friday is a holiday', NSE, '1w', '2025-04-15 12:00', '2025-04-15 09:15', '2025-04-17 15:30'],
    ['seven days are a week', NSE, '7d', '2025-06-18 12:00', '2025-06-16 09:15', '2025-06-20 15:30'],
  ])('%s', (_what, of, timeframe, moment, start, until) => {
    const [date = '', time = ''] = moment.split(' ');
    const slot = slotsOf(calendar, of, timeframe)(at(date, time));
    expect(slot === undefined ? undefined : [shown(slot.start), shown(slot.until)]).toEqual([start, until]);
  });

  test.each([['09:14'], ['15:30'], ['15:31'], ['09:08']])('at %s there is none', (time) => {
    expect(slotsOf(calendar, NSE, '15m')(at('2025-06-16', time))).toBeUndefined();
  });

  test.each(['', '0m', '15', '5s', '400d', 'week'])('"%s" is no timeframe of candles', (timeframe) => {
    expect(() => slotsOf(calendar, NSE, timeframe)).toThrow(RangeError);
  });

  test('a market that never closes is cut from midnight', () => {
    const slot = slotsOf(createAlwaysOpenCalendar(), NSE, '4h')(at('2025-06-15', '09:30'));
    expect(slot === undefined ? undefined : [shown(slot.start), shown(slot.until)]).toEqual(['2025-06-15 08:00', '2025-06-15 12:00']);
  });

  test.each([['1m', 100, '2025-06-16 09:15'], ['15m', 25, '2025-06-13 13:45'], ['1h', 8, '2025-06-13 09:15'], ['1d', 5, '2025-06-10 09:15'], ['1w', 1, '2025-06-09 09:15']])('%s: %i slots before a moment begin no later than at %s', (timeframe, count, latest) => {
    const from = reachBack(calendar, NSE, { timeframe, before: at('2025-06-16', '12:00'), count });
    expect(shown(from) <= latest).toBe(true);
    expect(slotsOf(calendar, NSE, timeframe)(from)?.start).toBe(from);
  });

  test('history is not looked for before the calendar begins', () => {
    expect(shown(reachBack(calendar, NSE, { timeframe: '1d', before: at('2020-01-10', '12:00'), count: 10_000 }))).toBe('2020-01-01 09:15');
  });
});

describe('higher candles', () => {
  const DATE = '2025-06-16';
  const five = slotsOf(calendar, NSE, '5m');

  test('a candle closes with the member that reaches its end', () => {
    const candles = new HigherCandles({ slotOf: five });
    const closed = [15, 16, 17, 18].flatMap((each) => candles.add(minute(at(DATE, `09:${each}`), each)));
    expect(closed).toEqual([]);
    expect(candles.add(minute(at(DATE, '09:19'), 10))).toEqual([{ candle: { time: at(DATE, '09:15'), open: 15, high: 19, low: 9, close: 10.5, volume: 50, closed: true }, until: at(DATE, '09:20'), incomplete: false }]);
  });

  test('a member of a later candle closes the one before, and time closes one whose last minutes had no trade', () => {
    const candles = new HigherCandles({ slotOf: five });
    candles.add(minute(at(DATE, '09:16'), 100));
    expect(candles.add(minute(at(DATE, '09:31'), 101)).map(({ candle }) => shown(candle.time))).toEqual(['2025-06-16 09:15']);
    expect(candles.closeUpTo(at(DATE, '09:34'))).toEqual([]);
    expect(candles.closeUpTo(at(DATE, '09:35')).map(({ candle }) => shown(candle.time))).toEqual(['2025-06-16 09:30']);
    expect(candles.closeUpTo(Infinity)).toEqual([]);
  });

  test('it is incomplete while a member is, and whole again when that one is repaired', () => {
    const candles = new HigherCandles({ slotOf: five });
    const half = minute(at(DATE, '09:15'), 100, true);
    candles.add(half);
    expect(candles.forming()?.incomplete).toBe(true);
    candles.repair(minute(at(DATE, '09:15'), 103), half);
    candles.repair(minute(at(DATE, '09:17'), 90), undefined);
    expect(candles.closeUpTo(Infinity)).toEqual([{ candle: { time: at(DATE, '09:15'), open: 103, high: 104, low: 89, close: 90.5, volume: 20, closed: true }, until: at(DATE, '09:20'), incomplete: false }]);
  });

  test('what forms is shown with the members that still form', () => {
    const candles = new HigherCandles({ slotOf: five });
    candles.add(minute(at(DATE, '09:15'), 100));
    const forming = { ...minute(at(DATE, '09:16'), 120), candle: { ...minute(at(DATE, '09:16'), 120).candle, closed: false } };
    expect(candles.forming([forming])?.candle).toEqual({ time: at(DATE, '09:15'), open: 100, high: 121, low: 99, close: 120.5, volume: 20, closed: false });
    expect(candles.forming()?.candle.volume).toBe(10);
  });
});

describe('the batch path and the one by one', () => {
  const START = at('2025-06-13', '15:20');
  const ticks = fc.array(fc.record({ step: fc.oneof(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 3_600_000 })), price: fc.integer({ min: 90, max: 110 }), quantity: fc.nat(20) }), { minLength: 1, maxLength: 120 })
    .map((steps) => {
      let time = START;
      return steps.map(({ step, price, quantity }) => ({ at: (time += step), price, quantity }));
    });

  test.each(['1m', '5m', '1h', '1d', '1w'])('give the same candles of %s', (timeframe) => {
    fc.assert(fc.property(ticks, (rows) => {
      const builder = new MinuteBuilder({ sessionAt: (time) => calendar.sessionAt(NSE, time), from: START, lateMs: 0 });
      const minutes = [...rows.flatMap((row) => builder.take({ instrument: instrumentKey('NSE', 'SBIN'), at: row.at, last: toMoney(row.price), lastQuantity: row.quantity })), ...builder.closeUpTo(Infinity)];
      const slotOf = slotsOf(calendar, NSE, timeframe);
      const columns = minutesOfTicks({ length: rows.length, at: Float64Array.from(rows, (row) => row.at), price: Float64Array.from(rows, ({ price }) => price), quantity: Float64Array.from(rows, ({ quantity }) => quantity) }, (time) => calendar.sessionAt(NSE, time));
      expect(rowsOf(timeframe === '1m' ? columns : higherColumns(columns, slotOf))).toEqual(higherCandlesOf(minutes, slotOf, Infinity).map(({ candle: { time, open, high, low, close, volume } }) => [time, open, high, low, close, volume]));
    }), { numRuns: 200 });
  });

  test('ticks out of order are sorted', () => {
    const column = (...values: readonly number[]): Float64Array => Float64Array.from(values);
    const minutes = minutesOfTicks({ length: 3, at: column(START + 2_000, START, START + 1_000), price: column(3, 1, 2), quantity: column(1, 1, 1) }, (time) => calendar.sessionAt(NSE, time));
    expect(rowsOf(minutes)).toEqual([[START, 1, 3, 1, 3, 3]]);
    expect([...minutes.session]).toEqual([at('2025-06-13', '09:15')]);
  });

  function rowsOf({ length, time, open, high, low, close, volume }: CandleColumns): readonly (readonly (number | undefined)[])[] {
    return Array.from({ length }, (_, index) => [time[index], open[index], high[index], low[index], close[index], volume[index]]);
  }
});
