import { describeControls } from '../controls';
import type { OurNode } from '../replay';

/** What is known of a parameter before a flow runs: a value, nothing, or an expression whose value comes with each item. */
export type Known = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'unset' } | { readonly kind: 'expression' };

/** A saved parameter, with the form's default where nothing is saved. */
export function known(node: OurNode, name: string): Known {
  const saved = node.values[name];
  if (typeof saved === 'string' && saved.startsWith('=') && !node.numbersAsText) return { kind: 'expression' };
  const value = saved === undefined || saved === null || saved === '' ? describeControls(node.definition.params).find((control) => control.name === name)?.default : saved;
  return value === undefined || value === '' ? { kind: 'unset' } : { kind: 'value', value };
}

/** The text of a parameter; undefined where it is unset, no text or an expression. */
export function textOf(node: OurNode, name: string): string | undefined {
  const read = known(node, name);
  return read.kind === 'value' && (typeof read.value === 'string' || typeof read.value === 'number') ? String(read.value) : undefined;
}

export function isSet(node: OurNode, name: string): boolean {
  return known(node, name).kind !== 'unset';
}

export function isOn(node: OurNode, name: string): boolean {
  const read = known(node, name);
  return read.kind === 'value' && read.value === true;
}

/** The strategy that the node works for. */
export function strategyOf(node: OurNode): string {
  return textOf(node, 'strategyId') ?? savedText(node, 'strategyId') ?? node.fallback.strategyId;
}

/** Identity is no parameter of the definition: it is saved beside them. */
export function savedText(node: OurNode, name: 'strategyId' | 'nodeKey'): string | undefined {
  const saved = node.values[name];
  return typeof saved === 'string' && saved !== '' ? saved : undefined;
}
