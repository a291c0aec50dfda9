import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readCandleFile } from '../../adapters/candleFile/readCandleFile';
import { candlePath } from '../../adapters/ticks/file/candlePath';
import { higherCandlesOf, higherColumns, MinuteBuilder, minutesOfTicks, slotsOf, type Candle } from '../../domain/candle';
import type { SeenCandle } from '../../domain/feed';
import { instrumentKey, type Instrument } from '../../domain/market';
import { fromMoney } from '../../domain/money';
import { createTradingCalendar, indiaDate, indiaTime } from '../../domain/session';
import { MINUTE_MS } from '../../domain/time';

const SHARED = path.resolve(__dirname, '../../../../shared/data');
const present = existsSync(SHARED);
const calendar = createTradingCalendar();

function instrumentOf(symbol: string): Instrument {
  return { key: instrumentKey('NSE_INDEX', symbol), exchange: 'NSE_INDEX', symbol, segment: 'index', base: symbol, lotSize: 1 };
}

const MONTHS = [['NIFTY', 'NIFTY', 'JUN', 22], ['NIFTY', 'NIFTY', 'JUL', 21], ['BANKNIFTY', 'BNF', 'JUN', 22], ['BANKNIFTY', 'BNF', 'JUL', 21]] as const;

test('the recorded months are where the tests look for them', () => {
  if (!present) process.stdout.write('\nNo recorded months beside the project: they are left out\n');
  expect(present || process.env['CI'] !== 'true').toBe(true);
});

describe.each(present ? MONTHS : [])('%s, file %s-2022-%s', (symbol, name, month, days) => {
  const instrument = instrumentOf(symbol);
  const sessionAt = (at: number) => calendar.sessionAt(instrument, at);
  const rows = readCandleFile(readFileSync(path.join(SHARED, `${name}-2022-${month}.txt`), 'utf8'), { timeIs: 'end' }).candles;
  const inside = rows.filter(({ time }) => sessionAt(time) !== undefined);
  const ticks = rows.flatMap((row) => candlePath(instrument.key, row, MINUTE_MS));
  const builder = new MinuteBuilder({ sessionAt, from: 0, lateMs: 0 });
  const minutes: readonly SeenCandle[] = [...ticks.flatMap((tick) => builder.take(tick)), ...builder.closeUpTo(Infinity)];

  test('ticks give back every candle inside of the session, and none of the others', () => {
    expect(minutes.map(({ candle }) => candle)).toEqual(inside);
    expect(minutes.filter(({ incomplete }) => incomplete)).toEqual([]);
    expect(builder.leftOut).toEqual({ late: 0, repeated: 0, offSession: ticks.length - 4 * inside.length });
  });

  test('what is left out is the print before the opening and the rows after the close', () => {
    const outside = new Set(rows.filter((row) => !inside.includes(row)).map(({ time }) => new Date(time + 330 * MINUTE_MS).toISOString().slice(11, 16)));
    expect(outside.size).toBeGreaterThan(0);
    expect([...outside].filter((time) => time >= '09:15' && time < '15:30')).toEqual([]);
    expect(outside).toContain('09:07');
  });

  test('each day has its candles: one a minute, 25 of 15m from 09:15, 7 of 1h from 09:15 and a short last one, one of 1d', () => {
    const byDay = Map.groupBy(minutes, ({ candle }) => indiaDate(candle.time));
    expect(byDay.size).toBe(days);
    for (const [date, members] of byDay) {
      const file = inside.filter(({ time }) => indiaDate(time) === date);
      expect(members).toHaveLength(file.length);
      expect(members.length).toBeGreaterThan(365);
      for (const [timeframe, lengthMs, count] of [['15m', 15 * MINUTE_MS, 25], ['1h', 60 * MINUTE_MS, 7], ['1d', 375 * MINUTE_MS, 1]] as const) {
        const candles = higherCandlesOf(members, slotsOf(calendar, instrument, timeframe), Infinity);
        expect(candles.map(({ candle }) => candle.time)).toEqual(Array.from({ length: count }, (_, index) => indiaTime(date, '09:15') + index * lengthMs));
        expect(candles.at(-1)?.until).toBe(indiaTime(date, '15:30'));
        for (const { candle, until } of candles) expect(candle).toEqual(plainly(file.filter(({ time }) => time >= candle.time && time < until), candle.time));
      }
    }
  });

  test('the batch path gives the same', () => {
    const column = (of: (tick: (typeof ticks)[number]) => number): Float64Array => Float64Array.from(ticks, of);
    const columns = minutesOfTicks({ length: ticks.length, at: column(({ at }) => at), price: column(({ last }) => fromMoney(last)), quantity: column(({ lastQuantity }) => lastQuantity ?? 0) }, sessionAt);
    expect([...columns.close]).toEqual(inside.map(({ close }) => close));
    expect([...columns.time]).toEqual(inside.map(({ time }) => time));
    const slotOf = slotsOf(calendar, instrument, '1h');
    expect([...higherColumns(columns, slotOf).high]).toEqual(higherCandlesOf(minutes, slotOf, Infinity).map(({ candle }) => candle.high));
  });
});

/** A longer candle by its definition. */
function plainly(members: readonly Candle[], time: number): Candle {
  return {
    time, open: members[0]?.open ?? NaN, high: Math.max(...members.map(({ high }) => high)), low: Math.min(...members.map(({ low }) => low)),
    close: members.at(-1)?.close ?? NaN, volume: 0, closed: true,
  };
}
