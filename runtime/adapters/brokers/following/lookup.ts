import type { BrokerOrder } from '../../../domain/ports';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../../domain/time';
import type { ListedRow } from './listed';
import { isSameOrder } from './shown';

/** How far the broker's clock may be behind ours, where a list from just before the send leaves out what was there already. */
const EARLIEST_MS = 60 * SECOND_MS;
/** The same where no such list was read: what a person has placed in these seconds can not be told from ours. */
const UNWATCHED_MS = 5 * SECOND_MS;
/** A list from so long before the send shows what was there already. */
const JUST_BEFORE_MS = 10 * SECOND_MS;
/** Until then a broker has the order, or never gets it: longer than every time limit on the way. */
const LATEST_MS = 60 * SECOND_MS;
/** Somebody else who trades the same side of the instrument so near to the send makes it a guess. */
const NEAR_MS = 5 * MINUTE_MS;

export interface Sought {
  readonly order: BrokerOrder;
  /** When we were about to send it. */
  readonly sentAt: EpochMs;
  /** The broker's orders that belong to other orders of ours. */
  readonly taken: ReadonlySet<string>;
  /** When each of the broker's orders was first seen in a list, by the time the list came. */
  readonly firstSeen: ReadonlyMap<string, EpochMs>;
  /** When the last list before the send was asked for; undefined where none was read in this life. */
  readonly listedAt: EpochMs | undefined;
  /** Other orders of ours with the same terms whose outcome nobody knows either. */
  readonly rivals: number;
  /** The answer to its placement is still on its way, and says better than a guess which order it is. */
  readonly isAwaited: boolean;
}

export type Found =
  | { readonly kind: 'found'; readonly row: ListedRow }
  | { readonly kind: 'absent' }
  /** More than one order may be the one: nothing is guessed. */
  | { readonly kind: 'ambiguous'; readonly candidates: number };

/**
 * Finds an order whose answer was lost. Where the list shows tags the tag decides, before the answer as well. Where it shows none it is the one order
 * that asks for the same, belongs to no other of ours, and came with the send: by its own time where it can be read, else by not having been in a list from just before.
 * A hand's order of the same terms looks the same. So nothing is taken for ours while anybody else trades that side of the instrument around the send: it stays unknown, and a person says which it is.
 */
export function findLost(rows: Iterable<ListedRow>, sought: Sought): Found {
  const all = [...rows];
  const { order } = sought;
  if (all.some(({ tag }) => tag !== undefined)) {
    const tagged = all.find(({ tag }) => tag === order.id);
    return tagged === undefined ? { kind: 'absent' } : { kind: 'found', row: tagged };
  }
  if (sought.isAwaited) return { kind: 'absent' };
  const candidates = all.filter((row) => !sought.taken.has(row.brokerOrderId) && isSameOrder(row, order) && isAfterSend(row, sought));
  const [row] = candidates;
  if (row === undefined) return { kind: 'absent' };
  const others = all.filter((other) => other !== row && isStranger(other, sought));
  return others.length > 0 || sought.rivals > 0 ? { kind: 'ambiguous', candidates: candidates.length + others.filter((other) => !candidates.includes(other)).length } : { kind: 'found', row };
}

function isAfterSend(row: ListedRow, { sentAt, firstSeen, listedAt }: Sought): boolean {
  const seenAt = firstSeen.get(row.brokerOrderId);
  if (seenAt !== undefined && seenAt < sentAt) return false;
  const isWatched = listedAt !== undefined && sentAt - listedAt <= JUST_BEFORE_MS;
  const { placedAt: at } = row;
  return at === undefined ? isWatched : at >= sentAt - (isWatched ? EARLIEST_MS : UNWATCHED_MS) && at <= sentAt + LATEST_MS;
}

/** True for an order of somebody else, on the same side of the same instrument, from around the send or from nobody knows when. */
function isStranger(row: ListedRow, { order, sentAt, taken }: Sought): boolean {
  return !taken.has(row.brokerOrderId) && row.instrument === order.instrument && row.action === order.action && (row.placedAt === undefined || Math.abs(row.placedAt - sentAt) <= NEAR_MS);
}
