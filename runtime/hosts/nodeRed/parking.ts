import type { Timers } from './timers';

export interface ParkingOptions {
  /** How long a call waits for its node to come back. */
  readonly patienceMs: number;
  /** Calls that may wait at one time. */
  readonly places: number;
}

export const PARKING_DEFAULTS: ParkingOptions = { patienceMs: 2_500, places: 500 };

/** found: a node answers for the token; unknown: no flow has it; busy: its flow is being re-created and has not come back in time, or too many calls wait. */
export type Found<T> = { readonly kind: 'found'; readonly target: T } | { readonly kind: 'unknown' } | { readonly kind: 'busy' };

/**
 * Tokens of webhook URLs and the nodes behind them. A redeploy takes every node away for a moment;
 * calls that arrive meanwhile wait for their node instead of being turned away.
 */
export class Parking<T> {
  readonly #targets = new Map<string, T>();
  readonly #waiting = new Map<string, Set<(found: Found<T>) => void>>();
  readonly #timers: Timers;
  readonly #options: ParkingOptions;
  #parked = 0;
  #running = false;

  constructor(timers: Timers, options: ParkingOptions = PARKING_DEFAULTS) {
    this.#timers = timers;
    this.#options = options;
  }

  /** False when another node has the token. */
  bind(token: string, target: T): boolean {
    if (this.#targets.has(token)) return false;
    this.#targets.set(token, target);
    this.#settle(token, { kind: 'found', target });
    return true;
  }

  unbind(token: string, target: T): void {
    if (this.#targets.get(token) === target) this.#targets.delete(token);
  }

  /** Flows are stopping: tokens without a node may come back. */
  flowsStopping(): void {
    this.#running = false;
  }

  /** Flows run: whoever still waits asks for a token that no flow has. */
  flowsStarted(): void {
    this.#running = true;
    for (const token of [...this.#waiting.keys()]) this.#settle(token, { kind: 'unknown' });
  }

  find(token: string): Promise<Found<T>> {
    const target = this.#targets.get(token);
    if (target !== undefined) return Promise.resolve({ kind: 'found', target });
    if (this.#running) return Promise.resolve({ kind: 'unknown' });
    if (this.#parked >= this.#options.places) return Promise.resolve({ kind: 'busy' });
    return this.#park(token);
  }

  get parked(): number {
    return this.#parked;
  }

  #park(token: string): Promise<Found<T>> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(token) ?? new Set();
      this.#waiting.set(token, waiting);
      this.#parked += 1;
      const leave = (found: Found<T>): void => {
        cancel();
        this.#parked -= 1;
        waiting.delete(leave);
        if (waiting.size === 0) this.#waiting.delete(token);
        resolve(found);
      };
      const cancel = this.#timers.after(this.#options.patienceMs, () => leave({ kind: 'busy' }));
      waiting.add(leave);
    });
  }

  #settle(token: string, found: Found<T>): void {
    for (const leave of [...(this.#waiting.get(token) ?? [])]) leave(found);
  }
}
