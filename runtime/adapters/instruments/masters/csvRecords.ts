import { MasterError } from './bytes';
import { MAX_RECORD_LENGTH, type BrokenLine, type MasterRecord } from './record';

/** Columns beyond this are no list of instruments. */
const MAX_COLUMNS = 100;

/**
 * Records of a CSV with a header, a piece of text at a time. Fields may be quoted; a record is one line, as in every broker's list, so that a stray quote spoils
 * its own line only. A line with more or fewer fields than the header is broken. Throws a MasterError for a text without a header.
 */
export async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<readonly (MasterRecord | BrokenLine)[]> {
  let columns: readonly string[] | undefined;
  let rest = '';
  let line = 0;
  const take = (raw: string): MasterRecord | BrokenLine | undefined => {
    line += 1;
    if (raw.trim() === '') return undefined;
    if (raw.length > MAX_RECORD_LENGTH) return { line, why: 'longer than any instrument' };
    const cells = cellsOf(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
    if (columns === undefined) {
      columns = headerOf(cells);
      return undefined;
    }
    return cells.length === columns.length ? { line, fields: record(columns, cells) } : { line, why: `${cells.length} fields where the header has ${columns.length}` };
  };
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > 2 * MAX_RECORD_LENGTH) throw new MasterError(`Line ${line + 1} never ends.`);
    yield lines.map(take).filter((one) => one !== undefined);
  }
  yield [take(rest)].filter((one) => one !== undefined);
  if (columns === undefined) throw new MasterError('The list is empty.');
}

function cellsOf(raw: string): readonly string[] {
  if (!raw.includes('"')) return raw.split(',');
  const cells: string[] = [];
  for (let at = 0; at <= raw.length && cells.length <= MAX_COLUMNS;) {
    const quoted = raw.charAt(at) === '"' ? closingQuote(raw, at + 1) : undefined;
    const end = raw.indexOf(',', quoted ?? at);
    const stop = end === -1 ? raw.length : end;
    cells.push(quoted === undefined ? raw.slice(at, stop) : raw.slice(at + 1, quoted).replaceAll('""', '"'));
    at = stop + 1;
  }
  return cells;
}

/** Where a quoted field ends; two quotes are one that belongs to it. Undefined when it never does. */
function closingQuote(raw: string, from: number): number | undefined {
  for (let at = raw.indexOf('"', from); at !== -1; at = raw.indexOf('"', at + 2)) {
    if (raw.charAt(at + 1) !== '"') return at;
  }
  return undefined;
}

function headerOf(cells: readonly string[]): readonly string[] {
  if (cells.length < 3 || cells.length > MAX_COLUMNS) throw new MasterError('The first line is no header of a list of instruments.');
  const columns = cells.map((cell) => cell.trim());
  if (columns.some((column) => column in Object.prototype)) throw new MasterError('The first line is no header of a list of instruments.');
  return columns;
}

function record(columns: readonly string[], cells: readonly string[]): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (let index = 0; index < columns.length; index += 1) fields[columns[index] ?? ''] = cells[index] ?? '';
  return fields;
}
