import * as technical from 'technicalindicators';
import * as signals from 'trading-signals';
import { Ema } from '../../runtime/domain/indicators/averages/ema';
import { Sma } from '../../runtime/domain/indicators/averages/sma';
import type { Bar } from '../../runtime/domain/indicators/core/bar';
import { FusedSix } from '../../runtime/domain/indicators/fused/fusedSix';
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

/** Different courses of prices, shared by the symbols; a power of two. More would not fit into the caches and measure the memory of the candles. */
export const COURSES = 16;

/** One indicator for each of many symbols. */
export interface Crowd {
  /** The next candle of every course. */
  feed(row: readonly Bar[]): void;
}

type MakeCrowd = (symbols: number) => Crowd;

/**
 * One class of ours and of each library, one candle at a time. All do the same: take the candle and say their first number, which whoever feeds them reads,
 * so that neither is spared what nobody looks at. Ours by `next`, trading-signals by `add`; neither looks whether the number is sound. Where `add` already
 * says numbers that are not settled (EMA), by `getResult` after it, because ours says that none is known. `whole` is ours by `update`, which looks whether
 * the number is sound and hands out all outputs, as trading-signals always does: the other end of what can be compared. The session VWAP stays an unequal
 * pair: theirs never starts afresh and has no bands.
 */
export interface StreamingContest {
  readonly name: string;
  readonly own: MakeCrowd;
  readonly whole: MakeCrowd;
  readonly technicalindicators?: MakeCrowd;
  readonly signals: MakeCrowd;
}

/** What a caller reads: a number, or that there is none. */
type Read = number | null | undefined;

/** Each contestant runs in a process of its own (streamingProcess.ts): in one process this loop would be as slow for each as the most various of its calls. */
function crowd<Kind>(make: () => Kind, update: (indicator: Kind, bar: Bar) => Read): MakeCrowd {
  return (symbols) => {
    const all = Array.from({ length: symbols }, make);
    const values = new Float64Array(symbols);
    return {
      feed: (row) => {
        for (let symbol = 0; symbol < all.length; symbol += 1) {
          const indicator = all[symbol];
          const bar = row[symbol & (COURSES - 1)];
          if (indicator === undefined || bar === undefined) continue;
          const value = update(indicator, bar);
          if (typeof value === 'number') values[symbol] = value;
        }
      },
    };
  };
}

/** What technicalindicators takes where its types name another input. */
interface Stepping {
  nextValue(input: never): unknown;
}

/** Theirs are typed loosely; a number out of several is not read. */
const numberIn = (value: unknown): Read => (typeof value === 'number' ? value : undefined);

const NONE: never[] = [];
const EMPTY = { high: NONE, low: NONE, close: NONE, volume: NONE, values: NONE };
const create = (kind: new (input: never) => Stepping, input: object): Stepping => new kind({ ...EMPTY, ...input } as never);

