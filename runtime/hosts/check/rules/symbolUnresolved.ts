import { explained } from '../../../domain/denial';
import { parseSymbol } from '../../../domain/instrument';
import type { GraphNode } from '../../replay';
import type { CheckedFlow } from '../checkedFlow';
import { isGate, operationOf, placesOrders } from '../roles';
import { symbolsOf } from '../symbols';
import { isSet, textOf } from '../values';
import type { Found } from '../finding';
import type { FlowRule } from './rule';

/** A symbol is spelled as one, is known where instruments are, and comes from somewhere. */
export const symbolUnresolved: FlowRule = {
  code: 'symbol-unresolved',
  severity: 'error',
  title: 'A symbol can not be resolved, or none is given',
  source: 'Symbols are written as in OpenAlgo: SBIN, NIFTY29DEC26FUT, NIFTY29DEC2626000CE',
  remedy: 'Correct it; "bellwether instruments search" finds symbols.',
  look: (flow) => [...misspelled(flow), ...missing(flow)],
};

function misspelled(flow: CheckedFlow): readonly Found[] {
  return flow.ours.flatMap((node) => symbolsOf(node).flatMap(({ exchange, symbol }): readonly Found[] => {
    const read = parseSymbol(exchange, symbol);
    if (!read.ok) return [{ nodes: [node.name], text: `"${node.name}": ${explained(read.denial)}` }];
    return flow.isListed?.(exchange, symbol) === false ? [{ nodes: [node.name], text: `"${node.name}": ${exchange}:${symbol} is not among the known instruments.` }] : [];
  }));
}

function missing(flow: CheckedFlow): readonly Found[] {
  return flow.ours.filter(needsSymbol).flatMap((node) => {
    const start = flow.starts.find((each) => !brings(each) && flow.reach(each.id, ({ from }) => !brings(flow.node(from))).has(node.id));
    if (start === undefined) return [];
    return [{ nodes: [node.name, start.name], text: `"${node.name}" names no symbol, and nothing between "${start.name}" and it brings one.`, remedy: 'Set Symbol in the node, or in one before it.' }];
  });
}

function needsSymbol(node: GraphNode): boolean {
  if (node.kind !== 'ours' || isSet(node, 'symbol')) return false;
  const ofOne = isGate(node) || (placesOrders(node) && textOf(node, 'mode') !== 'basket') || ['position.close', 'position.protect', 'position.moveStop', 'position.trail'].includes(operationOf(node));
  return ofOne;
}

/** Puts a symbol into the item, or may; a gate lets nothing through without one. */
function brings(node: GraphNode): boolean {
  if (node.kind === 'foreign') return true;
  if (node.kind === 'translated') return node.doing.kind === 'change' || node.doing.kind === 'errors';
  return isSet(node, 'symbol') || isSet(node, 'symbols') || (node.definition.kind !== 'action' && node.definition.type !== 'cronMarketHours') || node.definition.type === 'approval' || isGate(node);
}
