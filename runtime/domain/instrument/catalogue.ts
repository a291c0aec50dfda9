import { instrumentKey, type Exchange, type Instrument, type InstrumentKey } from '../market';
import { toMoney } from '../money';
import type { Instruments } from '../ports';
import { addDays, indiaDate } from '../session/days';
import type { EpochMs, IsoDate } from '../time';
import { DERIVATIVE_BASES, type DerivativeBase, type LotRow } from './data/derivatives';
import { EQUITIES, INDICES, NSE_ONLY } from './data/equities';
import { BANDED_TICKS } from './data/ticks';
import { isPossibleExpiry } from './expiries';
import { parseKey } from './format';
import type { SymbolReading } from './grammar';
import type { InstrumentOverride } from './overrides';

/** What a catalogue knows: shares and indices one by one, contracts by the rule of their underlying, and a user's rows over both. */
export interface CatalogueFacts {
  readonly plain: ReadonlySet<InstrumentKey>;
  /** By `EXCHANGE:BASE`. */
  readonly bases: ReadonlyMap<InstrumentKey, DerivativeBase>;
  /** By the key of a share, an index or one contract. */
  readonly corrections: ReadonlyMap<InstrumentKey, InstrumentOverride>;
}

export interface Catalogue extends Instruments {
  readonly facts: CatalogueFacts;
}

const BUNDLED: CatalogueFacts = {
  plain: new Set([
    ...EQUITIES.map((symbol) => instrumentKey('NSE', symbol)),
    ...EQUITIES.filter((symbol) => !NSE_ONLY.has(symbol)).map((symbol) => instrumentKey('BSE', symbol)),
    ...INDICES.NSE_INDEX.map((symbol) => instrumentKey('NSE_INDEX', symbol)),
    ...INDICES.BSE_INDEX.map((symbol) => instrumentKey('BSE_INDEX', symbol)),
  ]),
  bases: new Map(DERIVATIVE_BASES.map((rule) => [instrumentKey(rule.exchange, rule.base), rule])),
  corrections: new Map(),
};

/**
 * Instruments from data and rules, without a broker's master. Contracts are made from their symbol: any expiry and strike that the rules allow exists.
 * `find` with a time gives that day's lot and only contracts listed by then; without one, the lot of the contract's expiry.
 */
export function createCatalogue(facts: CatalogueFacts = BUNDLED): Catalogue {
  const found = new Map<InstrumentKey, Instrument>();
  return {
    facts,
    find(key, at) {
      if (at !== undefined) return find(facts, key, at);
      const known = found.get(key) ?? find(facts, key, undefined);
      if (known !== undefined && !found.has(key)) remember(found, known);
      return known;
    },
  };
}

/** Every quote asks for its instrument, so what a symbol was parsed to is kept: this many, then afresh. */
const MAX_REMEMBERED = 10_000;

function remember(found: Map<InstrumentKey, Instrument>, instrument: Instrument): void {
  if (found.size >= MAX_REMEMBERED) found.clear();
  found.set(instrument.key, instrument);
}

function find(facts: CatalogueFacts, key: InstrumentKey, at: EpochMs | undefined): Instrument | undefined {
  const parsed = parseKey(key);
  if (parsed === undefined) return undefined;
  const { exchange, symbol, reading } = parsed;
  const row = facts.corrections.get(key);
  const instrument = reading.kind === 'plain'
    ? plainInstrument(facts, { key, exchange, symbol, isNamed: row !== undefined })
    : contract(facts.bases.get(instrumentKey(exchange, reading.base)), { key, symbol, reading, at, isNamed: row !== undefined });
  return instrument === undefined || row === undefined ? instrument : corrected(instrument, row);
}

interface PlainRequest {
  readonly key: InstrumentKey;
  readonly exchange: Exchange;
  readonly symbol: string;
  readonly isNamed: boolean;
}

