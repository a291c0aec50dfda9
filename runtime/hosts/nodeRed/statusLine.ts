import type { Timers } from './timers';
import type { NodeStatus, RedNode } from './red';

/** Editors die of status floods: two changes a second are plenty for eyes. */
export const STATUS_INTERVAL_MS = 500;

/** Shows a node's state at most twice a second; the last one always gets there. */
export class StatusLine {
  readonly #node: Pick<RedNode, 'status'>;
  readonly #timers: Timers;
  #shownAt = -Infinity;
  #pending: NodeStatus | undefined;
  #cancel: (() => void) | undefined;

  constructor(node: Pick<RedNode, 'status'>, timers: Timers) {
    this.#node = node;
    this.#timers = timers;
  }

  show(status: NodeStatus): void {
    const wait = this.#shownAt + STATUS_INTERVAL_MS - this.#timers.now();
    if (wait <= 0 && this.#cancel === undefined) { this.#put(status); return; }
    this.#pending = status;
    this.#cancel ??= this.#timers.after(Math.max(wait, 0), () => {
      this.#cancel = undefined;
      if (this.#pending !== undefined) this.#put(this.#pending);
    });
  }

  /** Ends with the node; nothing is shown afterwards. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#pending = undefined;
  }

  #put(status: NodeStatus): void {
    this.#pending = undefined;
    this.#shownAt = this.#timers.now();
    this.#node.status(status);
  }
}
