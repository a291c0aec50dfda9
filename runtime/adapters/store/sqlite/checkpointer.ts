import { Worker } from 'node:worker_threads';

/** The thread is asked after so many commits: some five hundred pages. */
const EVERY_COMMITS = 64;
/**
 * A log that is copied as a whole between two commits is begun anew. Under load it never is: then a commit copies the rest when the log has this
 * many pages. Long enough that no more than a few alerts in a thousand meet it.
 */
const LONG_LOG = 32_000;
/** What SQLite does where there is no thread. */
const LONG_LOG_ALONE = 1_000;

/** Runs in the thread. It has no file of its own, so that it is found wherever the product is bundled into. It never waits and never stops a writer (PASSIVE). */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(workerData);
const checkpoint = db.prepare('pragma wal_checkpoint(passive)');
parentPort.on('message', () => { checkpoint.get(); parentPort.postMessage('done'); });
`;

export interface CheckpointerOptions {
  /** Tells the database how long its log may be before a commit copies it back, in pages. */
  readonly allow: (pages: number) => void;
  /** Told once why there is no thread (any more). */
  readonly onAlone: (reason: unknown) => void;
}

/**
 * Keeps a database's write-ahead log short. Copying it back into the database flushes both files, several milliseconds. Left to SQLite, the commit
 * that makes the log long enough does it (https://sqlite.org/wal.html#ckpt), and the event loop stands still meanwhile; here a thread does it.
 * Without one (a Node that may not start any), commits do it as SQLite has them.
 */
export class Checkpointer {
  readonly #path: string;
  readonly #options: CheckpointerOptions;
  #thread: Worker | undefined;
  #isAlone = false;
  #isBusy = false;
  #commits = 0;

  constructor(path: string, options: CheckpointerOptions) {
    this.#path = path;
    this.#options = options;
    options.allow(LONG_LOG);
  }

  /** After every commit of ours. */
  committed(): void {
    this.#commits += 1;
    if (this.#commits < EVERY_COMMITS || this.#isBusy || this.#isAlone) return;
    this.#commits = 0;
    this.#isBusy = true;
    try {
      this.#thread ??= this.#start();
      this.#thread.postMessage('checkpoint');
    } catch (error) {
      this.#goOnAlone(error);
    }
  }

  /** Ends the thread; the log is copied back by whoever closes the database last. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#isAlone = true;
    await thread?.terminate();
  }

  /** Not before there is something to do: most commands of a person end long before. */
  #start(): Worker {
    const thread = new Worker(THREAD, { eval: true, workerData: this.#path, name: 'bellwether-checkpoints' });
    thread.unref();
    thread.on('message', () => { this.#isBusy = false; });
    thread.on('error', (error) => { this.#goOnAlone(error); });
    return thread;
  }

  #goOnAlone(reason: unknown): void {
    if (this.#isAlone) return;
    this.#isAlone = true;
    this.#thread = undefined;
    this.#options.allow(LONG_LOG_ALONE);
    this.#options.onAlone(reason);
  }
}