function plainInstrument(facts: CatalogueFacts, { key, exchange, symbol, isNamed }: PlainRequest): Instrument | undefined {
  if (!isNamed && !facts.plain.has(key)) return undefined;
  const segment = exchange === 'NSE' || exchange === 'BSE' ? 'cash' : 'index';
  return { key, exchange, symbol, segment, base: symbol, lotSize: 1 };
}

interface ContractRequest {
  readonly key: InstrumentKey;
  readonly symbol: string;
  readonly reading: Exclude<SymbolReading, { kind: 'plain' }>;
  readonly at: EpochMs | undefined;
  /** A user's row names this very contract: it exists, whatever the rules say. */
  readonly isNamed: boolean;
}

function contract(rule: DerivativeBase | undefined, { key, symbol, reading, at, isNamed }: ContractRequest): Instrument | undefined {
  if (rule === undefined || reading.kind === 'continuous' || reading.expiry.kind === 'month') return undefined;
  const expiry = reading.expiry.date;
  const today = at === undefined ? expiry : indiaDate(at);
  const exists = isNamed || (isPossibleExpiry(reading.exchange, reading.base, expiry) && expiry <= addDays(today, rule.horizonDays) && hasStrike(rule, reading));
  if (!exists) return undefined;
  const { exchange, base } = reading;
  const facts = { key, exchange, symbol, base, expiry, ...termsOn(rule, reading.kind, expiry < today ? expiry : today) };
  return reading.kind === 'future' ? { ...facts, segment: 'future' } : { ...facts, segment: 'option', strike: reading.strike, optionType: reading.optionType };
}

function hasStrike({ strikes }: DerivativeBase, reading: SymbolReading): boolean {
  if (reading.kind !== 'option' || strikes === undefined) return true;
  return reading.strike >= toMoney(strikes.from) && reading.strike <= toMoney(strikes.to);
}

/** What changes about a contract from day to day. */
export type ContractTerms = Pick<Instrument, 'lotSize' | 'tickSize' | 'tickBands' | 'freezeQuantity'>;

/** Lot, tick and freeze quantity that the rules give every contract on an underlying, for one that expires on `expiry`, as of `at` (without it, as of its expiry). */
export function contractTerms({ facts }: Pick<Catalogue, 'facts'>, { exchange, base, segment, expiry }: Pick<Instrument, 'exchange' | 'base' | 'segment' | 'expiry'>, at: EpochMs | undefined): Partial<ContractTerms> {
  const rule = expiry === undefined ? undefined : facts.bases.get(instrumentKey(exchange, base));
  if (rule === undefined || expiry === undefined) return {};
  const today = at === undefined ? expiry : indiaDate(at);
  return termsOn(rule, segment, expiry < today ? expiry : today);
}

function termsOn({ lots, tickSize, futureTicks, freezeQuantity }: DerivativeBase, segment: Instrument['segment'], day: IsoDate): ContractTerms {
  const isBanded = segment === 'future' && futureTicks !== undefined && day >= BANDED_TICKS[futureTicks].from;
  return { lotSize: lotOn(lots, day), ...(isBanded ? { tickBands: futureTicks } : { tickSize: toMoney(tickSize) }), ...(freezeQuantity === undefined ? {} : { freezeQuantity }) };
}

/** The lot of a day: a contract keeps its lot until it expires or the day of the revision, whichever comes first. */
function lotOn(lots: readonly LotRow[], day: IsoDate): number {
  const row = lots.find(({ until }) => until === undefined || day <= until);
  if (row === undefined) throw new RangeError(`No lot size on ${day}: the last row must be open`);
  return row.units;
}

function corrected(instrument: Instrument, { lotSize, tickSize, freezeQuantity }: InstrumentOverride): Instrument {
  return {
    ...instrument,
    ...(lotSize === undefined ? {} : { lotSize }),
    ...(tickSize === undefined ? {} : { tickSize: toMoney(tickSize) }),
    ...(freezeQuantity === undefined ? {} : { freezeQuantity }),
  };
}
