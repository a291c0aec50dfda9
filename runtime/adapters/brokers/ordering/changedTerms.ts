import type { BrokerOrder, OrderChange } from '../../../domain/ports';

/** The order as it is after the change. */
export function changedTerms(order: BrokerOrder, { quantity, limitPrice, triggerPrice }: OrderChange): BrokerOrder {
  return { ...order, ...(quantity === undefined ? {} : { quantity }), ...(limitPrice === undefined ? {} : { limitPrice }), ...(triggerPrice === undefined ? {} : { triggerPrice }) };
}
