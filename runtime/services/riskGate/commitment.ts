import { soldAsFuture } from '../../domain/margin';
import { timesQuantity, type Money } from '../../domain/money';
import type { GateFacts } from './facts';
import { closable } from './size';

/** What an order binds of the account's money, and what was counted: its value at its price, or the margin of the units that it opens. */
export interface Commitment {
  readonly counted: 'value' | 'margin';
  readonly amount: Money;
  readonly units: number;
}

type Committing = Pick<GateFacts, 'instrument' | 'draft' | 'action' | 'quantity' | 'remainder' | 'state' | 'marginPerUnit'>;

/**
 * Shares and bought options: price × quantity. Futures and sold options: the margin that the units block which no held ones are closed by,
 * as the broker says it; where it says none, their notional (a sold option's is strike × quantity).
 */
export function commitmentOf(facts: Committing, price: Money): Commitment {
  const { instrument, action, quantity, remainder: units = quantity } = facts;
  if (instrument.segment !== 'future' && !(instrument.segment === 'option' && action === 'SELL')) return { counted: 'value', amount: timesQuantity(price, units), units };
  const opens = Math.max(0, units - closable(action, facts.state));
  const basis = instrument.segment === 'option' ? soldAsFuture(instrument, price) : { instrument, price };
  const margin = facts.marginPerUnit?.(basis.instrument, facts.draft.product, basis.price);
  if (margin === undefined || margin <= 0) return { counted: 'value', amount: timesQuantity(basis.price, opens), units: opens };
  return { counted: 'margin', amount: timesQuantity(margin, opens), units: opens };
}
