import { z } from 'zod';
import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import { INDICATORS } from '../../runtime/domain/indicators/indicators';
import type { IndicatorSpec } from '../../runtime/domain/indicators/core/define';
import { VOCABULARY } from '../../runtime/domain/series';
import { writtenParameters } from '../../runtime/domain/series/parameters';
import { wordOf } from '../../runtime/domain/series/vocabulary';
import { field } from '../../runtime/hosts/field';
import { timeframeField } from '../asOf';
import { nameOf, readExpression, type Expression } from './expressions';

/** Rows that compute something by themselves: the choice of a person who does not want to write. */
const CHOICES: readonly IndicatorSpec[] = INDICATORS.filter(({ name }) => !name.startsWith('cdl.')).toSorted((left, right) => wordOf(left).localeCompare(wordOf(right)));

/** Written by hand: prices, patterns, sums, comparisons. */
export const EXPRESSION = 'expression';

const KINDS: readonly [string, ...string[]] = [EXPRESSION, ...CHOICES.map(wordOf)];
const TITLES: Readonly<Record<string, string>> = { [EXPRESSION]: 'Expression', ...Object.fromEntries(CHOICES.map((spec) => [wordOf(spec), `${wordOf(spec)} · ${spec.title}`] as const)) };

/** The longest text of a result and of its name. */
const MAX_TEXT = 500;
const MAX_NAME = 60;

/** One result: an indicator by choice, or an expression in the condition language. */
export const ResultRow = z.object({
  indicator: z.enum(KINDS).default('ema').register(field, { label: 'Indicator', options: TITLES, help: 'Choose one, or Expression to write it: prices, patterns, sums, comparisons.' }),
  parameters: z.string().max(100).optional().register(field, { label: 'Parameters', placeholder: '9', help: 'Numbers in their order, and the price where it is not the close. Empty takes the usual ones.', showWhen: { indicator: KINDS.slice(1) } }),
  expression: z.string().max(MAX_TEXT).optional().register(field, { label: 'Expression', placeholder: 'macd(12, 26, 9).signal', completes: true, help: 'As in a condition: ema(9), rsi(14)@1h, close - vwap, bullish engulfing.', showWhen: { indicator: [EXPRESSION] } }),
  timeframe: timeframeField.clone().register(field, { label: 'On Timeframe', placeholder: '1h', help: 'Closed candles of a higher timeframe. Empty is the node’s own.', showWhen: { indicator: KINDS.slice(1) } }),
  name: z.string().max(MAX_NAME).optional().register(field, { label: 'Result Name', placeholder: 'fast', help: 'The item gets indicators.fast. Empty makes a name of the expression, such as ema_9.' }),
});
export type ResultRow = z.infer<typeof ResultRow>;

/** One value to compute. `path` says where it stands in `indicators`: `[fast]`, or `[macd, signal]` for one of several outputs. */
export interface Result {
  readonly path: readonly [string, ...string[]];
  readonly expression: Expression;
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const RESERVED: ReadonlySet<string> = new Set(['previous', '__proto__', 'constructor', 'prototype']);

/** What the rows compute, in their order. Denies INVALID_PARAMETER with the row and the column. */
export function resultsOf(rows: readonly ResultRow[]): Outcome<readonly Result[]> {
  if (rows.length === 0) return deny('INVALID_PARAMETER', 'No results are asked for.', { field: 'results', remedy: 'Add an indicator.' });
  const results: Result[] = [];
  const names = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const read = resultsOfRow(row);
    if (!read.ok) return inRow(index, read.problem);
    const [first] = read.results;
    const name = first?.path[0] ?? '';
    if (!NAME.test(name) || RESERVED.has(name)) return inRow(index, { message: `"${name}" can not be the name of a result`, remedy: 'Use letters, digits and _, beginning with a letter; "previous" is taken.' });
    if (names.has(name)) return inRow(index, { message: `a second result is called "${name}"`, remedy: 'Give one of them another name.' });
    names.add(name);
    results.push(...read.results);
  }
  return ok(results);
}

interface RowProblem {
  readonly message: string;
  readonly column?: number;
  readonly remedy?: string;
}

function inRow(index: number, { message, column, remedy }: RowProblem): { readonly ok: false; readonly denial: ReturnType<typeof deny>['denial'] } {
  const place = column === undefined ? `Row ${index + 1}` : `Row ${index + 1}, column ${column}`;
  return deny('INVALID_PARAMETER', `${place}: ${message}`, { field: 'results', ...(remedy === undefined ? {} : { remedy }) });
}

type RowReading = { readonly ok: true; readonly results: readonly Result[] } | { readonly ok: false; readonly problem: RowProblem };

function resultsOfRow({ indicator, parameters, expression, timeframe, name }: ResultRow): RowReading {
  if (indicator === EXPRESSION) return single(expression ?? '', name);
  const at = timeframe === undefined ? '' : `@${timeframe}`;
  const numbers = parameters ?? usualNumbers(indicator);
  const call = numbers === '' ? indicator : `${indicator}(${numbers})`;
  const outputs = unnamedOutputs(indicator);
  if (outputs.length === 0) return single(call + at, name);
  const base = name ?? [parameters === undefined ? indicator : call, timeframe ?? ''].join('_').replace(/[^A-Za-z0-9]+/g, '_').replace(/_$/, '');
  const results: Result[] = [];
  for (const output of outputs) {
    const read = readExpression(`${call}.${output}${at}`);
    if (!read.ok) return { ok: false, problem: read.problem };
    results.push({ path: [base, output], expression: read.value });
  }
  return { ok: true, results };
}

/** The numbers that an indicator takes where none are given, written out so that a person sees them. */
function usualNumbers(word: string): string {
  const spec = CHOICES.find((each) => wordOf(each) === word);
  return spec === undefined ? '' : writtenParameters(spec).filter(({ kind }) => kind !== 'word').map(({ fallback }) => fallback).join(', ');
}

/** Outputs of an indicator that has several: all of them are given. */
function unnamedOutputs(word: string): readonly string[] {
  return Object.keys(VOCABULARY.functions.find(({ name }) => name === word)?.outputs ?? {});
}

function single(text: string, name: string | undefined): RowReading {
  const read = readExpression(text);
  return read.ok ? { ok: true, results: [{ path: [name ?? nameOf(read.value)], expression: read.value }] } : { ok: false, problem: read.problem };
}
