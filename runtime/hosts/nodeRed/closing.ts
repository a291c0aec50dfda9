/**
 * The end of a trigger's life, for the many deliveries that listen to it at one time. An AbortSignal looks through all of its listeners
 * whenever one is added or taken away, which hundreds of signals under way make expensive.
 */
export class Closing {
  readonly #listeners = new Set<() => void>();
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Calls every listener, once. */
  close(): void {
    this.#isClosed = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  /** Each listener is a function of its own. */
  add(listener: () => void): void {
    this.#listeners.add(listener);
  }

  remove(listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
