import type { Depth, FeedGap, Tick, TickTap, TapWish } from '../../domain/feed';
import type { InstrumentKey } from '../../domain/market';
import type { Clock, Log } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import type { FeedLimits } from './limits';
import { createListener, type Listener } from './listeners';
import { absurdDepth, absurdity, priceMemory, type PriceMemory } from './quarantine';

/** One instrument that somebody wants, or wanted a moment ago. */
export interface Place {
  readonly instrument: InstrumentKey;
  readonly listeners: Set<Listener>;
  readonly memory: PriceMemory;
  latest: Tick | undefined;
  /** When the newest tick reached us, by our clock. */
  receivedAt: EpochMs;
  depth: Depth | undefined;
  /** How often the last listener left: the linger of an earlier leave ends nothing. */
  left: number;
}

/** What is counted since the start. */
export interface Counters {
  quarantined: number;
  lastQuarantine: string | undefined;
  dropped: number;
}

/** The instruments that are wanted, their newest prices and who listens. Knows nothing of connections. */
export interface Board {
  readonly places: ReadonlyMap<InstrumentKey, Place>;
  readonly counters: Readonly<Counters>;
  /** The place of an instrument, made when it is new. */
  place(instrument: InstrumentKey): Place;
  remove(instrument: InstrumentKey): void;
  listen(place: Place, tap: TickTap, wish: TapWish): Listener;
  /** Judges a tick and hands it to everyone who listens; a promise only where somebody gave one. */
  tick(tick: Tick): Promise<void> | undefined;
  depth(depth: Depth): void;
  clear(): void;
}

export interface BoardOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: FeedLimits;
  readonly onGap: (gap: FeedGap) => void;
}

/** The first quarantines of a run are logged, then each thousandth: a source that went mad writes no book. */
const LOGGED_QUARANTINES = 10;
const LOGGED_EACH = 1_000;

export function createBoard({ clock, log, limits, onGap }: BoardOptions): Board {
  const places = new Map<InstrumentKey, Place>();
  const counters: Counters = { quarantined: 0, lastQuarantine: undefined, dropped: 0 };

  const putAside = (instrument: InstrumentKey, reason: string): void => {
    counters.quarantined += 1;
    counters.lastQuarantine = `${instrument}: ${reason}`;
    const count = counters.quarantined;
    if (count <= LOGGED_QUARANTINES || count % LOGGED_EACH === 0) log.warn({ instrument, reason, count }, 'a tick was put aside as absurd');
  };
  const onDropped = (count: number, gap: FeedGap | undefined): void => {
    counters.dropped += count;
    if (gap !== undefined) onGap(gap);
  };

  return {
    places, counters,
    place(instrument) {
      const known = places.get(instrument);
      if (known !== undefined) return known;
      const place: Place = { instrument, listeners: new Set(), memory: priceMemory(), latest: undefined, receivedAt: 0, depth: undefined, left: 0 };
      places.set(instrument, place);
      return place;
    },
    remove: (instrument) => void places.delete(instrument),
    listen(place, tap, wish) {
      const listener = createListener({ tap, wish, limits, log, onDropped });
      place.listeners.add(listener);
      return listener;
    },
    tick(tick) {
      const place = places.get(tick.instrument);
      if (place === undefined) return undefined;
      const now = clock.now();
      const reason = absurdity(tick, place.memory, now);
      if (reason !== undefined) {
        putAside(tick.instrument, reason);
        return undefined;
      }
      // A late tick belongs into its candle, but it is not the newest price.
      if (place.latest === undefined || tick.at >= place.latest.at) {
        place.latest = tick;
        place.receivedAt = now;
      }
      return handOver(place.listeners, tick);
    },
    depth(depth) {
      const place = places.get(depth.instrument);
      if (place === undefined) return;
      if (absurdDepth(depth)) putAside(depth.instrument, 'a book whose best bid is above its best ask');
      else place.depth = depth;
    },
    clear() {
      for (const { listeners } of places.values()) for (const listener of listeners) listener.end();
      places.clear();
    },
  };
}

/** Nothing is made for listeners that return nothing. */
function handOver(listeners: ReadonlySet<Listener>, tick: Tick): Promise<void> | undefined {
  let pending: Promise<void>[] | undefined;
  for (const listener of listeners) {
    const promise = listener.give(tick);
    if (promise !== undefined) (pending ??= []).push(promise);
  }
  if (pending === undefined) return undefined;
  return pending.length === 1 ? pending[0] : Promise.all(pending).then(nothing);
}

const nothing = (): undefined => undefined;
