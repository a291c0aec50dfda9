import { deny, ok, type Outcome } from '../../domain/denial';
import { resolveSymbol } from '../../domain/instrument';
import { Exchange, type Instrument } from '../../domain/market';
import type { Instruments } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import { ourNodes, type FlowGraph, type OurNode } from '../replay';

/** A symbol that a node names in its parameters. */
export interface WantedSymbol {
  /** As the editor shows it. */
  readonly node: string;
  readonly exchange: Exchange;
  readonly symbol: string;
}

/** Symbols that nodes of a flow name themselves, in the flow's order; what comes with items or from expressions is not known before. */
export function wantedSymbols(graph: Pick<FlowGraph, 'nodes'>): readonly WantedSymbol[] {
  return ourNodes(graph).flatMap((node) => [...named(node, node.values.symbols), ...named(node, node.values.symbol)]);
}

function named({ name, values }: OurNode, text: unknown): readonly WantedSymbol[] {
  if (typeof text !== 'string' || /^=|[{}]/.test(text)) return [];
  const own = Exchange.safeParse(values.exchange);
  return text.split(/[,;\n]/).map((word) => word.trim()).filter((word) => word !== '').map((word) => {
    const [prefix = '', ...rest] = word.split(':');
    const exchange = Exchange.safeParse(prefix.trim().toUpperCase());
    return exchange.success && rest.length > 0 ? { node: name, exchange: exchange.data, symbol: rest.join(':').trim() } : { node: name, exchange: own.data ?? 'NSE', symbol: word };
  });
}

/**
 * Whether every symbol that the flow names has data. Denies the first that has none: by its node, and with what to do about it. A symbol that means no single instrument before the walk
 * (a contract by its code) is left to the walk.
 */
export function dataForAll(graph: Pick<FlowGraph, 'nodes'>, given: readonly Instrument[], at: EpochMs, instruments: Instruments): Outcome<undefined> {
  const keys = new Set<string>(given.map(({ key }) => key));
  const known: Instruments = { find: (key, time) => given.find((each) => each.key === key) ?? instruments.find(key, time) };
  for (const { node, exchange, symbol } of wantedSymbols(graph)) {
    if (keys.has(`${exchange}:${symbol.toUpperCase()}`)) continue;
    const found = resolveSymbol({ exchange, symbol, at, instruments: known });
    if (!found.ok || keys.has(found.value.key)) continue;
    const [first] = given;
    const stand = first === undefined ? '' : `, or let it go by what there is: --as ${found.value.key}=${first.key}`;
    return deny('NOT_FOUND', `"${node}" wants ${found.value.key}, and there are no candles of it (there are of ${given.map(({ key }) => key).join(', ')}).`, {
      field: 'data', value: found.value.key, remedy: `Give it some: --data ${found.value.key}=<file>${stand}, or change the symbol in "${node}".`,
    });
  }
  return ok(undefined);
}
