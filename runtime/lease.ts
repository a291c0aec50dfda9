import { EXTERNAL_STRATEGY } from './domain/ledger/difference';
import { openRuntime, type RuntimeOptions } from './open';
import type { Runtime } from './runtime';

/** One holder's share of the process's runtime. */
export interface Lease {
  readonly runtime: Runtime;
  /** Gives the share back; the runtime closes when the last one is gone, nobody takes one for the linger, and no order is open. Safe to call twice. */
  release(): void;
}

/** How long an unused runtime waits for the next holder: a redeploy never drops it. */
const LINGER_MS = 3_000;
/** How often a runtime without holders is asked whether orders of its are still open. */
const PINNED_LOOK_MS = 30_000;
/** How long the next runtime waits for the last one to close: two that are open at once would both resume the same orders. */
const CLOSING_PATIENCE_MS = 10_000;

const SLOT: unique symbol = Symbol.for('@bellwether/runtime@1');
const CLOSING: unique symbol = Symbol.for('@bellwether/runtime-closing@1');

/** Lives on globalThis: hosts load several copies of this module (an update purges the require cache), the slot must be one. */
const shared: typeof globalThis & { [SLOT]?: Slot | undefined; [CLOSING]?: Promise<void> | undefined } = globalThis;

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
  return { runtime: await slot.opened, release };
}

function openSlot(options: RuntimeOptions): Slot {
  const slot: Slot = { home: options.home, opened: openAfterLast(options), holders: 0, linger: undefined };
  shared[SLOT] = slot;
  // An opening that failed is nobody's: the next holder tries again.
  slot.opened.catch(() => vacate(slot));
  return slot;
}

async function openAfterLast(options: RuntimeOptions): Promise<Runtime> {
  if (shared[CLOSING] !== undefined) await Promise.race([shared[CLOSING], new Promise((resolve) => setTimeout(resolve, CLOSING_PATIENCE_MS).unref())]);
  return openRuntime(options);
}

function giveBack(slot: Slot): void {
  slot.holders -= 1;
  if (slot.holders === 0) slot.linger = setTimeout(() => { void closeUnlessPinned(slot); }, LINGER_MS);
}

/** An order that rests or is in doubt, a protection that the runtime holds, or a position of a flow pins the runtime, whoever watches it now: square-off, daily loss, kill switch and reconciliation go on whether a flow runs or not. That alone keeps no process alive. */
async function closeUnlessPinned(slot: Slot): Promise<void> {
  const runtime = await slot.opened;
  const isPinned = (await hasOpenOrders(runtime)) || (await hasProtections(runtime)) || (await hasPositions(runtime));
  // Somebody may have come meanwhile.
  if (slot.holders > 0) return;
  if (isPinned) {
    slot.linger = setTimeout(() => { void closeUnlessPinned(slot); }, PINNED_LOOK_MS).unref();
    return;
  }
  vacate(slot);
  const closing = close(runtime).finally(() => {
    if (shared[CLOSING] === closing) shared[CLOSING] = undefined;
  });
  shared[CLOSING] = closing;
}

/** A journal that can not be read pins nothing. */
function hasOpenOrders(runtime: Runtime): Promise<boolean> {
  return runtime.store.openOrders().then((orders) => orders.length > 0, () => false);
}

/** Of any account of the home: another process that watches may end before this one. What the broker holds needs nobody. */
function hasProtections({ store }: Runtime): Promise<boolean> {
  return store.protections.live().then((live) => live.some(({ held }) => !held), () => false);
}

/** What a person traded by hand is that person's. */
function hasPositions({ store }: Runtime): Promise<boolean> {
  return store.positions({ openOnly: true }).then((positions) => positions.some(({ strategyId }) => strategyId !== EXTERNAL_STRATEGY), () => false);
}

/** Whoever came later keeps his place. */
function vacate(slot: Slot): void {
  if (shared[SLOT] === slot) shared[SLOT] = undefined;
}

/** Nobody waits for it: a failure is reported, and must not end the host's process. */
async function close(runtime: Runtime): Promise<void> {
  try {
    await runtime.close();
  } catch (error) {
    process.emitWarning(`Bellwether could not be closed in order: ${error instanceof Error ? error.message : String(error)}`);
  }
}
