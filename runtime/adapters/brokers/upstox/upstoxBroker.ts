import { deny, ok, type Outcome } from '../../../domain/denial';
import type { Broker, BrokerUpdate, ListedOrder } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { backgroundPause } from '../../system/pause';
import { createBroadcast } from '../following/broadcast';
import { followedOrders } from '../following/followedOrders';
import { FAST_MS, FRESH_MS, LIST_LAG_MS, SLOW_MS, type FollowingOptions } from '../following/options';
import type { ListedRow, Lists } from '../following/listed';
import { listedOrder, shownTerms } from '../following/shown';
import type { Tracked } from '../following/tracked';
import { createWatch } from '../following/watch';
import { cautiousMargin } from '../ordering/margin';
import { readRows } from '../reading/rows';
import { createChanges } from './changes';
import type { UpstoxClient } from './client';
import type { UpstoxKeys } from './instrumentKeys';
import { readLists } from './lists';
import { positionOf } from './mapper';
import { createPlacement } from './placement';
import { fundsOf, readPreflight, type UpstoxPreflight } from './preflight';
import { FundsData, PositionRow, Rows } from './schema';
import { createSessionKeeper, type UpstoxState } from './sessionKeeper';

export interface UpstoxBrokerOptions extends FollowingOptions {
  readonly client: UpstoxClient;
  readonly keys: UpstoxKeys;
  /** `sandbox`: the host takes orders and lists none, so nothing is looked at. */
  readonly mode: 'live' | 'sandbox';
}

/** The broker port with everything that Upstox can do of it. */
export interface UpstoxBroker extends Broker {
  readonly modify: NonNullable<Broker['modify']>;
  readonly orders: NonNullable<Broker['orders']>;
  readonly positions: NonNullable<Broker['positions']>;
  /** What was last seen of Upstox. */
  state(): UpstoxState;
  /** Asks for token, margin, registered addresses and feed, without an order. */
  preflight(): Promise<UpstoxPreflight>;
  /** Something may have happened to an order (the order stream says so): look soon. */
  nudge(): void;
}


/**
 * One Upstox client, over API V3. A placement is sent once: its answer is acceptance with an order id, a refusal in Upstox' own words, or unknown. Our order id is the order's tag,
 * and a lost order is the one that shows it; absence from the lists proves nothing, because they may lag. Reports come from the day's orders and trades, which are read while any
 * order of ours is open, and at once when the order stream says that there is news. What no source confirmed ([?]) is said where it is used.
 */
