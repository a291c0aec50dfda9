import type { DocumentWire, FlowDocument } from '../replay';
import type { NewWire, Piece } from './piece';
import type { CarryLine } from './report';

type Pieces = ReadonlyMap<string, Piece>;
type From = ReadonlyMap<string, readonly DocumentWire[]>;

/**
 * Every wire of the new flow, each once: those inside the pieces, and those between them. Wires through links are followed to where they end.
 * A disabled node of n8n hands on by its first output, one of Node-RED ends the way: so the one gets wires round it, the other none into it.
 */
export function wiresOf({ host, wires }: FlowDocument, pieces: Pieces): readonly NewWire[] {
  const from = Map.groupBy(wires, (wire) => wire.from);
  const between = [...pieces.values()].flatMap(({ of, tails }) => [...tails].flatMap(([output, starts]) => {
    const heads = (from.get(of.id) ?? []).filter((wire) => wire.output === output).flatMap((wire) => headsOf(wire, from, pieces, { host, seen: new Set() }));
    return starts.flatMap((start) => heads.map((to): NewWire => ({ ...start, to })));
  }));
  const all = [...pieces.values()].flatMap((piece) => piece.wires).concat(between);
  return [...new Map(all.map((wire) => [`${wire.key} ${wire.output} ${wire.to}`, wire])).values()];
}

function headsOf({ to }: DocumentWire, from: From, pieces: Pieces, way: { readonly host: FlowDocument['host']; readonly seen: Set<string> }): readonly string[] {
  const piece = pieces.get(to);
  if (piece === undefined || way.seen.has(to)) return [];
  way.seen.add(to);
  const behind = (first: boolean): readonly string[] => (from.get(to) ?? []).filter(({ output }) => !first || output === 0).flatMap((wire) => headsOf(wire, from, pieces, way));
  const own = piece.head === undefined ? [] : [piece.head];
  if (piece.of.disabled) return way.host === 'n8n' ? [...own, ...behind(true)] : [];
  return piece.through ? behind(false) : own;
}

/** What was done to keep disabled nodes as they acted. */
export function disabledLines({ host, nodes, wires }: FlowDocument): readonly CarryLine[] {
  const led = new Set(wires.map(({ to }) => to));
  return nodes.filter(({ id, disabled }) => disabled && led.has(id)).map(({ name }): CarryLine => ({
    kind: 'changed', node: name, text: host === 'n8n' ? 'It is deactivated. n8n hands items on past such a node, Node-RED ends the way there: wires lead round it.' : 'It is disabled. Node-RED ends the way there, n8n would hand items on past it: no wires lead into it any more.',
  }));
}

/** Wires from outputs that the new node does not have, as those for errors. */
export function endedLines({ wires }: FlowDocument, pieces: Pieces): readonly CarryLine[] {
  return wires.flatMap(({ from, output }): readonly CarryLine[] => {
    const piece = pieces.get(from);
    if (piece === undefined || piece.nodes.length === 0 || piece.tails.has(output)) return [];
    return [{ kind: 'lost', node: piece.of.name, text: `The wire from its output ${output + 1} ends: the new node has no such output.` }];
  });
}
