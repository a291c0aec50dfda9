import { onlyCloses } from '../../domain/direction';
import type { Action, Size } from '../../domain/order';
import type { AdmissionState, PendingQuantity } from '../../domain/ports';

/** A size as an action and a quantity; `satisfied` when nothing is left to trade. */
export type ResolvedSize = { readonly kind: 'order'; readonly action: Action; readonly quantity: number; readonly reduces: boolean } | { readonly kind: 'satisfied' };

type Held = Pick<AdmissionState, 'position' | 'pending' | 'openPositions' | 'accountPending' | 'unexplained'>;

/** Resolves a wish against position and pending orders as they are inside the admitting transaction. */
export function resolveSize(size: Size, state: Held): ResolvedSize {
  const held = state.position.quantity;
  const { buy, sell } = state.pending;
  switch (size.kind) {
    case 'fixed':
      return { kind: 'order', action: size.action, quantity: size.quantity, reduces: size.quantity <= closable(size.action, state) };
    case 'target': {
      const delta = size.quantity - (held + buy - sell);
      if (delta === 0) return { kind: 'satisfied' };
      const action = delta > 0 ? 'BUY' : 'SELL';
      const room = onlyCloses(action, size.direction ?? 'both') ? closable(action, state) : Infinity;
      const quantity = Math.min(Math.abs(delta), size.atMost ?? Infinity, room);
      return quantity > 0 ? { kind: 'order', action, quantity, reduces: quantity <= closable(action, state) } : { kind: 'satisfied' };
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
export function closable(action: Action, state: Held): number {
  const open = action === 'SELL' ? state.position.quantity : -state.position.quantity;
  return Math.max(0, Math.min(open - pendingOf(action, state.pending), roomAtTheBroker(action, state)));
}

/**
 * Where the broker is known to hold less than all strategies believe, they can close together what it holds: an exit from a share that is gone
 * would open a reverse position. The strategies of the other side have nothing to do with it.
 */
function roomAtTheBroker(action: Action, { position, openPositions, accountPending, unexplained }: Held): number {
  const { gap = 0 } = unexplained;
  const side = action === 'SELL' ? 1 : -1;
  if (Math.sign(gap) !== -side) return Infinity;
  const same = openPositions.filter(({ instrument, product, quantity }) => instrument === position.instrument && product === position.product && Math.sign(quantity) === side);
  return same.reduce((sum, { quantity }) => sum + Math.abs(quantity), 0) - Math.abs(gap) - pendingOf(action, accountPending);
}

function pendingOf(action: Action, { buy, sell }: PendingQuantity): number {
  return action === 'SELL' ? sell : buy;
}
