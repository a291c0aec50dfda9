import type { Candle } from '../../../domain/candle/candle';
import type { Tick } from '../../../domain/feed';
import type { Sessions } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { candlePath } from './candlePath';
import type { Recording } from './recording';

/** All recordings as one course of ticks in order of time; ticks of one time in the order of the recordings. */
export interface Reel {
  /** Time of the next tick; undefined at the end. */
  nextAt(): EpochMs | undefined;
  /** Takes the next tick. */
  take(): Tick | undefined;
  /** End of the last candle, or the time of the last tick. */
  readonly end: EpochMs;
}

export interface ReelOptions {
  /** Candles and ticks before this are not played. */
  readonly from?: EpochMs;
  /** Candles that begin, and ticks that happened, at or after this are not played. */
  readonly until?: EpochMs;
}

export function createReel(recordings: readonly Recording[], { from = -Infinity, until = Infinity }: ReelOptions = {}): Reel {
  const tracks = recordings.map((recording) => createTrack(recording, from, until));
  const next = (): Track | undefined => {
    let first: Track | undefined;
    let firstAt = Infinity;
    for (const track of tracks) {
      const at = track.head?.at ?? Infinity;
      if (at < firstAt) {
        first = track;
        firstAt = at;
      }
    }
    return first;
  };
  return {
    end: recordings.reduce((latest, recording) => Math.max(latest, endOf(recording, until)), 0),
    nextAt: () => next()?.head?.at,
    take() {
      const track = next();
      const tick = track?.head;
      track?.move();
      return tick;
    },
  };
}

function endOf({ content }: Recording, until: EpochMs): EpochMs {
  if (content.kind === 'ticks') return content.ticks.findLast(({ at }) => at < until)?.at ?? 0;
  const last = content.candles.findLast(({ time }) => time < until);
  return last === undefined ? 0 : last.time + content.timeframeMs;
}

interface Track {
  head: Tick | undefined;
  move(): void;
}

function createTrack(recording: Recording, from: EpochMs, until: EpochMs): Track {
  const ticks = ticksOf(recording, from, until);
  const track: Track = {
    head: undefined,
    move() {
      const { value, done } = ticks.next();
      track.head = done === true ? undefined : value;
    },
  };
  track.move();
  return track;
}

function* ticksOf({ instrument, content }: Recording, from: EpochMs, until: EpochMs): Generator<Tick, undefined> {
  if (content.kind === 'ticks') {
    for (const tick of content.ticks) if (tick.at >= from && tick.at < until) yield tick;
    return undefined;
  }
  for (const candle of content.candles) if (candle.time >= from && candle.time < until) yield* candlePath(instrument.key, candle, content.timeframeMs);
  return undefined;
}

/**
 * The one rule for rows outside trading hours: a candle whose start, or a tick whose time, is not inside a session of its instrument is kept out, as if the
 * file did not hold it, and counted. So a pre-open print at 09:08 and the rows after 15:30 reach neither ticks nor history.
 */
export function withinSessions(recording: Recording, sessions: Pick<Sessions, 'isOpen'>): { readonly recording: Recording; readonly keptOut: number } {
  const { instrument, content } = recording;
  if (content.kind === 'ticks') {
    const ticks = content.ticks.filter(({ at }) => sessions.isOpen(instrument, at));
    return { recording: { ...recording, content: { kind: 'ticks', ticks } }, keptOut: content.ticks.length - ticks.length };
  }
  const candles: readonly Candle[] = content.candles.filter(({ time }) => sessions.isOpen(instrument, time));
  return { recording: { ...recording, content: { ...content, candles } }, keptOut: content.candles.length - candles.length };
}
