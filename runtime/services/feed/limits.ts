/** How patient the hub is, and how much it holds. Every one has a default that suits a live exchange. */
export interface FeedLimits {
  /** An instrument that nobody listens to any more stays subscribed this long: a redeploy drops nothing. Default 30,000. */
  readonly lingerMs: number;
  /** How often a live connection is looked at. Default 1,000. */
  readonly lookMs: number;
  /** Nothing heard for this long: the other side is asked for a sign of life. Default 10,000. */
  readonly pingAfterMs: number;
  /** Nothing heard for this long: the connection is dropped as half-open. Default 25,000. */
  readonly deadAfterMs: number;
  /**
   * Connected, but not one tick for this long while a subscribed market is open: the connection is dropped as mute. Default 30,000.
   * Doubles, up to `longestMuteMs`, for as long as a new connection brings no tick either: contracts may simply not trade.
   */
  readonly muteAfterMs: number;
  /** Default 600,000. */
  readonly longestMuteMs: number;
  /** Waits before connecting again are drawn between 0 and `backOffMs` times 2 to the power of the failures (full jitter), never above `longestBackOffMs`. Defaults 1,000 and 60,000. */
  readonly backOffMs: number;
  readonly longestBackOffMs: number;
  /** A connection that lived this long makes the failures before it forgotten. Default 60,000. */
  readonly stableMs: number;
  /** A refused source is asked again by a new subscription, at most this often. Default 60,000. */
  readonly refusedMs: number;
  /** What reaches us may be this much older than the moment it arrives: gaps begin that much earlier. Default 2,000. */
  readonly latencyMs: number;
  /** Calls of one listener that may be unfinished at once. Default 64. */
  readonly unfinished: number;
  /** Ticks that wait for one slow listener before all but the newest are dropped. Default 1,024. */
  readonly waiting: number;
  /** A recorded source waits for its listeners at most this long a tick. Default 60,000. */
  readonly patienceMs: number;
}

export const FEED_LIMITS: FeedLimits = {
  lingerMs: 30_000, lookMs: 1_000, pingAfterMs: 10_000, deadAfterMs: 25_000, muteAfterMs: 30_000, longestMuteMs: 600_000,
  backOffMs: 1_000, longestBackOffMs: 60_000, stableMs: 60_000, refusedMs: 60_000, latencyMs: 2_000, unfinished: 64, waiting: 1_024, patienceMs: 60_000,
};

/** The wait before the next attempt, with full jitter: many runtimes that lost one server do not come back together. */
export function backOffMs(failures: number, limits: Pick<FeedLimits, 'backOffMs' | 'longestBackOffMs'>, random: () => number): number {
  const ceiling = Math.min(limits.longestBackOffMs, limits.backOffMs * 2 ** Math.min(failures, 30));
  return Math.round(random() * ceiling);
}
