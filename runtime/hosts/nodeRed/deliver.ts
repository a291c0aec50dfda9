import { deny } from '../../domain/denial';
import type { HandedSignal } from '../../runtime';
import type { Closing } from './closing';
import { DenialError } from './denialError';
import { FlowInterrupted, type FlowEnd } from './flowEnds';
import type { Host } from './host';
import type { RedNode } from './red';
import type { StatusLine } from './statusLine';
import { statusOfError } from './statusTexts';

/** Signals of one trigger that its flow may work on at one time. The rest waits in the inbox. */
export const CONCURRENCY = 1_000;
/** How long a closing trigger waits for deliveries to take notice; Node-RED itself gives up after 15 s. */
export const CLOSE_PATIENCE_MS = 1_000;
/** Deploys that one entry outlives within one life of its trigger. */
const INTERRUPTIONS_LIMIT = 1_000;

/**
 * Resolves when the flow has ended with this signal. A deploy that leaves the trigger alone stops its flow all the same:
 * then the signal is sent again as soon as flows run. Rejects when the trigger itself is closed; the next one takes the signal over.
 */
export async function deliver(host: Host, node: RedNode, signal: HandedSignal, closing: Closing): Promise<void> {
  for (let interruptions = 0; interruptions < INTERRUPTIONS_LIMIT; interruptions += 1) {
    if (!(await host.flows.untilRunning(closing))) break;
    const end = await send(host, node, signal, closing);
    if (end === 'timeout') node.warn(`The flow was still busy with signal ${signal.signalId} after a minute; it counts as done.`);
    if (end !== 'interrupted') return;
  }
  throw new FlowInterrupted(signal.signalId);
}

async function send(host: Host, node: RedNode, { signalId, source, item }: HandedSignal, closing: Closing): Promise<FlowEnd | 'interrupted'> {
  const ended = host.ends.follow(signalId);
  const interrupt = (): void => host.ends.interrupt(signalId);
  closing.add(interrupt);
  try {
    node.send({ _msgid: host.red.util.generateId(), topic: source, payload: copyOf(item) });
    return await ended;
  } catch (error) {
    if (error instanceof FlowInterrupted) return 'interrupted';
    throw error;
  } finally {
    closing.remove(interrupt);
  }
}

/** What a flow changes in its message must not reach the inbox's own item, which may be sent again. An item is made of JSON's values, which a plain walk copies at a fraction of what a structured clone costs. */
export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member)]));
}

/** A trigger that can not work says so at its node and in the log. */
export function complain(node: RedNode, status: StatusLine, message: string): void {
  const error = new DenialError(deny('NOT_READY', message).denial);
  status.show(statusOfError(error));
  node.error(error.message);
}
