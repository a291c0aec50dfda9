import { INDIA_ZONE, type EpochMs } from '../runtime/domain/time';

export interface Column<T> {
  readonly title: string;
  /** What stands in the cell; a number or null is aligned right. */
  readonly cell: (row: T) => string | number | null;
  /** Longest text shown; the rest becomes `…`. */
  readonly width?: number;
}

const INDIAN_TIME = new Intl.DateTimeFormat('sv-SE', { timeZone: INDIA_ZONE, dateStyle: 'short', timeStyle: 'medium' });

/** `2026-12-01 09:15:03`, as the exchange's clock shows it. */
export function indianTime(at: EpochMs | null): string {
  return at === null ? '' : INDIAN_TIME.format(at);
}

/** Aligned columns for a terminal, without a trailing line end. */
export function formatTable<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = columns.map((column) => rows.map((row) => shown(column, row)));
  const right = columns.map((column) => rows.length > 0 && rows.every((row) => typeof column.cell(row) !== 'string'));
  const widths = columns.map((column, index) => Math.max(column.title.length, ...(cells[index] ?? []).map((cell) => cell.length)));
  const line = (texts: readonly string[]): string =>
    texts.map((cell, index) => (right[index] === true ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0))).join('  ').trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map((_, row) => line(cells.map((column) => column[row] ?? '')))].join('\n');
}

function shown<T>({ cell, width }: Column<T>, row: T): string {
  // Names and reasons come from outside: no control character of theirs reaches the terminal.
  const value = String(cell(row) ?? '').replace(/\p{Cc}/gu, ' ');
  return width !== undefined && value.length > width ? `${value.slice(0, width - 1)}…` : value;
}
