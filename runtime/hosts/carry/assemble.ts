import type { DocumentWire, FlowDocument } from '../replay';
import type { NewWire, Piece } from './piece';

/** Every wire of the new flow, each once: those inside the pieces, and those between them. Wires through links are followed to where they end. */
export function wiresOf({ wires }: FlowDocument, pieces: ReadonlyMap<string, Piece>): readonly NewWire[] {
  const from = Map.groupBy(wires, (wire) => wire.from);
  const between = [...pieces.values()].flatMap(({ of, tails }) => [...tails].flatMap(([output, starts]) => {
    const heads = (from.get(of.id) ?? []).filter((wire) => wire.output === output).flatMap((wire) => headsOf(wire, from, pieces, new Set()));
    return starts.flatMap((start) => heads.map((to): NewWire => ({ ...start, to })));
  }));
  const all = [...pieces.values()].flatMap((piece) => piece.wires).concat(between);
  return [...new Map(all.map((wire) => [`${wire.key} ${wire.output} ${wire.to}`, wire])).values()];
}

function headsOf({ to }: DocumentWire, from: ReadonlyMap<string, readonly DocumentWire[]>, pieces: ReadonlyMap<string, Piece>, seen: Set<string>): readonly string[] {
  const piece = pieces.get(to);
  if (piece === undefined || seen.has(to)) return [];
  if (!piece.through) return piece.head === undefined ? [] : [piece.head];
  seen.add(to);
  return (from.get(to) ?? []).flatMap((wire) => headsOf(wire, from, pieces, seen));
}
