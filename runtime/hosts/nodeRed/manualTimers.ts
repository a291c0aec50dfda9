import type { Timers } from './timers';

/** Timers that move only when a test says so. */
export class ManualTimers implements Timers {
  #now = 0;
  #waiting: { at: number; callback: () => void }[] = [];
  #turns: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#waiting.push(timer);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer);
    };
  }

  turn(callback: () => void): () => void {
    this.#turns.push(callback);
    return () => {
      this.#turns = this.#turns.filter((other) => other !== callback);
    };
  }

  /** The event loop stands still for `ms`: called by something that fires. */
  stall(ms: number): void {
    this.#now += ms;
  }

  /** Moves on by `ms`, firing what falls due on the way, in order; whoever waits for a turn has it when nothing is due. */
  advance(ms: number): void {
    const end = this.#now + ms;
    while (this.#fireDue(this.#now) || this.#takeTurns() || this.#fireDue(end));
    this.#now = Math.max(this.#now, end);
  }

  #fireDue(until: number): boolean {
    const next = this.#waiting.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
    if (next === undefined) return false;
    this.#waiting = this.#waiting.filter((other) => other !== next);
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    return true;
  }

  #takeTurns(): boolean {
    const turns = this.#turns.splice(0);
    for (const callback of turns) callback();
    return turns.length > 0;
  }

  get waiting(): number {
    return this.#waiting.length;
  }
}
