import { z } from 'zod';
import { deny, ok, type Outcome } from '../denial';
import { Exchange } from '../market';
import type { CalendarData, DayRule, HoursRow } from './calendarData';
import { dateOf } from './days';
import { SESSION_GROUPS } from './sessionGroup';

/** The user's file of days and hours, in the state directory. */
export const CALENDAR_FILE = 'calendar.json';

const MAX_DAYS = 5_000;
const REMEDY = 'Correct the entry; nothing of the file is used before. docs/guide/calendar.md shows what it may hold.';

const Day = z.string().refine((text) => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return parts !== null && dateOf(Number(parts[1]), Number(parts[2]), Number(parts[3])) !== undefined;
}, 'is no day: write YYYY-MM-DD, e.g. 2026-11-08');
const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day: write HH:mm, e.g. 18:15');
const Reason = z.string().min(1).max(200);
const Markets = { exchanges: z.array(Exchange).min(1).optional(), groups: z.array(z.enum(SESSION_GROUPS)).min(1).optional() };

const Span = z.strictObject({ from: Time, until: Time.optional(), kind: z.enum(['regular', 'special', 'evening']).optional() })
  .refine(({ from, until }) => until === undefined || from < until, { path: ['until'], message: 'must be later than from' });
type Span = z.infer<typeof Span>;

/** A day on which markets rest; without `exchanges` all of them. */
const ClosedDay = z.strictObject({ date: Day, reason: Reason.default('Holiday'), ...Markets });

/** Until 23:30 commodities trade on every day, so a session that begins before may leave its end to the usual close. */
const EARLIEST_COMMODITY_CLOSE = '23:30';

/** A day on which markets trade: the usual hours, or the given sessions (MCX's without `until` to the usual close). It holds before a closed day. */
const OpenDay = z.strictObject({
  date: Day, reason: Reason.default('Special session'), ...Markets, muhurat: z.boolean().default(false),
  sessions: z.array(Span).min(1).max(10).refine(inOrder, 'must follow each other without overlap').optional(),
}).refine(({ sessions = [], exchanges = [] }) => {
  const commodities = exchanges.length > 0 && exchanges.every((exchange) => exchange === 'MCX' || exchange === 'MCX_INDEX');
  return sessions.every(({ from, until }) => until !== undefined || (commodities && from < EARLIEST_COMMODITY_CLOSE));
}, { path: ['sessions'], message: 'need their until; only sessions of MCX may end with the usual close' });

/** Usual hours from a day on; `summerClose` holds while New York keeps daylight time. */
const Hours = z.strictObject({ from: Day, until: Day.optional(), ...Markets, open: Time, close: Time, summerClose: Time.optional() })
  .refine(({ open, close, summerClose = close }) => open < close && open < summerClose, { path: ['close'], message: 'must be later than open' })
  .refine(({ from, until = from }) => from <= until, { path: ['until'], message: 'must not be earlier than from' });

const CalendarFile = z.strictObject({
  /** Years whose holidays are all known, with this file. */
  years: z.array(z.int().min(2000).max(2100)).max(100).default([]),
  closedDays: z.array(ClosedDay).max(MAX_DAYS).default([]),
  openDays: z.array(OpenDay).max(MAX_DAYS).default([]),
  hours: z.array(Hours).max(MAX_DAYS).default([]),
}).superRefine(({ closedDays, openDays }, context) => {
  for (const [section, days] of [['closedDays', closedDays], ['openDays', openDays]] as const) {
    const taken = new Map<string, number>();
    for (const [index, day] of days.entries()) {
      for (const market of marketsOfEntry(day)) {
        const earlier = taken.get(`${day.date} ${market}`);
        if (earlier !== undefined) context.addIssue({ code: 'custom', path: [section, index, 'date'], message: `${day.date} stands in ${section}[${earlier}] already, for the same market` });
        taken.set(`${day.date} ${market}`, index);
        if (earlier !== undefined) break;
      }
    }
  }
});
type CalendarFile = z.infer<typeof CalendarFile>;

/**
 * Reads the user's calendar. All of it or nothing: denies INVALID_PARAMETER with the path of the entry that is wrong (`openDays[2].sessions[0].from`).
 */
export function readCalendarFile(text: string): Outcome<CalendarData> {
  const twice = Object.keys(CalendarFile.shape).find((section) => text.split(new RegExp(`"${section}"\\s*:`)).length > 2);
  if (twice !== undefined) return refused(twice, 'stands twice; put both lists into one');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return refused('', `is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = CalendarFile.safeParse(content);
  if (read.success) return ok(dataOf(read.data));
  const [issue] = read.error.issues;
  return refused(pathOf(issue?.path ?? []), issue?.message ?? 'is wrong');
}

/** Open days stand behind closed ones: of several that fit, the last one holds. */
function dataOf({ years, closedDays, openDays, hours }: CalendarFile): CalendarData {
  return {
    years,
    days: [...closedDays.map((day): DayRule => ({ ...marketFilter(day), date: day.date, reason: day.reason, then: 'closed' })), ...openDays.map(openRule)],
    hours: hours.map(({ from, until, open, close, summerClose, ...markets }): HoursRow => ({
      ...marketFilter(markets), from, ...(until === undefined ? {} : { until }), hours: { open, close, ...(summerClose === undefined ? {} : { summerClose }) },
    })),
  };
}

function openRule(day: z.infer<typeof OpenDay>): DayRule {
  const spans = day.sessions?.map(({ from, until, kind }) => ({ open: from, ...(until === undefined ? {} : { close: until }), ...(kind === undefined ? {} : { kind }) }));
  return { ...marketFilter(day), date: day.date, reason: day.reason, then: spans ?? 'usual', ceremonial: day.muhurat };
}

interface Entry {
  readonly exchanges?: readonly Exchange[] | undefined;
  readonly groups?: readonly (typeof SESSION_GROUPS)[number][] | undefined;
}

function marketFilter({ exchanges, groups }: Entry): Pick<DayRule, 'exchanges' | 'groups'> {
  return { ...(exchanges === undefined ? {} : { exchanges }), ...(groups === undefined ? {} : { groups }) };
}

function marketsOfEntry({ exchanges = Exchange.options, groups = SESSION_GROUPS }: Entry): readonly string[] {
  return exchanges.flatMap((exchange) => groups.map((group) => `${exchange} ${group}`));
}

function inOrder(spans: readonly Span[]): boolean {
  return spans.every(({ from }, index) => index === 0 || from >= (spans[index - 1]?.until ?? '24:00'));
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('').replace(/^\./, '');
}

function refused(path: string, why: string): ReturnType<typeof deny> {
  return deny('INVALID_PARAMETER', `${CALENDAR_FILE}${path === '' ? '' : `, ${path}`}: ${why}. ${REMEDY}`, { field: CALENDAR_FILE, value: path, remedy: REMEDY });
}
