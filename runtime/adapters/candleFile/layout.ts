import { deny, ok, type Outcome } from '../../domain/denial';
import type { EpochMs } from '../../domain/time';
import { isDay, isTimeOfDay, readFileTime } from './fileTime';
import { readNumber, type FileRow } from './rows';

/** Which cell holds what. A time may stand in two cells (`day`, `time`). */
export interface Layout {
  readonly columns: Readonly<Partial<Record<Column, number>>>;
  /** True when the first row was a header and holds no data. */
  readonly hasHeader: boolean;
}

export type Column = 'symbol' | 'time' | 'day' | 'timeOfDay' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'last' | 'quantity' | 'bid' | 'ask';

/** Columns that a person may point to: `day` and `timeOfDay` stand for a time in two cells. Numbers are places, from 1; texts are names of the header. */
export const MAPPABLE = ['symbol', 'time', 'day', 'timeOfDay', 'open', 'high', 'low', 'close', 'volume'] as const satisfies readonly Column[];
export type ColumnMap = Readonly<Partial<Record<(typeof MAPPABLE)[number], string | number>>>;

/** Names that files give their columns, in lower case without blanks, underscores and brackets. */
const NAMES: readonly (readonly [Column, readonly string[]])[] = [
  ['symbol', ['symbol', 'ticker', 'instrument', 'tradingsymbol', 'name']],
  ['time', ['time', 'datetime', 'timestamp', 'date', 'day', 'epoch', 'starttime', 't']],
  ['open', ['open', 'o', 'openprice']],
  ['high', ['high', 'h', 'highprice']],
  ['low', ['low', 'l', 'lowprice']],
  ['close', ['close', 'c', 'closeprice']],
  ['volume', ['volume', 'vol', 'v', 'totalvolume']],
  ['last', ['last', 'price', 'ltp', 'lastprice']],
  ['quantity', ['quantity', 'qty', 'lastquantity', 'ltq', 'size']],
  ['bid', ['bid', 'bidprice', 'bestbid']],
  ['ask', ['ask', 'askprice', 'bestask', 'offer']],
];

/** Reads the header, if the first row is one: it names a price and holds no number. */
export function headerLayout(cells: readonly string[]): Layout | undefined {
  if (cells.some((cell) => readNumber(cell) !== undefined)) return undefined;
  const columns: Partial<Record<Column, number>> = {};
  const times: number[] = [];
  for (const [index, cell] of cells.entries()) {
    const name = cell.toLowerCase().replace(/[\s_()<>[\].-]/g, '');
    const column = NAMES.find(([, names]) => names.includes(name))?.[0];
    if (column === 'time') times.push(index);
    else if (column !== undefined) columns[column] ??= index;
  }
  if (columns.close === undefined && columns.last === undefined) return undefined;
  return { columns: { ...columns, ...timeColumns(times) }, hasHeader: true };
}

/** One time column, or a day beside a time of day. */
function timeColumns([first, second]: readonly number[]): Layout['columns'] {
  if (first === undefined) return {};
  return second === undefined ? { time: first } : { day: first, timeOfDay: second };
}

/**
 * What a person said about the columns, over what the first row says by itself. Denies a name that the header does not have, and a place behind the last cell:
 * a price that is taken from the wrong column is worse than none.
 */
export function mappedLayout(cells: readonly string[], map: ColumnMap, own: Layout): Outcome<Layout> {
  const { time, day, timeOfDay, ...rest } = own.columns;
  // A time that is pointed to takes the place of what the file's words say.
  const times = { ...(map.day === undefined && time !== undefined ? { time } : {}), ...(map.time === undefined && day !== undefined && timeOfDay !== undefined ? { day, timeOfDay } : {}) };
  const columns: Partial<Record<Column, number>> = { ...rest, ...times };
  const names = cells.map((cell) => cell.toLowerCase());
  let hasHeader = own.hasHeader;
  for (const column of MAPPABLE) {
    const place = map[column];
    if (place === undefined) continue;
    const index = typeof place === 'number' ? place - 1 : names.indexOf(place.toLowerCase());
    if (index < 0 || index >= cells.length) {
      const what = typeof place === 'number' ? `no column ${place}: it has ${cells.length}` : `no column "${place}". Its first row is: ${cells.map((cell) => cell.slice(0, 40)).slice(0, 30).join(', ')}`;
      return deny('INVALID_PARAMETER', `The file has ${what}.`, { field: `columns.${column}`, remedy: 'Name columns as the file\'s first row does, or by their number, from 1.' });
    }
    columns[column] = index;
    hasHeader ||= typeof place === 'string';
  }
  return ok({ columns, hasHeader });
}

/** The layout of a file without a header, from its first row: [symbol], [time | day, time of day], then the given columns in their order. */
export function positionalLayout(cells: readonly string[], order: readonly Column[]): Layout {
  const columns: Partial<Record<Column, number>> = {};
  let next = 0;
  if (isSymbol(cells[0] ?? '')) columns.symbol = next++;
  const [first = '', second = ''] = cells.slice(next);
  if (isDay(first) && isTimeOfDay(second)) {
    columns.day = next++;
    columns.timeOfDay = next++;
  } else if (readFileTime(first) !== undefined) columns.time = next++;
  for (const column of order) if (next < cells.length) columns[column] = next++;
  return { columns, hasHeader: false };
}

function isSymbol(cell: string): boolean {
  return /[a-z]/i.test(cell) && readNumber(cell) === undefined && readFileTime(cell) === undefined;
}

export const isTimed = ({ columns }: Layout): boolean => columns.time !== undefined || columns.day !== undefined;

/** The row's time as it is written; undefined where the file gives none. */
export function timeText({ cells }: FileRow, { columns }: Layout): string | undefined {
  if (columns.day !== undefined) return `${cells[columns.day] ?? ''} ${cells[columns.timeOfDay ?? -1] ?? ''}`.trim();
  return columns.time === undefined ? undefined : cells[columns.time];
}

export function readTime(row: FileRow, layout: Layout, zone?: string): EpochMs | undefined {
  const text = timeText(row, layout);
  return text === undefined ? undefined : readFileTime(text, zone);
}
