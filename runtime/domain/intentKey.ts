import { hash } from 'node:crypto';
import type { IntentDraft, Origin } from './order';

/**
 * The key under which an intent is journalled: the same wish of the same signal always meets the same key,
 * whatever retried, re-delivered, restarted or scaled out in between. 64 hex digits.
 */
export function intentKey(draft: Pick<IntentDraft, 'account' | 'strategyId' | 'nodeKey' | 'signalId' | 'instrument' | 'leg' | 'purpose'>): string {
  const { account, strategyId, nodeKey, signalId, instrument, leg, purpose } = draft;
  return digest(['intent', account, strategyId, nodeKey, signalId, instrument, leg, purpose]);
}

/** The key of a refusal that no gate has decided: once a signal, node and leg, and beside the intent that the same wish may still become. */
export function refusalKey({ account, strategyId, nodeKey, signalId }: Origin, leg: number): string {
  return digest(['refusal', account, strategyId, nodeKey, signalId, leg]);
}

/** Our id of the order that an intent becomes; also the client order id, so at most 20 characters of [a-z0-9]. */
export function orderIdOf(key: string): string {
  return `bw${digest(['order', key]).slice(0, 18)}`;
}

/** SHA-256 over a JSON array, which keeps neighbouring parts apart. */
export function digest(parts: readonly (string | number)[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex');
}
