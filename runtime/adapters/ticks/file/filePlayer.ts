import { setImmediate as nextTurn } from 'node:timers/promises';
import { ok } from '../../../domain/denial';
import type { History, Tick, TickConnection, TickListener, TickSource } from '../../../domain/feed';
import type { InstrumentKey } from '../../../domain/market';
import type { Clock, Log, Pause, Sessions } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { systemClock } from '../../system/clock';
import { systemPause } from '../../system/pause';
import { createAgenda, type Agenda } from './agenda';
import { recordedHistory } from './recordedHistory';
import { recordedTime, type RecordedTime } from './recordedTime';
import type { Recording } from './recording';
import { createReel, withinSessions, type Reel, type ReelOptions } from './reel';

export interface FilePlayerOptions extends ReelOptions {
  /** One an instrument. */
  readonly recordings: readonly Recording[];
  /** Rows outside these hours are kept out and counted. */
  readonly sessions: Pick<Sessions, 'isOpen'>;
  /** 1 plays as it was recorded, 60 a minute in a second; 'fast' (default) as fast as the listeners take it. Rests longer than 10 minutes are never waited for. */
  readonly speed?: number | 'fast';
  /** 'subscribed' (default): plays by itself from the first subscription on, as soon as nobody has asked for anything more for `settleMs`: flows start one after the other; 'told': when `play`, `step` or `playUntil` is called. */
  readonly starts?: 'subscribed' | 'told';
  /** Default 1,000. */
  readonly settleMs?: number;
  /** Told when the end is reached, and of work at a time that fails. */
  readonly log?: Pick<Log, 'error' | 'info'>;
  /** Real time, for the pace. */
  readonly wall?: Clock;
  readonly pause?: Pause;
}

/** How far a player came. */
export interface Played {
  /** Ticks that were given to a listener. */
  readonly ticks: number;
  /** Rows outside trading hours. */
  readonly keptOut: number;
  /** Rows of the files that could not be used. */
  readonly problems: number;
}

/** Plays files as if they were a live market. A runtime opened with its clock lives in the files' time. */
export interface FilePlayer extends TickSource {
  /** The recorded time: that of the newest tick, and at a pace what has passed since. It never goes back. */
  readonly clock: Clock;
  /** The files' candles up to the recorded now, never later ones. */
  readonly history: History;
  /** Resolves when the last tick is done and the time has reached the end of the last candle, or the player is closed. */
  readonly finished: Promise<Played>;
  played(): Played;
  /** Plays on to the end or to `halt`. */
  play(): void;
  halt(): void;
  /** Plays so many ticks that somebody listens to; resolves when they are done, with how many there were. */
  step(ticks?: number): Promise<number>;
  /** Plays every tick before `at` and sets the clock to it, unless it is halted on the way. */
  playUntil(at: EpochMs): Promise<void>;
  /** Calls `work` when the recorded time reaches `due`, before any tick of that time; the player waits for it. What is due after the end of the last candle is never called. */
  atTime(due: EpochMs, work: () => void | Promise<void>): () => void;
}

/** Somebody who never stops asking does not hold up the others for ever. */
const MOST_SETTLINGS = 30;

export function filePlayer(options: FilePlayerOptions): FilePlayer {
  const { speed = 'fast', starts = 'subscribed', settleMs = 1_000, wall = systemClock, pause = systemPause, log } = options;
  const kept = options.recordings.map((recording) => withinSessions(recording, options.sessions));
  const recordings = kept.map(({ recording }) => recording);
  const reel = createReel(recordings, options);
  const agenda = createAgenda();
  const audience = createAudience(new Set(recordings.map(({ instrument }) => instrument.key)));
  const { promise: finished, resolve: finish } = Promise.withResolvers<Played>();
  const nextEvent = (now: EpochMs): EpochMs | undefined => {
    const tickAt = reel.nextAt();
    const due = agenda.nextDue() ?? Infinity;
    if (tickAt === undefined && now >= reel.end && due > reel.end) return undefined;
    return Math.max(now, Math.min(tickAt ?? reel.end, due));
  };
  const time = recordedTime({ begin: options.from ?? reel.nextAt() ?? reel.end, speed, wall, pause, nextEvent });
  const played = (): Played => ({
    ticks: audience.given(), keptOut: kept.reduce((sum, { keptOut }) => sum + keptOut, 0), problems: recordings.reduce((sum, { problemCount }) => sum + problemCount, 0),
  });
  let ended = false;
  const end = (): void => {
    if (!ended) log?.info({ ...played() }, 'The recording has been played to its end.');
    ended = true;
    finish(played());
  };
  const projector = createProjector({ reel, agenda, audience, time, nextEvent, onFailure: (error) => log?.error({ err: error }, 'work at a recorded time failed'), onEnd: end });
  let closed = false;
  let settling = false;
  let asked = 0;

  const play = (): void => {
    if (closed || projector.isRunning()) return;
    projector.run({ paced: true }).catch((error: unknown) => log?.error({ err: error }, 'the player stopped'));
  };
  const begin = (): void => {
    asked += 1;
    if (starts === 'told' || settling) return;
    settling = true;
    settled().then(play, (error: unknown) => log?.error({ err: error }, 'the player could not begin'));
  };
  const settled = async (): Promise<void> => {
    for (let round = 0, before = -1; before !== asked && round < MOST_SETTLINGS; round += 1) {
      before = asked;
      await pause(settleMs);
    }
  };

  return {
    name: 'file', pace: 'recorded', finished, play, played,
    clock: { now: () => time.now() },
    history: recordedHistory(recordings, time),
    connect: (listener) => Promise.resolve(ok(audience.seat(listener, begin))),
    halt: () => projector.stop(),
    step: (ticks = 1) => projector.run({ ticks }),
    async playUntil(at) {
      await projector.run({ before: at });
      if (!projector.isStopped() && Number.isFinite(at)) time.reach(at);
    },
    atTime(due, work) {
      asked += 1;
      return agenda.add({ due, work });
    },
    close() {
      closed = true;
      projector.stop();
      audience.leave();
      agenda.clear();
      finish(played());
      return Promise.resolve();
    },
  };
}

