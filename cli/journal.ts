import { parseArgs } from 'node:util';
import type { HistoryRequest, HistoryStore } from '../runtime/domain/history';
import { isScheduleNote } from '../runtime/services/triggers';
import { parsedWords, UsageError } from './arguments';
import { readMoment } from './backtestWords';
import { CSV_END, csvLine } from './csv';
import { findHome } from './home';
import { JOURNAL_COLUMNS, journalRow, type JournalRow } from './journalRow';
import type { World } from './main';
import type { OutputWorld } from './output';
import type { Tool } from './tools';

const OPTIONS = {
  home: { type: 'string' }, export: { type: 'string' }, account: { type: 'string' }, strategy: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, out: { type: 'string' },
} as const;

/** Rows that are held at once. */
const PAGE = 2_000;

/** `bellwether journal --export csv|json`: everything that was journalled, oldest first, as flat rows: signals, decisions with their refusals, orders, their events, fills, events of accounts, alerts. */
export const journalTool: Tool = {
  async run(words, world) {
    const { values, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    const { home, account, strategy, out, export: format } = values;
    if (positionals.length > 0) throw new UsageError('journal takes options only.');
    if (format !== 'csv' && format !== 'json') throw new UsageError('journal is exported: --export csv, or --export json.');
    const from = readMoment('--from', values.from, 'begin');
    const until = readMoment('--to', values.to, 'end');
    const store = await world.openStore(findHome(home, world));
    try {
      if (store.history === undefined) throw new Error('This journal keeps no history.');
      const request = { ...(account === undefined ? {} : { account }), ...(strategy === undefined ? {} : { strategyId: strategy }), ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
      const parts = textParts(store.history, request, format);
      if (out !== undefined) return `${await intoFile(parts, out, world.output)} rows: ${out}\n`;
      for await (const { text } of parts) if (!await (world.output?.write(text) ?? told(world, text))) break;
      return '';
    } finally {
      await store.close();
    }
  },
};

function csvRow(row: JournalRow): string {
  return `${csvLine(JOURNAL_COLUMNS.map((column) => row[column]))}${CSV_END}`;
}

interface TextPart {
  readonly text: string;
  readonly rows: number;
}

/** The export in pieces of a page each; what a schedule keeps in the inbox for itself is no signal. */
export async function* textParts(history: HistoryStore, request: HistoryRequest, format: 'csv' | 'json'): AsyncGenerator<TextPart> {
  let rows = 0;
  yield { text: format === 'csv' ? `${csvLine(JOURNAL_COLUMNS)}${CSV_END}` : '[', rows: 0 };
  for await (const page of history.pages({ ...request, limit: PAGE })) {
    const told = page.filter(({ kind, nodeKey }) => kind !== 'signal' || nodeKey === undefined || !isScheduleNote({ nodeKey })).map(journalRow);
    yield { text: told.map((row, index) => (format === 'csv' ? csvRow(row) : `${rows + index === 0 ? '' : ','}\n${JSON.stringify(row)}`)).join(''), rows: told.length };
    rows += told.length;
  }
  if (format === 'json') yield { text: '\n]\n', rows: 0 };
}

/** How many rows the file has. A file that could not be finished is not left behind. */
async function intoFile(parts: AsyncIterable<TextPart>, name: string, output: OutputWorld | undefined): Promise<number> {
  if (output === undefined) throw new Error('This process can not write files.');
  const file = output.file(name);
  let count = 0;
  try {
    for await (const { text, rows } of parts) {
      file.write(text);
      count += rows;
    }
    file.finish();
    return count;
  } catch (error) {
    file.abandon();
    throw error;
  }
}

function told(world: World, text: string): boolean {
  world.out(text);
  return true;
}
