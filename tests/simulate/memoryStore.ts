import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { GroupCommit } from '../../runtime/adapters/store/sqlite/groupCommit';
import { storeErrorOf } from '../../runtime/adapters/store/sqlite/failure';
import { migrate } from '../../runtime/adapters/store/sqlite/schema';
import { Statements } from '../../runtime/adapters/store/sqlite/statements';
import { composeStore } from '../../runtime/adapters/store/sqlite/store';
import { StoreError } from '../../runtime/adapters/store/storeError';
import { OrderStatus, Product } from '../../runtime/domain/order';
import type { Clock, Log, Store } from '../../runtime/domain/ports';

/** When a store's steps are carried out, and what their promises wait for. */
export type Commits = Pick<GroupCommit, 'write' | 'read' | 'close'>;

export type Applied<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** What a step that was carried out has written of an order. */
export const WrittenOrder = z.object({ id: z.string(), status: OrderStatus, quantity: z.int(), filledQuantity: z.int(), denial: z.string().nullable() });
export type WrittenOrder = z.infer<typeof WrittenOrder>;

export interface WrittenRisk {
  readonly account: string;
  readonly killSwitch: boolean;
  /** The day's loss limit was reached. */
  readonly latched: boolean;
}

export const WrittenLease = z.object({ name: z.string(), token: z.int(), until: z.int() });
export type WrittenLease = z.infer<typeof WrittenLease>;

export const WrittenPosition = z.object({ account: z.string(), strategyId: z.string(), instrument: z.string(), product: Product, quantity: z.int() });
export type WrittenPosition = z.infer<typeof WrittenPosition>;

/** Is told what was written, right after the step that wrote it, whichever way it came. */
export interface Readers {
  onOrder(order: WrittenOrder): void;
  onRisk(risk: WrittenRisk): void;
  onLease(lease: WrittenLease): void;
  onPosition(position: WrittenPosition): void;
  onArming(account: string, isArmed: boolean): void;
}

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
export async function openMemoryFile({ clock, log, readers }: { readonly clock: Clock; readonly log: Log; readonly readers?: Readers }): Promise<MemoryJournalFile> {
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
  const written = readers === undefined ? [] : notesOf(db, readers);
  begin();
  return {
    storeOver: (commits) => composeStore({ statements, commits, clock, log }),
    apply(step) {
      savepoint();
      try {
        const value = step();
        release();
        for (const tell of written.splice(0)) tell();
        return { ok: true, value };
      } catch (error) {
        rollbackTo();
        release();
        written.length = 0;
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

/** Triggers of this connection note what a step writes; it is told only if the step stands. */
function notesOf(db: DatabaseSync, readers: Readers): (() => void)[] {
  const notes: (() => void)[] = [];
  db.function('note_order', (id, status, quantity, filledQuantity, denial) => {
    const order = WrittenOrder.parse({ id, status, quantity, filledQuantity, denial });
    notes.push(() => { readers.onOrder(order); });
    return 0;
  });
  db.function('note_risk', (account, killSwitch, lossLatchedAt) => {
    const risk = { account: String(account), killSwitch: killSwitch === 1, latched: lossLatchedAt !== null };
    notes.push(() => { readers.onRisk(risk); });
    return 0;
  });
  db.function('note_lease', (name, token, until) => {
    const lease = WrittenLease.parse({ name, token, until });
    notes.push(() => { readers.onLease(lease); });
    return 0;
  });
  db.function('note_position', (account, strategyId, instrument, product, quantity) => {
    const position = WrittenPosition.parse({ account, strategyId, instrument, product, quantity });
    notes.push(() => { readers.onPosition(position); });
    return 0;
  });
  db.function('note_arming', (account, kind) => {
    const [id, isArmed] = [String(account), kind === 'armed'];
    notes.push(() => { readers.onArming(id, isArmed); });
    return 0;
  });
  db.exec('create temp trigger arming_insert after insert on main.arming begin select note_arming(new.account, new.kind); end');
  for (const change of ['insert', 'update']) {
    db.exec(`create temp trigger orders_${change} after ${change} on main.orders begin select note_order(new.id, new.status, new.quantity, new.filled_quantity, new.denial); end`);
    db.exec(`create temp trigger risk_${change} after ${change} on main.risk_state begin select note_risk(new.account, new.kill_switch, new.loss_latched_at); end`);
    db.exec(`create temp trigger positions_${change} after ${change} on main.positions begin select note_position(new.account, new.strategy_id, new.instrument, new.product, new.quantity); end`);
    db.exec(`create temp trigger leases_${change} after ${change} on main.leases begin select note_lease(new.name, new.token, new.until); end`);
  }
  return notes;
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
