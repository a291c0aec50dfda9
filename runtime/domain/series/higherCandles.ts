import { HigherCandles } from '../candle/higherCandles';
import type { SlotOf } from '../candle/slot';
import { timeframeMs } from '../condition';
import { DAY_MS, type EpochMs } from '../time';
import type { FrameCandle } from './frame';
import type { SessionAt } from './session';

/** 1970-01-01 was a Thursday; weeks run from Monday. */
const DAYS_AFTER_MONDAY = 3;

/**
 * How a timeframe cuts time where sessions are known one by one only: from the opening of each, days are sessions, longer ones are counted in days of UTC
 * from a Monday. Where there is a calendar, `slotsOf` knows more.
 */
export function slotsOfSessions(sessionAt: SessionAt, timeframe: string): SlotOf {
  const lengthMs = timeframeMs(timeframe);
  return (time) => {
    const session = sessionAt(time);
    if (session === undefined) return undefined;
    const start = startOf(time, session.opens, lengthMs);
    return { start, until: Math.min(start + lengthMs, lengthMs > DAY_MS ? Infinity : session.closes) };
  };
}

/**
 * The closed candles of a higher timeframe from lower ones, oldest first. What the opening of the next candle ends before its time (a session whose close
 * nobody knew) is closed from that opening on.
 */
export function higherCandles(candles: readonly FrameCandle[], slotOf: SlotOf): readonly FrameCandle[] {
  const higher = new HigherCandles({ slotOf });
  const sessions = new Map<EpochMs, EpochMs | undefined>();
  return candles.flatMap((member) => {
    const slot = slotOf(member.candle.time);
    if (slot !== undefined && !sessions.has(slot.start)) sessions.set(slot.start, member.session);
    return higher.add(member).map(({ candle, until, incomplete }): FrameCandle => {
      const isEndedByNext = slot !== undefined && slot.start > candle.time;
      return { candle, incomplete, session: sessions.get(candle.time), until: isEndedByNext ? Math.min(until, member.candle.time) : until };
    });
  });
}

function startOf(time: EpochMs, opens: EpochMs, lengthMs: number): EpochMs {
  if (lengthMs < DAY_MS) return opens + Math.floor((time - opens) / lengthMs) * lengthMs;
  if (lengthMs === DAY_MS) return opens;
  const day = Math.floor(opens / DAY_MS) + DAYS_AFTER_MONDAY;
  const days = lengthMs / DAY_MS;
  return (Math.floor(day / days) * days - DAYS_AFTER_MONDAY) * DAY_MS;
}
