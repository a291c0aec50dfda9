import { asMoney, fromMoney, timesQuantity, type Money } from '../money';
import { canMove, statusAfterFill, type Fill, type Order, type OrderStatus } from '../order';
import type { BrokerUpdate } from '../ports';
import type { EpochMs } from '../time';

/** An order as ledgers book it: its fills are kept as a sum (price × quantity), so that the average loses nothing to rounding. `recordedAt` is when it was journalled. */
export interface BookedOrder extends Omit<Order, 'averagePrice' | 'createdAt'> {
  readonly filledValue: Money;
  readonly recordedAt: EpochMs;
}

/** One line of an order's history, as a step makes it. */
export interface StepEvent {
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  readonly applied: boolean;
  readonly detail?: string;
  readonly happenedAt: EpochMs;
}

export interface OrderStep {
  readonly order: BookedOrder;
  readonly event?: StepEvent;
  /** Units beyond the order's quantity that this step added. */
  readonly excess: number;
}

/** The order after a report of its status. The status it already has says nothing new; one the table of states forbids is only noted. */
export function afterStatus(order: BookedOrder, update: Extract<BrokerUpdate, { kind: 'status' }>): OrderStep {
  if (update.status === order.status) return { order, excess: 0 };
  const applied = canMove(order.status, update.status);
  const event: StepEvent = { from: order.status, to: update.status, applied, ...(update.denial === undefined ? {} : { detail: `${update.denial.code}: ${update.denial.message}` }), happenedAt: update.happenedAt };
  return { order: applied ? withStatus(order, update.status, update.denial) : order, event, excess: 0 };
}

/** The order after a new fill. It always counts, whatever the state and even beyond the order's quantity: the broker's trades are facts. */
export function afterFill(order: BookedOrder, fill: Fill): OrderStep {
  const filledQuantity = order.filledQuantity + fill.quantity;
  const status = statusAfterFill(order.status, filledQuantity, order.quantity);
  const excess = Math.max(0, filledQuantity - Math.max(order.quantity, order.filledQuantity));
  const beyond = excess === 0 ? '' : `; ${excess} beyond the order's ${order.quantity}`;
  const detail = `trade ${fill.tradeId}: ${fill.quantity} at ${fromMoney(fill.price)}, ${filledQuantity} of ${order.quantity} filled${beyond}`;
  const moved = status === order.status ? order : withStatus(order, status, undefined);
  return {
    order: { ...moved, filledQuantity, filledValue: asMoney(order.filledValue + timesQuantity(fill.price, fill.quantity)) },
    event: { from: order.status, to: status, applied: true, detail, happenedAt: fill.happenedAt },
    excess,
  };
}

/** The reason belongs to the status that it came with. */
function withStatus(order: BookedOrder, status: OrderStatus, denial: Order['denial']): BookedOrder {
  const moved: { -readonly [Name in keyof BookedOrder]: BookedOrder[Name] } = { ...order, status };
  delete moved.denial;
  return denial === undefined ? moved : { ...moved, denial };
}

/** The order as the runtime knows it. */
export function orderOf({ filledValue, recordedAt, ...order }: BookedOrder): Order {
  const average = order.filledQuantity === 0 ? {} : { averagePrice: asMoney(Math.round(filledValue / order.filledQuantity)) };
  return { ...order, ...average, createdAt: recordedAt };
}
