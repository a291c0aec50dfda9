import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { Exchange } from '../market';
import { BUNDLED_CALENDAR } from './data';
import { createAlwaysOpenCalendar, createTradingCalendar } from './createTradingCalendar';
import { addDays, indiaDate, indiaTime, weekdayOf } from './days';
import { rememberingCalendar } from './rememberingCalendar';
import { marketOf, marketsOf } from './sessionGroup';
import type { CalendarDay, TradedMarket } from './tradingCalendar';

const calendar = createTradingCalendar();
const NFO = marketOf('NFO');
const MCX = marketOf('MCX');
const CDS = marketOf('CDS');
const SHARED = path.resolve(__dirname, '../../../../shared/data');
const at = (text: string): number => indiaTime(text.slice(0, 10), text.slice(11));

/** `09:15-15:30 regular`, or what the day is instead. */
function told(day: CalendarDay): string {
  if (day.kind !== 'open') return day.kind;
  return day.sessions.map(({ from, until, kind }) => `${clock(from)}-${clock(until)} ${kind}`).join(', ');
}

function clock(time: number): string {
  return new Date(time + 5.5 * 3_600_000).toISOString().slice(11, 16);
}

test.each<[string, TradedMarket, string]>([
  ['2020-02-01', NFO, '09:15-15:30 regular'],
  ['2020-02-01', MCX, 'unknown'],
  ['2020-04-13', MCX, '09:00-17:00 regular'],
  ['2020-04-14', MCX, 'closed'],
  ['2020-04-23', MCX, '09:00-23:30 regular'],
  ['2020-06-01', CDS, 'unknown'],
  ['2020-11-14', NFO, '18:15-19:15 special'],
  ['2021-01-01', MCX, '09:00-17:00 special'],
  ['2021-02-24', NFO, '09:15-11:40 regular, 15:45-17:00 special'],
  ['2021-02-24', marketOf('BSE'), '09:15-17:00 special'],
  ['2021-02-24', marketOf('BCD'), '09:00-17:00 regular'],
  ['2021-02-24', MCX, '09:00-23:55 regular'],
  ['2024-01-20', marketOf('NSE'), '09:15-15:30 regular'],
  ['2024-01-22', marketOf('NSE'), 'closed'],
  ['2024-01-22', MCX, '17:00-23:55 evening'],
  ['2024-03-02', NFO, '09:15-10:00 special, 11:30-12:30 special'],
  ['2024-05-18', marketOf('NSE'), '09:15-10:00 special, 11:45-12:40 special'],
  ['2024-05-18', MCX, 'closed'],
  ['2025-02-01', MCX, '09:00-17:00 special'],
  ['2025-02-19', CDS, 'unknown'],
  ['2025-10-21', CDS, 'unknown'],
  ['2026-02-01', NFO, '09:15-15:30 regular'],
  ['2026-11-08', NFO, 'closed'],
  ['2019-12-31', NFO, 'unknown'],
  ['2027-01-02', NFO, 'unknown'],
  ['2027-01-25', NFO, 'unknown'],
  ['2027-01-26', NFO, 'closed'],
  ['2027-01-26', MCX, 'closed'],
  ['2027-04-14', CDS, 'closed'],
  ['2027-04-14', MCX, 'unknown'],
  ['2027-08-15', NFO, 'unknown'],
  ['2028-12-25', marketOf('NSE'), 'closed'],
])('%s %j: %s', (date, market, expected) => {
  expect(told(calendar.day(market, date))).toBe(expected);
});

test('a text that is no day is an error, not a closed day', () => {
  for (const text of ['2026-02-30', '2026-2-3', 'today', '']) expect(() => calendar.day(NFO, text)).toThrow(RangeError);
});

