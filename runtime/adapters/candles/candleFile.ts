import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { StoreError } from '../store/storeError';
import { isDamage, isError } from '../store/sqlite/failure';

/** Marks a file as a candle store in its header ("BELC"), so that no other database is ever written to. */
const APPLICATION_ID = 0x42454c43;
/** 2: also the days that a source was asked for. Tables of 1 stay as they are. */
const SCHEMA_VERSION = 2;

const Header = z.object({ application_id: z.int(), user_version: z.int(), total: z.int() });

/**
 * Refuses a file that is no candle store or was written by a newer version, and makes the tables of a new one. Two processes may do so at once.
 * A candle is one row without a row id: those of one instrument and timeframe lie side by side in order of time.
 */
export function prepareCandleFile(db: DatabaseSync, path: string): void {
  try {
    const { application_id: id, user_version: version, total } = Header.parse(db.prepare('select application_id, user_version, (select count(*) from sqlite_schema) as total from pragma_application_id, pragma_user_version').get());
    if (id !== APPLICATION_ID && (id !== 0 || total > 0)) throw new StoreError('NOT_A_STORE', `${path} is no candle store and was not touched. Choose another place with BELLWETHER_HOME.`);
    if (version > SCHEMA_VERSION) throw new StoreError('NEWER_SCHEMA', `The candle store ${path} was written by a newer version of Bellwether. Update this installation, or move the file away: candles can be fetched and imported again.`);
    db.exec('pragma journal_mode = wal; pragma synchronous = full');
    if (version < SCHEMA_VERSION) createTables(db);
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw new StoreError('DAMAGED', `The candle store ${path} is damaged (${isError(error) ? error.message : String(error)}) and was not opened. Move it and its -wal and -shm files away: candles can be fetched and imported again.`, { cause: error });
  }
}

function createTables(db: DatabaseSync): void {
  db.exec(`
    begin immediate;
    create table if not exists series (id integer primary key, instrument text not null, timeframe text not null, unique (instrument, timeframe)) strict;
    create table if not exists sources (id integer primary key, name text not null unique) strict;
    create table if not exists candles (
      series integer not null references series (id), time integer not null,
      open real not null, high real not null, low real not null, close real not null, volume real not null,
      source integer not null references sources (id), primary key (series, time)
    ) strict, without rowid;
    create table if not exists asked (series integer not null references series (id), day text not null, primary key (series, day)) strict, without rowid;
    pragma application_id = ${APPLICATION_ID};
    pragma user_version = ${SCHEMA_VERSION};
    commit;
  `);
}
