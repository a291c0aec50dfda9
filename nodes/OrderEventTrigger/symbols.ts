import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { InstrumentKey } from '../../runtime/domain/market';
import type { TriggerContext } from '../../runtime/domain/trigger';
import { symbolQueries } from '../symbolList';
import type { OrderEventParams } from './parameters';

const MAX_SYMBOLS = 1_000;

/** The instruments of a node; undefined where all count. Denies with the first that nobody knows, by its name. */
export function instrumentsOf({ symbols, exchange }: Pick<OrderEventParams, 'symbols' | 'exchange'>, context: Pick<TriggerContext, 'resolve'>): Outcome<ReadonlySet<InstrumentKey> | undefined> {
  const queries = symbolQueries(symbols ?? '', exchange);
  if (queries.length === 0) return ok(undefined);
  if (queries.length > MAX_SYMBOLS) return deny('TOO_MANY_SYMBOLS', `${queries.length} symbols in one node.`, { field: 'symbols', limit: MAX_SYMBOLS, value: queries.length, remedy: 'Leave the field empty for all of them, or split them over several nodes.' });
  const keys = new Set<InstrumentKey>();
  for (const query of queries) {
    const found = context.resolve(query.exchange, query.symbol);
    if (!found.ok) return { ok: false, denial: { ...found.denial, field: 'symbols', message: `"${query.symbol}": ${found.denial.message}` } };
    keys.add(found.value.key);
  }
  return ok(keys);
}
