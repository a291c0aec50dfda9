import type { Clock, InboxEntry, Log, Owners, Pause, Store } from '../../domain/ports';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../domain/time';

export interface DeliveryPorts {
  readonly store: Pick<Store, 'claimSignals' | 'claimedSignals' | 'finishSignal'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly pause: Pause;
  /** This runtime's name on the entries it works on, and whether those of others are still at work. */
  readonly owners: Pick<Owners, 'own' | 'isAlive'>;
}

/** Attempts within one attachment, then the entry is FAILED. An attempt that was cut short by a detach does not count. */
export const MAX_ATTEMPTS = 5;
/** Lives that may break off in the middle of an entry: one that kills the process each time must end too. A stop in order does not count. */
const MAX_CLAIMS = 50;
/** After this even a runtime that is alive has lost an entry to whoever asks: it hangs. Runtimes that vanished lose theirs at once. */
const LEASE_MS = 60 * MINUTE_MS;
const BACKOFF_MS = [SECOND_MS, 2 * SECOND_MS, 5 * SECOND_MS, 10 * SECOND_MS] as const;
const FINISH_TRIES = 3;
const CLAIM_TRIES = 5;
/** For deliverers that take notice at once; longer flows are delivered again in the next life. */
const CLOSE_GRACE_MS = 2 * SECOND_MS;
const DEFAULT_CONCURRENCY = 10;

type Deliver = (entry: InboxEntry) => Promise<void>;

interface Attachment {
  readonly nodeKey: string;
  readonly concurrency: number;
  readonly deliver: Deliver;
  /** Resolves when it is detached. */
  readonly stopped: Promise<void>;
  readonly stop: () => void;
  isStopped: boolean;
  running: number;
  /** What runs on behalf of a claim: none of it may be lost when the attachment ends. */
  readonly work: Set<Promise<void>>;
  claiming: Promise<void> | undefined;
  /** Somebody asked for another look while a claim was under way. */
  again: boolean;
  /** The last claim filled every place it had, or there was none yet: older entries may wait, and whatever is new stands behind them. */
  backlog: boolean;
}

/** Places of an attachment that are kept for entries on their way into the journal. */
export interface Reservation {
  /** What the journal shall write on them. */
  readonly deliverTo: { readonly owner: string; readonly leaseUntil: EpochMs };
  /** Hands the journalled entries over, at most as many as were reserved, and gives the other places back. Called once, with none when nothing was journalled. */
  start(entries: readonly InboxEntry[]): void;
}

export interface Deliveries {
  /** Keeps places for new entries so that they need no claim of their own; undefined where nobody is attached, older entries may wait, or the places do not suffice. */
  reserve(nodeKey: string, count: number): Reservation | undefined;
  attach(nodeKey: string, deliver: Deliver, options?: { readonly concurrency?: number }): (graceMs?: number) => Promise<void>;
  /** New entries of a node were journalled in this process. */
  wake(nodeKey: string): void;
  /** Looks for entries that other processes journalled or left behind; for a ticker of a few seconds. */
  poke(): void;
  /** Detaches everything; resolves when the journal is left alone, running flows excepted. */
  close(): Promise<void>;
}

/**
 * Hands journalled entries to whoever is attached for their node, oldest first, and marks how they ended.
 * An entry is with one deliverer at a time, even across a detach and a new attach, and across the processes that share the journal. Entries that
 * a runtime was working on which is no longer alive are taken over: their flow runs again, and the intent key keeps its orders single.
 */
