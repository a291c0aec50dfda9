import type { Feed, FeedGap, FeedState, FeedStatus, TickSource } from '../../domain/feed';
import type { InstrumentKey } from '../../domain/market';
import type { Clock, Log, Pause } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import { createBoard, type Place } from './board';
import { FEED_LIMITS, type FeedLimits } from './limits';
import { createLink } from './link';
import { createPatience } from './patience';

export interface FeedHubOptions {
  readonly source: TickSource;
  /** The time the source lives in: the machine's, or a recording's own. */
  readonly clock: Clock;
  /** Real waits, whatever clock is used: a wait that is over at once would make the watchdog spin. */
  readonly pause: Pause;
  readonly log: Log;
  /** In [0, 1), for the waits before connecting again. */
  readonly random: () => number;
  /** Whether ticks of the instrument should come at `at`: its market is open. Default: never, so no silence is mistaken for a fault. */
  readonly isExpected?: (instrument: InstrumentKey, at: EpochMs) => boolean;
  readonly limits?: Partial<FeedLimits>;
}

/** A feed that also says when a price reached us. */
export interface FeedHub extends Feed {
  /** When the newest tick of the instrument arrived, by the hub's clock. */
  receivedAt(instrument: InstrumentKey): EpochMs | undefined;
}

/**
 * One source's ticks for all flows: one connection, one subscription an instrument, one judgement a tick.
 * It connects with the first tap and leaves after the last one's linger; a lost, dead or mute connection comes back after a wait with jitter, with
 * all its subscriptions and a gap for each of them. Nothing a listener does reaches another listener or the connection.
 */
export function createFeedHub(options: FeedHubOptions): FeedHub {
  const { source, clock, pause, log } = options;
  const limits: FeedLimits = { ...FEED_LIMITS, ...options.limits };
  const gapListeners = new Set<(gap: FeedGap) => void>();
  const statusListeners = new Set<(status: FeedStatus) => void>();
  let current: { readonly state: FeedState; readonly since: EpochMs; readonly reason?: string } = { state: 'disconnected', since: clock.now() };

  const tellGap = (gap: FeedGap): void => callAll(gapListeners, gap, log);
  const board = createBoard({ clock, log, limits, onGap: tellGap });
  const setState = (state: FeedState, reason?: string): void => {
    if (current.state === 'closed' || (current.state === state && current.reason === reason)) return;
    current = { state, since: clock.now(), ...(reason === undefined ? {} : { reason }) };
    callAll(statusListeners, status(), log);
  };
  const patience = createPatience({ pause, log, patienceMs: limits.patienceMs });
  const link = createLink({
    ...options, limits,
    isExpected: options.isExpected ?? (() => false),
    wanted: () => [...board.places.keys()],
    listener: {
      tick: source.pace === 'recorded' ? (tick) => patience(board.tick(tick), tick) : (tick) => void board.tick(tick),
      depth: (depth) => board.depth(depth),
      missed: (instrument) => tellGap({ instrument, from: board.places.get(instrument)?.latest?.at ?? clock.now() - limits.latencyMs, until: clock.now() }),
    },
    onState: setState,
    onBack: (instrument, from) => tellGap({ instrument, from, until: clock.now() }),
  });
  const status = (): FeedStatus => {
    const { quarantined, lastQuarantine, dropped } = board.counters;
    return { ...current, subscriptions: board.places.size, quarantined, ...(lastQuarantine === undefined ? {} : { lastQuarantine }), dropped, reconnects: link.reconnects() };
  };
  const linger = async (place: Place): Promise<void> => {
    const left = ++place.left;
    await pause(limits.lingerMs);
    if (place.left !== left || place.listeners.size > 0 || board.places.get(place.instrument) !== place) return;
    board.remove(place.instrument);
    link.drop(place.instrument);
  };

  return {
    tap(instrument, tap, wish = 'every') {
      if (current.state === 'closed') return () => undefined;
      const place = board.place(instrument);
      const listener = board.listen(place, tap, wish);
      link.grow();
      return () => {
        listener.end();
        if (!place.listeners.delete(listener) || place.listeners.size > 0) return;
        linger(place).catch((error: unknown) => log.error({ err: error, instrument }, 'an instrument could not be unsubscribed'));
      };
    },
    onGap: (listener) => listen(gapListeners, listener),
    onStatus: (listener) => listen(statusListeners, listener),
    latest: (instrument) => board.places.get(instrument)?.latest,
    receivedAt: (instrument) => (board.places.get(instrument)?.latest === undefined ? undefined : board.places.get(instrument)?.receivedAt),
    depth: (instrument) => board.places.get(instrument)?.depth,
    status,
    async close() {
      if (current.state === 'closed') return;
      setState('closed');
      board.clear();
      await link.close();
    },
  };
}

function listen<T>(listeners: Set<(value: T) => void>, listener: (value: T) => void): () => void {
  // A function of its own: the same listener may be given twice.
  const entry = (value: T): void => listener(value);
  listeners.add(entry);
  return () => void listeners.delete(entry);
}

function callAll<T>(listeners: ReadonlySet<(value: T) => void>, value: T, log: Log): void {
  for (const listener of listeners) {
    try {
      listener(value);
    } catch (error) {
      log.error({ err: error }, 'a listener to the feed failed');
    }
  }
}
