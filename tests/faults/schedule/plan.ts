import { createTradingCalendar, indiaTime } from '../../../runtime/domain/session';
import { cronMarketHours } from '../../../nodes/CronMarketHours/definition';
import { nextAfter } from '../../../runtime/domain/schedule';
import { scheduleOf } from '../../../nodes/CronMarketHours/scheduleOf';

/** A process of its own: prints this machine's offset from UTC in summer and winter, and the times that several nodes plan over the days on which New York and London change their clocks. */
const NODES: readonly Readonly<Record<string, unknown>>[] = [
  {}, { minutes: 75 }, { fires: 'times', times: '09:20,15:10' }, { fires: 'beforeClose', exchange: 'MCX' }, { fires: 'afterOpen', exchange: 'CDS' },
  { fires: 'cron', cron: '*/30 * * * *', exchange: 'MCX' }, { fires: 'times', times: '02:30', scope: 'everyDay' }, { fires: 'times', times: '10:00', days: ['mon', 'sat'] },
];
const MOMENTS = 200;

const calendar = createTradingCalendar();
const plans = NODES.flatMap((node) => ['2026-03-05', '2026-10-28'].map((date) => {
  const schedule = scheduleOf(cronMarketHours.params.parse(node));
  if (!schedule.ok) throw new Error(schedule.denial.message);
  const planned: number[] = [];
  for (let after: number | undefined = indiaTime(date, '00:00'); after !== undefined && planned.length < MOMENTS; ) {
    after = nextAfter(schedule.value, calendar, after);
    if (after !== undefined) planned.push(after);
  }
  return planned;
}));
process.stdout.write(JSON.stringify({ offsets: ['2026-01-01', '2026-07-01'].map((day) => new Date(`${day}T00:00:00Z`).getTimezoneOffset()), plans }));
