import { closeSync, fdatasync, openSync } from 'node:fs';

/**
 * Flushes a database's write-ahead log in the thread pool, so that the event loop does not stand still meanwhile. With SQLite's
 * `synchronous=NORMAL` the commit itself leaves this flush out, and nothing else (https://sqlite.org/pragma.html#pragma_synchronous);
 * flushing the log after COMMIT is what FULL does (https://sqlite.org/wal.html).
 * Calls that come while a flush runs share the next one. The log keeps its file as long as a connection to the database is open.
 */
export class LogFlush {
  readonly #handle: number;
  #waiting: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];
  #running = false;

  /** The log must be there: SQLite makes it with the first read of a database in write-ahead mode. */
  constructor(databasePath: string) {
    this.#handle = openSync(`${databasePath}-wal`, 'r+');
  }

  /** Brings everything that was committed before the call onto the disk. Rejects when nobody can say whether it is there. */
  flush(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (!this.#running) this.#run();
    });
  }

  /** When no flush is under way or waiting. */
  close(): void {
    closeSync(this.#handle);
  }

  #run(): void {
    const served = this.#waiting;
    this.#waiting = [];
    this.#running = true;
    fdatasync(this.#handle, (error) => {
      this.#running = false;
      // Whoever waits was committed while this flush ran, so that it may have missed them.
      if (this.#waiting.length > 0) this.#run();
      for (const { resolve, reject } of served) {
        if (error === null) resolve();
        else reject(error);
      }
    });
  }
}
