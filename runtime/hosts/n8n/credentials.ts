import type { ICredentialsDecrypted, ICredentialTestFunctions, IExecuteFunctions, INode, INodeCredentialTestResult, INodeProperties, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { z } from 'zod';
import type { AccountConfig } from '../../domain/account';
import { ok, type Outcome } from '../../domain/denial';
import type { AlertChannel } from '../../domain/ports';
import type { ConnectionKind } from '../definition';
import { describeControls } from '../controls';
import { readParameters } from '../parameters';
import { AccountForm, ChannelForm, toAccount, toChannel, WebhookForm } from './credentialForms';
import { CREDENTIALS } from './description';
import { projectProperties } from './properties';
import { flatten } from './sections';

type Host = IExecuteFunctions | IWebhookFunctions | ITriggerFunctions;
type Saved = Readonly<Record<string, unknown>>;

export const accountProperties = (): INodeProperties[] => projectProperties(describeControls(AccountForm));
export const webhookProperties = (): INodeProperties[] => projectProperties(describeControls(WebhookForm));
export const channelProperties = (): INodeProperties[] => projectProperties(describeControls(ChannelForm));

/** The account of the node's credential; undefined where the node has none: then the paper account serves as it is. */
export async function accountOf(host: Host): Promise<Outcome<AccountConfig | undefined>> {
  const saved = await savedIn(host, 'account');
  return saved === undefined ? ok(undefined) : readAccount(saved);
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

/** Tests behind n8n's "Test" of a credential: they read it as a node would and use no network. */
export const credentialTests = {
  testAccount: tester((saved) => {
    const account = readAccount(saved);
    return account.ok ? ok(`Paper account ${account.value.id} with ₹${account.value.capital.toLocaleString('en-IN')} can be used.`) : account;
  }),
  testWebhookKey: tester((saved) => {
    const form = readForm(WebhookForm, saved);
    return form.ok ? ok('Alerts that carry this key will be accepted.') : form;
  }),
  testAlertChannel: tester((saved) => {
    const channel = readChannel(saved);
    return channel.ok ? ok('The channel is complete. Nothing was sent: run an Alert node to see a message arrive.') : channel;
  }),
};

async function savedIn(host: Host, kind: ConnectionKind): Promise<Saved | undefined> {
  const { name } = CREDENTIALS[kind];
  const node: INode = host.getNode();
  return node.credentials?.[name] === undefined ? undefined : host.getCredentials(name);
}

function readAccount(saved: Saved): Outcome<AccountConfig> {
  const form = readForm(AccountForm, saved);
  return form.ok ? ok(toAccount(form.value)) : form;
}

function readChannel(saved: Saved): Outcome<AlertChannel> {
  const form = readForm(ChannelForm, saved);
  return form.ok ? toChannel(form.value) : form;
}

function readForm<P extends z.ZodObject>(schema: P, saved: Saved): Outcome<z.infer<P>> {
  return readParameters(schema, flatten(describeControls(schema), (name) => saved[name] ?? null), { numbersAsText: false });
}

type Tester = (this: ICredentialTestFunctions, credential: ICredentialsDecrypted) => Promise<INodeCredentialTestResult>;

function tester(check: (saved: Saved) => Outcome<string>): Tester {
  return (credential) => {
    const outcome = check(credential.data ?? {});
    return Promise.resolve(outcome.ok ? { status: 'OK', message: outcome.value } : { status: 'Error', message: outcome.denial.message });
  };
}
