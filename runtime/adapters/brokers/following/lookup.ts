import type { BrokerOrder } from '../../../domain/ports';
import { SECOND_MS, type EpochMs } from '../../../domain/time';
import type { ListedRow } from './listed';
import { isSameOrder } from './shown';

/** How far the broker's clock may be behind ours. */
const EARLIEST_MS = 60 * SECOND_MS;
/** Until then a broker has the order, or never gets it: longer than every time limit on the way. */
const LATEST_MS = 120 * SECOND_MS;

export interface Sought {
  readonly order: BrokerOrder;
  /** When we were about to send it. */
  readonly sentAt: EpochMs;
  /** The broker's orders that belong to other orders of ours. */
  readonly taken: ReadonlySet<string>;
  /** When each of the broker's orders was first seen in a list, by the time the list was asked for. */
  readonly firstSeen: ReadonlyMap<string, EpochMs>;
  /** A list was read at some time before the send. */
  readonly watchedBefore: boolean;
  /** Other orders of ours with the same terms whose outcome nobody knows either. */
  readonly rivals: number;
}

export type Found =
  | { readonly kind: 'found'; readonly row: ListedRow }
  | { readonly kind: 'absent' }
  /** More than one order may be the one: nothing is guessed. */
  | { readonly kind: 'ambiguous'; readonly candidates: number };

/**
 * Finds an order whose answer was lost. Where the list shows tags the tag decides. Where it shows none it is the one order
 * that asks for the same, belongs to no other of ours, and came after the send: by its own time where it can be read, else by not having been in an earlier list.
 */
export function findLost(rows: Iterable<ListedRow>, sought: Sought): Found {
  const all = [...rows];
  const { order } = sought;
  if (all.some(({ tag }) => tag !== undefined)) {
    const tagged = all.find(({ tag }) => tag === order.id);
    return tagged === undefined ? { kind: 'absent' } : { kind: 'found', row: tagged };
  }
  const candidates = all.filter((row) => !sought.taken.has(row.brokerOrderId) && isSameOrder(row, order) && isAfterSend(row, sought));
  const [row] = candidates;
  if (row === undefined) return { kind: 'absent' };
  return candidates.length > 1 || sought.rivals > 0 ? { kind: 'ambiguous', candidates: candidates.length } : { kind: 'found', row };
}

function isAfterSend(row: ListedRow, { sentAt, firstSeen, watchedBefore }: Sought): boolean {
  const seenAt = firstSeen.get(row.brokerOrderId);
  if (seenAt !== undefined && seenAt < sentAt) return false;
  const { placedAt: at } = row;
  return at === undefined ? watchedBefore : at >= sentAt - EARLIEST_MS && at <= sentAt + LATEST_MS;
}
