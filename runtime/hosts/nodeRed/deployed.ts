import type { z } from 'zod';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { NodeDefinition } from '../definition';
import { Identity } from '../identity';
import { readParameters } from '../parameters';
import type { Claimant } from './claims';
import { DenialError } from './denialError';
import type { Host } from './host';
import { nodeRedType } from './nodeType';
import type { RedNode, SavedConfig } from './red';
import { StatusLine } from './statusLine';
import { statusOfError } from './statusTexts';

/** A node of ours on a running flow, its configuration read. */
export interface Deployed<P> {
  readonly params: P;
  readonly nodeKey: string;
  readonly strategyId: string;
}

/** The parts every node has, whether its configuration could be read or not. */
export interface Deployment<P> {
  readonly status: StatusLine;
  readonly deployed: Outcome<Deployed<P>>;
}

/**
 * Reads a node's configuration and takes its key. A bad value or a key that another node has shows in red and in the log at once,
 * and every message that arrives raises it again: nothing is ever skipped silently.
 */
export function deploy<P extends z.ZodObject>(host: Host, node: RedNode, definition: NodeDefinition & { readonly params: P }, config: SavedConfig): Deployment<z.infer<P>> {
  const status = new StatusLine(node, host.timers);
  const claimant = claimantOf(node, definition.title);
  const deployed = read(host, node, definition, config, claimant);
  if (!deployed.ok) {
    const error = new DenialError(deployed.denial);
    status.show(statusOfError(error));
    node.error(error.message);
  }
  node.on('close', (_removed, done) => {
    status.close();
    if (deployed.ok) host.nodeKeys.release(deployed.value.nodeKey, claimant);
    done();
  });
  return { status, deployed };
}

function read<P extends z.ZodObject>(host: Host, node: RedNode, definition: NodeDefinition & { readonly params: P }, config: SavedConfig, claimant: Claimant): Outcome<Deployed<z.infer<P>>> {
  const form = { numbersAsText: true };
  const identity = readParameters(Identity, config, form);
  if (!identity.ok) return identity;
  const params = readParameters(definition.params, config, form);
  if (!params.ok) return params;
  const nodeKey = nodeKeyOf(node, identity.value.nodeKey);
  const claim = host.nodeKeys.take(nodeKey, claimant);
  if (!claim.taken) {
    return deny('INVALID_PARAMETER', `"${claimant.title}" and "${claim.holder.title}" have the same node key "${nodeKey}", so their orders could not be told apart.`,
      { field: 'nodeKey', remedy: 'Delete one of them and add it again, or change its node key.' });
  }
  return ok({ params: params.value, nodeKey, strategyId: identity.value.strategyId ?? node.z ?? nodeRedType(definition.type) });
}

/** A subflow puts one saved node on the canvas several times: each instance is a node of its own. */
function nodeKeyOf(node: RedNode, saved: string | undefined): string {
  if (saved === undefined) return node.id;
  return node._alias === undefined ? saved : `${saved}@${node.z ?? node.id}`;
}

export function claimantOf(node: RedNode, title: string): Claimant {
  const name = node.name === undefined || node.name === '' ? node.id : node.name;
  return { id: node.id, title: `${name} (${title})` };
}

/** The id of a config node that a node names, empty for none. */
export function configNodeId(config: SavedConfig, property: string): string {
  const id = config[property];
  return typeof id === 'string' ? id : '';
}
