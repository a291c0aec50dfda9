import type { INodeType, INodeTypeDescription, ITriggerFunctions, ITriggerResponse, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import type { InboxEntry } from '../../domain/ports';
import type { TriggerBinding } from '../../runtime';
import type { WebhookTriggerDefinition } from '../definition';
import { readParameters } from '../parameters';
import { credentialTests, webhookKeyOf } from './credentials';
import { describeTrigger } from './description';
import { denialError } from './errors';
import { claimKey, CLOSE_GRACE_MS, CONCURRENT_EXECUTIONS, execute } from './execution';
import { handOver, takeOver } from './handover';
import { identityOf } from './identity';
import { toItem } from './items';
import { valuesOf } from './parameters';
import { leaseFor } from './runtimeLease';
import { stateFolder, webhookToken } from './stateFolder';
import { answer, pageAddress, readCall, showPage } from './webhookCall';

const RETRY_AFTER_S = '5';

/**
 * A webhook trigger of n8n: `webhook()` makes the signal durable and answers, `trigger()` runs the workflow on it, now or after a restart.
 * In the editor's test n8n calls `webhook()`, then `trigger()`, whose output is the test's data.
 */
export class WebhookTriggerNode implements INodeType {
  readonly description: INodeTypeDescription;
  readonly methods: NonNullable<INodeType['methods']> = { credentialTest: credentialTests };
  readonly webhook: (this: IWebhookFunctions) => Promise<IWebhookResponseData>;
  readonly trigger: (this: ITriggerFunctions) => Promise<ITriggerResponse>;

  constructor(definition: WebhookTriggerDefinition) {
    this.description = describeTrigger(definition, webhookToken(stateFolder()));
    this.webhook = function webhook(this: IWebhookFunctions) {
      return receive(this, definition);
    };
    this.trigger = function trigger(this: ITriggerFunctions) {
      return this.getMode() === 'manual' ? Promise.resolve(handTest(this)) : attach(this, definition);
    };
  }
}

// ---------------------------------------------------------------- webhook: durable, answered

async function receive(host: IWebhookFunctions, definition: WebhookTriggerDefinition): Promise<IWebhookResponseData> {
  const isTest = host.getMode() === 'manual';
  try {
    const binding = await bind(host, definition);
    if (!binding.ok) return notReady(host, binding.denial);
    const lease = await leaseFor(host.getNode());
    try {
      const address = definition.answersQuestions === true ? pageAddress(host) : undefined;
      if (address !== undefined) {
        showPage(host, await lease.runtime.ingress.page(binding.value, address));
        return { noWebhookResponse: true };
      }
      const request = await readCall(host, lease.runtime.now());
      const result = await lease.runtime.ingress.receive(binding.value, request, isTest ? 'caller' : 'attached');
      answer(host, result);
      return isTest && result.entries.length > 0 ? test(host, result.entries) : { noWebhookResponse: true };
    } finally {
      lease.release();
    }
  } catch (error) {
    host.logger.error('Bellwether could not take an alert', { error });
    return notReady(host, deny('NOT_READY', error instanceof Error ? error.message : String(error)).denial);
  }
}

/** Senders try again on 503, so nothing is lost while a person corrects the node. */
function notReady(host: IWebhookFunctions, denial: Denial): IWebhookResponseData {
  answer(host, { status: 503, headers: { 'Retry-After': RETRY_AFTER_S }, body: { error: { ...denial } } });
  return { noWebhookResponse: true };
}

function test(host: IWebhookFunctions, entries: readonly InboxEntry[]): IWebhookResponseData {
  const items = entries.map(({ item }) => toItem(item));
  handOver(host.getWorkflow().id ?? '', host.getNode().id, items);
  return { noWebhookResponse: true, workflowData: [items] };
}

// ---------------------------------------------------------------- trigger: executions

async function attach(host: ITriggerFunctions, definition: WebhookTriggerDefinition): Promise<ITriggerResponse> {
  const binding = await bind(host, definition);
  if (!binding.ok) throw denialError(host.getNode(), binding.denial);
  const unclaim = claimKey(host, binding.value.nodeKey, 'Deactivate the other workflow, or delete this trigger and place a new one; its URL is new as well.');
  const lease = await leaseFor(host.getNode()).catch((error: unknown) => {
    unclaim();
    throw error;
  });
  const detach = lease.runtime.ingress.attach(binding.value.nodeKey, (entry) => execute(host, entry), {
    concurrency: CONCURRENT_EXECUTIONS, ...(definition.answersQuestions === true ? { questionsOf: { strategyId: binding.value.strategyId, source: definition.type } } : {}),
  });
  return {
    closeFunction: async () => {
      try {
        await detach(CLOSE_GRACE_MS);
      } finally {
        unclaim();
        lease.release();
      }
    },
  };
}

function handTest(host: ITriggerFunctions): ITriggerResponse {
  return {
    manualTriggerFunction: () => {
      const items = takeOver(host.getWorkflow().id ?? '', host.getNode().id);
      if (items === undefined) throw denialError(host.getNode(), deny('NOT_READY', 'No test alert has arrived', { remedy: 'Click “Execute step” and send an alert to the Test URL.' }).denial);
      host.emit([items]);
      return Promise.resolve();
    },
  };
}

// ---------------------------------------------------------------- both

async function bind(host: ITriggerFunctions | IWebhookFunctions, definition: WebhookTriggerDefinition): Promise<Outcome<TriggerBinding>> {
  const values = valuesOf(host, definition);
  const params = readParameters(definition.params, values, { numbersAsText: false });
  if (!params.ok) return params;
  const identity = identityOf(values, host.getWorkflow().id ?? 'unsaved', host.getNode());
  if (!identity.ok) return identity;
  const key = await webhookKeyOf(host);
  if (!key.ok) return key;
  return ok({ definition, params: params.value, ...identity.value, ...(key.value === undefined ? {} : { secret: key.value }) });
}
