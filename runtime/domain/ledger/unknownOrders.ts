import { TERMINAL_STATUSES, type Order } from '../order';
import type { BrokerPosition, ListedOrder } from '../ports';
import type { EpochMs } from '../time';
import type { Finding, JournalPicture } from './difference';

/** What stands for an order of which nobody has found out by its deadline whether the broker has it: a person can say so. */
export function unknownFinding({ id, instrument, product, action, quantity, filledQuantity, purpose }: Order): Finding {
  const blocked = purpose === 'exit' ? 'its units are not offered to another exit' : 'new risk in this instrument is kept out';
  return {
    key: `unknown ${id}`, kind: 'orderUnknown', mark: 'unknown', instrument, product, orderId: id,
    brokerSays: 'nothing that settles it', journalSays: `${action} ${quantity} ${instrument} was sent, ${filledQuantity} filled as far as is known; ${blocked}`,
  };
}

export interface ProofQuestion {
  readonly picture: Pick<JournalPicture, 'orders' | 'positions' | 'external'>;
  /** Both lists whole, and asked for after the deadline of the orders in question. */
  readonly listed: readonly ListedOrder[];
  readonly broker: readonly BrokerPosition[];
  /** False where the position list may leave delivered shares out: nothing is proven of those. */
  readonly coversHoldings: boolean;
  readonly isOverdue: (order: Order) => boolean;
  /** What else was found: an instrument with anything unsettled proves nothing. */
  readonly findings: readonly Finding[];
  /** News of an instrument that is younger than this may not be in both lists yet. */
  readonly quietSince: EpochMs;
}

/**
 * Exits of unknown outcome that have proven not to have filled: the broker holds to the unit what the ledgers say, and lists no order that could be the one.
 * Nothing is proven while an order of the other side is in doubt as well, which could make up for the exit, nor where anything moved a moment ago.
 */
export function provenUnfilled(question: ProofQuestion): readonly Order[] {
  return question.picture.orders.filter((order) => order.status === 'UNKNOWN' && order.purpose === 'exit' && order.brokerOrderId === undefined && order.filledQuantity === 0 && isProven(order, question));
}

function isProven(order: Order, { picture, listed, broker, coversHoldings, isOverdue, findings, quietSince }: ProofQuestion): boolean {
  if (!isOverdue(order) || (order.product === 'CNC' && !coversHoldings)) return false;
  const isThere = (entry: { readonly instrument: string; readonly product: string }): boolean => entry.instrument === order.instrument && entry.product === order.product;
  if (findings.some(({ kind, instrument }) => kind !== 'orderUnknown' && (instrument === undefined || instrument === order.instrument))) return false;
  if (picture.orders.some((other) => isThere(other) && other.action !== order.action && isInDoubt(other))) return false;
  if ([...picture.orders, ...picture.positions].some((entry) => isThere(entry) && entry.updatedAt > quietSince)) return false;
  if (listed.some((row) => mayBe(order, row, picture))) return false;
  const ours = sum(picture.positions.filter(isThere));
  return ours === sum(broker.filter(isThere)) && Math.sign(ours) === (order.action === 'SELL' ? 1 : -1);
}

/** True for a row of the same side in the same instrument that is nobody else's for certain: a broker may list another quantity or product than was asked for. */
function mayBe(order: Order, row: ListedOrder, { orders, external }: ProofQuestion['picture']): boolean {
  if (row.orderId === order.id) return true;
  if (row.instrument !== order.instrument || row.action !== order.action) return false;
  const isOurs = orders.some((other) => other.id !== order.id && (other.id === row.orderId || (other.brokerOrderId === row.brokerOrderId && other.instrument === row.instrument)));
  return !isOurs && !external.some((known) => known.brokerOrderId === row.brokerOrderId && known.instrument === row.instrument);
}

function isInDoubt({ status }: Order): boolean {
  return !TERMINAL_STATUSES.has(status) && (status === 'UNKNOWN' || status === 'SUBMITTING' || status === 'CREATED');
}

function sum(entries: readonly { readonly quantity: number }[]): number {
  return entries.reduce((total, { quantity }) => total + quantity, 0);
}
