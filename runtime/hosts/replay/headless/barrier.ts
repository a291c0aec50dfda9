import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FlowMessage, RedNode } from '../../nodeRed/red';

/** The hooks that tell what Node-RED does with messages. */
export interface BarrierHooks {
  add(name: 'preDeliver.bellwether' | 'onReceive.bellwether', listener: (event: { readonly destination: { readonly node?: RedNode } }) => void): void;
  add(name: 'onComplete.bellwether', listener: (event: { readonly msg: FlowMessage; readonly node: { readonly node?: RedNode } }) => void): void;
}

/** Core nodes that work at once, or hold messages back for later ones; some of them never say that they have finished. */
const AT_ONCE = new Set([
  'switch', 'change', 'range', 'template', 'rbe', 'delay', 'trigger', 'split', 'join', 'sort', 'batch', 'json', 'csv', 'html', 'yaml',
  'inject', 'debug', 'complete', 'catch', 'status', 'comment', 'junction', 'link in', 'link out', 'unknown',
]);

/** Event-loop turns in which nothing may have happened. */
const IDLE_TURNS = 2;
/** Real time that nodes may work on one message; who takes longer waits for something that a past does not have. */
export const PATIENCE_MS = 10_000;

/** A node was still at work when patience ended. */
export class StillBusy extends Error {
  override readonly name = 'StillBusy';
}

/** Knows when a Node-RED has come to rest: no message is on its way and no node works on one. */
export interface Barrier {
  /** A node of ours begins to work; call the returned function when it has finished. */
  begin(): () => void;
  /** Resolves at rest. Rejects with StillBusy after PATIENCE_MS. */
  rest(): Promise<void>;
}

export function createBarrier(hooks: BarrierHooks): Barrier {
  let activity = 0;
  let ours = 0;
  const working = new Map<string, number>();
  const change = (node: RedNode | undefined, by: number): void => {
    activity += 1;
    if (node === undefined || (node._expectedDoneCount ?? 0) === 0 || isAtOnce(node)) return;
    const count = (working.get(node.id) ?? 0) + by;
    if (count > 0) working.set(node.id, count);
    else working.delete(node.id);
  };
  // Node-RED waits for an answer of a listener that does not take exactly one argument.
  hooks.add('preDeliver.bellwether', ({ destination: { node } }) => { change(node, 0); });
  hooks.add('onReceive.bellwether', ({ destination: { node } }) => { change(node, 1); });
  hooks.add('onComplete.bellwether', ({ node: { node } }) => { change(node, -1); });
  return {
    begin() {
      ours += 1;
      activity += 1;
      return () => {
        ours -= 1;
        activity += 1;
      };
    },
    async rest() {
      const deadline = performance.now() + PATIENCE_MS;
      let seen = -1;
      for (let idle = 0; idle < IDLE_TURNS;) {
        await nextTurn();
        idle = ours === 0 && working.size === 0 && activity === seen ? idle + 1 : 0;
        seen = activity;
        if (performance.now() <= deadline) continue;
        working.clear();
        throw new StillBusy(`The flow was still busy after ${PATIENCE_MS / 1_000} s.`);
      }
    },
  };
}

/** Our own nodes are counted by `begin`. */
function isAtOnce({ type = '' }: RedNode): boolean {
  return AT_ONCE.has(type) || type.startsWith('bellwether-');
}
