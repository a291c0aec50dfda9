import type { Denial } from '../../domain/denial';
import { intentKey } from '../../domain/intentKey';
import type { Command, LegResult, OrderRequest, PlaceResult } from '../../domain/nodeContext';
import type { Order, Origin } from '../../domain/order';
import { MAX_SLICES } from '../../domain/sizing';
import { follow, hasEnded, IN_FLIGHT_MS, isInDoubt, isYoung, type Patience } from './follow';
import type { RoutedAccount, RouterPorts } from './ports';
import { draftOf } from './request';
import { resultOf } from './send';
import { SLICE_STRIDE, type SliceResults } from './slices';
import { unwind, wasUnwound } from './unwind';

/** How long a leg may take to be filled, rest or fail before the next one is judged by it. */
const LEG_PATIENCE: Patience = { looks: 20, everyMs: 250 };
/** How long a leg is waited for that another call sends at this very moment: both shall judge it alike. */
const SENDING_PATIENCE: Patience = { looks: IN_FLIGHT_MS / 250, everyMs: 250 };

export type BasketRequest = Omit<Extract<Command, { kind: 'basket' }>, 'kind'>;
type Place = (origin: Origin, request: OrderRequest) => Promise<SliceResults>;

/**
 * Places the legs one after the other, each with its own result. Where a leg's failure matters to the others, each is waited for until it has filled, rests or failed:
 * a broker may accept first and refuse later. Failed is what was refused, what ended with less than its quantity filled, and what nobody knows when patience is over.
 * `stop` sends no further leg; `unwind` also takes back what there is of all legs, once each, through the gate like every exit.
 */
export async function placeBasket(ports: RouterPorts, account: RoutedAccount, origin: Origin, { requests, onLegFailure, hedgeFirst }: BasketRequest, place: Place): Promise<readonly LegResult[]> {
  const results = new Map<number, LegResult>();
  let failure: Denial | undefined;
  let unhedged: Denial | undefined;
  for (const index of sequence(requests, hedgeFirst)) {
    const request = requests[index];
    if (request === undefined) continue;
    const hedges = hedgeFirst && isBuy(request);
    const stopped = (onLegFailure === 'continue' ? undefined : failure) ?? (hedges ? undefined : unhedged);
    if (stopped !== undefined) {
      results.set(index, { outcomes: await journalled(ports, origin, request) ?? [{ kind: 'refused', denial: stopped }] });
      continue;
    }
    const placed = await place(origin, request);
    const outcomes = hedgeFirst || onLegFailure !== 'continue' ? await settled(ports, account, placed, hedges) : placed;
    const failed = onLegFailure === 'unwind' && await wasUnwound(ports, origin, outcomes) ? TAKEN_BACK : outcomes.map(failureOf).find((why) => why !== undefined);
    results.set(index, { outcomes, ...(failed === undefined ? {} : { failed }) });
    if (failed !== undefined) failure ??= stoppedBy(request, failed);
    if (hedges && !outcomes.every(isFilled)) unhedged ??= stoppedBy(request, failed ?? UNFILLED_HEDGE);
  }
  const legs = requests.map((_request, index) => results.get(index) ?? { outcomes: [{ kind: 'refused', denial: failure ?? NOTHING }] } satisfies LegResult);
  return onLegFailure === 'unwind' && (failure ?? unhedged) !== undefined ? unwind(ports, account, origin, { requests, legs, place }) : legs;
}

const NOTHING: Denial = { code: 'BASKET_STOPPED', message: 'The leg was not placed.' };

const TAKEN_BACK: Denial = { code: 'BASKET_STOPPED', message: 'It was taken back when this signal came before.' };
const UNFILLED_HEDGE: Denial = { code: 'BASKET_STOPPED', message: 'The hedge has not filled.' };

function stoppedBy({ instrument, leg }: OrderRequest, { message, remedy }: Denial): Denial {
  return { code: 'BASKET_STOPPED', message: `Leg ${leg + 1} (${instrument.key}) was not placed or filled: ${message}`, ...(remedy === undefined ? {} : { remedy }) };
}

/** Why an order that has been waited for counts as failed: it was refused, it ended below its quantity whatever ended it, or nobody knows what became of it. */
function failureOf(outcome: PlaceResult): Denial | undefined {
  if (outcome.kind === 'refused') return outcome.denial;
  if (outcome.kind === 'satisfied') return undefined;
  const { id, status, filledQuantity, quantity, reason } = outcome.order;
  if (isInDoubt(outcome.order)) {
    return { code: 'OUTCOME_UNKNOWN', message: `Nobody knows yet what became of its order ${id}.`, remedy: 'Look for it in the broker’s order book, then place or close by hand what the basket lacks or has too much. Bellwether goes on looking for it.' };
  }
  if (!hasEnded(outcome.order) || filledQuantity >= quantity) return undefined;
  return { code: 'BASKET_STOPPED', message: `Its order ${id} ended as ${status} with ${filledQuantity} of ${quantity} filled${reason === undefined ? '' : ` (${reason})`}.` };
}

function isBuy({ size }: OrderRequest): boolean {
  return size.kind === 'fixed' && size.action === 'BUY';
}

function sequence(requests: readonly OrderRequest[], hedgeFirst: boolean): readonly number[] {
  const indexes = [...requests.keys()];
  if (!hedgeFirst) return indexes;
  const rank = (index: number): number => { const request = requests[index]; return request !== undefined && isBuy(request) ? 0 : 1; };
  return indexes.toSorted((a, b) => rank(a) - rank(b));
}

function isFilled(outcome: PlaceResult): boolean {
  return outcome.kind === 'satisfied' || (outcome.kind === 'placed' && outcome.order.status === 'FILLED');
}

/** What became of the orders of a leg. A market order is waited for until it has ended, and so is a hedge; another one only until it rests. */
async function settled(ports: RouterPorts, account: RoutedAccount, [first, ...others]: SliceResults, hedges: boolean): Promise<SliceResults> {
  const isEnough = (order: Order): boolean => hasEnded(order) || (!hedges && order.orderType !== 'MARKET' && !isInDoubt(order) && order.status !== 'ACCEPTED');
  const settle = async (outcome: PlaceResult): Promise<PlaceResult> => {
    if (outcome.kind !== 'placed') return outcome;
    await follow(ports, account, outcome.order.id, (order) => !isYoung(ports, order), SENDING_PATIENCE);
    return resultOf(await follow(ports, account, outcome.order.id, isEnough, LEG_PATIENCE), outcome.order.duplicate === true);
  };
  return [await settle(first), ...await Promise.all(others.map(settle))];
}

/** The orders of a leg that is not to be placed any more, where this signal has placed it before. */
async function journalled({ store }: RouterPorts, origin: Origin, request: OrderRequest): Promise<SliceResults | undefined> {
  const results: PlaceResult[] = [];
  for (let slice = 0; slice < MAX_SLICES; slice += 1) {
    const intent = await store.intent(intentKey(draftOf(origin, { ...request, leg: request.leg + slice * SLICE_STRIDE })));
    const order = intent?.orderId === undefined ? undefined : await store.order(intent.orderId);
    if (order === undefined) break;
    results.push(resultOf(order, true));
  }
  const [first, ...others] = results;
  return first === undefined ? undefined : [first, ...others];
}
