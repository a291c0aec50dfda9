import type { FeedLimits } from './limits';

/** What the watchdog wants done after a look. */
export type Verdict =
  | { readonly kind: 'well' }
  | { readonly kind: 'ping' }
  /** Connected, but no ticks where there should be some; it is given a little more time. */
  | { readonly kind: 'quiet'; readonly reason: string }
  | { readonly kind: 'drop'; readonly cause: 'half-open' | 'mute'; readonly reason: string };

/**
 * Judges one connection by what arrives on it. Time is counted in looks, each of them one real wait long: a machine whose clock steps back or jumps
 * neither drops a good connection nor keeps a dead one.
 */
export interface Watchdog {
  heard(): void;
  ticked(): void;
  /** Once per `lookMs`. `expected`: a subscribed market is open, so ticks should come. `answersPings`: silence proves something at any hour. */
  look(world: { readonly expected: boolean; readonly answersPings: boolean }): Verdict;
}

/** `mutePatienceMs`: how long without a tick is too long; the hub lengthens it for contracts that do not trade. */
export function createWatchdog(limits: Pick<FeedLimits, 'lookMs' | 'pingAfterMs' | 'deadAfterMs'>, mutePatienceMs: number): Watchdog {
  let heardSince = true;
  let tickedSince = true;
  let silentMs = 0;
  let mutedMs = 0;
  let pingedAtMs = 0;

  return {
    heard: () => { heardSince = true; },
    ticked: () => { heardSince = tickedSince = true; },
    look({ expected, answersPings }) {
      silentMs = heardSince || !(expected || answersPings) ? 0 : silentMs + limits.lookMs;
      mutedMs = tickedSince || !expected ? 0 : mutedMs + limits.lookMs;
      if (heardSince) pingedAtMs = 0;
      heardSince = tickedSince = false;
      if (silentMs >= limits.deadAfterMs) return { kind: 'drop', cause: 'half-open', reason: `nothing at all was heard for ${silentMs / 1_000} s` };
      if (mutedMs >= mutePatienceMs) return { kind: 'drop', cause: 'mute', reason: `no tick for ${mutedMs / 1_000} s in an open market` };
      if (silentMs - pingedAtMs >= limits.pingAfterMs) {
        pingedAtMs = silentMs;
        return { kind: 'ping' };
      }
      return mutedMs >= mutePatienceMs / 2 ? { kind: 'quiet', reason: 'connected, but no ticks come in an open market' } : { kind: 'well' };
    },
  };
}
