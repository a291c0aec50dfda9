import type { IExecuteFunctions, INode } from 'n8n-workflow';
import { ok, type Outcome } from '../../domain/denial';
import { SignalInfo, type Envelope } from '../../domain/envelope';
import { Identity } from '../identity';
import { readParameters } from '../parameters';

export interface NodeIdentity {
  readonly strategyId: string;
  readonly nodeKey: string;
}

/** Saved keys win, so that import and conversion keep them; n8n's own ids stand in where a field is empty. */
export function identityOf(values: Readonly<Record<string, unknown>>, workflowId: string, node: Pick<INode, 'id'>): Outcome<NodeIdentity> {
  const saved = readParameters(Identity, values, { numbersAsText: false });
  if (!saved.ok) return saved;
  return ok({ strategyId: saved.value.strategyId ?? workflowId, nodeKey: saved.value.nodeKey ?? node.id });
}

/**
 * The signal an item stems from. A trigger of ours has set it; an item from elsewhere (a manual start, another trigger) gets one made of
 * workflow, execution, run and item. Such an item keeps its id through one execution, its retries on fail included;
 * n8n's "retry execution" is a new execution and therefore a new signal.
 */
export function signalIdOf(item: Envelope, host: IExecuteFunctions, itemIndex: number): string {
  const signal = SignalInfo.safeParse(item.signal);
  if (signal.success) return signal.data.id;
  const runIndex: unknown = host.getWorkflowDataProxy(itemIndex)['$runIndex'];
  return `n8n:${host.getWorkflow().id ?? 'unsaved'}:${host.getExecutionId()}:${String(runIndex)}:${itemIndex}`;
}
