import type { EpochMs } from '../../domain/time';
import { resume, wakeUp, type ScheduleRun } from './schedule';

/** Does work at a time of a clock that does not pass by itself; the recording goes on when the work is done. The returned function takes it back. */
export type AtTime = (due: EpochMs, work: () => void | Promise<void>) => () => void;

/**
 * The same as `runSchedule` in a recording's time: every planned moment is met to the millisecond, however fast it is played.
 * The returned function takes the next moment back.
 */
export function runRecordedSchedule(run: ScheduleRun, atTime: AtTime): { readonly started: Promise<void>; readonly cancel: () => void } {
  let cancelNext = (): void => undefined;
  const planNext = (after: EpochMs): void => {
    const planned = run.next(after);
    if (planned === undefined || run.stop.isStopped) return;
    cancelNext = atTime(planned, async () => {
      await wakeUp(run, planned);
      planNext(planned);
    });
  };
  const started = resume(run).then((after) => {
    if (after !== undefined) planNext(after);
  });
  return { started, cancel: () => cancelNext() };
}
