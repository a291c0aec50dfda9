import type { EpochMs } from '../../domain/time';
import { headerLayout, positionalLayout, readTime, type Column, type Layout } from './layout';
import { problemList, readNumber, rowsOf, type FileProblem, type FileRow } from './rows';

/** One trade of a tick file; prices in currency units. */
export interface FileTick {
  readonly at: EpochMs;
  readonly last: number;
  /** Units of this trade. */
  readonly quantity?: number;
  readonly bid?: number;
  readonly ask?: number;
}

export interface TickFile {
  /** In order of time; ticks of one time in the order of the file. */
  readonly ticks: readonly FileTick[];
  /** At most 1,000 rows that were left out or moved. */
  readonly problems: readonly FileProblem[];
  readonly problemCount: number;
}

const COLUMNS = ['last', 'quantity', 'bid', 'ask'] as const satisfies readonly Column[];
const OPTIONAL = ['quantity', 'bid', 'ask'] as const;
const MOST_TICKS = 20_000_000;

/**
 * Ticks from CSV text: with a header (`time,price[,quantity][,bid][,ask]` under any of their usual names), or without one
 * `[symbol,] time, price [, quantity [, bid, ask]]`. Times as in candle files. Empty cells of the optional columns are left out of the tick.
 */
export function readTickFile(text: string, { symbol }: { readonly symbol?: string } = {}): TickFile {
  const dirt = problemList();
  const ticks: FileTick[] = [];
  let layout: Layout | undefined;
  let newest = -Infinity;
  let tidy = true;
  for (const row of rowsOf(text)) {
    if (layout === undefined) {
      layout = headerLayout(row.cells) ?? positionalLayout(row.cells, COLUMNS);
      if (layout.hasHeader) continue;
    }
    const own = layout.columns.symbol === undefined ? undefined : row.cells[layout.columns.symbol];
    if (symbol !== undefined && own !== undefined && own !== symbol) continue;
    if (ticks.length >= MOST_TICKS) {
      dirt.add(row.line, 'length', `The file is longer than ${MOST_TICKS} ticks: the rest was not read.`);
      break;
    }
    const tick = tickOf(row, layout);
    if (typeof tick === 'string') {
      dirt.add(row.line, 'unreadable', tick);
      continue;
    }
    if (tick.at < newest) {
      tidy = false;
      dirt.add(row.line, 'order', 'The row is older than one before it: rows were sorted by time.');
    }
    newest = Math.max(newest, tick.at);
    ticks.push(tick);
  }
  return { ticks: tidy ? ticks : ticks.sort((a, b) => a.at - b.at), problems: dirt.problems, problemCount: dirt.count };
}

function tickOf(row: FileRow, layout: Layout): FileTick | string {
  const last = readNumber(row.cells[layout.columns.last ?? layout.columns.close ?? -1]);
  if (last === undefined) return 'There is no price.';
  const at = readTime(row, layout);
  if (at === undefined) return 'There is no time that can be read.';
  const more: { quantity?: number; bid?: number; ask?: number } = {};
  for (const column of OPTIONAL) {
    const index = layout.columns[column] ?? (column === 'quantity' ? layout.columns.volume : undefined);
    const cell = index === undefined ? undefined : row.cells[index];
    if (cell === undefined || cell === '') continue;
    const value = readNumber(cell);
    if (value === undefined || value < 0) return `The ${column} is no number from 0 on.`;
    more[column] = value;
  }
  return { at, last, ...more };
}
