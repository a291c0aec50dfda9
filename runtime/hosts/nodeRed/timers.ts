/** The host's clock and one-shot timers; tests drive them by hand. */
export interface Timers {
  /** Milliseconds that only grow; the origin means nothing. */
  now(): number;
  /** Calls `callback` once after `ms`; the returned function takes it back. Waiting never keeps the process alive. */
  after(ms: number, callback: () => void): () => void;
  /** Calls `callback` once, when whatever waits for its turn already has had it; the returned function takes it back. */
  turn(callback: () => void): () => void;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  turn(callback) {
    const turn = setImmediate(callback);
    return () => clearImmediate(turn);
  },
};
