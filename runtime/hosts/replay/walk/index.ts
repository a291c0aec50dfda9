import type { Envelope } from '../../../domain/envelope';
import { createFlowState, type Carried, type FlowGraph, type FlowState } from '../graph';
import { walkN8n } from './n8nWalk';
import { walkNodeRed } from './nodeRedWalk';
import { fromMap, planOf } from './plan';
import type { Walk } from './turn';

export { MAX_STEPS, type Turn, type Walk } from './turn';

/** Signals on their way through one flow. State that translated nodes keep goes from one signal to the next. */
export interface Walker {
  /** From a trigger that said this. */
  after(trigger: string, item: Envelope, signalId: string): Walk;
  /** From a node that this is put into, as by hand. */
  into(node: string, item: Envelope, signalId: string): Walk;
}

/** Walks a graph as its own editor would: n8n by lists of items, Node-RED by messages. The driver runs our nodes; foreign ones run here. */
export function createWalker(graph: FlowGraph, state: FlowState = createFlowState()): Walker {
  const plan = planOf(graph);
  if (graph.host === 'n8n') {
    return {
      after: (trigger, item) => walkN8n(plan, state, { from: trigger, put: new Map([['signal', [{ data: item, trail: { node: trigger, data: item, before: undefined } }]]]) }),
      into: (node, item) => walkN8n(plan, state, { node: fromMap(graph.nodes, node), inputs: [[{ data: item, trail: undefined }]] }),
    };
  }
  const message = (item: Envelope, signalId: string): Carried => ({ data: { _msgid: signalId, ...(item.signal === undefined ? {} : { topic: item.signal.source }), payload: item }, trail: undefined });
  return {
    after: (trigger, item, signalId) => walkNodeRed(plan, state, { from: trigger, put: [{ port: 'signal', carried: message(item, signalId) }] }),
    into: (node, item, signalId) => walkNodeRed(plan, state, { node: fromMap(graph.nodes, node), carried: message(item, signalId) }),
  };
}
