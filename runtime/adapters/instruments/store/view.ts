import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Listing, MasterVersion, MasterView } from '../../../domain/instrument';
import { Exchange } from '../../../domain/market';
import { asMoney } from '../../../domain/money';
import { FUTURES, instrumentOf, keyOf, OPTIONS, PLAIN, SnapshotRow, StoredRow } from './schema';
import { attemptOf, snapshotOf, type Snapshots } from './snapshots';

const MOST_ATTEMPTS = 50;
const AFTER_EVERYTHING = '\u{10ffff}';

const Key = z.object({ key: z.string().transform(keyOf) });
const ListingRow = z.object({ exchange: Exchange, base: z.string(), kinds: z.int(), name: z.string().nullable() });

/** Statements are prepared once; `find`'s is one look into a b-tree. */
export function masterView(database: DatabaseSync, snapshots: Snapshots): MasterView {
  const versions = database.prepare('select key, snapshot, since, base, segment, lot, tick, freeze, expiry, strike from instruments where key = ? order by snapshot desc');
  const among = 'snapshot in (select value from json_each(:current))';
  const contracts = database.prepare(`
    select distinct key, expiry, strike, segment from instruments
    where exchange = :exchange and base = :base and expiry >= :from and expiry <= :until and (:segment is null or segment = :segment) and (:month is null or substr(expiry, 6, 2) = :month)
      and (:strike is null or strike = :strike) and (:ending is null or substr(key, -2) = :ending) and ${among}
    order by expiry, segment, strike, key limit :limit`);
  const starting = database.prepare(`select distinct key from instruments where key >= :from and key < :until and ${among} order by key limit :limit`);
  const expiries = database.prepare(`select distinct expiry from instruments where exchange = :exchange and base = :base and expiry >= :from and (:segment is null or segment = :segment) and ${among} order by expiry`);
  const strikes = database.prepare(`select distinct strike from instruments where exchange = :exchange and base = :base and expiry = :expiry and strike is not null and ${among} order by strike`);
  const listings = database.prepare(`select exchange, base, kinds, name from listings where ${among}`);
  const attempts = database.prepare(`select * from snapshots where state <> 'loading' order by touched_at desc, id desc limit ${MOST_ATTEMPTS}`);
  const current = (): string => JSON.stringify(snapshots.current());
  return {
    revision: () => snapshots.revision(),
    snapshots: () => snapshots.current().flatMap((id) => snapshots.known().get(id) ?? []).map(snapshotOf),
    versions: (key) => preferred(versions.all(key).map((row) => StoredRow.parse(row)), snapshots),
    contracts({ exchange, base, segment, from, expiry, month, strike, optionType, limit }) {
      return contracts.all({
        exchange, base, from: expiry ?? from, until: expiry ?? '9999', segment: segment ?? null, month: month ?? null, strike: strike ?? null, ending: optionType ?? null, current: current(), limit,
      }).map((row) => Key.parse(row).key);
    },
    startingWith: (prefix, limit) => starting.all({ from: prefix, until: prefix + AFTER_EVERYTHING, current: current(), limit }).map((row) => Key.parse(row).key),
    expiries: ({ exchange, base, segment, from }) => expiries.all({ exchange, base, segment: segment ?? null, from, current: current() }).map((row) => z.object({ expiry: z.string() }).parse(row).expiry),
    strikes: ({ exchange, base, expiry }) => strikes.all({ exchange, base, expiry, current: current() }).map((row) => asMoney(z.object({ strike: z.int() }).parse(row).strike)),
    listings: () => merged(listings.all({ current: current() }).map((row) => ListingRow.parse(row))),
    attempts: () => attempts.all().map((row) => attemptOf(SnapshotRow.parse(row))),
  };
}

/** One source's versions: the preferred among those that list the key now, else the one that listed it last. */
function preferred(rows: readonly StoredRow[], snapshots: Snapshots): readonly MasterVersion[] {
  const known = snapshots.known();
  const current = snapshots.current();
  const counted = rows.filter(({ snapshot }) => known.has(snapshot));
  const sourceOf = (row: StoredRow | undefined): string | undefined => (row === undefined ? undefined : known.get(row.snapshot)?.source);
  const listing = current.map((id) => counted.find(({ snapshot }) => snapshot === id)).find((row) => row !== undefined);
  const source = sourceOf(listing ?? counted[0]);
  return counted.filter((row) => sourceOf(row) === source).map((row) => ({
    instrument: instrumentOf(row), since: row.since, seen: known.get(row.snapshot)?.day ?? '', listed: current.includes(row.snapshot),
  }));
}

function merged(rows: readonly z.output<typeof ListingRow>[]): readonly Listing[] {
  const found = new Map<string, Listing>();
  for (const { exchange, base, kinds, name } of rows) {
    const key = `${exchange}:${base}`;
    const before = found.get(key);
    const text = before?.name ?? name ?? undefined;
    found.set(key, {
      exchange, base, ...(text === undefined ? {} : { name: text }),
      plain: before?.plain === true || (kinds & PLAIN) !== 0, futures: before?.futures === true || (kinds & FUTURES) !== 0, options: before?.options === true || (kinds & OPTIONS) !== 0,
    });
  }
  return [...found.values()];
}
