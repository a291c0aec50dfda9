import type { FeedState, TickListener, TickSource } from '../../domain/feed';
import type { InstrumentKey } from '../../domain/market';
import type { Clock, Log, Pause } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import { backOffMs, type FeedLimits } from './limits';
import { openSession, textOf, watchSession, type Ending, type Session } from './session';

/** Keeps one connection to the source for as long as anything is wanted. */
export interface Link {
  /** More is wanted than before. */
  grow(): void;
  /** Nobody wants this any more. */
  drop(instrument: InstrumentKey): void;
  /** Connections that were lost. */
  reconnects(): number;
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly source: TickSource;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Log;
  readonly random: () => number;
  readonly limits: FeedLimits;
  readonly isExpected: (instrument: InstrumentKey, at: EpochMs) => boolean;
  readonly wanted: () => readonly InstrumentKey[];
  readonly listener: Pick<TickListener, 'tick' | 'depth' | 'missed'>;
  readonly onState: (state: FeedState, reason?: string) => void;
  /** Ticks of an instrument may have been missed from `from` until now: its connection was lost and is back. */
  readonly onBack: (instrument: InstrumentKey, from: EpochMs) => void;
}

/** A feed that brought a tick this often within the mute patience was no quiet contract. */
const LIVELY = 4;

export function createLink(options: LinkOptions): Link {
  const { source, clock, pause, log, random, limits, wanted, onState, onBack } = options;
  let session: Session | undefined;
  let running = false;
  let subscribing = false;
  let closed = false;
  let failures = 0;
  let reconnects = 0;
  let mutePatienceMs = limits.muteAfterMs;
  let refusedUntil = -Infinity;
  /** From when on ticks may have been missed, of what was subscribed when a connection ended. */
  const missedFrom = new Map<InstrumentKey, EpochMs>();

  const run = async (): Promise<void> => {
    try {
      while (!closed && wanted().length > 0) if (!(await connectOnce())) return;
      if (!closed) onState('disconnected');
    } finally {
      running = false;
    }
  };

  /** One connection from its beginning to the wait after it; false where going on is useless. */
  const connectOnce = async (): Promise<boolean> => {
    onState('connecting');
    const attempt = await openSession({ ...options, mutePatienceMs });
    if (attempt.kind === 'refused') {
      refusedUntil = clock.now() + limits.refusedMs;
      log.error({ source: source.name, reason: attempt.reason, remedy: attempt.remedy }, 'the tick source refuses us: a person must act');
      onState('refused', attempt.reason);
      return false;
    }
    const ending: Ending = attempt.kind === 'connected' ? await live(attempt.session) : { cause: 'lost', reason: attempt.reason };
    if (closed) return false;
    if (ending.cause === 'idle') return true;
    const waitMs = backOffMs(failures, limits, random);
    failures += 1;
    log.warn({ source: source.name, reason: ending.reason, waitMs, failures }, 'the tick source is connected again after a wait');
    onState('waiting', ending.reason);
    await pause(waitMs);
    return true;
  };

  /** From connected to over. */
  const live = async (opened: Session): Promise<Ending> => {
    session = opened;
    if (closed) opened.end({ cause: 'idle', reason: 'closed' });
    await subscribeMissing();
    if (!opened.isOver()) onState('live');
    const watching = source.pace === 'live' ? watchSession(opened, options) : undefined;
    watching?.catch((error: unknown) => opened.end({ cause: 'lost', reason: `watching failed: ${textOf(error)}` }));
    const ending = await opened.over;
    session = undefined;
    if (ending.cause !== 'idle') remember(opened, ending);
    await opened.connection.close().catch((error: unknown) => log.warn({ err: error, source: source.name }, 'a connection to the tick source did not close in order'));
    return ending;
  };

  const remember = (lost: Session, { cause }: Ending): void => {
    const { heardAt, tickedAt, ticks } = lost.seen();
    reconnects += 1;
    for (const instrument of lost.subscribed) if (!missedFrom.has(instrument)) missedFrom.set(instrument, (cause === 'mute' ? tickedAt : heardAt) - limits.latencyMs);
    if (clock.now() - lost.since >= limits.stableMs) failures = 0;
    if (cause === 'mute' && ticks === 0) mutePatienceMs = Math.min(limits.longestMuteMs, mutePatienceMs * 2);
    else if (ticks * limits.muteAfterMs >= LIVELY * (tickedAt - lost.since)) mutePatienceMs = limits.muteAfterMs;
  };

  /** Asks for what is wanted and was not asked for on this connection, until nothing is missing. One request at a time. */
  const subscribeMissing = async (): Promise<void> => {
    if (subscribing) return;
    subscribing = true;
    try {
      for (let opened = session; opened !== undefined && !opened.isOver(); opened = session) {
        const missing = wanted().filter((instrument) => !opened.subscribed.has(instrument));
        if (missing.length === 0) return;
        await subscribe(opened, missing);
      }
    } finally {
      subscribing = false;
    }
  };

  const subscribe = async (opened: Session, missing: readonly InstrumentKey[]): Promise<void> => {
    for (const instrument of missing) opened.subscribed.add(instrument);
    try {
      const refused = await opened.connection.subscribe(missing);
      for (const { instrument, reason } of refused) log.warn({ source: source.name, instrument, reason }, 'the tick source does not serve an instrument');
    } catch (error) {
      opened.end({ cause: 'lost', reason: `subscribing failed: ${textOf(error)}` });
    }
    if (opened.isOver()) return;
    for (const instrument of missing) {
      const from = missedFrom.get(instrument);
      if (from !== undefined && missedFrom.delete(instrument)) onBack(instrument, from);
    }
  };

  const begin = (): void => {
    if (running || closed || clock.now() < refusedUntil) return;
    running = true;
    // A turn later: all that is wanted in one breath is asked for in one request.
    void Promise.resolve().then(run).catch((error: unknown) => log.error({ err: error, source: source.name }, 'the feed stopped unexpectedly'));
  };

  return {
    grow() {
      if (session === undefined) begin();
      else void Promise.resolve().then(subscribeMissing).catch((error: unknown) => log.error({ err: error, source: source.name }, 'an instrument could not be subscribed'));
    },
    drop(instrument) {
      missedFrom.delete(instrument);
      if (session?.subscribed.delete(instrument) === true && !session.isOver()) session.connection.unsubscribe([instrument]);
      if (wanted().length === 0) session?.end({ cause: 'idle', reason: 'nobody is subscribed' });
    },
    reconnects: () => reconnects,
    async close() {
      closed = true;
      const open = session;
      open?.end({ cause: 'idle', reason: 'closed' });
      await open?.connection.close();
      await source.close();
    },
  };
}
