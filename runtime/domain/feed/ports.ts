import type { Candle } from '../candle/candle';
import type { Outcome } from '../denial';
import type { InstrumentKey } from '../market';
import type { EpochMs, IsoDate } from '../time';
import type { StoredTimeframe } from './storedTimeframes';
import type { Depth, Tick } from './tick';

/** A place ticks come from. It makes connections; the feed hub decides when, again and for what. */
export interface TickSource {
  /** For people and logs: `simulated`, `file`, `openalgo`. */
  readonly name: string;
  /** 'live' sources are watched for silence; 'recorded' ones play at their own pace and may rest for as long as they like. */
  readonly pace: 'live' | 'recorded';
  /**
   * One connection, authenticated. Resolves to a denial where trying again is useless until a person acts (a wrong key); rejects for what may
   * pass (network). Bounded in time by itself.
   */
  connect(listener: TickListener): Promise<Outcome<TickConnection>>;
  /** Ends what connections share; the source is not used again. */
  close(): Promise<void>;
}

/** Called by a connection, in the order of arrival. */
export interface TickListener {
  /** A returned promise slows a recorded source down: it plays on when everyone is done. Live sources do not wait. */
  tick(tick: Tick): void | Promise<void>;
  depth?(depth: Depth): void;
  /** Anything at all arrived, also what is no tick: the connection is alive. */
  heard(): void;
  /** The source says that ticks of this instrument were missed. */
  missed?(instrument: InstrumentKey): void;
  /** The connection ended; it is not used again. Called once, not after `close`. */
  lost(reason: string): void;
}

export interface TickConnection {
  /** Asks for more instruments; the answer names those that the source refuses. */
  subscribe(instruments: readonly InstrumentKey[]): Promise<readonly { readonly instrument: InstrumentKey; readonly reason: string }[]>;
  unsubscribe(instruments: readonly InstrumentKey[]): void;
  /** Asks the other side for a sign of life, where the protocol has one. */
  ping?(): void;
  close(): Promise<void>;
}

/** disconnected: nobody is subscribed. refused: a person must act. live: connected and subscribed. mute: connected, but silent for too long. */
export type FeedState = 'disconnected' | 'connecting' | 'live' | 'mute' | 'waiting' | 'refused' | 'closed';

export interface FeedStatus {
  readonly state: FeedState;
  readonly since: EpochMs;
  /** Why it is not live, for people. */
  readonly reason?: string;
  readonly subscriptions: number;
  /** Ticks that were put aside as absurd since the start, and the last reason. */
  readonly quarantined: number;
  readonly lastQuarantine?: string;
  /** Ticks that were dropped because a listener was too slow. */
  readonly dropped: number;
  readonly reconnects: number;
}

/** What listens to one instrument's ticks. Errors of a listener are logged and end nothing. */
export type TickTap = (tick: Tick) => void | Promise<void>;

/**
 * Which ticks a tap is given. `every` (default): each one at once, in order; a returned promise slows a recorded source down and costs a live tap nothing
 * until too many are pending: then ticks wait, and when too many wait, all but the newest are dropped, which is a gap.
 * `newest`: one call at a time; while it runs only the newest tick waits. What such a tap is not given counts as dropped and is no gap.
 */
export type TapWish = 'every' | 'newest';

/** Ticks of every instrument that anyone wants, over one connection per source, shared by all flows. */
export interface Feed {
  /** Counts references: the first tap subscribes at the source, the end of the last one unsubscribes after a linger. */
  tap(instrument: InstrumentKey, tap: TickTap, wish?: TapWish): () => void;
  /** Called when ticks of an instrument may have been missed between the two times (a reconnect, a dropped queue). */
  onGap(listener: (gap: FeedGap) => void): () => void;
  /** The newest tick, while it is fresh or not. */
  latest(instrument: InstrumentKey): Tick | undefined;
  depth(instrument: InstrumentKey): Depth | undefined;
  status(): FeedStatus;
  onStatus(listener: (status: FeedStatus) => void): () => void;
  close(): Promise<void>;
}

export interface FeedGap {
  readonly instrument: InstrumentKey;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** Candles of the past, from a file, a store or a broker. */
export interface History {
  /**
   * Closed candles of one length that start in [from, until), oldest first, at most `limit` of the newest. Days are stamped with India's midnight.
   * A denial where the source has none for this instrument or cannot say.
   */
  candles(request: { readonly instrument: InstrumentKey; readonly timeframe: StoredTimeframe; readonly from: EpochMs; readonly until: EpochMs; readonly limit: number }): Promise<Outcome<readonly Candle[]>>;
}

/** The local candle store: what was seen, fetched or imported, by instrument and length. */
export interface CandleStore extends History {
  /** Remembers days in India that a source was asked for, whatever it gave: they need not be asked for again. Durable when it resolves. */
  markAsked(instrument: InstrumentKey, timeframe: StoredTimeframe, days: readonly IsoDate[]): Promise<void>;
  /** Those days, in order. */
  asked(instrument: InstrumentKey, timeframe: StoredTimeframe): Promise<readonly IsoDate[]>;
  /** Writes closed candles; one with the same start replaces the earlier one. Durable when it resolves. */
  put(instrument: InstrumentKey, timeframe: StoredTimeframe, candles: readonly Candle[], source: string): Promise<void>;
  /** Takes away every candle of that length, and with them which days were asked for. Resolves to how many there were; durable then. Broken off, it leaves some of them, and no day as asked for. */
  remove(instrument: InstrumentKey, timeframe: StoredTimeframe): Promise<number>;
  /** What is held, for people. */
  list(): Promise<readonly { readonly instrument: InstrumentKey; readonly timeframe: StoredTimeframe; readonly from: EpochMs; readonly until: EpochMs; readonly candles: number; readonly source: string }[]>;
  close(): Promise<void>;
}
