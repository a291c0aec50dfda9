import { slotsOf, type Candle } from '../../runtime/domain/candle';
import { evaluate, plan, readCondition, type Condition } from '../../runtime/domain/condition';
import { History, sessionsOfCalendar, VOCABULARY } from '../../runtime/domain/series';
import { indiaDate, indiaTime } from '../../runtime/domain/session';
import { MINUTE_MS } from '../../runtime/domain/time';
import { createSeriesBook } from '../../runtime/services/series';
import { calendar, candleWorld, clockText, minutesOf, NIFTY, scriptedHistory } from '../doubles/candleWorld';
import { silentLog } from '../doubles/ingressWorld';

/** The clock is looked at rarely: days pass in these tests. */
const limits = { lookMs: 5_000 };

function conditionOf(text: string): Condition {
  const read = readCondition(text, VOCABULARY);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

const CONDITIONS = [
  'close > close@1h', 'close > ema(3)@1d', 'close@1w > close', 'close crosses above high[1]@1h', 'close@1d > close[3]', 'close@15m > open@1d',
  'close > previousDay.high or close < vwap', 'ema(2)@1w > close', 'close > orb(5m).high',
];

/** Sessions of NSE, in order; the first ones are history. */
interface Course {
  readonly what: string;
  readonly past: readonly (readonly [date: string, from?: string, until?: string])[];
  readonly lived: readonly (readonly [date: string, from: string, until: string])[];
}

const USUAL = ['09:15', '15:30'] as const;

describe('what is judged live, candle by candle, is what history says of the same candles afterwards', () => {
  test.each<Course>([
    { what: 'over a night into a new week', past: [['2025-06-05'], ['2025-06-06'], ['2025-06-09'], ['2025-06-10'], ['2025-06-11'], ['2025-06-12'], ['2025-06-13', '09:15', '15:15']], lived: [['2025-06-13', '15:15', '15:30'], ['2025-06-16', '09:15', '09:30']] },
    { what: 'around the hour of muhurat, which is cut from 13:45, and the holiday after it', past: [['2025-10-16'], ['2025-10-17'], ['2025-10-20', '09:15', '15:20']], lived: [['2025-10-20', '15:20', '15:30'], ['2025-10-21', '13:45', '14:45'], ['2025-10-23', '09:15', '09:25']] },
    { what: 'on a Saturday in two parts', past: [['2024-02-29'], ['2024-03-01', '09:15', '15:25']], lived: [['2024-03-01', '15:25', '15:30'], ['2024-03-02', '09:15', '10:00'], ['2024-03-02', '11:30', '11:50']] },
  ])('$what', async ({ past, lived }) => {
    const spanOf = ([date, from = USUAL[0], until = USUAL[1]]: Course['past'][number]): readonly Candle[] => minutesOf(date, until, from);
    const before = past.flatMap(spanOf);
    const after = lived.flatMap(spanOf);
    const [first] = after;
    const world = candleWorld({ now: first?.time ?? NaN, history: scriptedHistory(before), limits });
    const series = createSeriesBook({ candles: world.book, calendar, clock: world.time.clock, log: silentLog });
    const seen = new Map(CONDITIONS.map((text) => [text, [] as string[]]));
    for (const text of CONDITIONS) {
      const condition = conditionOf(text);
      series.watch({ instrument: NIFTY, timeframe: '1m', convention: 'talib', lookups: plan(condition) }, ({ newest, series: snapshot }) => {
        seen.get(text)?.push(`${indiaDate(newest.candle.time)} ${clockText(newest.candle.time)} ${evaluate(condition, snapshot).truth}`);
      });
    }
    for (const [date, from, until] of lived) {
      await world.time.pass(indiaTime(date, from) - world.time.clock.now());
      await world.play((indiaTime(date, until) - indiaTime(date, from)) / MINUTE_MS);
    }
    await world.time.pass(10_000);

    const all = [...before, ...after];
    const history = new History(all, { timeframe: '1m', sessionAt: sessionsOfCalendar(calendar, NIFTY), slots: (timeframe) => slotsOf(calendar, NIFTY, timeframe) });
    for (const text of CONDITIONS) {
      const said = after.map(({ time }, index) => `${indiaDate(time)} ${clockText(time)} ${evaluate(conditionOf(text), history.at(before.length + index)).truth}`);
      expect({ text, seen: seen.get(text) }).toEqual({ text, seen: said });
    }
    // Otherwise nothing was shown.
    expect([...seen.values()].filter((truths) => truths.some((each) => !each.endsWith('unknown'))).length).toBeGreaterThanOrEqual(5);
    series.close();
    await world.book.close();
  });
});

test('two hundred redeploys of a flow leave nothing behind: no tap, no wait, no indicator', async () => {
  const [open] = minutesOf('2025-06-16');
  const world = candleWorld({ now: open?.time ?? NaN, history: scriptedHistory(minutesOf('2025-06-13')), limits });
  const series = createSeriesBook({ candles: world.book, calendar, clock: world.time.clock, log: silentLog });
  const lookups = plan(conditionOf('ema(9)@15m > ema(21)@1h and close crosses above sma(5)'));
  for (let round = 0; round < 200; round += 1) {
    const stop = series.watch({ instrument: NIFTY, timeframe: ['1m', '3m', '5m'][round % 3] ?? '1m', convention: 'talib', lookups }, () => undefined);
    if (round % 20 === 0) await world.playMinute();
    stop();
  }
  expect({ taps: world.feed.tapped(), waits: world.time.waiting }).toEqual({ taps: [NIFTY.key], waits: 1 });
  // Indicators linger for ten minutes, and end with the next candle; ticks linger for ten minutes after them.
  await world.time.pass(11 * MINUTE_MS);
  await world.playMinute();
  await world.time.pass(11 * MINUTE_MS);
  expect({ taps: world.feed.tapped(), waits: world.time.waiting, logged: world.logged }).toEqual({ taps: [], waits: 0, logged: [] });
});
