import type { Denial } from './denial';
import type { InstrumentKey } from './market';
import type { ListOptions } from './ports';
import type { EpochMs } from './time';

/** What can happen to an account that a flow may want to hear of. The first group is of one order, the second of a protected position, the third of the account. */
export const ACCOUNT_EVENT_KINDS = [
  'accepted', 'partiallyFilled', 'filled', 'rejected', 'cancelled', 'expired', 'unknown', 'modified',
  'stopHit', 'targetHit', 'trailMoved', 'protectionFailed', 'protectionLost', 'reEntry',
  'squareOff', 'dailyLoss', 'killSwitch', 'rearmed', 'armed', 'disarmed', 'difference', 'external', 'breakerOpened', 'breakerClosed', 'health',
] as const;
export type AccountEventKind = (typeof ACCOUNT_EVENT_KINDS)[number];

/** Something that happened, journalled in the transaction that made it so, and numbered: a reader goes on after the last one it has handled. */
export interface AccountEvent {
  readonly seq: number;
  /** Unique within the account: the same thing is told once (`order 4f1c filled`, `protection 9a stop 1`). */
  readonly key: string;
  readonly account: string;
  readonly kind: AccountEventKind;
  readonly strategyId?: string;
  readonly instrument?: InstrumentKey;
  readonly orderId?: string;
  /** The signal that led to the order, where there was one. */
  readonly signalId?: string;
  readonly denial?: Denial;
  /** For people: one sentence. */
  readonly message: string;
  /** Further facts, JSON-safe; prices in rupees, quantities in units. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly happenedAt: EpochMs;
  readonly recordedAt: EpochMs;
}

export type NewAccountEvent = Omit<AccountEvent, 'seq' | 'recordedAt'>;

export interface AccountEventStore {
  /** Records it unless its key is known. Whoever changes a row in the same transaction records it there, not through this. */
  record(event: NewAccountEvent): Promise<{ readonly duplicate: boolean }>;
  /** In order, those behind `after` (0: from the beginning); at most `limit`, default 100, at most 10,000. */
  after(request: { readonly after: number; readonly account?: string; readonly kinds?: readonly AccountEventKind[]; readonly limit?: number }): Promise<readonly AccountEvent[]>;
  /** The newest first; default 100, at most 10,000. */
  list(options?: Pick<ListOptions, 'limit' | 'account' | 'strategyId'> & { readonly kinds?: readonly AccountEventKind[] }): Promise<readonly AccountEvent[]>;
  /** Removes what was recorded before, of the oldest thousand; never what a reader has not read, nor the newest. Answers how many: none where there is nothing more to remove. */
  prune(request: { readonly before: EpochMs }): Promise<number>;
  /** Forgets readers that have not said since then where they stand, so that they hold nothing back for ever. Answers with their names, each once; one that comes back begins anew. */
  forgetReaders(request: { readonly notSince: EpochMs }): Promise<readonly string[]>;
  /** The number of the newest one; 0 where there is none. A reader that begins anew begins here. */
  newest(account?: string): Promise<number>;
  /** Wakes those who read on: called soon after this process recorded something, however it did. What other processes record is found by looking. */
  onRecorded(listener: () => void): () => void;
  /** Where a reader with a name stands: it has handled everything up to there. Undefined for one that never stood anywhere. */
  position(reader: string): Promise<number | undefined>;
  /** Moves a reader on, never back. A power cut may undo it: then the reader meets some again. */
  advance(request: { readonly reader: string; readonly seq: number; readonly happenedAt: EpochMs }): Promise<void>;
}
