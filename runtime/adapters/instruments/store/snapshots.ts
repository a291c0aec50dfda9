import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { MasterAttempt, MasterSnapshot } from '../../../domain/instrument';
import { indiaDate } from '../../../domain/session/days';
import type { IsoDate } from '../../../domain/time';
import { SnapshotRow } from './schema';

/** With its day in India, which every instrument that is found asks for. */
export interface KnownSnapshot extends SnapshotRow {
  readonly day: IsoDate;
}

/** The table of snapshots as it stood a moment ago, read again only when somebody changed the file. */
export interface Snapshots {
  /** Counts up whenever other snapshots count than before. */
  revision(): number;
  /** By id: those that count, and those that once did. */
  known(): ReadonlyMap<number, KnownSnapshot>;
  /** The ids that count, the preferred source first. */
  current(): readonly number[];
  /** Call it after an own change, which SQLite does not tell its own connection of. */
  changed(): void;
}

const Versioned = z.object({ data_version: z.int() });

/** An answer may be `lookAgainMs` old. Every alert asks, and even the question whether the file has changed costs more than all else that a symbol needs. */
export function watchSnapshots(database: DatabaseSync, lookAgainMs: number): Snapshots {
  const version = database.prepare('pragma data_version');
  const all = database.prepare(`select * from snapshots where state in ('current', 'replaced')`);
  let seen: number | undefined;
  let lookedAt = -Infinity;
  let revision = 0;
  let known: ReadonlyMap<number, KnownSnapshot> = new Map();
  let current: readonly number[] = [];
  const look = (): void => {
    const at = performance.now();
    if (at - lookedAt < lookAgainMs) return;
    lookedAt = at;
    const now = Versioned.parse(version.get()).data_version;
    if (now === seen) return;
    seen = now;
    const rows = all.all().map((row) => SnapshotRow.parse(row));
    const next = rows.filter(({ state }) => state === 'current').sort((a, b) => a.rank - b.rank || b.id - a.id).map(({ id }) => id);
    known = new Map(rows.map((row) => [row.id, { ...row, day: indiaDate(row.as_of) }]));
    if (next.join() !== current.join()) revision += 1;
    current = next;
  };
  return {
    revision() { look(); return revision; },
    known() { look(); return known; },
    current() { look(); return current; },
    changed() { seen = undefined; lookedAt = -Infinity; },
  };
}

export function snapshotOf({ source, as_of: asOf, touched_at: finishedAt, rows, rejected, skipped }: SnapshotRow): MasterSnapshot {
  return { source, asOf, finishedAt, rows, rejected, skipped };
}

const OUTCOMES = { current: 'accepted', replaced: 'accepted', refused: 'refused', failed: 'failed', unchanged: 'unchanged', busy: 'busy', loading: 'busy' } as const;

export function attemptOf(row: SnapshotRow): MasterAttempt {
  const { source, state, touched_at: at, rows, rejected, skipped, duplicates, reason, samples } = row;
  return { source, outcome: OUTCOMES[state], at, rows, rejected, skipped, duplicates, samples, ...(reason === null ? {} : { reason }) };
}
