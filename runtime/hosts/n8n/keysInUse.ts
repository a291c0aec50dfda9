import { deny, ok, type Outcome } from '../../domain/denial';
import type { Origin } from '../../domain/order';

/** Nodes of another account or strategy are told apart by that. */
export interface KeyUse extends Pick<Origin, 'account' | 'strategyId' | 'nodeKey'> {
  readonly executionId: string;
  /** n8n's own id of the node, which a copy does not share. */
  readonly nodeId: string;
}

/** Executions remembered; the oldest is forgotten first. */
const MAX_EXECUTIONS = 1_000;

/**
 * Which node uses a node key in an execution. A node that was copied inside its workflow brings the key of its original along: the orders of
 * both would be one to the journal, and the second would silently not happen.
 */
export function createKeysInUse(): (use: KeyUse) => Outcome<void> {
  const executions = new Map<string, Map<string, string>>();

  function keysOf(executionId: string): Map<string, string> {
    const known = executions.get(executionId);
    if (known !== undefined) return known;
    const keys = new Map<string, string>();
    executions.set(executionId, keys);
    const [oldest] = executions.keys();
    if (executions.size > MAX_EXECUTIONS && oldest !== undefined) executions.delete(oldest);
    return keys;
  }

  return ({ executionId, account, strategyId, nodeKey, nodeId }) => {
    const keys = keysOf(executionId);
    const key = JSON.stringify([account, strategyId, nodeKey]);
    const holder = keys.get(key) ?? nodeId;
    keys.set(key, holder);
    if (holder === nodeId) return ok(undefined);
    return deny('INVALID_PARAMETER', `Another node of this workflow has the same node key "${nodeKey}", so their orders could not be told apart`, {
      field: 'nodeKey', remedy: 'One of the two is a copy: delete it and add a new one from the panel.',
    });
  };
}
