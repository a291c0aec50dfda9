import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { namedArguments } from '../../runtime/domain/indicators/arguments';
import type { Bar, BarColumns } from '../../runtime/domain/indicators/core/bar';
import { indicatorNamed } from '../../runtime/domain/indicators/indicators';
import { runBatch } from '../../runtime/domain/indicators/run';

/** Reference values of TA-Lib, by expression: `macd(12,26,9).signal`. */
export const Golden = z.record(z.string(), z.object({ begin: z.number().int(), values: z.array(z.number()) }));
export type Golden = z.infer<typeof Golden>;

export function readGolden(file: string): Golden {
  return Golden.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Candles from `open,high,low,close,volume` lines; times are one minute apart. */
export function readBars(file: string): readonly Bar[] {
  return readFileSync(file, 'utf8').trim().split('\n').map((line, index) => {
    const [open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] = line.split(',').map(Number);
    return { time: index * 60_000, open, high, low, close, volume };
  });
}

/** One line of the table. */
export interface Agreement {
  readonly expression: string;
  readonly begin: number;
  readonly expectedBegin: number;
  /** Largest |ours - theirs| / max(1, |theirs|). */
  readonly maxError: number;
  /** Results after the first that are not known. */
  readonly unknown: number;
  /** Index of the first result out of tolerance. */
  readonly firstWrong: number | undefined;
}

/**
 * Patterns must agree exactly. TA-Lib's variance is a difference of large squares: on index prices its own rounding puts the standard
 * deviation up to 1.5e-8 away from exact arithmetic, so there, and only there, `stddev` is compared at 2e-8. exact.test.ts proves in whole numbers that the difference is TA-Lib's: ours is within 1e-11.
 */
export function tolerance(expression: string, set: 'synthetic' | 'bnf'): number {
  if (expression.startsWith('cdl.')) return 0;
  if (expression.startsWith('stddev') && set === 'bnf') return 2e-8;
  return expression.startsWith('bbands') ? 1e-8 : 1e-9;
}

const EXPRESSION = /^((?:cdl\.)?\w+)(?:\(([\d.,]+)\))?(?:\.(\w+))?$/;

/** Runs one expression over the candles and compares. */
export function compare(expression: string, columns: BarColumns, golden: Golden[string], set: 'synthetic' | 'bnf'): Agreement {
  const [, name = '', numbers, output] = EXPRESSION.exec(expression) ?? [];
  const spec = indicatorNamed(name);
  if (spec === undefined) throw new Error(`There is no indicator ${name}`);
  const results = runBatch(spec, columns, namedArguments(spec, numbers === undefined ? [] : numbers.split(',').map(Number)));
  const ours = results[output ?? spec.outputs[0]] ?? new Float64Array();
  const errors = golden.values.map((theirs, index) => Math.abs((ours[golden.begin + index] ?? NaN) - theirs) / Math.max(1, Math.abs(theirs)));
  const firstWrong = errors.findIndex((error) => !(error <= tolerance(expression, set)));
  return {
    expression, begin: ours.findIndex((value) => !Number.isNaN(value)), expectedBegin: golden.begin,
    maxError: errors.reduce((most, error) => Math.max(most, error), 0), unknown: errors.filter(Number.isNaN).length,
    firstWrong: firstWrong < 0 ? undefined : golden.begin + firstWrong,
  };
}

export function table(rows: readonly Agreement[]): string {
  const lines = rows.map((row) => `${row.expression.padEnd(32)}${row.maxError.toExponential(1).padStart(10)}${String(row.begin).padStart(8)}${row.firstWrong === undefined ? '' : `   WRONG from ${row.firstWrong}, should begin at ${row.expectedBegin}`}`);
  return [`${'indicator'.padEnd(32)}${'max error'.padStart(10)}${'first'.padStart(8)}`, ...lines].join('\n');
}
