import { z } from 'zod';
import { Envelope } from '../../runtime/domain/envelope';
import { orderFields, OrderItem, sizingFields } from '../orderFields';

/** Legs of one basket; one that holds more is refused whole, before anything is sent. */
export const MAX_LEGS = 20;

/** One row of the node's own basket. */
export const Leg = z.object({ ...orderFields, quantity: sizingFields.quantity });

/** One leg of a basket in the item. */
const ItemLeg = OrderItem.omit({ signal: true, decision: true, direction: true });

/** What Place Order takes from the item. */
export const PlaceOrderItem = OrderItem.extend(Envelope.pick({ target: true, indicators: true }).shape).extend({
  /** Set by a trigger that wants a BUY left out where the account already holds the symbol. */
  skipHeld: z.boolean().optional(),
  /** Legs of a basket, where the node has none of its own. */
  basket: z.array(ItemLeg).optional(),
});
export type PlaceOrderItem = z.infer<typeof PlaceOrderItem>;
