import type { Candle } from '../../domain/candle';
import type { Instrument } from '../../domain/market';
import { indiaDate, indiaMidnight, MAX_RANGE_DAYS, type TradingCalendar } from '../../domain/session';
import { DAY_MS, type EpochMs } from '../../domain/time';

/** Something that is wrong with candles, how often, and where first. */
export interface Dirt {
  readonly count: number;
  readonly first?: EpochMs;
}

/** Candles that may be kept, and what the calendar and common sense say of the rest. */
export interface Sifted {
  readonly candles: readonly Candle[];
  /** Left out: they start outside of every session. */
  readonly outside: Dirt;
  /** Left out: a price of zero or less. */
  readonly notPositive: Dirt;
  /** Stretches within sessions that no candle covers. */
  readonly gaps: Dirt & { readonly candles: number };
  /** Trading days between the first candle and the last that have none. */
  readonly missingDays: Dirt;
}

/** Sifts candles of one timeframe, times being starts. Days are put to their midnight in India, as the store keeps them. */
export function sift(all: readonly Candle[], instrument: Instrument, timeframeMs: number, calendar: TradingCalendar): Sifted {
  const isOfDays = timeframeMs >= DAY_MS;
  const [positive, notPositive] = split(all, ({ low }) => low > 0);
  const [inside, outside] = split(positive, ({ time }) => (isOfDays ? calendar.dayAt(instrument, time).kind === 'open' : calendar.sessionAt(instrument, time) !== undefined));
  const candles = isOfDays ? inside.map((candle) => ({ ...candle, time: indiaMidnight(candle.time) })) : inside;
  return { candles, outside: dirtOf(outside), notPositive: dirtOf(notPositive), gaps: isOfDays ? { count: 0, candles: 0 } : gapsIn(candles, instrument, timeframeMs, calendar), missingDays: daysWithout(candles, instrument, calendar) };
}

function split(candles: readonly Candle[], keeps: (candle: Candle) => boolean): readonly [readonly Candle[], readonly Candle[]] {
  const kept = candles.filter(keeps);
  return kept.length === candles.length ? [candles, []] : [kept, candles.filter((candle) => !keeps(candle))];
}

function dirtOf(candles: readonly Candle[]): Dirt {
  const [first] = candles;
  return { count: candles.length, ...(first === undefined ? {} : { first: first.time }) };
}

function gapsIn(candles: readonly Candle[], instrument: Instrument, timeframeMs: number, calendar: TradingCalendar): Sifted['gaps'] {
  let [count, missing, first] = [0, 0, undefined as EpochMs | undefined];
  let session: { readonly from: EpochMs; readonly until: EpochMs } | undefined;
  let expected = NaN;
  for (const { time } of candles) {
    if (session === undefined || time >= session.until || time < session.from) {
      session = calendar.sessionAt(instrument, time);
      expected = session?.from ?? NaN;
    }
    if (time > expected) {
      count += 1;
      missing += Math.round((time - expected) / timeframeMs);
      first ??= expected;
    }
    expected = time + timeframeMs;
  }
  return { count, candles: missing, ...(first === undefined ? {} : { first }) };
}

function daysWithout(candles: readonly Candle[], instrument: Instrument, calendar: TradingCalendar): Dirt {
  const [first] = candles;
  const last = candles.at(-1);
  if (first === undefined || last === undefined || last.time - first.time > MAX_RANGE_DAYS * DAY_MS) return { count: 0 };
  const there = new Set<string>();
  let day = -Infinity;
  for (const { time } of candles) {
    if (time < day + DAY_MS) continue;
    day = indiaMidnight(time);
    there.add(indiaDate(time));
  }
  const missing = calendar.tradingDays(instrument, indiaDate(first.time), indiaDate(last.time)).filter((date) => !there.has(date));
  const [date] = missing;
  return { count: missing.length, ...(date === undefined ? {} : { first: Date.parse(`${date}T00:00:00+05:30`) }) };
}
