import { z } from 'zod';
import { readCron } from '../../runtime/domain/schedule';
import { field } from '../../runtime/hosts/field';

const MAX_MINUTES = 24 * 60;
const TIME_OF_DAY = /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;
const TIMES_HELP = 'Write times as HH:mm, separated by commas, e.g. 09:20, 15:00';

/** The times of a list, in the spelling of schedules. */
export function timesOf(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '').map((time) => time.padStart(time.length + (/^\d:/.test(time) ? 1 : 0), '0'));
}

export const CronParams = z.object({
  exchange: z.enum(['NSE', 'BSE', 'NFO', 'BFO', 'CDS', 'BCD', 'MCX']).default('NSE').register(field, {
    label: 'Exchange', help: 'Whose days and hours count.',
    options: { NSE: 'NSE', BSE: 'BSE', NFO: 'NFO (NSE Derivatives)', BFO: 'BFO (BSE Derivatives)', CDS: 'CDS (NSE Currency)', BCD: 'BCD (BSE Currency)', MCX: 'MCX (Commodities)' },
  }),
  fires: z.enum(['every', 'times', 'afterOpen', 'beforeClose', 'cron']).default('every').register(field, {
    label: 'Fires', options: { every: 'Every N Minutes', times: 'At Times of Day', afterOpen: 'After the Open', beforeClose: 'Before the Close', cron: 'Cron Expression' },
    help: 'Everything is in India’s time, wherever this machine stands.',
  }),
  minutes: z.int().min(1).max(MAX_MINUTES).default(5).register(field, { label: 'Every', unit: 'min', help: 'Counted from the session’s open: 09:15, 09:20, … The close itself is not among them.', showWhen: { fires: ['every'] } }),
  delaySeconds: z.int().min(0).max(3_600).default(2).register(field, { label: 'Delay', unit: 's', help: 'So much later each time, for the candle that has just ended to be complete.', showWhen: { fires: ['every'] } }),
  times: z.string().max(1_000).superRefine((text, context) => {
    if (timesOf(text).length === 0 || !timesOf(text).every((time) => TIME_OF_DAY.test(time))) context.addIssue({ code: 'custom', message: TIMES_HELP });
  }).default('09:20').register(field, { label: 'Times', placeholder: '09:20, 12:30, 15:00', help: 'Times of day, separated by commas. The account squares intraday positions (MIS) off at 15:05 unless it says otherwise: exits of your own come before that.', showWhen: { fires: ['times'] } }),
  minutesAfterOpen: z.int().min(0).max(MAX_MINUTES).default(15).register(field, { label: 'After the Open', unit: 'min', help: 'Once a day. 0 is the open itself.', showWhen: { fires: ['afterOpen'] } }),
  minutesBeforeClose: z.int().min(1).max(MAX_MINUTES).default(15).register(field, { label: 'Before the Close', unit: 'min', help: 'Once a day, by that day’s own close.', showWhen: { fires: ['beforeClose'] } }),
  cron: z.string().max(200).superRefine((text, context) => {
    const read = readCron(text);
    if (!read.ok) context.addIssue({ code: 'custom', message: read.denial.message });
  }).default('*/15 9-15 * * *').register(field, { label: 'Cron Expression', placeholder: '*/15 9-15 * * 1-5', help: 'Minute, hour, day, month, weekday. A sixth field in front is a fixed second.', showWhen: { fires: ['cron'] } }),
  scope: z.enum(['inSession', 'tradingDays', 'everyDay']).default('inSession').register(field, {
    label: 'Only', options: { inSession: 'While the Market Is Open', tradingDays: 'On Trading Days, at Any Time', everyDay: 'Every Day, Holidays Too' },
    help: 'Holidays are left out unless every day counts.', showWhen: { fires: ['times', 'cron'] },
  }),
  drives: z.enum(['entries', 'exits', 'reports']).default('entries').register(field, {
    label: 'This Schedule Drives', options: { entries: 'Entries', exits: 'Exits', reports: 'Reports' },
    help: 'What happens after this machine slept through a time. Exits are caught up at once, until the day’s close. Reports as well. Entries are left out.',
  }),
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).default([]).register(field, {
    label: 'Days', options: { mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday', fri: 'Friday', sat: 'Saturday', sun: 'Sunday' },
    help: 'None chosen means every trading day, special Saturdays and Sundays too.', section: 'Options',
  }),
  shares: z.enum(['cashWithDerivatives', 'cash']).default('cashWithDerivatives').register(field, {
    label: 'Hours Of', options: { cashWithDerivatives: 'All Shares', cash: 'Shares Without Derivatives' },
    help: 'Shares with derivatives close earlier, at 15:15, since August 2026; the hours of all shares end there.', section: 'Options', showWhen: { exchange: ['NSE', 'BSE'] },
  }),
  specialSessions: z.boolean().default(true).register(field, { label: 'Special Sessions', help: 'Whether it also fires in muhurat trading and other sessions off the usual hours.', section: 'Options' }),
  graceSeconds: z.int().min(1).max(3_600).default(60).register(field, { label: 'Misfire Grace', unit: 's', help: 'Up to this late a firing counts as in time.', section: 'Options' }),
  coalesce: z.boolean().default(true).register(field, { label: 'Coalesce', help: 'Whether of several times that are due at once only the newest fires.', section: 'Options' }),
  maxInstances: z.int().min(1).max(100).default(1).register(field, { label: 'Maximum Instances', help: 'How many runs of the flow that this schedule started may be at work at one time.', section: 'Options' }),
  whenBusy: z.enum(['skip', 'afterwards']).default('skip').register(field, {
    label: 'When Busy', options: { skip: 'Skip', afterwards: 'Fire Once Afterwards' }, help: 'What happens at a time when that many runs are still at work.', section: 'Options',
  }),
  signalName: z.string().max(80).optional().register(field, { label: 'Signal Name', placeholder: 'square-off', help: 'Travels with the item as signal.name.', section: 'Options' }),
});
export type CronParams = z.infer<typeof CronParams>;
