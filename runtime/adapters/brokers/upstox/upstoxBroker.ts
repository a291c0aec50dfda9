import { deny, ok, type Outcome } from '../../../domain/denial';
import { checkTerms } from '../../../domain/paper';
import type { Broker, ListedOrder } from '../../../domain/ports';
import { followedOrders } from '../following/followedOrders';
import { createFollower } from '../following/follower';
import type { ListedRow, Lists } from '../following/listed';
import type { FollowingOptions } from '../following/options';
import { listedOrder } from '../following/shown';
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
  const { client, keys, account, journal, instruments, clock, log, mode } = options;
  const orders = followedOrders(options);
  const session = createSessionKeeper({ account, mode, log });

  const listsNow = async (): Promise<Outcome<Lists>> => {
    if (mode === 'sandbox') return deny('NOT_SUPPORTED', 'Upstox\' sandbox takes orders and lists none.');
    const read = await readLists(options);
    if (read.ok) session.worked();
    else session.failed(read.denial);
    return read;
  };
  /** A row is ours by what is bound, or by a tag that the journal knows as an order of this account. */
  const ownerOf = async ({ brokerOrderId, tag = '' }: ListedRow): Promise<string | undefined> => {
    const bound = orders.ownerOf(brokerOrderId);
    if (bound !== undefined || tag === '') return bound;
    return (await journal.order(tag))?.account === account ? tag : undefined;
  };

  const { port, lookFor, nudge } = createFollower({
    ...options, ...createChanges({ client, session }), name: 'Upstox', orders, ...(mode === 'live' ? { read: listsNow } : {}),
    refuseTerms(changed) {
      const instrument = instruments.find(changed.instrument, clock.now());
      return instrument === undefined ? deny('UNKNOWN_SYMBOL', `${changed.instrument} is not known here.`, { field: 'symbol', value: changed.instrument }) : checkTerms(changed, instrument);
    },
  });

  return {
    ...port, nudge,
    // Stops rest at the exchange, can be moved, and are found by their tag. The sandbox lists nothing, so that nobody could follow them there.
    capabilities: { lookupProvesAbsence: false, independentLists: true, heldStops: mode === 'live' },
    place: createPlacement({ client, keys, orders, session, instruments, clock, log, lookFor, onAccepted: nudge }),
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
    state: () => session.current(),
    preflight: () => readPreflight({ client, keys, session }),
  };
}
