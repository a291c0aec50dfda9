import type { z } from 'zod';
import type { Outcome } from '../../domain/denial';
import type { AlertChannel } from '../../domain/ports';
import type { DeclaredAccount } from '../accountForm';
import { describeControls } from '../controls';
import { readParameters } from '../parameters';
import { asError } from './asError';
import type { ConfigDefinition } from './config';
import { claimantOf } from './deployed';
import { DenialError } from './denialError';
import { isSecret } from './form';
import { hostOf, type Host } from './host';
import { nodeRedType } from './nodeType';
import type { NodeAPI, RedNode, SavedConfig } from './red';

/** Registers the config node that declares accounts. `read` makes an account of the form's values. */
export function registerAccount<P extends z.ZodObject>(red: NodeAPI, definition: ConfigDefinition<P>, read: (params: z.infer<P>) => Outcome<DeclaredAccount>): void {
  const host = hostOf(red);
  host.accountTests.read = (values) => {
    const params = readParameters(definition.params, values, { numbersAsText: true });
    return params.ok ? read(params.value) : params;
  };
  registerConfig(red, definition, (node, params) => {
    const claimant = claimantOf(node, definition.title);
    const account = host.accounts.add(claimant, params.ok ? read(params.value) : params);
    if (!account.ok) node.error(new DenialError(account.denial).message);
    const lease = host.lease();
    if (account.ok) lease.then(({ runtime }) => host.accounts.idFor(node.id, runtime)).catch((error: unknown) => node.error(asError(error).message));
    return () => {
      host.accounts.remove(claimant);
      lease.then((held) => held.release()).catch(() => undefined);
    };
  });
}

/** Registers the config node that names a place alerts go to. */
export function registerChannel<P extends z.ZodObject>(red: NodeAPI, definition: ConfigDefinition<P>, read: (params: z.infer<P>) => Outcome<AlertChannel>): void {
  const host: Host = hostOf(red);
  registerConfig(red, definition, (node, params) => {
    const channel = params.ok ? read(params.value) : params;
    host.channels.set(node.id, channel);
    if (!channel.ok) node.error(new DenialError(channel.denial).message);
    return () => host.channels.delete(node.id);
  });
}

/** `start` gets the parsed form, secrets included, and returns what ends the node. */
function registerConfig<P extends z.ZodObject>(red: NodeAPI, definition: ConfigDefinition<P>, start: (node: RedNode, params: Outcome<z.infer<P>>) => () => void): void {
  const secrets = describeControls(definition.params).filter(isSecret);
  const credentials = Object.fromEntries(secrets.map(({ name }) => [name, { type: 'password' } as const]));
  red.nodes.registerType(nodeRedType(definition.type), function (config: SavedConfig) {
    red.nodes.createNode(this, config);
    const stop = start(this, readParameters(definition.params, { ...config, ...this.credentials }, { numbersAsText: true }));
    this.on('close', (_removed, done) => {
      stop();
      done();
    });
  }, { credentials });
}
