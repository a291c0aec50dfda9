import { z } from 'zod';
import { Segment, type Instrument, type InstrumentKey, splitKey } from '../../../domain/market';
import { asMoney } from '../../../domain/money';
import type { MasterRow } from '../../../domain/instrument';

export const VERSION = 1;

/**
 * `snapshots`: every master that was begun; those that are 'current' count. `instruments`: one row an instrument and snapshot. Rows of a replaced
 * snapshot stay where the newer one says something else, or nothing: that is the history of an instrument. `listings`: what a search for words looks through.
 */
export const SCHEMA = `
  create table snapshots (
    id integer primary key, source text not null, rank integer not null, state text not null, as_of integer not null, touched_at integer not null,
    rows integer not null default 0, rejected integer not null default 0, skipped integer not null default 0, duplicates integer not null default 0,
    reason text, samples text not null default '[]'
  ) strict;
  create table instruments (
    key text not null, snapshot integer not null, since text not null, exchange text not null, base text not null, segment text not null, lot integer not null,
    tick integer, freeze integer, expiry text, strike integer, primary key (key, snapshot)
  ) strict, without rowid;
  create index contracts on instruments (exchange, base, expiry, strike, segment) where expiry is not null;
  create table listings (
    snapshot integer not null, exchange text not null, base text not null, kinds integer not null, name text, primary key (snapshot, exchange, base)
  ) strict, without rowid;
  pragma user_version = ${VERSION};`;

export const State = z.enum(['loading', 'current', 'replaced', 'refused', 'failed', 'unchanged', 'busy']);

export const SnapshotRow = z.object({
  id: z.int(), source: z.string(), rank: z.int(), state: State, as_of: z.int(), touched_at: z.int(), rows: z.int(), rejected: z.int(), skipped: z.int(), duplicates: z.int(),
  reason: z.string().nullable(), samples: z.string().transform((text): unknown => JSON.parse(text)).pipe(z.array(z.object({ line: z.int(), why: z.string() }))),
});
export type SnapshotRow = z.output<typeof SnapshotRow>;

export const StoredRow = z.object({
  key: z.string(), snapshot: z.int(), since: z.string(), base: z.string(), segment: Segment, lot: z.int(), tick: z.int().nullable(), freeze: z.int().nullable(),
  expiry: z.string().nullable(), strike: z.int().nullable(),
});
export type StoredRow = z.output<typeof StoredRow>;

export function instrumentOf(row: StoredRow): Instrument {
  const key = keyOf(row.key);
  return {
    key, ...splitKey(key), segment: row.segment, base: row.base, lotSize: row.lot,
    ...(row.tick === null ? {} : { tickSize: asMoney(row.tick) }), ...(row.freeze === null ? {} : { freezeQuantity: row.freeze }),
    ...(row.expiry === null ? {} : { expiry: row.expiry }),
    ...(row.strike === null ? {} : { strike: asMoney(row.strike), optionType: row.key.endsWith('CE') ? 'CE' as const : 'PE' as const }),
  };
}

/** Keys in the file were written by the symbol grammar. */
export function keyOf(text: string): InstrumentKey {
  return text as InstrumentKey;
}

/** Which kinds of instrument a listing stands for, as one number. */
export const PLAIN = 1, FUTURES = 2, OPTIONS = 4;

export function kindOf({ segment }: Pick<MasterRow, 'segment'>): number {
  return segment === 'future' ? FUTURES : segment === 'option' ? OPTIONS : PLAIN;
}
