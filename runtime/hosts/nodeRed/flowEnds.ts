import type { Timers } from './timers';

/** Why following a signal stopped. `timeout` means the flow was still busy when patience ended. */
export type FlowEnd = 'quiet' | 'timeout';

/** The flow was stopped while it worked on a signal: nobody knows how far it came, so it has to be delivered again. */
export class FlowInterrupted extends Error {
  override readonly name = 'FlowInterrupted';
  constructor(readonly signalId: string) {
    super(`The flow was stopped while it worked on signal ${signalId}.`);
  }
}

export interface FlowEndOptions {
  /** How long nothing may happen before a flow counts as ended whose nodes all say when they have finished. */
  readonly settleMs: number;
  /** The same for a flow with a node that does not say: it may still be at work. */
  readonly quietMs: number;
  /** The longest a signal is followed, whatever happens. */
  readonly longestMs: number;
}

/** Settling is short, because a message goes from one node to the next within a turn of the event loop, and every signal that is followed weighs on the host's memory. */
export const FLOW_END_DEFAULTS: FlowEndOptions = { settleMs: 10, quietMs: 1_000, longestMs: 60_000 };

interface Followed {
  readonly signalId: string;
  readonly startedAt: number;
  lastActivityAt: number;
  /** Counts what happened. */
  activity: number;
  /** How often something had happened when it was quiet for long enough. */
  quietAt: number | undefined;
  busy: number;
  /** How long it has to be quiet. */
  patienceMs: number;
  cancelTimer: () => void;
  readonly resolve: (end: FlowEnd) => void;
  readonly reject: (reason: FlowInterrupted) => void;
}

/**
 * Finds out when a Node-RED flow has ended. Node-RED itself has no such moment: a message just stops being passed on.
 * A signal's flow has ended when no node works on it and nothing has happened for `settleMs` (`quietMs` where a node on its way does not
 * report completion); after `longestMs` it counts as ended in any case.
 *
 * What a crash means, line by line (the inbox entry is RECEIVED before the 2xx, DELIVERED when it is handed to `follow`):
 * - before or after `send`, before any order: the entry is DELIVERED, the next start delivers it again, the order is placed then;
 * - while a node works: the intent may be durable; the second delivery meets the same key and sends nothing twice;
 * - within the quiet time: the work is done, the second delivery finds every order and alert by its key;
 * - after `resolve`, before DONE is durable: as above.
 * So a flow is run at least once, and its orders and alerts happen once.
 */
export class FlowEnds {
  readonly #followed = new Map<string, Followed>();
  readonly #timers: Timers;
  readonly #options: FlowEndOptions;

  constructor(timers: Timers, options: FlowEndOptions = FLOW_END_DEFAULTS) {
    this.#timers = timers;
    this.#options = options;
  }

  /** Resolves when the flow has ended; rejects with FlowInterrupted when it was stopped. A second call for one signal interrupts the first. */
  follow(signalId: string): Promise<FlowEnd> {
    this.interrupt(signalId);
    return new Promise((resolve, reject) => {
      const now = this.#timers.now();
      const followed: Followed = { signalId, startedAt: now, lastActivityAt: now, activity: 0, quietAt: undefined, busy: 0, patienceMs: this.#options.settleMs, resolve, reject, cancelTimer: () => undefined };
      this.#followed.set(signalId, followed);
      this.#lookAgain(followed, followed.patienceMs);
    });
  }

  /** A node starts to work on the signal; call the returned function when it has finished (further calls do nothing). */
  begin(signalId: string): () => void {
    const followed = this.#followed.get(signalId);
    if (followed === undefined) return () => undefined;
    followed.busy += 1;
    this.#touch(followed);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      followed.busy -= 1;
      this.#touch(followed);
    };
  }

  follows(signalId: string): boolean {
    return this.#followed.has(signalId);
  }

  /** The signal went to a node that will not say when it has finished. */
  passOn(signalId: string): void {
    const followed = this.#followed.get(signalId);
    if (followed === undefined) return;
    followed.patienceMs = this.#options.quietMs;
    this.#touch(followed);
  }

  /** The flow of one signal was stopped. */
  interrupt(signalId: string): void {
    const followed = this.#followed.get(signalId);
    if (followed === undefined) return;
    this.#forget(followed);
    followed.reject(new FlowInterrupted(signalId));
  }

  /** Every flow was stopped. */
  interruptAll(): void {
    for (const signalId of [...this.#followed.keys()]) this.interrupt(signalId);
  }

  get size(): number {
    return this.#followed.size;
  }

  #touch(followed: Followed): void {
    followed.lastActivityAt = this.#timers.now();
    followed.activity += 1;
  }

  #lookAgain(followed: Followed, inMs: number): void {
    followed.cancelTimer = this.#timers.after(inMs, () => this.#look(followed));
  }

  #look(followed: Followed): void {
    const patienceLeft = followed.startedAt + this.#options.longestMs - this.#timers.now();
    const quietLeft = this.#quietLeftMs(followed);
    if (quietLeft <= 0) this.#settle(followed);
    else if (patienceLeft <= 0) this.#finish(followed, 'timeout');
    else this.#lookAgain(followed, Math.min(patienceLeft, quietLeft));
  }

  /** The event loop may have stood still all the time that nothing happened: a message that waits for its turn has it first. */
  #settle(followed: Followed): void {
    if (followed.quietAt === followed.activity) {
      this.#finish(followed, 'quiet');
      return;
    }
    followed.quietAt = followed.activity;
    followed.cancelTimer = this.#timers.turn(() => this.#look(followed));
  }

  /** Time until the flow counts as ended if nothing happens; never 0 while a node works. */
  #quietLeftMs({ busy, lastActivityAt, patienceMs }: Followed): number {
    return busy > 0 ? patienceMs : lastActivityAt + patienceMs - this.#timers.now();
  }

  #finish(followed: Followed, end: FlowEnd): void {
    this.#forget(followed);
    followed.resolve(end);
  }

  #forget(followed: Followed): void {
    followed.cancelTimer();
    this.#followed.delete(followed.signalId);
  }
}
