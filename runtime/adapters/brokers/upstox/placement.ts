import { deny, type Denial } from '../../../domain/denial';
import type { BrokerOrder, Clock, Instruments, PlaceOutcome } from '../../../domain/ports';
import type { FollowedOrders } from '../following/followedOrders';
import { sendOnce } from '../following/sendOnce';
import type { Tracked } from '../following/tracked';
import { checkTerms } from '../../../domain/paper';
import type { UpstoxClient } from './client';
import { denialOf, isSessionOver } from './denials';
import type { UpstoxKeys } from './instrumentKeys';
import { placementOf } from './mapper';
import { Placed } from './schema';
import type { SessionKeeper } from './sessionKeeper';

export interface PlacementOptions {
  readonly client: UpstoxClient;
  readonly keys: UpstoxKeys;
  readonly orders: FollowedOrders;
  readonly session: SessionKeeper;
  readonly instruments: Instruments;
  readonly clock: Clock;
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
  const { client, keys, orders, session } = options;
  const wrong = refuseTerms(options, order);
  if (wrong !== undefined) return { kind: 'rejected', denial: wrong };
  const table = await keys.table();
  if (!table.ok) return { kind: 'rejected', denial: { ...table.denial, message: `${table.denial.message} Nothing was sent.` } };
  const upstoxKey = table.value.upstoxKey(order.instrument);
  if (upstoxKey === undefined) return { kind: 'rejected', denial: unknownSymbol(order, 'Upstox does not list it today.') };
  const tracked = orders.begin(order);
  const answer = await client.command({ method: 'POST', path: '/v3/order/place', body: placementOf(order, upstoxKey) });
  if (answer.kind === 'success') return accepted(options, tracked, answer.data);
  if (answer.kind === 'unsure') return { kind: 'unknown', reason: `${answer.reason}: whether the order was placed has to be looked up.` };
  tracked.refusal = denialOf(answer, 'command');
  if (isSessionOver(answer)) session.failed(tracked.refusal);
  return { kind: 'rejected', denial: tracked.refusal };
}

function accepted({ orders, session, onAccepted }: PlacementOptions, tracked: Tracked, data: unknown): PlaceOutcome {
  const [brokerOrderId] = Placed.safeParse(data).data?.order_ids ?? [];
  // An id that another order of ours has can not be this one's.
  if (brokerOrderId === undefined || orders.ownerOf(brokerOrderId) !== undefined) return { kind: 'unknown', reason: 'Upstox says success and names no order of its own for it: whether it was placed has to be looked up.' };
  orders.bind(tracked, brokerOrderId);
  session.worked();
  onAccepted();
  return { kind: 'accepted', brokerOrderId, updates: [] };
}

/** What needs no broker to be refused. Commodities are: Upstox counts them in lots, and in which of its lists it does is not confirmed. */
function refuseTerms({ instruments, clock }: PlacementOptions, order: BrokerOrder): Denial | undefined {
  const instrument = instruments.find(order.instrument, clock.now());
  if (instrument === undefined) return unknownSymbol(order, 'It is not known here.');
  if (instrument.segment === 'index') return deny('NOT_TRADABLE', `${order.instrument} is an index: trade its future, an option or a fund.`, { field: 'symbol', value: order.instrument }).denial;
  if (instrument.exchange === 'MCX') return deny('NOT_SUPPORTED', 'Commodities are not traded over Upstox: it counts them in lots, and not all of its lists say so.', { field: 'exchange', value: 'MCX' }).denial;
  return checkTerms(order, instrument)?.denial;
}

function unknownSymbol({ instrument }: BrokerOrder, why: string): Denial {
  return deny('UNKNOWN_SYMBOL', `${instrument}: ${why}`, { field: 'symbol', value: instrument }).denial;
}
