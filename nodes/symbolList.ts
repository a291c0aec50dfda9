import { Exchange } from '../runtime/domain/market';
import type { SymbolQuery } from '../runtime/domain/nodeContext';

/** The words of a comma-separated text, each once. */
export function wordsOf(text: string): readonly string[] {
  return [...new Set(text.split(/[,;\n]/).map((word) => word.trim()).filter((word) => word !== ''))];
}

/** `SBIN, NSE_INDEX:NIFTY` as symbols on exchanges. A prefix that is no exchange belongs to the symbol, which is refused later. */
export function symbolQueries(text: string, fallback: Exchange): readonly SymbolQuery[] {
  return wordsOf(text).map((word) => {
    const [prefix = '', ...rest] = word.split(':');
    const exchange = Exchange.safeParse(prefix.trim().toUpperCase());
    return exchange.success && rest.length > 0 ? { exchange: exchange.data, symbol: rest.join(':').trim() } : { exchange: fallback, symbol: word };
  });
}
