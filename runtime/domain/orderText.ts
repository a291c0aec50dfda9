import type { OrderView } from './envelope';
import { fromMoney, type Money } from './money';
import { plainNumber } from './plainNumber';

/** What an order was sent with, where it is known. */
export interface SentTerms {
  readonly limitPrice?: Money | undefined;
  readonly triggerPrice?: Money | undefined;
}

/**
 * An order in one line for people: `BUY 10 SBIN at 812.35: FILLED`, `BUY 65 NIFTY29DEC2626000CE waits at 500 (TRIGGER_PENDING)`, `BUY 10 SBIN: REJECTED, no margin`.
 * Of one that rests the price that it rests at, where that is known.
 */
export function orderText(order: Pick<OrderView, 'action' | 'quantity' | 'filledQuantity' | 'symbol' | 'averagePrice' | 'status' | 'reason'>, sent: SentTerms = {}): string {
  const { action, quantity, filledQuantity, symbol, averagePrice, status, reason } = order;
  const isWhole = filledQuantity === 0 || filledQuantity >= quantity;
  const what = `${action} ${plainNumber(isWhole ? Math.max(quantity, filledQuantity) : filledQuantity)}${isWhole ? '' : ` of ${plainNumber(quantity)}`} ${symbol}`;
  if (filledQuantity > 0) return `${what}${averagePrice === undefined ? '' : ` at ${plainNumber(averagePrice)}`}: ${status}`;
  switch (status) {
    case 'CREATED':
    case 'SUBMITTING':
      return `${what} is on its way (${status})`;
    case 'ACCEPTED':
    case 'TRIGGER_PENDING':
    case 'OPEN':
    case 'PARTIALLY_FILLED':
      return `${what} waits${placeOf(status, sent)} (${status})`;
    case 'UNKNOWN':
      return `${what}: UNKNOWN, nobody knows yet whether the broker has it`;
    case 'FILLED':
    case 'CANCELLED':
    case 'REJECTED':
    case 'EXPIRED':
    case 'DENIED':
      return `${what}: ${status}${reason === undefined || reason === '' ? '' : `, ${reason}`}`;
  }
}

/** The order with its line. */
export function withText(order: OrderView, sent?: SentTerms): OrderView {
  return { ...order, text: orderText(order, sent) };
}

/** A stop waits for its trigger; once that is met, or without one, for its limit. */
function placeOf(status: OrderView['status'], { limitPrice, triggerPrice }: SentTerms): string {
  const price = status === 'OPEN' ? limitPrice ?? triggerPrice : triggerPrice ?? limitPrice;
  return price === undefined ? '' : ` at ${plainNumber(fromMoney(price))}`;
}
