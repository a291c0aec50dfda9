import type { Candle } from '../../domain/candle/candle';
import type { Denial } from '../../domain/denial';
import { MINUTE_MS, type EpochMs } from '../../domain/time';
import { isJson, jsonRows } from './jsonRows';
import { headerLayout, isTimed, mappedLayout, positionalLayout, readTime, timeText, type Column, type ColumnMap, type Layout } from './layout';
import { noteOf, problemList, readNumber, rowsOf, type FileProblem, type FileRow, type ProblemKind, type ProblemList } from './rows';

export interface CandleFileOptions {
  /** What the file's times say: the candle's `start` (default) or its `end`. */
  readonly timeIs?: 'start' | 'end';
  /** Length of the file's candles, needed where times are ends; default one minute. */
  readonly timeframeMs?: number;
  /** Keeps the rows of this symbol only, where the file has a symbol column. Without it, the rows of the first symbol. */
  readonly symbol?: string;
  /** Where columns are, by name or number, where the file's own words do not tell. */
  readonly columns?: ColumnMap;
  /** Of times that name none: `Asia/Kolkata` (default), `UTC`. */
  readonly zone?: string;
}

export interface CandleFile {
  /** Oldest first, each time once, all closed. In a file without times `time` is the candle's index: 0, 1, 2, … */
  readonly candles: readonly Candle[];
  /** What the file says of itself, in lines before its rows that begin with "# ". */
  readonly note?: string;
  /** Whether the file gives times. */
  readonly timed: boolean;
  /** The symbol whose rows were taken, as the file spells it. */
  readonly symbol?: string;
  /** At most 1,000 rows that were left out or moved; an empty list is a clean file. */
  readonly problems: readonly FileProblem[];
  /** All of them. */
  readonly problemCount: number;
  /** All of them by kind. */
  readonly counts: Readonly<Partial<Record<ProblemKind, number>>>;
  /** Why nothing was read, where `columns` does not fit the file. */
  readonly denial?: Denial;
}

const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const satisfies readonly Column[];
/** Ten years of minutes of a market that never closes. */
const MOST_CANDLES = 6_000_000;

interface TimedRow {
  readonly line: number;
  readonly candle: Candle;
}

/**
 * Candles from CSV or JSON text (see `jsonRows`). With a header its names decide (any order, more columns are ignored); without one the cells are
 * `[symbol,] [time | day,time of day,] open, high, low, close [, volume [, anything]]`. Separators: comma, semicolon or tab.
 * Times as `readFileTime` says. A missing volume is 0.
 *
 * Dirt is left out and named by line: cells that are no numbers, a range that does not hold open and close, a negative volume, a time that
 * can not be read. Rows out of order are sorted; of two rows with one time the later one in the file stays. Both are named too. Prices below zero are
 * prices: a spread has them.
 */
export function readCandleFile(text: string, options: CandleFileOptions = {}): CandleFile {
  const dirt = problemList();
  const rows: TimedRow[] = [];
  let layout: Layout | undefined;
  let { symbol } = options;
  for (const row of isJson(text) ? jsonRows(text) ?? [] : rowsOf(text)) {
    if (layout === undefined) {
      const own = headerLayout(row.cells) ?? positionalLayout(row.cells, COLUMNS);
      const mapped = mappedLayout(row.cells, options.columns ?? {}, own);
      if (!mapped.ok) return { candles: [], timed: false, problems: [], problemCount: 0, counts: {}, denial: mapped.denial };
      layout = mapped.value;
      if (layout.hasHeader) continue;
    }
    const own = cellOf(row, layout, 'symbol');
    symbol ??= own;
    if (own !== undefined && own !== symbol) {
      if (options.symbol === undefined) dirt.add(row.line, 'symbol', `This row is of ${own}, the file began with ${symbol ?? ''}: name the symbol that is wanted.`);
      continue;
    }
    if (rows.length >= MOST_CANDLES) {
      dirt.add(row.line, 'length', `The file is longer than ${MOST_CANDLES} candles: the rest was not read.`);
      break;
    }
    const candle = candleOf(row, layout, options, rows.length);
    if (!('time' in candle)) dirt.add(row.line, candle.kind, candle.message);
    else rows.push({ line: row.line, candle });
  }
  const timed = layout !== undefined && isTimed(layout);
  const candles = (timed ? inOrder(rows, dirt) : rows).map(({ candle }) => candle);
  const note = noteOf(text);
  return { candles, timed, ...(note === undefined ? {} : { note }), ...(symbol === undefined ? {} : { symbol }), problems: dirt.problems, problemCount: dirt.count, counts: dirt.counts };
}

function cellOf({ cells }: FileRow, { columns }: Layout, column: Column): string | undefined {
  const index = columns[column];
  return index === undefined ? undefined : cells[index];
}

type Wrong = Pick<FileProblem, 'kind' | 'message'>;

/** The candle, or what is wrong with the row. */
function candleOf(row: FileRow, layout: Layout, options: CandleFileOptions, index: number): Candle | Wrong {
  const values: number[] = [];
  for (const column of COLUMNS) {
    const cell = cellOf(row, layout, column);
    const value = column === 'volume' && (cell === undefined || cell === '') ? 0 : readNumber(cell);
    if (value === undefined) return { kind: 'unreadable', message: cell === undefined ? `There is no ${column}.` : `The ${column} is no number: ${shown(cell)}` };
    values.push(value);
  }
  const [open = 0, high = 0, low = 0, close = 0, volume = 0] = values;
  if (high < Math.max(open, close, low) || low > Math.min(open, close)) return { kind: 'range', message: `The range ${low} to ${high} does not hold open ${open} and close ${close}.` };
  if (volume < 0) return { kind: 'volume', message: `The volume is negative: ${volume}` };
  const time = isTimed(layout) ? readTime(row, layout, options.zone) : index;
  if (time === undefined) return { kind: 'time', message: `The time can not be read: ${shown(timeText(row, layout) ?? '')}` };
  const shift = options.timeIs === 'end' ? (options.timeframeMs ?? MINUTE_MS) : 0;
  return { time: time - shift, open, high, low, close, volume, closed: true };
}

const shown = (cell: string): string => JSON.stringify(cell.slice(0, 40));

/** Sorted by time, each time once. Nearly all files are in order already: nothing is sorted then. */
function inOrder(rows: readonly TimedRow[], dirt: ProblemList): readonly TimedRow[] {
  let newest = -Infinity;
  let tidy = true;
  for (const { line, candle } of rows) {
    if (candle.time < newest) dirt.add(line, 'order', 'The row is older than one before it: rows were sorted by time.');
    if (candle.time <= newest) tidy = false;
    newest = Math.max(newest, candle.time);
  }
  if (tidy) return rows;
  const byTime = new Map<EpochMs, TimedRow>();
  for (const row of rows) {
    const earlier = byTime.get(row.candle.time);
    if (earlier !== undefined) dirt.add(earlier.line, 'duplicate', `Line ${row.line} has the same time and replaces this row.`);
    byTime.set(row.candle.time, row);
  }
  return [...byTime.values()].sort((a, b) => a.candle.time - b.candle.time);
}
