import type { Clock, Log, Pause } from '../../domain/ports';
import { SECOND_MS, type EpochMs } from '../../domain/time';
import { AHEAD_MS, LONGEST_WAIT_MS, LOOK_BACK_MS, RESUME_TRIES, SLEPT_MS, STANDSTILL_LIMIT, STEPPED_BACK_MS, WAKES_AT_ONCE } from './limits';
import type { Stop } from './stop';

export interface ScheduleRun {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Log;
  readonly stop: Stop;
  /** The last planned time that an earlier life handled; `now` for a new schedule. */
  readonly resume: (now: EpochMs) => Promise<EpochMs>;
  readonly next: (after: EpochMs) => EpochMs | undefined;
  readonly wake: (planned: EpochMs, now: EpochMs) => void | Promise<void>;
  /** Something about the clock that a person should know. */
  readonly onAlarm: (text: string) => void;
}

/**
 * Wakes at planned times until it is stopped or nothing is planned any more. Waits are cut into pieces and compared with the clock: a machine
 * that slept wakes within a piece, and a clock that was set back makes the schedule begin anew at the time it shows. Planned times that then
 * come a second time are the firing key's business.
 */
export async function runSchedule(run: ScheduleRun): Promise<void> {
  let after = await resume(run);
  if (after === undefined) return;
  for (let wakes = 1; !run.stop.isStopped; wakes += 1) {
    const planned = run.next(after);
    if (planned === undefined) {
      run.log.warn({ after }, 'A schedule has nothing planned any more: its last moment is past, or the calendar ends.');
      return;
    }
    if (planned <= after) throw new Error(`A schedule planned ${new Date(planned).toISOString()}, which is not after ${new Date(after).toISOString()}.`);
    const end = await untilDue(run, planned);
    if (end === 'stopped') return;
    if (end === 'due') {
      await wakeUp(run, planned);
      after = planned;
    } else after = Math.min(after, run.clock.now());
    // A month of missed minutes must not hold everybody else up.
    if (wakes % WAKES_AT_ONCE === 0) await run.stop.orAfter(run.pause(0));
  }
}

/** Undefined when it was stopped meanwhile. A journal that can not be read is asked again a few times; then the schedule counts from now. */
export async function resume({ clock, pause, log, stop, resume: remembered, onAlarm }: Pick<ScheduleRun, 'clock' | 'pause' | 'log' | 'stop' | 'resume' | 'onAlarm'>): Promise<EpochMs | undefined> {
  for (let tried = 1; !stop.isStopped; tried += 1) {
    const now = clock.now();
    try {
      return within(await remembered(now), now);
    } catch (error) {
      log.error({ err: error, tried }, 'It could not be read what a schedule slept through.');
      if (tried === RESUME_TRIES) {
        onAlarm('The journal can not be read: what was slept through is not caught up.');
        return now;
      }
      await stop.orAfter(pause(SECOND_MS));
    }
  }
  return undefined;
}

/** Not further back than anyone looks, and not in the future: that was a wrong clock. */
function within(after: EpochMs, now: EpochMs): EpochMs {
  return after > now + AHEAD_MS ? now : Math.max(after, now - LOOK_BACK_MS);
}

async function untilDue({ clock, pause, log, stop, onAlarm }: ScheduleRun, planned: EpochMs): Promise<'due' | 'stopped' | 'steppedBack'> {
  let now = clock.now();
  for (let still = 0; now < planned && !stop.isStopped; ) {
    const wait = Math.min(planned - now, LONGEST_WAIT_MS);
    await stop.orAfter(pause(wait));
    const before = now;
    now = clock.now();
    if (now < before - STEPPED_BACK_MS) {
      log.error({ before, now }, 'The clock of this machine was set back.');
      onAlarm(`clock set back by ${Math.round((before - now) / SECOND_MS)} s`);
      return 'steppedBack';
    }
    if (now > before + wait + SLEPT_MS) log.warn({ sleptMs: now - before - wait }, 'A schedule was asleep: the machine slept, was too busy, or its clock was set forward.');
    still = now === before ? still + 1 : 0;
    if (still === STANDSTILL_LIMIT) throw new Error('The clock stands still: a schedule can not wait for it.');
  }
  return stop.isStopped ? 'stopped' : 'due';
}

/** A wake that fails ends nothing: the next planned time is another chance. */
export async function wakeUp({ clock, log, stop, wake }: ScheduleRun, planned: EpochMs): Promise<void> {
  try {
    await stop.orAfter(Promise.resolve(wake(planned, clock.now())));
  } catch (error) {
    log.error({ err: error, planned }, 'A schedule could not do what it was woken for.');
  }
}
