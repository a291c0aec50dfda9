import { openRuntime, type RuntimeOptions } from './open';
import type { Runtime } from './runtime';

/** One holder's share of the process's runtime. */
export interface Lease {
  readonly runtime: Runtime;
  /** Gives the share back; the runtime closes when the last one is gone and nobody takes one for the linger. Safe to call twice. */
  release(): void;
}

/** How long an unused runtime waits for the next holder: a redeploy never drops it. */
const LINGER_MS = 3_000;

const SLOT: unique symbol = Symbol.for('@bellwether/runtime@1');

/** Lives on globalThis: hosts load several copies of this module (an update purges the require cache), the slot must be one. */
const shared: typeof globalThis & { [SLOT]?: Slot | undefined } = globalThis;

interface Slot {
  readonly home: string;
  readonly opened: Promise<Runtime>;
  holders: number;
  linger: NodeJS.Timeout | undefined;
}

/**
 * The one runtime of this process, opened by the first holder. Rejects when it is already open on another state folder,
 * because two journals in one process would each believe they are the only one.
 */
export async function leaseRuntime(options: RuntimeOptions): Promise<Lease> {
  const slot = shared[SLOT] ?? openSlot(options);
  if (slot.home !== options.home) throw new Error(`Bellwether is already open on ${slot.home} in this process; it can not be opened on ${options.home} as well. Use one BELLWETHER_HOME.`);
  slot.holders += 1;
  clearTimeout(slot.linger);
  let held = true;
  const release = (): void => {
    if (held) giveBack(slot);
    held = false;
  };
  try {
    return { runtime: await slot.opened, release };
  } catch (error) {
    release();
    throw error;
  }
}

function openSlot(options: RuntimeOptions): Slot {
  const slot: Slot = { home: options.home, opened: openRuntime(options), holders: 0, linger: undefined };
  shared[SLOT] = slot;
  slot.opened.catch(() => {
    shared[SLOT] = undefined;
  });
  return slot;
}

function giveBack(slot: Slot): void {
  slot.holders -= 1;
  if (slot.holders > 0) return;
  slot.linger = setTimeout(() => {
    shared[SLOT] = undefined;
    void slot.opened.then((runtime) => runtime.close());
  }, LINGER_MS);
}
