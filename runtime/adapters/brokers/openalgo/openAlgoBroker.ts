import { deny, ok, type Outcome } from '../../../domain/denial';
import { toMoney } from '../../../domain/money';
import type { Broker, BrokerUpdate } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { backgroundPause } from '../../system/pause';
import { createBroadcast } from '../following/broadcast';
import { followedOrders } from '../following/followedOrders';
import { FAST_MS, FRESH_MS, LIST_LAG_MS, SLOW_MS, type FollowingOptions } from '../following/options';
import type { Lists } from '../following/listed';
import { listedOrder, shownTerms } from '../following/shown';
import type { Tracked } from '../following/tracked';
import { createWatch } from '../following/watch';
import { changedTerms } from '../ordering/changedTerms';
import { checkTerms } from '../../../domain/paper';
import { cautiousMargin } from '../ordering/margin';
import { readRows } from '../reading/rows';
import type { OpenAlgoClient } from './client';
import { denialOf, isSemiAuto } from './denials';
import { readGatewayState, SEMI_AUTO, type GatewayState } from './gatewayState';
import { readLists } from './lists';
import { modificationOf, positionOf, strategyTag } from './mapper';
import { createPlacement } from './placement';
import { FundsAnswer, PositionBookAnswer, PositionRow } from './schema';
import { createStateKeeper } from './stateKeeper';

export interface OpenAlgoBrokerOptions extends FollowingOptions {
  readonly client: OpenAlgoClient;
  /** `analyze`: the account is for the gateway's sandbox, and before each order the gateway is asked whether it still is. Default `live`. */
  readonly expects?: 'live' | 'analyze';
}

/** The broker port with everything that an OpenAlgo gateway can do of it. */
export interface OpenAlgoBroker extends Broker {
  readonly modify: NonNullable<Broker['modify']>;
  readonly orders: NonNullable<Broker['orders']>;
  readonly positions: NonNullable<Broker['positions']>;
  /** What was last seen of the gateway. */
  state(): GatewayState;
  /** Asks the gateway for its mode and session. */
  preflight(): Promise<GatewayState>;
  /** Something may have happened to an order (the order stream says so): look soon. */
  nudge(): void;
}

type Done = Awaited<ReturnType<Broker['cancel']>>;

const CANCEL_TRIES = 2;

/**
 * One account behind an OpenAlgo gateway. A placement is sent once: its answer is acceptance with an order id, a refusal in the gateway's own words, or unknown.
 * The gateway knows no client order id, so absence from its lists proves nothing (`lookupProvesAbsence` is false): a lost order is found by the tag that the sandbox
 * shows, or as the one new order of the same terms. Reports come from the order and trade lists, which are read while any order of ours is open.
 * One process at a time follows an account: fills without trade ids are named after sums, which two watchers may cut differently.
 */
