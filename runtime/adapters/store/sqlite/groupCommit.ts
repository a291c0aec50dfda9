import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../storeError';
import { Checkpointer, type CheckpointerOptions } from './checkpointer';
import { isBusy, isOutsideTransaction, storeErrorOf } from './failure';
import { LogFlush } from './logFlush';

export interface GroupCommitOptions {
  /** Brings commits onto the disk, and is closed with the database; absent for one in memory. The database itself leaves it out (`synchronous=NORMAL`). */
  readonly log?: Pick<LogFlush, 'flush' | 'close'>;
  /** Keeps the log short; told of every commit. */
  readonly checkpoints?: Pick<Checkpointer, 'committed' | 'close'>;
  /** Longest wait for another process's transaction; the event loop runs meanwhile. */
  readonly busyTimeoutMs: number;
  /** Operations that may wait; more are refused at once. Default 50,000. */
  readonly maxQueued?: number;
  /** Told what a listener of a commit threw: a bug of the listener. The step stands, and nothing waits because of it. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * flushed: on the disk before the promise resolves. unflushed: written, but a power cut may undo it, together with whatever unflushed steps
 * came after it; a crash of the process does not. The next flushed commit makes it last as well, because the log is flushed as a whole.
 * lazy: unflushed, and in no hurry: it waits for the next group, or a few milliseconds for others of its kind.
 */
export type Durability = 'flushed' | 'unflushed' | 'lazy';

interface Job {
  readonly durability: Durability;
  /** Runs the operation and keeps its result; `resolve` hands it out after the commit. */
  run(): void;
  /** After COMMIT, before the flush. */
  committed(): void;
  resolve(): void;
  reject(error: unknown): void;
}

interface Outcome {
  readonly written: readonly Job[];
  readonly failed: ReadonlyMap<Job, unknown>;
}

const DEFAULT_MAX_QUEUED = 50_000;
/** Operations of one transaction: bounds how long the event loop stands still. */
const MAX_GROUP = 256;
const RETRY_MS = 5;
/** A transaction writes whole pages however little changes in them, so that steps that nobody waits for are put together. */
const LAZY_MS = 10;
const UNFLUSHABLE = 'The journal could not be brought onto the disk, so that nobody knows how much of the last steps a power cut would leave. Nothing more is written. Check the disk, then restart.';

/**
 * Puts the write operations of one turn of the event loop into one `BEGIN IMMEDIATE` transaction. Each runs behind a savepoint: one that throws
 * rolls back alone. Promises resolve after COMMIT; when it fails, all of them reject. Those that have to be flushed resolve after a flush
 * that began after their COMMIT, with the event loop running; what is asked for meanwhile is the next group. A step that changed nothing waits for
 * the flush as well: what it saw may not be on the disk yet.
 *
 * A flush that fails leaves unknown what is on the disk, and a later one that succeeds proves nothing (the kernel may have dropped the pages):
 * from then on nothing more is written.
 */
export class GroupCommit {
  readonly #db: DatabaseSync;
  readonly #busyTimeoutMs: number;
  readonly #maxQueued: number;
  readonly #transaction: Record<'begin' | 'beginRead' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollbackTo', () => void>;
  readonly #log: Pick<LogFlush, 'flush' | 'close'> | undefined;
  readonly #checkpoints: Pick<Checkpointer, 'committed' | 'close'> | undefined;
  readonly #onFault: ((error: unknown) => void) | undefined;
  #queue: Job[] = [];
  #lazy: NodeJS.Timeout | undefined;
  #busy = false;
  #unflushable: StoreError | undefined;
  #closed = false;
  #onIdle: (() => void)[] = [];

  constructor(db: DatabaseSync, options: GroupCommitOptions) {
    this.#db = db;
    this.#busyTimeoutMs = options.busyTimeoutMs;
    this.#maxQueued = options.maxQueued ?? DEFAULT_MAX_QUEUED;
    this.#log = options.log;
    this.#checkpoints = options.checkpoints;
    this.#onFault = options.onFault;
    const prepared = (text: string) => {
      const statement = db.prepare(text);
      return () => { statement.run(); };
    };
    this.#transaction = {
      begin: prepared('begin immediate'), beginRead: prepared('begin'), commit: prepared('commit'), rollback: prepared('rollback'),
      savepoint: prepared('savepoint operation'), release: prepared('release operation'), rollbackTo: prepared('rollback to operation'),
    };
  }

