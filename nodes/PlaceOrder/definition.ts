import { deny, ok, type Denial, type Outcome } from '../../runtime/domain/denial';
import { isExitAction } from '../../runtime/domain/direction';
import type { PositionView } from '../../runtime/domain/envelope';
import type { Command, OrderRequest, Tradable } from '../../runtime/domain/nodeContext';
import type { Funds } from '../../runtime/domain/ports';
import { defineNode, type Step } from '../../runtime/hosts/definition';
import { fundsFor, orderRequest, queryOf, refusalOf, unreadWish, wishOf, type OrderWish } from '../orderFields';
import { MAX_LEGS, PlaceOrderItem } from './basket';
import { changesOrders, concludeChange, decideChange } from './changes';
import { bracketOf, opens } from './bracket';
import { Params } from './params';
import { reEntryOf } from './reEntry';
import { emissionsOf, rejected, type Port } from './results';

type Item = PlaceOrderItem;

/** Sends orders through the router: journalled first, gated again, at most once per signal. */
export const placeOrder = defineNode({
  type: 'placeOrder',
  title: 'Place Order',
  description: 'Places, modifies or cancels orders: one, a basket, or the difference to a target position, at most once per signal',
  version: 1,
  outputs: [{ port: 'placed', label: 'Placed' }, { port: 'rejected', label: 'Rejected' }],
  refusalPort: 'rejected',
  connections: ['account'],
  subtitleParams: ['mode', 'action', 'symbol'],
  params: Params,
  reads: PlaceOrderItem,
  ignoresItem: ({ mode }) => mode === 'cancelAll',
  unreadable: (params, item, denial) => (changesOrders(params.mode) ? undefined : refusalOf(unreadWish(params, item), 0, denial)),
  needs(params, item) {
    const wishes = wishesOf(params, item).slice(0, MAX_LEGS);
    return {
      tradables: { kind: 'tradables', queries: wishes.map(queryOf) },
      funds: fundsFor(wishes),
      held: item.skipHeld === true && !changesOrders(params.mode) ? { kind: 'positions', scope: 'account' } : { kind: 'none' },
    };
  },
  decide(params, item, data): Step<Port> {
    if (changesOrders(params.mode)) return decideChange(params, item);
    const wishes = wishesOf(params, item);
    const problem = problemOf(params, item);
    if (problem !== undefined) return { kind: 'perform', commands: [refusalOf(wishes[0] ?? wishOf(params, item), 0, problem)] };
    const requests = requestsOf(params, item, data);
    const wanted = requests.flatMap((request) => (request.ok ? [request.value] : []));
    const isWhole = params.mode !== 'basket' || params.onLegFailure === 'continue' || wanted.length === requests.length;
    const sent = isWhole ? wanted : [];
    const orders: readonly Command[] = params.mode === 'basket' && sent.length > 0
      ? [{ kind: 'basket', requests: sent, onLegFailure: params.onLegFailure, hedgeFirst: params.hedgeFirst }]
      : sent.map((request) => ({ kind: 'place', request }));
    const refusals = requests.flatMap((request, leg) => {
      const [wish, denial] = [wishes[leg], request.ok ? NOT_SENT : request.denial];
      return wish === undefined || (request.ok && isWhole) ? [] : [refusalOf(wish, leg, denial, data.tradables[leg])];
    });
    return { kind: 'perform', commands: [...orders, ...refusals] };
  },
  conclude(params, item, results, data) {
    if (changesOrders(params.mode)) return concludeChange(item, results);
    const problem = problemOf(params, item);
    if (problem !== undefined) return { kind: 'refuse', denial: problem };
    const wishes = wishesOf(params, item);
    const legs = results.flatMap((result) => (result.kind === 'place' ? [result] : result.kind === 'basket' ? result.legs : []));
    const isSent = legs.length > 0;
    const emissions = requestsOf(params, item, data).flatMap((request, leg) => {
      if (!request.ok || !isSent) return [rejected(item, wishes[leg], request.ok ? NOT_SENT : request.denial)];
      const result = legs.shift();
      if (result === undefined) throw new Error(`The router gave no result for leg ${leg}.`);
      return emissionsOf(item, wishes[leg], request.value, result);
    });
    return { kind: 'emit', emissions };
  },
});

const NOT_SENT: Denial = { code: 'BASKET_STOPPED', message: 'Another leg of the basket can not be placed, so nothing was sent.' };

