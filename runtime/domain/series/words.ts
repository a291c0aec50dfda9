/** How an indicator is written in a condition, where that is not just its name. */
export interface Wording {
  /** The word of the language; the indicator's own name is understood too. */
  readonly name?: string;
  /** Other words that people write for it. Capitals do not matter. */
  readonly aliases?: readonly string[];
  /** Parameters that are written as a duration (`15m`): the indicator counts them in minutes. */
  readonly durations?: readonly string[];
  /** The output that the bare name stands for, where none of them is called `value`. Absent: one must be named. */
  readonly bare?: string;
}

/** By the indicator's name. Only words that mean one thing: nothing here guesses. */
export const WORDINGS: Readonly<Record<string, Wording>> = {
  sma: { aliases: ['ma'] },
  bbands: { aliases: ['bb', 'bollinger', 'bollingerBands'] },
  stochastic: { aliases: ['stoch'] },
  stochasticFast: { aliases: ['stochf'] },
  stochasticRsi: { aliases: ['stochrsi'] },
  williamsR: { aliases: ['willr', 'wpr'] },
  momentum: { aliases: ['mom'] },
  balanceOfPower: { aliases: ['bop'] },
  ultimateOscillator: { aliases: ['ultosc'] },
  aroonOscillator: { aliases: ['aroonosc'] },
  linearRegression: { aliases: ['linreg', 'lsma'] },
  linearRegressionSlope: { aliases: ['slope'] },
  highest: { aliases: ['hhv'] },
  lowest: { aliases: ['llv'] },
  sar: { aliases: ['psar'] },
  supertrend: { aliases: ['st'] },
  trueRange: { aliases: ['tr', 'trange'] },
  stddev: { aliases: ['stdev'] },
  plusDi: { aliases: ['diPlus'] },
  minusDi: { aliases: ['diMinus'] },
  heikinAshi: { aliases: ['ha'] },
  donchian: { aliases: ['dc'] },
  keltner: { aliases: ['kc'] },
  chandelierExit: { aliases: ['chandelier'] },
  openingRange: { name: 'orb', durations: ['minutes'] },
  anchoredVwap: { aliases: ['avwap'] },
  previousDay: { aliases: ['pd'] },
  previousWeek: { aliases: ['pw'] },
  pivots: { aliases: ['pivot', 'cpr'] },
  squeeze: { bare: 'on' },
  rangeCompression: { bare: 'compressed' },
  volumeBreakout: { bare: 'breakout' },
};
