import { closingOrder, underlyingOf } from '../../domain/closingOrder';
import type { Fence } from '../../domain/lease';
import { EXTERNAL_STRATEGY } from '../../domain/ledger/difference';
import type { Instrument } from '../../domain/market';
import type { Order, Origin } from '../../domain/order';
import type { Position } from '../../domain/position';
import { SAFETY_NODE } from '../../domain/safety';
import { SECOND_MS } from '../../domain/time';
import { aboutOrder, alarm } from '../orderRouter/alarm';
import type { BackOff } from '../orderRouter/backOff';
import { cancelAll } from '../orderRouter/cancelAll';
import { exitTerms } from '../orderRouter/exitTerms';
import type { Patience } from '../orderRouter/follow';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';
import { inTheWay, RESTS_MS, roomOf, type Room, type RoomWish } from '../orderRouter/room';
import type { OrderRouter } from '../orderRouter/router';
import { changeKey } from '../orderRouter/target';
import type { Hedges } from './hedges';
import { QUICK_TRIES, SPACE_MS, type Tries } from './tries';

/** One round waits so long for cancellations; the next one, two seconds later, looks again. */
const PATIENCE: Patience = { looks: 8, everyMs: 250 };
/** And so long for the fills of shorts' exits, where a long waits for them. */
const SHORTS_PATIENCE: Patience = { looks: 4, everyMs: 250 };
/** Units that nothing frees for so long are told of. */
const STUCK_MS = 60 * SECOND_MS;

/** What one round has read of an account. */
export interface Look {
  /** Open positions of flows. */
  readonly positions: readonly Position[];
  readonly orders: readonly Order[];
}

export interface Flattening {
  readonly ports: RouterPorts;
  readonly router: Pick<OrderRouter, 'placeInSlices'>;
  readonly account: RoutedAccount;
  /** What makes it one thing: `squareOff 2026-11-20`, `dailyLoss 1795152600000`. Part of the keys, so that whoever repeats it sends nothing twice. */
  readonly cause: string;
  /** For people: why. */
  readonly reason: string;
  readonly tries: Tries;
  /** When each order whose cancellation is not proven is asked about again. */
  readonly backOff: BackOff;
  /** What waits for which shorts. */
  readonly hedges: Hedges;
  /** Renews the lease; undefined where somebody else has it by now. */
  readonly renew: () => Promise<Fence | undefined>;
}

/** True for what is ours to close: a position that was traded by hand is its owner's. */
export function isOurs({ strategyId, quantity }: Position): boolean {
  return quantity !== 0 && strategyId !== EXTERNAL_STRATEGY;
}

/**
 * Takes back `entries`, so that nothing fills behind the close, and whatever rests on the exits' side, because it keeps the units it would close; all at the same time.
 * Then closes each position, shorts before longs that may cover them (`closingOrder`), at market or, where exits rested, by a limit a step further through it each time. Cancelling renews the lease first, and so does every close: either may have taken long.
 */
export async function closeAll(flattening: Flattening, look: Look, { entries, positions }: { readonly entries: readonly Order[]; readonly positions: readonly Position[] }): Promise<void> {
  const { ports, account, renew, backOff } = flattening;
  const now = ports.clock.now();
  const kept = positions.flatMap((position) => inTheWay(roomOf(wishOf(position), look, now)).map((order) => ({ order, position })));
  for (const { order, position } of kept) if (order.orderType === 'MARKET' || order.nodeKey === SAFETY_NODE) await cannotClose(flattening, position, `the exit ${order.id} rests since ${RESTS_MS / SECOND_MS} s; it is taken back and tried again`);
  backOff.keep(new Set(look.orders.map(({ id }) => id)));
  const ids = new Set([...entries, ...kept.map(({ order }) => order)].map(({ id }) => id).filter((id) => backOff.isDue(id)));
  const originOf = (order: Order): Origin => originIn(flattening, order);
  if (ids.size > 0 && await renew() === undefined) return;
  if (ids.size > 0) await cancelAll(ports, account, { which: ({ id }) => ids.has(id), originOf, patience: PATIENCE, backOff });
  const after = ids.size === 0 ? look : await readAgain(flattening);
  await tellIfUncancelled(flattening, entries, after);
  const inTurn = closingOrder(positions);
  const shorts = inTurn.filter(({ quantity }) => quantity < 0);
  const longs = inTurn.filter(({ quantity }) => quantity > 0);
  if (!await closeEach(flattening, shorts, after)) return;
  flattening.hedges.note(await openStill(flattening, shorts, longs));
  await closeEach(flattening, longs.filter((long) => !flattening.hedges.mustWait(long)), after);
}

/** False where the lease was lost on the way. */
async function closeEach(flattening: Flattening, positions: readonly Position[], look: Look): Promise<boolean> {
  for (const position of positions) {
    const fence = await flattening.renew();
    if (fence === undefined) return false;
    await closeOnce(flattening, position, roomOf(wishOf(position), look, flattening.ports.clock.now()), fence);
  }
  return true;
}

