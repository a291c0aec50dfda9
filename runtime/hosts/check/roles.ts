import type { GraphNode, OurNode } from '../replay';
import { isSet, textOf } from './values';

const PLACING = new Set(['single', 'target', 'basket']);
const PROTECTION = ['stop', 'target', 'trailing', 'exitAfterMinutes', 'exitAt'] as const;

/** Sends orders of its own; changing and cancelling ones that rest is none. */
export function placesOrders(node: GraphNode): node is OurNode {
  return node.kind === 'ours' && node.definition.type === 'placeOrder' && PLACING.has(textOf(node, 'mode') ?? 'single');
}

/** An order that only leaves: an exit, or one that wants a position of nothing. */
export function onlyLeaves(node: OurNode): boolean {
  const mode = textOf(node, 'mode') ?? 'single';
  return mode === 'target' ? textOf(node, 'targetQuantity') === '0' : mode === 'single' && textOf(node, 'action')?.startsWith('EXIT') === true;
}

/** May open a position. */
export function enters(node: GraphNode): node is OurNode {
  return placesOrders(node) && !onlyLeaves(node);
}

/** Holds a stop, a target or a time at which it gets out. */
export function isProtected(node: OurNode): boolean {
  return textOf(node, 'mode') !== 'basket' && PROTECTION.some((name) => isSet(node, name));
}

export function isGate(node: GraphNode): node is OurNode {
  return node.kind === 'ours' && node.definition.type === 'riskGate' && (textOf(node, 'operation') ?? 'check') === 'check';
}

export function operationOf(node: GraphNode): string {
  return node.kind === 'ours' ? `${node.definition.type}.${textOf(node, 'operation') ?? ''}` : '';
}

export function closesAll(node: GraphNode): node is OurNode {
  return operationOf(node) === 'position.closeAll';
}

/** Gets out of a position, or watches over it. */
export function leaves(node: GraphNode): node is OurNode {
  if (node.kind !== 'ours') return false;
  return ['position.close', 'position.closeAll', 'position.protect', 'position.trail'].includes(operationOf(node)) || (placesOrders(node) && onlyLeaves(node));
}

/** Starts the flow by itself. */
export function isTrigger(node: GraphNode): node is OurNode {
  return node.kind === 'ours' && node.definition.kind !== 'action';
}

/** Starts the flow when a person presses it. */
export function startsByHand(node: GraphNode): boolean {
  return node.kind === 'translated' && node.doing.kind === 'start';
}

/** Goes on with what another node failed with: any item may come from it. */
export function catchesErrors(node: GraphNode): boolean {
  return node.kind === 'translated' && node.doing.kind === 'errors';
}
