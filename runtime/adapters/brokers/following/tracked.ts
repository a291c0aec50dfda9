import type { Denial } from '../../../domain/denial';
import type { Instrument } from '../../../domain/market';
import type { Fill } from '../../../domain/order';
import type { BrokerOrder, BrokerUpdate } from '../../../domain/ports';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../../domain/time';
import { refusal } from '../ordering/refusal';
import type { ListedRow, Lists } from './listed';
import { newFills } from './progress';
import type { Standing } from './standing';

/** One order of ours, as far as this process has followed it. */
export interface Tracked {
  /** What it asks for; a change that the broker shows replaces it. */
  order: BrokerOrder;
  /** When it was sent; of one that this process has not sent, when it was journalled. */
  sentAt: EpochMs;
  /** When the last list before the send was asked for. */
  listedAt?: EpochMs;
  /** Journalled and not sent by this process: the first placement sends it. */
  isUnsent: boolean;
  /** Absent while nobody knows whether the broker has it. */
  brokerOrderId?: string;
  /** Everything said of it, fills of the journal first. */
  readonly told: BrokerUpdate[];
  /** A definite refusal of the placement. */
  refusal?: Denial;
  standing?: Standing;
  /** Since when the list shows an execution without its trades. */
  tradesMissingSince?: EpochMs;
  /** When a list last showed it; before the first time, when it was sent. */
  seenAt: EpochMs;
  /** Since when it is cancelled, rejected or expired. */
  endedAt?: EpochMs;
  /** When a change was last sent. */
  changedAt?: EpochMs;
  /** A change was sent: the quantity in the list decides. */
  modified?: boolean;
  /** The last thing about it that could not be true. */
  problem?: string;
}

/** Trades may be listed later than the state of their order: so long they are waited for. */
const TRADES_LATE_MS = 5 * SECOND_MS;
/** A cancel can lose the race against a fill that is listed late: an ended order is followed so much longer. */
const AFTER_END_MS = MINUTE_MS;
/** Yesterday's orders are in no list any more: then an order is looked for only when it is asked about. */
const MOST_MISSING_MS = 12 * 60 * MINUTE_MS;
/** A later list may be an older one: an order only goes forward. */
const RANK: Readonly<Record<Standing, number>> = { WORKING: 0, TRIGGER_PENDING: 1, OPEN: 2, COMPLETE: 3, CANCELLED: 3, REJECTED: 3, EXPIRED: 3 };

export function track(order: BrokerOrder, sentAt: EpochMs, known: { readonly brokerOrderId?: string; readonly fills: readonly Fill[]; readonly isUnsent: boolean }): Tracked {
  const { id, instrument, action, quantity, product, orderType, limitPrice, triggerPrice } = order;
  const terms: BrokerOrder = { id, instrument, action, quantity, product, orderType, ...(limitPrice === undefined ? {} : { limitPrice }), ...(triggerPrice === undefined ? {} : { triggerPrice }) };
  const brokerOrderId = known.brokerOrderId === undefined ? {} : { brokerOrderId: known.brokerOrderId };
  return { order: terms, sentAt, isUnsent: known.isUnsent, ...brokerOrderId, told: known.fills.map((fill) => ({ kind: 'fill', fill })), seenAt: sentAt };
}

export function fillsOf({ told }: Tracked): readonly Fill[] {
  return told.flatMap((update) => (update.kind === 'fill' ? [update.fill] : []));
}

/** True while lists may say something new of it. */
export function isFollowed(tracked: Tracked, now: EpochMs): boolean {
  const { brokerOrderId, refusal: refused, endedAt = now, seenAt } = tracked;
  return brokerOrderId !== undefined && refused === undefined && now - endedAt < AFTER_END_MS && now - seenAt < MOST_MISSING_MS && !isFilled(tracked);
}

function isFilled(tracked: Tracked): boolean {
  return fillsOf(tracked).reduce((sum, { quantity }) => sum + quantity, 0) >= tracked.order.quantity;
}

/** What a look at the lists adds to what was said of an order. It is remembered as said. */
export function advance(tracked: Tracked, lists: Lists, { instrument, now }: { readonly instrument: Instrument | undefined; readonly now: EpochMs }): readonly BrokerUpdate[] {
  const row = tracked.brokerOrderId === undefined ? undefined : lists.orders.get(tracked.brokerOrderId);
  if (row === undefined) return [];
  tracked.seenAt = now;
  if (isOther(row, tracked.order)) {
    tracked.problem = `order ${row.brokerOrderId} there is ${row.action} of ${row.instrument ?? 'something else'}`;
    return [];
  }
  const trades = lists.trades.get(row.brokerOrderId) ?? [];
  const { standing } = row;
  if (tracked.modified === true && Number.isInteger(row.quantity) && row.quantity > 0) tracked.order = { ...tracked.order, quantity: row.quantity };
  if (trades.length > 0 || (standing !== 'COMPLETE' && (row.filledQuantity ?? 0) === 0)) delete tracked.tradesMissingSince;
  else tracked.tradesMissingSince ??= now;
  const { fills, problem } = newFills({ order: tracked.order, row, trades, known: fillsOf(tracked), instrument, withoutTrades: now - (tracked.tradesMissingSince ?? now) >= TRADES_LATE_MS, now });
  if (problem === undefined) delete tracked.problem;
  else tracked.problem = problem;
  const executions: BrokerUpdate[] = fills.map((fill) => ({ kind: 'fill', fill }));
  const moves = moved(tracked, row, now);
  const isOver = tracked.standing === 'CANCELLED' || tracked.standing === 'REJECTED' || tracked.standing === 'EXPIRED';
  if (isOver) tracked.endedAt ??= now;
  // An order is open before it is filled, and what is cancelled of it is the rest.
  const updates = isOver ? [...executions, ...moves] : [...moves, ...executions];
  tracked.told.push(...updates);
  return updates;
}

/** True for a row that can not be this order, whoever named it: its executions are another order's. */
function isOther({ instrument, action }: ListedRow, order: BrokerOrder): boolean {
  return (instrument !== undefined && instrument !== order.instrument) || action === (order.action === 'BUY' ? 'SELL' : 'BUY');
}

/** The state's move, if it is one forward. COMPLETE is told by fills alone, WORKING by nothing. */
function moved(tracked: Tracked, { standing, reason }: ListedRow, now: EpochMs): readonly BrokerUpdate[] {
  if (tracked.standing !== undefined && RANK[standing] <= RANK[tracked.standing]) return [];
  tracked.standing = standing;
  if (standing === 'COMPLETE' || standing === 'WORKING') return [];
  return [{ kind: 'status', orderId: tracked.order.id, status: standing, ...(standing === 'REJECTED' ? { denial: refusal(reason) } : {}), happenedAt: now }];
}
