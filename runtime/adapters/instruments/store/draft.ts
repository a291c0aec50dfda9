import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { MasterAttempt, MasterBatch, MasterDraft, MasterRow } from '../../../domain/instrument';
import { indiaDate } from '../../../domain/session/days';
import type { Clock } from '../../../domain/ports';
import type { EpochMs, IsoDate } from '../../../domain/time';
import { kindOf, PLAIN } from './schema';
import type { Snapshots } from './snapshots';
import { tidy } from './tidy';
import { inTransaction } from '../../store/sqlite/transaction';

const Earlier = z.object({ snapshot: z.int(), since: z.string(), lot: z.int(), tick: z.int().nullable(), freeze: z.int().nullable() });

/** Rejected lines that are kept for people. */
const MOST_SAMPLES = 10;
const LISTINGS_A_STEP = 1_000;

interface Draft {
  readonly clock: Clock;
  readonly id: number;
  readonly source: string;
  readonly asOf: EpochMs;
}

interface Named {
  readonly exchange: string;
  readonly base: string;
  kinds: number;
  name: string | undefined;
}

/**
 * A snapshot in the making. Every batch is a transaction of a few milliseconds, after which others may run; nothing of it is seen until `commit`,
 * whose last step changes one row. A process that dies leaves the earlier snapshot as it was; what it wrote is removed with the next refresh.
 */
export function masterDraft(database: DatabaseSync, snapshots: Snapshots, { clock, id, source, asOf }: Draft): MasterDraft {
  const counts = { rows: 0, rejected: 0, skipped: 0, duplicates: 0, samples: [] as MasterAttempt['samples'][number][] };
  const listings = new Map<string, Named>();
  const earlier = database.prepare('select snapshot, since, lot, tick, freeze from instruments where key = ? and snapshot < ? order by snapshot desc');
  const insert = database.prepare(`insert into instruments (key, snapshot, since, exchange, base, segment, lot, tick, freeze, expiry, strike)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`);
  const insertListing = database.prepare('insert into listings (snapshot, exchange, base, kinds, name) values (?, ?, ?, ?, ?)');
  const touch = database.prepare('update snapshots set rows = ?, rejected = ?, skipped = ?, duplicates = ?, samples = ?, touched_at = ? where id = ?');
  const end = database.prepare('update snapshots set state = ?, reason = ?, touched_at = ? where id = ?');
  const replace = database.prepare(`update snapshots set state = 'replaced' where source = ? and state = 'current' and id <> ?`);
  const day = indiaDate(asOf);

  const hasEarlier = [...snapshots.known().values()].some((one) => one.source === source);
  const sinceOf = (row: MasterRow): IsoDate => {
    if (!hasEarlier) return day;
    for (const found of earlier.all(row.key, id)) {
      const before = Earlier.parse(found);
      if (snapshots.known().get(before.snapshot)?.source === source) return saysTheSame(before, row) ? before.since : day;
    }
    return day;
  };
  const store = (row: MasterRow): void => {
    const { key, exchange, base, segment, lotSize, tickSize = null, freezeQuantity = null, expiry = null, strike = null } = row;
    const { changes } = insert.run(key, id, sinceOf(row), exchange, base, segment, lotSize, tickSize, freezeQuantity, expiry, strike);
    if (Number(changes) === 0) counts.duplicates += 1;
    else counts.rows += 1;
    list(listings, row);
  };
  const remember = (at: EpochMs): void => void touch.run(counts.rows, counts.rejected, counts.skipped, counts.duplicates, JSON.stringify(counts.samples), at, id);

  return {
    counts,
    async add({ rows, rejected, samples, skipped }: MasterBatch) {
      counts.rejected += rejected;
      counts.skipped += skipped;
      counts.samples.push(...samples.slice(0, MOST_SAMPLES - counts.samples.length));
      inTransaction(database, () => {
        for (const row of rows) store(row);
        remember(clock.now());
      });
      await nextTurn();
    },
    async commit(at) {
      const all = [...listings.values()];
      for (let from = 0; from < all.length; from += LISTINGS_A_STEP) {
        inTransaction(database, () => {
          for (const { exchange, base, kinds, name } of all.slice(from, from + LISTINGS_A_STEP)) insertListing.run(id, exchange, base, kinds, name ?? null);
        });
        await nextTurn();
      }
      inTransaction(database, () => {
        remember(at);
        replace.run(source, id);
        end.run('current', null, at, id);
      });
      snapshots.changed();
      await tidy(database, { today: indiaDate(at) });
    },
    async abandon({ outcome, reason, at }) {
      inTransaction(database, () => {
        remember(at);
        end.run(outcome, reason, at, id);
      });
      await tidy(database, { today: indiaDate(at) });
    },
  };
}

function saysTheSame(before: z.output<typeof Earlier>, { lotSize, tickSize, freezeQuantity }: MasterRow): boolean {
  return before.lot === lotSize && before.tick === (tickSize ?? null) && before.freeze === (freezeQuantity ?? null);
}

function list(listings: Map<string, Named>, row: MasterRow): void {
  const key = `${row.exchange}:${row.base}`;
  const kind = kindOf(row);
  const found = listings.get(key) ?? { exchange: row.exchange, base: row.base, kinds: 0, name: undefined };
  found.kinds |= kind;
  // Of contracts a list often gives the contract's own name, which says nothing of the underlying.
  if (kind === PLAIN) found.name ??= row.name;
  listings.set(key, found);
}
