import { DateTime } from 'luxon';
import { indiaDate } from '../../runtime/domain/session';
import { INDIA_ZONE, type EpochMs } from '../../runtime/domain/time';
import type { Meaning } from '../../runtime/hosts/meaning';
import { readParameters } from '../../runtime/hosts/parameters';
import { CronParams, timesOf } from './parameters';
import { scheduleOf } from './scheduleOf';

/** A moment as the canvas shows it: the time alone today, with the day otherwise. Seconds only where there are some. */
export function momentText(at: EpochMs, now: EpochMs): string {
  const moment = DateTime.fromMillis(at, { zone: INDIA_ZONE, locale: 'en' });
  const time = moment.toFormat(moment.second === 0 ? 'HH:mm' : 'HH:mm:ss');
  return indiaDate(at) === indiaDate(now) ? time : `${moment.toFormat('ccc d LLL')} ${time}`;
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
