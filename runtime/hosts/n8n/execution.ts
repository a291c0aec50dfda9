import type { IRun, ITriggerFunctions } from 'n8n-workflow';
import { deny } from '../../domain/denial';
import type { HandedSignal } from '../../runtime';
import { createHandedOver } from './earlierLife';
import { denialError } from './errors';
import { toItem } from './items';

/** Executions of one trigger that may run at the same time; further signals wait in the inbox, in their order. */
export const CONCURRENT_EXECUTIONS = 8;
/** How long a save or a stop of the workflow waits for its running executions. What takes longer is delivered again, and orders nothing twice. */
export const CLOSE_GRACE_MS = 5_000;

/** Every trigger's, of this process. */
export const handedOver = createHandedOver();

/** Resolves when the execution has ended, whatever its result; rejects when n8n could not start it. */
export async function execute(host: ITriggerFunctions, signal: Pick<HandedSignal, 'signalId' | 'item'>): Promise<void> {
  const done = host.helpers.createDeferredPromise<IRun>();
  handedOver.add(signal.signalId);
  host.emit([[toItem(signal.item)]], undefined, done);
  await done.promise;
}

/**
 * A copied workflow brings the trigger's key along. Two active triggers with one key would take each other's signals,
 * so n8n is told not to activate the second.
 */
export function claimKey(host: ITriggerFunctions, nodeKey: string, remedy: string): () => void {
  const holder = `${host.getWorkflow().id ?? ''}/${host.getNode().id}`;
  const other = claims.get(nodeKey);
  if (other !== undefined && other.holder !== holder) {
    throw denialError(host.getNode(), deny('INVALID_PARAMETER', `Another active trigger has the node key ${nodeKey}`, { field: 'nodeKey', remedy }).denial);
  }
  const mine = { holder };
  claims.set(nodeKey, mine);
  return () => {
    if (claims.get(nodeKey) === mine) claims.delete(nodeKey);
  };
}

const claims = new Map<string, { readonly holder: string }>();
