import type { Action, Order } from '../order';
import type { EpochMs, IsoDate } from '../time';

/** How often a strategy may enter an instrument again on one day, and when. Entries of one group are counted together. */
export interface ReEntryTerms {
  /** Any name; entries that share it on one day, of one strategy in one instrument, share the maximum. */
  readonly group: string;
  /** Entries after the first one of the day; 0 allows none. */
  readonly maximum: number;
  /** Shortest time since the group's last entry, and since the position last changed. */
  readonly cooldownMs: number;
  /** Whether the price is watched after a stop, and an event `reEntry` tells that it is back at the entry. */
  readonly atCost: boolean;
}

/** What a group has used on a day. */
export interface ReEntryUse {
  /** Signals that entered, the first included; those whose orders ended without a fill left out. */
  readonly entries: number;
  /** When it last entered, or its position last changed; absent before the first. */
  readonly lastAt?: EpochMs;
}

/** An admitted entry of a group, as it is stored. */
export interface GroupEntry extends ReEntryTerms, Pick<Order, 'account' | 'strategyId' | 'instrument' | 'product' | 'nodeKey' | 'signalId'> {
  readonly orderId: string;
  readonly action: Action;
  readonly tradingDay: IsoDate;
  /** Since when a return of the price counts: it has been on the losing side of the entry after the stop. */
  readonly readyAt?: EpochMs;
  /** When a return last came before the cool-down was over. */
  readonly earlyAt?: EpochMs;
  readonly happenedAt: EpochMs;
}
