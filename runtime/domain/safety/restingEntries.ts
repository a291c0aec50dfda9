import { EXTERNAL_STRATEGY } from '../ledger/difference';
import type { Action, Order } from '../order';
import type { Position } from '../position';

type Book = Pick<Order, 'account' | 'strategyId' | 'instrument' | 'product'>;
type OpenOrder = Book & Pick<Order, 'purpose' | 'action' | 'quantity' | 'filledQuantity'>;
type Held = Book & Pick<Position, 'quantity'>;

/**
 * Open orders of flows (oldest first) that may still make a position larger or turn it round: what a kill switch takes back. An entry that only closes what its strategy holds, beside the exits
 * and older entries on its side, is an exit by another name and stays; so do exits and stops. What was traded by hand is its owner's.
 */
export function restingEntries<T extends OpenOrder>(orders: readonly T[], positions: readonly Held[]): readonly T[] {
  const room = new Map<string, number>();
  for (const held of positions) if (held.quantity !== 0) room.set(sideOf(held, held.quantity > 0 ? 'SELL' : 'BUY'), Math.abs(held.quantity));
  const take = (order: T): boolean => {
    const side = sideOf(order, order.action);
    const left = (room.get(side) ?? 0) - (order.quantity - order.filledQuantity);
    if (order.purpose === 'entry' && left < 0) return false;
    room.set(side, left);
    return true;
  };
  for (const exit of orders) if (exit.purpose === 'exit') take(exit);
  return orders.filter((order) => order.purpose === 'entry' && order.strategyId !== EXTERNAL_STRATEGY && !take(order));
}

function sideOf({ account, strategyId, instrument, product }: Book, action: Action): string {
  return [account, strategyId, instrument, product, action].join(' ');
}