function wishesOf(params: Params, item: Item): readonly OrderWish[] {
  switch (params.mode) {
    case 'modify':
    case 'cancel':
    case 'cancelAll':
      return [];
    case 'single':
      return [wishOf(params, item)];
    case 'target':
      return [targetWish(params, item)];
    case 'basket': {
      const common = { signal: item.signal, product: item.product, orderType: item.orderType, schedule: item.schedule, direction: item.direction };
      return params.legs.length > 0 ? params.legs.map((leg) => wishOf({ ...leg, direction: params.direction }, common)) : (item.basket ?? []).map((leg) => wishOf({ direction: params.direction }, { ...common, ...leg, direction: item.direction }));
    }
  }
}

/** The position wanted; an exit that the item asks for is one in this mode too. */
function targetWish(params: Params, item: Item): OrderWish {
  const wish = wishOf(params, item);
  return { ...wish, targetQuantity: isExitAction(wish.action) ? undefined : params.targetQuantity ?? item.targetQuantity };
}

/** What a gate has blocked is never placed, wherever its second output is wired to. */
function blockedProblem({ decision }: Item): Denial | undefined {
  if (decision?.approved !== false) return undefined;
  return { code: 'BLOCKED_BY_GATE', message: `The Risk Gate blocked this item: ${decision.message ?? decision.rule ?? 'no reason given'}`, remedy: 'Wire the gate’s Approved output to Place Order, and Blocked to an Alert.' };
}

/** Why the whole item comes to no order. */
function problemOf(params: Params, item: Item): Denial | undefined {
  return blockedProblem(item) ?? countProblem(wishesOf(params, item).length);
}

function countProblem(count: number): Denial | undefined {
  if (count === 0) return { code: 'MISSING_FIELD', message: 'The basket has no legs.', field: 'legs', remedy: 'Add legs in the node, or send them as `basket` in the item.' };
  if (count > MAX_LEGS) return { code: 'TOO_MANY_SYMBOLS', message: `A basket holds ${MAX_LEGS} legs at most, not ${count}.`, field: 'legs', limit: MAX_LEGS, value: count };
  return undefined;
}

interface PlaceData {
  readonly tradables: readonly Outcome<Tradable>[];
  /** As `fundsFor` asked. */
  readonly funds: Funds | undefined;
  /** The account's positions, where the item wants held ones skipped. */
  readonly held: readonly PositionView[] | undefined;
}

function requestsOf(params: Params, item: Item, data: PlaceData): readonly Outcome<OrderRequest>[] {
  const limits = item.decision?.limits ?? {};
  const { funds } = data;
  const slices = params.sliceQuantity === undefined ? {} : { sliceQuantity: params.sliceQuantity };
  return wishesOf(params, item).map((wish, leg) => {
    if (params.mode === 'target' && wish.targetQuantity === undefined && !isExitAction(wish.action)) return deny('MISSING_FIELD', 'No target quantity is given.', { field: 'targetQuantity', remedy: 'Set it in the node or in the item.' });
    const tradable = data.tradables[leg];
    if (tradable === undefined) throw new Error(`No data was fetched for leg ${leg}.`);
    const request = orderRequest(wish, { tradable, funds }, leg);
    if (!request.ok) return request;
    if (item.skipHeld === true && wish.action === 'BUY' && isHeld(data.held ?? [], request.value)) {
      return deny('ALREADY_HELD', `${request.value.instrument.key} is already held.`, { remedy: 'Switch off "Skip held stocks" in the trigger to add to it.' });
    }
    if (!opens(request.value)) return ok({ ...request.value, ...slices, limits });
    const protection = params.mode === 'basket' ? ok(undefined) : bracketOf(params, item, request.value, tradable);
    if (!protection.ok) return protection;
    const reEntry = params.mode === 'basket' ? ok(undefined) : reEntryOf(params, protection.value);
    if (!reEntry.ok) return reEntry;
    return ok({ ...request.value, ...slices, limits, ...(reEntry.value === undefined ? {} : { reEntry: reEntry.value }), ...(protection.value === undefined ? {} : { protection: protection.value }) });
  });
}

function isHeld(positions: readonly PositionView[], { instrument }: OrderRequest): boolean {
  return positions.some((position) => position.exchange === instrument.exchange && position.symbol === instrument.symbol && position.quantity > 0);
}
