import { z } from 'zod';
import { Exchange } from '../market';
import { SESSION_GROUPS } from '../session/sessionGroup';
import { readCron } from './cron';

const MAX_MINUTES = 24 * 60;
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

/** When something is due, relative to the sessions of a market or to the clock of India. */
export const ScheduleRule = z.discriminatedUnion('kind', [
  /** Every n minutes, counted from each session's open: for 09:15 and n = 30 that is 09:15, 09:45, … The close itself is not among them. */
  z.strictObject({
    kind: z.literal('every'),
    minutes: z.int().min(1).max(MAX_MINUTES),
    /** Shifts all of them, e.g. 2 seconds for a candle to be closed; the first one then comes this long after the open. */
    offsetSeconds: z.int().min(0).max(MAX_MINUTES * 60).default(0),
  }),
  /** At times of day, `HH:mm` or `HH:mm:ss` in India. */
  z.strictObject({ kind: z.literal('times'), times: z.array(z.string().regex(TIME_OF_DAY, 'Write times as HH:mm, e.g. 09:20.')).min(1).max(100) }),
  /** Once a day, after the first session's open; 0 is the open. Nothing happens on a day on which that lies beyond midnight. */
  z.strictObject({ kind: z.literal('afterOpen'), minutes: z.int().min(0).max(MAX_MINUTES) }),
  /** Once a day, before the last session's close. */
  z.strictObject({ kind: z.literal('beforeClose'), minutes: z.int().min(1).max(MAX_MINUTES) }),
  /** Five fields (minute hour day month weekday) or six with one fixed second in front, in India's time. */
  z.strictObject({
    kind: z.literal('cron'),
    expression: z.string().max(200).superRefine((text, context) => {
      const read = readCron(text);
      if (!read.ok) context.addIssue({ code: 'custom', message: read.denial.message });
    }),
  }),
]);
export type ScheduleRule = z.infer<typeof ScheduleRule>;

/**
 * When a moment counts. inSession: during continuous trading only. tradingDays: at any time of a day with a session (a report after the close).
 * everyDay: always, on holidays and on days that the calendar does not know too. Moments relative to a session need one whatever this says.
 */
export const ScheduleScope = z.enum(['inSession', 'tradingDays', 'everyDay']);
export type ScheduleScope = z.infer<typeof ScheduleScope>;

/** A rule of time together with the market whose days and sessions it follows. */
export const Schedule = z.strictObject({
  rule: ScheduleRule,
  exchange: Exchange.default('NSE'),
  /** Absent: hours that all of the exchange's instruments share; see `marketOf`. */
  group: z.enum(SESSION_GROUPS).optional(),
  /** 1 is Monday, 7 is Sunday. Absent: every day that is otherwise right, special Saturdays and Sundays included. */
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).optional(),
  scope: ScheduleScope.default('inSession'),
  /** False leaves out sessions of other than the usual hours: muhurat, tests of the disaster site. */
  specialSessions: z.boolean().default(true),
});
export type Schedule = z.infer<typeof Schedule>;
export type ScheduleInput = z.input<typeof Schedule>;
