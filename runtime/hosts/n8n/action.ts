import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription, NodeOperationError } from 'n8n-workflow';
import type { AlertChannel } from '../../domain/ports';
import type { Runtime } from '../../runtime';
import { withBacktests } from '../backtests';
import type { ActionDefinition } from '../definition';
import { readParameters } from '../parameters';
import { runNode } from '../run';
import { begunAt } from './begunAt';
import { accountOf, channelOf, credentialTests } from './credentials';
import { declareOnce } from './declaredAccount';
import { describeAction } from './description';
import { accountError, denialError, unexpectedError } from './errors';
import { handedOver } from './execution';
import { identityOf, signalIdOf } from './identity';
import { toEnvelope, toItem, withFiles } from './items';
import { createKeysInUse } from './keysInUse';
import { loadMeaning, MEANING } from './meaning';
import { valuesForItem } from './parameters';
import { leaseFor } from './runtimeLease';
import { stateFolder } from './stateFolder';
import { isTestRun } from './testRun';
import { progressIn, tellAbove } from './told';

/** An action node of n8n: the shell around one definition. */
export class ActionNode implements INodeType {
  readonly description: INodeTypeDescription;
  readonly methods: NonNullable<INodeType['methods']>;
  readonly execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

  constructor(definition: ActionDefinition) {
    this.description = describeAction(definition);
    this.methods = { credentialTest: credentialTests, ...(definition.meaning === undefined ? {} : { loadOptions: { [MEANING]: loadMeaning(definition) } }) };
    this.execute = function execute(this: IExecuteFunctions) {
      return executeAction(this, definition);
    };
  }
}

const useKey = createKeysInUse();

/** What every item of one execution shares. */
interface Session {
  readonly host: IExecuteFunctions;
  readonly definition: ActionDefinition;
  readonly runtime: Runtime;
  readonly account: string;
  readonly channel: AlertChannel | undefined;
  readonly isTest: boolean;
}

/**
 * Runs the items in order, each on its own: a failed item never keeps another from being worked on.
 * Failures become items where the node continues on fail, otherwise one error at the end that names every failed item.
 */
async function executeAction(host: IExecuteFunctions, definition: ActionDefinition): Promise<INodeExecutionData[][]> {
  const outputs: INodeExecutionData[][] = definition.outputs.map(() => []);
  const failures: NodeOperationError[] = [];
  const lease = await leaseFor(host.getNode());
  try {
    refuseUntimely(host, lease.runtime);
    const session = await openSession(host, definition, lease.runtime);
    for (const [index, input] of host.getInputData().entries()) {
      const outcome = await runItem(session, input, index);
      if (outcome.ok) for (const { port, item } of outcome.emitted) outputs[port]?.push(item);
      else if (host.continueOnFail()) outputs[errorPort(definition)]?.push(errorItem(outcome.error, index));
      else failures.push(outcome.error);
    }
  } finally {
    lease.release();
  }
  if (failures.length > 0) throw summary(failures);
  return outputs;
}

/** The execution as a whole, before anything is touched: nothing of it shall leave where a node's own refusals do. */
function refuseUntimely(host: IExecuteFunctions, runtime: Runtime): void {
  if (isTestRun(host)) return;
  const moment = { world: runtime, begunAt: begunAt(host) };
  for (const input of host.getInputData()) {
    const timely = handedOver.check(toEnvelope(input), moment);
    if (!timely.ok) throw denialError(host.getNode(), timely.denial);
  }
}

async function openSession(host: IExecuteFunctions, definition: ActionDefinition, runtime: Runtime): Promise<Session> {
  const account = await accountOf(host);
  if (!account.ok) throw denialError(host.getNode(), account.denial);
  const channel = await channelOf(host);
  if (!channel.ok) throw denialError(host.getNode(), channel.denial);
  try {
    return { host, definition, runtime, account: await declareOnce(runtime, account.value), channel: channel.value, isTest: isTestRun(host) };
  } catch (error) {
    throw accountError(host.getNode(), error);
  }
}

type ItemOutcome =
  | { readonly ok: true; readonly emitted: readonly { readonly port: number; readonly item: INodeExecutionData }[] }
  | { readonly ok: false; readonly error: NodeOperationError };

async function runItem(session: Session, input: INodeExecutionData, index: number): Promise<ItemOutcome> {
  const { host, definition, runtime, account, channel, isTest } = session;
  const node = host.getNode();
  try {
    const values = valuesForItem(host, definition, index);
    const params = readParameters(definition.params, values, { numbersAsText: false });
    if (!params.ok) return { ok: false, error: denialError(node, params.denial, index) };
    const identity = identityOf(values, host.getWorkflow().id ?? 'unsaved', node);
    if (!identity.ok) return { ok: false, error: denialError(node, identity.denial, index) };
    const use = useKey({ account, ...identity.value, executionId: host.getExecutionId(), nodeId: node.id });
    if (!use.ok) return { ok: false, error: denialError(node, use.denial, index) };
    const envelope = toEnvelope(input);
    const context = runtime.context({ account, ...identity.value, signalId: signalIdOf(envelope, host, index) }, { channels: channel === undefined ? [] : [channel], ...(isTest ? { testStep: 'nothing' } : {}) });
    const result = await runNode(definition, params.value, envelope, withBacktests(context, { home: stateFolder(), onProgress: progressIn(host) }));
    if (result.kind === 'raised') return { ok: false, error: denialError(node, result.denial, index) };
    tellAbove(host, result.emissions);
    const ports = definition.outputs.map(({ port }) => port);
    return { ok: true, emitted: await Promise.all(result.emissions.map(async ({ port, item, files = [] }) => ({ port: ports.indexOf(port), item: await withFiles(host, toItem(item, { item: input, index }), files) }))) };
  } catch (error) {
    return { ok: false, error: unexpectedError(node, error, index) };
  }
}

/** A failed item must never look approved or placed: it leaves where refusals leave. */
function errorPort(definition: ActionDefinition): number {
  return Math.max(0, definition.outputs.findIndex(({ port }) => port === definition.refusalPort));
}

function errorItem(error: NodeOperationError, index: number): INodeExecutionData {
  return { json: { error: error.message }, error, pairedItem: { item: index } };
}

function summary(failures: readonly NodeOperationError[]): Error {
  const [first, ...others] = failures;
  if (first === undefined) throw new Error('There is nothing to sum up.');
  if (others.length > 0) first.description = [first.description, `${others.length} more failed: ${others.map(({ message }) => message).join('; ')}`].join(' ');
  return first;
}
