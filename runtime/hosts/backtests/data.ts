import { readCandleFile, type CandleFile, type CandleFileOptions } from '../../adapters/candleFile/readCandleFile';
import type { RecordedCandles } from '../../domain/backtest';
import type { Candle } from '../../domain/candle';
import { readTimeframe, timeframeMs } from '../../domain/condition';
import { deny, ok, type Outcome } from '../../domain/denial';
import { STORED_LENGTH_MS, STORED_TIMEFRAMES, type CandleStore, type StoredTimeframe } from '../../domain/feed';
import type { Instrument } from '../../domain/market';
import { indiaDate, type TradingCalendar } from '../../domain/session';
import { MINUTE_MS, type EpochMs } from '../../domain/time';
import { fromEnds, otherSpacing, recordedCandles, spacingOf } from './recorded';

/** How the rows of a file are meant. */
export interface FileMeaning extends Pick<CandleFileOptions, 'columns' | 'zone'> {
  /** What its times say; default the candle's start. */
  readonly timeIs?: 'start' | 'end';
  /** `1m`, `1d`; default: as far as most rows are apart. */
  readonly timeframe?: string;
}

/** A file's candles, and what was wrong with its rows. */
export interface FileCandles {
  readonly candles: readonly Candle[];
  readonly timeframeMs: number;
  readonly file: CandleFile;
}

/** The candles of one instrument in a text of CSV or JSON; times are starts. Denies a text without usable rows or without times, a timeframe that its candles do not have, and a text of several symbols where none is the instrument's. */
export function candlesOfText(text: string, instrument: Instrument, { timeIs = 'start', timeframe, ...options }: FileMeaning, calendar: TradingCalendar): Outcome<FileCandles> {
  const read = readOne(text, instrument, options);
  if (!read.ok) return read;
  const file = read.value;
  if (file.candles.length === 0) return nothingRead(file);
  if (!file.timed) return deny('MISSING_FIELD', 'The file does not say when its candles were.', { field: 'time', remedy: 'Name the column that does: --columns time=<name or number>.' });
  const named = timeframe === undefined ? undefined : readTimeframe(timeframe);
  if (timeframe !== undefined && named === undefined) return deny('INVALID_PARAMETER', `"${timeframe}" is no timeframe.`, { field: 'timeframe', value: timeframe, remedy: 'Use 1m, 5m, 15m, 1h or 1d.' });
  const times = file.candles.map(({ time }) => time);
  const other = named === undefined ? undefined : otherSpacing(times, timeframeMs(named));
  if (named !== undefined && other !== undefined) return otherLength(named, other);
  const length = named === undefined ? spacingOf(times) : ok(timeframeMs(named));
  if (!length.ok) return length;
  const candles = timeIs === 'end' ? fromEnds(file.candles, length.value, { instrument, calendar }) : file.candles;
  return ok({ candles, timeframeMs: length.value, file });
}

function otherLength(named: string, spacingMs: number): Outcome<never> {
  const spacing = timeframeOf(spacingMs);
  const longer = spacingMs < timeframeMs(named) ? ': longer candles are made of shorter ones where they are wanted' : '';
  return deny('INVALID_PARAMETER', `Its candles are ${spacing} apart, not ${named}.`, { field: 'timeframe', value: named, remedy: `Leave --timeframe out, or write --timeframe ${spacing}${longer}.` });
}

