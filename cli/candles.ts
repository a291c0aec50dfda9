import { readCandleFile } from '../runtime/adapters/candleFile/readCandleFile';
import type { Candle } from '../runtime/domain/candle/candle';
import { slotsOf } from '../runtime/domain/candle/slot';
import { readTimeframe, timeframeMs } from '../runtime/domain/condition';
import { Convention } from '../runtime/domain/indicators/core/convention';
import { Exchange } from '../runtime/domain/market';
import { ONE_SESSION, sessionsOfCalendar, sessionsOfDays, type HistoryOptions, type SessionAt } from '../runtime/domain/series';
import { createTradingCalendar } from '../runtime/domain/session';
import { DAY_MS, MINUTE_MS } from '../runtime/domain/time';
import { UsageError } from './arguments';
import type { World } from './main';

/** Options that say how the candles of a file are meant. */
export const CANDLE_OPTIONS = {
  timeframe: { type: 'string' }, times: { type: 'string' }, symbol: { type: 'string' }, exchange: { type: 'string' }, convention: { type: 'string' },
} as const;

export type CandleWords = { readonly [Name in keyof typeof CANDLE_OPTIONS]?: string | undefined };

/** The candles of a file and how they are to be read. */
export interface CandleInput {
  readonly candles: readonly Candle[];
  /** Whether the file says when its candles were. */
  readonly timed: boolean;
  readonly history: HistoryOptions;
}

/** Rows that were left out are named up to this many. */
const PROBLEMS_SHOWN = 5;

/** Reads the file that the command names; what was left out of it is said on standard error. */
export function readCandles(file: string, words: CandleWords, world: World): CandleInput {
  const convention = Convention.safeParse(words.convention ?? 'talib');
  if (!convention.success) throw new UsageError(`--convention is talib or pine, not "${words.convention ?? ''}".`);
  if (words.times !== undefined && words.times !== 'start' && words.times !== 'end') throw new UsageError(`--times is start or end, not "${words.times}".`);
  const named = words.timeframe === undefined ? undefined : readTimeframe(words.timeframe);
  if (words.timeframe !== undefined && named === undefined) throw new UsageError(`--timeframe is a timeframe such as 1m, 15m, 1h or 1d, not "${words.timeframe}".`);
  const text = world.readText(file);
  const read = readCandleFile(text, {
    timeIs: words.times ?? 'start', ...(words.symbol === undefined ? {} : { symbol: words.symbol }), ...(named === undefined ? {} : { timeframeMs: timeframeMs(named) }),
  });
  for (const { line, message } of read.problems.slice(0, PROBLEMS_SHOWN)) world.err(`bellwether: ${file}, line ${line}: ${message}\n`);
  if (read.problemCount > PROBLEMS_SHOWN) world.err(`bellwether: ${file}: ${read.problemCount - PROBLEMS_SHOWN} more rows like that\n`);
  if (read.candles.length === 0) throw new Error(`${file} holds no candle.`);
  const timeframe = named ?? (read.timed ? spacingOf(read.candles) : '1m');
  if (!read.timed) {
    if (words.exchange !== undefined) throw new UsageError(`--exchange means nothing to ${file}: it says nowhere when its candles were.`);
    const candles = read.candles.map((candle) => ({ ...candle, time: candle.time * timeframeMs(timeframe) }));
    return { candles, timed: false, history: { timeframe, convention: convention.data, sessionAt: ONE_SESSION } };
  }
  const hours = words.exchange === undefined ? { sessionAt: sessionsOfDays() } : hoursOf(words.exchange, read.symbol ?? '');
  return { candles: inHours(read.candles, words.exchange, { ...hours, file, world }), timed: true, history: { timeframe, convention: convention.data, ...hours } };
}

function hoursOf(text: string, base: string): Pick<HistoryOptions, 'sessionAt' | 'slots'> {
  const exchange = Exchange.safeParse(text.toUpperCase());
  if (!exchange.success) throw new UsageError(`--exchange is one of ${Exchange.options.join(', ')}, not "${text}".`);
  const of = { exchange: exchange.data, base };
  const calendar = createTradingCalendar();
  return { sessionAt: sessionsOfCalendar(calendar, of), slots: (timeframe) => slotsOf(calendar, of, timeframe) };
}

/** Candles of the exchange's sessions; what is outside (a pre-open print, a row after the close) is left out, and said. */
function inHours(candles: readonly Candle[], exchange: string | undefined, { sessionAt, file, world }: { readonly sessionAt: SessionAt; readonly file: string; readonly world: World }): readonly Candle[] {
  if (exchange === undefined) return candles;
  const kept = candles.filter(({ time }) => sessionAt(time) !== undefined);
  if (kept.length < candles.length) world.err(`bellwether: ${file}: ${candles.length - kept.length} candles start outside of the sessions of ${exchange} and were left out\n`);
  if (kept.length === 0) throw new Error(`${file} holds no candle of a session of ${exchange}.`);
  return kept;
}

/** The timeframe that most neighbours are apart. */
function spacingOf(candles: readonly Candle[]): string {
  const counts = new Map<number, number>();
  for (let index = 1; index < candles.length; index += 1) {
    const gap = (candles[index]?.time ?? NaN) - (candles[index - 1]?.time ?? NaN);
    counts.set(gap, (counts.get(gap) ?? 0) + 1);
  }
  const [gap = MINUTE_MS] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const text = gap % DAY_MS === 0 ? readTimeframe(`${gap / DAY_MS}d`) : readTimeframe(`${gap / MINUTE_MS}m`);
  if (text === undefined) throw new UsageError(`The candles are ${gap} ms apart, which is no timeframe: name it with --timeframe.`);
  return text;
}
