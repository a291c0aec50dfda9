import { readFileTime, isZone } from '../runtime/adapters/candleFile/fileTime';
import { MAPPABLE, type ColumnMap } from '../runtime/adapters/candleFile/layout';
import { PaperAccount } from '../runtime/domain/account';
import type { BacktestTerms } from '../runtime/domain/backtest';
import { RiskLimits } from '../runtime/domain/risk';
import { addDays, indiaTime } from '../runtime/domain/session';
import type { EpochMs } from '../runtime/domain/time';
import { readKey, readSegment, type FileMeaning, type InstrumentFacts } from '../runtime/hosts/backtests';
import { allowed } from './allowed';
import { UsageError } from './arguments';
import type { World } from './main';

/** Options that say what a flow is walked over: shared by `backtest` and `sweep`. */
export const TERMS_OPTIONS = {
  data: { type: 'string', multiple: true }, as: { type: 'string', multiple: true }, symbol: { type: 'string' }, instrument: { type: 'string', multiple: true },
  columns: { type: 'string' }, zone: { type: 'string' }, times: { type: 'string' }, time: { type: 'string' }, timeframe: { type: 'string' },
  from: { type: 'string' }, to: { type: 'string' }, capital: { type: 'string' }, fees: { type: 'string' }, slippage: { type: 'string' }, participation: { type: 'string' },
  account: { type: 'string' }, limit: { type: 'string', multiple: true }, alerts: { type: 'string' }, orders: { type: 'string' }, hours: { type: 'string' }, flow: { type: 'string' }, home: { type: 'string' },
} as const;

export interface TermsWords {
  readonly data?: readonly string[] | undefined;
  readonly as?: readonly string[] | undefined;
  readonly symbol?: string | undefined;
  readonly instrument?: readonly string[] | undefined;
  readonly columns?: string | undefined;
  readonly zone?: string | undefined;
  readonly times?: string | undefined;
  readonly time?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly capital?: string | undefined;
  readonly fees?: string | undefined;
  readonly slippage?: string | undefined;
  readonly participation?: string | undefined;
  readonly account?: string | undefined;
  readonly limit?: readonly string[] | undefined;
  readonly alerts?: string | undefined;
  readonly orders?: string | undefined;
  readonly hours?: string | undefined;
  readonly flow?: string | undefined;
  readonly home?: string | undefined;
}

/** One `--data`: whose candles, and where they are. */
export interface DataWord {
  /** `EXCHANGE:SYMBOL`; absent: that of --symbol, or the flow's only one. */
  readonly key?: string;
  /** A path, or the candle store. */
  readonly place: { readonly kind: 'file'; readonly file: string } | { readonly kind: 'store' };
}

const KEY = /^([A-Za-z_]+:[^=]+)=(.+)$/;

/** `file.csv`, `store`, or either behind `NSE:SBIN=`. */
export function readDataWord(text: string): DataWord {
  const [, key, behind] = KEY.exec(text) ?? [];
  const isKey = key !== undefined && readKey(key).ok;
  const place = isKey ? behind ?? '' : text;
  if (place === '') throw new UsageError('--data wants a file, or "store".');
  return { ...(isKey ? { key: key.toUpperCase() } : {}), place: place === 'store' ? { kind: 'store' } : { kind: 'file', file: place } };
}

/** `NSE:SBIN=NSE_INDEX:NIFTY`: the first goes by the candles of the second. */
export function readStandIn(text: string): { readonly wanted: string; readonly given: string } {
  const [wanted = '', given = '', ...more] = text.split('=');
  if (more.length > 0 || !readKey(wanted).ok || !readKey(given).ok) throw new UsageError(`--as is <what the flow trades>=<whose candles it goes by>, as NFO:NIFTY30JUN22FUT=NSE_INDEX:NIFTY; not "${text}".`);
  return { wanted: wanted.trim().toUpperCase(), given: given.trim().toUpperCase() };
}

/** `lot=75,tick=0.05,segment=NFO`, of `symbol`, or with the instrument in front where there are several. */
export function readInstrumentWord(text: string, symbol?: string): { readonly key?: string; readonly facts: InstrumentFacts } {
  const parts = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  const [first = ''] = parts;
  const key = first.includes('=') ? undefined : first.toUpperCase();
  if (key !== undefined) allowed(readKey(key));
  const facts: { -readonly [K in keyof InstrumentFacts]: InstrumentFacts[K] } = {};
  for (const part of key === undefined ? parts : parts.slice(1)) {
    const [name = '', value = ''] = part.split('=').map((word) => word.trim());
    if (name === 'lot') facts.lotSize = positive('--instrument lot', value, { whole: true });
    else if (name === 'tick') facts.tickSize = positive('--instrument tick', value);
    else if (name === 'freeze') facts.freezeQuantity = positive('--instrument freeze', value, { whole: true });
    else if (name === 'segment') facts.segment = allowed(readSegment(value, (key ?? symbol?.toUpperCase())?.split(':')[1] ?? ''));
    else throw new UsageError(`--instrument knows lot, tick, freeze and segment, not "${name}".`);
  }
  return { ...(key === undefined ? {} : { key }), facts };
}

