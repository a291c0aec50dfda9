import { nodeForm } from '../nodeRed/form';
import type { DocumentNode, FlowDocument, Host } from '../replay';
import { changeEntry, changeToN8n, changeToRed, n8nSettings } from './changes';
import { chooseToN8n } from './chooseToN8n';
import { chooseToRed } from './chooseToRed';
import { ownToN8n } from './ownToN8n';
import { fenced, ownToRed, unknownOwn } from './ownToRed';
import { dropped, single, spliced, type Piece } from './piece';
import { startToN8n, startToRed } from './starts';

/** What becomes of every node, by its id. */
export function piecesOf(document: FlowDocument, to: Host, brokerOf: (node: DocumentNode) => string | undefined): ReadonlyMap<string, Piece> {
  let starts = 0;
  return new Map(document.nodes.map((of) => {
    const isStart = of.reading.kind === 'translated' && of.reading.doing.kind === 'start';
    if (isStart) starts += 1;
    return [of.id, to === 'node-red' ? toRed(of) : toN8n(of, brokerOf(of), isStart ? starts : 0)];
  }));
}

function toRed(of: DocumentNode): Piece {
  const { reading } = of;
  if (reading.kind === 'ours') return ownToRed(of, reading);
  if (reading.kind === 'foreign') return foreign(of, reading.denial.message, reading.denial.remedy);
  const { doing, outputs } = reading;
  switch (doing.kind) {
    case 'start': return startToRed(of);
    case 'pass': return doing.link === undefined ? single(of, { key: of.id, name: of.name, outputs: 1, entry: changeEntry(of, []) }) : spliced(of);
    case 'choose': return chooseToRed(of, doing, outputs);
    case 'change': return changeToRed(of, doing);
    case 'merge':
      if (doing.mode !== 'append') return waiting(of);
      return single(of, { key: of.id, name: of.name, outputs: 1, entry: changeEntry(of, []) }, [{ kind: 'changed', node: of.name, text: 'Node-RED has no Merge: each item goes on by itself as it comes, in no order of inputs.' }]);
    case 'await': return waiting(of);
    case 'look': case 'errors': return dropped(of, `It has no counterpart in Node-RED.\n\n${fenced(of.saved)}`);
  }
}

function waiting(of: DocumentNode): Piece {
  return dropped(of, `Node-RED has nothing that waits for several inputs as Merge does. What stood behind it is not reached.\n\n${fenced(of.saved)}`);
}

function toN8n(of: DocumentNode, broker: string | undefined, start: number): Piece {
  const { reading } = of;
  if (reading.kind === 'ours') return ownToN8n(of, reading, broker);
  if (reading.kind === 'foreign') return foreign(of, reading.denial.message, reading.denial.remedy);
  const { doing, outputs } = reading;
  switch (doing.kind) {
    case 'start': return startToN8n(of, start);
    case 'pass': return doing.link !== undefined || of.type === 'junction' ? spliced(of) : single(of, { key: of.id, name: of.name, outputs: 1, entry: { type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {}, ...n8nSettings(of) } });
    case 'look': return { ...dropped(of, 'A Debug node is left out: n8n shows every node\'s items by itself.'), report: [{ kind: 'changed', node: of.name, text: 'A Debug node is left out: n8n shows every node\'s items by itself.' }], kept: '' };
    case 'errors': return dropped(of, `n8n has no Catch in a workflow: choose an error workflow in its settings. What stood behind it is not reached.\n\n${fenced(of.saved)}`);
    case 'choose': return chooseToN8n(of, doing, outputs);
    case 'change': return changeToN8n(of, doing);
    case 'merge': case 'await': return dropped(of, `It has no counterpart in n8n. What stood behind it is not reached.\n\n${fenced(of.saved)}`);
  }
}

function foreign(of: DocumentNode, why: string, remedy: string | undefined): Piece {
  if (of.type.includes('bellwether')) return unknownOwn(of);
  return dropped(of, `Only its own editor knows this node. ${why}${remedy === undefined ? '' : ` ${remedy}`} What stood behind it is not reached.\n\n${fenced(of.saved)}`);
}

/** Properties of a Node-RED node that point to configuration nodes. */
export function pointersOf({ reading }: DocumentNode): readonly ('account' | 'channel')[] {
  return reading.kind === 'ours' ? nodeForm(reading.definition).configNodes.map(({ name }) => name) : [];
}
