import { MONEY_SCALE } from '../../domain/money';
import type { Depth, Tick } from '../../domain/feed';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../domain/time';

/** Ahead of our clock by more is absurd; exchanges and brokers keep theirs within a second. */
const MOST_AHEAD_MS = 5 * SECOND_MS;
/** Older is absurd: a unit mistake (seconds taken for milliseconds), not the last trade before a long weekend. */
const MOST_BEHIND_MS = 7 * 24 * 60 * MINUTE_MS;
/** A price that is this many times the reference, or one part in as many of it, has to be confirmed. */
const QUESTIONED = 4;
/** From here on it looks like a mistake of unit (paise for rupees), which a broken source repeats with every tick. */
const UNIT_MISTAKE = 20;
/** One rupee on both sides of a comparison: an option that goes from 0.05 to 0.25 has moved one small step, not fivefold. */
const SOFTENED = MONEY_SCALE;
/** Ticks within a quarter of each other say the same. */
const AGREEING = 1.25;
/** A questioned price is believed when this many ticks in a row say the same ... */
const CONFIRMATIONS = 3;
/** ... over at least this much of the source's time, */
const CONFIRMED_AFTER_MS = 10 * SECOND_MS;
/** or this much where it looks like a mistake of unit and the reference is no older than this: a contract that did not trade for longer may really have jumped. */
const FRESH_MS = 30 * MINUTE_MS;
/** A reference of fewer ticks may itself be the mistake and holds nobody up for longer than `CONFIRMED_AFTER_MS`. */
const ESTABLISHED = 3;

/** What is known of one instrument's prices. Changed in place: it is asked for every tick. */
export interface PriceMemory {
  /** The last price that was believed, when, and how many before it agreed (up to `ESTABLISHED`). 0 ticks: none yet. */
  reference: number;
  referenceAt: EpochMs;
  ticks: number;
  /** A questioned price that waits for confirmation. 0 ticks: none. */
  questioned: number;
  questionedSince: EpochMs;
  questionedTicks: number;
}

export function priceMemory(): PriceMemory {
  return { reference: 0, referenceAt: 0, ticks: 0, questioned: 0, questionedSince: 0, questionedTicks: 0 };
}

/**
 * Why a tick is not to be believed; undefined for one that is.
 *
 * Never believed: a price that is not above zero, a bid above the ask, a time more than 5 s ahead of the clock or more than 7 days behind it.
 * A price 4 times the last believed one, or a quarter of it, is put aside until 3 ticks in a row agree over 10 s of the source's time: an opening gap, a
 * split or an option on expiry day pass with that delay, a single wrong tick never does. From 20 times on it looks like a source that changed its unit:
 * while the reference is younger than 30 minutes, agreement has to last as long. Until then the last good price grows old, and whoever asks how old it is
 * refuses to act on it. A circuit of 20 % is no jump at all.
 */
export function absurdity(tick: Tick, memory: PriceMemory, now: EpochMs): string | undefined {
  const { last, bid, ask, at } = tick;
  if (!(last > 0)) return `price ${last / MONEY_SCALE}`;
  if ((bid !== undefined && !(bid > 0)) || (ask !== undefined && !(ask > 0))) return `bid ${(bid ?? 0) / MONEY_SCALE}, ask ${(ask ?? 0) / MONEY_SCALE}`;
  if (bid !== undefined && ask !== undefined && bid > ask) return `bid ${bid / MONEY_SCALE} above ask ${ask / MONEY_SCALE}`;
  const newest = tick.quotedAt ?? at;
  const latest = newest > at ? newest : at;
  if (!(latest <= now + MOST_AHEAD_MS)) return `${Math.round((latest - now) / SECOND_MS)} s ahead of this machine's clock`;
  if (at < now - MOST_BEHIND_MS) return `${Math.round((now - at) / MINUTE_MS)} minutes old`;
  if (memory.ticks === 0 || swing(last, memory.reference) < QUESTIONED) {
    believe(memory, last, latest);
    return undefined;
  }
  return question(memory, last, latest);
}

export function absurdDepth({ bids, asks }: Depth): boolean {
  const bid = bids[0]?.price;
  const ask = asks[0]?.price;
  return bid !== undefined && ask !== undefined && bid > ask;
}

function question(memory: PriceMemory, last: number, at: EpochMs): string | undefined {
  if (memory.questionedTicks === 0 || swing(last, memory.questioned) > AGREEING || at < memory.questionedSince) {
    memory.questioned = last;
    memory.questionedSince = at;
    memory.questionedTicks = 0;
  }
  memory.questionedTicks += 1;
  const isUnitMistake = memory.ticks >= ESTABLISHED && swing(last, memory.reference) >= UNIT_MISTAKE && memory.questionedSince - memory.referenceAt < FRESH_MS;
  if (memory.questionedTicks >= CONFIRMATIONS && at - memory.questionedSince >= (isUnitMistake ? FRESH_MS : CONFIRMED_AFTER_MS)) {
    memory.ticks = 0;
    believe(memory, last, at);
    return undefined;
  }
  return `price ${last / MONEY_SCALE} after ${memory.reference / MONEY_SCALE}`;
}

function believe(memory: PriceMemory, last: number, at: EpochMs): void {
  memory.reference = last;
  if (at > memory.referenceAt) memory.referenceAt = at;
  if (memory.ticks < ESTABLISHED) memory.ticks += 1;
  memory.questionedTicks = 0;
}

/** How many times one price is the other, at least 1. */
function swing(one: number, other: number): number {
  const ratio = (one + SOFTENED) / (other + SOFTENED);
  return ratio < 1 ? 1 / ratio : ratio;
}
