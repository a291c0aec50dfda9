import { parseArgs } from 'node:util';
import type { HistoryEntry, HistoryRequest, HistoryStore } from '../runtime/domain/history';
import { isScheduleNote } from '../runtime/services/triggers';
import { parsedWords, UsageError } from './arguments';
import { readMoment } from './backtestWords';
import { CSV_END, csvLine } from './csv';
import { findHome } from './home';
import { JOURNAL_COLUMNS, journalRow, type JournalRow } from './journalRow';
import type { Tool } from './tools';

const OPTIONS = {
  home: { type: 'string' }, export: { type: 'string' }, account: { type: 'string' }, strategy: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, out: { type: 'string' },
} as const;

/** Rows that are read at once, and pages of them: more than a person can use belongs into pieces by day. */
const PAGE = 10_000;
const MOST_PAGES = 50;

/** `bellwether journal --export csv|json`: everything that was journalled, oldest first, as flat rows: signals, decisions with their refusals, orders, their events, fills, events of accounts, alerts. */
export const journalTool: Tool = {
  async run(words, world) {
    const { values, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    const { home, account, strategy, out, export: format } = values;
    if (positionals.length > 0) throw new UsageError('journal takes options only.');
    if (format !== 'csv' && format !== 'json') throw new UsageError('journal is exported: --export csv, or --export json.');
    if (out !== undefined && world.backtest === undefined) throw new Error('This process can not write files.');
    const from = readMoment('--from', values.from, 'begin');
    const until = readMoment('--to', values.to, 'end');
    const store = await world.openStore(findHome(home, world));
    try {
      if (store.history === undefined) throw new Error('This journal keeps no history.');
      const request = { ...(account === undefined ? {} : { account }), ...(strategy === undefined ? {} : { strategyId: strategy }), ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
      const text: string[] = [];
      let rows = 0;
      for await (const page of pagesOf(store.history, request)) {
        text.push(page.map((row, index) => (format === 'csv' ? csvRow(row) : `${rows + index === 0 ? '' : ','}\n${JSON.stringify(row)}`)).join(''));
        rows += page.length;
      }
      const whole = format === 'csv' ? `${csvLine(JOURNAL_COLUMNS)}${CSV_END}${text.join('')}` : `[${text.join('')}\n]\n`;
      if (out === undefined) return whole;
      world.backtest?.writeText(out, whole);
      return `${rows} rows: ${out}\n`;
    } finally {
      await store.close();
    }
  },
};

function csvRow(row: JournalRow): string {
  return `${csvLine(JOURNAL_COLUMNS.map((column) => row[column]))}${CSV_END}`;
}

/** Page by page, oldest first; what a schedule keeps in the inbox for itself is no signal. Throws where there is more than fits one file. */
export async function* pagesOf(history: HistoryStore, request: HistoryRequest, limit = PAGE, most = MOST_PAGES): AsyncGenerator<readonly JournalRow[]> {
  let last: HistoryEntry | undefined;
  for (let count = 0; count < most; count += 1) {
    const page = await history.page({ ...request, limit, ...(last === undefined ? {} : { after: last }) });
    last = page.at(-1);
    yield page.filter(({ kind, nodeKey }) => kind !== 'signal' || nodeKey === undefined || !isScheduleNote({ nodeKey })).map(journalRow);
    if (page.length < limit) return;
  }
  throw new Error(`There are more than ${limit * most} rows: choose a span with --from and --to, a strategy or an account.`);
}
