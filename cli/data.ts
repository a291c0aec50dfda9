import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ProblemKind } from '../runtime/adapters/candleFile/rows';
import { readTimeframe, timeframeMs } from '../runtime/domain/condition';
import { explained } from '../runtime/domain/denial';
import { STORED_TIMEFRAMES, storedTimeframe, type CandleStore, type StoredTimeframe } from '../runtime/domain/feed';
import { MINUTE_MS, type EpochMs } from '../runtime/domain/time';
import { calendarOf, candlesOfText, fileSource, instrumentNamed, instrumentsOf, readKey, sift, type Dirt, type FileCandles, type Sifted } from '../runtime/hosts/backtests';
import { allowed } from './allowed';
import { parsedWords, UsageError } from './arguments';
import { candleHome, openStoreOf } from './backtestData';
import { readInstrumentWord, readMeaning } from './backtestWords';
import { fetchData } from './dataFetch';
import { removeCandles } from './dataRemove';
import type { World } from './main';
import { formatTable, indianTime } from './table';
import type { Tool } from './tools';

const OPTIONS = {
  symbol: { type: 'string' }, timeframe: { type: 'string' }, columns: { type: 'string' }, zone: { type: 'string' }, times: { type: 'string' }, time: { type: 'string' }, instrument: { type: 'string' },
  account: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, again: { type: 'boolean', default: false }, home: { type: 'string' }, json: { type: 'boolean', default: false },
} as const;
export type DataWords = Pick<ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'], keyof typeof OPTIONS>;

/** Rows that were left out are shown up to this many. */
const ROWS_SHOWN = 5;

/** `bellwether data import|list|fetch|remove`: candles in the local store, for warm-up and for backtests. */
export const dataTool: Tool = {
  run(words, world) {
    const { values, positionals: [what, ...rest] } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (what === 'import') return importFile(rest, values, world);
    if (what === 'remove') return removeCandles(rest, values, world);
    if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" is too much: data ${what ?? ''} takes options only.`);
    if (what === 'list') return list(values, world);
    if (what === 'fetch') return fetchData(values, world);
    throw new UsageError('data wants import <file>, list, fetch or remove <symbol>.');
  },
};

