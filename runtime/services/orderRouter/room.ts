import type { Denial } from '../../domain/denial';
import type { InstrumentKey } from '../../domain/market';
import type { Action, Order, Product } from '../../domain/order';
import type { Position } from '../../domain/position';
import { isHeldStop, PROTECTION_NODE } from '../../domain/protection';
import { SAFETY_NODE } from '../../domain/safety';
import { SECOND_MS, type EpochMs } from '../../domain/time';
import { isInDoubt } from './follow';

/** A market order, or an exit of Bellwether's own at a price through the market, that is open for longer rests: it waits at a price, and closes nothing any more by itself. */
export const RESTS_MS = 5 * SECOND_MS;

/** Of which position units shall be closed. */
export interface RoomWish {
  readonly strategyId: string;
  readonly instrument: InstrumentKey;
  readonly product: Product;
  /** Side of the exit. */
  readonly action: Action;
}

/** What an exit would find. */
export interface Room {
  /** Units of the position that an order of the wish's side closes; 0 where it is flat or on the other side. */
  readonly held: number;
  /** Units of them that no open order is about to close: what an exit may take. */
  readonly free: number;
  /** Orders that keep units and rest: they can be taken back. */
  readonly resting: readonly Order[];
  /** Orders that keep units and are at work, or of which nobody knows whether the broker has them: left alone. */
  readonly working: readonly Order[];
}

/** Reads it off the journal's positions and open orders. Every open order of that side counts, an entry on it as well: the admission counts them all. */
export function roomOf(wish: RoomWish, { positions, orders }: { readonly positions: readonly Position[]; readonly orders: readonly Order[] }, now: EpochMs): Room {
  const quantity = positions.find((position) => isOf(position, wish))?.quantity ?? 0;
  const held = Math.max(0, wish.action === 'SELL' ? quantity : -quantity);
  const closing = orders.filter((order) => order.action === wish.action && isOf(order, wish));
  return {
    held, free: Math.max(0, held - closing.reduce((sum, order) => sum + restOf(order), 0)),
    resting: closing.filter((order) => rests(order, now)), working: closing.filter((order) => !rests(order, now)),
  };
}

/** Which resting orders have to go so that `wanted` units are free: as few as do, the newest first. */
export function inTheWay(room: Room, wanted = Infinity): readonly Order[] {
  const enough = Math.min(room.held, wanted);
  return enough === 0 ? [] : newestUntil(room, enough);
}

/** The newest resting orders whose end leaves `enough` units of the position that no order is about to close; all of them where that is more than there is. */
export function newestUntil({ held, resting, working }: Room, enough: number): readonly Order[] {
  const gone: Order[] = [];
  let free = held - [...working, ...resting].reduce((sum, order) => sum + restOf(order), 0);
  for (const order of resting.toReversed()) {
    if (free >= enough) break;
    gone.push(order);
    free += restOf(order);
  }
  return gone;
}

/** Why an order waits: these keep units of the position, and nobody knows that they will not fill. */
export function keptBy(orders: readonly Order[]): Denial {
  const units = orders.reduce((sum, order) => sum + restOf(order), 0);
  const message = `${units} of the position ${units === 1 ? 'is' : 'are'} kept by ${orders.map(({ id, status }) => `order ${id} (${status})`).join(', ')}, whose end is not proven: they may still fill.`;
  return { code: 'OUTCOME_UNKNOWN', message, remedy: 'Close again in a moment; if it stays so, look into the order book of your broker.' };
}

function isOf(row: Pick<Position, 'strategyId' | 'instrument' | 'product'>, { strategyId, instrument, product }: RoomWish): boolean {
  return row.strategyId === strategyId && row.instrument === instrument && row.product === product;
}

function rests(order: Order, now: EpochMs): boolean {
  const atOnce = order.orderType !== 'MARKET' && !isOwnExit(order);
  return atOnce || (!isInDoubt(order) && now - order.createdAt >= RESTS_MS);
}

/** Stops, targets and square-offs, on whichever step of their ladder. */
function isOwnExit(order: Order): boolean {
  return (order.nodeKey === PROTECTION_NODE || order.nodeKey === SAFETY_NODE) && !isHeldStop(order);
}

function restOf({ quantity, filledQuantity }: Order): number {
  return quantity - filledQuantity;
}