  /**
   * Queues `operation`; its own error rejects as it is, one of the database as a `StoreError`. `onCommitted` is told its result after COMMIT, while
   * the flush is still to come: whatever is flushed later brings this step onto the disk as well. It shall not throw; where it does, the step stands all the same.
   */
  write<T>(operation: () => T, durability: Durability = 'flushed', onCommitted?: (value: T) => void): Promise<T> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.#unflushable !== undefined) return Promise.reject(this.#unflushable);
    if (this.#queue.length >= this.#maxQueued) return Promise.reject(new StoreError('QUEUE_FULL', `${this.#maxQueued} writes are waiting for the journal: nothing more is taken until the disk keeps up.`));
    return new Promise<T>((resolve, reject) => {
      let result: { value: T } | undefined;
      this.#queue.push({
        durability,
        run: () => { result = { value: operation() }; },
        committed: () => { if (result !== undefined) onCommitted?.(result.value); },
        resolve: () => { if (result !== undefined) resolve(result.value); },
        reject: (error) => { reject(storeErrorOf(error)); },
      });
      if (durability === 'lazy') this.#scheduleLazily();
      else this.#schedule();
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
    this.#hurry();
    if (!this.#isIdle()) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    await this.#checkpoints?.close();
    this.#db.close();
    this.#log?.close();
  }

  #scheduleLazily(): void {
    if (!this.#busy) this.#lazy ??= setTimeout(() => { this.#hurry(); }, LAZY_MS);
  }

  /** Nothing waits for company any more. */
  #hurry(): void {
    if (this.#queue.length > 0) this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#lazy);
    this.#lazy = undefined;
    if (this.#busy) return;
    this.#busy = true;
    setImmediate(() => { this.#commit(this.#queue.splice(0, MAX_GROUP), performance.now() + this.#busyTimeoutMs); });
  }

  #commit(group: readonly Job[], deadline: number): void {
    if (this.#unflushable !== undefined) {
      this.#settle(group, this.#unflushable);
      return;
    }
    try {
      this.#transaction.begin();
    } catch (error) {
      if (isBusy(error) && performance.now() < deadline) {
        setTimeout(() => { this.#commit(group, deadline); }, RETRY_MS);
        return;
      }
      this.#settle(group, error);
      return;
    }
    let outcome: Outcome;
    try {
      outcome = this.#runAll(group);
      this.#transaction.commit();
    } catch (error) {
      this.#settle(group, this.#abandoned(error));
      return;
    }
    this.#tell(this.#checkpoints === undefined ? [] : [this.#checkpoints], (checkpoints) => { checkpoints.committed(); });
    this.#tell([...outcome.failed], ([job, error]) => { job.reject(error); });
    void this.#conclude(outcome.written);
  }

  /** What comes while the flush is under way is the next group: the fewer groups, the fewer pages are written. */
  async #conclude(written: readonly Job[]): Promise<void> {
    this.#tell(written, (job) => { job.committed(); });
    const waiting = this.#log === undefined ? [] : written.filter((job) => job.durability === 'flushed');
    for (const job of written) if (waiting.length === 0 || job.durability !== 'flushed') job.resolve();
    try {
      if (waiting.length > 0) await this.#log?.flush();
      for (const job of waiting) job.resolve();
    } catch (error) {
      this.#unflushable = new StoreError('IO', UNFLUSHABLE, { cause: error });
      for (const job of waiting) job.reject(this.#unflushable);
    }
    this.#next();
  }

  #runAll(group: readonly Job[]): Outcome {
    const [first] = group;
    if (first !== undefined && group.length === 1) {
      // The transaction is its savepoint.
      first.run();
      return { written: group, failed: new Map() };
    }
    const written: Job[] = [];
    const failed = new Map<Job, unknown>();
    for (const job of group) {
      const failure = this.#runOne(job);
      if (failure === undefined) written.push(job);
      else failed.set(job, failure.error);
    }
    return { written, failed };
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
    this.#tell(group, (job) => { job.reject(error); });
    this.#next();
  }

  /** Tells each, whatever telling another one throws: the group has to come to its end, or the journal stands still for good. */
  #tell<T>(all: readonly T[], one: (of: T) => void): void {
    for (const each of all) {
      try {
        one(each);
      } catch (error) {
        this.#onFault?.(error);
      }
    }
  }

  #next(): void {
    this.#busy = false;
    if (this.#queue.some((job) => job.durability !== 'lazy')) this.#schedule();
    else if (this.#queue.length > 0) this.#scheduleLazily();
    else this.#rest();
  }

  #isIdle(): boolean {
    return !this.#busy && this.#queue.length === 0;
  }

  #rest(): void {
    if (this.#isIdle()) for (const resolve of this.#onIdle.splice(0)) resolve();
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

/** The commits of the open database at `path`, in write-ahead mode, which is told to leave the flush of its log to them. */
export function openCommits(db: DatabaseSync, path: string, { onAlone, ...options }: Omit<GroupCommitOptions, 'log' | 'checkpoints'> & Pick<CheckpointerOptions, 'onAlone'>): GroupCommit {
  db.exec('pragma synchronous = normal');
  if (path === ':memory:') return new GroupCommit(db, options);
  const allow = (pages: number): void => { db.exec(`pragma wal_autocheckpoint = ${pages}`); };
  return new GroupCommit(db, { ...options, log: new LogFlush(path), checkpoints: new Checkpointer(path, { allow, onAlone }) });
}

function closedError(): StoreError {
  return new StoreError('CLOSED', 'The journal is closed.');
}
