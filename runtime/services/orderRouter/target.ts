import { digest } from '../../domain/intentKey';
import type { OrderTarget } from '../../domain/nodeContext';
import type { Order, Origin } from '../../domain/order';
import type { ChangeKind } from '../../domain/orderChange';
import { splitKey } from '../../domain/market';
import { isHeldStop } from '../../domain/protection';
import type { RouterPorts } from './ports';

/** The same wish of the same signal meets the same key, also when the newest order is another one by then. */
export function changeKey(kind: ChangeKind, origin: Origin, target: OrderTarget): string {
  const { account, strategyId, nodeKey, signalId } = origin;
  const about = target.kind === 'order' ? ['order', target.orderId, target.step ?? ''] : ['newest', target.exchange, target.symbol];
  return digest(['change', kind, account, strategyId, nodeKey, signalId, ...about]);
}

/** The order that is meant: of this account, and of this strategy unless the whole account may be reached. Undefined where there is none. */
export async function findTarget({ store }: RouterPorts, origin: Origin, target: OrderTarget, reach: 'strategy' | 'account' = 'strategy'): Promise<Order | undefined> {
  const isWithin = (order: Order): boolean => order.account === origin.account && (reach === 'account' || order.strategyId === origin.strategyId);
  if (target.kind === 'order') {
    const order = await store.order(target.orderId);
    return order !== undefined && isWithin(order) ? order : undefined;
  }
  return (await store.openOrders(origin.account)).findLast((order) => {
    const { exchange, symbol } = splitKey(order.instrument);
    return isWithin(order) && !isHeldStop(order) && exchange === target.exchange && symbol === target.symbol;
  });
}

export function notFound(target: OrderTarget): { readonly code: 'NOT_FOUND'; readonly message: string; readonly field?: string } {
  if (target.kind === 'order') return { code: 'NOT_FOUND', message: `This strategy has no order ${target.orderId}.`, field: 'orderId' };
  return { code: 'NOT_FOUND', message: `This strategy has no open order in ${target.exchange}:${target.symbol}.`, field: 'symbol' };
}
