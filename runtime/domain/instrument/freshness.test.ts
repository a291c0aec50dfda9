import { indiaTime } from '../session/days';
import { freshnessOf, freshSince } from './freshness';

const snapshot = (source: string, day: string, time: string) => ({ source, asOf: indiaTime(day, time), finishedAt: 0, rows: 100, rejected: 0, skipped: 0 });

test.each([
  // A Friday; before the lists are ready yesterday's is the newest there is.
  ['2026-11-20', '10:00', '2026-11-20'], ['2026-11-20', '08:29', '2026-11-19'], ['2026-11-20', '08:30', '2026-11-20'],
  // A weekend, a Monday, and the holiday of the 24th.
  ['2026-11-21', '12:00', '2026-11-20'], ['2026-11-22', '12:00', '2026-11-20'], ['2026-11-23', '00:10', '2026-11-20'], ['2026-11-24', '12:00', '2026-11-23'],
  // The special Sunday of the budget.
  ['2026-02-01', '09:00', '2026-02-01'],
])('on %s at %s a master is fresh from %s on', (day, time, expected) => {
  expect(freshSince(indiaTime(day, time))).toBe(indiaTime(expected, '08:30'));
});

test('of several sources the oldest tells the age', () => {
  const at = indiaTime('2026-11-20', '10:00');
  expect(freshnessOf([], at)).toEqual({ state: 'none' });
  expect(freshnessOf([snapshot('a', '2026-11-20', '09:00')], at)).toMatchObject({ state: 'fresh', ageDays: 0, day: '2026-11-20', instruments: 100 });
  expect(freshnessOf([snapshot('a', '2026-11-20', '09:00'), snapshot('b', '2026-11-17', '09:00')], at)).toMatchObject({ state: 'stale', source: 'b', ageDays: 3, instruments: 200 });
});
