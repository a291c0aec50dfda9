import { deny, ok, type Outcome } from '../../domain/denial';
import { formatSymbol, type Catalogue, type Listing, type MasterView } from '../../domain/instrument';
import { rankEntries, readSearchText, searchEntry, type SearchEntry, type SearchText } from '../../domain/instrument/search';
import { Exchange, instrumentKey, splitKey, type Instrument, type InstrumentKey, type Segment } from '../../domain/market';
import { toMoney } from '../../domain/money';
import { indiaDate } from '../../domain/session/days';
import type { EpochMs } from '../../domain/time';
import type { InstrumentDirectory } from './directory';

export interface InstrumentQuery {
  /** A symbol or its beginning, words of a name, an underlying with strike, CE or PE, month: `nifty 26000 ce dec`. */
  readonly text: string;
  readonly exchange?: Exchange;
  readonly segment?: Segment;
  /** 1 to 1,000. */
  readonly limit: number;
  /** Contracts that have expired by then are left out. */
  readonly at: EpochMs;
}

/** Finds instruments, the best match first. Denies INVALID_PARAMETER for a text without a letter or digit. */
export type FindInstruments = (query: InstrumentQuery) => Outcome<readonly FoundInstrument[]>;

export interface FoundInstrument extends Instrument {
  /** In plain words, where a master says it. */
  readonly name?: string;
}

export interface SearchPorts {
  readonly directory: InstrumentDirectory;
  readonly catalogue: Catalogue;
  readonly master?: MasterView;
}

const MOST_RESULTS = 1_000;
/** Contracts on one underlying where no word asks for contracts: the futures one can trade now. */
const FUTURES_SHOWN = 3;
/** A symbol's beginning that is shorter matches through its underlying. */
const LEAST_CONTRACT_PREFIX = 6;

/** Search over what the master lists and the bundle knows. The words are looked up among shares, indices and underlyings (some ten thousand), contracts then by index. */
export function createSearch({ directory, catalogue, master }: SearchPorts): FindInstruments {
  let entries: readonly SearchEntry[] | undefined;
  let names: ReadonlyMap<string, string> = new Map();
  let revision: number | undefined;
  const all = (): readonly SearchEntry[] => {
    if (entries === undefined || revision !== master?.revision()) {
      revision = master?.revision();
      const listings = together(master?.listings() ?? [], bundledListings(catalogue));
      entries = listings.map(searchEntry);
      names = new Map(listings.flatMap(({ exchange, base, name }) => (name === undefined ? [] : [[`${exchange}:${base}`, name]])));
    }
    return entries;
  };
  return ({ text, exchange: asked, segment: wanted, limit: most, at }) => {
    if (!/[A-Za-z0-9]/.test(text)) return deny('INVALID_PARAMETER', 'Nothing to search for is given.', { field: 'text', remedy: 'Give a symbol or words of a name.' });
    const limit = Math.min(Math.max(1, Math.trunc(most)), MOST_RESULTS);
    const read = readSearchText(text);
    const exchange = asked ?? read.exchange;
    const query: Query = { ...read, ...(exchange === undefined ? {} : { exchange }), ...(wanted === undefined ? {} : { wanted }), limit, at };
    const results = new Results(limit, query, directory);
    results.add(exactKeys(query));
    results.add(prefixedKeys(query, master));
    for (const listing of rankEntries(all(), read.words, { exactIfAny: asksForContracts(query) })) {
      if (results.isFull) break;
      if (exchange === undefined || listing.exchange === exchange) results.add(keysOf(listing, query, { directory, master }));
    }
    return ok(results.found.map((instrument) => named(instrument, names.get(instrument.key))));
  };
}

function named(instrument: Instrument, name: string | undefined): FoundInstrument {
  return name === undefined ? instrument : { ...instrument, name };
}

interface Query extends SearchText {
  readonly wanted?: Segment;
  readonly limit: number;
  readonly at: EpochMs;
}

/** Distinct instruments that are wanted, up to the limit, in the order they were found. */
class Results {
  readonly found: Instrument[] = [];
  private readonly seen = new Set<InstrumentKey>();

  constructor(private readonly limit: number, private readonly query: Query, private readonly directory: InstrumentDirectory) {}

  get isFull(): boolean {
    return this.found.length >= this.limit;
  }

  add(keys: readonly InstrumentKey[]): void {
    const { wanted, at } = this.query;
    for (const key of keys) {
      if (this.isFull) return;
      const instrument = this.seen.has(key) ? undefined : this.directory.find(key, at);
      if (instrument === undefined || (wanted !== undefined && instrument.segment !== wanted)) continue;
      if (instrument.expiry !== undefined && instrument.expiry < indiaDate(at)) continue;
      this.seen.add(key);
      this.found.push(instrument);
    }
  }
}

