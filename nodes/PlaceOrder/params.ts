import { z } from 'zod';
import { field, shownWhen } from '../../runtime/hosts/field';
import { directionFields, orderFields, sizingFields } from '../orderFields';
import { protectionFields } from '../protectionFields';
import { Leg, MAX_LEGS } from './basket';
import { reEntryFields } from './reEntry';

const { action, exchange, symbol, product, orderType, limitPrice, triggerPrice } = orderFields;
const { quantity, ...otherSizing } = sizingFields;
const PLACES = ['single', 'target', 'basket'] as const;
const ONE_ORDER = ['single', 'target', 'modify'] as const;
const IN_A_SYMBOL = ['single', 'target', 'modify', 'cancel'] as const;

/** Everything the node's form holds. */
export const Params = z.object({
  mode: z.enum(['single', 'target', 'basket', 'modify', 'cancel', 'cancelAll']).default('single').register(field, {
    label: 'Mode', options: { single: 'Single Order', target: 'Target Position', basket: 'Basket', modify: 'Modify an Order', cancel: 'Cancel an Order', cancelAll: 'Cancel All' },
    help: 'Single sends one order. Target trades the difference to a signed position. Basket sends several, each with its own result. The others change or cancel orders that rest.',
  }),
  ...shownWhen({ action }, { mode: ['single'] }),
  orderId: z.string().max(40).optional().register(field, { label: 'Order ID', help: 'Empty takes the order of the incoming item; without one it is the strategy’s newest open order in the symbol.', showWhen: { mode: ['modify', 'cancel'] } }),
  scope: z.enum(['strategy', 'account']).default('strategy').register(field, { label: 'Scope', options: { strategy: 'This Strategy', account: 'Whole Account' }, help: 'Whose open orders to cancel.', showWhen: { mode: ['cancelAll'] } }),
  ...shownWhen({ exchange, symbol }, { mode: IN_A_SYMBOL }),
  ...shownWhen({ product, orderType }, { mode: ['single', 'target'] }),
  ...shownWhen({ limitPrice, triggerPrice }, { mode: ONE_ORDER }),
  targetQuantity: z.int().optional().register(field, { label: 'Target Quantity', unit: 'units', help: 'Signed position wanted: -10 is short 10, 0 is flat. Empty takes it from the item.', showWhen: { mode: ['target'] } }),
  ...shownWhen(directionFields, { mode: PLACES }),
  ...shownWhen({ quantity }, { mode: ['single', 'modify'] }),
  ...shownWhen(otherSizing, { mode: ['single'] }),
  ...shownWhen(protectionFields, { mode: ['single', 'target'] }),
  ...shownWhen(reEntryFields, { mode: ['single', 'target'] }),
  legs: z.array(Leg).max(MAX_LEGS).default([]).register(field, { label: 'Legs', help: 'One row an order. Empty takes the basket from the item.', showWhen: { mode: ['basket'] } }),
  onLegFailure: z.enum(['continue', 'stop', 'unwind']).default('continue').register(field, {
    label: 'When a Leg Fails', options: { continue: 'Place the Others', stop: 'Stop', unwind: 'Take Back the Others' },
    help: 'Take Back cancels what rests of the other legs and closes what was filled, once each.', showWhen: { mode: ['basket'] },
  }),
  hedgeFirst: z.boolean().default(false).register(field, { label: 'Hedge First', help: 'Whether to place the legs that buy first, and to sell only when they have filled.', showWhen: { mode: ['basket'] } }),
  sliceQuantity: z.int().positive().optional().register(field, { label: 'Largest Slice', unit: 'units', help: 'A larger order is placed as several of this size at most. The freeze quantity of the exchange bounds it as well.', showWhen: { mode: PLACES } }),
});
export type Params = z.infer<typeof Params>;
