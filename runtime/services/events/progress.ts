import { MAX_AT_WORK } from './limits';

/** What of a reader's events is at work, and up to where everything is handled. Events end in any order; the reader stands before the oldest that has not. */
export interface Progress {
  /** Everything up to it was handled, or was none of the reader's. */
  readonly handled: number;
  /** The last event that was read. */
  readonly read: number;
  begin(seq: number): void;
  /** One that was not taken is met again in the next life: the reader never stands behind it. */
  end(seq: number, isHandled: boolean): void;
  /** Nothing up to `seq` is the reader's any more. */
  readTo(seq: number): void;
  /** Resolves when one more may begin. */
  room(): Promise<void>;
}

export function createProgress(position: number): Progress {
  /** In order of their numbers; true for those that were not taken. */
  const open = new Map<number, boolean>();
  let atWork = 0;
  let read = position;
  let waiting: (() => void) | undefined;
  return {
    get handled() {
      const [oldest] = open.keys();
      return oldest === undefined ? read : oldest - 1;
    },
    get read() {
      return read;
    },
    begin(seq) {
      open.set(seq, false);
      atWork += 1;
      read = seq;
    },
    end(seq, isHandled) {
      if (isHandled) open.delete(seq);
      else open.set(seq, true);
      atWork -= 1;
      waiting?.();
    },
    readTo(seq) {
      read = Math.max(read, seq);
    },
    async room() {
      while (atWork >= MAX_AT_WORK) await new Promise<void>((resolve) => { waiting = resolve; });
    },
  };
}
