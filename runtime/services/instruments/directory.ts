import { contractTerms, ruleExpiries, ruleStrikes, freshnessOf, strikesAround, type Catalogue, type Freshness, type MasterVersion, type MasterView } from '../../domain/instrument';
import { derivativesExchangeOf } from '../../domain/instrument/exchange';
import { nearestMonthlyExpiries } from '../../domain/instrument/expiries';
import type { Exchange, Instrument, InstrumentKey } from '../../domain/market';
import type { Money } from '../../domain/money';
import type { Instruments } from '../../domain/ports';
import { indiaDate } from '../../domain/session/days';
import { MINUTE_MS, type EpochMs, type IsoDate } from '../../domain/time';
import { combined } from './combined';

/** Contracts of an underlying, on the exchange they trade on; the exchange of the underlying itself is understood too. */
export interface Underlying {
  readonly exchange: Exchange;
  readonly base: string;
}

/** All that is known of instruments: the bundled rules, the user's corrections and the brokers' masters in one. */
export interface InstrumentDirectory extends Instruments {
  /** Expiries not before the day of `at`, ascending: those the master lists, else those of the rules. Empty where neither knows any. */
  expiries(request: Underlying & { readonly at: EpochMs; readonly segment?: 'future' | 'option' }): readonly IsoDate[];
  /** Strikes of an expiry around a price, `each` on both sides of the nearest (default 10), ascending: listed ones, else those of the rules. */
  strikes(request: Underlying & { readonly expiry: IsoDate; readonly price: Money; readonly each?: number }): readonly Money[];
  freshness(at: EpochMs): Freshness;
}

export interface DirectoryPorts {
  /** Bundled instruments with the user's corrections. */
  readonly catalogue: Catalogue;
  /** The brokers' masters; absent where nothing is stored. */
  readonly master?: MasterView;
}

/** Futures months that are listed at a time. */
const FUTURES_MONTHS = 3;
const EACH = 10;

/** Every quote asks for its instrument; what was found is kept until another master counts. */
const MOST_REMEMBERED = 20_000;

/**
 * Precedence for one instrument: a row of the user's `instruments.csv` that names it > the master > a row of the user's for its underlying > the bundled rules.
 * With a time before the master was first seen, the bundled rules (whose lots are dated) come before it. A fresh master that lists contracts of an underlying
 * decides which of them exist. Without a time an instrument that was ever known stays known: a position in it can always be closed.
 */
export function createDirectory({ catalogue, master }: DirectoryPorts): InstrumentDirectory {
  const remembered = new Map<string, Instrument | undefined>();
  let revision: number | undefined;
  let isEmpty = true;
  let lastState: { readonly minute: number; readonly state: Freshness['state'] } = { minute: NaN, state: 'none' };
  const keep = (key: string, found: Instrument | undefined): Instrument | undefined => {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(key, found);
    return found;
  };
  const stateAt = (at: EpochMs, view: MasterView): Freshness['state'] => {
    const minute = Math.floor(at / MINUTE_MS);
    if (lastState.minute !== minute) lastState = { minute, state: freshnessOf(view.snapshots(), at).state };
    return lastState.state;
  };
  const find = (key: InstrumentKey, at: EpochMs | undefined): Instrument | undefined => {
    if (master === undefined) return catalogue.find(key, at);
    const now = master.revision();
    if (now !== revision) {
      revision = now;
      isEmpty = master.snapshots().length === 0;
      lastState = { minute: NaN, state: 'none' };
      remembered.clear();
    }
    if (isEmpty) return catalogue.find(key, at);
    // Within a day an answer changes only with the master's freshness.
    const name = at === undefined ? key : `${key} ${indiaDate(at)} ${stateAt(at, master)}`;
    return remembered.has(name) ? remembered.get(name) : keep(name, look({ catalogue, master }, key, at));
  };
  return {
    find,
    expiries: (request) => expiriesOf({ catalogue, ...(master === undefined ? {} : { master }) }, request),
    strikes({ exchange, base, expiry, price, each = EACH }) {
      const place = derivativesExchangeOf(exchange) ?? exchange;
      const listed = master?.strikes({ exchange: place, base, expiry }) ?? [];
      return strikesAround(listed.length > 0 ? listed : ruleStrikes(place, base, price, each) ?? [], price, each);
    },
    freshness: (at) => freshnessOf(master?.snapshots() ?? [], at),
  };
}

function look({ catalogue, master }: Required<DirectoryPorts>, key: InstrumentKey, at: EpochMs | undefined): Instrument | undefined {
  const versions = master.versions(key);
  const version = versionAt(versions, at);
  const said = ({ instrument }: MasterVersion): Instrument =>
    combined({ version: instrument, bundled: contractTerms(catalogue, instrument, at), correction: catalogue.facts.corrections.get(key) });
  if (version !== undefined) return said(version);
  const bundled = catalogue.find(key, at);
  const earliest = versions.at(-1);
  // Of a time that no master is known of, the rules know more than the earliest one.
  if (earliest !== undefined) return at !== undefined && indiaDate(at) < earliest.since ? bundled ?? said(earliest) : undefined;
  const unlisted = bundled !== undefined && at !== undefined && !catalogue.facts.corrections.has(key) && isDecidedByMaster(master, bundled, at);
  return unlisted ? undefined : bundled;
}

/** What a master said on the day of `at`; without a time, what one said last. Withdrawn contracts are gone from the day after they were last listed, expired ones are not. */
function versionAt(versions: readonly MasterVersion[], at: EpochMs | undefined): MasterVersion | undefined {
  if (at === undefined) return versions[0];
  const day = indiaDate(at);
  const found = versions.find(({ since }) => since <= day);
  if (found === undefined || found.listed || day <= found.seen) return found;
  const { expiry } = found.instrument;
  return found !== versions[0] || (expiry !== undefined && expiry < day) ? found : undefined;
}

/** Whether a contract that the master does not list does not exist: the master is of this very day and lists others of the underlying. */
function isDecidedByMaster(master: MasterView, { exchange, base, segment, expiry }: Instrument, at: EpochMs): boolean {
  if ((segment !== 'future' && segment !== 'option') || expiry === undefined) return false;
  const today = indiaDate(at);
  const freshness = freshnessOf(master.snapshots(), at);
  // What has expired is not listed any more, which proves nothing.
  if (freshness.state !== 'fresh' || today < freshness.day || expiry < today) return false;
  return master.contracts({ exchange, base, segment, from: today, limit: 1 }).length > 0;
}

function expiriesOf({ master }: DirectoryPorts, { exchange, base, at, segment }: Underlying & { readonly at: EpochMs; readonly segment?: 'future' | 'option' }): readonly IsoDate[] {
  const place = derivativesExchangeOf(exchange);
  if (place === undefined) return [];
  const from = indiaDate(at);
  const freshness = freshnessOf(master?.snapshots() ?? [], at);
  // Of an earlier day the rules know more than a list that has lost what expired since.
  const knows = freshness.state !== 'none' && from >= freshness.day;
  const listed = knows ? master?.expiries({ exchange: place, base, from, ...(segment === undefined ? {} : { segment }) }) ?? [] : [];
  if (listed.length > 0) return listed;
  return segment === 'future' ? nearestMonthlyExpiries(place, base, from, FUTURES_MONTHS) : ruleExpiries(place, base, from);
}
