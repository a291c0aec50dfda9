import type { Outcome } from '../../domain/denial';
import type { FeedState, TickConnection, TickListener, TickSource } from '../../domain/feed';
import type { InstrumentKey } from '../../domain/market';
import type { Clock, Pause } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import type { FeedLimits } from './limits';
import { createWatchdog, type Watchdog } from './watchdog';

/** Why a connection is over. idle: nobody is subscribed any more. */
export interface Ending {
  readonly cause: 'lost' | 'half-open' | 'mute' | 'idle';
  readonly reason: string;
}

/** The life of one connection. */
export interface Session {
  readonly connection: TickConnection;
  readonly watchdog: Watchdog;
  /** What was asked for on this connection, refused or not. */
  readonly subscribed: Set<InstrumentKey>;
  readonly since: EpochMs;
  readonly over: Promise<Ending>;
  isOver(): boolean;
  /** Only the first call counts. */
  end(ending: Ending): void;
  /** When anything, and when a tick, last arrived; how many ticks did. */
  seen(): Seen;
}

interface Seen {
  readonly heardAt: EpochMs;
  readonly tickedAt: EpochMs;
  readonly ticks: number;
}

export type Attempt =
  | { readonly kind: 'connected'; readonly session: Session }
  /** Useless to repeat until a person acts. */
  | { readonly kind: 'refused'; readonly reason: string; readonly remedy?: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface SessionOptions {
  readonly source: TickSource;
  readonly clock: Clock;
  readonly limits: FeedLimits;
  readonly mutePatienceMs: number;
  readonly listener: Pick<TickListener, 'tick' | 'depth' | 'missed'>;
}

/** Connects once. Whatever arrives after the session is over is not passed on. */
export async function openSession({ source, clock, limits, mutePatienceMs, listener }: SessionOptions): Promise<Attempt> {
  const watchdog = createWatchdog(limits, mutePatienceMs);
  const { promise: over, resolve } = Promise.withResolvers<Ending>();
  const since = clock.now();
  const seen = { heardAt: since, tickedAt: since, ticks: 0 };
  let ended: Ending | undefined;
  const end = (ending: Ending): void => {
    ended ??= ending;
    resolve(ended);
  };
  const heard = (): void => {
    watchdog.heard();
    seen.heardAt = clock.now();
  };
  let outcome: Outcome<TickConnection>;
  try {
    outcome = await source.connect({
      heard,
      tick(tick) {
        if (ended !== undefined) return undefined;
        watchdog.ticked();
        seen.tickedAt = seen.heardAt = clock.now();
        seen.ticks += 1;
        return listener.tick(tick);
      },
      depth(depth) {
        heard();
        if (ended === undefined) listener.depth?.(depth);
      },
      missed: (instrument) => { if (ended === undefined) listener.missed?.(instrument); },
      lost: (reason) => end({ cause: 'lost', reason }),
    });
  } catch (error) {
    return { kind: 'failed', reason: textOf(error) };
  }
  if (!outcome.ok) return { kind: 'refused', reason: outcome.denial.message, ...(outcome.denial.remedy === undefined ? {} : { remedy: outcome.denial.remedy }) };
  return { kind: 'connected', session: { connection: outcome.value, watchdog, subscribed: new Set(), since, over, isOver: () => ended !== undefined, end, seen: () => seen } };
}

export interface WatchOptions {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly limits: FeedLimits;
  /** Whether ticks of the instrument should come at `at`: its market is open. */
  readonly isExpected: (instrument: InstrumentKey, at: EpochMs) => boolean;
  readonly onState: (state: FeedState, reason?: string) => void;
}

/** Looks at a live connection again and again until it is over, and ends it when it is dead or mute. */
export async function watchSession(session: Session, { clock, pause, limits, isExpected, onState }: WatchOptions): Promise<void> {
  const { connection, watchdog, subscribed } = session;
  while (!session.isOver()) {
    await pause(limits.lookMs);
    if (session.isOver()) return;
    const verdict = watchdog.look({ expected: someExpected(subscribed, isExpected, clock.now()), answersPings: connection.ping !== undefined });
    if (verdict.kind === 'ping' || verdict.kind === 'quiet') connection.ping?.();
    if (verdict.kind === 'drop') session.end(verdict);
    else if (verdict.kind === 'quiet') onState('mute', verdict.reason);
    else onState('live');
  }
}

function someExpected(instruments: ReadonlySet<InstrumentKey>, isExpected: WatchOptions['isExpected'], now: EpochMs): boolean {
  for (const instrument of instruments) if (isExpected(instrument, now)) return true;
  return false;
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
