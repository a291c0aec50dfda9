import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import { Schedule, type CatchUp, type ScheduleInput } from '../../runtime/domain/schedule';
import { timesOf, type CronParams } from './parameters';

const WEEKDAYS = { mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6, sun: 7 } as const;

/** What becomes of a time that was slept through, by what the schedule drives. */
export const CATCH_UP: Readonly<Record<CronParams['drives'], CatchUp>> = { entries: 'skip', exits: 'exits', reports: 'once' };

/** The schedule that a node's form describes. */
export function scheduleOf(params: CronParams): Outcome<Schedule> {
  const { exchange, days, shares, specialSessions, scope, fires } = params;
  const isShares = exchange === 'NSE' || exchange === 'BSE';
  const read = Schedule.safeParse({
    rule: ruleOf(params), exchange, specialSessions,
    ...(isShares ? { group: shares } : {}),
    ...(days.length === 0 ? {} : { weekdays: days.map((day) => WEEKDAYS[day]) }),
    ...(fires === 'times' || fires === 'cron' ? { scope } : {}),
  } satisfies ScheduleInput);
  return read.success ? ok(read.data) : deny('INVALID_PARAMETER', read.error.issues[0]?.message ?? 'The schedule can not be read.');
}

function ruleOf({ fires, minutes, delaySeconds, times, minutesAfterOpen, minutesBeforeClose, cron }: CronParams): ScheduleInput['rule'] {
  switch (fires) {
    case 'every': return { kind: 'every', minutes, offsetSeconds: delaySeconds };
    case 'times': return { kind: 'times', times: [...timesOf(times)] };
    case 'afterOpen': return { kind: 'afterOpen', minutes: minutesAfterOpen };
    case 'beforeClose': return { kind: 'beforeClose', minutes: minutesBeforeClose };
    case 'cron': return { kind: 'cron', expression: cron };
  }
}
