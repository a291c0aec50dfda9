import type { Feed } from '../../domain/feed';
import type { Clock, Log, Pause } from '../../domain/ports';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../domain/time';
import type { CandleLimits } from './limits';
import type { Track } from './track';

export interface CloseByClockOptions {
  readonly feed: Pick<Feed, 'status'>;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Log;
  readonly limits: Pick<CandleLimits, 'lookMs' | 'graceMs'>;
  /** A recording's clock closes by appointment: here it is only housekeeping. */
  readonly isRecorded: boolean;
  readonly tracks: () => readonly Track[];
  readonly onLook: (now: EpochMs) => void;
}

/** A look that comes this late came after a stall: ticks that arrived meanwhile are waiting, and go first. */
const STALLED_MS = SECOND_MS;
/** After this much nobody knows what was missed: the machine slept, or its clock was set. */
const LOST_MS = MINUTE_MS;

/** Looks at the clock while there is anything to close, and closes what nothing else has closed. */
export function closeByClock({ feed, clock, pause, log, limits, isRecorded, tracks, onLook }: CloseByClockOptions): { start(): void; stop(): void } {
  let running = false;
  let stopped = false;
  const isStopped = (): boolean => stopped;
  let lastLook: EpochMs = 0;
  let isBlind = false;

  /** While the feed is not live nothing is heard: the clock closes candles that may have missed everything. */
  const markBlind = (before: EpochMs, now: EpochMs): void => {
    const { state, since } = feed.status();
    const until = state === 'live' ? Math.min(since, now) : now;
    const wasBlind = isBlind;
    isBlind = state !== 'live';
    if (until <= before) return;
    for (const track of tracks()) track.missed({ from: before, until }, { isNews: isBlind !== wasBlind });
  };
  const look = (): void => {
    const now = clock.now();
    const before = lastLook;
    lastLook = now;
    onLook(now);
    if (!isRecorded) {
      const passed = now - before;
      if (passed < 0 || passed > LOST_MS) {
        log.warn({ fromMs: before, untilMs: now }, 'the clock jumped: candles under way are incomplete until history says more');
        for (const track of tracks()) track.missed({ from: Math.min(before, now), until: Math.max(before, now) });
      }
      markBlind(before, now);
      if (passed >= 0 && passed <= limits.lookMs + STALLED_MS) for (const track of tracks()) void track.closeUpTo(now - limits.graceMs);
    }
    for (const track of tracks()) track.retry();
  };
  const run = async (): Promise<void> => {
    while (!isStopped() && tracks().length > 0) {
      await pause(limits.lookMs);
      if (!isStopped()) look();
    }
    running = false;
  };
  return {
    start() {
      if (running || stopped) return;
      running = true;
      lastLook = clock.now();
      run().catch((error: unknown) => {
        running = false;
        log.error({ err: error }, 'candles are not closed by the clock any more');
      });
    },
    stop() { stopped = true; },
  };
}
