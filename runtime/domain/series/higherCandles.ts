import { timeframeMs } from '../condition';
import type { EpochMs } from '../time';
import type { FrameCandle } from './frame';
import type { SessionAt } from './session';

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday; weeks run from Monday. */
const DAYS_AFTER_MONDAY = 3;

/**
 * Candles of a higher timeframe from lower ones, cut from the opening of each session; days and weeks hold whole sessions. Oldest first. The last one
 * may still be forming: it is not closed before its `until`, which is its nominal end, the end of its session or the opening of the next candle, whichever is first.
 */
export function higherCandles(candles: readonly FrameCandle[], timeframe: string, sessionAt: SessionAt): readonly FrameCandle[] {
  const lengthMs = timeframeMs(timeframe);
  const buckets: { start: EpochMs; until: EpochMs; session: EpochMs; members: FrameCandle[] }[] = [];
  for (const member of candles) {
    const session = sessionAt(member.candle.time);
    if (session === undefined) continue;
    const start = startOf(member.candle.time, session.opens, lengthMs);
    const last = buckets.at(-1);
    if (last?.start === start) {
      last.members.push(member);
      last.until = Math.min(start + lengthMs, lengthMs > DAY_MS ? Infinity : session.closes);
      continue;
    }
    if (last !== undefined) last.until = Math.min(last.until, member.candle.time);
    buckets.push({ start, session: session.opens, members: [member], until: Math.min(start + lengthMs, lengthMs > DAY_MS ? Infinity : session.closes) });
  }
  return buckets.map(merged);
}

function startOf(time: EpochMs, opens: EpochMs, lengthMs: number): EpochMs {
  if (lengthMs < DAY_MS) return opens + Math.floor((time - opens) / lengthMs) * lengthMs;
  if (lengthMs === DAY_MS) return opens;
  const day = Math.floor(opens / DAY_MS) + DAYS_AFTER_MONDAY;
  const days = lengthMs / DAY_MS;
  return (Math.floor(day / days) * days - DAYS_AFTER_MONDAY) * DAY_MS;
}

function merged({ start, until, session, members }: { readonly start: EpochMs; readonly until: EpochMs; readonly session: EpochMs; readonly members: readonly FrameCandle[] }): FrameCandle {
  const candles = members.map(({ candle }) => candle);
  return {
    session, until, incomplete: members.some(({ incomplete }) => incomplete),
    candle: {
      time: start, closed: true, open: candles[0]?.open ?? NaN, close: candles.at(-1)?.close ?? NaN,
      high: Math.max(...candles.map(({ high }) => high)), low: Math.min(...candles.map(({ low }) => low)),
      volume: candles.reduce((sum, { volume }) => sum + volume, 0),
    },
  };
}
