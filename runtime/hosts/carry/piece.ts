import type { DocumentNode } from '../replay';
import type { CarryLine } from './report';

/** A node of the new file before it has an id, a place and wires. */
export interface NewNode {
  /** Unique within the conversion. */
  readonly key: string;
  readonly name: string;
  /** Everything but id, name, place and wires. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** Outputs that the entry must have a list of wires for. */
  readonly outputs: number;
  /** Steps to the right of where its original stood. */
  readonly step?: number;
}

export interface Tail { readonly key: string; readonly output: number }

export interface NewWire extends Tail { readonly to: string }

/** What becomes of one node: some new nodes with wires between them, a way in, and ways out by number of the original's output. */
export interface Piece {
  readonly of: DocumentNode;
  readonly nodes: readonly NewNode[];
  readonly wires: readonly NewWire[];
  /** Undefined: what comes in ends here, or, with `through`, goes on to whatever stands behind. */
  readonly head: string | undefined;
  readonly through: boolean;
  readonly tails: ReadonlyMap<number, readonly Tail[]>;
  readonly report: readonly CarryLine[];
  /** Words for a note beside: the original as it was saved, where it is not carried. */
  readonly kept?: string;
}

/** One node for one. */
export function single(of: DocumentNode, node: NewNode, report: readonly CarryLine[] = []): Piece {
  const tails = new Map(Array.from({ length: node.outputs }, (_none, output) => [output, [{ key: node.key, output }]] as const));
  return { of, nodes: [node], wires: [], head: node.key, through: false, tails, report };
}

/** Not in the new file. Its wires end: an order behind it is not reached, rather than reached without it. */
export function dropped(of: DocumentNode, why: string): Piece {
  return { of, nodes: [], wires: [], head: undefined, through: false, tails: new Map(), report: [{ kind: 'lost', node: of.name, text: why }], kept: why };
}

/** Only a way on: a link or a junction. */
export function spliced(of: DocumentNode): Piece {
  return { of, nodes: [], wires: [], head: undefined, through: true, tails: new Map(), report: [] };
}
