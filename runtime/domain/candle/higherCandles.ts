import type { SeenCandle } from '../feed/candleBook';
import type { EpochMs } from '../time';
import type { Slot, SlotOf } from './slot';

export interface HigherCandlesOptions {
  readonly slotOf: SlotOf;
  /** Whether something of this time was missed, besides what the members say. Default: never. */
  readonly isUnsure?: (slot: { readonly from: EpochMs; readonly until: EpochMs }) => boolean;
}

const NONE: readonly SeenCandle[] = [];

/**
 * Candles of one timeframe from closed shorter ones, which are given oldest first. A candle closes with the member that reaches its end, with the first
 * one of a later candle, or with time. It is incomplete while one of its members is. Members outside of every session are left out.
 */
export class HigherCandles {
  readonly #options: HigherCandlesOptions;
  #growing: Growing | undefined;

  constructor(options: HigherCandlesOptions) {
    this.#options = options;
  }

  /** When the growing candle ends; undefined while there is none. */
  get until(): EpochMs | undefined {
    return this.#growing?.slot.until;
  }

  /** The candles that closed by this member, oldest first. */
  add(member: SeenCandle): readonly SeenCandle[] {
    const slot = this.#options.slotOf(member.candle.time);
    if (slot === undefined) return NONE;
    const closed = this.#growing !== undefined && slot.start !== this.#growing.slot.start ? this.#close(this.#growing) : NONE;
    this.#growing ??= new Growing(slot);
    this.#growing.add(member);
    return member.until >= slot.until ? [...closed, ...this.#close(this.#growing)] : closed;
  }

  /** A member that was taken before, or was missing, is now known better. Has no effect on candles that are closed. */
  repair(member: SeenCandle, previous: SeenCandle | undefined): void {
    const growing = this.#growing;
    if (growing === undefined || member.candle.time < growing.slot.start || member.candle.time >= growing.slot.until) return;
    growing.repair(member, previous);
  }

  closeUpTo(time: EpochMs): readonly SeenCandle[] {
    return this.#growing !== undefined && this.#growing.slot.until <= time ? this.#close(this.#growing) : NONE;
  }

  /** The newest candle with members that still form themselves, oldest first. */
  forming(members: readonly SeenCandle[] = []): SeenCandle | undefined {
    let growing = this.#growing?.copy();
    for (const member of members) {
      const slot = this.#options.slotOf(member.candle.time);
      if (slot === undefined) continue;
      if (growing?.slot.start !== slot.start) growing = new Growing(slot);
      growing.add(member);
    }
    return growing === undefined ? undefined : this.#seen(growing, false);
  }

  #close(growing: Growing): readonly SeenCandle[] {
    this.#growing = undefined;
    return [this.#seen(growing, true)];
  }

  #seen(growing: Growing, closed: boolean): SeenCandle {
    const { slot, first, last, open, high, low, close, volume, incomplete } = growing;
    if (first > last) throw new Error('A candle without members was asked for');
    const isUnsure = this.#options.isUnsure?.({ from: slot.start, until: slot.until }) ?? false;
    return { until: slot.until, incomplete: incomplete > 0 || isUnsure, candle: { time: slot.start, open, high, low, close, volume, closed } };
  }
}

/** The closed candles of a timeframe over a history of closed shorter ones, oldest first; the last one only where a member reaches its end or `until` does. */
export function higherCandlesOf(members: readonly SeenCandle[], slotOf: SlotOf, until: EpochMs): readonly SeenCandle[] {
  const candles = new HigherCandles({ slotOf });
  const closed: SeenCandle[] = [];
  for (const member of members) closed.push(...candles.add(member));
  closed.push(...candles.closeUpTo(until));
  return closed;
}

/** A candle that grows. */
class Growing {
  first: EpochMs = Infinity;
  last: EpochMs = -Infinity;
  open = NaN;
  high = -Infinity;
  low = Infinity;
  close = NaN;
  volume = 0;
  /** Members that are incomplete. */
  incomplete = 0;

  constructor(readonly slot: Slot) {}

  add({ candle, incomplete }: SeenCandle): void {
    if (candle.time <= this.first) {
      this.first = candle.time;
      this.open = candle.open;
    }
    if (candle.time >= this.last) {
      this.last = candle.time;
      this.close = candle.close;
    }
    if (candle.high > this.high) this.high = candle.high;
    if (candle.low < this.low) this.low = candle.low;
    this.volume += candle.volume;
    if (incomplete) this.incomplete += 1;
  }

  /** What was seen of a member is part of the whole member, so its range can only grow. */
  repair(member: SeenCandle, previous: SeenCandle | undefined): void {
    if (previous !== undefined) {
      this.volume -= previous.candle.volume;
      if (previous.incomplete) this.incomplete -= 1;
    }
    this.add(member);
  }

  copy(): Growing {
    return Object.assign(new Growing(this.slot), this);
  }
}
