import type { EntryPause } from '../../domain/entryPause';
import type { Clock, Log } from '../../domain/ports';
import { SECOND_MS, type EpochMs } from '../../domain/time';

/** How often `look` has to be called. */
export const BEAT_MS = 500;
/** An event loop that stood still for so long has missed ticks, reports and deadlines. */
export const STALL_MS = 5 * SECOND_MS;
/** A clock that moved so much more, or less, than time passed was set, or the machine slept. Small corrections are daily business. */
export const CLOCK_STEP_MS = 2 * SECOND_MS;
/** How long all must have been well before entries go on. */
export const WELL_FOR_MS = 30 * SECOND_MS;

export interface HealthOptions {
  /** The machine's clock, that may be set. */
  readonly clock: Clock;
  /** What has really passed, in milliseconds (`elapsedMs`). */
  readonly elapsed: () => number;
  readonly log: Log;
  /** Told when it turns red, and when it is green again. */
  readonly onChange?: (state: HealthState) => void;
}

export type HealthState =
  | { readonly colour: 'green' }
  | { readonly colour: 'red'; readonly since: EpochMs; readonly reason: string };

/** Whether this process runs as it should. */
export interface Health {
  /** One look; call it every `BEAT_MS`. */
  look(): void;
  /** Set while entries wait. It looks first: whoever asks right after a stall is told of it. */
  entryPause(): EntryPause | undefined;
  state(): HealthState;
}

/** Each look compares what passed since the last one with what should have. */
export function createHealth({ clock, elapsed, log, onChange }: HealthOptions): Health {
  let last = { elapsed: elapsed(), clock: clock.now() };
  let red: { readonly since: EpochMs; readonly seenAt: number; readonly reason: string } | undefined;

  function turnRed(reason: string): void {
    const isNew = red === undefined;
    red = { since: red?.since ?? clock.now(), seenAt: elapsed(), reason };
    log.error({ reason }, 'health is red: entries wait until the process has been well for a while');
    if (isNew) onChange?.(state());
  }

  function look(): void {
    const seen = { elapsed: elapsed(), clock: clock.now() };
    const passed = seen.elapsed - last.elapsed;
    const stepped = seen.clock - last.clock - passed;
    last = seen;
    if (passed - BEAT_MS >= STALL_MS) turnRed(`The process stood still for ${seconds(passed)}.`);
    else if (Math.abs(stepped) >= CLOCK_STEP_MS) turnRed(`The machine's clock moved ${stepped > 0 ? 'ahead' : 'back'} by ${seconds(Math.abs(stepped))}.`);
    else if (red !== undefined && seen.elapsed - red.seenAt >= WELL_FOR_MS) {
      red = undefined;
      log.info({}, 'health is green again: entries go on');
      onChange?.(state());
    }
  }

  function state(): HealthState {
    return red === undefined ? { colour: 'green' } : { colour: 'red', since: red.since, reason: red.reason };
  }

  return {
    look, state,
    entryPause() {
      look();
      if (red === undefined) return undefined;
      return { since: red.since, until: clock.now() + Math.ceil(WELL_FOR_MS - (elapsed() - red.seenAt)), reason: `${red.reason} No entries until it has been well for ${seconds(WELL_FOR_MS)}.` };
    },
  };
}

function seconds(ms: number): string {
  return `${(ms / SECOND_MS).toFixed(1).replace(/\.0$/, '')} s`;
}
