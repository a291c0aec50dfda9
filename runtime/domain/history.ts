import type { Denial } from './denial';
import type { InstrumentKey } from './market';
import type { Money } from './money';
import type { EpochMs } from './time';

/** What the journal keeps of the past, in the order in which one leads to the next. */
export const HISTORY_KINDS = ['signal', 'decision', 'order', 'orderEvent', 'fill', 'accountEvent', 'alert'] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** One row of the journal's past, flat: what a kind does not have is absent. Signals and alerts belong to no account. */
export interface HistoryEntry {
  readonly kind: HistoryKind;
  /** Of its kind, in the order of writing. */
  readonly seq: number;
  readonly happenedAt: EpochMs;
  readonly recordedAt: EpochMs;
  /** Of a signal its signal id, of a decision its intent key, of an order its id, of a fill its trade id, of an event or an alert its key. */
  readonly id: string;
  readonly account?: string;
  readonly strategyId?: string;
  readonly nodeKey?: string;
  readonly signalId?: string;
  readonly intentKey?: string;
  readonly orderId?: string;
  readonly instrument?: InstrumentKey;
  readonly action?: string;
  readonly quantity?: number;
  readonly filledQuantity?: number;
  /** Sum of price × quantity of what is filled. */
  readonly filledValue?: Money;
  /** Of a fill. */
  readonly price?: Money;
  readonly charges?: Money;
  readonly limitPrice?: Money;
  readonly triggerPrice?: Money;
  readonly product?: string;
  readonly orderType?: string;
  readonly purpose?: string;
  readonly status: string;
  readonly denial?: Denial;
  /** In words. */
  readonly message?: string;
  /** Of a signal: what the trigger put out. */
  readonly item?: Readonly<Record<string, unknown>>;
}

export interface HistoryRequest {
  /** With signals and alerts of the strategies that wanted something in it. */
  readonly account?: string;
  readonly strategyId?: string;
  readonly from?: EpochMs;
  /** Exclusive. */
  readonly until?: EpochMs;
  /** Entries of a page: 1 to 10,000, which is the default. */
  readonly limit?: number;
}

export interface HistoryStore {
  /**
   * What happened, oldest first; of one moment by kind, then as it was written. What was written of one order keeps its sequence, also where the broker's times go back by a little. The order is worked out once, with the first page, over the whole journal: it is for exports, not for
   * hosts. What is written after that is left out. Each page is a short read; between two of them nothing is held but the order, some bytes a row.
   */
  pages(request?: HistoryRequest): AsyncGenerator<readonly HistoryEntry[]>;
}
