import type { Clock } from './domain/ports';
import { MINUTE_MS, type EpochMs } from './domain/time';
import type { AtTime } from './services/triggers';

export interface RecordedMarks {
  readonly atTime: AtTime;
  readonly clock: Clock;
  /** Marks at which nothing trades are passed over. */
  readonly isTime: (at: EpochMs) => boolean;
  readonly work: () => Promise<void>;
  /** Default: five minutes. Often enough for a square-off, which is at such a mark, and for a day's loss; a month of minutes would be looked at for longer than it is played. */
  readonly everyMs?: number;
}

/** What is done every few seconds where time passes by itself, at marks of a recorded time: the recording waits for it. The returned function ends it. */
export function atEveryMark({ atTime, clock, isTime, work, everyMs = 5 * MINUTE_MS }: RecordedMarks): () => void {
  let cancel = (): void => undefined;
  let stopped = false;
  const plan = (): void => {
    if (stopped) return;
    cancel = atTime((Math.floor(clock.now() / everyMs) + 1) * everyMs, async () => {
      if (isTime(clock.now())) await work();
      plan();
    });
  };
  plan();
  return () => {
    stopped = true;
    cancel();
  };
}
