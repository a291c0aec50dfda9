/** One line of the table. Times are milliseconds; what has no meaning for a line is left out. */
export interface Row {
  readonly section: string;
  readonly name: string;
  readonly perSecond?: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** What this line is compared with, in words, and the numbers of the comparison. */
  readonly against?: string;
  readonly ratios?: Readonly<Record<string, number>>;
  /** Names the target in reference/performance.md that the line belongs to. */
  readonly target?: string;
  readonly met?: boolean;
}

/** Everything that one run found out. */
export interface Report {
  readonly at: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly rows: readonly Row[];
  /** What was left out, or disturbed the run. */
  readonly notes: readonly string[];
}

const COLUMNS: readonly { readonly title: string; readonly right: boolean; readonly cell: (row: Row) => string }[] = [
  { title: 'section', right: false, cell: ({ section }) => section },
  { title: 'what', right: false, cell: ({ name }) => name },
  { title: 'per second', right: true, cell: ({ perSecond }) => (perSecond === undefined ? '' : Math.round(perSecond).toLocaleString('en')) },
  { title: 'p50 ms', right: true, cell: ({ p50Ms }) => decimals(p50Ms) },
  { title: 'p99 ms', right: true, cell: ({ p99Ms }) => decimals(p99Ms) },
  { title: 'beside', right: false, cell: ({ against }) => against ?? '' },
  { title: 'target', right: false, cell: ({ target, met }) => (target === undefined ? '' : `${target}: ${met === true ? 'met' : 'NOT MET'}`) },
];

export function table(rows: readonly Row[]): string {
  const lines = [COLUMNS.map(({ title }) => title), ...rows.map((row) => COLUMNS.map(({ cell }) => cell(row)))];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((text, column) => padded(text, widths[column] ?? 0, COLUMNS[column]?.right === true)).join('  ').trimEnd()).join('\n');
}

function padded(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width);
}

function decimals(ms: number | undefined): string {
  return ms === undefined ? '' : ms.toFixed(ms < 10 ? 3 : 1);
}

/** `1.23x`. */
export function times(ratio: number): string {
  return `${ratio.toFixed(2)}x`;
}
