import { repeatedly } from './adapters/system/repeat';
import { atEveryMark } from './recordedMarks';
import type { AtTime } from './services/triggers';
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
  const stop = atTime === undefined ? repeatedly(SAFETY_ROUND_MS, () => { void look(); }) : atEveryMark({ atTime, clock: options.ports.clock, isTime: isTradingTime(options.calendar), work: look });
  return {
    close() {
      stop();
      return safety.close();
    },
  };
}
