import { closeSync, fdatasync, openSync } from 'node:fs';

/**
 * Flushes a database's write-ahead log in the thread pool, so that the event loop does not stand still meanwhile. With SQLite's
 * `synchronous=NORMAL` the commit itself leaves this flush out, and nothing else (https://sqlite.org/pragma.html#pragma_synchronous);
 * flushing the log after COMMIT is what FULL does (https://sqlite.org/wal.html).
 * The log keeps its file as long as a connection to the database is open.
 */
export class LogFlush {
  readonly #handle: number;

  /** The log must be there: SQLite makes it with the first read of a database in write-ahead mode. */
  constructor(databasePath: string) {
    this.#handle = openSync(`${databasePath}-wal`, 'r+');
  }

  /** Brings everything that was committed before the call onto the disk. Rejects when nobody can say whether it is there. */
  flush(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      fdatasync(this.#handle, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  /** When no flush is under way. */
  close(): void {
    closeSync(this.#handle);
  }
}
