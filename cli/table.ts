import { INDIA_ZONE, type EpochMs } from '../runtime/domain/time';

export interface Column<T> {
  readonly title: string;
  /** What stands in the cell; a number or null is aligned right. */
  readonly cell: (row: T) => string | number | null;
  /** Longest text shown; the rest becomes `…`. */
  readonly width?: number;
  /** Shortened on purpose, as an id is: nobody is told that it was. */
  readonly abbreviates?: boolean;
}

export interface TableOptions {
  /** Every text whole, however long its line becomes. */
  readonly wide?: boolean;
}

const INDIAN_TIME = new Intl.DateTimeFormat('sv-SE', { timeZone: INDIA_ZONE, dateStyle: 'short', timeStyle: 'medium' });

/** `2026-12-01 09:15:03`, as the exchange's clock shows it. */
export function indianTime(at: EpochMs | null): string {
  return at === null ? '' : INDIAN_TIME.format(at);
}

/** Aligned columns for a terminal, without a trailing line end. */
export function formatTable<T>(columns: readonly Column<T>[], rows: readonly T[], { wide = false }: TableOptions = {}): string {
  const cells = columns.map((column) => rows.map((row) => (wide ? whole(column, row) : shown(column, row))));
  const right = columns.map((column) => rows.length > 0 && rows.every((row) => typeof column.cell(row) !== 'string'));
  const widths = columns.map((column, index) => Math.max(column.title.length, ...(cells[index] ?? []).map((cell) => cell.length)));
  const line = (texts: readonly string[]): string =>
    texts.map((cell, index) => (right[index] === true ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0))).join('  ').trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map((_, row) => line(cells.map((column) => column[row] ?? '')))].join('\n');
}

/** Whether the table cuts a text that a person may want to read to its end. */
export function cutsText<T>(columns: readonly Column<T>[], rows: readonly T[]): boolean {
  return columns.some((column) => column.abbreviates !== true && rows.some((row) => shown(column, row) !== whole(column, row)));
}

function whole<T>({ cell }: Column<T>, row: T): string {
  // Names and reasons come from outside: no control character of theirs reaches the terminal.
  return String(cell(row) ?? '').replace(/\p{Cc}/gu, ' ');
}

function shown<T>(column: Column<T>, row: T): string {
  const value = whole(column, row);
  return column.width !== undefined && value.length > column.width ? `${value.slice(0, column.width - 1)}…` : value;
}
