import type { Exchange } from '../market';
import type { EpochMs, IsoDate } from '../time';
import { addDays, indiaDate, indiaTime } from './days';
import { groupOf, type SessionGroup } from './sessionGroup';
import { LOOK_AHEAD_DAYS, MAX_RANGE_DAYS, type CalendarDay, type Traded, type TradedMarket, type TradingCalendar, type TradingSession } from './tradingCalendar';

/** Days kept per market; over that they are worked out anew. Sixteen years of trading days. */
const MAX_REMEMBERED_DAYS = 4_096;

/** The days of one market that were asked for, and the one that was asked for last by its time: nearly every question is about the same one. */
interface MarketDays {
  readonly market: TradedMarket;
  readonly days: Map<IsoDate, CalendarDay>;
  last: { readonly from: EpochMs; readonly until: EpochMs; readonly day: CalendarDay } | undefined;
}

/** A calendar over a function that works out one day of a market. */
export function rememberingCalendar(workOut: (market: TradedMarket, date: IsoDate) => CalendarDay, hasDerivatives: (base: string) => boolean): TradingCalendar {
  const markets = new Map<Exchange, Map<SessionGroup, MarketDays>>();
  const daysOf = (of: Traded): MarketDays => {
    const group = groupOf(of, hasDerivatives);
    const known = markets.get(of.exchange)?.get(group);
    if (known !== undefined) return known;
    const fresh: MarketDays = { market: { exchange: of.exchange, group }, days: new Map(), last: undefined };
    markets.set(of.exchange, (markets.get(of.exchange) ?? new Map<SessionGroup, MarketDays>()).set(group, fresh));
    return fresh;
  };
  const dayOf = ({ market, days }: MarketDays, date: IsoDate): CalendarDay => {
    const known = days.get(date);
    if (known !== undefined) return known;
    if (days.size >= MAX_REMEMBERED_DAYS) days.clear();
    const day = workOut(market, date);
    days.set(date, day);
    return day;
  };
  const dayAt = (market: MarketDays, at: EpochMs): CalendarDay => {
    const { last } = market;
    if (last !== undefined && at >= last.from && at < last.until) return last.day;
    const day = dayOf(market, indiaDate(at));
    market.last = { day, from: indiaTime(day.date, '00:00'), until: indiaTime(addDays(day.date, 1), '00:00') };
    return day;
  };
  return {
    day: (of, date) => dayOf(daysOf(of), date),
    dayAt: (of, at) => dayAt(daysOf(of), at),
    sessionAt(of, at) {
      for (const session of sessionsOf(dayAt(daysOf(of), at))) if (at >= session.from && at < session.until) return session;
      return undefined;
    },
    sessionOnOrAfter(of, at) {
      const market = daysOf(of);
      return nearest(dayAt(market, at), 1, (date) => dayOf(market, date), (sessions) => sessions.find(({ until }) => until > at));
    },
    sessionBefore(of, at) {
      const market = daysOf(of);
      return nearest(dayAt(market, at), -1, (date) => dayOf(market, date), (sessions) => sessions.findLast(({ until }) => until <= at));
    },
    tradingDays(of, from, until) {
      const market = daysOf(of);
      const dates: IsoDate[] = [];
      let date = from;
      for (let step = 0; date <= until; step += 1, date = addDays(date, 1)) {
        if (step >= MAX_RANGE_DAYS) throw new RangeError(`From ${from} to ${until} are more than ${MAX_RANGE_DAYS} days`);
        if (dayOf(market, date).kind === 'open') dates.push(date);
      }
      return dates;
    },
  };
}

const NONE: readonly TradingSession[] = [];

function sessionsOf(day: CalendarDay): readonly TradingSession[] {
  return day.kind === 'open' ? day.sessions : NONE;
}

function nearest(start: CalendarDay, step: 1 | -1, dayOf: (date: IsoDate) => CalendarDay, pick: (sessions: readonly TradingSession[]) => TradingSession | undefined): TradingSession | undefined {
  let day = start;
  for (let days = 0; days <= LOOK_AHEAD_DAYS; days += 1) {
    const found = pick(sessionsOf(day));
    if (found !== undefined) return found;
    day = dayOf(addDays(day.date, step));
  }
  return undefined;
}
