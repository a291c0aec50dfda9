import { deny, type Denial } from '../../../domain/denial';
import type { BrokerOrder, Clock, Instruments, PlaceOutcome } from '../../../domain/ports';
import type { FollowedOrders } from '../following/followedOrders';
import { sendOnce } from '../following/sendOnce';
import type { Tracked } from '../following/tracked';
import { checkTerms } from '../../../domain/paper';
import type { OpenAlgoClient } from './client';
import { denialOf, isSessionRefused } from './denials';
import { readGatewayState, SEMI_AUTO } from './gatewayState';
import { placementOf } from './mapper';
import { Placed, Queued } from './schema';
import type { StateKeeper } from './stateKeeper';

export interface PlacementOptions {
  readonly client: OpenAlgoClient;
  readonly orders: FollowedOrders;
  readonly state: StateKeeper;
  readonly instruments: Instruments;
  readonly clock: Clock;
  readonly expects: 'live' | 'analyze';
  /** Looks for an order in the lists and binds it where it is found. */
  readonly lookFor: (tracked: Tracked) => Promise<unknown>;
  /** Called when an order has been accepted. */
  readonly onAccepted: () => void;
}

/** Sends orders, each at most once in the life of the process. */
export function createPlacement(options: PlacementOptions): (order: BrokerOrder) => Promise<PlaceOutcome> {
  return sendOnce({ ...options, send: (order) => send(options, order) });
}

async function send(options: PlacementOptions, order: BrokerOrder): Promise<PlaceOutcome> {
  const { client, orders, state } = options;
  const wrong = refuseTerms(options, order) ?? await refuseMode(options);
  if (wrong !== undefined) return { kind: 'rejected', denial: wrong };
  const tracked = orders.begin(order);
  const answer = await client.command('placeorder', placementOf(order));
  if (answer.kind === 'success') return accepted(options, tracked, answer.body);
  if (answer.kind === 'unsure') return { kind: 'unknown', reason: `${answer.reason}: whether the order was placed has to be looked up.` };
  tracked.refusal = denialOf(answer, 'command');
  if (isSessionRefused(answer)) state.failed(tracked.refusal);
  return { kind: 'rejected', denial: tracked.refusal };
}

function accepted({ orders, state, onAccepted }: PlacementOptions, tracked: Tracked, body: Readonly<Record<string, unknown>>): PlaceOutcome {
  const placed = Placed.safeParse(body);
  // An id that another order of ours has can not be this one's.
  if (placed.success && orders.ownerOf(placed.data.orderid) === undefined) {
    orders.bind(tracked, placed.data.orderid);
    state.set({ ...state.current(), session: 'ok', mode: body['mode'] === 'analyze' ? 'analyze' : 'live' });
    onAccepted();
    return { kind: 'accepted', brokerOrderId: placed.data.orderid, updates: [] };
  }
  if (!Queued.safeParse(body).success) return { kind: 'unknown', reason: 'OpenAlgo says success and names no order: whether it was placed has to be looked up.' };
  state.set({ ...state.current(), session: 'ok', mode: 'semi_auto', denial: SEMI_AUTO });
  return { kind: 'unknown', reason: 'OpenAlgo is in semi-auto mode: the order waits in its action center until a person decides.' };
}

/** What needs no gateway to be refused; some of it the gateway's sandbox would fill. */
function refuseTerms({ instruments, clock }: PlacementOptions, order: BrokerOrder): Denial | undefined {
  const instrument = instruments.find(order.instrument, clock.now());
  if (instrument === undefined) return deny('UNKNOWN_SYMBOL', `${order.instrument} is not known.`, { field: 'symbol', value: order.instrument }).denial;
  if (instrument.segment === 'index') return deny('NOT_TRADABLE', `${order.instrument} is an index: trade its future, an option or a fund.`, { field: 'symbol', value: order.instrument }).denial;
  return checkTerms(order, instrument)?.denial;
}

/** The analyzer is a switch of the whole server: an account that is for it asks before each order. */
async function refuseMode({ client, state, expects }: PlacementOptions): Promise<Denial | undefined> {
  if (expects === 'live') return undefined;
  state.set(await readGatewayState(client));
  const { mode, denial } = state.current();
  if (mode === 'analyze') return undefined;
  return denial ?? deny('NOT_ARMED', 'This account is for OpenAlgo\'s analyzer, and OpenAlgo trades live now.', { remedy: 'Switch the analyzer on in OpenAlgo, or use a live account.' }).denial;
}
