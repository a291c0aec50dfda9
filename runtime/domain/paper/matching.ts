import type { Quote } from '../market';
import type { Money } from '../money';
import type { BrokerOrder } from '../ports';
import type { Counterparty } from './slippage';

/** ARRIVING takes liquidity at once where it can, and TAKING goes on with what is left of that; the other two have rested. */
export type Stage = 'ARRIVING' | 'TAKING' | 'OPEN' | 'TRIGGER_PENDING';

/** What a quote makes of an order: still resting in a stage, or filled at a price. */
export type Match = { readonly kind: 'rests'; readonly stage: 'OPEN' | 'TRIGGER_PENDING' } | { readonly kind: 'fills'; readonly price: Money; readonly triggered: boolean };

type Priced = Pick<BrokerOrder, 'action' | 'orderType' | 'limitPrice' | 'triggerPrice'>;

/**
 * One order against one quote.
 * An order that arrives or is triggered now takes the other side at what that costs, a limit order only at its limit or better.
 * A limit order that has rested fills at its limit once the other side reaches it: whoever rests gets his own price.
 * A stop that arrives waits; it is triggered by the last price: a buyer's when it is at or above the trigger, a seller's at or below. One that would be at once is refused before (see `checkOrder`).
 * How much of it fills is another question (`shareOf`).
 */
export function matchOrder(order: Priced, stage: Stage, quote: Quote, { asks, takes }: Counterparty): Match {
  const waits = isStop(order) && stage === 'TRIGGER_PENDING';
  if ((isStop(order) && stage === 'ARRIVING') || (waits && !isTriggered(order, quote))) return { kind: 'rests', stage: 'TRIGGER_PENDING' };
  if (order.orderType === 'MARKET' || order.orderType === 'SL-M') return { kind: 'fills', price: takes, triggered: waits };
  const { limitPrice } = order;
  if (limitPrice === undefined) throw new RangeError(`An order of type ${order.orderType} needs a limit price.`);
  const isBuy = order.action === 'BUY';
  if (isBuy ? asks > limitPrice : asks < limitPrice) return { kind: 'rests', stage: 'OPEN' };
  const beyond = isBuy ? takes > limitPrice : takes < limitPrice;
  return { kind: 'fills', price: stage === 'OPEN' || beyond ? limitPrice : takes, triggered: waits };
}

export function isStop({ orderType }: Pick<BrokerOrder, 'orderType'>): boolean {
  return orderType === 'SL' || orderType === 'SL-M';
}

/** Whether the last price has reached a stop's trigger. */
export function isTriggered({ action, orderType, triggerPrice }: Pick<Priced, 'action' | 'orderType' | 'triggerPrice'>, { last }: Pick<Quote, 'last'>): boolean {
  if (triggerPrice === undefined) throw new RangeError(`An order of type ${orderType} needs a trigger price.`);
  return action === 'BUY' ? last >= triggerPrice : last <= triggerPrice;
}
