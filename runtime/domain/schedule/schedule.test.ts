import { execFileSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { createTradingCalendar, indiaTime, readCalendarFile, type TradingCalendar } from '../session';
import type { EpochMs } from '../time';
import { readCron } from './cron';
import { nextAfter } from './nextAfter';
import { Schedule, type ScheduleInput } from './schedule';

const calendar = createTradingCalendar();
const at = (text: string): EpochMs => indiaTime(text.slice(0, 10), text.slice(11));

function inIndia(time: EpochMs): string {
  return new Date(time + 5.5 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ').replace(/:00$/, '');
}

/** The first moments after a time, as India's clock shows them. */
function firings(input: ScheduleInput, after: string, count: number, days: TradingCalendar = calendar): readonly string[] {
  const schedule = Schedule.parse(input);
  const moments: string[] = [];
  let last: EpochMs | undefined = at(after);
  while (moments.length < count) {
    last = nextAfter(schedule, days, last);
    if (last === undefined) break;
    moments.push(inIndia(last));
  }
  return moments;
}

const every = (minutes: number, offsetSeconds = 0): ScheduleInput['rule'] => ({ kind: 'every', minutes, offsetSeconds });
const times = (...list: readonly string[]): ScheduleInput['rule'] => ({ kind: 'times', times: [...list] });
const cron = (expression: string): ScheduleInput['rule'] => ({ kind: 'cron', expression });

describe('in session', () => {
  test('every n minutes is counted from the open and ends before the close', () => {
    expect(firings({ exchange: 'NFO', rule: every(75) }, '2026-07-30 00:00', 7)).toEqual([
      '2026-07-30 09:15', '2026-07-30 10:30', '2026-07-30 11:45', '2026-07-30 13:00', '2026-07-30 14:15', '2026-07-31 09:15', '2026-07-31 10:30',
    ]);
    expect(firings({ exchange: 'NFO', rule: every(5) }, '2026-07-30 15:24', 2)).toEqual(['2026-07-30 15:25', '2026-07-31 09:15']);
    expect(firings({ exchange: 'NFO', rule: every(5, 2) }, '2026-07-30 15:24', 3)).toEqual(['2026-07-30 15:25:02', '2026-07-31 09:15:02', '2026-07-31 09:20:02']);
  });

  test('minutes after the open and before the close follow the day\'s own sessions', () => {
    expect(firings({ exchange: 'NFO', rule: { kind: 'beforeClose', minutes: 20 } }, '2026-07-30 00:00', 3)).toEqual(['2026-07-30 15:10', '2026-07-31 15:10', '2026-08-03 15:20']);
    expect(firings({ exchange: 'NSE', rule: { kind: 'beforeClose', minutes: 20 } }, '2026-07-31 00:00', 2)).toEqual(['2026-07-31 15:10', '2026-08-03 14:55']);
    expect(firings({ exchange: 'NSE', group: 'cash', rule: { kind: 'beforeClose', minutes: 20 } }, '2026-08-03 00:00', 1)).toEqual(['2026-08-03 15:10']);
    expect(firings({ exchange: 'NFO', rule: { kind: 'afterOpen', minutes: 0 } }, '2026-07-30 09:15', 1)).toEqual(['2026-07-31 09:15']);
    expect(firings({ exchange: 'NFO', rule: { kind: 'afterOpen', minutes: 30 } }, '2024-03-01 16:00', 2)).toEqual(['2024-03-02 09:45', '2024-03-04 09:45']);
    expect(firings({ exchange: 'NFO', rule: { kind: 'beforeClose', minutes: 30 } }, '2024-03-01 16:00', 1)).toEqual(['2024-03-02 12:00']);
  });

  test('a cron that runs from nine to four fires while the exchange trades and not before or after', () => {
    const list = firings({ exchange: 'NFO', rule: cron('*/5 9-15 * * *') }, '2022-06-03 00:00', 152);
    expect([list[0], list[74], list[75]]).toEqual(['2022-06-03 09:15', '2022-06-03 15:25', '2022-06-06 09:15']);
    expect(firings({ exchange: 'NFO', rule: cron('30 20 10 * * 1') }, '2022-06-03 00:00', 2)).toEqual(['2022-06-06 10:20:30', '2022-06-13 10:20:30']);
  });

  test('asked for a millisecond before, a moment comes next, and asked for at it, the one behind it', () => {
    const opening = at('2022-06-06 09:15');
    for (const rule of [cron('15 9 * * *'), times('09:15'), every(400), { kind: 'afterOpen', minutes: 0 } as const]) {
      const schedule = Schedule.parse({ exchange: 'NFO', rule });
      expect([opening - 1, opening - 999, opening].map((after) => inIndia(nextAfter(schedule, calendar, after) ?? 0))).toEqual(['2022-06-06 09:15', '2022-06-06 09:15', '2022-06-07 09:15']);
    }
  });

  test('times outside of the session wait for a day on which they lie inside', () => {
    expect(firings({ exchange: 'NFO', rule: times('09:00', '18:30', '12:00') }, '2021-11-03 13:00', 3)).toEqual(['2021-11-04 18:30', '2021-11-08 12:00', '2021-11-09 12:00']);
  });
});

describe('other scopes', () => {
  test('minutes after the open that lie beyond midnight belong to no day', () => {
    // 345 minutes after the muhurat hour's open at 18:15 it is midnight.
    expect(firings({ exchange: 'NSE', scope: 'everyDay', rule: { kind: 'afterOpen', minutes: 345 } }, '2021-11-03 16:00', 1)).toEqual(['2021-11-08 15:00']);
    expect(firings({ exchange: 'NSE', scope: 'everyDay', rule: { kind: 'afterOpen', minutes: 344 } }, '2021-11-03 16:00', 1)).toEqual(['2021-11-04 23:59']);
  });

  test('on trading days a report comes after the close, on a holiday none does', () => {
    expect(firings({ exchange: 'NFO', scope: 'tradingDays', rule: times('16:00') }, '2026-11-20 15:00', 3)).toEqual(['2026-11-20 16:00', '2026-11-23 16:00', '2026-11-25 16:00']);
    expect(firings({ exchange: 'NFO', scope: 'tradingDays', rule: cron('0 16 * * *') }, '2026-11-20 15:00', 3)).toEqual(['2026-11-20 16:00', '2026-11-23 16:00', '2026-11-25 16:00']);
  });

  test('every day is every day, where the calendar ends too', () => {
    expect(firings({ exchange: 'NFO', scope: 'everyDay', rule: times('08:00') }, '2026-12-31 15:00', 2)).toEqual(['2027-01-01 08:00', '2027-01-02 08:00']);
    expect(firings({ exchange: 'NFO', scope: 'everyDay', rule: cron('0 0 29 2 *') }, '2024-02-29 00:00', 1)).toEqual(['2028-02-29 00:00']);
  });

  test('weekdays leave out the rest, special Saturdays included', () => {
    const weekdays = [1, 2, 3, 4, 5];
    expect(firings({ exchange: 'NFO', weekdays, rule: times('10:00') }, '2025-01-31 12:00', 1)).toEqual(['2025-02-03 10:00']);
    expect(firings({ exchange: 'NFO', rule: times('10:00') }, '2025-01-31 12:00', 1)).toEqual(['2025-02-01 10:00']);
    expect(firings({ exchange: 'NFO', weekdays: [4], rule: every(300) }, '2026-11-20 12:00', 3)).toEqual(['2026-11-26 09:15', '2026-11-26 14:15', '2026-12-03 09:15']);
  });
});

describe('fault 46: a holiday, muhurat, a special Saturday, a missing calendar', () => {
  test('a holiday is left out, and commodities have their evening', () => {
    expect(firings({ exchange: 'NFO', rule: every(240) }, '2026-11-23 14:00', 2)).toEqual(['2026-11-25 09:15', '2026-11-25 13:15']);
    expect(firings({ exchange: 'MCX', rule: every(240) }, '2026-11-23 22:00', 3)).toEqual(['2026-11-24 17:00', '2026-11-24 21:00', '2026-11-25 09:00']);
  });

  test('the hour of muhurat has its own open and close, and can be left out', () => {
    expect(firings({ exchange: 'NSE', rule: every(25) }, '2025-10-20 16:00', 4)).toEqual(['2025-10-21 13:45', '2025-10-21 14:10', '2025-10-21 14:35', '2025-10-23 09:15']);
    expect(firings({ exchange: 'NSE', rule: { kind: 'beforeClose', minutes: 10 } }, '2025-10-20 16:00', 1)).toEqual(['2025-10-21 14:35']);
    expect(firings({ exchange: 'NSE', rule: { kind: 'beforeClose', minutes: 90 } }, '2025-10-20 16:00', 1)).toEqual(['2025-10-23 14:00']);
    expect(firings({ exchange: 'NSE', specialSessions: false, rule: every(25) }, '2025-10-20 16:00', 1)).toEqual(['2025-10-23 09:15']);
    expect(firings({ exchange: 'NSE', specialSessions: false, scope: 'tradingDays', rule: times('08:00') }, '2025-10-20 16:00', 1)).toEqual(['2025-10-23 08:00']);
  });

  test('a special Saturday in two halves is counted from each half\'s open', () => {
    expect(firings({ exchange: 'NFO', rule: every(30) }, '2024-03-01 16:00', 5)).toEqual(['2024-03-02 09:15', '2024-03-02 09:45', '2024-03-02 11:30', '2024-03-02 12:00', '2024-03-04 09:15']);
    expect(firings({ exchange: 'NFO', rule: cron('*/20 * * * *') }, '2024-03-01 16:00', 6)).toEqual(['2024-03-02 09:20', '2024-03-02 09:40', '2024-03-02 11:40', '2024-03-02 12:00', '2024-03-02 12:20', '2024-03-04 09:20']);
  });

  test('behind the end of the calendar nothing fires, and with a year added it does', () => {
    const schedule: ScheduleInput = { exchange: 'NFO', rule: every(5) };
    expect(firings(schedule, '2026-12-31 15:30', 3)).toEqual(['2026-12-31 15:35']);
    expect(firings({ ...schedule, rule: cron('*/5 * * * *') }, '2026-12-31 15:30', 3)).toEqual(['2026-12-31 15:35']);
    const own = readCalendarFile('{"years":[2027]}');
    if (!own.ok) throw new Error(own.denial.message);
    expect(firings(schedule, '2026-12-31 15:30', 2, createTradingCalendar({ overrides: own.value }))).toEqual(['2026-12-31 15:35', '2027-01-01 09:15']);
  });
});

test('fault 45: a machine in New York makes the same plan', () => {
  const bundled = buildSync({
    stdin: { contents: 'export * from "./index"; export { createTradingCalendar } from "../session";', resolveDir: __dirname, loader: 'ts' },
    bundle: true, platform: 'node', format: 'cjs', write: false,
  }).outputFiles[0]?.text ?? '';
  const plans: readonly ScheduleInput[] = [
    { exchange: 'NFO', rule: every(45) }, { exchange: 'MCX', rule: { kind: 'beforeClose', minutes: 15 } }, { exchange: 'NSE', rule: times('09:20', '15:10') },
    { exchange: 'NSE', rule: cron('*/40 * * * *') }, { exchange: 'NSE', scope: 'everyDay', rule: cron('30 2 * * *') }, { exchange: 'NSE', scope: 'everyDay', rule: times('02:30') },
  ];
  // New York's clocks change on 2026-03-08 and 2026-11-01.
  const starts = ['2026-03-05 00:00', '2026-10-29 00:00'].map(at);
  const program = `${bundled};
    const { exports: made } = module;
    const days = made.createTradingCalendar();
    const walk = (input, start) => { let last = start; return Array.from({ length: 40 }, () => (last = made.nextAfter(made.Schedule.parse(input), days, last))); };
    process.stdout.write(JSON.stringify({ zone: new Date(STARTS[0]).getTimezoneOffset(), plans: PLANS.map((input) => STARTS.map((start) => walk(input, start))) }));`;
  const printed = execFileSync(process.execPath, ['-'], {
    input: `const PLANS = ${JSON.stringify(plans)}, STARTS = ${JSON.stringify(starts)};${program}`, env: { ...process.env, TZ: 'America/New_York' },
  });
  const walk = (input: ScheduleInput, start: EpochMs): readonly EpochMs[] => {
    let last = start;
    return Array.from({ length: 40 }, () => (last = nextAfter(Schedule.parse(input), calendar, last) ?? NaN));
  };
  expect(JSON.parse(printed.toString())).toEqual({ zone: 300, plans: plans.map((input) => starts.map((start) => walk(input, start))) });
});

test('fault 44: a clock that jumps back repeats nothing, for the plan goes on from the last moment and not from the clock', () => {
  const schedule = Schedule.parse({ exchange: 'NFO', rule: every(5) });
  const handled = at('2026-11-20 10:05');
  expect(inIndia(nextAfter(schedule, calendar, handled) ?? 0)).toBe('2026-11-20 10:10');
});

describe('a schedule that makes no sense', () => {
  test.each<[ScheduleInput['rule'], string]>([
    [cron('*/5 9-15 * *'), 'has 4 fields'],
    [cron('61 * * * *'), 'can not be read'],
    [cron('* * * * * *'), 'one fixed second'],
    [cron('H * * * *'), 'leaves a field to chance'],
    [cron('0 0 31 2 *'), '31 2'],
    [times('9:20'), 'HH:mm'],
    [times('24:00'), 'HH:mm'],
    [every(0), '>=1'],
    [{ kind: 'beforeClose', minutes: 0 }, '>=1'],
  ])('%j is refused with the reason', (rule, reason) => {
    const read = Schedule.safeParse({ rule });
    expect(read.error?.issues[0]?.message).toContain(reason);
  });

  test('a thursday is no matter of chance', () => {
    expect(readCron('0 10 * * THU').ok).toBe(true);
  });
});
