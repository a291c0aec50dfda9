import { NodeConnectionTypes, type INodeCredentialDescription, type INodeProperties, type INodeTypeDescription, type NodeHint } from 'n8n-workflow';
import { BROKERS, type BrokerName } from '../../domain/account';
import { BROKER_LABELS } from '../accountForm';
import type { Control } from '../controls';
import type { ActionDefinition, ConnectionKind, NodeDefinition, SourceTriggerDefinition, WebhookTriggerDefinition } from '../definition';
import { nodeControls } from '../identity';
import { conditionRowsText } from './conditionRows';
import { meaningProperties } from './meaning';
import { projectProperties } from './properties';
import { collectionName } from './sections';
import { triggerTexts } from './triggerTexts';

/** The node's choice of broker, which decides the credential that it takes. */
export const BROKER = 'broker';

/** Credential types of accounts by broker; optional, because a flow runs on the paper account without any. */
export const ACCOUNT_CREDENTIALS: Readonly<Record<BrokerName, INodeCredentialDescription>> = {
  paper: accountCredential('paper', 'bellwetherAccountApi', 'testAccount'),
  openalgo: accountCredential('openalgo', 'bellwetherOpenAlgoApi', 'testOpenAlgo'),
  upstox: accountCredential('upstox', 'bellwetherUpstoxApi', 'testUpstox'),
};

function accountCredential(broker: BrokerName, name: string, testedBy: string): INodeCredentialDescription {
  return { name, required: false, testedBy, displayOptions: { show: { [BROKER]: [broker] } } };
}

/** The other credential types by what they connect. */
export const CREDENTIALS: Readonly<Record<Exclude<ConnectionKind, 'account'>, INodeCredentialDescription>> = {
  webhookSecret: { name: 'bellwetherWebhookApi', required: false, testedBy: 'testWebhookKey' },
  alertChannel: { name: 'bellwetherAlertChannelApi', required: false, testedBy: 'testAlertChannel' },
};

/** The description of an action node. Fresh on every call: n8n writes into it. */
export function describeAction(definition: ActionDefinition): INodeTypeDescription {
  return {
    ...common(definition),
    group: ['transform'],
    version: definition.version,
    inputs: [NodeConnectionTypes.Main],
    outputs: definition.outputs.map(() => NodeConnectionTypes.Main),
    ...(definition.outputs.length > 1 ? { outputNames: definition.outputs.map(({ label }) => label) } : {}),
    hints: hints(definition),
    ...(definition.readsOnly === true ? { usableAsTool: true as const } : {}),
  };
}

/**
 * The description of a webhook trigger. `path` is the installation's token (see webhookPath.ts): plain text, so that n8n needs no expression a request.
 * The node's version is 2 for n8n: from there on it leaves unknown content types to the node instead of parsing them.
 */
export function describeTrigger(definition: WebhookTriggerDefinition, path: string): INodeTypeDescription {
  const texts = triggerTexts(definition);
  return {
    ...common(definition),
    group: ['trigger'],
    version: 2,
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    webhooks: [
      { name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path, isFullPath: false },
      // The page that a link opens; its address is the same one.
      ...(definition.answersQuestions === true ? [{ name: 'setup' as const, httpMethod: 'GET' as const, responseMode: 'onReceived' as const, path, isFullPath: false, ndvHideUrl: true }] : []),
    ],
    ...texts,
  };
}

/** The description of a trigger that acts by itself: n8n starts it with the workflow, and "Execute step" tries it out. */
export function describeSourceTrigger(definition: SourceTriggerDefinition): INodeTypeDescription {
  return {
    ...common(definition),
    group: ['trigger'],
    version: definition.version,
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    eventTriggerDescription: '',
    activationMessage: `${definition.title} now runs this workflow by itself; its executions show under Executions.`,
  };
}

function common(definition: NodeDefinition): Pick<INodeTypeDescription, 'displayName' | 'name' | 'icon' | 'description' | 'subtitle' | 'defaults' | 'credentials' | 'properties'> {
  const subtitle = subtitleOf(definition);
  return {
    displayName: definition.title,
    name: definition.type,
    icon: { light: `file:${definition.type}.svg`, dark: `file:${definition.type}.dark.svg` },
    description: definition.description,
    ...(subtitle === undefined ? {} : { subtitle }),
    defaults: { name: definition.title },
    credentials: definition.connections.flatMap(credentialsOf),
    properties: [...(definition.connections.includes('account') ? [brokerProperty()] : []), ...withMeaning(definition, projectProperties(nodeControls(definition)))],
  };
}

function credentialsOf(kind: ConnectionKind): INodeCredentialDescription[] {
  return kind === 'account' ? BROKERS.map((broker) => ({ ...ACCOUNT_CREDENTIALS[broker] })) : [{ ...CREDENTIALS[kind] }];
}

/** No expression is taken: nothing in an item may choose an account. */
function brokerProperty(): INodeProperties {
  return {
    displayName: 'Account', name: BROKER, type: 'options', noDataExpression: true, default: 'paper',
    options: BROKERS.map((value) => ({ name: BROKER_LABELS[value], value })),
    description: 'Whom the account belongs to; its credential is chosen above. Paper needs none.',
  };
}

/** The meaning stands right behind the last of the fields that it follows from. */
function withMeaning(definition: NodeDefinition, properties: INodeProperties[]): INodeProperties[] {
  const last = properties.findLastIndex(({ name }) => definition.meaning?.params.includes(name) === true);
  return [...properties.slice(0, last + 1), ...meaningProperties(definition), ...properties.slice(last + 1)];
}

/** Shown on an output that a person may have forgotten: refused items must go somewhere. */
function hints(definition: ActionDefinition): NodeHint[] {
  const refusal = definition.outputs.find(({ port }) => port === definition.refusalPort);
  if (refusal === undefined) return [];
  return [{ type: 'info', location: 'outputPane', whenToDisplay: 'afterExecution', message: `Refused items leave through “${refusal.label}” with the reason in <code>denial</code>. Connect it to an Alert to hear of them.` }];
}

/** The values of the subtitle's parameters, choices by their label. Evaluated by the editor only. */
function subtitleOf(definition: NodeDefinition): string | undefined {
  const controls = nodeControls(definition);
  const parts = (definition.subtitleParams ?? []).flatMap((name) => {
    const control = controls.find((candidate) => candidate.name === name);
    return control === undefined ? [] : [subtitlePart(control, controls)];
  });
  return parts.length === 0 ? undefined : `={{ [${parts.join(', ')}].filter(Boolean).join(' ') }}`;
}

function subtitlePart(control: Control, controls: readonly Control[]): string {
  const path = control.section === undefined ? [control.name] : [collectionName(control.section, controls), control.name];
  const value = `$parameter${path.map((name) => `["${name}"]`).join('?.')}`;
  if (control.kind === 'conditionRows') return `(${Object.entries(control.showWhen ?? {}).map(([name, wanted]) => `${JSON.stringify(wanted)}.includes($parameter["${name}"])`).join(' && ') || 'true'} ? ${conditionRowsText(control.name)} : "")`;
  if (control.kind !== 'choice') return value;
  const labels = Object.fromEntries(control.options.map((option) => [option.value, option.label]));
  return `(${JSON.stringify(labels)})[${value}]`;
}