export function upstoxBroker(options: UpstoxBrokerOptions): UpstoxBroker {
  const { client, keys, account, journal, instruments, clock, log, mode, pause = backgroundPause, fastMs = FAST_MS, slowMs = SLOW_MS } = options;
  const orders = followedOrders(options);
  const session = createSessionKeeper({ account, mode, log });
  const broadcast = createBroadcast<BrokerUpdate>(log);
  let lists: Lists | undefined;

  const watch = createWatch({
    isWanted: () => mode === 'live' && orders.isAnyOpen(), pause, fastMs, slowMs,
    async look() {
      const read = await listsNow();
      if (!read.ok) return 'failed';
      lists = read.value;
      const news = orders.advance(lists);
      broadcast.tell(news);
      return news.length > 0 ? 'news' : 'nothing';
    },
  });
  const listsNow = async (): Promise<Outcome<Lists>> => {
    if (mode === 'sandbox') return deny('NOT_SUPPORTED', 'Upstox\' sandbox takes orders and lists none.');
    const read = await readLists(options);
    if (read.ok) session.worked();
    else session.failed(read.denial);
    return read;
  };
  const listsSince = async (since: EpochMs): Promise<Lists | undefined> => {
    if (lists !== undefined && lists.askedAt > since && clock.now() - lists.askedAt < FRESH_MS) return lists;
    return await watch.lookNow() ? lists : undefined;
  };
  const lookFor = async (tracked: Tracked): Promise<Lists | undefined> => {
    const seen = await listsSince(tracked.sentAt);
    if (seen !== undefined && tracked.refusal === undefined) await orders.adopt(tracked, seen);
    watch.resume();
    return seen;
  };
  /** A row is ours by what is bound, or by a tag that the journal knows as an order of this account. */
  const ownerOf = async ({ brokerOrderId, tag = '' }: ListedRow): Promise<string | undefined> => {
    const bound = orders.ownerOf(brokerOrderId);
    if (bound !== undefined || tag === '') return bound;
    return (await journal.order(tag))?.account === account ? tag : undefined;
  };

  const changes = createChanges({ client, session, instruments, clock, look: () => watch.lookNow(), onChange: () => watch.nudge() });
  const stream = options.stream?.(() => watch.nudge());

  return {
    // Stops rest at the exchange, can be moved, and are found by their tag. The sandbox lists nothing, so that nobody could follow them there.
    capabilities: { lookupProvesAbsence: false, independentLists: true, heldStops: mode === 'live' },
    place: createPlacement({ client, keys, orders, session, instruments, clock, log, lookFor, onAccepted: () => watch.nudge() }),
    async find(orderId) {
      const tracked = await orders.get(orderId);
      if (tracked === undefined || tracked.refusal !== undefined) return undefined;
      const seen = await lookFor(tracked);
      const { brokerOrderId, told, sentAt } = tracked;
      if (brokerOrderId === undefined) return undefined;
      const row = seen?.orders.get(brokerOrderId);
      if (seen !== undefined && row === undefined && told.length === 0 && clock.now() - sentAt > LIST_LAG_MS) return undefined;
      const terms = row === undefined ? undefined : shownTerms(tracked.order, row);
      return { brokerOrderId, updates: [...told], ...(terms === undefined ? {} : { terms }) };
    },
    async cancel(orderId) {
      const tracked = await orders.get(orderId);
      if (tracked === undefined || tracked.refusal !== undefined) return deny('NOT_FOUND', `Upstox was never given an order ${orderId}.`);
      if (tracked.brokerOrderId === undefined) await lookFor(tracked);
      // Where the list does not tell, the answer to the placement does.
      if (tracked.brokerOrderId === undefined) await orders.answered(orderId);
      if (tracked.brokerOrderId === undefined) return deny('OUTCOME_UNKNOWN', 'Whether the broker has this order is not known: it can not be cancelled yet.', { remedy: 'Look into the broker\'s order book.' });
      return changes.cancel(tracked, tracked.brokerOrderId);
    },
    async modify(orderId, change) {
      const tracked = await orders.get(orderId);
      if (tracked?.brokerOrderId === undefined) return deny('NOT_FOUND', `The broker is not known to have an order ${orderId}.`);
      return changes.modify(tracked, tracked.brokerOrderId, change);
    },
    async orders() {
      const read = await listsNow();
      if (!read.ok) return read;
      const listed: ListedOrder[] = [];
      for (const row of read.value.orders.values()) listed.push(...[listedOrder(row, await ownerOf(row)) ?? []].flat());
      return ok(listed);
    },
    async positions() {
      const table = await keys.table();
      if (!table.ok) return table;
      const read = await client.read('/v2/portfolio/short-term-positions', Rows);
      if (!read.ok) return read;
      return ok(readRows(read.value, PositionRow, { source: 'upstox', log }).flatMap((row) => positionOf(row, table.value, (key) => instruments.find(key, clock.now())) ?? []));
    },
    async funds() {
      const read = await client.read('/v3/user/get-funds-and-margin', FundsData);
      if (!read.ok) throw new Error(`The funds could not be read: ${read.denial.message}`);
      return fundsOf(read.value);
    },
    marginPerUnit: (instrument, _product, price) => cautiousMargin(instrument, price),
    onUpdate: (listener) => broadcast.listen(listener),
    state: () => session.current(),
    preflight: () => readPreflight({ client, keys, session }),
    nudge: () => watch.nudge(),
    async close() {
      await stream?.close();
      await watch.close();
    },
  };
}
