import { deny, type Denial, type Outcome } from '../../../domain/denial';
import type { Broker, BrokerOrder, BrokerUpdate } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { backgroundPause } from '../../system/pause';
import { changedTerms } from '../ordering/changedTerms';
import { createBroadcast } from './broadcast';
import type { FollowedOrders } from './followedOrders';
import type { Lists } from './listed';
import { FAST_MS, FRESH_MS, LIST_LAG_MS, SLOW_MS, type FollowingOptions } from './options';
import { shownTerms } from './shown';
import type { Tracked } from './tracked';
import { createWatch } from './watch';

/** What a broker has answered to a change or a cancellation of an order. */
export type ChangeAnswer =
  | { readonly kind: 'success' }
  /** unsure: nobody can tell whether it was carried out. */
  | { readonly kind: 'unsure' | 'refused'; readonly denial: Denial };

export interface FollowerOptions extends Pick<FollowingOptions, 'clock' | 'log' | 'pause' | 'fastMs' | 'slowMs' | 'stream'> {
  /** The broker, as people call it. */
  readonly name: string;
  readonly orders: FollowedOrders;
  /** Reads the day's lists. Absent: the broker has none, and nothing is looked at. */
  readonly read?: () => Promise<Outcome<Lists>>;
  /** Asks for the end of an order, once. */
  readonly askToCancel: (orderId: string, brokerOrderId: string) => Promise<ChangeAnswer>;
  /** Asks for new terms of an order, once. */
  readonly askToModify: (changed: BrokerOrder, brokerOrderId: string) => Promise<ChangeAnswer>;
  /** Why these terms need not be asked for. */
  readonly refuseTerms: (changed: BrokerOrder) => { readonly ok: false; readonly denial: Denial } | undefined;
}

export interface Follower {
  /** What of the broker port is the same for all that follow orders by lists. */
  readonly port: Pick<Broker, 'find' | 'cancel' | 'onUpdate' | 'close'> & { readonly modify: NonNullable<Broker['modify']> };
  /** Looks for an order in lists that are younger than whatever was sent of it, and binds it where it is found. */
  readonly lookFor: (tracked: Tracked) => Promise<unknown>;
  /** Something may have happened to an order: look soon. */
  readonly nudge: () => void;
}

/** Lists, or why they could not be read; neither where the broker has none. */
interface Seen {
  readonly lists?: Lists;
  readonly unread?: Denial;
}

type Done = Awaited<ReturnType<Broker['cancel']>>;

const CANCEL_TRIES = 2;

/** Follows orders by a broker's lists of the day: they are read while any order of ours is open, when somebody asks, and soon after whatever was asked for. */
export function createFollower(options: FollowerOptions): Follower {
  const { name, orders, read, askToCancel, askToModify, refuseTerms, clock, log, pause = backgroundPause, fastMs = FAST_MS, slowMs = SLOW_MS } = options;
  const broadcast = createBroadcast<BrokerUpdate>(log);
  let lists: Lists | undefined;
  let unread: Denial | undefined;

  const watch = createWatch({
    isWanted: () => read !== undefined && orders.isAnyOpen(), pause, fastMs, slowMs,
    async look() {
      const outcome = await read?.();
      unread = outcome?.ok === false ? outcome.denial : undefined;
      if (outcome?.ok !== true) return 'failed';
      lists = outcome.value;
      const news = orders.advance(lists);
      broadcast.tell(news);
      return news.length > 0 ? 'news' : 'nothing';
    },
  });
  const stream = options.stream?.(() => watch.nudge());

  async function listsSince(since: EpochMs): Promise<Seen> {
    const isFresh = lists !== undefined && lists.askedAt > since && clock.now() - lists.askedAt < FRESH_MS;
    if (!isFresh && !await watch.lookNow()) return unread === undefined ? {} : { unread };
    return lists === undefined ? {} : { lists };
  }

  async function lookFor(tracked: Tracked): Promise<Seen> {
    // A list from before a change shows nothing of it.
    const seen = await listsSince(Math.max(tracked.sentAt, tracked.changedAt ?? 0));
    if (seen.lists !== undefined && tracked.refusal === undefined) await orders.adopt(tracked, seen.lists);
    watch.resume();
    return seen;
  }

  /** A cancel does no harm twice: where the answer was lost and the lists do not show it, it is sent once more. */
  async function cancelAt(tracked: Tracked, brokerOrderId: string): Promise<Done> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await askToCancel(tracked.order.id, brokerOrderId);
      if (answer.kind === 'success') {
        watch.nudge();
        return { ok: true };
      }
      await watch.lookNow();
      if (tracked.standing === 'CANCELLED') return { ok: true };
      if (answer.kind !== 'unsure' || attempt === CANCEL_TRIES) return { ok: false, denial: answer.denial };
    }
  }

  const port: Follower['port'] = {
    async find(orderId) {
      const tracked = await orders.get(orderId);
      if (tracked === undefined || tracked.refusal !== undefined) return undefined;
      const seen = await lookFor(tracked);
      const { brokerOrderId, told, sentAt, order } = tracked;
      const said = seen.unread === undefined ? {} : { unread: seen.unread };
      if (brokerOrderId === undefined) return seen.unread === undefined ? undefined : { unread: seen.unread };
      const row = seen.lists?.orders.get(brokerOrderId);
      if (seen.lists !== undefined && row === undefined && told.length === 0 && clock.now() - sentAt > LIST_LAG_MS) return undefined;
      const terms = row === undefined ? undefined : shownTerms(order, row);
      return { brokerOrderId, updates: [...told], ...(terms === undefined ? {} : { terms }), ...said };
    },
    async cancel(orderId) {
      const never = deny('NOT_FOUND', `${name} was never given an order ${orderId}.`);
      const tracked = await orders.get(orderId);
      if (tracked === undefined || tracked.refusal !== undefined) return never;
      if (tracked.brokerOrderId === undefined) await lookFor(tracked);
      // Where the list does not tell, the answer to the placement does.
      if (tracked.brokerOrderId === undefined) await orders.answered(orderId);
      if (isRefused(tracked)) return never;
      if (tracked.brokerOrderId === undefined) return deny('OUTCOME_UNKNOWN', 'Whether the broker has this order is not known: it can not be cancelled yet.', { remedy: 'Look into the broker\'s order book.' });
      return cancelAt(tracked, tracked.brokerOrderId);
    },
    async modify(orderId, change) {
      const tracked = await orders.get(orderId);
      if (tracked?.brokerOrderId === undefined) return deny('NOT_FOUND', `The broker is not known to have an order ${orderId}.`);
      const changed = changedTerms(tracked.order, change);
      const wrong = refuseTerms(changed);
      if (wrong !== undefined) return wrong;
      tracked.changedAt = clock.now();
      const answer = await askToModify(changed, tracked.brokerOrderId);
      if (answer.kind !== 'refused') tracked.modified = true;
      watch.nudge();
      if (answer.kind !== 'success') return { ok: false, denial: answer.denial };
      tracked.order = changed;
      return { ok: true };
    },
    onUpdate: (listener) => broadcast.listen(listener),
    async close() {
      await stream?.close();
      await watch.close();
    },
  };
  return { port, lookFor, nudge: () => watch.nudge() };
}

/** What has become of it may have come while something was awaited. */
function isRefused({ refusal }: Tracked): boolean {
  return refusal !== undefined;
}
