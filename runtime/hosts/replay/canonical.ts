import { fromMoney } from '../../domain/money';
import type { Intent } from '../../domain/order';

/**
 * The journal's intents without anything a host adds: no host ids, no times, no order of arrival.
 * Two hosts that ran the same flow on the same signals have the same text, byte for byte.
 */
export function canonicalIntents(intents: readonly Intent[]): string {
  return intents.map(canonicalIntent).sort().join('\n');
}

function canonicalIntent(intent: Intent): string {
  const { account, strategyId, nodeKey, signalId, instrument, leg, purpose, action, quantity, product, orderType, limitPrice, triggerPrice, status, denial } = intent;
  const prices = { limitPrice: limitPrice === undefined ? null : fromMoney(limitPrice), triggerPrice: triggerPrice === undefined ? null : fromMoney(triggerPrice) };
  return JSON.stringify({ signalId, account, strategyId, nodeKey, instrument, leg, purpose, action, quantity, product, orderType, ...prices, status, denial: denial?.code ?? null });
}
