import type { AccountEvent, AccountEventKind } from './accountEvent';
import type { Outcome } from './denial';
import type { Envelope, OrderView } from './envelope';
import type { CandleBook, SeriesBook, TapWish, TickTap } from './feed';
import type { Exchange, Instrument } from './market';
import type { Origin } from './order';
import type { TradingCalendar } from './session';
import type { EpochMs } from './time';

/** Something a source trigger has to say. */
export interface Firing {
  /** Makes it single: the same trigger node says each key once, over all processes and lives (`NSE:SBIN 5m 1763690700000`). */
  readonly key: string;
  /** When it happened: the candle's close, the planned time of a schedule. */
  readonly happenedAt: EpochMs;
  /** The item; `signal.id` is set by the runtime. */
  readonly item: Envelope;
  /** Lost with the process when false: for ticks, of which the next one comes anyway. Default true: it is in the inbox before anyone acts on it. */
  readonly durable?: boolean;
  /** How many firings on events stand behind this one, itself included: its orders' events tell it by their signal. Absent: none. */
  readonly chain?: number;
  /** Not handed over any more this long after `happenedAt` (a restart an hour later). Absent: for ever. */
  readonly goodForMs?: number;
}

/** Which events a trigger wants; what is absent lets everything pass. */
export interface EventWish {
  readonly kinds: readonly AccountEventKind[];
  readonly account?: string;
  /** Judges the rest. */
  readonly wants?: (event: AccountEvent) => boolean;
}

/** The world as a source trigger sees it. Everything started through it ends with the trigger. */
export interface TriggerContext {
  readonly identity: Pick<Origin, 'strategyId' | 'nodeKey'>;
  now(): EpochMs;
  readonly calendar: TradingCalendar;
  /** A symbol as a person wrote it. */
  resolve(exchange: Exchange, symbol: string): Outcome<Instrument>;
  /** The returned function ends it before the trigger ends. */
  onTick(instrument: Instrument, tap: TickTap, wish?: TapWish): () => void;
  readonly candles: Pick<CandleBook, 'watch'>;
  readonly series: Pick<SeriesBook, 'watch'>;
  /**
   * Wakes at `next(after)` again and again, `after` being the last planned time that was handled; undefined ends it. Planned times that were slept
   * through, also before a restart, are given late, each with the time it is now: what to do about them is the trigger's business. The next planned
   * time waits for a returned promise. A schedule that was changed begins anew: the past is none of its business. Call it within `start`.
   */
  onSchedule(next: (after: EpochMs) => EpochMs | undefined, wake: (planned: EpochMs, now: EpochMs) => void | Promise<void>): void;
  /**
   * Tells what happens to accounts from now on, in order; after a restart from where this node stood, so that what happened meanwhile is told late. `tell`
   * answers with what became of its firing (`done` where it has nothing to say): what `failed` is told again in the next life. `order` is the order that
   * the event is about, as it is now. Call it within `start`.
   */
  onEvents(wish: EventWish, tell: (event: AccountEvent, order: OrderView | undefined) => ReturnType<TriggerContext['emit']>): void;
  /** Resolves when the flow has ended with it, or will never see it (a repeat, too old). Never rejects: what fails is logged and shown. */
  emit(firing: Firing): Promise<'done' | 'duplicate' | 'expired' | 'failed'>;
  /** Shown at the node: `watching 3 symbols`, `next 15:20`. */
  status(text: string): void;
}

/** What an editor's test of a trigger may look at. */
export type TryOutContext = Pick<TriggerContext, 'identity' | 'now' | 'resolve' | 'calendar'>;

/** How one kind of source acts. The triggers service journals, delivers and remembers; a source only watches and says. */
export interface Source<P = Readonly<Record<string, unknown>>> {
  /** Begins to watch; what it started through the context ends with the trigger. Refuses parameters that make no sense together, or a symbol nobody knows. */
  start(params: P, context: TriggerContext): Outcome<void>;
  /** What an editor's test gives at once, where waiting for the real thing could take days. Absent: the test waits for the first firing. */
  tryOut?(params: P, context: TryOutContext): Outcome<Envelope>;
  /** What an editor's test gives where it waited for the real thing for a while and nothing came. Absent: then it fails. */
  sample?(params: P, context: TryOutContext): Outcome<Envelope>;
}
