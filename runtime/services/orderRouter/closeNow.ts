import type { Denial } from '../../domain/denial';
import { intentKey } from '../../domain/intentKey';
import type { OrderRequest } from '../../domain/nodeContext';
import type { Action, Order, Origin } from '../../domain/order';
import { cancelAll } from './cancelAll';
import { exitSide } from './exitSide';
import { leaseLost } from './fence';
import type { RoutedAccount, RouterPorts } from './ports';
import { refusalOf } from './refusalOf';
import { draftOf } from './request';
import { inTheWay, keptBy, roomOf, type Room, type RoomWish } from './room';
import type { SliceResults } from './slices';

/** What an exit finds, and why it would be refused whatever is taken back for it. */
export interface MadeRoom extends Room {
  readonly denial?: Denial;
}

/**
 * Makes room for an exit: takes back what rests on its side of the same strategy, instrument and product, as few orders as do, and waits for the proof of their end. Answers with what the exit finds then.
 * Nothing is taken back for an exit that would be refused anyway, nor by an owner whose lease is lost. A crash in between leaves cancellations, which are journalled, and a position that the next look finds; nothing is sent here.
 */
export async function makeRoom(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest, action: Action): Promise<MadeRoom> {
  const { strategyId = origin.strategyId, product, instrument: { key: instrument }, size } = request;
  const wish: RoomWish = { strategyId, instrument, product, action };
  const look = async (): Promise<Room> => {
    const { id } = account.config;
    // Orders first: what fills in between counts as kept and as closed, never as free.
    const orders = await ports.store.openOrders(id);
    return roomOf(wish, { orders, positions: await ports.store.positions({ account: id, strategyId, openOnly: true }) }, ports.clock.now());
  };
  const room = await look();
  const ids = new Set(inTheWay(room, size.kind === 'exit' ? size.quantity : undefined).map(({ id }) => id));
  if (ids.size === 0) return room;
  const denial = await refusalOf(ports, account, origin, request, { action, cleared: 'all' }) ?? await leaseLost(ports, request.fence);
  if (denial !== undefined) return { ...room, denial };
  await cancelAll(ports, account, { which: ({ id }) => ids.has(id), originOf: () => origin });
  return look();
}

/**
 * Closes what a position still holds, also where its own flow has an exit resting: that one is taken back first. Never through zero, because the exit is capped by what the admission finds.
 * The same wish again meets the orders that it placed, and takes nothing back. What could not be freed is named as refused: nothing of it is journalled, so that it may be wished for again.
 */
export async function closeNow(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest, placeAll: (request: OrderRequest) => Promise<SliceResults>): Promise<SliceResults> {
  const isRepeat = (await ports.store.intent(intentKey(draftOf(origin, request)))) !== undefined;
  const action = isRepeat ? undefined : await exitSide(ports, origin, request);
  // An exit that names its side is none of a position on the other one.
  if (action === undefined || (request.size.kind === 'exit' && action !== (request.size.action ?? action))) return placeAll(request);
  const { denial, ...room } = await makeRoom(ports, account, origin, request, action);
  if (denial !== undefined) return [{ kind: 'refused', denial }];
  const kept = keepersOf(room, request);
  if (room.free === 0 && kept.length > 0) return [refused(kept)];
  const results = await placeAll(request);
  return kept.length === 0 ? results : [...results, refused(kept)];
}

/** Orders that keep units of a wish away although they do not close them now: resting ones that are not proven to be gone, and those of unknown outcome. */
function keepersOf({ free, held, resting, working }: Room, { size }: OrderRequest): readonly Order[] {
  const wanted = size.kind === 'exit' ? size.quantity : undefined;
  return free >= Math.min(held, wanted ?? Infinity) ? [] : [...resting, ...working.filter(({ status }) => status === 'UNKNOWN')];
}

function refused(kept: readonly Order[]): { readonly kind: 'refused'; readonly denial: Denial } {
  return { kind: 'refused', denial: keptBy(kept) };
}
