import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import { z } from 'zod';
import type { InstrumentKey } from '../../../domain/market';
import { asMoney } from '../../../domain/money';
import { Product } from '../../../domain/order';
import type { Position } from '../../../domain/position';
import { isDamage } from '../../store/sqlite/failure';
import { requireSqlite } from '../../store/sqlite/file';
import { openCommits } from '../../store/sqlite/groupCommit';
import { isResting, PaperOrder, type BookPage, type PaperBook } from './book';

const VERSION = 1;
/** At opening SQLite waits itself; later waits leave the event loop running. */
const OPEN_TIMEOUT_MS = 5_000;
const BUSY_TIMEOUT_MS = 5_000;
const BLOCKING_WAIT_MS = 10;
/** Steps that may wait for their turn. */
const MAX_WAITING = 20_000;

const SCHEMA = `
  create table if not exists orders (
    seq integer primary key, id text not null unique, instrument text not null, resting integer not null, body text not null
  ) strict;
  create index if not exists resting_orders on orders (instrument) where resting = 1;
  create table if not exists positions (
    instrument text not null, product text not null, account text not null, quantity integer not null, open_value integer not null,
    realised integer not null, charges integer not null, updated_at integer not null, primary key (instrument, product)
  ) strict, without rowid;
  pragma user_version = ${VERSION};`;

const Amount = z.int().transform(asMoney);
const OrderRow = z.object({ body: z.string().transform((body): unknown => JSON.parse(body)).pipe(PaperOrder) });
const TotalsRow = z.object({ realisedPnl: Amount, charges: Amount });
const PositionRow = z.object({
  instrument: z.string().transform((key) => key as InstrumentKey), product: Product, account: z.string(), quantity: z.int(),
  open_value: Amount, realised: Amount, charges: Amount, updated_at: z.int(),
});

/** Where an account's book lies in the state directory. */
export function paperBookFile(home: string, account: string): string {
  return join(home, `paper-${account}.db`);
}

/**
 * A book in its own SQLite file, which other processes of the same machine may have open as well. The folder is made when it is missing.
 * Steps asked for in one turn of the event loop share a transaction (and its one flush to disk); each still succeeds or fails alone.
 * Throws when the runtime has no SQLite, the file is damaged or a newer version wrote it. A step rejects when the file stays locked for 5 s.
 */
export function sqlitePaperBook({ file }: { readonly file: string }): PaperBook {
  const database = openDatabase(file);
  const page = pageOf(database);
  const commits = openCommits(database, { busyTimeoutMs: BUSY_TIMEOUT_MS, maxQueued: MAX_WAITING });
  return {
    step: (work) => commits.write(() => work(page)),
    close: () => commits.close(),
  };
}

function openDatabase(file: string): Sqlite.DatabaseSync {
  const { DatabaseSync } = requireSqlite();
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: OPEN_TIMEOUT_MS });
  try {
    prepareDatabase(database, file);
    database.exec(`pragma busy_timeout = ${BLOCKING_WAIT_MS}`);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function prepareDatabase(database: Sqlite.DatabaseSync, file: string): void {
  if (!isSound(database)) throw new Error(`The paper account's file is damaged. Restore ${file} from a backup, or move it away to start the account anew.`);
  const { user_version: version } = z.object({ user_version: z.int() }).parse(database.prepare('pragma user_version').get());
  if (version > VERSION) throw new Error(`${file} was written by a newer Bellwether (format ${version}, this one knows ${VERSION}). Update Bellwether.`);
  if (version < VERSION) database.exec(`begin immediate; ${SCHEMA} commit;`);
}

function isSound(database: Sqlite.DatabaseSync): boolean {
  try {
    database.exec('pragma journal_mode = wal;');
    return z.object({ quick_check: z.string() }).parse(database.prepare('pragma quick_check(1)').get()).quick_check === 'ok';
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

function pageOf(database: Sqlite.DatabaseSync): BookPage {
  const order = database.prepare('select body from orders where id = ?');
  const restingOne = database.prepare('select body from orders where resting = 1 and instrument = ? order by seq');
  // Left to itself SQLite walks every order there ever was, because they come sorted that way.
  const restingAll = database.prepare('select body from orders indexed by resting_orders where resting = 1 order by seq');
  const position = database.prepare('select * from positions where instrument = ? and product = ?');
  const openPositions = database.prepare('select * from positions where quantity <> 0');
  const totals = database.prepare('select coalesce(sum(realised), 0) realisedPnl, coalesce(sum(charges), 0) charges from positions');
  const saveOrder = database.prepare('insert into orders (id, instrument, resting, body) values (?, ?, ?, ?) on conflict (id) do update set resting = excluded.resting, body = excluded.body');
  const savePosition = database.prepare('insert or replace into positions (instrument, product, account, quantity, open_value, realised, charges, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?)');
  return {
    order(id) {
      const row = order.get(id);
      return row === undefined ? undefined : OrderRow.parse(row).body;
    },
    resting: (instrument) => (instrument === undefined ? restingAll.all() : restingOne.all(instrument)).map((row) => OrderRow.parse(row).body),
    position(instrument, product) {
      const row = position.get(instrument, product);
      return row === undefined ? undefined : readPosition(row);
    },
    openPositions: () => openPositions.all().map(readPosition),
    totals: () => TotalsRow.parse(totals.get()),
    saveOrder: (row) => void saveOrder.run(row.id, row.instrument, isResting(row) ? 1 : 0, JSON.stringify(row)),
    savePosition: (row) => void savePosition.run(row.instrument, row.product, row.account, row.quantity, row.openValue, row.realisedPnl, row.charges, row.updatedAt),
  };
}

function readPosition(row: unknown): Position {
  const { account, instrument, product, quantity, open_value: openValue, realised: realisedPnl, charges, updated_at: updatedAt } = PositionRow.parse(row);
  return { account, strategyId: '', instrument, product, quantity, openValue, realisedPnl, charges, updatedAt };
}
