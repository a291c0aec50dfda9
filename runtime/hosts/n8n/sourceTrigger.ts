import type { INodeType, INodeTypeDescription, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { ok, type Outcome } from '../../domain/denial';
import type { SourceBinding } from '../../runtime';
import type { SourceTriggerDefinition } from '../definition';
import { readParameters } from '../parameters';
import { describeSourceTrigger } from './description';
import { denialError } from './errors';
import { claimKey, CLOSE_GRACE_MS, CONCURRENT_EXECUTIONS, execute } from './execution';
import { identityOf } from './identity';
import { toItem } from './items';
import { loadMeaning, MEANING } from './meaning';
import { valuesOf } from './parameters';
import { leaseFor } from './runtimeLease';

/** How long an editor's test waits for something to happen. */
const TEST_PATIENCE_MS = 120_000;

/** A trigger of n8n that acts by itself: it runs in the runtime, and an execution starts when it has something to say. */
export class SourceTriggerNode implements INodeType {
  readonly description: INodeTypeDescription;
  readonly methods: NonNullable<INodeType['methods']>;
  readonly trigger: (this: ITriggerFunctions) => Promise<ITriggerResponse>;

  constructor(definition: SourceTriggerDefinition) {
    this.description = describeSourceTrigger(definition);
    this.methods = definition.meaning === undefined ? {} : { loadOptions: { [MEANING]: loadMeaning(definition) } };
    this.trigger = function trigger(this: ITriggerFunctions) {
      return this.getMode() === 'manual' ? Promise.resolve(tryOut(this, definition)) : start(this, definition);
    };
  }
}

/** The lease is held for as long as the workflow is active: what watches keeps the runtime open. */
async function start(host: ITriggerFunctions, definition: SourceTriggerDefinition): Promise<ITriggerResponse> {
  const binding = bind(host, definition);
  if (!binding.ok) throw denialError(host.getNode(), binding.denial);
  const unclaim = claimKey(host, binding.value.nodeKey, 'Deactivate the other workflow, or delete this trigger and place a new one.');
  const lease = await leaseFor(host.getNode()).catch((error: unknown) => {
    unclaim();
    throw error;
  });
  const giveBack = (): void => {
    unclaim();
    lease.release();
  };
  try {
    const started = await lease.runtime.triggers.start(binding.value, (signal) => execute(host, signal), { concurrency: CONCURRENT_EXECUTIONS });
    if (!started.ok) throw denialError(host.getNode(), started.denial);
    return { closeFunction: () => started.value(CLOSE_GRACE_MS).finally(giveBack) };
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** The editor's test: one signal, at once or when it comes; stopping the test ends the wait. */
function tryOut(host: ITriggerFunctions, definition: SourceTriggerDefinition): ITriggerResponse {
  const cancelled = new AbortController();
  return {
    closeFunction: () => {
      cancelled.abort();
      return Promise.resolve();
    },
    manualTriggerFunction: async () => {
      const binding = bind(host, definition);
      if (!binding.ok) throw denialError(host.getNode(), binding.denial);
      const lease = await leaseFor(host.getNode());
      try {
        const signal = await lease.runtime.triggers.tryOut(binding.value, { patienceMs: TEST_PATIENCE_MS, cancelled: cancelled.signal });
        if (!signal.ok) throw denialError(host.getNode(), signal.denial);
        host.emit([[toItem(signal.value.item)]]);
      } finally {
        lease.release();
      }
    },
  };
}

function bind(host: ITriggerFunctions, definition: SourceTriggerDefinition): Outcome<SourceBinding> {
  const values = valuesOf(host, definition);
  const params = readParameters(definition.params, values, { numbersAsText: false });
  if (!params.ok) return params;
  const identity = identityOf(values, host.getWorkflow().id ?? 'unsaved', host.getNode());
  if (!identity.ok) return identity;
  return ok({ definition, params: params.value, ...identity.value });
}
