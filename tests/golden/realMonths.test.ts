import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readCandleFile } from '../../runtime/adapters/candleFile/readCandleFile';
import type { Bar } from '../../runtime/domain/indicators/core/bar';
import { columnsOf } from '../../runtime/domain/indicators/core/columns';
import { INDICATORS } from '../../runtime/domain/indicators/indicators';
import { createTradingCalendar } from '../../runtime/domain/session';
import { leaks, variantsOf } from './leaks';

/** Real months of an index, with their dirt: read in place, never copied. */
const SHARED = path.resolve(__dirname, '../../../shared/data');
const MONTHS = [['BNF-2022-JUN.txt', 'BNF-2022-JUL.txt'], ['NIFTY-2022-JUN.txt', 'NIFTY-2022-JUL.txt']] as const;
const present = existsSync(SHARED);

/** Both months as one history: the candles that start inside a session, and how many do not. */
function historyOf(files: readonly string[]): { readonly bars: readonly Bar[]; readonly outside: number; readonly problems: number } {
  const calendar = createTradingCalendar();
  const read = files.map((file) => readCandleFile(readFileSync(path.join(SHARED, file), 'utf8'), { timeIs: 'end' }));
  const bars = read.flatMap(({ candles }) => candles).flatMap((candle): readonly Bar[] => {
    const session = calendar.sessionAt({ exchange: 'NSE_INDEX', base: 'NIFTY' }, candle.time);
    return session === undefined ? [] : [{ ...candle, session: session.from }];
  });
  return { bars, outside: read.reduce((sum, { candles }) => sum + candles.length, 0) - bars.length, problems: read.reduce((sum, { problemCount }) => sum + problemCount, 0) };
}

test('the real months are where the tests look for them', () => {
  if (!present) process.stdout.write('\nNo real months beside the project: they are left out\n');
  expect(present || process.env['CI'] !== 'true').toBe(true);
});

describe.each(present ? MONTHS : [])('%s and %s', (...files) => {
  const { bars, outside, problems } = historyOf(files);
  const columns = columnsOf(bars);

  test('are read without a problem; the print before the open and rows after the close are outside of every session', () => {
    const days = new Set(bars.map(({ session }) => session)).size;
    process.stdout.write(`\n${files.join(', ')}: ${bars.length} candles in ${days} sessions, ${outside} outside\n`);
    expect({ problems, days }).toEqual({ problems: 0, days: 43 });
    expect(outside).toBeGreaterThan(0);
    expect(bars.length).toBeGreaterThan(43 * 370);
  });

  test.each(INDICATORS.map((spec) => ({ name: spec.name, spec })))('$name knows every value once it has begun', ({ spec }) => {
    expect(variantsOf(spec).flatMap((parameters) => leaks(spec, parameters, columns))).toEqual([]);
  });
});
