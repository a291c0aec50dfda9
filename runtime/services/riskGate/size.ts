import type { Action, Size } from '../../domain/order';
import type { AdmissionState } from '../../domain/ports';

/** A size as an action and a quantity; `satisfied` when nothing is left to trade. */
export type ResolvedSize = { readonly kind: 'order'; readonly action: Action; readonly quantity: number; readonly reduces: boolean } | { readonly kind: 'satisfied' };

/** Resolves a wish against position and pending orders as they are inside the admitting transaction. */
export function resolveSize(size: Size, state: Pick<AdmissionState, 'position' | 'pending'>): ResolvedSize {
  const held = state.position.quantity;
  const { buy, sell } = state.pending;
  switch (size.kind) {
    case 'fixed':
      return { kind: 'order', action: size.action, quantity: size.quantity, reduces: size.quantity <= closable(size.action, state) };
    case 'target': {
      const delta = size.quantity - (held + buy - sell);
      if (delta === 0) return { kind: 'satisfied' };
      const action = delta > 0 ? 'BUY' : 'SELL';
      const quantity = Math.min(Math.abs(delta), size.atMost ?? Infinity);
      return { kind: 'order', action, quantity, reduces: quantity <= closable(action, state) };
    }
    case 'exit': {
      const action = held > 0 ? 'SELL' : 'BUY';
      if (size.action !== undefined && size.action !== action) return { kind: 'satisfied' };
      const quantity = Math.min(closable(action, state), size.quantity ?? Infinity);
      return quantity > 0 ? { kind: 'order', action, quantity, reduces: true } : { kind: 'satisfied' };
    }
  }
}

/** How much of the position an order in this direction can still close, pending closing orders taken off. */
function closable(action: Action, { position, pending }: Pick<AdmissionState, 'position' | 'pending'>): number {
  const open = action === 'SELL' ? position.quantity : -position.quantity;
  return Math.max(0, open - (action === 'SELL' ? pending.sell : pending.buy));
}
