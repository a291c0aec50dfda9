import type { InstrumentKey } from '../../../domain/market';
import type { Order } from '../../../domain/order';
import type { BrokerOrder, BrokerUpdate, Clock, Instruments, Log, Store } from '../../../domain/ports';
import { MINUTE_MS, type EpochMs } from '../../../domain/time';
import type { Lists } from './listed';
import { findLost } from './lookup';
import { advance, isFollowed, track, type Tracked } from './tracked';

export interface FollowedOrdersOptions {
  readonly account: string;
  /** The only memory that outlives the process: what was to be sent, which broker orders are bound, which fills are booked. */
  readonly journal: Pick<Store, 'order' | 'orders' | 'openOrders' | 'fills'>;
  readonly instruments: Instruments;
  readonly clock: Clock;
  readonly log: Log;
}

/** The orders of ours that this process follows, with everything that was said of them. */
export interface FollowedOrders {
  /** Follows an order that is about to be sent. A look that asked for it before holds the same one; where it has found the order, nothing is to be sent any more. */
  begin(order: BrokerOrder): Tracked;
  /** The answer to a placement is on its way until `answer` is settled. */
  awaits(orderId: string, answer: Promise<unknown>): void;
  /** Resolves when no such answer is on its way. */
  answered(orderId: string): Promise<void>;
  /** An order of this life or of the journal; undefined for a stranger. */
  get(orderId: string): Promise<Tracked | undefined>;
  /** Whose order a broker's order is. */
  ownerOf(brokerOrderId: string): string | undefined;
  bind(tracked: Tracked, brokerOrderId: string): void;
  /** Looks for the order among the lists, where its answer was lost. True when it is bound afterwards. */
  adopt(tracked: Tracked, lists: Lists): Promise<boolean>;
  /** What the lists say anew of all that are followed. */
  advance(lists: Lists): readonly BrokerUpdate[];
  /** True while any order may bring news. */
  isAnyOpen(): boolean;
}

/** Orders that are over are forgotten, the oldest first, above this many: the journal knows them. */
const MOST_FOLLOWED = 5_000;
const MOST_SEEN = 50_000;
/** Orders of ours that may own one of the broker's orders of today: so many are read in the journal, and so many numbers are remembered beside it. */
export const MOST_OWNERS = 10_000;
/** Orders sent so close to each other can not be told apart by their times. */
const RIVAL_MS = 5 * MINUTE_MS;

