import { readCandleFile } from '../runtime/adapters/candleFile/readCandleFile';
import type { Candle } from '../runtime/domain/candle/candle';
import { readTimeframe, timeframeMs } from '../runtime/domain/condition';
import { Convention } from '../runtime/domain/indicators/core/convention';
import { ONE_SESSION, sessionsOfDays, type HistoryOptions } from '../runtime/domain/series';
import { MINUTE_MS } from '../runtime/domain/time';
import { UsageError } from './arguments';
import type { World } from './main';

/** Options that say how the candles of a file are meant. */
export const CANDLE_OPTIONS = {
  timeframe: { type: 'string' }, times: { type: 'string' }, symbol: { type: 'string' }, convention: { type: 'string' },
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
const DAY_MS = 86_400_000;

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
  const candles = read.timed ? read.candles : read.candles.map((candle) => ({ ...candle, time: candle.time * timeframeMs(timeframe) }));
  return { candles, timed: read.timed, history: { timeframe, convention: convention.data, sessionAt: read.timed ? sessionsOfDays() : ONE_SESSION } };
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
