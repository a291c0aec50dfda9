import fc from 'fast-check';
import { Exchange } from '../market';
import { createTradingCalendar, indiaTime, type TradingSession } from '../session';
import { weekdayOf } from '../session/days';
import { MINUTE_MS, type EpochMs } from '../time';
import { marketOfSchedule, nextAfter } from './nextAfter';
import { Schedule, type ScheduleInput } from './schedule';

const calendar = createTradingCalendar();
const DAY_MINUTES = 24 * 60;
const WINDOW_MINUTES = 4 * DAY_MINUTES;

/** A cron of whole minutes as text, with what it means said once more and without a parser. */
interface PlainCron {
  readonly step: number;
  readonly hours: readonly [number, number];
  readonly weekdays: readonly number[];
}

const plainCron = fc.record({
  step: fc.constantFrom(5, 10, 15, 20, 30), hours: fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 23 })).map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const),
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
});
const textOf = ({ step, hours, weekdays }: PlainCron): string => `*/${step} ${hours[0]}-${hours[1]} * * ${weekdays.map((day) => day % 7).join(',')}`;

const twoDigits = (value: number): string => String(value).padStart(2, '0');
const timeOfDay = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minute]) => `${twoDigits(hour)}:${twoDigits(minute)}`);

const cases = fc.record({
  rule: fc.oneof(
    fc.record({ kind: fc.constant('every' as const), minutes: fc.integer({ min: 1, max: 400 }), offsetSeconds: fc.integer({ min: 0, max: 90 }).map((minutes) => minutes * 60) }).map((rule) => ({ rule })),
    fc.record({ kind: fc.constant('times' as const), times: fc.array(timeOfDay, { minLength: 1, maxLength: 4 }) }).map((rule) => ({ rule })),
    fc.record({ kind: fc.constant('afterOpen' as const), minutes: fc.integer({ min: 0, max: 900 }) }).map((rule) => ({ rule })),
    fc.record({ kind: fc.constant('beforeClose' as const), minutes: fc.integer({ min: 1, max: 900 }) }).map((rule) => ({ rule })),
    plainCron.map((plain) => ({ rule: { kind: 'cron' as const, expression: textOf(plain) }, plain })),
  ),
  exchange: fc.constantFrom(...Exchange.options),
  weekdays: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 3, maxLength: 7 }), { nil: undefined, freq: 3 }),
  scope: fc.constantFrom('inSession' as const, 'inSession' as const, 'tradingDays' as const, 'everyDay' as const),
  specialSessions: fc.boolean(),
  /** Often around the days that differ from others. */
  start: fc.oneof(
    fc.integer({ min: Date.UTC(2020, 0, 2) / MINUTE_MS, max: Date.UTC(2026, 11, 20) / MINUTE_MS }),
    fc.tuple(fc.constantFrom('2021-02-23', '2021-11-03', '2024-02-29', '2024-05-17', '2025-10-20', '2026-01-30', '2026-07-30', '2026-12-30'), fc.integer({ min: 0, max: 2 * DAY_MINUTES }))
      .map(([date, minutes]) => indiaTime(date, '00:00') / MINUTE_MS + minutes),
  ).map((minutes) => minutes * MINUTE_MS),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function scheduleOf({ rule: { rule }, exchange, weekdays, scope, specialSessions }: Case): Schedule {
  const input: ScheduleInput = { rule, exchange, scope, specialSessions, ...(weekdays === undefined ? {} : { weekdays }) };
  return Schedule.parse(input);
}

interface PlainDay {
  readonly date: string;
  readonly weekday: number;
  readonly sessions: readonly TradingSession[];
}

