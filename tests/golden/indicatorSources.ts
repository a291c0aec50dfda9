/** Whose formula an indicator follows, for the guide. TA-Lib's names are those of its functions. */
export const SOURCES: Readonly<Record<string, string>> = {
  sma: 'TA-Lib SMA', ema: 'TA-Lib EMA', wma: 'TA-Lib WMA', dema: 'Mulloy 1994, TA-Lib DEMA', tema: 'Mulloy 1994, TA-Lib TEMA', kama: 'Kaufman 1995, TA-Lib KAMA', trima: 'TA-Lib TRIMA',
  rma: 'Wilder 1978, Pine ta.rma', hma: 'Hull 2005, Pine ta.hma', alma: 'Legoux and Kouzis-Loukas 2009, Pine ta.alma', vwma: 'Pine ta.vwma',
  rsi: 'Wilder 1978, TA-Lib RSI', cmo: 'Chande 1994, TA-Lib CMO', macd: 'Appel 1979, TA-Lib MACD', ppo: 'TA-Lib PPO, exponential', trix: 'Hutson 1983, TA-Lib TRIX', roc: 'TA-Lib ROC', momentum: 'TA-Lib MOM',
  stochastic: 'Lane, TA-Lib STOCH', stochasticFast: 'Lane, TA-Lib STOCHF', stochasticRsi: 'Chande and Kroll 1994, TA-Lib STOCHRSI', cci: 'Lambert 1980, TA-Lib CCI', williamsR: 'Williams, TA-Lib WILLR',
  ultimateOscillator: 'Williams 1985, TA-Lib ULTOSC', balanceOfPower: 'Livshin 2001, TA-Lib BOP',
  adx: 'Wilder 1978, TA-Lib ADX', adxr: 'Wilder 1978, TA-Lib ADXR', plusDi: 'Wilder 1978, TA-Lib PLUS_DI', minusDi: 'Wilder 1978, TA-Lib MINUS_DI', dx: 'Wilder 1978, TA-Lib DX',
  aroon: 'Chande 1995, TA-Lib AROON', aroonOscillator: 'Chande 1995, TA-Lib AROONOSC', sar: 'Wilder 1978, TA-Lib SAR', linearRegression: 'TA-Lib LINEARREG', linearRegressionSlope: 'TA-Lib LINEARREG_SLOPE',
  highest: 'TA-Lib MAX', lowest: 'TA-Lib MIN', supertrend: 'Seban 2009, Pine ta.supertrend', ichimoku: 'Hosoda 1969', heikinAshi: 'Valcu 2004',
  trueRange: 'Wilder 1978, TA-Lib TRANGE', atr: 'Wilder 1978, TA-Lib ATR', natr: 'TA-Lib NATR', stddev: 'TA-Lib STDDEV, population', bbands: 'Bollinger, TA-Lib BBANDS', zScore: '(price - mean) / deviation',
  keltner: 'Keltner 1960 as Raschke changed it', donchian: 'Donchian', chandelierExit: 'Le Beau', squeeze: 'Carter 2005: Bollinger inside Keltner', rangeCompression: 'range / mean range before it',
  obv: 'Granville 1963, TA-Lib OBV', ad: 'Chaikin, TA-Lib AD', adosc: 'Chaikin, TA-Lib ADOSC', mfi: 'Quong and Soudack, TA-Lib MFI', volumeBreakout: 'volume / mean volume before it',
  vwap: 'Pine ta.vwap, by session', anchoredVwap: 'since a moment', openingRange: 'first minutes of the session', previousDay: 'session before', previousWeek: 'week before, from Monday',
  pivots: 'floor, Fibonacci, Camarilla (Stott 1989); central range', insideBar: 'within the candle before', strongCandle: 'body over 60 % of the range, closes in its outer quarter',
};
