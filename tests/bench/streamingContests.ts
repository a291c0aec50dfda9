import * as technical from 'technicalindicators';
import * as signals from 'trading-signals';
import { Ema } from '../../runtime/domain/indicators/averages/ema';
import { Sma } from '../../runtime/domain/indicators/averages/sma';
import type { Bar } from '../../runtime/domain/indicators/core/bar';
import { SessionVwap } from '../../runtime/domain/indicators/levels/vwap';
import { Cci } from '../../runtime/domain/indicators/momentum/cci';
import { Macd } from '../../runtime/domain/indicators/momentum/macd';
import { Rsi } from '../../runtime/domain/indicators/momentum/rsi';
import { Stochastic } from '../../runtime/domain/indicators/momentum/stochastic';
import { Adx } from '../../runtime/domain/indicators/trend/adx';
import { Supertrend } from '../../runtime/domain/indicators/trend/supertrend';
import { Atr } from '../../runtime/domain/indicators/volatility/atr';
import { Bbands } from '../../runtime/domain/indicators/volatility/bbands';
import { Obv } from '../../runtime/domain/indicators/volume/obv';
import { TECHNICAL_MACD } from './indicatorContests';

/** One indicator for each of many symbols. */
export interface Crowd {
  /** Every symbol's next candle, by symbol. */
  feed(row: readonly Bar[]): void;
}

/** One class of ours and of each library, one candle at a time. */
export interface StreamingContest {
  readonly name: string;
  readonly own: (symbols: number) => Crowd;
  readonly technicalindicators?: (symbols: number) => Crowd;
  readonly signals: (symbols: number) => Crowd;
}

function crowd<Kind>(make: () => Kind, update: (indicator: Kind, bar: Bar) => unknown): (symbols: number) => Crowd {
  return (symbols) => {
    const all = Array.from({ length: symbols }, make);
    return { feed: (row) => { feedAll(all, row, update); } };
  };
}

/** Only the loop is shared: what is called from it is written out for each class, or all would be as slow as the most various call. */
function feedAll<Kind>(all: readonly Kind[], row: readonly Bar[], update: (indicator: Kind, bar: Bar) => unknown): void {
  for (let symbol = 0; symbol < all.length; symbol += 1) {
    const [indicator, bar] = [all[symbol], row[symbol]];
    if (indicator !== undefined && bar !== undefined) update(indicator, bar);
  }
}

/** What technicalindicators takes where its types name another input. */
interface Stepping {
  nextValue(input: never): unknown;
}

const NONE: never[] = [];
const EMPTY = { high: NONE, low: NONE, close: NONE, volume: NONE, values: NONE };
const create = (kind: new (input: never) => Stepping, input: object): Stepping => new kind({ ...EMPTY, ...input } as never);

export const STREAMING: readonly StreamingContest[] = [
  {
    name: 'sma', own: crowd(() => new Sma({ period: 20 }), (own, bar) => own.next(bar.close)),
    technicalindicators: crowd(() => create(technical.SMA, { period: 20 }), (other, bar) => other.nextValue(bar.close as never)),
    signals: crowd(() => new signals.SMA(20), (other, bar) => other.add(bar.close)),
  },
  {
    name: 'ema', own: crowd(() => new Ema({ period: 21 }), (own, bar) => own.next(bar.close)),
    technicalindicators: crowd(() => create(technical.EMA, { period: 21 }), (other, bar) => other.nextValue(bar.close as never)),
    signals: crowd(() => new signals.EMA(21), (other, bar) => other.add(bar.close)),
  },
  {
    name: 'rsi', own: crowd(() => new Rsi({ period: 14 }), (own, bar) => own.next(bar.close)),
    technicalindicators: crowd(() => create(technical.RSI, { period: 14 }), (other, bar) => other.nextValue(bar.close as never)),
    signals: crowd(() => new signals.RSI(14), (other, bar) => other.add(bar.close)),
  },
  {
    name: 'macd', own: crowd(() => new Macd({ fast: 12, slow: 26, signal: 9 }), (own, bar) => own.next(bar.close)),
    technicalindicators: crowd(() => create(technical.MACD, TECHNICAL_MACD), (other, bar) => other.nextValue(bar.close as never)),
    signals: crowd(() => new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9)), (other, bar) => other.add(bar.close)),
  },
  {
    name: 'bbands', own: crowd(() => new Bbands({ period: 20, multiplier: 2 }), (own, bar) => own.next(bar.close)),
    technicalindicators: crowd(() => create(technical.BollingerBands, { period: 20, stdDev: 2 }), (other, bar) => other.nextValue(bar.close as never)),
    signals: crowd(() => new signals.BollingerBands(20, 2), (other, bar) => other.add(bar.close)),
  },
  {
    name: 'atr', own: crowd(() => new Atr({ period: 14 }), (own, bar) => own.next(bar)),
    technicalindicators: crowd(() => create(technical.ATR, { period: 14 }), (other, bar) => other.nextValue(bar as never)),
    signals: crowd(() => new signals.ATR(14), (other, bar) => other.add(bar)),
  },
  {
    name: 'adx', own: crowd(() => new Adx({ period: 14 }), (own, bar) => own.next(bar)),
    technicalindicators: crowd(() => create(technical.ADX, { period: 14 }), (other, bar) => other.nextValue(bar as never)),
    signals: crowd(() => new signals.ADX(14), (other, bar) => other.add(bar)),
  },
  {
    name: 'stochastic', own: crowd(() => new Stochastic({ period: 14, smoothing: 3, signal: 3 }), (own, bar) => own.next(bar)),
    technicalindicators: crowd(() => create(technical.Stochastic, { period: 14, signalPeriod: 3 }), (other, bar) => other.nextValue(bar as never)),
    signals: crowd(() => new signals.StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 }), (other, bar) => other.add(bar)),
  },
  {
    name: 'supertrend', own: crowd(() => new Supertrend({ period: 10, multiplier: 3 }), (own, bar) => own.next(bar)),
    signals: crowd(() => new signals.SuperTrend({ interval: 10, multiplier: 3 }), (other, bar) => other.add(bar)),
  },
  {
    name: 'vwap', own: crowd(() => new SessionVwap({ multiplier: 1 }), (own, bar) => own.next(bar)),
    technicalindicators: crowd(() => create(technical.VWAP, {}), (other, bar) => other.nextValue(bar as never)),
    signals: crowd(() => new signals.VWAP(), (other, bar) => other.add(bar)),
  },
  {
    name: 'obv', own: crowd(() => new Obv({}), (own, bar) => own.next(bar)),
    technicalindicators: crowd(() => create(technical.OBV, {}), (other, bar) => other.nextValue(bar as never)),
    signals: crowd(() => new signals.OBV(2), (other, bar) => other.add(bar)),
  },
  {
    name: 'cci', own: crowd(() => new Cci({ period: 20 }), (own, bar) => own.next(bar)),
    technicalindicators: crowd(() => create(technical.CCI, { period: 20 }), (other, bar) => other.nextValue(bar as never)),
    signals: crowd(() => new signals.CCI(20), (other, bar) => other.add(bar)),
  },
];
