import type { Exchange, Instrument, InstrumentKey } from '../market';
import type { Money } from '../money';
import type { EpochMs, IsoDate } from '../time';

/** One line of a broker's list of instruments (its master), in our own words. */
export interface MasterRow extends Instrument {
  /** The company's or index's name in plain words, where the list has one: `STATE BANK OF INDIA`. */
  readonly name?: string;
}

/** A line that could not be read, for people. */
export interface RejectedRow {
  /** Counted from 1; the header of a CSV is line 1, the first object of a JSON list is 1. */
  readonly line: number;
  readonly why: string;
}

/** A piece of a master, small enough to be stored without holding anybody up. */
export interface MasterBatch {
  readonly rows: readonly MasterRow[];
  /** Lines that could not be read, and the first few of them. */
  readonly rejected: number;
  readonly samples: readonly RejectedRow[];
  /** Lines of markets that Bellwether does not know; nothing is wrong with them. */
  readonly skipped: number;
}

export interface MasterDownload {
  /** How old the list is: when it was asked for, or when its file was written. */
  readonly asOf: EpochMs;
  /** Throws when the list breaks off; what was read so far must then not count. */
  readonly batches: AsyncIterable<MasterBatch>;
}

/** Where masters come from. */
export interface MasterSource {
  /** Unique among the sources of a runtime; stored with what came from it. */
  readonly name: string;
  /** Undefined when nothing has changed since it was read last, at `readAt`, as far as the source can tell. Rejects with a message for people, free of secrets, when it can not be had. */
  fetch(readAt?: EpochMs): Promise<MasterDownload | undefined>;
}

/** The newest accepted master of one source. */
export interface MasterSnapshot {
  readonly source: string;
  readonly asOf: EpochMs;
  readonly finishedAt: EpochMs;
  readonly rows: number;
  readonly rejected: number;
  readonly skipped: number;
}

/** How a refresh of one source ended. `unchanged`: there was nothing newer. `busy`: another process is at it. */
export interface MasterAttempt {
  readonly source: string;
  readonly outcome: 'accepted' | 'refused' | 'failed' | 'unchanged' | 'busy';
  readonly at: EpochMs;
  readonly rows: number;
  readonly rejected: number;
  readonly skipped: number;
  /** Second and later lines of one instrument; the first counts. */
  readonly duplicates: number;
  /** Why it was refused or failed. */
  readonly reason?: string;
  /** The first few lines that could not be read. */
  readonly samples: readonly RejectedRow[];
}

/** What masters have said of one instrument. */
export interface MasterVersion {
  readonly instrument: Instrument;
  /** The first day on which a master said just this. */
  readonly since: IsoDate;
  /** The day of the newest master that says it. */
  readonly seen: IsoDate;
  /** Whether the newest master of its source lists it. */
  readonly listed: boolean;
}

/** A share or index, or everything on one underlying: what a search for words looks through. */
export interface Listing {
  readonly exchange: Exchange;
  /** Symbol of a share or index, underlying of contracts. */
  readonly base: string;
  readonly name?: string;
  readonly plain: boolean;
  readonly futures: boolean;
  readonly options: boolean;
}

export interface ContractQuery {
  readonly exchange: Exchange;
  readonly base: string;
  readonly segment?: 'future' | 'option';
  /** Expiries on or after. */
  readonly from: IsoDate;
  /** Just this expiry. */
  readonly expiry?: IsoDate;
  /** Expiries in this month of any year, `12`. */
  readonly month?: string;
  readonly strike?: Money;
  readonly optionType?: 'CE' | 'PE';
  readonly limit: number;
}

/** Reading the stored masters. Quick enough for every quote to ask. */
export interface MasterView {
  /** Changes whenever another master counts; what was read before is then old. */
  revision(): number;
  /** One per source, the preferred source first. */
  snapshots(): readonly MasterSnapshot[];
  /** Of the preferred source that knows the key; the newest first. Empty for an unknown key. */
  versions(key: InstrumentKey): readonly MasterVersion[];
  /** Listed contracts by expiry, futures first, then strike. */
  contracts(query: ContractQuery): readonly InstrumentKey[];
  /** Listed keys that begin with this text, e.g. `NFO:NIFTY29DEC`, by text. */
  startingWith(prefix: string, limit: number): readonly InstrumentKey[];
  /** Listed expiries on or after a day, ascending. */
  expiries(query: Pick<ContractQuery, 'exchange' | 'base' | 'segment' | 'from'>): readonly IsoDate[];
  /** Listed strikes of an expiry, ascending. */
  strikes(query: { readonly exchange: Exchange; readonly base: string; readonly expiry: IsoDate }): readonly Money[];
  listings(): readonly Listing[];
  /** The newest first, at most 50. */
  attempts(): readonly MasterAttempt[];
}

/** A master that is being stored and does not count yet. */
export interface MasterDraft {
  add(batch: MasterBatch): Promise<void>;
  /** What has been added so far. */
  readonly counts: Pick<MasterAttempt, 'rows' | 'rejected' | 'skipped' | 'duplicates' | 'samples'>;
  /** Makes it count, in one step; the source's earlier one no longer does. */
  commit(at: EpochMs): Promise<void>;
  /** Forgets it. The earlier one stays. */
  abandon(end: { readonly outcome: 'refused' | 'failed'; readonly reason: string; readonly at: EpochMs }): Promise<void>;
}

/** The stored masters, shared by the processes of one state folder. */
export interface MasterBook extends MasterView {
  /** Undefined while another process stores a master of this source. `rank` orders the sources, 0 is preferred. */
  begin(request: { readonly source: string; readonly rank: number; readonly asOf: EpochMs; readonly at: EpochMs }): Promise<MasterDraft | undefined>;
  /** Remembers a try that ended before there was anything to store. */
  note(attempt: MasterAttempt): Promise<void>;
  close(): void;
}
