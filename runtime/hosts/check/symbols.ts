import { z } from 'zod';
import { Exchange } from '../../domain/market';
import type { OurNode } from '../replay';
import { known, textOf } from './values';

/** A symbol that a node's form names. */
export interface NamedSymbol {
  readonly exchange: Exchange;
  readonly symbol: string;
  /** `NSE:SBIN`. */
  readonly key: string;
}

const Legs = z.array(z.looseObject({ exchange: z.string().nullish(), symbol: z.string().nullish() })).catch([]);

/** Symbols of a form, in any of its fields: one, a list, or those of a basket's legs. Expressions name none. */
export function symbolsOf(node: OurNode): readonly NamedSymbol[] {
  const exchange = Exchange.catch('NSE').parse(textOf(node, 'exchange'));
  const lists = ['symbol', 'symbols'].flatMap((name) => wordsOf(textOf(node, name) ?? ''));
  const legs = known(node, 'legs');
  const rows = textOf(node, 'mode') === 'basket' && legs.kind === 'value' ? Legs.parse(legs.value) : [];
  return [
    ...lists.map((word) => named(word, exchange)),
    ...rows.flatMap((leg) => (leg.symbol === null || leg.symbol === undefined || leg.symbol === '' || leg.symbol.startsWith('=') ? [] : [named(leg.symbol, Exchange.catch('NSE').parse(leg.exchange))])),
  ];
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[,;\n]/).map((word) => word.trim()).filter((word) => word !== '');
}

/** A prefix that is an exchange goes before the form's. */
function named(word: string, fallback: Exchange): NamedSymbol {
  const [prefix = '', ...rest] = word.split(':');
  const own = Exchange.safeParse(prefix.trim().toUpperCase());
  const exchange = own.success && rest.length > 0 ? own.data : fallback;
  const symbol = own.success && rest.length > 0 ? rest.join(':').trim() : word;
  return { exchange, symbol, key: `${exchange}:${symbol.toUpperCase()}` };
}
