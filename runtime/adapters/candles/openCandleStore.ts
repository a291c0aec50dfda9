import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { CandleSchema, type Candle } from '../../domain/candle';
import { deny, ok, type Outcome } from '../../domain/denial';
import { STORED_TIMEFRAMES, type CandleStore } from '../../domain/feed';
import type { InstrumentKey } from '../../domain/market';
import { StoreError } from '../store/storeError';
import { isBusy, isError, resultCode } from '../store/sqlite/failure';
import { prepareFolder, requireSqlite } from '../store/sqlite/file';
import { inTransaction } from '../store/sqlite/transaction';
import { prepareCandleFile } from './candleFile';

export interface CandleStoreOptions {
  /** The file, made with its folder when missing; `:memory:` for one that ends with the process. Several processes may open the same one. */
  readonly path: string;
  /** Longest wait for another process. Default 5,000. */
  readonly busyTimeoutMs?: number;
}

/** Rows of one transaction: bounds how long the event loop stands still, at some 2 µs a row. */
const BATCH = 5_000;
/** Most candles of one answer. */
export const MOST_CANDLES = 200_000;
/** Longest that SQLite itself may hold the event loop while it waits; longer waits go through timers. */
const BLOCKING_WAIT_MS = 10;
const RETRY_MS = 20;

const Id = z.object({ id: z.int() });
const Day = z.object({ day: z.string() });
const Row = z.object({ time: z.int(), open: z.number(), high: z.number(), low: z.number(), close: z.number(), volume: z.number() });
const Held = z.object({ instrument: z.string().transform((key) => key as InstrumentKey), timeframe: z.enum(STORED_TIMEFRAMES), from: z.int(), until: z.int(), candles: z.int(), source: z.string() });

/**
 * Candles in a file of their own: losing it loses no order. Writes are durable when they resolve and go in batches, with the event loop running between
 * them; an import that is broken off leaves whole batches. Rejects with a `StoreError`.
 */
export async function openCandleStore({ path, busyTimeoutMs = 5_000 }: CandleStoreOptions): Promise<CandleStore> {
  const { DatabaseSync } = requireSqlite();
  if (path !== ':memory:') prepareFolder(path);
  const db = opened(() => new DatabaseSync(path), path);
  const whenFree = <T>(step: () => T): Promise<T> => retried(step, busyTimeoutMs);
  try {
    db.exec(`pragma busy_timeout = ${BLOCKING_WAIT_MS}`);
    await whenFree(() => prepareCandleFile(db, path));
    return storeOver(db, whenFree);
  } catch (error) {
    db.close();
    throw candleStoreError(error);
  }
}

