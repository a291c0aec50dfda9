import type { Clock, Pause } from '../../../domain/ports';
import { MINUTE_MS, type EpochMs } from '../../../domain/time';

/** The time a recording is at. */
export interface RecordedTime extends Clock {
  /** Goes on to `at`; never back. */
  reach(at: EpochMs): void;
  /** Waits as long as the pace asks before `at` may be reached; false when `isStopped` said so meanwhile. */
  keepPace(at: EpochMs, isStopped: () => boolean): Promise<boolean>;
  /** Nothing plays: time stands still. */
  rest(): void;
}

export interface RecordedTimeOptions {
  readonly begin: EpochMs;
  /** Recorded time a unit of real time; 'fast' waits for nothing. */
  readonly speed: number | 'fast';
  readonly wall: Clock;
  readonly pause: Pause;
  /** Time flows up to here and waits for it. */
  readonly nextEvent: (now: EpochMs) => EpochMs | undefined;
}

/** Nights and weekends are not waited for at any pace. */
const LONGEST_REST_MS = 10 * MINUTE_MS;
/** Waits are cut into these, so that a stop is heard. */
const LONGEST_WAIT_MS = 250;

export function recordedTime({ begin, speed, wall, pause, nextEvent }: RecordedTimeOptions): RecordedTime {
  let now = begin;
  /** A recorded and a real time that belong together while the pace is kept. */
  let anchor: { readonly recorded: EpochMs; readonly real: EpochMs } | undefined;

  const reach = (at: EpochMs): void => { now = Math.max(now, at); };
  const dueInMs = (at: EpochMs, factor: number): number => {
    anchor ??= { recorded: now, real: wall.now() };
    return (at - anchor.recorded) / factor - (wall.now() - anchor.real);
  };
  return {
    now() {
      if (anchor !== undefined && speed !== 'fast') {
        const flowed = anchor.recorded + Math.max(0, wall.now() - anchor.real) * speed;
        reach(Math.min(flowed, nextEvent(now) ?? now));
      }
      return Math.floor(now);
    },
    reach,
    async keepPace(at, isStopped) {
      if (speed === 'fast' || at - now > LONGEST_REST_MS) {
        anchor = undefined;
        return !isStopped();
      }
      for (let leftMs = dueInMs(at, speed); leftMs > 0; leftMs = dueInMs(at, speed)) {
        await pause(Math.min(leftMs, LONGEST_WAIT_MS));
        if (isStopped()) return false;
      }
      return !isStopped();
    },
    rest: () => { anchor = undefined; },
  };
}