/** Every moment of the window, found by asking each minute whether it is one. */
function bruteForce(given: Case): readonly EpochMs[] {
  const days = new Map<string, PlainDay>();
  const market = marketOfSchedule(scheduleOf(given));
  return Array.from({ length: WINDOW_MINUTES }, (_, minute) => given.start + (minute + 1) * MINUTE_MS).filter((at) => {
    const india = new Date(at + 330 * MINUTE_MS).toISOString();
    const date = india.slice(0, 10);
    const day = calendar.day(market, date);
    const plain = days.get(date) ?? { date, weekday: weekdayOf(date), sessions: (day.kind === 'open' ? day.sessions : []).filter(({ kind }) => given.specialSessions || kind !== 'special') };
    days.set(date, plain);
    return isDue(given, plain, at, india.slice(11, 16));
  });
}

function isDue(given: Case, { weekday, sessions }: PlainDay, at: EpochMs, time: string): boolean {
  if (given.weekdays?.includes(weekday) === false) return false;
  const [first, last] = [sessions[0], sessions.at(-1)];
  const holder = sessions.find(({ from, until }) => at >= from && at < until);
  if (given.scope === 'inSession' && holder === undefined) return false;
  if (given.scope === 'tradingDays' && first === undefined) return false;
  return matches(given.rule, { at, weekday, time, first, last, holder });
}

function matches(given: Case['rule'], { at, weekday, time, first, last, holder }: {
  readonly at: EpochMs; readonly weekday: number; readonly time: string;
  readonly first: TradingSession | undefined; readonly last: TradingSession | undefined; readonly holder: TradingSession | undefined;
}): boolean {
  const { rule } = given;
  switch (rule.kind) {
    case 'every': {
      const since = holder === undefined ? -1 : at - holder.from - rule.offsetSeconds * 1_000;
      return since >= 0 && since % (rule.minutes * MINUTE_MS) === 0;
    }
    case 'times': return rule.times.includes(time);
    case 'afterOpen': return first !== undefined && at === first.from + rule.minutes * MINUTE_MS;
    case 'beforeClose': return last !== undefined && at === last.until - rule.minutes * MINUTE_MS;
    case 'cron': {
      const [hour, minute] = time.split(':').map(Number);
      return 'plain' in given && Number(minute) % given.plain.step === 0 && Number(hour) >= given.plain.hours[0] && Number(hour) <= given.plain.hours[1] && given.plain.weekdays.includes(weekday);
    }
  }
}

/** Asked for one after the other, as a scheduler does. */
function walked(given: Case): readonly EpochMs[] {
  const schedule = scheduleOf(given);
  const moments: EpochMs[] = [];
  let last = nextAfter(schedule, calendar, given.start);
  while (last !== undefined && last <= given.start + WINDOW_MINUTES * MINUTE_MS) {
    moments.push(last);
    last = nextAfter(schedule, calendar, last);
  }
  expect(moments.every((at, index) => at > (moments[index - 1] ?? given.start))).toBe(true);
  return moments;
}

test('the moments one after the other are those that asking every minute finds, for any schedule', () => {
  fc.assert(fc.property(cases, (given) => {
    expect(walked(given).map((at) => new Date(at).toISOString())).toEqual(bruteForce(given).map((at) => new Date(at).toISOString()));
  }), { numRuns: 100 });
});

test('in session nothing ever fires outside of one', () => {
  fc.assert(fc.property(cases, (given) => {
    const schedule = scheduleOf({ ...given, scope: 'inSession' });
    const at = nextAfter(schedule, calendar, given.start);
    if (at === undefined) return;
    expect(at).toBeGreaterThan(given.start);
    expect(calendar.sessionAt(marketOfSchedule(schedule), at)).toBeDefined();
  }), { numRuns: 150 });
});

test('where one is asked from does not matter between two moments', () => {
  fc.assert(fc.property(cases, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (given, part) => {
    const schedule = scheduleOf(given);
    const at = nextAfter(schedule, calendar, given.start);
    if (at === undefined) return;
    expect(nextAfter(schedule, calendar, Math.min(at - 1, Math.floor(given.start + (at - given.start) * part)))).toBe(at);
    expect(nextAfter(schedule, calendar, at - 1)).toBe(at);
  }), { numRuns: 60 });
});
