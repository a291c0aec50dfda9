import type { Denial } from '../../domain/denial';
import type { OrderRequest } from '../../domain/nodeContext';
import type { Action, Origin } from '../../domain/order';
import { isHeldStop } from '../../domain/protection';
import { cancelAll } from './cancelAll';
import { leaseLost } from './fence';
import type { RoutedAccount, RouterPorts } from './ports';
import { refusalOf } from './refusalOf';
import { keptBy, newestUntil, roomOf, type Room } from './room';

/**
 * Stops that wait at the broker make way for another order on their side of the position, as few as do, so that both together never close more than there is. The stop comes back with what
 * is left. Undefined where the way is free; else why the order must not be placed: a stop whose end is not proven may still fill, and one that has filled meanwhile has done what the order
 * was for. Nothing of that is journalled, so that the order may be wished for again. Nothing is taken back for an order that would be refused anyway.
 */
export async function makeWay(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest, { action, quantity }: { readonly action: Action; readonly quantity: number }): Promise<Denial | undefined> {
  const look = async (): Promise<Room> => stopsIn(await roomNow(ports, account, origin, request, action));
  const before = await look();
  const ids = new Set(newestUntil(before, quantity).map(({ id }) => id));
  const denial = await refusalOf(ports, account, origin, request, { action, cleared: 'stops' }) ?? await leaseLost(ports, request.fence);
  if (denial !== undefined) return denial;
  await cancelAll(ports, account, { which: ({ id }) => ids.has(id), originOf: () => origin });
  const after = await look();
  const left = newestUntil(after, quantity);
  if (left.length > 0) return keptBy(left);
  if (request.size.kind !== 'fixed' || quantity > before.held || quantity <= after.held) return undefined;
  return { code: 'WOULD_REVERSE', message: `The stop at the broker has filled meanwhile: ${after.held} is held, and ${quantity} would turn the position round.`, rule: 'exit only', limit: after.held, value: quantity };
}

async function roomNow({ store, clock }: RouterPorts, { config: { id } }: RoutedAccount, origin: Origin, { strategyId = origin.strategyId, instrument, product }: OrderRequest, action: Action): Promise<Room> {
  // Orders first: what fills in between counts as kept and as closed, never as free.
  const orders = await store.openOrders(id);
  return roomOf({ strategyId, instrument: instrument.key, product, action }, { orders, positions: await store.positions({ account: id, strategyId, openOnly: true }) }, clock.now());
}

/** Only stops may be taken back: what else rests there is the flow's own wish. */
function stopsIn({ resting, working, ...room }: Room): Room {
  const all = [...resting, ...working];
  return { ...room, resting: all.filter(isHeldStop), working: all.filter((order) => !isHeldStop(order)) };
}
