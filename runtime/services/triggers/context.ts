import type { CandleBook, Feed, SeriesBook } from '../../domain/feed';
import { resolveSymbol } from '../../domain/instrument';
import type { Clock, Instruments, Log, Pause } from '../../domain/ports';
import type { TradingCalendar } from '../../domain/session';
import type { Firing, TriggerContext } from '../../domain/trigger';
import type { EpochMs } from '../../domain/time';
import type { SourceBinding } from '../../runtime';
import type { EventReaders } from '../events';
import { orderView } from '../orderRouter/views';
import type { FiringEnd } from './firings';
import { candleWatch, seriesWatch, watchOn, type MissedPorts } from './missedCandles';
import { createPace } from './pace';
import { runRecordedSchedule, type AtTime } from './recordedSchedule';
import { resume as resumed, runSchedule, type ScheduleRun } from './schedule';
import { createStop } from './stop';

/** Where the world comes from. What a runtime was not given, a trigger can not use: its start is refused by name. */
export interface WorldPorts {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Log;
  readonly instruments: Instruments;
  readonly calendar: TradingCalendar;
  readonly feed?: Pick<Feed, 'tap'>;
  readonly candles?: Pick<CandleBook, 'watch' | 'closed'>;
  readonly series?: Pick<SeriesBook, 'watch' | 'at'>;
  readonly events?: Pick<EventReaders, 'watch' | 'settled'>;
  /** In a recording: schedules are met in its time. */
  readonly atTime?: AtTime;
}

export interface ContextParts {
  readonly binding: SourceBinding;
  readonly emit: (firing: Firing) => Promise<FiringEnd>;
  readonly onStatus: (text: string) => void;
  /** An editor's test: where it reads on is none of the real trigger's business. */
  readonly isTest?: true;
  /** From when on the schedule with this number counts, or the watch of candles; see ScheduleMemory. */
  readonly resume: (what: number | 'watch', now: EpochMs) => Promise<EpochMs>;
}

/** Something that this runtime has not got was asked for. */
export class MissingPort extends Error {
  override readonly name = 'MissingPort';
}

/** The world of one trigger, and how it ends. */
export interface OwnedContext {
  readonly context: TriggerContext;
  /** Schedules run and events are read from here on. Resolves when it is fixed from where; in a recording when every first moment is planned: it would be played past otherwise. */
  begin(): Promise<void>;
  end(): void;
}

export function createTriggerContext(world: WorldPorts, { binding, emit, onStatus, resume, isTest }: ContextParts): OwnedContext {
  const { clock, instruments, log, feed, candles, series, events } = world;
  const { nodeKey, strategyId } = binding;
  const stop = createStop();
  const ends = new Set<() => void>();
  const beginnings: (() => Promise<void>)[] = [];
  /** A recording is played from its beginning: it misses nothing. */
  const isRecording = world.atTime !== undefined;
  let schedules = 0;
  const pace = createPace({ isRecording, emit, log });

  function owned(end: () => void): () => void {
    const once = (): void => {
      if (ends.delete(once)) end();
    };
    ends.add(once);
    if (stop.isStopped) once();
    return once;
  }

  function begin(run: ScheduleRun): Promise<void> {
    if (world.atTime === undefined) return runSchedule(run);
    const wake = async (planned: EpochMs, now: EpochMs): Promise<void> => {
      await run.wake(planned, now);
      await pace.settled();
    };
    const { started, cancel } = runRecordedSchedule({ ...run, wake }, world.atTime);
    owned(cancel);
    return started;
  }

  let watchesSince: Promise<EpochMs | undefined> | undefined;
  const missed: MissedPorts = {
    ...world, stop,
    since: () => (watchesSince ??= resumed({ ...world, stop, resume: (now) => resume('watch', now), onAlarm: onStatus })),
  };

  const context: TriggerContext = {
    identity: { nodeKey, strategyId },
    calendar: world.calendar,
    now: () => clock.now(),
    resolve: (exchange, symbol) => resolveSymbol({ exchange, symbol, at: clock.now(), instruments }),
    onTick(instrument, tap, wish) {
      return owned(given(feed, 'ticks').tap(instrument.key, tap, wish));
    },
    candles: {
      watch(request, listener, options) {
        const book = given(candles, 'candles');
        return owned(isRecording ? book.watch(request, pace.listener(listener), options) : watchOn(missed, candleWatch(book, request, options), pace.listener(listener)));
      },
    },
    series: {
      watch(request, listener, wish) {
        const book = given(series, 'indicators');
        return owned(isRecording ? book.watch(request, pace.listener(listener), wish) : watchOn(missed, seriesWatch(book, request), pace.listener(listener)));
      },
    },
    onSchedule(next, wake) {
      const index = schedules;
      schedules += 1;
      const onAlarm = (text: string): void => onStatus(text);
      beginnings.push(() => {
        const begun = begin({ ...world, stop, next, wake, onAlarm, resume: (now) => resume(index, now) }).catch((error: unknown) => {
          log.error({ err: error, nodeKey }, 'A schedule broke off; it begins again with the next deploy.');
          onStatus(`schedule broke off: ${error instanceof Error ? error.message : String(error)}`);
        });
        return world.atTime === undefined ? Promise.resolve() : begun;
      });
    },
    onEvents(wish, tell) {
      const readers = given(events, 'account events');
      const named = isTest === true ? {} : { reader: nodeKey };
      beginnings.push(() => {
        const { begun, end } = readers.watch({ ...wish, ...named }, async (event, order) => await tell(event, order === undefined ? undefined : orderView(order, false)) !== 'failed');
        owned(end);
        return begun;
      });
    },
    emit: (firing) => pace.emit(firing),
    status: (text) => {
      if (!stop.isStopped) onStatus(text);
    },
  };

  return {
    context,
    begin: async () => {
      await Promise.all(beginnings.map((start) => start()));
    },
    end: () => {
      stop.stop();
      for (const end of [...ends]) end();
    },
  };
}

function given<T>(port: T | undefined, what: string): T {
  if (port === undefined) throw new MissingPort(`This runtime has no source of ${what}.`);
  return port;
}
