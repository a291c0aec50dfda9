import { existsSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { openCandleStore } from '../../adapters/candles';
import type { BacktestWish, RecordedCandles } from '../../domain/backtest';
import { deny, ok, type Outcome } from '../../domain/denial';
import { storedTimeframe, type StoredTimeframe } from '../../domain/feed';
import type { Instrument } from '../../domain/market';
import { addDays, indiaDate, indiaTime } from '../../domain/session';
import { MINUTE_MS, type EpochMs } from '../../domain/time';
import { readFlow, type Definitions } from '../replay';
import { candlesOfStore, candlesOfText, olderInStore, standIn } from './data';
import { instrumentNamed } from './instrument';
import { recordedCandles } from './recorded';
import { calendarOf, instrumentsOf } from './surroundings';
import type { BacktestSetup } from './task';
import { dataForAll } from './wanted';

/** A wish as it goes to a thread: a flow of the editor has been put in its place. */
export interface WishedSetup {
  readonly home: string;
  readonly wish: Omit<BacktestWish, 'flow'> & { readonly flow: Exclude<BacktestWish['flow'], { readonly kind: 'editor' }> | { readonly kind: 'deployed'; readonly file: unknown; readonly name?: string } };
}

/** Folder inside the state folder that nodes may read files of. */
export const DATA_FOLDER = 'data';
const MOST_BYTES = 1_000_000_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads flow and candles of a wish. Everything that can be wrong with them is denied by name. */
export async function setupOf({ home, wish }: WishedSetup, definitions: Definitions): Promise<Outcome<BacktestSetup>> {
  const file = await flowJson(home, wish.flow);
  if (!file.ok) return file;
  const name = wish.flow.name;
  const flow = readFlow(file.value, definitions, name);
  if (!flow.ok) return flow;
  const data = await dataOf(home, wish);
  if (!data.ok) return data;
  const { candles, source } = data.value;
  const span = spanOf(candles, wish);
  if (!span.ok) return span;
  const complete = dataForAll(flow.value.graph, candles.map(({ instrument }) => instrument), span.value.from, instrumentsOf({ home }));
  if (!complete.ok) return complete;
  return ok({ file: file.value, home, source, terms: { data: candles, ...span.value, account: wish.account, charges: wish.charges }, ...(name === undefined ? {} : { flow: name }) });
}

async function flowJson(home: string, flow: WishedSetup['wish']['flow']): Promise<Outcome<unknown>> {
  if (flow.kind === 'deployed') return ok(flow.file);
  const text = flow.kind === 'text' ? ok(flow.text) : await textOf(home, flow.file, 'flowFile');
  if (!text.ok) return text;
  try {
    const file: unknown = JSON.parse(text.value.replace(/^\uFEFF/, ''));
    return ok(file);
  } catch (error) {
    return deny('MALFORMED_BODY', `The flow is no JSON: ${error instanceof Error ? error.message : String(error)}`, { field: flow.kind === 'text' ? 'flow' : 'flowFile', remedy: 'Export it from the editor as JSON.' });
  }
}

/** Candles, and where they are from in words. */
interface WishedData {
  readonly candles: readonly RecordedCandles[];
  readonly source: string;
}

async function dataOf(home: string, { data, exchange, symbol, standsFor, lotSize }: WishedSetup['wish']): Promise<Outcome<WishedData>> {
  const instruments = instrumentsOf({ home });
  const facts = lotSize === undefined ? {} : { lotSize };
  const instrument = instrumentNamed(`${exchange}:${symbol}`, standsFor === undefined ? facts : {}, instruments);
  if (!instrument.ok) return instrument;
  const own = data.kind === 'store' ? await fromStore(home, instrument.value, data.timeframe) : await fromFile(home, instrument.value, data);
  if (!own.ok || standsFor === undefined) return own;
  const other = instrumentNamed(standsFor, facts, instruments);
  return other.ok ? ok({ ...own.value, candles: [...own.value.candles, ...own.value.candles.map((each) => standIn(other.value, each))] }) : other;
}

async function fromFile(home: string, instrument: Instrument, { file, timeIs }: Extract<BacktestWish['data'], { kind: 'file' }>): Promise<Outcome<WishedData>> {
  const text = await textOf(home, file, 'dataFile');
  if (!text.ok) return text;
  const read = candlesOfText(text.value, instrument, { timeIs }, calendarOf({ home }));
  return read.ok ? ok({ candles: [recordedCandles(instrument, read.value.timeframeMs, read.value.candles, read.value.file.note)], source: `${file}, times are ${timeIs === 'end' ? 'ends' : 'starts'} of candles` }) : read;
}

async function fromStore(home: string, instrument: Instrument, timeframe: StoredTimeframe | undefined): Promise<Outcome<WishedData>> {
  const file = path.join(home, 'candles.db');
  if (!existsSync(file)) return deny('NOT_FOUND', 'There is no candle store yet.', { field: 'dataFrom', remedy: `Bring candles in: bellwether data import <file> --symbol ${instrument.key}.` });
  const store = await openCandleStore({ path: file });
  try {
    const read = await candlesOfStore(store, instrument, Infinity, timeframe);
    if (!read.ok) return read;
    const older = timeframe === undefined ? await olderInStore(store, read.value) : undefined;
    const { timeframeMs, columns: { time: [first = 0] } } = read.value;
    const more = older === undefined ? '' : `; those of ${older.timeframe} begin on ${indiaDate(older.from)}: choose them in the node`;
    return ok({ candles: [read.value], source: `the candle store, ${storedTimeframe(timeframeMs) ?? ''} from ${indiaDate(first)}${more}` });
  } finally {
    await store.close();
  }
}

/** The text of a file inside the folder that may be read; links that lead out of it count as outside. */
async function textOf(home: string, file: string, field: string): Promise<Outcome<string>> {
  const folder = path.join(home, DATA_FOLDER);
  const missing = deny('NOT_FOUND', `There is no file "${file}" in ${folder}.`, { field, remedy: 'Put it there: a node reads files of this folder only.' });
  if (path.isAbsolute(file) || !existsSync(folder)) return missing;
  const root = await realpath(folder);
  const target = path.resolve(root, file);
  if (!existsSync(target)) return missing;
  const real = await realpath(target);
  if (!real.startsWith(root + path.sep) || !(await stat(real)).isFile()) return missing;
  if ((await stat(real)).size > MOST_BYTES) return deny('INVALID_PARAMETER', `"${file}" is larger than ${MOST_BYTES / 1e9} GB.`, { field });
  return ok(await readFile(real, 'utf8'));
}

function spanOf(data: readonly RecordedCandles[], { from, to }: WishedSetup['wish']): Outcome<{ readonly from: EpochMs; readonly until: EpochMs }> {
  const [wrong] = [from, to].filter((day) => day !== undefined && (!DAY.test(day) || Number.isNaN(Date.parse(day))));
  if (wrong !== undefined) return deny('INVALID_PARAMETER', `"${wrong}" is no day.`, { field: wrong === from ? 'from' : 'to', remedy: 'Write it as 2026-01-31.' });
  const first = Math.min(...data.map(({ columns: { time } }) => time[0] ?? Infinity));
  const last = Math.max(...data.map(({ columns: { time, length }, timeframeMs }) => (time[length - 1] ?? -Infinity) + Math.max(timeframeMs, MINUTE_MS)));
  const span = { from: from === undefined ? first : indiaTime(from, '00:00'), until: indiaTime(addDays(to ?? indiaDate(last - 1), 1), '00:00') };
  return span.from < span.until ? ok(span) : deny('INVALID_PARAMETER', 'The first day is behind the last one.', { field: 'from' });
}
