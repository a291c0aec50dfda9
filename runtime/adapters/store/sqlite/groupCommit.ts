import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../storeError';
import { isBusy, isOutsideTransaction, storeErrorOf } from './failure';

export interface GroupCommitOptions {
  /** Longest wait for another process's transaction; the event loop runs meanwhile. */
  readonly busyTimeoutMs: number;
  /** Operations that may wait; more are refused at once. Default 50,000. */
  readonly maxQueued?: number;
}

/**
 * flushed: on the disk before the promise resolves. unflushed: written, but a power cut may undo it, together with whatever unflushed steps
 * came after it; a crash of the process does not. The next flushed commit makes it last as well, because the log is flushed as a whole.
 */
export type Durability = 'flushed' | 'unflushed';

interface Job {
  readonly durability: Durability;
  /** Runs the operation and keeps its result; `resolve` hands it out after the commit. */
  run(): void;
  resolve(): void;
  reject(error: unknown): void;
}

const DEFAULT_MAX_QUEUED = 50_000;
/** Operations of one transaction: bounds how long the event loop stands still. */
const MAX_GROUP = 256;
const RETRY_MS = 5;

/**
 * Puts the write operations of one turn of the event loop into one `BEGIN IMMEDIATE` transaction, so that they share one flush to the disk.
 * A group without a step that has to be flushed is not. Each runs behind a savepoint: one that throws rolls back alone. Promises resolve after COMMIT; when it fails, all of them reject.
 */
export class GroupCommit {
  readonly #db: DatabaseSync;
  readonly #busyTimeoutMs: number;
  readonly #maxQueued: number;
  readonly #transaction: Record<'begin' | 'beginRead' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollbackTo', () => void>;
  #durability: Durability | undefined;
  #queue: Job[] = [];
  #flushing = false;
  #closed = false;
  #onIdle: (() => void)[] = [];

  constructor(db: DatabaseSync, options: GroupCommitOptions) {
    this.#db = db;
    this.#busyTimeoutMs = options.busyTimeoutMs;
    this.#maxQueued = options.maxQueued ?? DEFAULT_MAX_QUEUED;
    const prepared = (text: string) => {
      const statement = db.prepare(text);
      return () => { statement.run(); };
    };
    this.#transaction = {
      begin: prepared('begin immediate'), beginRead: prepared('begin'), commit: prepared('commit'), rollback: prepared('rollback'),
      savepoint: prepared('savepoint operation'), release: prepared('release operation'), rollbackTo: prepared('rollback to operation'),
    };
  }

  /** Queues `operation`; its own error rejects as it is, one of the database as a `StoreError`. */
  write<T>(operation: () => T, durability: Durability = 'flushed'): Promise<T> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.#queue.length >= this.#maxQueued) return Promise.reject(new StoreError('QUEUE_FULL', `${this.#maxQueued} writes are waiting for the journal: nothing more is taken until the disk keeps up.`));
    return new Promise<T>((resolve, reject) => {
      let result: { value: T } | undefined;
      this.#queue.push({
        durability,
        run: () => { result = { value: operation() }; },
        resolve: () => { if (result !== undefined) resolve(result.value); },
        reject: (error) => { reject(storeErrorOf(error)); },
      });
      this.#schedule();
    });
  }

  /** Runs `operation` on one consistent snapshot of what is committed. */
  async read<T>(operation: () => T): Promise<T> {
    const deadline = performance.now() + this.#busyTimeoutMs;
    for (;;) {
      if (this.#closed) throw closedError();
      try {
        return this.#snapshot(operation);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw storeErrorOf(error);
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** Takes nothing more, finishes what is queued and closes the database. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#flushing) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    this.#db.close();
  }

  #schedule(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => { this.#flush(this.#queue.splice(0, MAX_GROUP), performance.now() + this.#busyTimeoutMs); });
  }

  #flush(group: readonly Job[], deadline: number): void {
    try {
      this.#prepare(group.some((job) => job.durability === 'flushed') ? 'flushed' : 'unflushed');
      this.#transaction.begin();
    } catch (error) {
      if (isBusy(error) && performance.now() < deadline) {
        setTimeout(() => { this.#flush(group, deadline); }, RETRY_MS);
        return;
      }
      this.#settle(group, error);
      return;
    }
    const written: Job[] = [];
    const failed = new Map<Job, unknown>();
    try {
      for (const job of group) {
        const failure = this.#runOne(job);
        if (failure === undefined) written.push(job);
        else failed.set(job, failure.error);
      }
      this.#transaction.commit();
    } catch (error) {
      this.#settle(group, this.#abandoned(error));
      return;
    }
    for (const job of written) job.resolve();
    for (const [job, error] of failed) job.reject(error);
    this.#next();
  }

  /** SQLite takes the setting between transactions only; in its write-ahead mode NORMAL leaves out the flush of the log and nothing else. */
  #prepare(durability: Durability): void {
    if (this.#durability === durability) return;
    this.#db.exec(durability === 'flushed' ? 'pragma synchronous = full' : 'pragma synchronous = normal');
    this.#durability = durability;
  }

  /** The operation's failure, rolled back alone. Throws when that is not possible: a full disk, for one, ends the whole transaction. */
  #runOne(job: Job): { readonly error: unknown } | undefined {
    this.#transaction.savepoint();
    try {
      job.run();
    } catch (error) {
      try {
        this.#transaction.rollbackTo();
      } catch (rollbackError) {
        throw new AggregateError([error, rollbackError], 'The transaction ended inside an operation.', { cause: error });
      }
      this.#transaction.release();
      return { error };
    }
    this.#transaction.release();
    return undefined;
  }

  #settle(group: readonly Job[], error: unknown): void {
    for (const job of group) job.reject(error);
    this.#next();
  }

  #next(): void {
    this.#flushing = false;
    if (this.#queue.length > 0) this.#schedule();
    else for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #snapshot<T>(operation: () => T): T {
    this.#transaction.beginRead();
    try {
      return operation();
    } finally {
      this.#abandon();
    }
  }

  /** Ends a transaction that failed, so that every waiting promise can be told why, whatever else goes wrong. */
  #abandoned(error: unknown): unknown {
    try {
      this.#abandon();
      return error;
    } catch (rollbackError) {
      return new AggregateError([error, rollbackError], 'The transaction failed and so did its rollback.', { cause: error });
    }
  }

  /** Ends the transaction if it is still there; SQLite may have ended it by itself. */
  #abandon(): void {
    try {
      this.#transaction.rollback();
    } catch (error) {
      if (!isOutsideTransaction(error)) throw error;
    }
  }
}

function closedError(): StoreError {
  return new StoreError('CLOSED', 'The journal is closed.');
}
