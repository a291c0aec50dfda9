import type { AccountEventKind, NewAccountEvent } from '../accountEvent';
import { fromMoney } from '../money';
import { TERMINAL_STATUSES, type Intent, type OrderStatus } from '../order';
import type { EpochMs } from '../time';
import type { BookedOrder, OrderStep } from './bookedOrder';

const KIND_OF: Readonly<Partial<Record<OrderStatus, AccountEventKind>>> = {
  ACCEPTED: 'accepted', TRIGGER_PENDING: 'accepted', OPEN: 'accepted', FILLED: 'filled',
  REJECTED: 'rejected', CANCELLED: 'cancelled', EXPIRED: 'expired', UNKNOWN: 'unknown',
};
/** From here a first word of life means that the broker has taken the order. */
const NOT_YET_TAKEN: ReadonlySet<OrderStatus> = new Set(['CREATED', 'SUBMITTING', 'UNKNOWN']);

/**
 * What a step in an order's life is to those who listen: most reports are nothing new. `accepted` is the first report that the broker has it (an order
 * that is found filled was never reported accepted), `partiallyFilled` the first part, and every part that comes after the order's end.
 */
export function orderNewsKind(before: BookedOrder, { order, event }: OrderStep): AccountEventKind | undefined {
  if (event?.applied !== true) return undefined;
  if (event.from === event.to || event.to === 'PARTIALLY_FILLED') return isNewPart(before, order) ? 'partiallyFilled' : undefined;
  const kind = KIND_OF[event.to];
  return kind === 'accepted' && !NOT_YET_TAKEN.has(event.from) ? undefined : kind;
}

/** Whether a fill that leaves the order as it was, or partly filled, is worth telling. */
function isNewPart(before: BookedOrder, order: BookedOrder): boolean {
  if (order.filledQuantity === before.filledQuantity) return false;
  return before.filledQuantity === 0 || TERMINAL_STATUSES.has(before.status);
}

/** An order as it was when something happened; `denial` is the reason that came with it. */
type ToldOrder = Omit<BookedOrder, 'status' | 'denial'> & { readonly denial: BookedOrder['denial'] | undefined };

/** The event of an order, from the order as it was then. */
export function orderNews(order: ToldOrder, kind: AccountEventKind, happenedAt: EpochMs): NewAccountEvent {
  const { account, strategyId, signalId, instrument, id, nodeKey, action, quantity, filledQuantity, filledValue, product, orderType, purpose, denial } = order;
  const average = filledQuantity === 0 ? undefined : fromMoney(filledValue) / filledQuantity;
  return {
    key: kind === 'partiallyFilled' ? `order ${id} ${kind} ${filledQuantity}` : `order ${id} ${kind}`,
    account, kind, strategyId, instrument, orderId: id, signalId,
    ...(denial === undefined ? {} : { denial }),
    message: messageOf(order, kind, average),
    facts: { nodeKey, action, quantity, filledQuantity, product, orderType, purpose, ...(average === undefined ? {} : { averagePrice: rounded(average) }) },
    happenedAt,
  };
}

function messageOf({ action, quantity, filledQuantity, instrument, denial }: ToldOrder, kind: AccountEventKind, average: number | undefined): string {
  const what = `${action} ${quantity} ${instrument}`;
  const because = denial === undefined ? '.' : `: ${denial.message}`;
  const at = average === undefined ? '' : ` at ${average.toFixed(2)}`;
  if (kind === 'filled') return `${what} was filled${at}.`;
  if (kind === 'partiallyFilled') return `${what}: ${filledQuantity} filled${at}.`;
  if (kind === 'unknown') return `Nobody knows whether the broker has ${what}${because}`;
  return `${what} was ${kind}${because}`;
}

/** A refusal of the gate: nothing was sent. */
export function refusalNews(intent: Intent): NewAccountEvent {
  const { key, account, strategyId, signalId, nodeKey, instrument, action, quantity, product, orderType, purpose, denial, happenedAt } = intent;
  return {
    key: `intent ${key} rejected`, account, kind: 'rejected', strategyId, instrument, signalId,
    ...(denial === undefined ? {} : { denial }),
    message: `${quantity === 0 ? 'An order in' : `${action} ${quantity}`} ${instrument} was not sent: ${denial?.message ?? 'no reason was given.'}`,
    facts: { nodeKey, action, quantity, product, orderType, purpose, sent: false },
    happenedAt,
  };
}

/** To the 1/10000 that money is counted in. */
function rounded(rupees: number): number {
  return Math.round(rupees * 10_000) / 10_000;
}
