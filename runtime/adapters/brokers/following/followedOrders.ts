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
  /** Follows an order that is about to be sent. */
  begin(order: BrokerOrder): Tracked;
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
/** The journal's orders that may own one of the broker's orders of today. */
const MOST_OWNERS = 10_000;
/** Orders sent so close to each other can not be told apart by their times. */
const RIVAL_MS = 5 * MINUTE_MS;

export function followedOrders({ account, journal, instruments, clock, log }: FollowedOrdersOptions): FollowedOrders {
  const followed = new Map<string, Tracked>();
  const owners = new Map<string, string>();
  const firstSeen = new Map<string, EpochMs>();
  let lastLookAt: EpochMs | undefined;

  const remember = (tracked: Tracked): Tracked => {
    followed.set(tracked.order.id, tracked);
    if (tracked.brokerOrderId !== undefined) owners.set(tracked.brokerOrderId, tracked.order.id);
    trim(followed, MOST_FOLLOWED, (entry) => !isFollowed(entry, clock.now()) && (entry.brokerOrderId !== undefined || entry.refusal !== undefined));
    return tracked;
  };
  const see = ({ askedAt, orders }: Lists): void => {
    lastLookAt = Math.max(lastLookAt ?? askedAt, askedAt);
    for (const id of orders.keys()) if (!firstSeen.has(id)) firstSeen.set(id, askedAt);
    trim(firstSeen, MOST_SEEN, () => true);
  };
  const instrumentOf = (key: InstrumentKey) => instruments.find(key, clock.now());

  const bind = (tracked: Tracked, brokerOrderId: string): void => {
    tracked.brokerOrderId = brokerOrderId;
    owners.set(brokerOrderId, tracked.order.id);
  };
  return {
    begin: (order) => remember({ ...track(order, clock.now(), { fills: [], isUnsent: false }), ...(lastLookAt === undefined ? {} : { listedAt: lastLookAt }) }),
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
      if (tracked.brokerOrderId !== undefined) return true;
      const { order, sentAt } = tracked;
      const [journalled, open] = await Promise.all([journal.orders({ account, limit: MOST_OWNERS }), journal.openOrders(account)]);
      const taken = new Set([...owners.keys(), ...journalled.flatMap(({ brokerOrderId }) => brokerOrderId ?? [])]);
      const rivals = open.filter((other) => other.id !== order.id && isRival(other, tracked) && followed.get(other.id)?.brokerOrderId === undefined).length;
      const found = findLost(lists.orders.values(), { order, sentAt, taken, firstSeen, listedAt: tracked.listedAt, rivals });
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
