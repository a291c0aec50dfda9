import { z } from 'zod';
import { deny, ok, type Denial, type Outcome } from '../../runtime/domain/denial';
import type { PositionView } from '../../runtime/domain/envelope';
import type { OrderRequest, Tradable } from '../../runtime/domain/nodeContext';
import type { Funds } from '../../runtime/domain/ports';
import { defineNode, type Step } from '../../runtime/hosts/definition';
import { field, shownWhen } from '../../runtime/hosts/field';
import { orderFields, orderRequest, queryOf, sizingFields, wishOf, type OrderWish } from '../orderFields';
import { Leg, MAX_LEGS, PlaceOrderItem } from './basket';
import { placedOrNot, rejected, type Port } from './results';

const { action, ...instrumentAndPrices } = orderFields;

const Params = z.object({
  mode: z.enum(['single', 'target', 'basket']).default('single').register(field, {
    label: 'Mode', options: { single: 'Single Order', target: 'Target Position', basket: 'Basket' },
    help: 'Single sends one order. Target trades the difference to a signed position. Basket sends several, each with its own result.',
  }),
  ...shownWhen({ action }, { mode: ['single'] }),
  ...shownWhen(instrumentAndPrices, { mode: ['single', 'target'] }),
  targetQuantity: z.int().optional().register(field, { label: 'Target Quantity', unit: 'units', help: 'Signed position wanted: -10 is short 10, 0 is flat. Empty takes it from the item.', showWhen: { mode: ['target'] } }),
  ...shownWhen(sizingFields, { mode: ['single'] }),
  legs: z.array(Leg).max(MAX_LEGS).default([]).register(field, { label: 'Legs', help: 'One row an order. Empty takes the basket from the item.', showWhen: { mode: ['basket'] } }),
});
type Params = z.infer<typeof Params>;
type Item = z.infer<typeof PlaceOrderItem>;

/** Sends orders through the router: journalled first, gated again, at most once per signal. */
export const placeOrder = defineNode({
  type: 'placeOrder',
  title: 'Place Order',
  description: 'Places one order, a basket or the difference to a target position, at most once per signal',
  version: 1,
  outputs: [{ port: 'placed', label: 'Placed' }, { port: 'rejected', label: 'Rejected' }],
  refusalPort: 'rejected',
  connections: ['account'],
  subtitleParams: ['mode', 'action', 'symbol'],
  params: Params,
  reads: PlaceOrderItem,
  needs: (params, item) => ({
    tradables: { kind: 'tradables', queries: wishesOf(params, item).slice(0, MAX_LEGS).map(queryOf) },
    funds: { kind: 'funds' },
    held: item.skipHeld === true ? { kind: 'positions', scope: 'account' } : { kind: 'none' },
  }),
  decide(params, item, data): Step<Port> {
    const wishes = wishesOf(params, item);
    const problem = blockedProblem(item) ?? countProblem(wishes.length);
    if (problem !== undefined) return { kind: 'refuse', denial: problem };
    const requests = requestsOf(params, item, data);
    const wanted = requests.flatMap((request) => (request.ok ? [request.value] : []));
    if (wanted.length > 0) return { kind: 'perform', commands: wanted.map((request) => ({ kind: 'place', request })) };
    return { kind: 'emit', emissions: requests.flatMap((request, leg) => (request.ok ? [] : [rejected(item, wishes[leg], request.denial)])) };
  },
  conclude(params, item, results, data) {
    const wishes = wishesOf(params, item);
    const outcomes = results.flatMap((result) => (result.kind === 'place' ? [result.outcomes[0]] : []));
    const emissions = requestsOf(params, item, data).map((request, leg) => {
      if (!request.ok) return rejected(item, wishes[leg], request.denial);
      const outcome = outcomes.shift();
      if (outcome === undefined) throw new Error(`The router gave no result for leg ${leg}.`);
      return placedOrNot(item, wishes[leg], outcome);
    });
    return { kind: 'emit', emissions };
  },
});

function wishesOf(params: Params, item: Item): readonly OrderWish[] {
  switch (params.mode) {
    case 'single':
      return [wishOf(params, item)];
    case 'target':
      return [{ ...wishOf(params, item), targetQuantity: params.targetQuantity ?? item.targetQuantity }];
    case 'basket': {
      const common = { signal: item.signal, product: item.product, orderType: item.orderType };
      return params.legs.length > 0 ? params.legs.map((leg) => wishOf(leg, common)) : (item.basket ?? []).map((leg) => wishOf({}, { ...common, ...leg }));
    }
  }
}

/** What a gate has blocked is never placed, wherever its second output is wired to. */
function blockedProblem({ decision }: Item): Denial | undefined {
  if (decision?.approved !== false) return undefined;
  return { code: 'BLOCKED_BY_GATE', message: `The Risk Gate blocked this item: ${decision.message ?? decision.rule ?? 'no reason given'}`, remedy: 'Wire the gate’s Approved output to Place Order, and Blocked to an Alert.' };
}

function countProblem(count: number): Denial | undefined {
  if (count === 0) return { code: 'MISSING_FIELD', message: 'The basket has no legs.', field: 'legs', remedy: 'Add legs in the node, or send them as `basket` in the item.' };
  if (count > MAX_LEGS) return { code: 'TOO_MANY_SYMBOLS', message: `A basket holds ${MAX_LEGS} legs at most, not ${count}.`, field: 'legs', limit: MAX_LEGS, value: count };
  return undefined;
}

interface PlaceData {
  readonly tradables: readonly Outcome<Tradable>[];
  readonly funds: Funds;
  /** The account's positions, where the item wants held ones skipped. */
  readonly held: readonly PositionView[] | undefined;
}

function requestsOf(params: Params, item: Item, data: PlaceData): readonly Outcome<OrderRequest>[] {
  const limits = item.decision?.limits ?? {};
  return wishesOf(params, item).map((wish, leg) => {
    if (params.mode === 'target' && wish.targetQuantity === undefined) return deny('MISSING_FIELD', 'No target quantity is given.', { field: 'targetQuantity', remedy: 'Set it in the node or in the item.' });
    const tradable = data.tradables[leg];
    if (tradable === undefined) throw new Error(`No data was fetched for leg ${leg}.`);
    const request = orderRequest(wish, { tradable, funds: data.funds }, leg);
    if (!request.ok) return request;
    if (item.skipHeld === true && wish.action === 'BUY' && isHeld(data.held ?? [], request.value)) {
      return deny('ALREADY_HELD', `${request.value.instrument.key} is already held.`, { remedy: 'Switch off "Skip held stocks" in the trigger to add to it.' });
    }
    return ok({ ...request.value, limits });
  });
}

function isHeld(positions: readonly PositionView[], { instrument }: OrderRequest): boolean {
  return positions.some((position) => position.exchange === instrument.exchange && position.symbol === instrument.symbol && position.quantity > 0);
}
