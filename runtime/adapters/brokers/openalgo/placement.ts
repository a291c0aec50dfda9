import { deny, ok, type Denial, type Outcome } from '../../../domain/denial';
import type { BrokerOrder, Clock, Instruments, PlaceOutcome } from '../../../domain/ports';
import { sendOnce, type PlacementAnswer, type SendOnceOptions } from '../following/sendOnce';
import { checkTerms } from '../../../domain/paper';
import type { OpenAlgoClient } from './client';
import { denialOf, isSessionRefused } from './denials';
import { readGatewayState, SEMI_AUTO } from './gatewayState';
import { placementOf } from './mapper';
import { Placed, Queued } from './schema';
import type { StateKeeper } from './stateKeeper';

export interface PlacementOptions extends Omit<SendOnceOptions, 'prepare'> {
  readonly client: OpenAlgoClient;
  readonly state: StateKeeper;
  readonly instruments: Instruments;
  readonly clock: Clock;
  readonly expects: 'live' | 'analyze';
}

/** Sends orders, each at most once in the life of the process. */
export function createPlacement(options: PlacementOptions): (order: BrokerOrder) => Promise<PlaceOutcome> {
  return sendOnce({ ...options, prepare: (order) => prepare(options, order) });
}

async function prepare(options: PlacementOptions, order: BrokerOrder): Promise<Outcome<() => Promise<PlacementAnswer>>> {
  const denial = refuseTerms(options, order) ?? await refuseMode(options);
  return denial === undefined ? ok(() => ask(options, order)) : { ok: false, denial };
}

async function ask({ client, state }: PlacementOptions, order: BrokerOrder): Promise<PlacementAnswer> {
  const answer = await client.command('placeorder', placementOf(order));
  if (answer.kind === 'success') return taken(state, answer.body);
  if (answer.kind === 'unsure') return { kind: 'unsure', reason: `${answer.reason}: whether the order was placed has to be looked up.` };
  const denial = denialOf(answer, 'command');
  if (isSessionRefused(answer)) state.failed(denial);
  return { kind: 'refused', denial };
}

function taken(state: StateKeeper, body: Readonly<Record<string, unknown>>): PlacementAnswer {
  const placed = Placed.safeParse(body);
  if (placed.success) {
    state.set({ ...state.current(), session: 'ok', mode: body['mode'] === 'analyze' ? 'analyze' : 'live' });
    return { kind: 'success', brokerOrderId: placed.data.orderid };
  }
  if (!Queued.safeParse(body).success) return { kind: 'unsure', reason: 'OpenAlgo says success and names no order: whether it was placed has to be looked up.' };
  state.set({ ...state.current(), session: 'ok', mode: 'semi_auto', denial: SEMI_AUTO });
  return { kind: 'unsure', reason: 'OpenAlgo is in semi-auto mode: the order waits in its action center until a person decides.' };
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
