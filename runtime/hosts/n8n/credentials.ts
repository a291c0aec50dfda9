import type { ICredentialsDecrypted, ICredentialTestFunctions, IExecuteFunctions, INode, INodeCredentialTestResult, INodeProperties, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { z } from 'zod';
import { BROKERS, type BrokerName } from '../../domain/account';
import { deny, explained, ok, type Outcome } from '../../domain/denial';
import type { AlertChannel } from '../../domain/ports';
import type { ConnectionKind } from '../definition';
import { testAccount } from '../../index';
import { toAccount, type DeclaredAccount } from '../accountForm';
import { describeControls } from '../controls';
import { readParameters } from '../parameters';
import { ACCOUNT_FORMS, ChannelForm, toChannel, WebhookForm } from './credentialForms';
import { ACCOUNT_CREDENTIALS, BROKER, CREDENTIALS } from './description';
import { projectProperties } from './properties';
import { flatten } from './sections';

type Host = IExecuteFunctions | IWebhookFunctions | ITriggerFunctions;
type Saved = Readonly<Record<string, unknown>>;

export const accountProperties = (broker: BrokerName): INodeProperties[] => projectProperties(describeControls(ACCOUNT_FORMS[broker]));
export const webhookProperties = (): INodeProperties[] => projectProperties(describeControls(WebhookForm));
export const channelProperties = (): INodeProperties[] => projectProperties(describeControls(ChannelForm));

/**
 * The account of the node's credential; undefined where the node has none and means paper: then the paper account serves as it is. A broker without a
 * credential is refused: nothing may fall back to another account. The choice is read as it is saved, never worked out from an item.
 */
export async function accountOf(host: Host): Promise<Outcome<DeclaredAccount | undefined>> {
  const { parameters, credentials } = host.getNode();
  const broker = parameters[BROKER] === undefined ? 'paper' : BROKERS.find((name) => name === parameters[BROKER]);
  if (broker === undefined) return deny('INVALID_PARAMETER', 'Account: choose a broker from the list.', { field: BROKER, remedy: 'Open the node and choose one; an expression is not taken here.' });
  const { name } = ACCOUNT_CREDENTIALS[broker];
  if (credentials?.[name] !== undefined) return readAccount(broker, await host.getCredentials(name));
  return broker === 'paper' ? ok(undefined) : deny('MISSING_FIELD', 'The node has no credential for its broker.', { field: BROKER, remedy: 'Open the node and choose a credential, or choose Paper.' });
}

/** The key that calls must carry; undefined where the URL alone authenticates. */
export async function webhookKeyOf(host: Host): Promise<Outcome<string | undefined>> {
  const saved = await savedIn(host, 'webhookSecret');
  if (saved === undefined) return ok(undefined);
  const form = readForm(WebhookForm, saved);
  return form.ok ? ok(form.value.key) : form;
}

/** The channel of the node's credential; undefined where alerts are only recorded. */
export async function channelOf(host: Host): Promise<Outcome<AlertChannel | undefined>> {
  const saved = await savedIn(host, 'alertChannel');
  return saved === undefined ? ok(undefined) : readChannel(saved);
}

/** Tests behind n8n's "Test" of a credential: they read it as a node would. A broker is asked what it knows of the account; no order is sent. */
export const credentialTests = {
  testAccount: accountTester('paper'),
  testOpenAlgo: accountTester('openalgo'),
  testUpstox: accountTester('upstox'),
  testWebhookKey: tester((saved) => {
    const form = readForm(WebhookForm, saved);
    return form.ok ? ok('Alerts that carry this key will be accepted.') : form;
  }),
  testAlertChannel: tester((saved) => {
    const channel = readChannel(saved);
    return channel.ok ? ok('The channel is complete. Nothing was sent: run an Alert node to see a message arrive.') : channel;
  }),
};

async function savedIn(host: Host, kind: Exclude<ConnectionKind, 'account'>): Promise<Saved | undefined> {
  const { name } = CREDENTIALS[kind];
  const node: INode = host.getNode();
  return node.credentials?.[name] === undefined ? undefined : host.getCredentials(name);
}

function readAccount(broker: BrokerName, saved: Saved): Outcome<DeclaredAccount> {
  const form = readForm(ACCOUNT_FORMS[broker], saved);
  return form.ok ? toAccount(broker, form.value) : form;
}

function readChannel(saved: Saved): Outcome<AlertChannel> {
  const form = readForm(ChannelForm, saved);
  return form.ok ? toChannel(form.value) : form;
}

function readForm<P extends z.ZodObject>(schema: P, saved: Saved): Outcome<z.infer<P>> {
  return readParameters(schema, flatten(describeControls(schema), (name) => saved[name] ?? null), { numbersAsText: false });
}

type Tester = (this: ICredentialTestFunctions, credential: ICredentialsDecrypted) => Promise<INodeCredentialTestResult>;

function tester(check: (saved: Saved) => Outcome<string> | Promise<Outcome<string>>): Tester {
  return async (credential) => {
    const outcome = await check(credential.data ?? {});
    return outcome.ok ? { status: 'OK', message: outcome.value } : { status: 'Error', message: explained(outcome.denial) };
  };
}

function accountTester(broker: BrokerName): Tester {
  return tester(async (saved) => {
    const account = readAccount(broker, saved);
    return account.ok ? testAccount(account.value.config, account.value.secrets ?? {}) : account;
  });
}
