import type { Denial } from '../../runtime/domain/denial';
import type { Envelope, OrderView } from '../../runtime/domain/envelope';
import type { LegResult, OrderRequest, PlaceResult } from '../../runtime/domain/nodeContext';
import { nothingToTrade } from '../../runtime/domain/nothingToTrade';
import { withText } from '../../runtime/domain/orderText';
import type { Emission } from '../../runtime/hosts/definition';
import { cutOf, type OrderWish } from '../orderFields';

export type Port = 'placed' | 'rejected';

/** The item after a refusal: it names the leg it is about. */
export function rejected(item: Envelope, wish: OrderWish | undefined, denial: Denial): Emission<Port> {
  return { port: 'rejected', item: { ...item, ...legOf(wish), denial } };
}

/** What became of one order: an item with the order, or why there is none. Of one in several slices those that were placed, and the first that was not. */
export function emissionsOf(item: Envelope, wish: OrderWish | undefined, request: OrderRequest, bare: LegResult): Emission<Port>[] {
  const [first, ...further] = bare.outcomes;
  const outcomes: LegResult['outcomes'] = [told(first, request), ...further.map((outcome) => told(outcome, request))];
  if (bare.unwound !== undefined) return [takenBack(item, wish, { ...bare, outcomes }, bare.unwound)];
  return withNote(placedOnes(item, wish, request, outcomes), wish === undefined ? undefined : cutOf(wish, request));
}

/** An order says what became of the quantity that was asked for. */
function withNote(emissions: readonly Emission<Port>[], note: string | undefined): Emission<Port>[] {
  return emissions.map((emission) => {
    const { order } = emission.item;
    return note === undefined || emission.port !== 'placed' || order === undefined ? emission : { ...emission, item: { ...emission.item, order: { ...order, note } } };
  });
}

function placedOnes(item: Envelope, wish: OrderWish | undefined, request: OrderRequest, outcomes: LegResult['outcomes']): readonly Emission<Port>[] {
  if (outcomes.length === 1) return [placedOrNot(item, wish, request, outcomes[0])];
  const placed = outcomes.flatMap((outcome) => (outcome.kind === 'placed' ? [outcome.order] : []));
  const refusal = outcomes.find((outcome) => outcome.kind === 'refused');
  return [...slicesOf(item, placed), ...(refusal === undefined ? [] : [placedOrNot(item, wish, request, refusal)])];
}

/** The outcome, its order with a line for people. */
function told(outcome: PlaceResult, sent: OrderRequest): PlaceResult {
  if (outcome.kind === 'placed') return { ...outcome, order: withText(outcome.order, sent) };
  return outcome.kind === 'refused' && outcome.order !== undefined ? { ...outcome, order: withText(outcome.order, sent) } : outcome;
}

/** The slices that were placed in one item: the last as `order`, all as `orders`. */
function slicesOf(item: Envelope, orders: readonly OrderView[]): readonly Emission<Port>[] {
  const order = orders.at(-1);
  if (order === undefined) return [];
  const { exchange, symbol, action } = order;
  return [{ port: 'placed', item: { ...item, exchange, symbol, action, quantity: orders.reduce((sum, { quantity }) => sum + quantity, 0), order, orders } }];
}

/** A leg that was taken back because it failed, or another one did. */
function takenBack(item: Envelope, wish: OrderWish | undefined, { outcomes, failed }: LegResult, unwound: readonly PlaceResult[]): Emission<Port> {
  const own = outcomes.flatMap((outcome) => (outcome.kind !== 'satisfied' && outcome.order !== undefined ? [outcome.order] : []));
  const back = unwound.flatMap((outcome) => (outcome.kind === 'placed' ? [withText(outcome.order)] : []));
  const refusal = unwound.find((outcome) => outcome.kind === 'refused');
  const denial: Denial = refusal?.denial ?? outcomes.find((outcome) => outcome.kind === 'refused')?.denial ?? failed ?? { code: 'BASKET_STOPPED', message: 'Another leg failed, so this one was taken back.' };
  const order = own.at(-1);
  return { port: 'rejected', item: { ...item, ...legOf(wish), denial, ...(order === undefined ? {} : { order }), ...(own.length > 1 ? { orders: own } : {}), unwound: back } };
}

/** The item after the router has spoken: its order, or why there is none. */
function placedOrNot(item: Envelope, wish: OrderWish | undefined, request: OrderRequest, outcome: PlaceResult): Emission<Port> {
  switch (outcome.kind) {
    case 'placed': {
      const { exchange, symbol, action, quantity } = outcome.order;
      return { port: 'placed', item: { ...item, exchange, symbol, action, quantity, order: outcome.order } };
    }
    case 'satisfied':
      // A target that is reached is what was wanted; an exit that finds nothing has done nothing.
      if (request.size.kind === 'exit') return rejected(item, wish, nothingToTrade({ ...request, instrument: request.instrument.key }));
      return { port: 'placed', item: { ...item, ...legOf(wish), satisfied: true } };
    case 'refused':
      return { port: 'rejected', item: { ...item, ...legOf(wish), denial: outcome.denial, ...(outcome.order === undefined ? {} : { order: outcome.order }) } };
  }
}

function legOf(wish: OrderWish | undefined): Envelope {
  if (wish === undefined) return {};
  const { exchange, symbol, action } = wish;
  return { exchange, symbol, ...(action === undefined ? {} : { action }) };
}
