import { EXTERNAL_STRATEGY } from './ledger/difference';
import type { InstrumentKey, Quote } from './market';
import { asMoney, fromMoney, MONEY_SCALE, type Money } from './money';
import { unrealisedPnl, type Position } from './position';
import { indiaDate } from './session';
import type { EpochMs, IsoDate } from './time';

export interface DayLossQuestion {
  /** Realised profit less charges of today. */
  readonly realisedToday: Money;
  /** What positions that were carried into the day had already won (lost: negative) by the close before; it is no result of today. */
  readonly carriedToday?: Money;
  /** Every position of the account that is not flat. */
  readonly positions: readonly Position[];
  readonly quoteOf: (instrument: InstrumentKey) => Quote | undefined;
  readonly now: EpochMs;
  readonly maxQuoteAgeMs: number;
}

export interface DayLoss {
  /** In rupees; a profit is negative. */
  readonly loss: number;
  /** A flow's position without a fresh price: the loss is not known. */
  readonly missing?: InstrumentKey;
  /** Positions traded by hand without a fresh price. They are a person's to watch and are left out, so that one unknown symbol does not blind the breaker for everything else. */
  readonly leftOut: readonly InstrumentKey[];
}

/**
 * The day's loss of an account: what was realised today, charges included, and what is open, measured from the close before for what was carried into the day
 * and from the entry for the rest. Both the gate and the breaker count it so, also before the close is in the day's counters.
 */
export function dayLoss({ realisedToday, carriedToday = asMoney(0), positions, quoteOf, now, maxQuoteAgeMs }: DayLossQuestion): DayLoss {
  let open = 0;
  const leftOut: InstrumentKey[] = [];
  const today = indiaDate(now);
  for (const position of positions) {
    const quote = quoteOf(position.instrument);
    if (quote !== undefined && now - quote.at <= maxQuoteAgeMs) open += unrealisedPnl(position, quote.last) - (uncountedCarry(position, quote, today, indiaDate)?.carried ?? 0);
    else if (position.strategyId === EXTERNAL_STRATEGY) {
      leftOut.push(position.instrument);
      open += carriedIn(position, now);
    }
    else return { loss: 0, missing: position.instrument, leftOut };
  }
  return { loss: -fromMoney(asMoney(realisedToday - carriedToday + open)) + 0, leftOut };
}

/** What is left out stands where the close before has counted it: else that count alone would be a loss, or hide one. */
function carriedIn({ quantity, openValue, carriedOn, carriedAt, adopted }: Position, now: EpochMs): number {
  if (carriedAt === undefined || carriedOn !== indiaDate(now)) return 0;
  return unrealisedPnl({ quantity: quantity - (adopted?.quantity ?? 0), openValue: asMoney(openValue - (adopted?.openValue ?? 0)) }, carriedAt);
}

/**
 * What a position had won by the price from which it counts today, where that is not in the day's counters yet. One from an earlier day counts from the close before, as soon as that is known.
 * Units that were adopted from the broker's list count as carried in as well: nobody traded them today as far as is known. They count from the close before, where it is known, else from the
 * newest price at their adoption.
 */
export function uncountedCarry(position: Position, quote: Quote | undefined, today: IsoDate, dayOf: (at: EpochMs) => IsoDate): { readonly close: Money; readonly carried: Money } | undefined {
  const { adopted } = position;
  const isOfEarlierDay = position.carriedOn !== today && dayOf(position.updatedAt) < today;
  if (!isOfEarlierDay && adopted === undefined) return undefined;
  const before = closeBefore(quote, today, dayOf);
  const close = adopted === undefined ? before : before ?? quote?.last;
  if (close === undefined) return undefined;
  const counted = isOfEarlierDay && before !== undefined ? position : adopted;
  return counted === undefined ? undefined : { close, carried: unrealisedPnl(counted, close) };
}

/** A percentage of the capital, to the nearest money unit: limits are compared as exactly as the ledgers they are held against. In rupees. */
export function percentOfCapital(capital: number, percent: number): number {
  return Math.round(((capital * percent) / 100) * MONEY_SCALE) / MONEY_SCALE;
}

/**
 * The close before a day, as far as a quote tells: the last price where it is of an earlier day, else what the source says of the day before.
 * Undefined where neither is known: then the position counts from its entry.
 */
export function closeBefore(quote: Quote | undefined, today: IsoDate, dayOf: (at: EpochMs) => IsoDate): Money | undefined {
  if (quote === undefined) return undefined;
  return dayOf(quote.at) < today ? quote.last : quote.previousClose;
}
