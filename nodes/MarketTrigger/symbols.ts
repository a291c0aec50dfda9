import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import { Exchange, type Instrument } from '../../runtime/domain/market';
import type { TriggerContext } from '../../runtime/domain/trigger';
import { wordsOf, type MarketTriggerParams } from './parameters';

/** Symbols of one node; each costs a subscription, and indicator states where a condition is watched. */
export const MAX_SYMBOLS = 1_000;

/** The instruments of a node, each once. Denies with the first that nobody knows, by its name. */
export function instrumentsOf(params: Pick<MarketTriggerParams, 'symbols' | 'exchange'>, context: Pick<TriggerContext, 'resolve'>): Outcome<readonly Instrument[]> {
  const words = wordsOf(params.symbols);
  if (words.length === 0) return deny('INVALID_PARAMETER', 'No symbol is given.', { field: 'symbols', remedy: 'Name at least one, such as SBIN.' });
  if (words.length > MAX_SYMBOLS) return deny('TOO_MANY_SYMBOLS', `${words.length} symbols in one node.`, { field: 'symbols', limit: MAX_SYMBOLS, value: words.length, remedy: 'Split them over several nodes.' });
  const instruments = new Map<string, Instrument>();
  for (const word of words) {
    const { exchange, symbol } = placed(word, params.exchange);
    const found = context.resolve(exchange, symbol);
    if (!found.ok) return { ok: false, denial: { ...found.denial, field: 'symbols', message: `"${word}": ${found.denial.message}` } };
    instruments.set(found.value.key, found.value);
  }
  return ok([...instruments.values()]);
}

/** `NSE_INDEX:NIFTY` names its exchange; a prefix that is none belongs to the symbol, which is refused then. */
function placed(word: string, fallback: Exchange): { readonly exchange: Exchange; readonly symbol: string } {
  const [prefix = '', ...rest] = word.split(':');
  const exchange = Exchange.safeParse(prefix.trim().toUpperCase());
  return exchange.success && rest.length > 0 ? { exchange: exchange.data, symbol: rest.join(':').trim() } : { exchange: fallback, symbol: word };
}
