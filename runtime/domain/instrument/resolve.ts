import { deny, ok, type Denial, type Outcome } from '../denial';
import { instrumentKey, type Exchange, type Instrument, type InstrumentKey } from '../market';
import type { Instruments } from '../ports';
import { indiaDate } from '../session/days';
import type { EpochMs, IsoDate } from '../time';
import { indexExchangeOf } from './exchange';
import { monthlyExpiry, nearestMonthlyExpiries } from './expiries';
import { formatSymbol, symbolOf } from './format';
import { parseSymbol, type SymbolReading } from './grammar';
import { OVERRIDES_FILE } from './overrides';

export interface ResolveRequest {
  readonly exchange: Exchange;
  readonly symbol: string;
  /** The time as of which the text is meant: the signal's. */
  readonly at: EpochMs;
  readonly instruments: Instruments;
}

/** A reading whose day is settled. */
export interface Contract {
  readonly key: InstrumentKey;
  /** Absent for shares and indices. */
  readonly expiry?: IsoDate;
}

/**
 * The one instrument a symbol means at a time. A name that is no share is looked for among the exchange's indices, which are found and can not be traded (`tradable`).
 * Denies MALFORMED_SYMBOL, UNKNOWN_SYMBOL, EXPIRED_SYMBOL, or AMBIGUOUS_SYMBOL with the instruments it could be.
 */
export function resolveSymbol(request: ResolveRequest): Outcome<Instrument> {
  const { exchange, symbol, at, instruments } = request;
  const readings = parseSymbol(exchange, symbol);
  if (!readings.ok) return readings;
  const isListed = (key: InstrumentKey) => instruments.find(key, at) !== undefined;
  const chosen = chooseContract({ symbol, readings: readings.value, at, isListed });
  const key = chosen.ok ? chosen.value.key : indexKey(exchange, readings.value);
  const found = key === undefined ? undefined : instruments.find(key, at);
  if (found !== undefined) return ok(found);
  return chosen.ok ? { ok: false, denial: unknownSymbol(symbol) } : chosen;
}

/** Refuses what can only be quoted. */
export function tradable(instrument: Instrument): Outcome<Instrument> {
  if (instrument.segment !== 'index') return ok(instrument);
  return deny('NOT_TRADABLE', `${instrument.key} is an index: it can be quoted, not traded.`, { field: 'symbol', value: instrument.key, remedy: 'Use its future, an option or a fund.' });
}

/**
 * Settles which reading is meant. Expired readings are out; `isListed` (an instrument master as of that time) puts the unlisted out too.
 * Without a master every unexpired reading stands, and two of them are refused.
 */
export function chooseContract({ symbol, readings, at, isListed = () => true }: {
  readonly symbol: string; readonly readings: readonly SymbolReading[]; readonly at: EpochMs; readonly isListed?: (key: InstrumentKey) => boolean;
}): Outcome<Contract> {
  const today = indiaDate(at);
  const contracts = distinct(readings.flatMap((reading) => contractsOf(reading, today)));
  const [expired, alive] = partition(contracts, ({ expiry }) => expiry !== undefined && expiry < today);
  const candidates = alive.filter(({ key }) => isListed(key));
  const [only, second] = candidates;
  if (second !== undefined) return ambiguous(symbol, candidates);
  if (only !== undefined) return ok(only);
  const hasExpired = expired.length > 0 && (alive.length === 0 || expired.some(({ key }) => isListed(key)));
  if (hasExpired) {
    const names = expired.map(({ key, expiry = '' }) => `${key} on ${expiry}`).join(', ');
    return deny('EXPIRED_SYMBOL', `${quoted(symbol)} has expired: ${names}.`, { field: 'symbol', value: symbol, remedy: 'Use a contract that is still listed.' });
  }
  return { ok: false, denial: unknownSymbol(symbol, contracts.length === 0) };
}

/** What a reading is on a day: months become their last expiry, continuous futures the nearest or the next one. */
function contractsOf(reading: SymbolReading, today: IsoDate): Contract[] {
  const expiry = expiryOf(reading, today);
  if (reading.kind === 'plain') return [{ key: instrumentKey(reading.exchange, reading.base) }];
  if (expiry === undefined) return [];
  const symbol = reading.kind === 'option'
    ? formatSymbol({ base: reading.base, expiry, strike: reading.strike, optionType: reading.optionType })
    : formatSymbol({ base: reading.base, expiry });
  return [{ key: instrumentKey(reading.exchange, symbol), expiry }];
}

function expiryOf(reading: SymbolReading, today: IsoDate): IsoDate | undefined {
  if (reading.kind === 'plain') return undefined;
  if (reading.kind === 'continuous') return nearestMonthlyExpiries(reading.exchange, reading.base, today, reading.ordinal)[reading.ordinal - 1];
  return reading.expiry.kind === 'day' ? reading.expiry.date : monthlyExpiry(reading.exchange, reading.base, reading.expiry.month);
}

function indexKey(exchange: Exchange, readings: readonly SymbolReading[]): InstrumentKey | undefined {
  const [reading] = readings;
  const indices = indexExchangeOf(exchange);
  const symbol = reading?.kind === 'plain' ? symbolOf(reading) : undefined;
  return symbol === undefined || indices === undefined ? undefined : instrumentKey(indices, symbol);
}

function ambiguous(symbol: string, candidates: readonly Contract[]): { readonly ok: false; readonly denial: Denial } {
  const names = candidates.map(({ key, expiry }) => (expiry === undefined ? key : `${key} (expires ${expiry})`)).join(' or ');
  return deny('AMBIGUOUS_SYMBOL', `${quoted(symbol)} can mean ${names}.`, { field: 'symbol', value: symbol, remedy: 'Write the expiry with its day, DDMMMYY.' });
}

function unknownSymbol(symbol: string, needsDay = false): Denial {
  const remedy = needsDay
    ? 'Write the expiry with its day, DDMMMYY: this contract has no known monthly rule.'
    : `Check exchange and spelling; an instrument that is missing can be added to ${OVERRIDES_FILE} in the state directory (exchange,symbol,lotSize,tickSize,freezeQuantity).`;
  return deny('UNKNOWN_SYMBOL', `${quoted(symbol)} is not a known instrument.`, { field: 'symbol', value: symbol, remedy }).denial;
}

function distinct(contracts: readonly Contract[]): Contract[] {
  return [...new Map(contracts.map((contract) => [contract.key, contract])).values()];
}

function partition<T>(items: readonly T[], matches: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(matches), items.filter((item) => !matches(item))];
}

function quoted(symbol: string): string {
  return JSON.stringify(symbol.trim());
}