export function openAlgoBroker(options: OpenAlgoBrokerOptions): OpenAlgoBroker {
  const { client, account, instruments, clock, log, expects = 'live', pause = backgroundPause, fastMs = FAST_MS, slowMs = SLOW_MS } = options;
  const orders = followedOrders(options);
  const state = createStateKeeper({ account, expects, log });
  const broadcast = createBroadcast<BrokerUpdate>(log);
  let lists: Lists | undefined;

  const watch = createWatch({
    isWanted: () => orders.isAnyOpen(), pause, fastMs, slowMs,
    async look() {
      const read = await readLists(options);
      if (!read.ok) {
        state.failed(read.denial);
        return 'failed';
      }
      lists = read.value;
      state.saw(read.value);
      const news = orders.advance(lists);
      broadcast.tell(news);
      return news.length > 0 ? 'news' : 'nothing';
    },
  });
  const listsSince = async (since: EpochMs): Promise<Lists | undefined> => {
    if (lists !== undefined && lists.askedAt > since && clock.now() - lists.askedAt < FRESH_MS) return lists;
    return await watch.lookNow() ? lists : undefined;
  };
  const lookFor = async (tracked: Tracked): Promise<Lists | undefined> => {
    const seen = await listsSince(Math.max(tracked.sentAt, tracked.changedAt ?? 0));
    if (seen !== undefined && tracked.refusal === undefined) await orders.adopt(tracked, seen);
    watch.resume();
    return seen;
  };

  const stream = options.stream?.(() => watch.nudge());

  return {
    capabilities: { lookupProvesAbsence: false },
    place: createPlacement({ client, orders, state, instruments, clock, log, expects, lookFor, onAccepted: () => watch.nudge() }),
    async find(orderId) {
      const tracked = await orders.get(orderId);
      if (tracked === undefined || tracked.refusal !== undefined) return undefined;
      const seen = await lookFor(tracked);
      const { brokerOrderId, told, sentAt } = tracked;
      if (brokerOrderId === undefined) return undefined;
      const isMissing = seen !== undefined && !seen.orders.has(brokerOrderId) && told.length === 0 && clock.now() - sentAt > LIST_LAG_MS;
      if (isMissing) return undefined;
      const row = seen?.orders.get(brokerOrderId);
      const terms = row === undefined ? undefined : shownTerms(tracked.order, row);
      return { brokerOrderId, updates: [...told], ...(terms === undefined ? {} : { terms }) };
    },
    async cancel(orderId) {
      const tracked = await orders.get(orderId);
      if (tracked === undefined || tracked.refusal !== undefined) return deny('NOT_FOUND', `OpenAlgo was never given an order ${orderId}.`);
      if (tracked.brokerOrderId === undefined) await lookFor(tracked);
      // Where the list does not tell, the answer to the placement does.
      if (tracked.brokerOrderId === undefined) await orders.answered(orderId);
      if (tracked.brokerOrderId === undefined) return deny('OUTCOME_UNKNOWN', 'Whether the broker has this order is not known: it can not be cancelled yet.', { remedy: 'Look into the broker\'s order book.' });
      return cancelAt(tracked, tracked.brokerOrderId);
    },
    async modify(orderId, change) {
      const tracked = await orders.get(orderId);
      if (tracked?.brokerOrderId === undefined) return deny('NOT_FOUND', `The broker is not known to have an order ${orderId}.`);
      const changed = changedTerms(tracked.order, change);
      const instrument = instruments.find(changed.instrument, clock.now());
      const wrong = instrument === undefined ? undefined : checkTerms(changed, instrument);
      if (wrong !== undefined) return wrong;
      // A list from before shows nothing of it.
      tracked.changedAt = clock.now();
      const answer = await client.command('modifyorder', modificationOf(changed, tracked.brokerOrderId));
      if (answer.kind === 'success' || answer.kind === 'unsure') tracked.modified = true;
      watch.nudge();
      if (answer.kind !== 'success') return { ok: false, denial: denialOf(answer, 'command') };
      tracked.order = changed;
      return { ok: true };
    },
    async orders() {
      const read = await readLists(options);
      return mapped(read, ({ orders: rows }) => [...rows.values()].flatMap((row) => listedOrder(row, orders.ownerOf(row.brokerOrderId)) ?? []));
    },
    async positions() {
      const read = await client.read('positionbook', {}, PositionBookAnswer);
      return mapped(read, ({ data }) => readRows(data, PositionRow, { source: 'openalgo', log }).flatMap((row) => positionOf(row) ?? []));
    },
    async funds() {
      const read = await client.read('funds', {}, FundsAnswer);
      if (!read.ok) throw new Error(`The funds could not be read: ${read.denial.message}`);
      const { availablecash: available, utiliseddebits: used } = read.value.data;
      return { available: toMoney(available), used: toMoney(used) };
    },
    marginPerUnit: (instrument, _product, price) => cautiousMargin(instrument, price),
    onUpdate: (listener) => broadcast.listen(listener),
    state: () => state.current(),
    async preflight() {
      state.set(await readGatewayState(client));
      return state.current();
    },
    nudge: () => watch.nudge(),
    async close() {
      await stream?.close();
      await watch.close();
    },
  };

  /** A cancel does no harm twice: where the answer was lost and the lists do not show it, it is sent once more. */
  async function cancelAt(tracked: Tracked, brokerOrderId: string): Promise<Done> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await client.command('cancelorder', { strategy: strategyTag(tracked.order.id), orderid: brokerOrderId });
      if (answer.kind === 'success') {
        watch.nudge();
        return { ok: true };
      }
      if (isSemiAuto(answer)) state.set({ ...state.current(), mode: 'semi_auto', denial: SEMI_AUTO });
      await watch.lookNow();
      if (tracked.standing === 'CANCELLED') return { ok: true };
      if (answer.kind !== 'unsure' || attempt === CANCEL_TRIES) return { ok: false, denial: denialOf(answer, 'command') };
    }
  }
}

function mapped<A, B>(outcome: Outcome<A>, map: (value: A) => B): Outcome<B> {
  return outcome.ok ? ok(map(outcome.value)) : outcome;
}
