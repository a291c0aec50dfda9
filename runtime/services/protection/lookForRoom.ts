import type { Order } from '../../domain/order';
import type { Store } from '../../domain/ports';
import { closedQuantity, closingAction, isHeldStop, isLive, stopRoom, type Protection, type StopRoom } from '../../domain/protection';

/**
 * How much of its position a protection's stop may rest with, read off the journal. What is about to close is read before the position, so that what fills in between counts as both;
 * and where an order of these protections fills meanwhile nothing is said: the next look is not far.
 */
export async function lookForRoom(store: Store, id: string): Promise<StopRoom | undefined> {
  const protection = await store.protections.find(id);
  if (protection === undefined || !isLive(protection)) return undefined;
  const before = await protectionsOf(store, protection);
  const orders = await store.openOrders(protection.account);
  const positions = await store.positions({ account: protection.account, strategyId: protection.strategyId, openOnly: true });
  const after = await protectionsOf(store, protection);
  const current = after.find((other) => other.id === id);
  if (current === undefined || filledIn(before) !== filledIn(after)) return undefined;
  const quantity = positions.find((position) => position.instrument === protection.instrument && position.product === protection.product)?.quantity ?? 0;
  const closing = orders.filter((order) => closes(order, protection)).reduce((sum, order) => sum + order.quantity - order.filledQuantity, 0);
  return stopRoom(current, { all: after, held: protection.direction === 'LONG' ? quantity : -quantity, closing });
}

/** Every live protection of the same position. */
async function protectionsOf(store: Store, { account, strategyId, instrument, product, direction }: Protection): Promise<readonly Protection[]> {
  return (await store.protections.live(account)).filter((other) => isLive(other) && other.strategyId === strategyId && other.instrument === instrument && other.product === product && other.direction === direction);
}

/** Another order than a protection's stop that is about to close the position. */
function closes(order: Order, protection: Protection): boolean {
  return order.strategyId === protection.strategyId && order.instrument === protection.instrument && order.product === protection.product && order.action === closingAction(protection) && !isHeldStop(order);
}

function filledIn(protections: readonly Protection[]): string {
  return protections.map((protection) => `${protection.id} ${protection.filled} ${closedQuantity(protection)}`).join(', ');
}
