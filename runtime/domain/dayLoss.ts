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
 * and from the entry for the rest. Both the gate and the breaker count it so.
 */
export function dayLoss({ realisedToday, carriedToday = asMoney(0), positions, quoteOf, now, maxQuoteAgeMs }: DayLossQuestion): DayLoss {
  let open = 0;
  const leftOut: InstrumentKey[] = [];
  for (const position of positions) {
    const quote = quoteOf(position.instrument);
    if (quote !== undefined && now - quote.at <= maxQuoteAgeMs) open += unrealisedPnl(position, quote.last);
    else if (position.strategyId === EXTERNAL_STRATEGY) {
      leftOut.push(position.instrument);
      open += carriedIn(position, now);
    }
    else return { loss: 0, missing: position.instrument, leftOut };
  }
  return { loss: -fromMoney(asMoney(realisedToday - carriedToday + open)) + 0, leftOut };
}

/** What is left out stands where the close before has counted it: else that count alone would be a loss, or hide one. */
function carriedIn(position: Position, now: EpochMs): number {
  const { carriedOn, carriedAt } = position;
  return carriedAt === undefined || carriedOn !== indiaDate(now) ? 0 : unrealisedPnl(position, carriedAt);
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
