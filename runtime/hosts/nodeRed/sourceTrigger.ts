import type { SourceTriggerDefinition } from '../definition';
import { explained, type Outcome } from '../../domain/denial';
import { asError } from './asError';
import { Closing } from './closing';
import { CLOSE_PATIENCE_MS, complain, CONCURRENCY, deliver } from './deliver';
import { deploy, type Deployed } from './deployed';
import { hostOf, type Host } from './host';
import { nodeRedType } from './nodeType';
import type { NodeAPI, RedNode, SavedConfig } from './red';
import type { StatusLine } from './statusLine';

/** Makes a trigger that acts by itself a Node-RED node: it runs in the runtime for as long as it is deployed, and its signals leave as messages. */
export function registerSourceTrigger(red: NodeAPI, definition: SourceTriggerDefinition): void {
  const host = hostOf(red);
  host.meanings.add(definition);
  red.nodes.registerType(nodeRedType(definition.type), function (config) {
    red.nodes.createNode(this, config);
    startSourceTrigger(host, this, definition, config);
  });
}

function startSourceTrigger(host: Host, node: RedNode, definition: SourceTriggerDefinition, config: SavedConfig): void {
  const { status, deployed } = deploy(host, node, definition, config);
  if (!deployed.ok) return;
  const stop = start(host, node, status, definition, deployed.value);
  node.on('close', (_removed, done) => {
    void stop().finally(done);
  });
}

type Stop = (graceMs?: number) => Promise<void>;

/** The lease is held until the node is closed: what watches keeps the runtime open. */
function start(host: Host, node: RedNode, status: StatusLine, definition: SourceTriggerDefinition, { params, nodeKey, strategyId }: Deployed<Readonly<Record<string, unknown>>>): Stop {
  const closing = new Closing();
  const lease = host.lease();
  const onStatus = (text: string): void => status.show({ fill: 'green', shape: 'ring', text });
  const started: Promise<Outcome<Stop>> = lease.then(({ runtime }) =>
    runtime.triggers.start({ definition, params, nodeKey, strategyId }, (signal) => deliver(host, node, signal, closing), { concurrency: CONCURRENCY, onStatus }));
  started.then((outcome) => {
    if (!outcome.ok) complain(node, status, explained(outcome.denial));
  }, (error: unknown) => complain(node, status, asError(error).message));
  return async () => {
    closing.close();
    const outcome = await started.catch(() => undefined);
    if (outcome?.ok === true) await outcome.value(CLOSE_PATIENCE_MS);
    const held = await lease.catch(() => undefined);
    held?.release();
  };
}
