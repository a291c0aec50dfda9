import type { Log } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';

/** A frame, or one indicator of it. */
export interface Use {
  readonly frame: string;
  readonly study?: string;
}

export interface UsesOptions {
  readonly states: number;
  readonly lingerMs: number;
  readonly log: Log;
  /** Ends what nobody uses any more. A frame comes after its indicators. */
  readonly release: (use: Use) => void;
}

/** Counts who holds what, and ends what nobody has held or asked for in a while: the longest unused first. */
export interface Uses {
  hold(use: Use, now: EpochMs): void;
  letGo(use: Use, now: EpochMs): void;
  touch(use: Use, now: EpochMs): void;
  /** Ends what is over its time, at most once in a tenth of it, and what is too much. */
  prune(now: EpochMs): void;
}

interface Entry {
  readonly use: Use;
  holders: number;
  /** Indicators of this frame. */
  studies: number;
  usedAt: EpochMs;
}

export function createUses({ states, lingerMs, log, release }: UsesOptions): Uses {
  /** In the order of their last use. */
  const entries = new Map<string, Entry>();
  let prunedAt = -Infinity;
  let complained = false;

  const frameOf = ({ frame }: Use): Entry | undefined => entries.get(keyOf({ frame }));
  const use = (of: Use, now: EpochMs): Entry => {
    const key = keyOf(of);
    const known = entries.get(key);
    const entry = known ?? { use: of, holders: 0, studies: 0, usedAt: now };
    const frame = of.study === undefined || known !== undefined ? undefined : frameOf(of);
    if (frame !== undefined) frame.studies += 1;
    entry.usedAt = now;
    entries.delete(key);
    entries.set(key, entry);
    return entry;
  };
  const end = (entry: Entry): void => {
    entries.delete(keyOf(entry.use));
    const frame = entry.use.study === undefined ? undefined : frameOf(entry.use);
    if (frame !== undefined) frame.studies -= 1;
    release(entry.use);
  };
  const endIf = (entry: Entry | undefined, wanted: (entry: Entry) => boolean): void => {
    if (entry === undefined || entry.holders > 0 || entry.studies > 0 || !wanted(entry)) return;
    end(entry);
    if (entry.use.study !== undefined) endIf(frameOf(entry.use), wanted);
  };
  /** What may end, the longest unused first; a frame with the last of its indicators. */
  const endWhile = (wanted: (entry: Entry) => boolean): void => {
    for (const entry of entries.values()) endIf(entry, wanted);
  };

  return {
    hold(of, now) { use(of, now).holders += 1; },
    letGo(of, now) { use(of, now).holders -= 1; },
    touch(of, now) { use(of, now); },
    prune(now) {
      if (now - prunedAt >= lingerMs / 10) {
        prunedAt = now;
        endWhile(({ usedAt }) => now - usedAt >= lingerMs);
      }
      if (entries.size <= states) return;
      endWhile(({ usedAt }) => entries.size > states && usedAt < now);
      if (entries.size > states && !complained) log.warn({ states: entries.size, limit: states }, 'more indicator states are watched at once than are meant to be kept');
      complained = entries.size > states;
    },
  };
}

function keyOf({ frame, study }: Use): string {
  return study === undefined ? frame : `${frame} ${study}`;
}
