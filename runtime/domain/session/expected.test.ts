import { isPossibleExpiry, monthlyExpiry } from '../instrument/expiries';
import { isExpected } from './calendar';
import { createTradingCalendar } from './createTradingCalendar';
import { BUNDLED_CALENDAR } from './data';
import { FIXED_HOLIDAYS } from './data/expected';
import { isWeekend } from './days';
import { marketsOf } from './sessionGroup';

const calendar = createTradingCalendar();
const markets = (['NSE', 'BSE', 'NFO', 'BFO', 'CDS', 'BCD'] as const).flatMap(marketsOf);
const [MCX] = marketsOf('MCX');

describe.each(FIXED_HOLIDAYS)('$reason', ({ day, commodity }) => {
  const dates = BUNDLED_CALENDAR.years.map((year) => `${year}-${day}`).filter((date) => !isWeekend(date));

  test('was a holiday in every listed year in which it fell on a weekday', () => {
    expect(dates.length).toBeGreaterThanOrEqual(4);
    for (const date of dates) for (const market of markets) expect([date, market.exchange, calendar.day(market, date).kind]).toEqual([date, market.exchange, 'closed']);
  });

  test('commodities rested in all of them, or traded the evening of some', () => {
    if (MCX === undefined) throw new Error('MCX has a market.');
    expect(dates.every((date) => calendar.day(MCX, date).kind === 'closed')).toBe(commodity === 'closed');
  });
});

test('what is expected says so; a list, or a day of the user\'s, is no expectation', () => {
  expect(calendar.day({ exchange: 'NFO', group: 'equityDerivatives' }, '2027-01-26')).toEqual({ kind: 'closed', date: '2027-01-26', expected: true, reason: "Republic Day, expected: the exchange's list of 2027 is not known yet" });
  expect(calendar.day({ exchange: 'NFO', group: 'equityDerivatives' }, '2026-01-26')).not.toHaveProperty('expected');
  const own = createTradingCalendar({ overrides: { years: [], days: [{ date: '2027-01-26', reason: 'Session', then: 'usual' }], hours: [] } });
  expect(own.day({ exchange: 'NFO', group: 'equityDerivatives' }, '2027-01-26').kind).toBe('open');
});

test('expiries move before an expected holiday; that the day itself may be one is not ruled out', () => {
  expect(monthlyExpiry('NFO', 'NIFTY', '2027-01')).toBe('2027-01-25');
  expect(isExpected('2027-01-25')).toBe(true);
  expect(isExpected('2026-12-29')).toBe(false);
  expect([isPossibleExpiry('NFO', 'NIFTY', '2027-01-25'), isPossibleExpiry('NFO', 'NIFTY', '2027-01-26'), isPossibleExpiry('NFO', 'NIFTY', '2026-01-26')]).toEqual([true, true, false]);
});
