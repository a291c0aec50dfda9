import type { Candle } from '../../domain/candle';
import { plan, readCondition, type Condition } from '../../domain/condition';
import { VOCABULARY, demandsOf, ONE_SESSION, truthsOver } from '../../domain/series';
import { slotsOfSessions } from '../../domain/series/higherCandles';
import { randomBars } from '../../../tests/golden/randomBars';
import { MINUTE_MS } from '../../domain/time';
import { ColumnFrame } from './frames';
import { truthsOf } from './truths';

const BARS: readonly Candle[] = randomBars({ seed: 3, length: 600, perSession: 600, flatEvery: 90, flatFor: 5 }).map((bar) => ({ ...bar, closed: true }));

/** Every kind of comparison, of timeframes, offsets and arithmetic. */
const CONDITIONS = [
  'ema(9) crosses above ema(21)', 'ema(9) crosses below ema(21)', 'sma(5) crosses sma(8)', 'rsi(14) < 70 and close > sma(20)', 'not close > open', 'close[1] > close[2] or rsi(5) > 60',
  'close between low[3] and high[3]', 'close is rising for 3 candles', 'high is falling for 2 candles', 'close > sma(10) + 2%', 'close - open > 0.5 * atr(14)', '-close < 0', 'close / (close - close) > 1',
  'close > ema(5)@15m', 'close crosses above ema(3)@15m', 'rsi(3)@15m is rising for 2 candles', 'close > high[1]@15m', 'bullish engulfing', 'doji or hammer', 'supertrend(5, 2).direction > 0',
  'squeeze on', 'close > supertrend(5, 2) and not rsi(2)@15m > 50', 'volume > sma(5) or close = open',
] as const;

function read(text: string): Condition {
  const condition = readCondition(text, VOCABULARY);
  if (!condition.ok) throw new Error(condition.problem.message);
  return condition.value;
}

test.each(CONDITIONS)('by columns as candle by candle: %s', (text) => {
  const condition = read(text);
  const one = truthsOver(condition, BARS, { timeframe: '1m', sessionAt: ONE_SESSION });
  if (!one.ok) throw new Error(one.denial.message);
  const column = (pick: (bar: (typeof BARS)[number]) => number): Float64Array => Float64Array.from(BARS, pick);
  const columns = { length: BARS.length, time: column(({ time }) => time), open: column(({ open }) => open), high: column(({ high }) => high), low: column(({ low }) => low), close: column(({ close }) => close), volume: column(({ volume }) => volume), session: new Float64Array(BARS.length) };
  const own = new ColumnFrame(columns, columns.time.map((time) => time + MINUTE_MS), () => Infinity);
  const demands = demandsOf(plan(condition), '1m', 'talib');
  const higher = new Map(['15m'].map((timeframe) => [timeframe, cut(columns, timeframe)]));
  const truths = truthsOf(condition, { own, frame: (timeframe) => higher.get(timeframe), resolve: (source) => demands.resolve(source) });
  expect(Array.from(truths, (truth) => ['false', 'true', 'unknown'][truth])).toEqual(one.value);
});

/** Longer candles as history cuts them where sessions are one. */
function cut(columns: ColumnFrame['columns'], timeframe: string): ColumnFrame {
  const slotOf = slotsOfSessions(ONE_SESSION, timeframe);
  const rows: { time: number; until: number; open: number; high: number; low: number; close: number; volume: number }[] = [];
  for (let index = 0; index < columns.length; index += 1) {
    const at = columns.time[index] ?? NaN;
    const slot = slotOf(at);
    if (slot === undefined) continue;
    const [open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] = [columns.open[index], columns.high[index], columns.low[index], columns.close[index], columns.volume[index]];
    const row = rows.at(-1);
    if (row?.time === slot.start) Object.assign(row, { high: Math.max(row.high, high), low: Math.min(row.low, low), close, volume: row.volume + volume });
    else rows.push({ time: slot.start, until: slot.until, open, high, low, close, volume });
  }
  const column = (pick: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, pick);
  return new ColumnFrame({ length: rows.length, time: column(({ time }) => time), open: column(({ open }) => open), high: column(({ high }) => high), low: column(({ low }) => low), close: column(({ close }) => close), volume: column(({ volume }) => volume), session: new Float64Array(rows.length) }, column(({ until }) => until), () => Infinity);
}