/** Shorts whose exits have not filled, waited for a moment where a long on the same underlying is to be sold behind them; beyond it the next round looks again. */
async function openStill({ ports: { store, pause }, account: { config: { id } } }: Flattening, shorts: readonly Position[], longs: readonly Position[]): Promise<readonly Position[]> {
  const hedged = new Set(longs.map(underlyingOf));
  let left = shorts.filter((short) => hedged.has(underlyingOf(short)));
  for (let look = 0; left.length > 0; look += 1) {
    const now = await store.positions({ account: id, openOnly: true });
    left = left.filter(({ strategyId, instrument, product }) => now.some((held) => held.strategyId === strategyId && held.instrument === instrument && held.product === product && held.quantity < 0));
    if (look >= SHORTS_PATIENCE.looks) break;
    if (left.length > 0) await pause(SHORTS_PATIENCE.everyMs);
  }
  return left;
}

function originIn({ account, cause }: Flattening, { strategyId }: Order): Origin {
  return { account: account.config.id, strategyId, nodeKey: SAFETY_NODE, signalId: cause };
}

/** An entry that rests although it is asked for since a minute may fill behind the close. Told once; asked for again as long as the router does. */
async function tellIfUncancelled(flattening: Flattening, entries: readonly Order[], { orders }: Look): Promise<void> {
  const { ports, cause, reason } = flattening;
  for (const order of orders.filter(({ id }) => entries.some((entry) => entry.id === id))) {
    const asked = await ports.store.changes.find(changeKey('cancel', originIn(flattening, order), { kind: 'order', orderId: order.id }));
    if (asked === undefined || ports.clock.now() - asked.recordedAt < STUCK_MS) continue;
    await alarm(ports, {
      ...aboutOrder(order), key: `${cause} ${order.id} rests`, kind: 'unknown', ...(asked.denial === undefined ? {} : { denial: asked.denial }),
      message: `${reason}: the entry ${order.id} (${order.action} ${order.quantity} ${order.instrument}) of ${order.strategyId} could not be cancelled and may still fill. Cancel it at your broker.${asked.denial === undefined ? '' : ` ${asked.denial.message}`}`,
    });
  }
}

async function readAgain({ ports: { store }, account: { config: { id } } }: Flattening): Promise<Look> {
  // Orders first: what fills in between counts as kept and as closed, never as free.
  const orders = await store.openOrders(id);
  return { orders, positions: await store.positions({ account: id, openOnly: true }) };
}

function wishOf({ strategyId, instrument, product, quantity }: Position): RoomWish {
  return { strategyId, instrument, product, action: quantity > 0 ? 'SELL' : 'BUY' };
}

/**
 * Closes what of a position no other order is about to close. After an exit that ended without closing everything the next try follows, with a key of its own that is read off the journal.
 * A crash on any line leaves either no order of this try, or one that the next look finds.
 */
async function closeOnce(flattening: Flattening, position: Position, room: Room, fence: Fence): Promise<void> {
  const { ports, router, account, tries } = flattening;
  const instrument = ports.instruments.find(position.instrument);
  if (instrument === undefined) {
    await cannotClose(flattening, position, `${position.instrument} is no longer known: add it to the instruments override file`);
    return;
  }
  if (room.free === 0) {
    await tellIfStuck(flattening, position, room);
    return;
  }
  const next = await tries.next(flattening.cause, position);
  if (next === 'later' || next === 'spent') return;
  const { origin, number, rested } = next;
  if (number > QUICK_TRIES) await cannotClose(flattening, position, `${QUICK_TRIES} exits came to nothing; it is tried again every ${SPACE_MS / SECOND_MS} s`);
  const { action } = wishOf(position);
  const results = await router.placeInSlices(account, origin, { instrument, leg: 0, purpose: 'exit', product: position.product, size: { kind: 'exit', quantity: room.free, action }, ...await exitTerms(ports, instrument, action, rested), fence });
  const refused = results.find((result) => result.kind === 'refused');
  if (refused?.kind === 'refused') ports.log.warn({ account: position.account, instrument: position.instrument, cause: flattening.cause, denial: refused.denial }, 'a position could not be closed; it is tried again');
}

/** An exit whose outcome nobody knows, or a cancellation that is never proven, keeps units for as long as it is open. */
async function tellIfStuck(flattening: Flattening, position: Position, { resting, working }: Room): Promise<void> {
  const stuck = [...resting, ...working].find(({ createdAt }) => flattening.ports.clock.now() - createdAt >= STUCK_MS);
  if (stuck !== undefined) await cannotClose(flattening, position, `order ${stuck.id} (${stuck.status}) keeps its units, and its end is not proven`);
}

/** Told once; looked at again with every look. */
async function cannotClose({ ports, cause, reason }: Flattening, position: Position, why: string): Promise<void> {
  await alarm(ports, {
    key: `${cause} ${position.strategyId} ${position.instrument} ${position.product} open`, account: position.account, kind: 'protectionFailed', strategyId: position.strategyId, instrument: position.instrument,
    message: `${reason}: the position of ${position.strategyId} in ${position.instrument} (${position.quantity}) could not be closed: ${why}. Close it at your broker.`, facts: { severity: 'critical', quantity: position.quantity },
  });
}

/** True for an instrument that trades now: outside of its session nothing can be closed. */
export function isTrading({ ports, account }: Pick<Flattening, 'ports' | 'account'>, instrument: Instrument | undefined): boolean {
  return instrument !== undefined && account.sessions.isOpen(instrument, ports.clock.now());
}
