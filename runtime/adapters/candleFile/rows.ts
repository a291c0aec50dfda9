/**
 * unreadable: a cell that is no number, or none. range: high below low, or a range that does not hold open and close. volume: a negative one. time: one that can not be read.
 * order: older than a row before it; kept. duplicate: the time of another row, which stays. symbol: of another one. length: behind the longest file that is read.
 */
export type ProblemKind = 'unreadable' | 'range' | 'volume' | 'time' | 'order' | 'duplicate' | 'symbol' | 'length';

/** A line of a file that could not be used, or was changed, and why. Lines count from 1. */
export interface FileProblem {
  readonly line: number;
  readonly kind: ProblemKind;
  readonly message: string;
}

/** Collects problems up to a limit; a file of nothing but dirt shall not fill the memory. */
export interface ProblemList {
  readonly problems: readonly FileProblem[];
  /** Also counts those over the limit. */
  readonly count: number;
  add(line: number, kind: ProblemKind, message: string): void;
  /** How many of each kind, those over the limit too. */
  readonly counts: Readonly<Partial<Record<ProblemKind, number>>>;
}

const MOST_PROBLEMS = 1_000;

export function problemList(): ProblemList {
  const problems: FileProblem[] = [];
  const counts: Partial<Record<ProblemKind, number>> = {};
  let count = 0;
  return {
    problems,
    counts,
    get count() { return count; },
    add(line, kind, message) {
      count += 1;
      counts[kind] = (counts[kind] ?? 0) + 1;
      if (problems.length < MOST_PROBLEMS) problems.push({ line, kind, message });
    },
  };
}

/** One line, cut into trimmed cells without their quotes. */
export interface FileRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const QUOTED = /^"(.*)"$/;
const BYTE_ORDER_MARK = '\uFEFF';

const NOTE = '# ';
const MOST_NOTE = 300;

/** What a file says of itself before its rows, in lines that begin with "# ". */
export function noteOf(text: string): string | undefined {
  const lines: string[] = [];
  for (const line of text.slice(text.startsWith(BYTE_ORDER_MARK) ? 1 : 0, 4 * MOST_NOTE).split('\n')) {
    if (!line.startsWith(NOTE)) break;
    lines.push(line.slice(NOTE.length).trim());
  }
  const note = lines.join(' ').trim().slice(0, MOST_NOTE);
  return note === '' ? undefined : note;
}

/** The lines that are neither empty nor a note (see `noteOf`). The separator is what the first of them uses: tab, semicolon, else comma. */
export function* rowsOf(text: string): Generator<FileRow> {
  let separator: string | undefined;
  let line = 0;
  let from = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    const raw = text.slice(from, end === -1 ? text.length : end).trim();
    from = end === -1 ? text.length : end + 1;
    line += 1;
    if (raw === '' || raw.startsWith(NOTE)) continue;
    separator ??= separatorOf(raw);
    yield { line, cells: raw.split(separator).map(cleanCell) };
  }
}

function cleanCell(cell: string): string {
  const trimmed = cell.trim();
  return QUOTED.exec(trimmed)?.[1]?.trim() ?? trimmed;
}

function separatorOf(line: string): string {
  return ['\t', ';'].find((separator) => line.includes(separator)) ?? ',';
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A finite number written plainly; undefined for anything else, empty cells included. */
export function readNumber(cell: string | undefined): number | undefined {
  if (cell === undefined || !NUMBER.test(cell)) return undefined;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}