function storeOver(db: DatabaseSync, whenFree: <T>(step: () => T) => Promise<T>): CandleStore {
  const find = db.prepare('select id from series where instrument = ? and timeframe = ?');
  const addSeries = db.prepare('insert into series (instrument, timeframe) values (?, ?) on conflict do nothing');
  const addSource = db.prepare('insert into sources (name) values (?) on conflict do nothing');
  const findSource = db.prepare('select id from sources where name = ?');
  const save = db.prepare('insert or replace into candles (series, time, open, high, low, close, volume, source) values (?, ?, ?, ?, ?, ?, ?, ?)');
  const newest = db.prepare('select time, open, high, low, close, volume from candles where series = ? and time >= ? and time < ? order by time desc limit ?');
  const mark = db.prepare('insert into asked (series, day) values (?, ?) on conflict do nothing');
  const marked = db.prepare('select day from asked join series on series.id = asked.series where instrument = ? and timeframe = ? order by day');
  const forget = db.prepare('delete from asked where series = ?');
  const drop = db.prepare('delete from candles where series = ? and time in (select time from candles where series = ? order by time limit ?)');
  const dropSeries = db.prepare('delete from series where id = ? and not exists (select 1 from candles where series = id) and not exists (select 1 from asked where series = id)');
  const held = db.prepare(`
    select series.instrument, series.timeframe, min(time) as "from", max(time) as until, count(*) as candles, sources.name as source
    from candles join series on series.id = candles.series join sources on sources.id = candles.source
    group by candles.series, candles.source order by series.instrument, series.timeframe, sources.name`);
  let writing: Promise<unknown> = Promise.resolve();
  let closed = false;

  const guarded = async <T>(step: () => T): Promise<T> => {
    if (closed) throw new StoreError('CLOSED', 'The candle store is closed.');
    try {
      return await whenFree(step);
    } catch (error) {
      throw candleStoreError(error);
    }
  };
  const writeBatch = (instrument: InstrumentKey, timeframe: string, candles: readonly Candle[], source: string): void => {
    inTransaction(db, () => {
      addSeries.run(instrument, timeframe);
      addSource.run(source);
      const { id: series } = Id.parse(find.get(instrument, timeframe));
      const { id: from } = Id.parse(findSource.get(source));
      for (const { time, open, high, low, close, volume } of candles) save.run(series, time, open, high, low, close, volume, from);
    });
  };
  const write = async (...[instrument, timeframe, candles, source]: Parameters<CandleStore['put']>): Promise<void> => {
    for (let start = 0; start < candles.length; start += BATCH) {
      await guarded(() => writeBatch(instrument, timeframe, candles.slice(start, start + BATCH), source));
      await nextTurn();
    }
  };
  const removeBatch = (instrument: InstrumentKey, timeframe: string): number => inTransaction(db, () => {
    const found = find.get(instrument, timeframe);
    if (found === undefined) return 0;
    const { id: series } = Id.parse(found);
    forget.run(series);
    const gone = Number(drop.run(series, series, BATCH).changes);
    dropSeries.run(series);
    return gone;
  });
  const remove = async (instrument: InstrumentKey, timeframe: string): Promise<number> => {
    let gone = 0;
    for (;;) {
      const batch = await guarded(() => removeBatch(instrument, timeframe));
      gone += batch;
      if (batch < BATCH) return gone;
      await nextTurn();
    }
  };

  return {
    put(instrument, timeframe, candles, source) {
      const wrong = candles.find((candle) => !candle.closed || !CandleSchema.safeParse(candle).success);
      if (wrong !== undefined) return Promise.reject(new StoreError('MISUSE', `No closed, sound candle: ${JSON.stringify(wrong)}`));
      const written = writing.then(() => write(instrument, timeframe, candles, source));
      // A failure is its caller's and ends nothing.
      writing = written.catch(() => undefined);
      return written;
    },
    remove(instrument, timeframe) {
      const removed = writing.then(() => remove(instrument, timeframe));
      writing = removed.catch(() => undefined);
      return removed;
    },
    candles: ({ instrument, timeframe, from, until, limit }) => guarded((): Outcome<readonly Candle[]> => {
      if (!Number.isInteger(limit) || limit < 1) return deny('INVALID_PARAMETER', `At least one candle has to be asked for, not ${limit}.`, { field: 'limit' });
      const series = find.get(instrument, timeframe);
      if (series === undefined) return deny('NOT_FOUND', `The candle store holds no ${timeframe} candles of ${instrument}.`);
      const rows = newest.all(Id.parse(series).id, bound(from), bound(until), Math.min(limit, MOST_CANDLES));
      return ok(rows.map((row): Candle => ({ ...readRow(row), closed: true })).reverse());
    }),
    markAsked: (instrument, timeframe, days) => guarded(() => {
      inTransaction(db, () => {
        addSeries.run(instrument, timeframe);
        const { id: series } = Id.parse(find.get(instrument, timeframe));
        for (const day of days) mark.run(series, day);
      });
    }),
    asked: (instrument, timeframe) => guarded(() => z.array(Day).parse(marked.all(instrument, timeframe)).map(({ day }) => day)),
    list: () => guarded(() => z.array(Held).parse(held.all())),
    async close() {
      if (closed) return;
      await writing;
      closed = true;
      db.close();
    },
  };
}

function readRow(row: unknown): z.infer<typeof Row> {
  const read = Row.safeParse(row);
  if (!read.success) throw new StoreError('DAMAGED_ROW', `A stored candle does not have its shape: ${JSON.stringify(row)}`);
  return read.data;
}

/** A time that SQLite holds: open ends are as far away as any. */
function bound(time: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(-Number.MAX_SAFE_INTEGER, Math.ceil(time)));
}

async function retried<T>(step: () => T, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return step();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
    }
    await wait(RETRY_MS);
  }
}

function opened(open: () => DatabaseSync, path: string): DatabaseSync {
  try {
    return open();
  } catch (error) {
    throw new StoreError('IO', `The candle store ${path} can not be opened: ${isError(error) ? error.message : String(error)}. Check that the folder exists and may be written to.`, { cause: error });
  }
}

const FULL = 13;

/** An error of the database as a `StoreError` that keeps it as its cause; any other one as it is. */
function candleStoreError(error: unknown): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  if (isBusy(error)) return new StoreError('BUSY', 'Another process kept the candle store busy for too long; these candles were not stored.', { cause: error });
  if (code === FULL) return new StoreError('DISK_FULL', 'The disk is full: these candles were not stored.', { cause: error });
  return new StoreError('IO', 'The candle store could not be read or written.', { cause: error });
}