export function followedOrders({ account, journal, instruments, clock, log }: FollowedOrdersOptions): FollowedOrders {
  const followed = new Map<string, Tracked>();
  const owners = new Map<string, string>();
  const firstSeen = new Map<string, EpochMs>();
  const awaited = new Map<string, Promise<void>>();
  let lastLookAt: EpochMs | undefined;

  const remember = (tracked: Tracked): Tracked => {
    followed.set(tracked.order.id, tracked);
    if (tracked.brokerOrderId !== undefined) owners.set(tracked.brokerOrderId, tracked.order.id);
    trim(followed, MOST_FOLLOWED, (entry) => !isFollowed(entry, clock.now()) && (entry.brokerOrderId !== undefined || entry.refusal !== undefined));
    // What is forgotten here is told by the journal, as after a restart.
    trim(owners, MOST_OWNERS, (orderId) => !followed.has(orderId));
    return tracked;
  };
  const see = ({ askedAt, shownAt, orders }: Lists): void => {
    lastLookAt = Math.max(lastLookAt ?? askedAt, askedAt);
    for (const id of orders.keys()) if (!firstSeen.has(id)) firstSeen.set(id, shownAt);
    trim(firstSeen, MOST_SEEN, () => true);
  };
  const instrumentOf = (key: InstrumentKey) => instruments.find(key, clock.now());

  const bind = (tracked: Tracked, brokerOrderId: string): void => {
    tracked.brokerOrderId = brokerOrderId;
    owners.set(brokerOrderId, tracked.order.id);
  };
  return {
    begin(order) {
      const now = clock.now();
      const begun = followed.get(order.id) ?? track(order, now, { fills: [], isUnsent: true });
      if (begun.brokerOrderId !== undefined) return begun;
      begun.sentAt = now;
      begun.seenAt = now;
      begun.isUnsent = false;
      if (lastLookAt !== undefined) begun.listedAt = lastLookAt;
      return remember(begun);
    },
    awaits(orderId, answer) {
      const settled = answer.then(() => undefined, () => undefined).finally(() => awaited.delete(orderId));
      awaited.set(orderId, settled);
    },
    answered: (orderId) => awaited.get(orderId) ?? Promise.resolve(),
    async get(orderId) {
      const known = followed.get(orderId);
      if (known !== undefined && (known.brokerOrderId !== undefined || known.refusal !== undefined)) return known;
      const order = await journal.order(orderId);
      if (known !== undefined) {
        // A person may have found it, or another process.
        if (known.brokerOrderId === undefined && order?.brokerOrderId !== undefined) bind(known, order.brokerOrderId);
        return known;
      }
      if (order === undefined || order.account !== account || order.status === 'CREATED' || order.status === 'DENIED') return undefined;
      const fills = await journal.fills(orderId);
      return followed.get(orderId) ?? remember(track(order, order.createdAt, { fills, isUnsent: order.status === 'SUBMITTING', ...(order.brokerOrderId === undefined ? {} : { brokerOrderId: order.brokerOrderId }) }));
    },
    ownerOf: (brokerOrderId) => owners.get(brokerOrderId),
    bind,
    async adopt(tracked, lists) {
      if (isBound(tracked)) return true;
      const [journalled, open] = await Promise.all([journal.orders({ account, limit: MOST_OWNERS }), journal.openOrders(account)]);
      // Its answer may have come meanwhile.
      if (isBound(tracked) || tracked.refusal !== undefined) return isBound(tracked);
      const { order, sentAt } = tracked;
      const taken = new Set([...owners.keys(), ...journalled.flatMap(({ id, brokerOrderId }) => (id === order.id ? [] : brokerOrderId ?? []))]);
      const rivals = open.filter((other) => other.id !== order.id && isRival(other, tracked) && followed.get(other.id)?.brokerOrderId === undefined).length;
      const found = findLost(lists.orders.values(), { order, sentAt, taken, firstSeen, listedAt: tracked.listedAt, rivals, isAwaited: awaited.has(order.id) });
      if (found.kind === 'ambiguous') log.error({ orderId: order.id, candidates: found.candidates, rivals }, 'several orders at the broker may be this one: it stays unknown until a person looks');
      if (found.kind !== 'found') return false;
      bind(tracked, found.row.brokerOrderId);
      advance(tracked, lists, { instrument: instrumentOf(order.instrument), now: clock.now() });
      return true;
    },
    advance(lists) {
      see(lists);
      const news: BrokerUpdate[] = [];
      for (const tracked of followed.values()) {
        if (!isFollowed(tracked, clock.now())) continue;
        const before = tracked.problem;
        news.push(...advance(tracked, lists, { instrument: instrumentOf(tracked.order.instrument), now: clock.now() }));
        if (tracked.problem !== undefined && tracked.problem !== before) log.error({ orderId: tracked.order.id, brokerOrderId: tracked.brokerOrderId, problem: tracked.problem }, 'what the broker lists of an order can not be true');
      }
      return news;
    },
    isAnyOpen: () => [...followed.values()].some((tracked) => isFollowed(tracked, clock.now())),
  };
}

function isBound({ brokerOrderId }: Tracked): boolean {
  return brokerOrderId !== undefined;
}

/** True for an order of ours that asks for the same at nearly the same time, and whose outcome nobody knows. */
function isRival(other: Order, { order, sentAt }: Tracked): boolean {
  return other.brokerOrderId === undefined && Math.abs(other.createdAt - sentAt) < RIVAL_MS
    && other.instrument === order.instrument && other.action === order.action && other.quantity === order.quantity && other.product === order.product
    && other.orderType === order.orderType && other.limitPrice === order.limitPrice && other.triggerPrice === order.triggerPrice;
}

function trim<V>(entries: Map<string, V>, most: number, isOver: (value: V) => boolean): void {
  if (entries.size <= most) return;
  for (const [key, value] of entries) {
    if (entries.size <= most) return;
    if (isOver(value)) entries.delete(key);
  }
}
