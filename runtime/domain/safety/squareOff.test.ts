import { createCatalogue, resolveSymbol } from '../instrument';
import type { Exchange } from '../market';
import { createTradingCalendar, indiaTime } from '../session';
import { AccountSafety, squareOffAt } from '.';

const calendar = createTradingCalendar();
const instruments = createCatalogue();
const DEFAULTS = AccountSafety.parse({});

function at(date: string, time: string, exchange: Exchange = 'NSE', symbol = 'SBIN', product: 'MIS' | 'CNC' | 'NRML' = 'MIS', safety = DEFAULTS): string | undefined {
  const now = indiaTime(date, time);
  const found = resolveSymbol({ exchange, symbol, at: now, instruments });
  if (!found.ok) throw new Error(found.denial.message);
  const off = squareOffAt(safety, calendar, found.value, product, now);
  return off === undefined ? undefined : new Date(off + 19_800_000).toISOString().slice(11, 16);
}

test.each<[string, string | undefined, string | undefined]>([
  ['a share, whose continuous trading ends at 15:15', at('2026-11-20', '10:00'), '15:05'],
  ['a share when it ended at 15:30', at('2022-06-08', '10:00'), '15:05'],
  ['a future', at('2026-11-20', '10:00', 'NFO', 'NIFTY1!'), '15:05'],
  ['delivery', at('2026-11-20', '10:00', 'NSE', 'SBIN', 'CNC'), undefined],
  ['carry-forward', at('2026-11-20', '10:00', 'NFO', 'NIFTY1!', 'NRML'), undefined],
  ['after the close', at('2026-11-20', '15:31'), undefined],
  ['on a Sunday', at('2026-11-22', '10:00'), undefined],
  ['where the account leaves it to the broker', at('2026-11-20', '10:00', 'NSE', 'SBIN', 'MIS', AccountSafety.parse({ squareOffMinutes: 0 })), undefined],
  ['five minutes before the end, as configured', at('2026-11-20', '10:00', 'NSE', 'SBIN', 'MIS', AccountSafety.parse({ squareOffMinutes: 5 })), '15:10'],
  ['the hour of muhurat trading, its second half', at('2025-10-21', '14:00', 'NSE', 'SBIN', 'MIS', AccountSafety.parse({ squareOffMinutes: 60 })), '14:15'],
])('%s', (_name, found, expected) => {
  expect(found).toBe(expected);
});

test('minutes are whole and within a session', () => {
  expect([-1, 241, 2.5].map((squareOffMinutes) => AccountSafety.safeParse({ squareOffMinutes }).success)).toEqual([false, false, false]);
});
