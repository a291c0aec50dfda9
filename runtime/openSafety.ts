import { repeatedly } from './adapters/system/repeat';
import type { AtTime } from './services/triggers';
import { MINUTE_MS, type EpochMs } from './domain/time';
import { isTradingTime } from './services/reconcile';
import type { AccountDesk } from './services/accounts/accountDesk';
import { createSafety, SAFETY_ROUND_MS, type SafetyOptions } from './services/safety';

export interface OpenSafetyOptions extends SafetyOptions {
  readonly desk: Pick<AccountDesk, 'each'>;
  /** In a recording: looks come in its time, and it waits for them. */
  readonly atTime?: AtTime;
}

/** Looks after the safety of every account from time to time. */
export function openSafety({ desk, atTime, ...options }: OpenSafetyOptions): { close(): Promise<void> } {
  const safety = createSafety(options);
  const look = (): Promise<void> => desk.each('looking after its safety', (account) => safety.round(account));
  const stop = atTime === undefined ? repeatedly(SAFETY_ROUND_MS, () => { void look(); }) : atEveryMark(atTime, () => options.ports.clock.now(), isTradingTime(options.calendar), look);
  return {
    close() {
      stop();
      return safety.close();
    },
  };
}

/** Often enough for the square-off, which is at such a mark, and for a day's loss; a month of minutes would be looked at for longer than it is played. */
const RECORDED_MS = 5 * MINUTE_MS;

/** Meets the marks of the recorded time while anything trades. */
export function atEveryMark(atTime: AtTime, now: () => EpochMs, isTime: (at: EpochMs) => boolean, work: () => Promise<void>): () => void {
  let cancel = (): void => undefined;
  let stopped = false;
  const plan = (): void => {
    if (stopped) return;
    cancel = atTime((Math.floor(now() / RECORDED_MS) + 1) * RECORDED_MS, async () => {
      if (isTime(now())) await work();
      plan();
    });
  };
  plan();
  return () => {
    stopped = true;
    cancel();
  };
}
