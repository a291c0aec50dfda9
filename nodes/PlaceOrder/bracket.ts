import type { Outcome } from '../../runtime/domain/denial';
import type { OrderRequest, Tradable } from '../../runtime/domain/nodeContext';
import { checkedTerms, type Direction, type ProtectionTerms } from '../../runtime/domain/protection';
import type { Size } from '../../runtime/domain/order';
import { protectionTerms, type ProtectionItem, type ProtectionParams } from '../protectionFields';

/** What an order's position shall be protected by, checked against the price it would fill at: undefined where neither node nor item asks for any. */
export function bracketOf(params: ProtectionParams & { readonly stopLoss?: number | undefined }, item: ProtectionItem, { size, limitPrice, triggerPrice }: OrderRequest, tradable: Outcome<Tradable>): Outcome<ProtectionTerms | undefined> {
  const terms = protectionTerms(params, { ...item, stopLoss: params.stopLoss ?? item.stopLoss });
  const direction = directionOf(size);
  if (!terms.ok || terms.value === undefined || direction === undefined) return terms;
  return checkedTerms(terms.value, direction, limitPrice ?? triggerPrice ?? (tradable.ok ? tradable.value.quote?.last : undefined));
}

/** False for an order that can not leave a position: nothing is protected by it, and it is no entry of a group. */
export function opens({ size }: OrderRequest): boolean {
  return directionOf(size) !== undefined;
}

/** Which way the position will be; a target of 0 leaves nothing to protect. */
function directionOf(size: Size): Direction | undefined {
  switch (size.kind) {
    case 'fixed': return size.action === 'BUY' ? 'LONG' : 'SHORT';
    case 'target': return size.quantity === 0 ? undefined : size.quantity > 0 ? 'LONG' : 'SHORT';
    case 'exit': return undefined;
  }
}
