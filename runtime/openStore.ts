import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openSqliteStore } from './adapters/store';
import { systemClock } from './adapters/system/clock';
import { pinoLog } from './adapters/system/log';
import type { Clock, Log, Store } from './domain/ports';

/** The journal's file inside a state folder. */
export function databaseFile(home: string): string {
  return path.join(home, 'bellwether.db');
}

/** Opens the journal of a state folder, making the folder (readable by its owner only) where it is missing. Hosts and the CLI may have it open at the same time. */
export async function openStore(home: string, ports: { readonly clock?: Clock; readonly log?: Log } = {}): Promise<Store> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return openSqliteStore({ path: databaseFile(home), clock: ports.clock ?? systemClock, log: ports.log ?? pinoLog() });
}
