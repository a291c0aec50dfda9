import { parseSymbol } from './instrument';
import { instrumentKey, splitKey, type Exchange, type InstrumentKey } from './market';
import type { Product } from './order';

type Named = { readonly instrument: InstrumentKey } | { readonly exchange: Exchange; readonly symbol: string };

/** A position, or a flow's view of one. */
export type Closable = Named & { readonly strategyId: string; readonly product: Product; /** Signed. */ readonly quantity: number };

/**
 * The order in which positions are closed, so that no hedge goes before what it covers: sold options, sold futures and shares, then bought futures and shares, then bought options.
 * A hedge that is sold first raises the margin of the rest, and the broker may refuse its exit. Among equals by strategy, instrument and product, however they were given.
 */
export function closingOrder<T extends Closable>(positions: readonly T[]): readonly T[] {
  if (positions.length < 2) return positions;
  const ranked = positions.map((position) => ({ position, rank: rankOf(position), key: keyOf(position) }));
  const sorted = ranked.sort((a, b) => a.rank - b.rank || compare(a.position.strategyId, b.position.strategyId) || compare(a.key, b.key) || compare(a.position.product, b.position.product));
  return sorted.map(({ position }) => position);
}

/** What a contract is on, whatever the exchange: `NIFTY` of `NFO:NIFTY29DEC2626000CE`, `SBIN` of `NSE:SBIN`. Positions on the same may cover each other. */
export function underlyingOf(named: Named): string {
  return readingOf(named)?.base ?? keyOf(named);
}

function rankOf(position: Closable): number {
  const isOption = readingOf(position)?.kind === 'option';
  if (position.quantity < 0) return isOption ? 0 : 1;
  return isOption ? 3 : 2;
}

function readingOf(named: Named) {
  const { exchange, symbol } = 'instrument' in named ? splitKey(named.instrument) : named;
  const read = parseSymbol(exchange, symbol);
  return read.ok ? read.value[0] : undefined;
}

function keyOf(named: Named): string {
  return 'instrument' in named ? named.instrument : instrumentKey(named.exchange, named.symbol);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
