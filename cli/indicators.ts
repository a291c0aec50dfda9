import { parseArgs } from 'node:util';
import { truthsOver, valuesOver } from '../runtime/domain/series';
import type { Outcome } from '../runtime/domain/denial';
import { parsedWords, UsageError } from './arguments';
import { CANDLE_OPTIONS, readCandles, type CandleInput } from './candles';
import { readExpression, type Expression } from './expression';
import { formatTable, indianTime, type Column } from './table';
import type { Tool } from './tools';

type Cell = number | boolean | null;

interface Computed {
  readonly key: string;
  readonly values: readonly Cell[];
}

const OPTIONS = { ...CANDLE_OPTIONS, expr: { type: 'string', multiple: true }, json: { type: 'boolean', default: false }, last: { type: 'string' } } as const;
const DEFAULT_LAST = 10;
const MOST_EXPRESSIONS = 200;

/** `bellwether indicators <candles.csv> --expr "rsi(14)"`: expressions over a file of candles. */
export const indicatorsTool: Tool = {
  run(words, world) {
    const { values: { expr = [], json, last, ...meant }, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    const [file, ...more] = positionals;
    if (file === undefined) throw new UsageError('indicators wants a file of candles.');
    if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much: expressions stand behind --expr.`);
    if (expr.length === 0) throw new UsageError('Which expression? --expr "rsi(14)".');
    if (expr.length > MOST_EXPRESSIONS) throw new UsageError(`${expr.length} expressions are too many: at most ${MOST_EXPRESSIONS}.`);
    const rows = readLast(last);
    const expressions = expr.flatMap(readExpression);
    const input = readCandles(file, meant, world);
    const computed = expressions.map((expression) => compute(expression, input));
    return json ? `${JSON.stringify(Object.fromEntries(computed.map(({ key, values }) => [key, values])))}\n` : shown(input, computed, rows);
  },
};

function compute({ key, meaning }: Expression, { candles, history }: CandleInput): Computed {
  if (meaning.kind === 'value') return { key, values: unwrap(valuesOver(meaning.value, candles, history)) };
  const truths = unwrap(truthsOver(meaning.condition, candles, history));
  return { key, values: truths.map((truth) => (truth === 'unknown' ? null : truth === 'true')) };
}

/** The value, or a usage error with the reason. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new UsageError(outcome.denial.message);
  return outcome.value;
}

/** The newest candles with their values, and where each value begins. */
function shown({ candles, timed, history }: CandleInput, computed: readonly Computed[], last: number): string {
  const from = Math.max(0, candles.length - last);
  const rows = candles.slice(from).map((candle, index) => ({ index: from + index, candle }));
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { title: 'CANDLE', cell: ({ index }) => index },
    ...(timed ? [{ title: 'TIME (IST)', cell: ({ candle }: (typeof rows)[number]) => indianTime(candle.time) }] : []),
    { title: 'CLOSE', cell: ({ candle }) => candle.close },
    ...computed.map(({ key, values }) => ({ title: key, cell: ({ index }: (typeof rows)[number]) => short(values[index] ?? null) })),
  ];
  const begins = computed.map(({ key, values }) => `${key}: ${beginning(values)}`);
  return `${formatTable(columns, rows)}\n\n${begins.join('\n')}\n${candles.length} candles of ${history.timeframe}, convention ${history.convention ?? 'talib'}${timed ? '' : ', no times: all of them are one session'}.\n`;
}

function beginning(values: readonly Cell[]): string {
  const first = values.findIndex((value) => value !== null);
  const unknown = values.filter((value) => value === null).length;
  if (first < 0) return 'no value at all';
  return unknown === first ? `from candle ${first}` : `from candle ${first}, unknown ${unknown - first} times after that`;
}

function short(value: Cell): string | number | null {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value === null ? null : Number(value.toPrecision(10));
}

function readLast(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LAST;
  const last = Number(text);
  if (!/^\d+$/.test(text) || last < 1 || last > 10_000) throw new UsageError(`--last is a whole number from 1 to 10000, not "${text}".`);
  return last;
}
