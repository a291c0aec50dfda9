import type { Feed, TickTap } from '../../domain/feed';
import type { InstrumentKey, Quote } from '../../domain/market';
import type { MarketData } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import type { Track } from './track';

type Listener = (track: Track) => void | Promise<void>;

/** Prices of the virtual world. Ticks that nobody listens to are passed over; whoever asks for a price gets the newest one that was seen by now. */
export class VirtualMarket implements MarketData {
  readonly #tracks: ReadonlyMap<InstrumentKey, Track>;
  readonly #listeners = new Map<InstrumentKey, Set<Listener>>();
  /** Tracks with listeners. */
  #heard: readonly Track[] = [];
  #now: EpochMs;
  /** Ticks at this very moment were seen of tracks up to this place. */
  #through = -1;

  constructor(readonly tracks: readonly Track[], begins: EpochMs) {
    this.#tracks = new Map(tracks.map((track) => [track.key, track]));
    this.#now = begins;
  }

  now(): EpochMs {
    return this.#now;
  }

  /** Time goes on, before any tick of that time. */
  reach(at: EpochMs): void {
    if (at <= this.#now) return;
    this.#now = at;
    this.#through = -1;
  }

  track(key: InstrumentKey): Track | undefined {
    return this.#tracks.get(key);
  }

  /** The track whose tick comes next of those that somebody listens to. */
  next(): Track | undefined {
    let first: Track | undefined;
    let firstAt = Infinity;
    for (const track of this.#heard) {
      const at = track.nextAt;
      if (at < firstAt) {
        first = track;
        firstAt = at;
      }
    }
    return first;
  }

  /** Shows the next tick of a track to those who listen to it; what has to be waited for comes back. */
  show(track: Track): Promise<unknown> | undefined {
    this.reach(track.nextAt);
    this.#through = track.order;
    track.passTo(this.#now, true);
    const pending: Promise<void>[] = [];
    for (const listener of [...this.#listeners.get(track.key) ?? []]) {
      const promise = listener(track);
      if (promise !== undefined) pending.push(promise);
    }
    return pending.length === 0 ? undefined : Promise.all(pending);
  }

  latest(key: InstrumentKey): Quote | undefined {
    const track = this.#tracks.get(key);
    track?.passTo(this.#now, track.order <= this.#through);
    return track?.quote();
  }

  quote(key: InstrumentKey): Promise<Quote | undefined> {
    return Promise.resolve(this.latest(key));
  }

  subscribe(key: InstrumentKey, listener: (quote: Quote) => void | Promise<void>): () => void {
    return this.#listen(key, (track) => {
      const quote = track.quote();
      return quote === undefined ? undefined : listener(quote);
    });
  }

  /** Ticks as a feed gives them. */
  readonly feed: Pick<Feed, 'tap' | 'latest' | 'depth'> = {
    tap: (key: InstrumentKey, tap: TickTap) => this.#listen(key, (track) => {
      const tick = track.latest();
      return tick === undefined ? undefined : tap(tick);
    }),
    latest: (key) => {
      this.latest(key);
      return this.#tracks.get(key)?.latest();
    },
    depth: () => undefined,
  };

  #listen(key: InstrumentKey, listener: Listener): () => void {
    const track = this.#tracks.get(key);
    if (track === undefined) return () => undefined;
    // Whoever begins to listen hears what comes from now on.
    this.latest(key);
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners);
    const own: Listener = (of) => listener(of);
    listeners.add(own);
    this.#rehear();
    return () => {
      listeners.delete(own);
      this.#rehear();
    };
  }

  #rehear(): void {
    this.#heard = this.tracks.filter(({ key }) => (this.#listeners.get(key)?.size ?? 0) > 0);
  }
}
