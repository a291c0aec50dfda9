import { freshnessOf, freshSince, type MasterAttempt, type MasterBook, type MasterDraft, type MasterSource } from '../../domain/instrument';
import type { Clock, Log } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';

export interface KeeperPorts {
  readonly book: MasterBook;
  /** The preferred first. Where two list the same instrument, the preferred one's facts count. */
  readonly sources: readonly MasterSource[];
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps the masters up to date. */
export interface MasterKeeper {
  /** Refreshes what is not of the newest trading day, at most every 10 minutes a source. Call it often; never rejects, never runs twice at once. */
  look(): Promise<void>;
  /** Refreshes now. `force` also accepts a master that shrank, and reads again what has not changed. */
  refresh(options?: { readonly force?: boolean }): Promise<readonly MasterAttempt[]>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** A master with fewer than this share of the earlier one's rows is taken for a broken one. */
export const LEAST_SHARE = 0.5;
/** One of whose lines more than this share can not be read is taken for another file. */
const MOST_REJECTED_SHARE = 0.5;
const RETRY_MS = 600_000;

const NOTHING = { rows: 0, rejected: 0, skipped: 0, duplicates: 0, samples: [] };

export function createMasterKeeper({ book, sources, clock, log }: KeeperPorts): MasterKeeper {
  const triedAt = new Map<string, EpochMs>();
  let running: Promise<unknown> = Promise.resolve();
  let warnedFor: EpochMs | undefined;
  /** One after another: two downloads at once would only wait for each other's writes. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = running.then(work);
    running = next.catch(() => undefined);
    return next;
  };
  const refreshOne = async (source: MasterSource, force: boolean): Promise<MasterAttempt> => {
    triedAt.set(source.name, clock.now());
    const attempt = await attemptOf({ book, clock, rank: sources.indexOf(source), source, force });
    tell(log, attempt);
    return attempt;
  };
  const refreshAll = async (due: readonly MasterSource[], force: boolean): Promise<readonly MasterAttempt[]> => {
    const attempts: MasterAttempt[] = [];
    for (const source of due) attempts.push(await refreshOne(source, force));
    return attempts;
  };
  const warnOnce = (): void => {
    const now = clock.now();
    const freshness = freshnessOf(book.snapshots(), now);
    if (freshness.state !== 'stale' || warnedFor === freshSince(now)) return;
    warnedFor = freshSince(now);
    log.warn({ source: freshness.source, day: freshness.day, ageDays: freshness.ageDays },
      `The instrument master from ${freshness.source} is of ${freshness.day} and stays in use: new contracts may be missing and changed lots unknown until it can be refreshed.`);
  };
  return {
    async look() {
      const now = clock.now();
      const due = sources.filter((source) => isDue(book, source, now) && now - (triedAt.get(source.name) ?? -Infinity) >= RETRY_MS);
      if (due.length === 0) return;
      for (const { name } of due) triedAt.set(name, now);
      await inTurn(() => refreshAll(due, false)).catch((error: unknown) => log.error({ err: error }, 'the instrument masters could not be refreshed'));
      warnOnce();
    },
    refresh: ({ force = false } = {}) => inTurn(() => refreshAll(sources, force)),
    idle: async () => { await running; },
  };
}

function isDue(book: MasterBook, { name }: MasterSource, now: EpochMs): boolean {
  const known = book.snapshots().find(({ source }) => source === name);
  return known === undefined || known.asOf < freshSince(now);
}

interface Try {
  readonly book: MasterBook;
  readonly clock: Clock;
  readonly rank: number;
  readonly source: MasterSource;
  readonly force: boolean;
}

/** One try at one source. A source or list that fails is an outcome; a store that fails is an exception. */
async function attemptOf({ book, clock, rank, source, force }: Try): Promise<MasterAttempt> {
  const known = book.snapshots().find((one) => one.source === source.name);
  let draft: MasterDraft | undefined;
  const ended = (outcome: MasterAttempt['outcome'], reason?: string): MasterAttempt =>
    ({ source: source.name, outcome, at: clock.now(), ...NOTHING, ...draft?.counts, ...(reason === undefined ? {} : { reason }) });
  try {
    const download = await source.fetch(force ? undefined : known?.finishedAt);
    if (download === undefined) return ended('unchanged');
    draft = await book.begin({ source: source.name, rank, asOf: download.asOf, at: clock.now() });
    if (draft === undefined) return ended('busy', 'another process reads it now');
    for await (const batch of download.batches) await draft.add(batch);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const attempt = ended('failed', reason);
    await (draft === undefined ? book.note(attempt) : draft.abandon({ outcome: 'failed', reason, at: clock.now() }));
    return attempt;
  }
  const reason = whyRefused(draft, known?.rows, force);
  if (reason === undefined) await draft.commit(clock.now());
  else await draft.abandon({ outcome: 'refused', reason, at: clock.now() });
  return ended(reason === undefined ? 'accepted' : 'refused', reason);
}

function whyRefused({ counts: { rows, rejected } }: MasterDraft, before: number | undefined, force: boolean): string | undefined {
  if (rows === 0) return 'it lists no instrument';
  if (rejected > (rows + rejected) * MOST_REJECTED_SHARE) return `${rejected} of ${rows + rejected} lines could not be read`;
  if (!force && before !== undefined && rows < before * LEAST_SHARE) return `it lists ${rows} instruments where the one before listed ${before}`;
  return undefined;
}

function tell(log: Log, { source, outcome, rows, rejected, skipped, duplicates, reason, samples }: MasterAttempt): void {
  const fields = { source, rows, rejected, skipped, duplicates };
  if (outcome === 'accepted') log.info({ ...fields, samples }, `The instrument master from ${source} lists ${rows} instruments.`);
  if (outcome === 'refused' || outcome === 'failed') log.warn({ ...fields, samples, reason }, `The instrument master from ${source} was not taken: ${reason ?? outcome}. The earlier one stays in use.`);
}
