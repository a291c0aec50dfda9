import type { Clock, Log, Pause, Store } from '../../domain/ports';
import { DAY_MS } from '../../domain/time';

/** How often it is looked for what is kept long enough. */
export const PRUNE_ROUND_MS = DAY_MS;
/** What happened to accounts, and what people were asked, is kept so long: more than a year of trading, for its reports. */
const KEPT_MS = 400 * DAY_MS;
/** A reader that was not seen for so long holds no event back any more: its flow is gone. */
const READER_GONE_MS = 90 * DAY_MS;
/** After each portion, so that whatever else is to be written goes first. */
const PORTION_PAUSE_MS = 100;
/** Portions of one kind in one round; what is left is for the next one. */
const MOST_PORTIONS = 10_000;

export interface PruningPorts {
  readonly store: Pick<Store, 'events' | 'approvals'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly pause: Pause;
}

/** Removes from the journal what is kept long enough. Orders, fills, signals and alerts are kept for good. */
export interface Pruning {
  /** Removes until nothing is left to remove, in short writes. Never rejects: what fails is logged and tried with the next round. One that is under way is not begun again. */
  round(): Promise<void>;
  /** Ends a round between two portions; none follows. */
  close(): Promise<void>;
}

export function createPruning({ store, clock, log, pause }: PruningPorts): Pruning {
  let underWay: Promise<void> | undefined;
  let isClosed = false;
  const closing = Promise.withResolvers<undefined>();

  async function untilNothing(what: string, portion: () => Promise<number>): Promise<void> {
    let removed = 0;
    try {
      for (let portions = 0; portions < MOST_PORTIONS && !isClosed; portions += 1) {
        const some = await portion();
        if (some === 0) break;
        removed += some;
        await Promise.race([pause(PORTION_PAUSE_MS), closing.promise]);
      }
    } catch (error) {
      log.warn({ err: error }, `${what} could not be removed; it is tried again tomorrow`);
    }
    if (removed > 0) log.info({ removed }, `${what} were removed`);
  }

  async function forgetReaders(): Promise<number> {
    const readers = await store.events.forgetReaders({ notSince: clock.now() - READER_GONE_MS });
    for (const reader of readers) log.warn({ reader }, 'a reader of events was not seen for 90 days: it is forgotten, and begins anew should it come back');
    return readers.length;
  }

  async function removeAll(): Promise<void> {
    const before = clock.now() - KEPT_MS;
    await untilNothing('readers of events that are gone', forgetReaders);
    await untilNothing('account events of more than 400 days ago', () => store.events.prune({ before }));
    await untilNothing('approvals of more than 400 days ago', () => store.approvals.prune({ before }));
  }

  return {
    round: () => (underWay ??= removeAll().finally(() => { underWay = undefined; })),
    async close() {
      isClosed = true;
      closing.resolve(undefined);
      await underWay;
    },
  };
}
