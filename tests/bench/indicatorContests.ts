import * as technical from 'technicalindicators';
import * as signals from 'trading-signals';
import type { Bar } from '../../runtime/domain/indicators/core/bar';

/** What one of the libraries makes of many candles at once. Results are those of the output that is compared, newest last; not all of them are correct. */
export interface Library {
  readonly name: 'technicalindicators' | 'trading-signals';
  batch(columns: Columns): readonly (number | undefined)[];
}

/** The columns of a history as plain arrays, which is what the libraries take. */
export interface Columns {
  readonly bars: readonly Bar[];
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
  readonly volume: number[];
}

/** One indicator in every implementation there is, with the lengths that reference values use. */
export interface IndicatorContest {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  /** The output that is compared. */
  readonly output: string;
  readonly libraries: readonly Library[];
}

/** One of technicalindicators' classes. Its types want instances of classes without behaviour; plain objects are what it takes. */
interface TechnicalClass {
  calculate(input: never): readonly unknown[];
}

type Take<T> = (bar: Bar) => T;
type Read = (value: unknown) => number | undefined;

const close: Take<number> = (bar) => bar.close;
const whole: Take<Bar> = (bar) => bar;
const asIs: Read = (value) => (typeof value === 'number' ? value : undefined);
const field = (name: string): Read => (value) => (typeof value === 'object' && value !== null ? asIs(Object.entries(value).find(([key]) => key === name)?.[1]) : undefined);

function technicalOf(kind: TechnicalClass, input: (columns: Columns) => object, read = asIs): Library {
  return { name: 'technicalindicators', batch: (columns) => kind.calculate(input(columns) as never).map(read) };
}

function signalsOf<Input>(create: () => { updates(inputs: readonly Input[], replace: boolean): readonly unknown[] }, pick: Take<Input>, read = asIs): Library {
  return { name: 'trading-signals', batch: ({ bars }) => create().updates(bars.map(pick), false).map(read) };
}

const values = ({ close: column }: Columns) => ({ values: column });
const ranges = ({ high, low, close: column }: Columns) => ({ high, low, close: column });
export const TECHNICAL_MACD = { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9, SimpleMAOscillator: false, SimpleMASignal: false };

export const CONTESTS: readonly IndicatorContest[] = [
  { name: 'sma', parameters: { period: 20 }, output: 'value', libraries: [technicalOf(technical.SMA, (c) => ({ period: 20, ...values(c) })), signalsOf(() => new signals.SMA(20), close)] },
  { name: 'ema', parameters: { period: 21 }, output: 'value', libraries: [technicalOf(technical.EMA, (c) => ({ period: 21, ...values(c) })), signalsOf(() => new signals.EMA(21), close)] },
  { name: 'rsi', parameters: { period: 14 }, output: 'value', libraries: [technicalOf(technical.RSI, (c) => ({ period: 14, ...values(c) })), signalsOf(() => new signals.RSI(14), close)] },
  {
    name: 'macd', parameters: { fast: 12, slow: 26, signal: 9 }, output: 'macd', libraries: [
      technicalOf(technical.MACD, (c) => ({ ...TECHNICAL_MACD, ...values(c) }), field('MACD')),
      signalsOf(() => new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9)), close, field('macd')),
    ],
  },
  {
    name: 'bbands', parameters: { period: 20, multiplier: 2 }, output: 'upper', libraries: [
      technicalOf(technical.BollingerBands, (c) => ({ period: 20, stdDev: 2, ...values(c) }), field('upper')), signalsOf(() => new signals.BollingerBands(20, 2), close, field('upper')),
    ],
  },
  { name: 'atr', parameters: { period: 14 }, output: 'value', libraries: [technicalOf(technical.ATR, (c) => ({ period: 14, ...ranges(c) })), signalsOf(() => new signals.ATR(14), whole)] },
  { name: 'adx', parameters: { period: 14 }, output: 'value', libraries: [technicalOf(technical.ADX, (c) => ({ period: 14, ...ranges(c) }), field('adx')), signalsOf(() => new signals.ADX(14), whole)] },
  {
    name: 'stochastic', parameters: { period: 14, smoothing: 3, signal: 3 }, output: 'k', libraries: [
      technicalOf(technical.Stochastic, (c) => ({ period: 14, signalPeriod: 3, ...ranges(c) }), field('k')),
      signalsOf(() => new signals.StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 }), whole, field('stochK')),
    ],
  },
  { name: 'supertrend', parameters: { period: 10, multiplier: 3 }, output: 'value', libraries: [signalsOf(() => new signals.SuperTrend({ interval: 10, multiplier: 3 }), whole, field('supertrend'))] },
  { name: 'vwap', parameters: {}, output: 'value', libraries: [technicalOf(technical.VWAP, (c) => ({ volume: c.volume, ...ranges(c) })), signalsOf(() => new signals.VWAP(), whole)] },
  { name: 'obv', parameters: { convention: 'pine' }, output: 'value', libraries: [technicalOf(technical.OBV, (c) => ({ close: c.close, volume: c.volume })), signalsOf(() => new signals.OBV(2), whole)] },
  { name: 'cci', parameters: { period: 20 }, output: 'value', libraries: [technicalOf(technical.CCI, (c) => ({ period: 20, ...ranges(c) })), signalsOf(() => new signals.CCI(20), whole)] },
];

export function columnsFor(bars: readonly Bar[]): Columns {
  return { bars, high: bars.map((bar) => bar.high), low: bars.map((bar) => bar.low), close: bars.map(close), volume: bars.map((bar) => bar.volume) };
}
