import { z } from 'zod';
import type { FileRow } from './rows';

const Cell = z.union([z.number(), z.string(), z.null()]);
const Lists = z.array(z.array(Cell).min(5)).min(1);
const Records = z.array(z.record(z.string(), z.unknown())).min(1);
/** Columns side by side, as chart services answer: `{ "t": […], "o": […], … }`. */
const Columns = z.object({ t: z.array(z.number()).min(1), o: z.array(z.number()), h: z.array(z.number()), l: z.array(z.number()), c: z.array(z.number()), v: z.array(z.number()).optional() });
const Wrapped = z.record(z.string(), z.unknown());
/** Where answers keep their candles. */
const WRAPPERS = ['candles', 'data', 'result', 'rows', 'values'];
const DEEPEST = 4;

/**
 * Candles of a JSON file as rows of cells with their numbers as lines: a list of objects (their keys are the header), of lists `[time, open, high, low, close, volume]`,
 * or columns `{t, o, h, l, c, v}`; each also inside `candles`, `data` or `result`, as brokers answer. Undefined for anything else.
 */
export function jsonRows(text: string): readonly FileRow[] | undefined {
  return rowsIn(parsed(text), 0);
}

/** Whether a text is JSON rather than cells. */
export const isJson = (text: string): boolean => /^\uFEFF?\s*[[{]/.test(text.slice(0, 1_000));

function rowsIn(value: unknown, depth: number): readonly FileRow[] | undefined {
  const lists = Lists.safeParse(value);
  if (lists.success) return lists.data.map((cells, index) => ({ line: index + 1, cells: cells.map(cellText) }));
  const records = Records.safeParse(value);
  if (records.success) return rowsOfRecords(records.data);
  const columns = Columns.safeParse(value);
  if (columns.success) return rowsOfColumns(columns.data);
  const wrapped = Wrapped.safeParse(value);
  if (depth >= DEEPEST || !wrapped.success) return undefined;
  for (const name of WRAPPERS) {
    const found = rowsIn(wrapped.data[name], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function rowsOfRecords(records: readonly Readonly<Record<string, unknown>>[]): readonly FileRow[] {
  const names = Object.keys(records[0] ?? {});
  return [{ line: 0, cells: names }, ...records.map((record, index) => ({ line: index + 1, cells: names.map((name) => cellText(record[name])) }))];
}

function rowsOfColumns({ t, o, h, l, c, v }: z.infer<typeof Columns>): readonly FileRow[] {
  return t.map((at, index) => ({ line: index + 1, cells: [at, o[index], h[index], l[index], c[index], v?.[index] ?? 0].map(cellText) }));
}

function cellText(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