async function importFile([file, ...more]: readonly string[], words: DataWords, world: World): Promise<string> {
  if (file === undefined) throw new UsageError('data import wants a file: data import candles.csv --symbol NSE:SBIN.');
  if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much: one file at a time.`);
  if (words.symbol === undefined) throw new UsageError('Whose candles are they? --symbol NSE:SBIN');
  allowed(readKey(words.symbol));
  const home = candleHome(words.home, world);
  const instrument = allowed(instrumentNamed(words.symbol, words.instrument === undefined ? { lotSize: 1 } : readInstrumentWord(words.instrument, words.symbol).facts, instrumentsOf({ home })));
  if (words.timeframe !== undefined && readTimeframe(words.timeframe) !== undefined) lengthKept(timeframeMs(words.timeframe));
  const calendar = calendarOf({ home });
  const read = candlesOfText(world.readText(file), instrument, readMeaning(words), calendar);
  if (!read.ok) throw new Error(`${file}: ${explained(read.denial)}`);
  const timeframe = lengthKept(read.value.timeframeMs);
  const sifted = sift(read.value.candles, instrument, read.value.timeframeMs, calendar);
  if (sifted.candles.length === 0) throw new Error(`${file}: none of its ${read.value.candles.length} candles lies within a session of ${instrument.key}. Check --zone, and whether times are the start or the end of candles (--times).`);
  const store = await openStoreOf({ home }, world);
  try {
    await store.put(instrument.key, timeframe, sifted.candles, fileSource(path.basename(file), read.value.file.note));
  } finally {
    await store.close();
  }
  const facts = { symbol: instrument.key, timeframe, candles: sifted.candles.length, from: sifted.candles[0]?.time ?? null, until: sifted.candles.at(-1)?.time ?? null };
  return words.json ? `${JSON.stringify({ ...facts, dirt: dirtJson(read.value, sifted) }, null, 2)}\n` : reportText(facts, read.value, sifted);
}

function lengthKept(lengthMs: number): StoredTimeframe {
  const kept = storedTimeframe(lengthMs);
  if (kept !== undefined) return kept;
  throw new UsageError(`The candles are ${lengthMs / MINUTE_MS} minutes long; the store keeps ${STORED_TIMEFRAMES.join(', ')}. Give the file to backtest as it is: --data <file>. If it does hold minutes: --timeframe 1m.`);
}

const KINDS: readonly (readonly [ProblemKind, string])[] = [
  ['unreadable', 'rows with a cell that is no number, left out'], ['range', 'rows whose high is below the low, or that do not hold open and close, left out'], ['volume', 'rows with a negative volume, left out'],
  ['time', 'rows whose time can not be read, left out'], ['order', 'rows out of order, sorted'], ['duplicate', 'rows with the time of another, the later one kept'], ['symbol', 'rows of other symbols, left out'], ['length', 'rows more than are read'],
];
const SIFTED = [['outside', 'candles outside of sessions, left out'], ['notPositive', 'candles with a price of zero or less, left out'], ['gaps', 'gaps within sessions'], ['missingDays', 'trading days without a candle']] as const;

function dirtJson({ file: { counts, problems } }: FileCandles, { outside, notPositive, gaps, missingDays }: Sifted): object {
  return { ...counts, outside, notPositive, gaps, missingDays, firstRows: problems.slice(0, ROWS_SHOWN) };
}

function reportText({ symbol, timeframe, candles, from, until }: { readonly symbol: string; readonly timeframe: string; readonly candles: number; readonly from: EpochMs | null; readonly until: EpochMs | null }, { file }: FileCandles, sifted: Sifted): string {
  const rows = KINDS.flatMap(([kind, words]) => {
    const count = file.counts[kind];
    return count === undefined ? [] : [`  ${count} ${words}`];
  });
  const kept = SIFTED.flatMap(([name, words]) => line(sifted[name], words));
  const first = file.problems.slice(0, ROWS_SHOWN).map(({ line: number, message }) => `    line ${number}: ${message}`);
  return [`${symbol}: ${candles} candles of ${timeframe}, ${indianTime(from)} to ${indianTime(until)}.`, ...(file.note === undefined ? [] : [`  The file says: ${file.note}`]), ...(rows.length + kept.length === 0 ? ['  No dirt.'] : [...rows, ...first, ...kept]), ''].join('\n');
}

function line({ count, first }: Dirt, words: string): readonly string[] {
  return count === 0 ? [] : [`  ${count} ${words}${first === undefined ? '' : `, first ${indianTime(first)}`}`];
}

async function list({ home, json }: DataWords, world: World): Promise<string> {
  const store: CandleStore = await openStoreOf({ home: candleHome(home, world) }, world);
  try {
    const held = await store.list();
    if (json) return `${JSON.stringify(held.map(({ instrument, ...rest }) => ({ symbol: instrument, ...rest })), null, 2)}\n`;
    if (held.length === 0) return 'The candle store is empty. Bring candles in: bellwether data import <file> --symbol NSE:SBIN.\n';
    return `${formatTable([
      { title: 'SYMBOL', cell: ({ instrument }) => instrument }, { title: 'TIMEFRAME', cell: ({ timeframe }) => timeframe }, { title: 'CANDLES', cell: ({ candles }) => candles },
      { title: 'FIRST', cell: ({ from }) => indianTime(from) }, { title: 'LAST', cell: ({ until }) => indianTime(until) }, { title: 'SOURCE', cell: ({ source }) => source, width: 40 },
    ], held)}\n`;
  } finally {
    await store.close();
  }
}