export function createDeliveries(ports: DeliveryPorts): Deliveries {
  const { store, clock, log, pause, owners } = ports;
  const attachments = new Map<string, Set<Attachment>>();
  const running = new Map<string, object>();
  const takenOver = new Map<string, Promise<void>>();
  /** Entries that run no more, whose end could not be journalled. */
  const lost = new Set<string>();

  function claimSoon(attachment: Attachment): void {
    attachment.again = true;
    attachment.claiming ??= claimWhileAsked(attachment).finally(() => {
      attachment.claiming = undefined;
      // Asked for between the last look and here.
      if (attachment.again && !attachment.isStopped) claimSoon(attachment);
    });
  }

  /** A journal that stays broken is left alone after a few tries, until somebody asks again. */
  async function claimWhileAsked(attachment: Attachment): Promise<void> {
    for (let failures = 0; attachment.again && !attachment.isStopped;) {
      attachment.again = false;
      try {
        await takeOver(attachment.nodeKey);
        await claim(attachment);
      } catch (error) {
        failures += 1;
        attachment.again = failures < CLAIM_TRIES;
        log.error({ err: error, nodeKey: attachment.nodeKey, failures }, 'The inbox could not be read.');
        await Promise.race([pause(SECOND_MS), attachment.stopped]);
      }
    }
  }

  async function claim(attachment: Attachment): Promise<void> {
    const free = attachment.concurrency - attachment.running;
    if (free <= 0) {
      attachment.backlog = true;
      return;
    }
    // A look that is expected to find nothing leaves places to the entries that are made meanwhile.
    const limit = attachment.backlog ? free : Math.ceil(free / 2);
    const { nodeKey } = attachment;
    const now = clock.now();
    attachment.running += limit;
    let claimed: readonly InboxEntry[];
    try {
      claimed = await store.claimSignals({ nodeKey, owner: owners.own, limit, maxAttempts: MAX_CLAIMS, now, leaseUntil: now + LEASE_MS });
    } finally {
      attachment.running -= limit;
    }
    attachment.backlog = claimed.length >= limit;
    // One that still runs here had its lease run out: the claim has renewed it.
    for (const entry of claimed) if (!running.has(keyOf(entry))) start(attachment, entry);
  }

  function reserve(nodeKey: string, count: number): Reservation | undefined {
    const attachment = [...(attachments.get(nodeKey) ?? [])].find((each) => !each.isStopped && !each.backlog && each.running + count <= each.concurrency);
    if (attachment === undefined) return undefined;
    attachment.running += count;
    let settle = (): void => undefined;
    // A detach waits for it: what is journalled as delivered needs somebody who delivers it or gives it back.
    const underWay = new Promise<void>((resolve) => { settle = resolve; });
    attachment.work.add(underWay);
    return {
      deliverTo: { owner: owners.own, leaseUntil: clock.now() + LEASE_MS },
      start(entries) {
        attachment.running -= count;
        for (const entry of entries) start(attachment, entry);
        attachment.work.delete(underWay);
        settle();
        if (attachment.backlog && !attachment.isStopped) claimSoon(attachment);
      },
    };
  }

  function start(attachment: Attachment, entry: InboxEntry): void {
    attachment.running += 1;
    const run = {};
    running.set(keyOf(entry), run);
    const leave = (): void => {
      if (running.get(keyOf(entry)) === run) running.delete(keyOf(entry));
    };
    const work = runToEnd(attachment, entry, leave)
      .catch((error: unknown) => {
        lost.add(keyOf(entry));
        log.error({ err: error, signalId: entry.signalId }, 'The end of a signal could not be journalled; it will be delivered again.');
      })
      .finally(() => {
        attachment.running -= 1;
        attachment.work.delete(work);
        leave();
        if (attachment.isStopped) wake(attachment.nodeKey);
        else if (attachment.backlog) claimSoon(attachment);
      });
    attachment.work.add(work);
  }

  async function runToEnd(attachment: Attachment, entry: InboxEntry, leave: () => void): Promise<void> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS && !hasStopped(attachment); attempt += 1) {
      const failure = await attempted(attachment.deliver, entry);
      if (failure === undefined) return finish(entry, 'DONE');
      if (hasStopped(attachment)) break;
      log.warn({ signalId: entry.signalId, nodeKey: entry.nodeKey, attempt, reason: failure }, 'A flow did not take a signal.');
      if (attempt === MAX_ATTEMPTS) return giveUp(entry, failure);
      await Promise.race([pause(BACKOFF_MS[attempt - 1] ?? SECOND_MS), attachment.stopped]);
    }
    // Before it is given back: the next claim may take it in the very transaction that does so, and shall find it free.
    leave();
    await finish(entry, 'RECEIVED', { reason: 'The flow was stopped.', uncounted: true });
  }

  async function giveUp(entry: InboxEntry, reason: string): Promise<void> {
    const { signalId, nodeKey } = entry;
    log.error({ signalId, nodeKey, reason }, `An acknowledged alert was given up after ${MAX_ATTEMPTS} attempts: it is FAILED and will not be delivered.`);
    await finish(entry, 'FAILED', { reason });
  }

  async function finish({ nodeKey, signalId }: InboxEntry, status: 'DONE' | 'FAILED' | 'RECEIVED', more: { readonly reason?: string; readonly uncounted?: boolean } = {}): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      try {
        await store.finishSignal({ nodeKey, signalId, status, happenedAt: clock.now(), ...more });
        return;
      } catch (error) {
        if (tried >= FINISH_TRIES) throw error;
        await pause(SECOND_MS);
      }
    }
  }

  /** Once per node until the next poke; again where it failed. */
  function takeOver(nodeKey: string): Promise<void> {
    const known = takenOver.get(nodeKey);
    if (known !== undefined) return known;
    const taking = releaseAbandoned(nodeKey);
    takenOver.set(nodeKey, taking);
    taking.catch(() => takenOver.delete(nodeKey));
    return taking;
  }

  /** Whatever is DELIVERED to a runtime that is no longer there was left behind. */
  async function releaseAbandoned(nodeKey: string): Promise<void> {
    const alive = new Map<string, boolean>();
    const isAlive = (owner: string): boolean => {
      const known = alive.get(owner) ?? owners.isAlive(owner);
      alive.set(owner, known);
      return known;
    };
    const abandoned = (await store.claimedSignals(nodeKey)).filter(({ signalId, owner }) => !isAlive(owner) || lost.has(keyOf({ nodeKey, signalId })));
    await Promise.all(abandoned.map(async ({ signalId }) => {
      await store.finishSignal({ nodeKey, signalId, status: 'RECEIVED', reason: 'Left behind by an earlier life.', happenedAt: clock.now() });
      lost.delete(keyOf({ nodeKey, signalId }));
    }));
  }

  async function end(attachment: Attachment, graceMs: number): Promise<void> {
    attachment.isStopped = true;
    attachment.stop();
    await attachment.claiming;
    if (attachment.work.size > 0) await Promise.race([Promise.allSettled(attachment.work), pause(graceMs)]);
  }

  function wake(nodeKey: string): void {
    for (const attachment of attachments.get(nodeKey) ?? []) claimSoon(attachment);
  }

  function poke(): void {
    takenOver.clear();
    for (const nodeKey of attachments.keys()) wake(nodeKey);
  }

  function attach(nodeKey: string, deliver: Deliver, { concurrency = DEFAULT_CONCURRENCY }: { readonly concurrency?: number } = {}): (graceMs?: number) => Promise<void> {
    let stop = (): void => undefined;
    const stopped = new Promise<void>((resolve) => { stop = resolve; });
    const attachment: Attachment = { nodeKey, concurrency, deliver, stopped, stop, isStopped: false, running: 0, work: new Set(), claiming: undefined, again: false, backlog: true };
    const others = attachments.get(nodeKey) ?? new Set();
    attachments.set(nodeKey, others.add(attachment));
    claimSoon(attachment);
    return async (graceMs = 0) => {
      others.delete(attachment);
      if (others.size === 0 && attachments.get(nodeKey) === others) attachments.delete(nodeKey);
      await end(attachment, graceMs);
    };
  }

  return {
    reserve, attach, wake, poke,
    async close() {
      const all = [...attachments.values()].flatMap((set) => [...set]);
      attachments.clear();
      await Promise.all(all.map((attachment) => end(attachment, CLOSE_GRACE_MS)));
    },
  };
}

/** Why the flow did not take it; undefined when it ended. A deliverer that throws at once is no different from one that rejects. */
async function attempted(deliver: Deliver, entry: InboxEntry): Promise<string | undefined> {
  try {
    await deliver(entry);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Asked again after every wait: a detach can come at any time. */
function hasStopped({ isStopped }: Attachment): boolean {
  return isStopped;
}

function keyOf({ nodeKey, signalId }: Pick<InboxEntry, 'nodeKey' | 'signalId'>): string {
  // The length keeps the two apart.
  return `${nodeKey.length} ${nodeKey} ${signalId}`;
}
