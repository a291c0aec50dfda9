import type { Denial } from '../../domain/denial';
import type { Command, LegResult, OrderRequest, PlaceResult } from '../../domain/nodeContext';
import type { Order, Origin } from '../../domain/order';
import { alarm } from './alarm';
import { cancelOrder } from './cancel';
import { follow, hasEnded, isInDoubt, type Patience } from './follow';
import type { RoutedAccount, RouterPorts } from './ports';
import { resultOf } from './send';
import type { SliceResults } from './slices';

/** How long a leg may take to be filled, rest or fail before the next one is judged by it. */
const LEG_PATIENCE: Patience = { looks: 20, everyMs: 250 };
/** Legs of unwinding orders: beyond those of any basket, within the first slice. */
const UNWIND_LEG = 500;

export type BasketRequest = Omit<Extract<Command, { kind: 'basket' }>, 'kind'>;
type Place = (origin: Origin, request: OrderRequest) => Promise<SliceResults>;

/**
 * Places the legs one after the other, each with its own result. Where a leg's failure matters to the others, each is waited for until it has filled, rests or failed:
 * a broker may accept first and refuse later. `stop` sends no further leg; `unwind` also takes back those before, once each, through the gate like every exit.
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
      results.set(index, { outcomes: [{ kind: 'refused', denial: stopped }] });
      continue;
    }
    const placed = await place(origin, request);
    const outcomes = hedgeFirst || onLegFailure !== 'continue' ? await settled(ports, account, placed, hedges) : placed;
    results.set(index, { outcomes });
    const refused = outcomes.find((outcome) => outcome.kind === 'refused');
    if (refused !== undefined) failure ??= stoppedBy(request, refused.denial.message);
    if (hedges && !outcomes.every(isFilled)) unhedged ??= stoppedBy(request, refused?.denial.message ?? 'the hedge has not filled');
  }
  const legs = requests.map((_request, index) => results.get(index) ?? { outcomes: [{ kind: 'refused', denial: failure ?? NOTHING }] } satisfies LegResult);
  return onLegFailure === 'unwind' && (failure ?? unhedged) !== undefined ? unwind(ports, account, origin, requests, legs, place) : legs;
}

const NOTHING: Denial = { code: 'BASKET_STOPPED', message: 'The leg was not placed.' };

function stoppedBy({ instrument, leg }: OrderRequest, why: string): Denial {
  return { code: 'BASKET_STOPPED', message: `Leg ${leg + 1} (${instrument.key}) was not placed or filled: ${why}` };
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
    return resultOf(await follow(ports, account, outcome.order.id, isEnough, LEG_PATIENCE), outcome.order.duplicate === true);
  };
  return [await settle(first), ...await Promise.all(others.map(settle))];
}

async function unwind(ports: RouterPorts, account: RoutedAccount, origin: Origin, requests: readonly OrderRequest[], legs: readonly LegResult[], place: Place): Promise<readonly LegResult[]> {
  const unwound: LegResult[] = [];
  for (const [index, leg] of legs.entries()) {
    const request = requests[index];
    const orders = leg.outcomes.flatMap((outcome) => (outcome.kind === 'satisfied' || outcome.order === undefined ? [] : [outcome.order.id]));
    const back = request === undefined || orders.length === 0 ? [] : await takeBack(ports, account, origin, request, orders, place);
    unwound.push(back.length === 0 ? leg : { ...leg, unwound: back });
  }
  return unwound;
}

/** Cancels what rests of a leg and closes what was filled of it. What can not be taken back is told to people. */
async function takeBack(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest, orderIds: readonly string[], place: Place): Promise<readonly PlaceResult[]> {
  const results: PlaceResult[] = [];
  let filled = 0;
  let action: Order['action'] = 'BUY';
  for (const orderId of orderIds) {
    const order = await ports.store.order(orderId);
    if (order === undefined) continue;
    const cancelled = hasEnded(order) ? undefined : await cancelOrder(ports, account, { ...origin, strategyId: order.strategyId }, { kind: 'order', orderId, step: 'unwind' });
    if (cancelled?.kind === 'pending') results.push({ kind: 'refused', denial: cancelled.denial, order: cancelled.order });
    filled += (await ports.store.order(orderId) ?? order).filledQuantity;
    action = order.action;
  }
  const { instrument, product, leg, strategyId } = request;
  const exit = { instrument, product, leg: leg + UNWIND_LEG, purpose: 'exit', size: { kind: 'fixed', action: action === 'BUY' ? 'SELL' : 'BUY', quantity: filled }, orderType: 'MARKET', ...(strategyId === undefined ? {} : { strategyId }) } as const;
  if (filled > 0) results.push(...await place(origin, exit));
  const failed = results.find((result) => result.kind === 'refused');
  if (failed !== undefined) {
    await alarm(ports, {
      key: `unwind ${orderIds[0] ?? ''}`, account: account.config.id, kind: 'protectionFailed', strategyId: strategyId ?? origin.strategyId, instrument: instrument.key, signalId: origin.signalId, denial: failed.denial,
      message: `A leg of a failed basket could not be taken back: ${instrument.key}, ${filled} filled. ${failed.denial.message}`, facts: { filled },
    });
  }
  return results;
}
