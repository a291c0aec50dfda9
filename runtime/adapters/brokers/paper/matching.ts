import type { Quote } from '../../../domain/market';
import type { Money } from '../../../domain/money';
import type { BrokerOrder } from '../../../domain/ports';

/** ARRIVING takes liquidity at once where it can; the other two have rested. */
export type Stage = 'ARRIVING' | 'OPEN' | 'TRIGGER_PENDING';

/** What a quote makes of an order: still resting in a stage, or filled at a price. */
export type Match = { readonly kind: 'rests'; readonly stage: 'OPEN' | 'TRIGGER_PENDING' } | { readonly kind: 'fills'; readonly price: Money; readonly triggered: boolean };

type Priced = Pick<BrokerOrder, 'action' | 'orderType' | 'limitPrice' | 'triggerPrice'>;

/**
 * One order against one quote.
 * An order that arrives or is triggered now takes the other side's price (a buyer the ask), a limit order only at its limit or better.
 * A limit order that has rested fills at its limit once the other side reaches it: whoever rests gets his own price.
 * A stop is triggered by the last price: a buyer's when it is at or above the trigger, a seller's at or below; one that is beyond it on arrival is triggered at once.
 * The whole quantity fills together: the simulated market is deeper than any order.
 */
export function matchOrder(order: Priced, stage: Stage, quote: Quote): Match {
  const isStop = order.orderType === 'SL' || order.orderType === 'SL-M';
  const waits = isStop && stage !== 'OPEN';
  if (waits && !isTriggered(order, quote)) return { kind: 'rests', stage: 'TRIGGER_PENDING' };
  const other = order.action === 'BUY' ? quote.ask : quote.bid;
  if (order.orderType === 'MARKET' || order.orderType === 'SL-M') return { kind: 'fills', price: other, triggered: waits };
  const { limitPrice } = order;
  if (limitPrice === undefined) throw new RangeError(`An order of type ${order.orderType} needs a limit price.`);
  const reached = order.action === 'BUY' ? other <= limitPrice : other >= limitPrice;
  if (!reached) return { kind: 'rests', stage: 'OPEN' };
  return { kind: 'fills', price: stage === 'OPEN' ? limitPrice : other, triggered: waits };
}

function isTriggered({ action, orderType, triggerPrice }: Priced, { last }: Quote): boolean {
  if (triggerPrice === undefined) throw new RangeError(`An order of type ${orderType} needs a trigger price.`);
  return action === 'BUY' ? last >= triggerPrice : last <= triggerPrice;
}
