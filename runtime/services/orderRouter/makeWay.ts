import type { Denial } from '../../domain/denial';
import { intentKey } from '../../domain/intentKey';
import { stopsLock } from '../../domain/lockNames';
import type { OrderRequest } from '../../domain/nodeContext';
import type { Action, Origin } from '../../domain/order';
import type { Position } from '../../domain/position';
import { isHeldStop } from '../../domain/protection';
import { SECOND_MS, type EpochMs } from '../../domain/time';
import { cancelAll } from './cancelAll';
import { leaseLost } from './fence';
import type { RoutedAccount, RouterPorts } from './ports';
import { refusalOf } from './refusalOf';
import { draftOf } from './request';
import { inTheWay, keptBy, roomOf, type Room, type RoomWish } from './room';

/** While the lock is held no stop of this position begins to rest. */
const LOCK_MS = 4 * SECOND_MS;
/** What an admission may take to be carried out: the way is free for an order only as long as that before the lock ends. */
const ADMISSION_MS = 2 * SECOND_MS;
/** The lock is nobody's in particular: whoever places an order on that side prolongs it. */
const LOCK_OWNER = 'orders';

/** denied: the order must not be placed now. free: it may, until then. */
export type Way = { readonly kind: 'denied'; readonly denial: Denial } | { readonly kind: 'free'; readonly until: EpochMs };

const FREE: Way = { kind: 'free', until: Infinity };

/**
 * Stops that rest at the broker make way for every other order on their side of the same position, as few as do, so that both together never close more than there is. The stop comes back with
 * what is left. A stop whose end is not proven may still fill, and keeps the order out. Nothing of that is journalled, so that the order may be wished for again.
 * Nothing is taken back for an order that would be refused anyway, nor for a repeat.
 */
export async function makeWay(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<Way> {
  if (account.broker.capabilities.heldStops !== true || isHeldStop({ ...origin, ...request })) return FREE;
  const position = await positionOf(ports, origin, request);
  const action = position === undefined || position.quantity === 0 ? undefined : position.quantity > 0 ? 'SELL' : 'BUY';
  if (position === undefined || action === undefined || !mayClose(request, action)) return FREE;
  if (await ports.store.intent(intentKey(draftOf(origin, request))) !== undefined) return FREE;
  const book: RoomWish = { strategyId: position.strategyId, instrument: position.instrument, product: position.product, action };
  const lock = async (): Promise<Way> => {
    const now = ports.clock.now();
    await ports.store.acquireLock({ account: account.config.id, name: stopsLock(book), owner: LOCK_OWNER, until: now + LOCK_MS, reason: 'a stop at the broker makes way for an order' }, now);
    return { kind: 'free', until: now + LOCK_MS - ADMISSION_MS };
  };
  const look = async (): Promise<Room> => {
    // Orders first: what fills in between counts as kept and as closed, never as free.
    const orders = await ports.store.openOrders(account.config.id);
    const { resting, working, ...room } = roomOf(book, { orders, positions: [await positionOf(ports, origin, request) ?? position] }, ports.clock.now());
    const stops = [...resting, ...working].filter(isHeldStop);
    return { ...room, resting: stops, working: [...resting, ...working].filter((order) => !isHeldStop(order)) };
  };
  const before = await lock();
  const ids = new Set(inTheWay(await look(), wantedOf(request)).map(({ id }) => id));
  if (ids.size === 0) return before;
  const denial = await refusalOf(ports, account, origin, request, action) ?? await leaseLost(ports, request.fence);
  if (denial !== undefined) return { kind: 'denied', denial };
  await cancelAll(ports, account, { which: ({ id }) => ids.has(id), originOf: () => origin });
  const after = await lock();
  const left = inTheWay(await look(), wantedOf(request));
  return left.length === 0 ? after : { kind: 'denied', denial: keptBy(left) };
}

async function positionOf({ store }: RouterPorts, origin: Origin, { instrument, product, strategyId = origin.strategyId }: OrderRequest): Promise<Position | undefined> {
  return (await store.positions({ account: origin.account, strategyId, openOnly: true })).find((held) => held.instrument === instrument.key && held.product === product);
}

/** A target position is reckoned with everything that is pending, in which a stop has no place: none rests while it is. */
function mayClose({ size }: OrderRequest, action: Action): boolean {
  return size.kind === 'target' || size.action === undefined || size.action === action;
}

function wantedOf({ size }: OrderRequest): number | undefined {
  return size.kind === 'target' ? undefined : size.quantity;
}
