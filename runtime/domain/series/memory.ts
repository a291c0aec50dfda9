import type { IndicatorSpec } from '../indicators/core/define';
import { DAY_MS } from '../time';

/**
 * How far back an indicator's value remembers. window: a fixed number of candles. fading: an exponential average, in which everything leaves a trace that
 * shrinks. path: turns at certain candles and is the same from there on. total: adds up since the first candle ever. Sessions: how many before the current one.
 */
export type Memory = 'window' | 'fading' | 'path' | 'total' | { readonly sessions: number };

/** A day of trading is never longer: commodities trade from 09:00 to 23:55. */
const LONGEST_SESSION_MS = 15 * 3_600_000;

/** More is never asked of history. */
export const MOST_WARM_UP = 10_000;
/** Periods after which a first value weighs less than 1e-10 in the slowest average (Wilder's: e^-24). */
const FADING_PERIODS = 24;
/** Periods after which a candle's weight is small: below 5 % in Wilder's average, 0.3 % in an exponential one. */
const HEALING_PERIODS = 3;
/** Candles within which a trend has turned, so that where it began does not matter. */
const PATH_CANDLES = 1_500;
/** Kaufman's slowest average is one of about this many candles. */
const KAUFMAN_PERIOD = 240;

const MEMORIES: Readonly<Record<string, Memory>> = {
  ema: 'fading', dema: 'fading', tema: 'fading', kama: 'fading', rma: 'fading', rsi: 'fading', cmo: 'fading', macd: 'fading', trix: 'fading',
  stochasticRsi: 'fading', adx: 'fading', adxr: 'fading', plusDi: 'fading', minusDi: 'fading', dx: 'fading', atr: 'fading', natr: 'fading',
  keltner: 'fading', ppo: 'fading', chandelierExit: 'fading', adosc: 'fading', heikinAshi: 'fading',
  sar: 'path', supertrend: 'path',
  obv: 'total', ad: 'total', anchoredVwap: 'total',
  vwap: { sessions: 0 }, openingRange: { sessions: 0 }, previousDay: { sessions: 1 }, pivots: { sessions: 1 }, previousWeek: { sessions: 11 },
};

/** Candles that the last of several outputs needs, where that is more than the first value's. */
const LAST_OUTPUT: Readonly<Record<string, (numbers: Readonly<Record<string, number>>) => number>> = {
  ichimoku: ({ span = 0, displacement = 0 }) => span + displacement,
  squeeze: ({ period = 0 }) => 2 * period,
};

export function memoryOf({ name }: IndicatorSpec): Memory {
  return MEMORIES[name] ?? 'window';
}

/** What the candle lengths of an indicator's parameters come to. */
interface Extent {
  readonly spec: IndicatorSpec;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Index of the first value. */
  readonly begin: number;
}

/**
 * Closed candles that must stand behind a value so that it no longer depends on where history began: to 1e-9 where that is possible at all,
 * at most MOST_WARM_UP. What adds up for ever (obv, ad) counts from the oldest of them.
 */
export function warmUpOf({ spec, parameters, begin }: Extent, timeframeMs: number): number {
  const memory = memoryOf(spec);
  const candles = typeof memory === 'object' ? (memory.sessions + 1) * sessionCandles(timeframeMs) + 1 : {
    window: windowOf({ spec, parameters, begin }),
    fading: begin + 1 + FADING_PERIODS * longestPeriod(spec, parameters),
    path: begin + 1 + FADING_PERIODS * longestPeriod(spec, parameters) + PATH_CANDLES,
    total: MOST_WARM_UP,
  }[memory];
  return Math.min(MOST_WARM_UP, candles);
}

/**
 * For how many candles, itself included, a candle whose ticks were missed makes values unknown; in sessions after its own for what is bound to them.
 */
export function taintOf({ spec, parameters, begin }: Extent): { readonly candles: number } | { readonly sessions: number } {
  const memory = memoryOf(spec);
  if (typeof memory === 'object') return memory;
  if (memory === 'window') return { candles: windowOf({ spec, parameters, begin }) };
  return { candles: memory === 'total' ? 1 : begin + 1 + HEALING_PERIODS * longestPeriod(spec, parameters) };
}

function sessionCandles(timeframeMs: number): number {
  return timeframeMs >= DAY_MS ? 1 : Math.ceil(LONGEST_SESSION_MS / timeframeMs);
}

function windowOf({ spec, parameters, begin }: Extent): number {
  return Math.max(begin + 1, LAST_OUTPUT[spec.name]?.(numbersOf(spec, parameters)) ?? 0);
}

function longestPeriod(spec: IndicatorSpec, parameters: Readonly<Record<string, unknown>>): number {
  return Math.max(spec.name === 'kama' ? KAUFMAN_PERIOD : 1, ...Object.values(numbersOf(spec, parameters)));
}

function numbersOf(spec: IndicatorSpec, parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(spec.parameters.parse(parameters)).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
