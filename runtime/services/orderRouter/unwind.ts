import { explained, type Denial } from '../../domain/denial';
import type { ChangeResult, LegResult, OrderRequest, OrderTarget, PlaceResult } from '../../domain/nodeContext';
import type { Order, Origin } from '../../domain/order';
import { alarm } from './alarm';
import { cancelOrder } from './cancel';
import { hasEnded, isInDoubt } from './follow';
import type { RoutedAccount, RouterPorts } from './ports';
import { resultOf } from './send';
import type { SliceResults } from './slices';
import { changeKey } from './target';
import { orderView } from './views';

/** Legs of unwinding orders: beyond those of any basket, within the first slice. */
const UNWIND_LEG = 500;

interface Unwinding {
  readonly requests: readonly OrderRequest[];
  /** What became of the requests, in their order. */
  readonly legs: readonly LegResult[];
  readonly place: (origin: Origin, request: OrderRequest) => Promise<SliceResults>;
}

/** Takes back the legs of a basket that failed; each result says what became of that, and how its orders stand now. */
export async function unwind(ports: RouterPorts, account: RoutedAccount, origin: Origin, { requests, legs, place }: Unwinding): Promise<readonly LegResult[]> {
  const unwound: LegResult[] = [];
  for (const [index, leg] of legs.entries()) {
    const request = requests[index];
    const orders = ordersOf(leg.outcomes);
    const back = request === undefined || orders.length === 0 ? [] : await takeBack(ports, account, origin, request, orders, place);
    const stands = leg.outcomes.some(({ kind }) => kind === 'placed') || back.length > 0;
    unwound.push(stands ? { ...leg, outcomes: await asTheyStand(ports, leg.outcomes), unwound: back } : leg);
  }
  return unwound;
}

/** True when the same signal has asked before to take one of these orders back: nobody knew then what had become of it, and whatever is known now, its basket has failed. */
export async function wasUnwound({ store }: RouterPorts, origin: Origin, outcomes: readonly PlaceResult[]): Promise<boolean> {
  for (const orderId of ordersOf(outcomes)) {
    const order = await store.order(orderId);
    if (order !== undefined && (await store.changes.find(changeKey('cancel', ownerOf(origin, order), takingBack(orderId)))) !== undefined) return true;
  }
  return false;
}

function ordersOf(outcomes: readonly PlaceResult[]): readonly string[] {
  return outcomes.flatMap((outcome) => (outcome.kind === 'satisfied' || outcome.order === undefined ? [] : [outcome.order.id]));
}

async function asTheyStand({ store }: RouterPorts, [first, ...others]: LegResult['outcomes']): Promise<LegResult['outcomes']> {
  const anew = async (outcome: PlaceResult): Promise<PlaceResult> => {
    const order = outcome.kind === 'placed' ? await store.order(outcome.order.id) : undefined;
    return outcome.kind !== 'placed' || order === undefined ? outcome : resultOf(order, outcome.order.duplicate === true);
  };
  return [await anew(first), ...await Promise.all(others.map(anew))];
}

function ownerOf(origin: Origin, { strategyId }: Order): Origin {
  return { ...origin, strategyId };
}

function takingBack(orderId: string): OrderTarget {
  return { kind: 'order', orderId, step: 'unwind' };
}

/** Cancels what rests of a leg and closes what was filled of it. What can not be taken back is told to people. */
async function takeBack(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest, orderIds: readonly string[], place: Unwinding['place']): Promise<readonly PlaceResult[]> {
  const results: PlaceResult[] = [];
  let filled = 0;
  let action: Order['action'] = 'BUY';
  for (const orderId of orderIds) {
    const order = await ports.store.order(orderId);
    if (order === undefined) continue;
    const cancelled = hasEnded(order) ? undefined : await cancelOrder(ports, account, ownerOf(origin, order), takingBack(orderId));
    const left = await ports.store.order(orderId) ?? order;
    if (cancelled !== undefined && !hasEnded(left)) results.push({ kind: 'refused', denial: leftOpen(left, cancelled), order: orderView(left, false) });
    filled += left.filledQuantity;
    action = left.action;
  }
  const { instrument, product, leg, strategyId } = request;
  const exit = { instrument, product, leg: leg + UNWIND_LEG, purpose: 'exit', size: { kind: 'fixed', action: action === 'BUY' ? 'SELL' : 'BUY', quantity: filled }, orderType: 'MARKET', ...(strategyId === undefined ? {} : { strategyId }) } as const;
  if (filled > 0) results.push(...await place(origin, exit));
  const failed = results.flatMap((result) => (result.kind === 'refused' ? [result.denial] : []));
  if (failed[0] !== undefined) {
    await alarm(ports, {
      key: `unwind ${orderIds[0] ?? ''}`, account: account.config.id, kind: 'protectionFailed', strategyId: strategyId ?? origin.strategyId, instrument: instrument.key, signalId: origin.signalId, denial: failed[0],
      message: `A leg of a failed basket could not be taken back: ${instrument.key}, ${filled} filled. ${failed.map(explained).join(' ')}`, facts: { filled },
    });
  }
  return results;
}

/** Why an order of a failed basket is still there, and what a person can do about it. */
function leftOpen(order: Order, cancelled: ChangeResult): Denial {
  const { id } = order;
  const denial: Denial = cancelled.kind === 'done' ? { code: 'OUTCOME_UNKNOWN', message: 'The broker does not show it as cancelled.' } : cancelled.denial;
  if (isInDoubt(order)) {
    return { ...denial, code: 'OUTCOME_UNKNOWN', message: `Nobody knows what became of order ${id}, which was to be cancelled: ${denial.message}`, remedy: 'Look for it in the broker’s order book: cancel it there if it is open, and close by hand what it has filled.' };
  }
  const remedy = cancelled.kind === 'pending' ? 'It is asked for again. Look into the broker’s order book, and close by hand what the order fills meanwhile.' : 'Cancel it in the broker’s order book, and close by hand what it fills meanwhile.';
  return { ...denial, message: `Order ${id} could not be cancelled and may still fill: ${denial.message}`, remedy };
}
