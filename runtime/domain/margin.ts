import type { Instrument } from './market';
import type { Money } from './money';

/** A sold option blocks margin as a future at its strike does: exchanges ask for less only where it lies far out of the money. */
export function soldAsFuture(instrument: Instrument, premium: Money): { readonly instrument: Instrument; readonly price: Money } {
  return { instrument: { ...instrument, segment: 'future' }, price: instrument.strike ?? premium };
}
