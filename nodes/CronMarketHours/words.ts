import { indiaDate, indiaMidnight, weekdayOf } from '../../runtime/domain/session';
import { SECOND_MS, type EpochMs } from '../../runtime/domain/time';
import type { Meaning } from '../../runtime/hosts/meaning';
import { readParameters } from '../../runtime/hosts/parameters';
import { CronParams, timesOf } from './parameters';
import { scheduleOf } from './scheduleOf';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** A moment as the canvas shows it: the time alone today, with the day otherwise. Seconds only where there are some. */
export function momentText(at: EpochMs, now: EpochMs): string {
  const midnight = indiaMidnight(at);
  const seconds = Math.floor((at - midnight) / SECOND_MS);
  const [hour, minute, second] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  const time = second === '00' ? `${hour}:${minute}` : `${hour}:${minute}:${second}`;
  const date = indiaDate(at);
  if (date === indiaDate(now)) return time;
  const [, month = '1', day = '1'] = date.split('-');
  return `${DAYS[weekdayOf(date) - 1] ?? ''} ${Number(day)} ${MONTHS[Number(month) - 1] ?? ''} ${time}`;
}

/** What a form means, in words, while a person fills it in. */
export function meaningOfForm(values: Readonly<Record<string, unknown>>): Meaning {
  const params = readParameters(CronParams, values, { numbersAsText: true });
  if (!params.ok) return params;
  const schedule = scheduleOf(params.value);
  return schedule.ok ? { ok: true, lines: [whenText(params.value), missedText(params.value)] } : schedule;
}

function whenText(params: CronParams): string {
  return [ruleText(params), daysText(params), scopeText(params)].filter((part) => part !== '').join(', ');
}

function ruleText({ fires, exchange, minutes, delaySeconds, times, minutesAfterOpen, minutesBeforeClose, cron }: CronParams): string {
  switch (fires) {
    case 'every': return `Every ${count(minutes, 'minute')} from the open of ${exchange}${delaySeconds === 0 ? '' : `, ${delaySeconds} s later each time`}`;
    case 'times': return `At ${timesOf(times).join(', ')} in India`;
    case 'afterOpen': return minutesAfterOpen === 0 ? `At the open of ${exchange}` : `${count(minutesAfterOpen, 'minute')} after the open of ${exchange}`;
    case 'beforeClose': return `${count(minutesBeforeClose, 'minute')} before the close of ${exchange}`;
    case 'cron': return `By the expression ${cron} in India’s time`;
  }
}

function daysText({ days }: CronParams): string {
  return days.length === 0 ? '' : `on ${days.map((day) => day.slice(0, 1).toUpperCase() + day.slice(1)).join(', ')}`;
}

function scopeText({ fires, scope, exchange }: CronParams): string {
  if (fires !== 'times' && fires !== 'cron') return '';
  return { inSession: `while ${exchange} is open`, tradingDays: `on trading days of ${exchange}`, everyDay: 'holidays too' }[scope];
}

function missedText({ drives, graceSeconds }: CronParams): string {
  const late = `A time that is missed by more than ${graceSeconds} s`;
  return { entries: `${late} is left out.`, exits: `${late} is caught up at once, until the day’s close.`, reports: `${late} is caught up once, until the day’s close.` }[drives];
}

function count(number: number, unit: string): string {
  return number === 1 ? `1 ${unit}` : `${number} ${unit}s`;
}
