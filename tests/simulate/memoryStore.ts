import { DatabaseSync } from 'node:sqlite';
import type { GroupCommit } from '../../runtime/adapters/store/sqlite/groupCommit';
import { storeErrorOf } from '../../runtime/adapters/store/sqlite/failure';
import { migrate } from '../../runtime/adapters/store/sqlite/schema';
import { Statements } from '../../runtime/adapters/store/sqlite/statements';
import { composeStore } from '../../runtime/adapters/store/sqlite/store';
import { StoreError } from '../../runtime/adapters/store/storeError';
import type { Clock, Log, Store } from '../../runtime/domain/ports';

/** When a store's steps are carried out, and what their promises wait for. */
export type Commits = Pick<GroupCommit, 'write' | 'read' | 'close'>;

export type Applied<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** A journal in memory whose moments are decided from outside: when a step is carried out, when it has reached the disk, when the power fails. */
export interface MemoryJournalFile {
  /** A store over this file, one for every process that has it open. */
  storeOver(commits: Commits): Store;
  /** Carries one step out: seen by every process from now on, lost if the power fails before the next flush. One that throws leaves nothing. */
  apply<T>(step: () => T): Applied<T>;
  /** What was carried out so far can not be lost any more. */
  flush(): void;
  /** Forgets everything since the last flush. */
  failPower(): void;
  close(): void;
}

/**
 * The journal's own tables and statements over SQLite's memory, with the disk and its moments left out. That the simulator runs the very
 * statements that a real journal runs is the point of it: 10 to 150 microseconds a step are few enough.
 */
export async function openMemoryFile({ clock, log }: { readonly clock: Clock; readonly log: Log }): Promise<MemoryJournalFile> {
  const db = new DatabaseSync(':memory:');
  db.exec('pragma foreign_keys = on');
  await migrate(db, ':memory:');
  const statements = new Statements(db);
  const prepared = (text: string) => {
    const statement = db.prepare(text);
    return () => { statement.run(); };
  };
  const [begin, commit, rollback] = [prepared('begin'), prepared('commit'), prepared('rollback')];
  const [savepoint, release, rollbackTo] = [prepared('savepoint step'), prepared('release step'), prepared('rollback to step')];
  begin();
  return {
    storeOver: (commits) => composeStore({ statements, commits, clock, log }),
    apply(step) {
      savepoint();
      try {
        const value = step();
        release();
        return { ok: true, value };
      } catch (error) {
        rollbackTo();
        release();
        return { ok: false, error };
      }
    },
    flush() {
      commit();
      begin();
    },
    failPower() {
      rollback();
      begin();
    },
    close() {
      rollback();
      db.close();
    },
  };
}

/** A store in memory whose steps are done and durable at once, in the order in which they are asked for. */
export async function openMemoryStore(ports: { readonly clock: Clock; readonly log: Log }): Promise<Store> {
  const file = await openMemoryFile(ports);
  let closed = false;
  const refused = (): Promise<never> => Promise.reject(new StoreError('CLOSED', 'The journal is closed.'));
  return file.storeOver({
    write(operation, _durability, onCommitted) {
      if (closed) return refused();
      const applied = file.apply(operation);
      if (!applied.ok) return Promise.reject(storeErrorOf(applied.error));
      onCommitted?.(applied.value);
      return Promise.resolve(applied.value);
    },
    read: (operation) => (closed ? refused() : Promise.resolve().then(operation)),
    close() {
      if (!closed) file.close();
      closed = true;
      return Promise.resolve();
    },
  });
}
