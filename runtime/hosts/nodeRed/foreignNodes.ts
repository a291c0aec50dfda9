import type { FlowEnds } from './flowEnds';
import type { FlowMessage, NodeAPI } from './red';
import { signalIdOf } from './signalId';

/** Messages of foreign nodes that are followed at one time; beyond it their flows end by quiet alone. */
const FOLLOWED_LIMIT = 10_000;

/**
 * Nodes between ours (a Function, an HTTP request) belong to the flow of a signal as well: while one of them works, the flow has not ended.
 * Nodes that report completion are waited for; where another one is on the way, the flow has to be quiet for longer.
 */
export function followForeignNodes(red: Pick<NodeAPI, 'hooks'>, ends: FlowEnds): void {
  const working = new Map<string, (() => void)[]>();
  const keyOf = (nodeId: string, message: FlowMessage): string => `${nodeId} ${message._msgid ?? ''}`;
  red.hooks.add('postDeliver.bellwether', ({ msg, destination: { node } }) => {
    const signalId = ends.size === 0 ? undefined : signalIdOf(msg);
    if (signalId === undefined || !ends.follows(signalId)) return;
    if (node === undefined || (node._expectedDoneCount ?? 0) === 0 || working.size >= FOLLOWED_LIMIT) { ends.passOn(signalId); return; }
    const key = keyOf(node.id, msg);
    working.set(key, [...(working.get(key) ?? []), ends.begin(signalId)]);
  });
  red.hooks.add('onComplete.bellwether', ({ msg, node: { node } }) => {
    if (node === undefined) return;
    const key = keyOf(node.id, msg);
    const [end, ...rest] = working.get(key) ?? [];
    end?.();
    if (rest.length === 0) working.delete(key);
    else working.set(key, rest);
  });
}
