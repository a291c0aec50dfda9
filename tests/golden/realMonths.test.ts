import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readCandleFile } from '../../runtime/adapters/candleFile/readCandleFile';
import type { Bar, BarColumns } from '../../runtime/domain/indicators/core/bar';
import { columnsOf } from '../../runtime/domain/indicators/core/columns';
import type { IndicatorSpec } from '../../runtime/domain/indicators/core/define';
import { INDICATORS } from '../../runtime/domain/indicators/indicators';
import { runBatch } from '../../runtime/domain/indicators/run';
import { createTradingCalendar } from '../../runtime/domain/session';

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

/** Values that are lost again after the first one, by output. What a session, or volume, must bring may pause. */
function leaks(spec: IndicatorSpec, parameters: object, columns: BarColumns): readonly string[] {
  return Object.entries(runBatch(spec, columns, parameters)).flatMap(([output, values]) => {
    const first = values.findIndex((value) => !Number.isNaN(value));
    const after = first < 0 ? [] : [...values.subarray(first)];
    const lost = spec.pauses === true ? [] : after.filter(Number.isNaN);
    const endless = after.filter((value) => value === Infinity || value === -Infinity);
    const never = first < 0 && !spec.inputs.includes('volume') ? 1 : 0;
    return lost.length + endless.length + never === 0 ? [] : [`${spec.name}.${output}: ${lost.length} lost, ${endless.length} infinite${never === 1 ? ', never known' : ''}`];
  });
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
    const conventions = 'convention' in spec.parameters.shape ? ['talib', 'pine'] : [];
    const variants = conventions.length === 0 ? [{}] : conventions.map((convention) => ({ convention }));
    expect(variants.flatMap((parameters) => leaks(spec, parameters, columns))).toEqual([]);
  });
});
