import type { Closing } from './closing';

/** Whether the flows of this process run, for those who must not send into a stopped one. */
export class FlowState {
  #running = false;
  readonly #waiting = new Set<() => void>();

  started(): void {
    this.#running = true;
    for (const proceed of [...this.#waiting]) proceed();
  }

  stopping(): void {
    this.#running = false;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Resolves to true while flows run, to false when `closing` comes first. */
  untilRunning(closing: Closing): Promise<boolean> {
    if (closing.isClosed) return Promise.resolve(false);
    if (this.#running) return Promise.resolve(true);
    return new Promise((resolve) => {
      const leave = (running: boolean): void => {
        this.#waiting.delete(proceed);
        closing.remove(abort);
        resolve(running);
      };
      const proceed = (): void => leave(true);
      const abort = (): void => leave(false);
      this.#waiting.add(proceed);
      closing.add(abort);
    });
  }
}