export const STREAMING: readonly StreamingContest[] = [
  {
    name: 'sma', own: crowd(() => new Sma({ period: 20 }), (own, bar) => own.next(bar.close)),
    whole: crowd(() => new Sma({ period: 20 }), (own, bar) => own.update(bar.close)),
    technicalindicators: crowd(() => create(technical.SMA, { period: 20 }), (other, bar) => numberIn(other.nextValue(bar.close as never))),
    signals: crowd(() => new signals.SMA(20), (other, bar) => other.add(bar.close)),
  },
  {
    name: 'ema', own: crowd(() => new Ema({ period: 21 }), (own, bar) => own.next(bar.close)),
    whole: crowd(() => new Ema({ period: 21 }), (own, bar) => own.update(bar.close)),
    technicalindicators: crowd(() => create(technical.EMA, { period: 21 }), (other, bar) => numberIn(other.nextValue(bar.close as never))),
    signals: crowd(() => new signals.EMA(21), (other, bar) => {
      other.add(bar.close);
      return other.getResult();
    }),
  },
  {
    name: 'rsi', own: crowd(() => new Rsi({ period: 14 }), (own, bar) => own.next(bar.close)),
    whole: crowd(() => new Rsi({ period: 14 }), (own, bar) => own.update(bar.close)),
    technicalindicators: crowd(() => create(technical.RSI, { period: 14 }), (other, bar) => numberIn(other.nextValue(bar.close as never))),
    signals: crowd(() => new signals.RSI(14), (other, bar) => other.add(bar.close)),
  },
  {
    name: 'macd', own: crowd(() => new Macd({ fast: 12, slow: 26, signal: 9 }), (own, bar) => own.next(bar.close)),
    whole: crowd(() => new Macd({ fast: 12, slow: 26, signal: 9 }), (own, bar) => own.update(bar.close)?.macd),
    technicalindicators: crowd(() => create(technical.MACD, TECHNICAL_MACD), (other, bar) => numberIn(other.nextValue(bar.close as never))),
    signals: crowd(() => new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9)), (other, bar) => other.add(bar.close)?.macd),
  },
  {
    name: 'bbands', own: crowd(() => new Bbands({ period: 20, multiplier: 2 }), (own, bar) => own.next(bar.close)),
    whole: crowd(() => new Bbands({ period: 20, multiplier: 2 }), (own, bar) => own.update(bar.close)?.middle),
    technicalindicators: crowd(() => create(technical.BollingerBands, { period: 20, stdDev: 2 }), (other, bar) => numberIn(other.nextValue(bar.close as never))),
    signals: crowd(() => new signals.BollingerBands(20, 2), (other, bar) => other.add(bar.close)?.middle),
  },
  {
    name: 'atr', own: crowd(() => new Atr({ period: 14 }), (own, bar) => own.next(bar)),
    whole: crowd(() => new Atr({ period: 14 }), (own, bar) => own.update(bar)),
    technicalindicators: crowd(() => create(technical.ATR, { period: 14 }), (other, bar) => numberIn(other.nextValue(bar as never))),
    signals: crowd(() => new signals.ATR(14), (other, bar) => other.add(bar)),
  },
  {
    name: 'adx', own: crowd(() => new Adx({ period: 14 }), (own, bar) => own.next(bar)),
    whole: crowd(() => new Adx({ period: 14 }), (own, bar) => own.update(bar)),
    technicalindicators: crowd(() => create(technical.ADX, { period: 14 }), (other, bar) => numberIn(other.nextValue(bar as never))),
    signals: crowd(() => new signals.ADX(14), (other, bar) => other.add(bar)),
  },
  {
    name: 'stochastic', own: crowd(() => new Stochastic({ period: 14, smoothing: 3, signal: 3 }), (own, bar) => own.next(bar)),
    whole: crowd(() => new Stochastic({ period: 14, smoothing: 3, signal: 3 }), (own, bar) => own.update(bar)?.k),
    technicalindicators: crowd(() => create(technical.Stochastic, { period: 14, signalPeriod: 3 }), (other, bar) => numberIn(other.nextValue(bar as never))),
    signals: crowd(() => new signals.StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 }), (other, bar) => other.add(bar)?.stochK),
  },
  {
    name: 'supertrend', own: crowd(() => new Supertrend({ period: 10, multiplier: 3 }), (own, bar) => own.next(bar)),
    whole: crowd(() => new Supertrend({ period: 10, multiplier: 3 }), (own, bar) => own.update(bar)?.value),
    signals: crowd(() => new signals.SuperTrend({ interval: 10, multiplier: 3 }), (other, bar) => other.add(bar)?.supertrend),
  },
  {
    name: 'vwap', own: crowd(() => new SessionVwap({ multiplier: 1 }), (own, bar) => own.next(bar)),
    whole: crowd(() => new SessionVwap({ multiplier: 1 }), (own, bar) => own.update(bar)?.value),
    technicalindicators: crowd(() => create(technical.VWAP, {}), (other, bar) => numberIn(other.nextValue(bar as never))),
    signals: crowd(() => new signals.VWAP(), (other, bar) => other.add(bar)),
  },
  {
    name: 'obv', own: crowd(() => new Obv({}), (own, bar) => own.next(bar)),
    whole: crowd(() => new Obv({}), (own, bar) => own.update(bar)),
    technicalindicators: crowd(() => create(technical.OBV, {}), (other, bar) => numberIn(other.nextValue(bar as never))),
    signals: crowd(() => new signals.OBV(2), (other, bar) => other.add(bar)),
  },
  {
    name: 'cci', own: crowd(() => new Cci({ period: 20 }), (own, bar) => own.next(bar)),
    whole: crowd(() => new Cci({ period: 20 }), (own, bar) => own.update(bar)),
    technicalindicators: crowd(() => create(technical.CCI, { period: 20 }), (other, bar) => numberIn(other.nextValue(bar as never))),
    signals: crowd(() => new signals.CCI(20), (other, bar) => other.add(bar)),
  },
];

export const SIX = ['ema', 'rsi', 'macd', 'atr', 'supertrend', 'vwap'];
export const FUSED = 'fused';

/** By name: a class of one side (`macd own`, `macd signals`), the six of one side together (`six own`), or `fused`. Throws for any other. */
export function crowdOf(contestant: string): MakeCrowd {
  if (contestant === FUSED) return fused;
  const [name, side] = contestant.split(' ');
  const contests = name === 'six' ? STREAMING.filter((contest) => SIX.includes(contest.name)) : STREAMING.filter((contest) => contest.name === name);
  const makers = contests.map((contest) => sideOf(contest, side));
  const [only] = makers;
  if (only === undefined) throw new Error(`There is no contestant ${contestant}.`);
  return makers.length === 1 ? only : together(makers.filter((make) => make !== undefined));
}

function sideOf(contest: StreamingContest, side: string | undefined): MakeCrowd | undefined {
  switch (side) {
    case 'own': case 'whole': case 'signals': case 'technicalindicators': return contest[side];
    case undefined: default: return undefined;
  }
}

function together(makers: readonly MakeCrowd[]): MakeCrowd {
  return (symbols) => {
    const crowds = makers.map((make) => make(symbols));
    return { feed: (row) => { for (const each of crowds) each.feed(row); } };
  };
}

const fused: MakeCrowd = (symbols) => {
  const six = new FusedSix({ symbols, ema: 21 });
  return {
    feed: (row) => {
      for (let symbol = 0; symbol < symbols; symbol += 1) {
        const bar = row[symbol & (COURSES - 1)];
        if (bar !== undefined) six.update(symbol, bar);
      }
    },
  };
};
