import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openSqliteJournal, type SqliteJournal } from './adapters/store';
import { systemClock } from './adapters/system/clock';
import { pinoLog } from './adapters/system/log';
import type { Clock, Log, Store } from './domain/ports';

/** The journal's file inside a state folder. */
export function databaseFile(home: string): string {
  return path.join(home, 'bellwether.db');
}

/** Opens the journal of a state folder, making the folder (readable by its owner only) where it is missing. Hosts and the CLI may have it open at the same time. */
export async function openStore(home: string, ports: StorePorts = {}): Promise<Store> {
  return (await openJournal(home, ports)).store;
}

/** The same with its file, for what keeps tables of its own there. */
export function openJournal(home: string, ports: StorePorts = {}): Promise<SqliteJournal> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return openSqliteJournal({ path: databaseFile(home), clock: ports.clock ?? systemClock, log: ports.log ?? pinoLog() });
}

interface StorePorts {
  readonly clock?: Clock;
  readonly log?: Log;
}
