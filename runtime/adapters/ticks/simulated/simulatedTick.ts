import type { Depth, DepthLevel, Tick } from '../../../domain/feed';
import { tickSizeAt } from '../../../domain/instrument';
import type { Instrument } from '../../../domain/market';
import { asMoney, type Money } from '../../../domain/money';
import { indiaMidnight } from '../../../domain/session';
import { SECOND_MS, type EpochMs } from '../../../domain/time';
import { basePrice, simulatedQuote } from './simulatedQuote';

/** Rupees that change hands in one simulated instrument a second, more or less. */
const TURNOVER_PER_SECOND = 500_000;
/** The slow swing of trading over minutes, as a part of the average: never negative, so the day's volume never falls. */
const SWING = 0.8;
const SWING_PERIOD_SECONDS = 431;
const LEVELS = 5;

/** The quote of the simulated market as a tick, with the day's volume so far (none for an index). The same for the same arguments, as `simulatedQuote`. */
export function simulatedTick(instrument: Instrument, at: EpochMs, seed: number): Tick {
  const { bid, ask, last } = simulatedQuote(instrument, at, seed);
  const tick = { instrument: instrument.key, last, bid, ask, at };
  return instrument.segment === 'index' ? tick : { ...tick, dayVolume: dayVolume(instrument, at) };
}

/** Units traded since the day began in India: a rate with a swing, summed exactly, in whole lots of the base price. It never falls within a day. */
function dayVolume(instrument: Instrument, at: EpochMs): number {
  const seconds = (at - indiaMidnight(at)) / SECOND_MS;
  const lots = (TURNOVER_PER_SECOND * (seconds + swung(seconds))) / (basePrice(instrument) * instrument.lotSize);
  return Math.floor(lots) * instrument.lotSize;
}

/** The integral of SWING * sin(2 pi s / period) from 0. */
function swung(seconds: number): number {
  const turn = (2 * Math.PI) / SWING_PERIOD_SECONDS;
  return (SWING / turn) * (1 - Math.cos(turn * seconds));
}

/** Five levels around the quote, a tick apart, with quantities that grow away from it. */
export function simulatedDepth(instrument: Instrument, { bid, ask, at }: Tick): Depth {
  const levels = (best: Money | undefined, direction: 1 | -1): readonly DepthLevel[] => {
    if (best === undefined) return [];
    const step = tickSizeAt(instrument, best);
    return Array.from({ length: LEVELS }, (_, level) => ({ price: asMoney(best + direction * level * step), quantity: (level + 1) * 25 * instrument.lotSize, orders: level + 2 })).filter(({ price }) => price > 0);
  };
  return { instrument: instrument.key, bids: levels(bid, -1), asks: levels(ask, 1), at };
}
