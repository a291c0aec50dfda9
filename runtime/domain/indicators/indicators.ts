import { PATTERNS } from '../patterns/patterns';
import { patternSpec } from '../patterns/pattern';
import { alma } from './averages/alma';
import { dema } from './averages/dema';
import { ema } from './averages/ema';
import { hma } from './averages/hma';
import { kama } from './averages/kama';
import { rma } from './averages/rma';
import { sma } from './averages/sma';
import { tema } from './averages/tema';
import { trima } from './averages/trima';
import { wma } from './averages/wma';
import type { IndicatorSpec } from './core/define';
import { openingRange } from './levels/openingRange';
import { pivots } from './levels/pivots';
import { previousDay, previousWeek } from './levels/previousLevels';
import { anchoredVwap, vwap } from './levels/vwap';
import { balanceOfPower } from './momentum/balanceOfPower';
import { cci } from './momentum/cci';
import { cmo } from './momentum/cmo';
import { macd } from './momentum/macd';
import { momentum } from './momentum/momentum';
import { ppo } from './momentum/ppo';
import { roc } from './momentum/roc';
import { rsi } from './momentum/rsi';
import { stochastic } from './momentum/stochastic';
import { stochasticFast } from './momentum/stochasticFast';
import { stochasticRsi } from './momentum/stochasticRsi';
import { trix } from './momentum/trix';
import { ultimateOscillator } from './momentum/ultimateOscillator';
import { williamsR } from './momentum/williamsR';
import { adx } from './trend/adx';
import { adxr } from './trend/adxr';
import { aroon, aroonOscillator } from './trend/aroon';
import { dx, minusDi, plusDi } from './trend/directionalIndicators';
import { highest, lowest } from './trend/extremes';
import { heikinAshi } from './trend/heikinAshi';
import { ichimoku } from './trend/ichimoku';
import { linearRegression, linearRegressionSlope } from './trend/linearRegression';
import { sar } from './trend/sar';
import { supertrend } from './trend/supertrend';
import { atr } from './volatility/atr';
import { bbands } from './volatility/bbands';
import { chandelierExit } from './volatility/chandelierExit';
import { donchian, keltner } from './volatility/channels';
import { natr } from './volatility/natr';
import { rangeCompression } from './volatility/rangeCompression';
import { squeeze } from './volatility/squeeze';
import { stddev } from './volatility/stddev';
import { trueRange } from './volatility/trueRange';
import { zScore } from './volatility/zScore';
import { ad } from './volume/ad';
import { adosc } from './volume/adosc';
import { mfi } from './volume/mfi';
import { obv } from './volume/obv';
import { volumeBreakout } from './volume/volumeBreakout';
import { vwma } from './volume/vwma';

/** Every indicator there is, patterns included. A new one stands in its own file and in this list. */
export const INDICATORS: readonly IndicatorSpec[] = [
  sma, ema, wma, dema, tema, kama, trima, rma, hma, alma, vwma,
  rsi, cmo, macd, ppo, trix, roc, momentum, stochastic, stochasticFast, stochasticRsi, cci, williamsR, ultimateOscillator, balanceOfPower,
  adx, adxr, plusDi, minusDi, dx, aroon, aroonOscillator, sar, linearRegression, linearRegressionSlope, highest, lowest,
  supertrend, ichimoku, heikinAshi,
  trueRange, atr, natr, stddev, bbands, zScore, keltner, donchian, chandelierExit, squeeze, rangeCompression,
  obv, ad, adosc, mfi, volumeBreakout,
  vwap, anchoredVwap, openingRange, previousDay, previousWeek, pivots,
  ...PATTERNS.map(patternSpec),
];

const BY_NAME: ReadonlyMap<string, IndicatorSpec> = new Map(INDICATORS.map((spec) => [spec.name, spec]));

/** The indicator of that name, exactly as spelled in the list. */
export function indicatorNamed(name: string): IndicatorSpec | undefined {
  return BY_NAME.get(name);
}