test.each([['2022-06', 'NIFTY-2022-JUN.txt'], ['2022-06', 'BNF-2022-JUN.txt'], ['2022-07', 'NIFTY-2022-JUL.txt'], ['2022-07', 'BNF-2022-JUL.txt']])('the trading days of %s are those of %s', (month, file) => {
  const recorded = new Set(readFileSync(path.join(SHARED, file), 'utf8').split('\n').flatMap((line) => {
    const [, year, mm, dd] = /^\w+,(\d{4})(\d{2})(\d{2}),/.exec(line) ?? [];
    return year === undefined ? [] : [`${year}-${mm}-${dd}`];
  }));
  expect(calendar.tradingDays({ exchange: 'NSE_INDEX', base: 'NIFTY' }, `${month}-01`, `${month}-31`.replace('06-31', '06-30'))).toEqual([...recorded].sort());
});

test.each([[2020, 252], [2021, 248], [2022, 248], [2023, 246], [2024, 249], [2025, 249]])('%i had %i days of trading in shares, muhurat and special Saturdays included', (year, count) => {
  expect(calendar.tradingDays(marketOf('NSE'), `${year}-01-01`, `${year}-12-31`)).toHaveLength(count);
});

describe('the bundled days', () => {
  test('no day of rest is named twice for a market, and none that is a weekend anyway', () => {
    for (const exchange of Exchange.options) {
      for (const market of marketsOf(exchange)) {
        const rules = BUNDLED_CALENDAR.days.filter(({ exchanges, groups }) => (exchanges?.includes(exchange) ?? true) && (groups?.includes(market.group) ?? true));
        const dates = rules.map(({ date }) => date);
        expect(dates.filter((date, index) => dates.indexOf(date) !== index)).toEqual([]);
        expect(rules.filter(({ date, then, reason }) => then === 'closed' && weekdayOf(date) >= 6 && !reason.includes('not known'))).toEqual([]);
      }
    }
  });

  test('every session of every market on every day begins and ends on its day, in order', () => {
    for (const exchange of Exchange.options) {
      for (const market of marketsOf(exchange)) {
        const wrong = calendar.tradingDays(market, '2020-01-01', '2026-12-31').filter((date) => {
          const day = calendar.day(market, date);
          const sessions = day.kind === 'open' ? day.sessions : [];
          const edges = sessions.flatMap(({ from, until }) => [from, until]);
          return edges.length === 0 || edges.some((edge, index) => index > 0 && edge <= (edges[index - 1] ?? 0)) || edges.some((edge) => indiaDate(edge) !== date);
        });
        expect(wrong).toEqual([]);
      }
    }
  });
});

