import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The least that any durable write can cost on this disk: 4 KiB over old ones, and a flush. Returns milliseconds. */
export function flushOnce(folder: string): { readonly flush: () => number; readonly close: () => void } {
  const file = openSync(path.join(folder, 'flush.probe'), 'w');
  const block = Buffer.alloc(4_096, 1);
  let position = 0;
  return {
    flush() {
      const began = performance.now();
      writeSync(file, block, 0, block.length, (position++ % 256) * block.length);
      fdatasyncSync(file);
      return performance.now() - began;
    },
    close: () => closeSync(file),
  };
}

/** The least that SQLite makes of it: one row of about an alert's size in one transaction, flushed. */
export function bareInsert(folder: string): { readonly insert: () => void; readonly close: () => void } {
  const database = new DatabaseSync(path.join(folder, 'bare.db'));
  database.exec('pragma journal_mode = wal; pragma synchronous = full; create table rows (seq integer primary key, body text) strict');
  const statement = database.prepare('insert into rows (body) values (?)');
  const body = 'x'.repeat(300);
  return { insert: () => void statement.run(body), close: () => database.close() };
}
