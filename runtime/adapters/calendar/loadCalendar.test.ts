import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { marketOf } from '../../domain/session';
import { loadCalendar } from './loadCalendar';

let home = '';
beforeEach(() => { home = mkdtempSync(path.join(tmpdir(), 'bellwether-calendar-')); });
afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = (text: string): void => writeFileSync(path.join(home, 'calendar.json'), text);
const kindOn = (date: string): string => loadCalendar(home).day(marketOf('NFO'), date).kind;

test('without a file the bundled days hold', () => {
  expect([kindOn('2026-11-20'), kindOn('2026-12-25')]).toEqual(['open', 'closed']);
});

test('the file of the state folder holds before them, with a byte order mark too', () => {
  write('\uFEFF{"closedDays":[{"date":"2026-11-20","reason":"Elections"}]}');
  expect(loadCalendar(home).day(marketOf('NFO'), '2026-11-20')).toEqual({ kind: 'closed', date: '2026-11-20', reason: 'Elections' });
});

test.each([
  ['a wrong entry behind a right one', '{"closedDays":[{"date":"2026-11-20"},{"date":"soon"}]}', 'closedDays[1].date'],
  ['an empty file', '', 'is no JSON'],
])('%s stops the start instead of being used in part', (_, text, place) => {
  write(text);
  expect(() => loadCalendar(home)).toThrow(path.join(home, 'calendar.json'));
  expect(() => loadCalendar(home)).toThrow(place);
});

test('a file that can not be a list of days is not even read', () => {
  write(' '.repeat(5_000_001));
  expect(() => loadCalendar(home)).toThrow('larger than');
});
