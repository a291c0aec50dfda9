import { deny, ok, type Denial, type Outcome } from '../../../domain/denial';
import type { BrokerOrder, Clock, Instruments, PlaceOutcome } from '../../../domain/ports';
import { sendOnce, type PlacementAnswer, type SendOnceOptions } from '../following/sendOnce';
import { checkTerms } from '../../../domain/paper';
import type { UpstoxClient } from './client';
import { denialOf, isSessionOver } from './denials';
import type { UpstoxKeys } from './instrumentKeys';
import { placementOf } from './mapper';
import { Placed } from './schema';
import type { SessionKeeper } from './sessionKeeper';

export interface PlacementOptions extends Omit<SendOnceOptions, 'prepare'> {
  readonly client: UpstoxClient;
  readonly keys: UpstoxKeys;
  readonly session: SessionKeeper;
  readonly instruments: Instruments;
  readonly clock: Clock;
}

/** Sends orders, each at most once in the life of the process. */
export function createPlacement(options: PlacementOptions): (order: BrokerOrder) => Promise<PlaceOutcome> {
  return sendOnce({ ...options, prepare: (order) => prepare(options, order) });
}

async function prepare(options: PlacementOptions, order: BrokerOrder): Promise<Outcome<() => Promise<PlacementAnswer>>> {
  const denial = refuseTerms(options, order);
  if (denial !== undefined) return { ok: false, denial };
  const table = await options.keys.table();
  if (!table.ok) return { ok: false, denial: { ...table.denial, message: `${table.denial.message} Nothing was sent.` } };
  const upstoxKey = table.value.upstoxKey(order.instrument);
  return upstoxKey === undefined ? { ok: false, denial: unknownSymbol(order, 'Upstox does not list it today.') } : ok(() => ask(options, order, upstoxKey));
}

async function ask({ client, session }: PlacementOptions, order: BrokerOrder, upstoxKey: string): Promise<PlacementAnswer> {
  const answer = await client.command({ method: 'POST', path: '/v3/order/place', body: placementOf(order, upstoxKey) });
  if (answer.kind === 'success') return taken(session, answer.data);
  if (answer.kind === 'unsure') return { kind: 'unsure', reason: `${answer.reason}: whether the order was placed has to be looked up.` };
  const denial = denialOf(answer, 'command');
  if (isSessionOver(answer)) session.failed(denial);
  return { kind: 'refused', denial };
}

function taken(session: SessionKeeper, data: unknown): PlacementAnswer {
  const [brokerOrderId] = Placed.safeParse(data).data?.order_ids ?? [];
  if (brokerOrderId === undefined) return { kind: 'unsure', reason: 'Upstox says success and names no order of its own for it: whether it was placed has to be looked up.' };
  session.worked();
  return { kind: 'success', brokerOrderId };
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
