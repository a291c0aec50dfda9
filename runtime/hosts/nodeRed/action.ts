import { deny, ok, type Outcome } from '../../domain/denial';
import { Envelope } from '../../domain/envelope';
import { withBacktests } from '../backtests';
import type { ActionDefinition, EmittedFile, Emission } from '../definition';
import { recordUnread, runNode } from '../run';
import { asError } from './asError';
import { configNodeId, deploy, type Deployed } from './deployed';
import { DenialError } from './denialError';
import { hostOf, type Host } from './host';
import { nodeRedType } from './nodeType';
import type { FlowMessage, NodeAPI, RedNode, SavedConfig } from './red';
import { originSignalId } from './signalId';
import { statusOfEmissions, statusOfError } from './statusTexts';

/** Makes a definition a Node-RED node: `msg.payload` is the item, each output of the definition an output of the node. */
export function registerAction(red: NodeAPI, definition: ActionDefinition): void {
  const host = hostOf(red);
  host.meanings.add(definition);
  red.nodes.registerType(nodeRedType(definition.type), function (config) {
    red.nodes.createNode(this, config);
    startAction(host, this, definition, config);
  });
}

function startAction(host: Host, node: RedNode, definition: ActionDefinition, config: SavedConfig): void {
  const { status, deployed } = deploy(host, node, definition, config);
  const lease = host.lease();
  // Opening the account now settles what an earlier life left open, before the first message.
  lease.then(({ runtime }) => host.accounts.idFor(configNodeId(config, 'account'), runtime)).catch((error: unknown) => status.show(statusOfError(asError(error))));
  node.on('input', (message, send, done) => {
    const end = host.ends.begin(originSignalId(message));
    work(message).then((emissions) => {
      status.show(statusOfEmissions(definition, emissions));
      send(toMessages(host, definition, message, emissions));
      done();
    }).catch((reason: unknown) => {
      const error = asError(reason);
      status.show(statusOfError(error));
      done(error);
    }).finally(end);
  });
  node.on('close', (_removed, done) => {
    lease.then((held) => held.release()).catch(() => undefined).finally(done);
  });

  async function work(message: FlowMessage): Promise<readonly Emission[]> {
    if (!deployed.ok) throw new DenialError(deployed.denial);
    const channels = host.channels.of(configNodeId(config, 'channel'));
    if (!channels.ok) throw new DenialError(channels.denial);
    const { runtime } = await lease;
    const account = await host.accounts.idFor(configNodeId(config, 'account'), runtime);
    const context = runtime.context(originOf(deployed.value, account, message), { channels: channels.value, ...(host.clicks.started(message) ? { testStep: 'exits' } : {}) });
    const item = itemOf(message);
    if (!item.ok) {
      await recordUnread(definition, deployed.value.params, message.payload, item.denial, context);
      throw new DenialError(item.denial);
    }
    const result = await runNode(definition, deployed.value.params, item.value, withBacktests(context, {
      home: host.home, editor: () => ({ file: deployedFlows(host.red), here: node.z ?? '' }), onProgress: (text) => { status.show({ fill: 'blue', shape: 'ring', text }); },
    }));
    if (result.kind === 'raised') throw new DenialError(result.denial);
    return result.emissions;
  }
}

/** Everything that is deployed, as its file would say it. */
function deployedFlows(red: NodeAPI): readonly SavedConfig[] {
  const nodes: SavedConfig[] = [];
  red.nodes.eachNode((config) => { nodes.push(config); });
  return nodes;
}

function originOf({ nodeKey, strategyId }: Deployed<unknown>, account: string, message: FlowMessage): { account: string; strategyId: string; nodeKey: string; signalId: string } {
  return { account, strategyId, nodeKey, signalId: originSignalId(message) };
}

/** The item of a message; denied for anything that is no item: a node must not guess what a number or a text means. */
function itemOf({ payload }: FlowMessage): Outcome<Envelope> {
  const read = Envelope.safeParse(payload);
  if (read.success) return ok(read.data);
  const issue = read.error.issues[0];
  const name = ['msg.payload', ...(issue?.path ?? [])].join('.');
  return deny('INVALID_FIELD', `${name}: ${issue?.message ?? 'not valid'}.`, { field: name, remedy: 'Pass on the item of a trigger, or set msg.payload to an object such as {"symbol": "SBIN", "action": "BUY"}.' });
}

/** A list of messages per output, each a copy of the one that came in, with the new item as its payload. */
function toMessages({ red }: Host, definition: ActionDefinition, message: FlowMessage, emissions: readonly Emission[]): (FlowMessage[] | null)[] {
  return definition.outputs.map(({ port }) => {
    const own = emissions.filter((emission) => emission.port === port);
    return own.length === 0 ? null : own.map(({ item, files }) => ({ ...red.util.cloneMessage(message), payload: item, ...filesOf(files) }));
  });
}

/** All files, and the first page of them where an HTTP Response or a Write File node can take it. */
function filesOf(files: readonly EmittedFile[] = []): object {
  const page = files.find(({ mimeType }) => mimeType === 'text/html');
  return files.length === 0 ? {} : { files, ...(page === undefined ? {} : { html: page.text }) };
}
