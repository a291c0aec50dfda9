import { readFile } from 'node:fs/promises';
import type { Candle } from '../../../domain/candle/candle';
import { deny, ok, type Outcome } from '../../../domain/denial';
import type { Tick } from '../../../domain/feed';
import type { Instrument } from '../../../domain/market';
import { toMoney, type Money } from '../../../domain/money';
import { MINUTE_MS } from '../../../domain/time';
import { readCandleFile, type CandleFileOptions } from '../../candleFile/readCandleFile';
import { readTickFile, type FileTick } from '../../candleFile/readTickFile';
import type { FileProblem } from '../../candleFile/rows';

/** One instrument's past. */
export interface Recording {
  readonly instrument: Instrument;
  readonly content: { readonly kind: 'candles'; readonly candles: readonly Candle[]; readonly timeframeMs: number } | { readonly kind: 'ticks'; readonly ticks: readonly Tick[] };
  /** Rows that were left out or moved, by line. */
  readonly problems: readonly FileProblem[];
  readonly problemCount: number;
}

export interface RecordingOptions extends CandleFileOptions {
  readonly instrument: Instrument;
  /** What a row is; default candles. */
  readonly holds?: 'candles' | 'ticks';
}

const LONGEST_TIMEFRAME_MS = 12 * 60 * MINUTE_MS;
/** Prices above can not be held exactly. */
const HIGHEST_PRICE = 1e11;

/** A recording from CSV text; formats as `readCandleFile` and `readTickFile` say. Refuses a file without one usable row, without times, or of days. */
export function readRecording(text: string, options: RecordingOptions): Outcome<Recording> {
  return options.holds === 'ticks' ? tickRecording(text, options) : candleRecording(text, options);
}

/** The same from a file. */
export async function loadRecording(file: string, options: RecordingOptions): Promise<Outcome<Recording>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return deny('NOT_FOUND', `The file ${file} can not be read: ${error instanceof Error ? error.message : String(error)}`, { field: 'file' });
  }
  return readRecording(text, options);
}

function candleRecording(text: string, options: RecordingOptions): Outcome<Recording> {
  const { instrument, timeframeMs = MINUTE_MS } = options;
  if (timeframeMs > LONGEST_TIMEFRAME_MS) return deny('NOT_SUPPORTED', 'Candles of a day or longer can not be played as ticks.', { field: 'timeframeMs', remedy: 'Use a file of minutes.' });
  const { candles, timed, problems, problemCount } = readCandleFile(text, options);
  if (!timed && candles.length > 0) return deny('MISSING_FIELD', `The file of ${instrument.key} has no times and can not be played.`, { field: 'time' });
  const usable = candles.filter(({ high, low }) => high < HIGHEST_PRICE && low > -HIGHEST_PRICE);
  if (usable.length === 0) return nothingIn(instrument, problems);
  return ok({ instrument, content: { kind: 'candles', candles: usable, timeframeMs }, problems, problemCount });
}

function tickRecording(text: string, options: RecordingOptions): Outcome<Recording> {
  const { instrument } = options;
  const { ticks, problems, problemCount } = readTickFile(text, options);
  const usable = ticks.filter(({ last, bid = 0, ask = 0 }) => Math.max(Math.abs(last), bid, ask) < HIGHEST_PRICE);
  if (usable.length === 0) return nothingIn(instrument, problems);
  return ok({ instrument, content: { kind: 'ticks', ticks: usable.map((tick) => tickOf(instrument, tick)) }, problems, problemCount });
}

function tickOf({ key }: Instrument, { at, last, quantity, bid, ask }: FileTick): Tick {
  return { instrument: key, at, last: toMoney(last), ...(quantity === undefined ? {} : { lastQuantity: quantity }), ...priced('bid', bid), ...priced('ask', ask) };
}

/** A side of 0 is a side without orders. */
function priced<K extends 'bid' | 'ask'>(side: K, price: number | undefined): { readonly [P in K]?: Money } {
  const prices: { [P in K]?: Money } = {};
  if (price !== undefined && price !== 0) prices[side] = toMoney(price);
  return prices;
}

function nothingIn(instrument: Instrument, [first]: readonly FileProblem[]): Outcome<never> {
  return deny('MALFORMED_BODY', `The file of ${instrument.key} has no row that can be played.${first === undefined ? '' : ` Line ${first.line}: ${first.message}`}`);
}
