import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { Instrument } from '../../runtime/domain/market';
import type { TriggerContext } from '../../runtime/domain/trigger';
import { symbolQueries } from '../symbolList';
import type { MarketTriggerParams } from './parameters';

/** Symbols of one node; each costs a subscription, and indicator states where a condition is watched. */
export const MAX_SYMBOLS = 1_000;

/** The instruments of a node, each once. Denies with the first that nobody knows, by its name. */
export function instrumentsOf(params: Pick<MarketTriggerParams, 'symbols' | 'exchange'>, context: Pick<TriggerContext, 'resolve'>): Outcome<readonly Instrument[]> {
  const queries = symbolQueries(params.symbols, params.exchange);
  if (queries.length === 0) return deny('INVALID_PARAMETER', 'No symbol is given.', { field: 'symbols', remedy: 'Name at least one, such as SBIN.' });
  if (queries.length > MAX_SYMBOLS) return deny('TOO_MANY_SYMBOLS', `${queries.length} symbols in one node.`, { field: 'symbols', limit: MAX_SYMBOLS, value: queries.length, remedy: 'Split them over several nodes.' });
  const instruments = new Map<string, Instrument>();
  for (const { exchange, symbol } of queries) {
    const found = context.resolve(exchange, symbol);
    if (!found.ok) return { ok: false, denial: { ...found.denial, field: 'symbols', message: `"${symbol}": ${found.denial.message}` } };
    instruments.set(found.value.key, found.value);
  }
  return ok([...instruments.values()]);
}
