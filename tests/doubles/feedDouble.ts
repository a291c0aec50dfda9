import type { Feed, FeedGap, Tick, TickTap } from '../../runtime/domain/feed';
import type { InstrumentKey } from '../../runtime/domain/market';

export interface FeedDouble extends Pick<Feed, 'tap' | 'onGap'> {
  /** Hands a tick to everyone who listens to its instrument; resolves when they are done. */
  tick(tick: Tick): Promise<void>;
  gap(gap: FeedGap): void;
  /** Instruments somebody listens to. */
  tapped(): readonly InstrumentKey[];
}

/** A feed that says what the test says. */
export function feedDouble(): FeedDouble {
  const taps = new Map<InstrumentKey, Set<TickTap>>();
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
    tapped: () => [...taps.keys()],
  };
}
