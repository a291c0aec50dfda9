import { deny, ok, type Outcome } from '../../domain/denial';
import { nodeControls } from '../identity';
import { ourNodes, type FlowGraph, type OurNode } from '../replay';

/** Which parameter of which node. */
export interface ParameterPlace {
  /** The node's name as the editor shows it, its node key or its id. */
  readonly node: string;
  readonly parameter: string;
  /** Counts the numbers in the parameter's text, from 0: in `ema(9) crosses above ema(21)` the slow average is number 1. Absent: the whole value. */
  readonly number?: number;
}

/** Another value for one parameter of one node. */
export interface NodeChange extends ParameterPlace {
  readonly value: string | number | boolean;
}

/** A number by itself: no part of a name, and no timeframe as `5m` is one. */
const NUMBER = /(?<![\w.])\d+(?:\.\d+)?(?![\w.])/g;

/** The flow with other values; the one that was given stays as it is. Denies a node, a parameter or a number that is not there, by its name. */
export function changedGraph(graph: FlowGraph, changes: readonly NodeChange[]): Outcome<FlowGraph> {
  const nodes = new Map(graph.nodes);
  for (const change of changes) {
    const found = nodeOf({ nodes }, change.node);
    if (!found.ok) return found;
    const changed = changedNode(found.value, change);
    if (!changed.ok) return changed;
    nodes.set(changed.value.id, changed.value);
  }
  return ok({ ...graph, nodes });
}

function nodeOf(graph: Pick<FlowGraph, 'nodes'>, wanted: string): Outcome<OurNode> {
  const all = ourNodes(graph);
  const byName = all.filter(({ name }) => name === wanted);
  const found = byName.length > 0 ? byName : all.filter(({ id, values }) => id === wanted || values.nodeKey === wanted);
  const [only, second] = found;
  if (only === undefined) return deny('NOT_FOUND', `The flow has no node "${wanted}".`, { field: 'node', value: wanted, remedy: `Its nodes are: ${all.map(({ name }) => name).join(', ')}.` });
  if (second !== undefined) return deny('INVALID_PARAMETER', `${found.length} nodes are called "${wanted}".`, { field: 'node', value: wanted, remedy: 'Use the node key of the one that is meant.' });
  return ok(only);
}

function changedNode(node: OurNode, { parameter, number, value }: NodeChange): Outcome<OurNode> {
  const controls = nodeControls(node.definition).filter(({ kind }) => kind !== 'secret').map(({ name }) => name);
  if (!controls.includes(parameter)) return deny('NOT_FOUND', `"${node.name}" has no parameter "${parameter}".`, { field: 'parameter', value: parameter, remedy: `It has: ${controls.join(', ')}.` });
  const next = number === undefined ? ok(value) : withNumber(node, parameter, number, value);
  if (!next.ok) return next;
  const { valuesFor } = node;
  const changed = { ...node, values: { ...node.values, [parameter]: next.value } };
  if (valuesFor === undefined) return ok(changed);
  return ok({ ...changed, valuesFor: (scope) => {
    const values = valuesFor(scope);
    return values.ok ? ok({ ...values.value, [parameter]: next.value }) : values;
  } });
}

function withNumber(node: OurNode, parameter: string, number: number, value: string | number | boolean): Outcome<string> {
  const text = node.values[parameter];
  const found = typeof text === 'string' ? [...text.matchAll(NUMBER)][number] : undefined;
  if (typeof text !== 'string' || found === undefined) return deny('NOT_FOUND', `"${node.name}" has no number ${number} in "${parameter}".`, { field: 'parameter', value: parameter, remedy: 'Numbers of a text are counted from 0.' });
  return ok(`${text.slice(0, found.index)}${value}${text.slice(found.index + found[0].length)}`);
}