/** `5m`, `1d`, of whole minutes. */
function timeframeOf(lengthMs: number): string {
  const minutes = lengthMs / MINUTE_MS;
  if (minutes % 1_440 === 0) return `${minutes / 1_440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

function readOne(text: string, instrument: Instrument, options: CandleFileOptions): Outcome<CandleFile> {
  const file = readCandleFile(text, options);
  if (file.denial !== undefined) return { ok: false, denial: file.denial };
  if (file.counts.symbol === undefined) return ok(file);
  for (const symbol of [instrument.symbol, instrument.key, instrument.base]) {
    const chosen = readCandleFile(text, { ...options, symbol });
    if (chosen.candles.length > 0) return ok(chosen);
  }
  return deny('UNKNOWN_SYMBOL', `The file holds several symbols, the first is ${file.symbol ?? 'nameless'}, and none is ${instrument.symbol}.`, { field: 'symbol', remedy: 'Name the instrument as the file does, or cut the file.' });
}

function nothingRead({ problems: [first] }: CandleFile): Outcome<never> {
  const why = first === undefined ? 'It has no rows of candles.' : `Line ${first.line}: ${first.message}`;
  return deny('MALFORMED_BODY', `The file holds no candle that can be used. ${why}`, { field: 'data', remedy: 'Give it a header (time,open,high,low,close,volume), or say where its columns are: --columns time=1,open=2,high=3,low=4,close=5.' });
}

const NOTED = ' says: ';

/** What the store remembers of a file: its name, and its own note where it has one, which stays with its candles. */
export function fileSource(name: string, note: string | undefined): string {
  return `file ${name}${note === undefined ? '' : `${NOTED}${note}`}`;
}

function noteOfSource(source: string): string | undefined {
  const at = source.startsWith('file ') ? source.indexOf(NOTED) : -1;
  return at < 0 ? undefined : source.slice(at + NOTED.length);
}

/** One page of the store. */
const PAGE = 200_000;
/** Twenty million minutes are two hundred years of trading. */
const MOST_PAGES = 100;

/**
 * What the candle store holds of an instrument up to `until`. Of a timeframe: candles of that length where they are kept, else the longest shorter ones of which they can be made.
 * Without one the shortest that are kept. Everything before serves as warm-up.
 */
export async function candlesOfStore(store: Pick<CandleStore, 'candles' | 'list'>, instrument: Instrument, until: EpochMs, timeframe?: string): Promise<Outcome<RecordedCandles>> {
  const entries = (await store.list()).filter((entry) => entry.instrument === instrument.key);
  const listed = entries.map((entry) => entry.timeframe);
  const held = STORED_TIMEFRAMES.filter((name) => listed.includes(name));
  const bring = `Bring some in: bellwether data import <file> --symbol ${instrument.key}.`;
  if (held.length === 0) return deny('NOT_FOUND', `The candle store holds no candles of ${instrument.key}.`, { field: 'data', value: instrument.key, remedy: bring });
  const wanted = timeframe === undefined ? held[0] : serving(timeframe, held);
  if (wanted === undefined) return deny('NOT_FOUND', `The candle store holds no candles of ${instrument.key} that ${timeframe ?? ''} can be made of; it holds ${held.join(', ')}.`, { field: 'timeframe', value: timeframe ?? '', remedy: bring });
  const pages: (readonly Candle[])[] = [];
  let end = until;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await store.candles({ instrument: instrument.key, timeframe: wanted, from: -Infinity, until: end, limit: PAGE });
    if (!answer.ok) return answer;
    const [oldest] = answer.value;
    if (oldest === undefined) break;
    pages.unshift(answer.value);
    end = oldest.time;
    if (answer.value.length < PAGE) break;
  }
  const candles = pages.flat();
  if (candles.length === 0) return deny('NOT_FOUND', `The candle store holds no candles of ${instrument.key} before that time.`, { field: 'data', value: instrument.key });
  const note = entries.filter((entry) => entry.timeframe === wanted).map(({ source }) => noteOfSource(source)).find((each) => each !== undefined);
  return ok(recordedCandles(instrument, STORED_LENGTH_MS[wanted], candles, note));
}

/** Longer candles than those that were taken, which reach further back; undefined where there are none. */
export async function olderInStore(store: Pick<CandleStore, 'list'>, { instrument, timeframeMs: taken, columns: { time } }: RecordedCandles): Promise<{ readonly timeframe: StoredTimeframe; readonly from: EpochMs } | undefined> {
  const longer = (await store.list()).filter((entry) => entry.instrument === instrument.key && STORED_LENGTH_MS[entry.timeframe] > taken);
  const [oldest] = longer.toSorted((a, b) => a.from - b.from);
  return oldest === undefined || time[0] === undefined || indiaDate(oldest.from) >= indiaDate(time[0]) ? undefined : oldest;
}

/** The longest kept length that a timeframe consists of. */
function serving(timeframe: string, held: readonly StoredTimeframe[]): StoredTimeframe | undefined {
  const length = timeframeMs(timeframe);
  return held.findLast((name) => STORED_LENGTH_MS[name] <= length && length % STORED_LENGTH_MS[name] === 0);
}

/** The same prices under another name: what an order on a stand-in is filled by. */
export function standIn(instrument: Instrument, { timeframeMs: length, columns, note }: RecordedCandles): RecordedCandles {
  return { instrument, timeframeMs: length, columns, ...(note === undefined ? {} : { note }) };
}
