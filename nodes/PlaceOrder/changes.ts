import { z } from 'zod';
import type { Denial } from '../../runtime/domain/denial';
import type { Envelope } from '../../runtime/domain/envelope';
import { toMoney } from '../../runtime/domain/money';
import type { ChangeResult, Command, CommandResult, OrderTarget } from '../../runtime/domain/nodeContext';
import { withText } from '../../runtime/domain/orderText';
import type { Conclusion, Step } from '../../runtime/hosts/definition';
import type { PlaceOrderItem } from './basket';
import type { Params } from './params';
import type { Port } from './results';

/** True for the modes that change what rests instead of placing something. */
export function changesOrders(mode: Params['mode']): mode is 'modify' | 'cancel' | 'cancelAll' {
  return mode === 'modify' || mode === 'cancel' || mode === 'cancelAll';
}

/** The command that a mode asks for, or why there is none. */
export function decideChange(params: Params, item: PlaceOrderItem): Step<Port> {
  if (params.mode === 'cancelAll') return perform({ kind: 'cancelAll', scope: params.scope });
  const target = targetOf(params, item);
  if (target === undefined) return { kind: 'refuse', denial: { code: 'MISSING_FIELD', message: 'No order is named.', field: 'orderId', remedy: 'Set the order ID or the symbol in the node, or send the item of the node that placed the order.' } };
  if (params.mode === 'cancel') return perform({ kind: 'cancelOrder', target });
  const { quantity = item.quantity, limitPrice = item.limitPrice, triggerPrice = item.triggerPrice } = params;
  if (quantity === undefined && limitPrice === undefined && triggerPrice === undefined) return { kind: 'refuse', denial: NOTHING_NEW };
  const wrong = [['quantity', quantity], ['limitPrice', limitPrice], ['triggerPrice', triggerPrice]].find(([, value]) => typeof value === 'number' && !(value > 0 && value < 1e11));
  if (wrong !== undefined) return { kind: 'refuse', denial: { code: 'INVALID_FIELD', message: `${String(wrong[0])} must be above 0, not ${String(wrong[1])}.`, field: String(wrong[0]) } };
  return perform({
    kind: 'modify', target,
    change: { ...(quantity === undefined ? {} : { quantity }), ...(limitPrice === undefined ? {} : { limitPrice: toMoney(limitPrice) }), ...(triggerPrice === undefined ? {} : { triggerPrice: toMoney(triggerPrice) }) },
  });
}

const NOTHING_NEW: Denial = { code: 'MISSING_FIELD', message: 'Neither a quantity nor a price is given.', field: 'limitPrice', remedy: 'Set what shall change in the node or in the item.' };

function perform(command: Command): Step<Port> {
  return { kind: 'perform', commands: [command] };
}

/** The order that an earlier node has placed; what else an item may hold under that name is no order. */
const PlacedOrder = z.object({ order: z.object({ id: z.string().min(1).max(40) }) });

function targetOf(params: Params, item: PlaceOrderItem): OrderTarget | undefined {
  const orderId = params.orderId ?? (params.symbol === undefined ? PlacedOrder.safeParse(item).data?.order.id : undefined);
  if (orderId !== undefined) return { kind: 'order', orderId };
  const symbol = params.symbol ?? item.symbol;
  return symbol === undefined || symbol === '' ? undefined : { kind: 'newest', exchange: params.exchange ?? item.exchange ?? 'NSE', symbol };
}

/** The item with what became of the change. */
export function concludeChange(item: Envelope, [result]: readonly CommandResult[]): Conclusion<Port> {
  if (result?.kind === 'cancelAll') return { kind: 'emit', emissions: [{ port: 'placed', item: { ...item, cancelledOrders: result.cancelled, failedCancellations: result.failed } }] };
  if (result?.kind === 'modify' || result?.kind === 'cancelOrder') return { kind: 'emit', emissions: [changed(item, result.outcome)] };
  throw new Error('The change was given no result.');
}

function changed(item: Envelope, outcome: ChangeResult): { readonly port: Port; readonly item: Envelope } {
  const order = outcome.order === undefined ? {} : { order: withText(outcome.order) };
  if (outcome.kind !== 'done') return { port: 'rejected', item: { ...item, ...order, denial: outcome.denial } };
  return { port: 'placed', item: { ...item, ...order, ...(outcome.replaced === undefined ? {} : { replacedOrder: withText(outcome.replaced) }) } };
}
