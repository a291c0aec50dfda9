import type { Feed, FeedGap, FeedState, Tick, TickTap } from '../../runtime/domain/feed';
import type { InstrumentKey } from '../../runtime/domain/market';
import type { EpochMs } from '../../runtime/domain/time';

export interface FeedDouble extends Pick<Feed, 'tap' | 'onGap' | 'status'> {
  /** What its status says from now on; `live` since ever at first. */
  turn(state: FeedState, since: EpochMs): void;
  /** Hands a tick to everyone who listens to its instrument; resolves when they are done. */
  tick(tick: Tick): Promise<void>;
  gap(gap: FeedGap): void;
  /** Instruments somebody listens to. */
  tapped(): readonly InstrumentKey[];
}

/** A feed that says what the test says. */
export function feedDouble(): FeedDouble {
  const taps = new Map<InstrumentKey, Set<TickTap>>();
  let current: { readonly state: FeedState; readonly since: EpochMs } = { state: 'live', since: 0 };
  const gapListeners = new Set<(gap: FeedGap) => void>();
  return {
    tap(instrument, tap) {
      const own = taps.get(instrument) ?? new Set<TickTap>();
      taps.set(instrument, own.add(tap));
      return () => {
        own.delete(tap);
        if (own.size === 0) taps.delete(instrument);
      };
    },
    onGap(listener) {
      gapListeners.add(listener);
      return () => { gapListeners.delete(listener); };
    },
    async tick(tick) {
      await Promise.all([...taps.get(tick.instrument) ?? []].map(async (tap) => { await tap(tick); }));
    },
    gap: (gap) => gapListeners.forEach((listener) => listener(gap)),
    status: () => ({ ...current, subscriptions: taps.size, quarantined: 0, dropped: 0, reconnects: 0 }),
    turn: (state, since) => { current = { state, since }; },
    tapped: () => [...taps.keys()],
  };
}
