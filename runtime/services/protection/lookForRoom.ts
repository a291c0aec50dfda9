import type { Order } from '../../domain/order';
import type { Position } from '../../domain/position';
import type { Store } from '../../domain/ports';
import { closingAction, isHeldStop, isLive, netClosed, stopRoom, type Protection, type StopRoom } from '../../domain/protection';

/**
 * How much of their positions the stops of an account's protections may rest with, by the protection's id, read off the journal. What is about to close is read before the positions, so that
 * what fills in between counts as both; and of a position whose protections had a fill meanwhile nothing is said: the next look is not far.
 */
export async function lookForRooms(store: Store, account: string): Promise<ReadonlyMap<string, StopRoom>> {
  const before = await booksOf(store, account);
  const orders = await store.openOrders(account);
  const positions = await store.positions({ account, openOnly: true });
  const after = await booksOf(store, account);
  const rooms = new Map<string, StopRoom>();
  for (const [name, all] of after) {
    if (filledIn(before.get(name) ?? []) !== filledIn(all)) continue;
    for (const protection of all) rooms.set(protection.id, roomIn(protection, { all, orders, positions }));
  }
  return rooms;
}

/** The same of one protection. */
export async function lookForRoom(store: Store, id: string): Promise<StopRoom | undefined> {
  const protection = await store.protections.find(id);
  return protection === undefined ? undefined : (await lookForRooms(store, protection.account)).get(id);
}

/** Live protections by the position that they protect. */
async function booksOf(store: Store, account: string): Promise<ReadonlyMap<string, readonly Protection[]>> {
  const live = (await store.protections.live(account)).filter(isLive);
  return Map.groupBy(live, ({ strategyId, instrument, product, direction }) => [strategyId, instrument, product, direction].join(' '));
}

function filledIn(protections: readonly Protection[]): string {
  return protections.map((protection) => `${protection.id} ${protection.filled} ${netClosed(protection)}`).join(', ');
}

function roomIn(protection: Protection, { all, orders, positions }: { readonly all: readonly Protection[]; readonly orders: readonly Order[]; readonly positions: readonly Position[] }): StopRoom {
  const isOf = (row: Pick<Order, 'strategyId' | 'instrument' | 'product'>): boolean => row.strategyId === protection.strategyId && row.instrument === protection.instrument && row.product === protection.product;
  const quantity = positions.find(isOf)?.quantity ?? 0;
  const closing = orders.filter((order) => isOf(order) && order.action === closingAction(protection) && !isHeldStop(order));
  return stopRoom(protection, { all, held: protection.direction === 'LONG' ? quantity : -quantity, closing: closing.reduce((sum, order) => sum + order.quantity - order.filledQuantity, 0) });
}