/** The text as a symbol, on the exchange that is asked for or on every one. */
function exactKeys({ symbol, exchange, ...query }: Query): readonly InstrumentKey[] {
  // `BSE SBIN` and `NIFTY 26000 CE` are no symbols, even where their letters make one.
  if (query.words.length !== 1 && asksForContracts(query)) return [];
  return (exchange === undefined ? Exchange.options : [exchange]).map((one) => instrumentKey(one, symbol));
}

/** Contracts whose symbol begins with the text: `NIFTY29DEC26`. */
function prefixedKeys({ symbol, exchange, limit }: Query, master: MasterView | undefined): readonly InstrumentKey[] {
  if (master === undefined || symbol.length < LEAST_CONTRACT_PREFIX || !/[A-Z&-]\d/.test(symbol)) return [];
  const places = (exchange === undefined ? Exchange.options : [exchange]);
  return places.flatMap((one) => master.startingWith(instrumentKey(one, symbol), limit)).filter((key) => splitKey(key).symbol !== symbol);
}

interface Places {
  readonly directory: InstrumentDirectory;
  readonly master: MasterView | undefined;
}

function keysOf({ exchange, base, plain, futures, options }: Listing, query: Query, places: Places): readonly InstrumentKey[] {
  const forContracts = asksForContracts(query);
  const own = plain && !forContracts ? [instrumentKey(exchange, base)] : [];
  const segment = query.segment ?? (query.wanted === 'future' || query.wanted === 'option' ? query.wanted : undefined);
  const wantsOptions = options && segment !== 'future' && (forContracts || segment === 'option');
  const wantsFutures = futures && segment !== 'option';
  return [
    ...own,
    ...(wantsFutures ? contractsOf({ exchange, base, segment: 'future' }, query, places, forContracts ? query.limit : FUTURES_SHOWN) : []),
    ...(wantsOptions ? contractsOf({ exchange, base, segment: 'option' }, query, places, query.limit) : []),
  ];
}

function contractsOf(of: { readonly exchange: Exchange; readonly base: string; readonly segment: 'future' | 'option' }, query: Query, { directory, master }: Places, limit: number): readonly InstrumentKey[] {
  const { month, day, optionType, at } = query;
  const strike = query.strike === undefined ? undefined : toMoney(query.strike);
  const from = indiaDate(at);
  const ofStrike = of.segment === 'option' ? { ...(strike === undefined ? {} : { strike }), ...(optionType === undefined ? {} : { optionType }) } : {};
  const listed = master?.contracts({ ...of, from, ...(month === undefined ? {} : { month }), ...ofStrike, limit: day === undefined ? limit : MOST_RESULTS }) ?? [];
  const expiries = directory.expiries({ ...of, at }).filter((date) => (month === undefined || date.slice(5, 7) === month) && (day === undefined || date.endsWith(`-${day}`)));
  if (listed.length > 0) return day === undefined ? listed : listed.filter((key) => expiries.includes(directory.find(key)?.expiry ?? ''));
  if (of.segment === 'future') return expiries.map((expiry) => instrumentKey(of.exchange, formatSymbol({ base: of.base, expiry })));
  const types = optionType === undefined ? ['CE' as const, 'PE' as const] : [optionType];
  return strike === undefined ? [] : expiries.flatMap((expiry) => types.map((type) => instrumentKey(of.exchange, formatSymbol({ base: of.base, expiry, strike, optionType: type }))));
}

function asksForContracts({ segment, strike, month, optionType }: Pick<Query, 'segment' | 'strike' | 'month' | 'optionType'>): boolean {
  return segment !== undefined || strike !== undefined || month !== undefined || optionType !== undefined;
}

function bundledListings({ facts }: Catalogue): readonly Listing[] {
  const plain = [...facts.plain].map((key) => {
    const { exchange, symbol } = splitKey(key);
    return { exchange, base: symbol, plain: true, futures: false, options: false };
  });
  const corrected = [...facts.corrections.values()].filter(({ symbol }) => !/\d(?:FUT|CE|PE)$/.test(symbol)).map(({ exchange, symbol }) => ({ exchange, base: symbol, plain: true, futures: false, options: false }));
  const bases = [...facts.bases.values()].map(({ exchange, base }) => ({ exchange, base, plain: false, futures: true, options: true }));
  return [...plain, ...corrected, ...bases];
}

/** What the master says of a listing goes before what the bundle says. */
function together(listed: readonly Listing[], bundled: readonly Listing[]): readonly Listing[] {
  const found = new Map(bundled.map((listing) => [`${listing.exchange}:${listing.base}`, listing]));
  for (const listing of listed) found.set(`${listing.exchange}:${listing.base}`, listing);
  return [...found.values()];
}