describe('looking around', () => {
  test('between two sessions of a day the market is closed, and the day is still known whole after its end', () => {
    const open = (time: string): string | undefined => calendar.sessionAt(NFO, at(time))?.kind;
    expect([open('2021-02-24 11:39'), open('2021-02-24 11:40'), open('2021-02-24 15:44'), open('2021-02-24 15:45'), open('2021-02-24 17:00')]).toEqual(['regular', undefined, undefined, 'special', undefined]);
    expect(told(calendar.dayAt(NFO, at('2022-06-01 23:59')))).toBe('09:15-15:30 regular');
  });

  test('the next session is found over weekend and holidays, and is the open one while one is open', () => {
    const next = (time: string): string | undefined => {
      const session = calendar.sessionOnOrAfter(NFO, at(time));
      return session && `${session.date} ${clock(session.from)}`;
    };
    expect(next('2026-11-20 12:00')).toBe('2026-11-20 09:15');
    expect(next('2026-11-20 15:40')).toBe('2026-11-23 09:15');
    expect(next('2021-02-24 11:40')).toBe('2021-02-24 15:45');
    expect(next('2024-01-20 15:30')).toBe('2024-01-23 09:15');
    expect(next('2026-12-31 16:00')).toBeUndefined();
  });

  test('the session before is the newest that has ended', () => {
    const before = (time: string): string | undefined => {
      const session = calendar.sessionBefore(NFO, at(time));
      return session && `${session.date} ${clock(session.from)}`;
    };
    expect(before('2026-11-23 12:00')).toBe('2026-11-20 09:15');
    expect(before('2026-11-23 15:40')).toBe('2026-11-23 09:15');
    expect(before('2021-02-24 12:00')).toBe('2021-02-24 09:15');
    expect(before('2020-01-01 09:15')).toBeUndefined();
  });

  test('the session that is open at a moment is one of its day\'s, and the next one is that or later', () => {
    const moments = fc.record({ time: fc.integer({ min: at('2019-12-01 00:00'), max: at('2027-02-01 00:00') }), exchange: fc.constantFrom(...Exchange.options) });
    fc.assert(fc.property(moments, ({ time, exchange }) => {
      const market = marketOf(exchange);
      const day = calendar.dayAt(market, time);
      const inside = day.kind === 'open' ? day.sessions.filter(({ from, until }) => time >= from && time < until) : [];
      const [open, next, before] = [calendar.sessionAt(market, time), calendar.sessionOnOrAfter(market, time), calendar.sessionBefore(market, time)];
      expect(inside).toEqual(open === undefined ? [] : [open]);
      if (open !== undefined) expect(next).toBe(open);
      else if (next !== undefined) expect(next.from).toBeGreaterThan(time);
      if (before !== undefined) expect(before.until).toBeLessThanOrEqual(time);
      // Nothing lies between the two.
      if (before !== undefined && next !== undefined) {
        const between = calendar.tradingDays(market, before.date, next.date).flatMap((date) => {
          const each = calendar.day(market, date);
          return each.kind === 'open' ? each.sessions.filter(({ from }) => from > before.from && from < next.from) : [];
        });
        expect(between).toEqual([]);
      }
    }), { numRuns: 300 });
  });

  test('a range that no one means is an error', () => {
    expect(() => calendar.tradingDays(NFO, '1950-01-01', '2026-01-01')).toThrow(RangeError);
  });
});

test('a day is worked out once per market, however often and from wherever it is asked for', () => {
  const workedOut: string[] = [];
  const counting = rememberingCalendar(({ exchange, group }, date) => {
    workedOut.push(`${exchange} ${group} ${date}`);
    return { kind: 'closed', date, reason: 'counted' };
  }, (base) => base === 'SBIN');
  for (let minute = 0; minute < 600; minute += 1) {
    counting.sessionAt({ exchange: 'NSE', base: 'SBIN' }, at('2026-11-20 09:15') + minute * 60_000);
    counting.sessionAt({ exchange: 'NSE', base: 'ASTEC' }, at('2026-11-20 09:15') + minute * 60_000);
    counting.sessionAt({ exchange: 'NSE', group: 'cashWithDerivatives' }, at('2026-11-20 09:15') + minute * 60_000);
  }
  counting.day({ exchange: 'NSE', base: 'SBIN' }, '2026-11-19');
  counting.day({ exchange: 'NSE', base: 'SBIN' }, '2026-11-20');
  counting.day({ exchange: 'NSE', base: 'SBIN' }, '2026-11-19');
  expect(workedOut).toEqual(['NSE cashWithDerivatives 2026-11-20', 'NSE cash 2026-11-20', 'NSE cashWithDerivatives 2026-11-19']);
});

test('a market that never closes is open at every moment, one session a day', () => {
  const always = createAlwaysOpenCalendar();
  const midnight = at('2031-03-02 00:00');
  expect(always.sessionAt(NFO, midnight)?.date).toBe('2031-03-02');
  expect(always.sessionAt(NFO, midnight - 1)?.date).toBe('2031-03-01');
  expect(always.sessionBefore(NFO, midnight)).toMatchObject({ from: midnight - 86_400_000, until: midnight });
  expect(always.tradingDays(NFO, '2031-03-01', addDays('2031-03-01', 9))).toHaveLength(10);
});
