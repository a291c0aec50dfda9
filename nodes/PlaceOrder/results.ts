import type { Denial } from '../../runtime/domain/denial';
import type { Envelope } from '../../runtime/domain/envelope';
import type { PlaceResult } from '../../runtime/domain/nodeContext';
import type { Emission } from '../../runtime/hosts/definition';
import type { OrderWish } from '../orderFields';

export type Port = 'placed' | 'rejected';

/** The item after a refusal: it names the leg it is about. */
export function rejected(item: Envelope, wish: OrderWish | undefined, denial: Denial): Emission<Port> {
  return { port: 'rejected', item: { ...item, ...legOf(wish), denial } };
}

/** The item after the router has spoken: its order, or why there is none. */
export function placedOrNot(item: Envelope, wish: OrderWish | undefined, outcome: PlaceResult): Emission<Port> {
  switch (outcome.kind) {
    case 'placed': {
      const { exchange, symbol, action, quantity } = outcome.order;
      return { port: 'placed', item: { ...item, exchange, symbol, action, quantity, order: outcome.order } };
    }
    case 'satisfied':
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
