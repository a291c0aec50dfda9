import { execFileSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { instrumentKey, type Exchange, type Instrument } from '../market';
import { isTradingDay, tradingDayOnOrBefore } from './calendar';
import { indiaTime } from './days';
import { ALWAYS_OPEN, createSessions } from './sessions';

const sessions = createSessions();

function instrument(exchange: Exchange, base: string): Instrument {
  return { key: instrumentKey(exchange, base), exchange, symbol: base, segment: 'cash', base, lotSize: 1 };
}

/** The first minute that is open, and the first that is closed again, between midnight and midnight. */
function hours(exchange: Exchange, base: string, date: string): string {
  const isOpen = Array.from({ length: 24 * 60 }, (_, minute) => sessions.isOpen(instrument(exchange, base), indiaTime(date, '00:00') + minute * 60_000));
  const from = isOpen.indexOf(true);
  if (from === -1) return 'closed';
  const until = isOpen.indexOf(false, from);
  expect(isOpen.indexOf(true, until)).toBe(-1);
  return `${clock(from)}-${clock(until)}`;
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

describe('continuous trading by exchange and day', () => {
  test.each<[Exchange, string, string, string]>([
    ['NSE', 'SBIN', '2026-07-31', '09:15-15:30'],
    ['NSE', 'SBIN', '2026-08-03', '09:15-15:15'],
    ['NSE', 'ASTEC', '2026-08-03', '09:15-15:30'],
    ['BSE', 'SBIN', '2026-11-20', '09:15-15:15'],
    ['NSE_INDEX', 'NIFTY', '2026-11-20', '09:15-15:30'],
    ['NFO', 'NIFTY', '2026-07-31', '09:15-15:30'],
    ['NFO', 'NIFTY', '2026-08-03', '09:15-15:40'],
    ['BFO', 'SENSEX', '2026-11-20', '09:15-15:40'],
    ['CDS', 'USDINR', '2026-11-20', '09:00-17:00'],
    ['BCD', 'USDINR', '2025-06-02', '09:00-17:00'],
    ['MCX', 'CRUDEOIL', '2026-07-01', '09:00-23:30'],
    ['MCX', 'CRUDEOIL', '2026-11-20', '09:00-23:55'],
    // New York moves its clocks on 2026-03-08 and 2026-11-01, both Sundays.
    ['MCX', 'CRUDEOIL', '2026-03-06', '09:00-23:55'],
    ['MCX', 'CRUDEOIL', '2026-03-09', '09:00-23:30'],
    ['MCX', 'CRUDEOIL', '2026-10-30', '09:00-23:30'],
    ['MCX', 'CRUDEOIL', '2026-11-02', '09:00-23:55'],
    // Holidays: equities rest, commodities trade the evening of some.
    ['NSE', 'SBIN', '2026-11-24', 'closed'],
    ['NFO', 'NIFTY', '2026-11-24', 'closed'],
    ['CDS', 'USDINR', '2026-11-24', 'closed'],
    ['MCX', 'CRUDEOIL', '2026-11-24', '17:00-23:55'],
    ['MCX', 'CRUDEOIL', '2026-06-26', '17:00-23:30'],
    ['MCX', 'CRUDEOIL', '2026-10-02', 'closed'],
    ['MCX', 'CRUDEOIL', '2025-12-25', 'closed'],
    // Weekends, save the two on which the budget was read.
    ['NSE', 'SBIN', '2026-11-21', 'closed'],
    ['MCX', 'CRUDEOIL', '2026-11-22', 'closed'],
    ['NSE', 'SBIN', '2025-02-01', '09:15-15:30'],
    ['NFO', 'NIFTY', '2026-02-01', '09:15-15:30'],
    // Muhurat: one hour where it is known, nothing where it is not.
    ['NSE', 'SBIN', '2025-10-21', '13:45-14:45'],
    ['NSE', 'SBIN', '2026-11-08', 'closed'],
    // Years without a holiday list fail closed.
    ['NSE', 'SBIN', '2027-01-04', 'closed'],
    ['NSE', 'SBIN', '2019-12-31', 'closed'],
    ['MCX', 'CRUDEOIL', '2027-01-04', 'closed'],
  ])('%s %s on %s: %s', (exchange, base, date, expected) => {
    expect(hours(exchange, base, date)).toBe(expected);
  });

  test('a session is open at its first millisecond and closed at its end', () => {
    const sbin = instrument('NSE', 'SBIN');
    const at = (time: string) => indiaTime('2026-07-30', time);
    expect(sessions.isOpen(sbin, at('09:15') - 1)).toBe(false);
    expect(sessions.isOpen(sbin, at('09:15'))).toBe(true);
    expect(sessions.isOpen(sbin, at('15:30') - 1)).toBe(true);
    expect(sessions.isOpen(sbin, at('15:30'))).toBe(false);
  });

  test('who has derivatives can be said from outside', () => {
    const own = createSessions({ hasDerivatives: (base) => base === 'ASTEC' });
    expect(own.isOpen(instrument('NSE', 'ASTEC'), indiaTime('2026-11-20', '15:20'))).toBe(false);
    expect(own.isOpen(instrument('NSE', 'SBIN'), indiaTime('2026-11-20', '15:20'))).toBe(true);
  });
});

test('the trading day is the calendar day in India, in unknown years too', () => {
  expect(sessions.tradingDay(Date.UTC(2026, 10, 20, 18, 29, 59, 999))).toBe('2026-11-20');
  expect(sessions.tradingDay(Date.UTC(2026, 10, 20, 18, 30))).toBe('2026-11-21');
  expect(sessions.tradingDay(Date.UTC(2030, 0, 1, 0, 0))).toBe('2030-01-01');
});

test('an always open market keeps the same days', () => {
  const sunday = indiaTime('2026-11-22', '03:00');
  expect(ALWAYS_OPEN.isOpen(instrument('NSE', 'SBIN'), sunday)).toBe(true);
  expect(ALWAYS_OPEN.tradingDay(sunday)).toBe('2026-11-22');
});

test('a machine in New York sees the same days and hours', () => {
  const bundled = buildSync({ entryPoints: [require.resolve('./sessions')], bundle: true, platform: 'node', format: 'cjs', write: false }).outputFiles[0]?.text ?? '';
  const program = `${bundled};
    const sessions = module.exports.createSessions();
    const seen = INSTANTS.map((at) => [sessions.tradingDay(at), ...INSTRUMENTS.map((each) => sessions.isOpen(each, at))]);
    process.stdout.write(JSON.stringify({ offset: new Date(INSTANTS[0]).getTimezoneOffset(), seen }));`;
  // Two days around the change of New York's clocks, and the evening on which India is a day ahead of it.
  const instants = Array.from({ length: 96 }, (_, step) => Date.UTC(2026, 9, 30, 0) + step * 3_600_000);
  const instruments = [instrument('NSE', 'SBIN'), instrument('NFO', 'NIFTY'), instrument('MCX', 'GOLD')];
  const input = `const INSTANTS = ${JSON.stringify(instants)}, INSTRUMENTS = ${JSON.stringify(instruments)};${program}`;
  const printed = execFileSync(process.execPath, ['-'], { input, env: { ...process.env, TZ: 'America/New_York' } });
  const here = instants.map((at) => [sessions.tradingDay(at), ...instruments.map((each) => sessions.isOpen(each, at))]);
  expect(JSON.parse(printed.toString())).toEqual({ offset: 240, seen: here });
});

test('a full special session is a trading day, a ceremonial one is not, an unknown year is unknown', () => {
  expect(isTradingDay('2026-02-01')).toBe(true);
  expect(isTradingDay('2025-10-21')).toBe(false);
  expect(isTradingDay('2026-11-08')).toBe(false);
  expect(isTradingDay('2026-11-20')).toBe(true);
  expect(isTradingDay('2027-11-19')).toBeUndefined();
  expect(isTradingDay('2027-01-26')).toBe(false);
});

test('the trading day before a holiday skips the weekend in front of it', () => {
  expect(tradingDayOnOrBefore('2026-01-26')).toBe('2026-01-23');
  expect(tradingDayOnOrBefore('2025-10-22')).toBe('2025-10-20');
  expect(tradingDayOnOrBefore('2026-11-20')).toBe('2026-11-20');
});
