import { readCalendarFile } from './calendarFile';
import { createTradingCalendar } from './createTradingCalendar';
import { marketOf } from './sessionGroup';
import type { CalendarDay, TradingCalendar } from './tradingCalendar';

function calendarWith(content: object): TradingCalendar {
  const read = readCalendarFile(JSON.stringify(content));
  if (!read.ok) throw new Error(read.denial.message);
  return createTradingCalendar({ overrides: read.value });
}

function told(day: CalendarDay): string {
  return day.kind !== 'open' ? day.kind : day.sessions.map(({ from, until, kind }) => `${clock(from)}-${clock(until)} ${kind}`).join(', ');
}

const clock = (time: number): string => new Date(time + 5.5 * 3_600_000).toISOString().slice(11, 16);

test('a year that is declared known trades on its weekdays, save the closed days', () => {
  const calendar = calendarWith({ years: [2027], closedDays: [{ date: '2027-01-26', reason: 'Republic Day' }] });
  const days = ['2027-01-22', '2027-01-23', '2027-01-25', '2027-01-26', '2028-01-25'].map((date) => told(calendar.day(marketOf('NSE'), date)));
  expect(days).toEqual(['09:15-15:15 regular', 'closed', '09:15-15:15 regular', 'closed', 'unknown']);
});

test('a session may be added, and a bundled holiday taken back, for some exchanges', () => {
  const calendar = calendarWith({
    openDays: [
      { date: '2026-11-08', reason: 'Muhurat', exchanges: ['NSE', 'NFO'], muhurat: true, sessions: [{ from: '18:00', until: '19:00' }] },
      { date: '2026-11-24', exchanges: ['NFO'] },
    ],
  });
  expect(calendar.day(marketOf('NFO'), '2026-11-08')).toMatchObject({ ceremonial: true, reason: 'Muhurat' });
  expect(told(calendar.day(marketOf('NFO'), '2026-11-08'))).toBe('18:00-19:00 special');
  expect(told(calendar.day(marketOf('BSE'), '2026-11-08'))).toBe('closed');
  expect(told(calendar.day(marketOf('NFO'), '2026-11-24'))).toBe('09:15-15:40 regular');
  expect(told(calendar.day(marketOf('NSE'), '2026-11-24'))).toBe('closed');
});

test('an open day holds before a closed day of all exchanges, and an evening ends with the usual close', () => {
  const calendar = calendarWith({
    years: [2027], closedDays: [{ date: '2027-01-15' }, { date: '2027-07-15' }],
    openDays: [{ date: '2027-01-15', exchanges: ['MCX'], sessions: [{ from: '17:00', kind: 'evening' }] }, { date: '2027-07-15', exchanges: ['MCX'], sessions: [{ from: '17:00', kind: 'evening' }] }],
  });
  expect(told(calendar.day(marketOf('MCX'), '2027-01-15'))).toBe('17:00-23:55 evening');
  expect(told(calendar.day(marketOf('MCX'), '2027-07-15'))).toBe('17:00-23:30 evening');
  expect(told(calendar.day(marketOf('NFO'), '2027-01-15'))).toBe('closed');
});

test('hours are replaced from a day on', () => {
  const calendar = calendarWith({ hours: [{ from: '2026-12-01', until: '2026-12-31', exchanges: ['NFO'], open: '09:00', close: '16:00' }] });
  expect(told(calendar.day(marketOf('NFO'), '2026-11-30'))).toBe('09:15-15:40 regular');
  expect(told(calendar.day(marketOf('NFO'), '2026-12-01'))).toBe('09:00-16:00 regular');
  expect(told(calendar.day(marketOf('BFO'), '2026-12-01'))).toBe('09:15-15:40 regular');
});

test('an empty file changes nothing', () => {
  expect(told(calendarWith({}).day(marketOf('NFO'), '2026-11-20'))).toBe('09:15-15:40 regular');
});

test.each<[string, string, string]>([
  ['a day that does not exist', '{"closedDays":[{"date":"2026-11-24"},{"date":"2026-02-30"}]}', 'closedDays[1].date: is no day'],
  ['a time that does not exist', '{"openDays":[{"date":"2026-11-08","sessions":[{"from":"25:00","until":"26:00"}]}]}', 'openDays[0].sessions[0].from: is no time of day'],
  ['a session that ends before it begins', '{"openDays":[{"date":"2026-11-08","sessions":[{"from":"19:00","until":"18:00"}]}]}', 'openDays[0].sessions[0].until: must be later than from'],
  ['sessions that overlap', '{"openDays":[{"date":"2026-11-08","sessions":[{"from":"10:00","until":"12:00"},{"from":"11:00","until":"13:00"}]}]}', 'openDays[0].sessions: must follow each other'],
  ['a session without an end where the usual close may lie before it', '{"openDays":[{"date":"2026-11-08","exchanges":["NSE"],"sessions":[{"from":"18:00"}]}]}', 'openDays[0].sessions: need their until'],
  ['an exchange that does not exist', '{"closedDays":[{"date":"2026-11-24","exchanges":["NYSE"]}]}', 'closedDays[0].exchanges[0]'],
  ['a word that is not known', '{"holidays":[]}', 'holidays'],
  ['a day that is named twice for a market', '{"closedDays":[{"date":"2026-11-24","exchanges":["NSE"]},{"date":"2026-11-24"}]}', 'closedDays[1].date: 2026-11-24 stands in closedDays[0] already'],
  ['a section that is named twice, of which JSON would drop the first', '{"closedDays":[{"date":"2026-12-01"}],"closedDays":[]}', 'closedDays: stands twice'],
  ['hours that end before they begin', '{"hours":[{"from":"2026-12-01","open":"16:00","close":"09:00"}]}', 'hours[0].close: must be later than open'],
  ['a period that ends before it begins', '{"hours":[{"from":"2026-12-01","until":"2026-11-01","open":"09:00","close":"16:00"}]}', 'hours[0].until: must not be earlier than from'],
  ['half a file', '{"closedDays":[', 'is no JSON'],
  ['something else', '[]', 'expected object'],
])('%s is refused with its place and the remedy', (_, text, place) => {
  const read = readCalendarFile(text);
  expect(read).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', field: 'calendar.json' } });
  expect(read.ok ? '' : read.denial.message).toContain(`calendar.json`);
  expect(read.ok ? '' : read.denial.message).toContain(place);
  expect(read.ok ? '' : read.denial.message).toContain('docs/guide/calendar.md');
});