/** The connections and what each of them wants. */
function createAudience(known: ReadonlySet<InstrumentKey>) {
  const seats = new Map<TickConnection, { readonly listener: TickListener; readonly subscribed: Set<InstrumentKey> }>();
  let given = 0;
  return {
    given: () => given,
    leave: () => seats.clear(),
    /** Hands the tick to everyone who wants it; what has to be waited for comes back. */
    give(tick: Tick): readonly Promise<void>[] {
      const pending: Promise<void>[] = [];
      for (const { listener, subscribed } of seats.values()) {
        if (!subscribed.has(tick.instrument)) continue;
        given += 1;
        const promise = listener.tick(tick);
        if (promise !== undefined) pending.push(promise);
      }
      return pending;
    },
    seat(listener: TickListener, onSubscribe: () => void): TickConnection {
      const subscribed = new Set<InstrumentKey>();
      const connection: TickConnection = {
        subscribe(instruments) {
          for (const instrument of instruments) if (known.has(instrument)) subscribed.add(instrument);
          onSubscribe();
          return Promise.resolve(instruments.filter((instrument) => !known.has(instrument)).map((instrument) => ({ instrument, reason: 'There is no recording of it.' })));
        },
        unsubscribe: (instruments) => { for (const instrument of instruments) subscribed.delete(instrument); },
        close() {
          seats.delete(connection);
          return Promise.resolve();
        },
      };
      seats.set(connection, { listener, subscribed });
      return connection;
    },
  };
}

/** Ticks between two turns of the event loop while nobody asks to be waited for. */
const TICKS_PER_TURN = 1_000;

interface ProjectorParts {
  readonly reel: Reel;
  readonly agenda: Agenda;
  readonly audience: ReturnType<typeof createAudience>;
  readonly time: RecordedTime;
  readonly nextEvent: (now: EpochMs) => EpochMs | undefined;
  readonly onFailure: (error: unknown) => void;
  readonly onEnd: () => void;
}

/** Turns the reel: appointments and ticks in order of time, one after the other, each waited for. */
function createProjector({ reel, agenda, audience, time, nextEvent, onFailure, onEnd }: ProjectorParts) {
  let running = false;
  let stopped = false;
  let sinceTurn = 0;
  const isStopped = (): boolean => stopped;

  const showNext = async (at: EpochMs): Promise<void> => {
    const appointment = agenda.take(at);
    time.reach(appointment?.due ?? at);
    if (appointment === undefined) {
      const tick = reel.take();
      const pending = tick === undefined ? [] : audience.give(tick);
      sinceTurn = pending.length > 0 ? 0 : sinceTurn + 1;
      await Promise.all(pending);
    } else {
      await Promise.resolve().then(appointment.work).catch(onFailure);
      sinceTurn = TICKS_PER_TURN;
    }
    if (sinceTurn < TICKS_PER_TURN) return;
    sinceTurn = 0;
    await nextTurn();
  };

  return {
    isRunning: () => running,
    isStopped,
    stop: () => { stopped = true; },
    /** Until `before`, until so many ticks were given, until it is stopped, or to the end. Resolves with how many ticks were given. */
    async run({ before = Infinity, ticks = Infinity, paced = false }: { readonly before?: EpochMs; readonly ticks?: number; readonly paced?: boolean }): Promise<number> {
      if (running) throw new Error('The player is playing already.');
      running = true;
      stopped = false;
      const givenBefore = audience.given();
      try {
        for (let at = nextEvent(time.now()); at !== undefined && at < before && audience.given() - givenBefore < ticks && !isStopped(); at = nextEvent(time.now())) {
          if (paced && !(await time.keepPace(at, isStopped))) break;
          await showNext(at);
        }
      } finally {
        running = false;
        time.rest();
      }
      if (reel.nextAt() === undefined) onEnd();
      return audience.given() - givenBefore;
    },
  };
}
