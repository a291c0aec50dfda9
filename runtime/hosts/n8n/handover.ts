import type { INodeExecutionData } from 'n8n-workflow';

/**
 * Items of an editor's test call on their way from `webhook()` to `trigger()`. n8n calls both, one after the other in one process,
 * and takes the node's output from the second. One call per node waits at a time; a later one replaces it.
 */
const waiting = new Map<string, INodeExecutionData[]>();

/** More tests than this at once are not a person's; the oldest gives way. */
const MAX_WAITING = 100;

export function handOver(workflowId: string, nodeId: string, items: INodeExecutionData[]): void {
  const [oldest] = waiting.keys();
  if (waiting.size >= MAX_WAITING && oldest !== undefined) waiting.delete(oldest);
  waiting.set(key(workflowId, nodeId), items);
}

export function takeOver(workflowId: string, nodeId: string): INodeExecutionData[] | undefined {
  const items = waiting.get(key(workflowId, nodeId));
  waiting.delete(key(workflowId, nodeId));
  return items;
}

function key(workflowId: string, nodeId: string): string {
  return `${workflowId}/${nodeId}`;
}
