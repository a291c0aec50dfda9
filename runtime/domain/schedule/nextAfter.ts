import { addDays, indiaDate, indiaTime, weekdayOf } from '../session/days';
import { marketOf } from '../session/sessionGroup';
import type { TradedMarket, TradingCalendar, TradingSession } from '../session/tradingCalendar';
import { MINUTE_MS, SECOND_MS, type EpochMs, type IsoDate } from '../time';
import { readCron, type Cron } from './cron';
import type { Schedule } from './schedule';

/** A schedule that has no moment in this many days has none: a yearly one on a holiday comes round once. */
export const HORIZON_DAYS = 400;
/** Where no calendar stands between, 29 February is waited for. */
const CRON_HORIZON_DAYS = 9 * 366;
/** Of one day: its moments before the first session, in the gaps between sessions, and after the last one. */
const MAX_STEPS_PER_DAY = 8;

type Timetable = Pick<TradingCalendar, 'day'>;

/**
 * The first moment of a schedule after `after`; undefined when none comes within the horizon, or where the calendar ends before.
 * Pure: the answer depends on the arguments alone, and answers asked for with the answer before are strictly increasing.
 */
export function nextAfter(schedule: Schedule, calendar: Timetable, after: EpochMs): EpochMs | undefined {
  return schedule.rule.kind === 'cron' ? nextOfCron(schedule, schedule.rule.expression, calendar, after) : nextOfDays(schedule, calendar, after);
}

/** The market whose sessions a schedule follows. */
export function marketOfSchedule({ exchange, group }: Schedule): TradedMarket {
  return group === undefined ? marketOf(exchange) : { exchange, group };
}

/** What a schedule may use of a day; undefined when it takes no notice of this day at all. */
export function sessionsOfDay(schedule: Schedule, calendar: Timetable, date: IsoDate): readonly TradingSession[] | undefined {
  if (schedule.weekdays?.includes(weekdayOf(date)) === false) return undefined;
  const day = calendar.day(marketOfSchedule(schedule), date);
  const sessions = day.kind === 'open' ? day.sessions.filter(({ kind }) => schedule.specialSessions || kind !== 'special') : [];
  return sessions.length > 0 || schedule.scope === 'everyDay' ? sessions : undefined;
}

function nextOfDays(schedule: Schedule, calendar: Timetable, after: EpochMs): EpochMs | undefined {
  let date = indiaDate(after);
  for (let step = 0; step < HORIZON_DAYS; step += 1) {
    const sessions = sessionsOfDay(schedule, calendar, date);
    const at = sessions === undefined ? undefined : nextOnDay(schedule, sessions, date, after);
    if (at !== undefined) return at;
    date = addDays(date, 1);
  }
  return undefined;
}

function nextOnDay({ rule, scope }: Schedule, sessions: readonly TradingSession[], date: IsoDate, after: EpochMs): EpochMs | undefined {
  if (rule.kind === 'every') return nextOfInterval(sessions, rule.minutes * MINUTE_MS, rule.offsetSeconds * SECOND_MS, after);
  const due = rule.kind === 'times' ? rule.times.map((time) => indiaTime(date, time)) : relative(rule, sessions);
  // What would lie beyond midnight is left out: it belongs to another day, which may not trade.
  return due.filter((at) => at > after && indiaDate(at) === date && (scope !== 'inSession' || isInside(sessions, at))).sort((one, other) => one - other)[0];
}

function nextOfInterval(sessions: readonly TradingSession[], stepMs: number, offsetMs: number, after: EpochMs): EpochMs | undefined {
  for (const { from, until } of sessions) {
    const first = from + offsetMs;
    const at = first + Math.max(0, Math.floor((after - first) / stepMs) + 1) * stepMs;
    if (at < until) return at;
  }
  return undefined;
}

function relative(rule: Schedule['rule'], sessions: readonly TradingSession[]): readonly EpochMs[] {
  const [first, last] = [sessions[0], sessions.at(-1)];
  if (rule.kind === 'afterOpen' && first !== undefined) return [first.from + rule.minutes * MINUTE_MS];
  return rule.kind === 'beforeClose' && last !== undefined ? [last.until - rule.minutes * MINUTE_MS] : [];
}

function nextOfCron(schedule: Schedule, expression: string, calendar: Timetable, after: EpochMs): EpochMs | undefined {
  const cron = readCron(expression);
  if (!cron.ok) throw new RangeError(cron.denial.message);
  const days = schedule.scope === 'everyDay' ? CRON_HORIZON_DAYS : HORIZON_DAYS;
  return searchCron({ schedule, calendar, cron: cron.value, after, last: indiaTime(addDays(indiaDate(after), days), '00:00'), maxSteps: days * MAX_STEPS_PER_DAY });
}

/** From moment to moment of the expression, jumping over what lies outside of sessions. */
function searchCron({ schedule, calendar, cron, after, last, maxSteps }: {
  readonly schedule: Schedule; readonly calendar: Timetable; readonly cron: Cron; readonly after: EpochMs; readonly last: EpochMs; readonly maxSteps: number;
}): EpochMs | undefined {
  let from = after;
  for (let step = 0; step < maxSteps; step += 1) {
    const at = cron.next(from);
    if (at > last) return undefined;
    const date = indiaDate(at);
    const sessions = sessionsOfDay(schedule, calendar, date);
    if (sessions !== undefined && (schedule.scope !== 'inSession' || isInside(sessions, at))) return at;
    const next = schedule.scope === 'inSession' ? sessions?.find((session) => session.from > at) : undefined;
    from = (next?.from ?? indiaTime(addDays(date, 1), '00:00')) - 1;
  }
  return undefined;
}

function isInside(sessions: readonly TradingSession[], at: EpochMs): boolean {
  return sessions.some(({ from, until }) => at >= from && at < until);
}