/** How the rows of the files are meant. */
export function readMeaning({ columns, zone, times, time, timeframe }: Pick<TermsWords, 'columns' | 'zone' | 'times' | 'time' | 'timeframe'>): FileMeaning {
  const said = times ?? time;
  if (said !== undefined && said !== 'start' && said !== 'end') throw new UsageError(`--times is start or end, not "${said}".`);
  if (zone !== undefined && !isZone(zone)) throw new UsageError(`--zone is a time zone such as Asia/Kolkata or UTC, not "${zone}".`);
  return {
    ...(said === undefined ? {} : { timeIs: said }), ...(zone === undefined ? {} : { zone }), ...(timeframe === undefined ? {} : { timeframe }),
    ...(columns === undefined ? {} : { columns: readColumns(columns) }),
  };
}

/** `time=Date,open=Open,close=5`: names of the file's first row, or numbers from 1. */
export function readColumns(text: string): ColumnMap {
  const map: { -readonly [K in keyof ColumnMap]: ColumnMap[K] } = {};
  for (const part of text.split(',')) {
    const [name = '', ...rest] = part.split('=');
    const column = MAPPABLE.find((each) => each.toLowerCase() === name.trim().toLowerCase());
    const place = rest.join('=').trim();
    if (column === undefined || place === '') throw new UsageError(`--columns is time=Date,open=Open,… with ${MAPPABLE.join(', ')} in front of "=", not "${part}".`);
    map[column] = /^\d+$/.test(place) ? Number(place) : place;
  }
  return map;
}

/** The account that trades: a file's, or the default one, with what the words say over it. */
export function readAccount({ account, capital, slippage, participation, hours, limit = [] }: TermsWords, world: Pick<World, 'readText'>): PaperAccount {
  const file: unknown = account === undefined ? {} : parsedJson(account, world.readText(account));
  const own = PaperAccount.safeParse(file);
  if (!own.success) throw new UsageError(`${account ?? ''} is no paper account: ${own.error.issues[0]?.path.join('.') ?? ''} ${own.error.issues[0]?.message ?? ''}`);
  const read = PaperAccount.safeParse({
    ...own.data, limits: { ...own.data.limits, ...Object.fromEntries(limit.map(readLimit)) }, ...(capital === undefined ? {} : { capital: positive('--capital', capital) }), ...(slippage === undefined ? {} : readSlippage(slippage)),
    ...(participation === undefined ? {} : { participationPercent: Number(participation) }), ...(hours === 'always' ? { marketHours: 'always' } : {}),
  });
  if (!read.success) throw new UsageError(`The account: ${read.error.issues[0]?.path.join('.') ?? ''} ${read.error.issues[0]?.message ?? ''}`);
  return read.data;
}

/** `maxOrderValuePercent=100`: one limit of the account. */
function readLimit(text: string): readonly [string, number] {
  const [name = '', value = ''] = text.split('=').map((word) => word.trim());
  const names = RiskLimits.keyof().options;
  const known = names.find((each) => each === name);
  if (known === undefined || value === '' || !Number.isFinite(Number(value))) throw new UsageError(`--limit is one of ${names.join(', ')} with "=" and a number behind it, not "${text}".`);
  return [known, Number(value)];
}

function readSlippage(text: string): Partial<PaperAccount> {
  const [kind = '', amount] = text.split('=');
  if ((kind === 'none' || kind === 'spread') && amount === undefined) return { slippage: kind };
  if (kind === 'ticks') return { slippage: kind, ...(amount === undefined ? {} : { slippageTicks: positive('--slippage ticks', amount, { whole: true }) }) };
  if (kind === 'percent') return { slippage: kind, ...(amount === undefined ? {} : { slippagePercent: positive('--slippage percent', amount) }) };
  throw new UsageError(`--slippage is none, spread, ticks=1 or percent=0.05, not "${text}".`);
}

export function readFees(text: string | undefined): BacktestTerms['charges'] {
  if (text === undefined || text === 'exchange' || text === 'none') return text ?? 'exchange';
  throw new UsageError(`--fees is exchange or none, not "${text}".`);
}

export function readOrders(text: string | undefined): 'nextTick' | 'atOnce' | undefined {
  if (text === undefined) return undefined;
  if (text === 'next-tick') return 'nextTick';
  if (text === 'at-once') return 'atOnce';
  throw new UsageError(`--orders is next-tick or at-once, not "${text}".`);
}

export function readHours(text: string | undefined): 'exchange' | 'always' {
  if (text === undefined || text === 'exchange' || text === 'always') return text ?? 'exchange';
  throw new UsageError(`--hours is exchange or always, not "${text}".`);
}

/** A day in India, or a time. As an end a day is meant to its last moment. */
export function readMoment(option: string, text: string | undefined, edge: 'begin' | 'end'): EpochMs | undefined {
  if (text === undefined) return undefined;
  const at = readFileTime(text);
  if (at === undefined) throw new UsageError(`${option} is a day or a time, as 2022-06-01 or 2022-06-01T09:15; not "${text}".`);
  const isDay = /^\d{4}-?\d{2}-?\d{2}$/.test(text);
  return isDay && edge === 'end' ? indiaTime(addDays(dayOf(text), 1), '00:00') : at;
}

function dayOf(text: string): string {
  return text.includes('-') ? text : `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
}

function positive(option: string, text: string, { whole = false }: { readonly whole?: boolean } = {}): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0 || (whole && !Number.isInteger(value))) throw new UsageError(`${option} is a ${whole ? 'whole ' : ''}number above 0, not "${text}".`);
  return value;
}

/** The content of a JSON file. */
export function parsedJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
