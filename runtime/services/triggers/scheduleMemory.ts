import type { Ids, Store } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import { signalIdOf } from '../ingress/signalId';

/** One schedule of one node, as it is set now. */
export interface KnownSchedule {
  readonly nodeKey: string;
  readonly strategyId: string;
  readonly source: string;
  /** Changes with the parameters. */
  readonly fingerprint: string;
}

/** Knows what a schedule may have slept through. */
export interface ScheduleMemory {
  /** The last planned time that needs no more thought: planned times after it are to be handled, late ones too. `now` for a schedule that is new or was changed. */
  resume(schedule: KnownSchedule, now: EpochMs): Promise<EpochMs>;
}

/** When a schedule was set stands in the inbox under a node key of its own, which nobody attaches to. */
const SUFFIX = '#schedule';

/** Whether a row of the inbox is no signal but such a note: lists for people leave it out. */
export function isScheduleNote({ nodeKey }: { readonly nodeKey: string }): boolean {
  return nodeKey.endsWith(SUFFIX);
}

/**
 * Derives the memory from the journal: from the newest signal of the node, or from when the schedule was first set. Planned times that were
 * passed over without a signal are handled once more in the next life; that is why the key of a firing must follow from its planned time.
 */
export function journalMemory({ store, ids }: { readonly store: Pick<Store, 'signals' | 'receive' | 'finishSignal'>; readonly ids: Ids }): ScheduleMemory {
  async function set({ nodeKey, strategyId, source, fingerprint }: KnownSchedule, now: EpochMs): Promise<void> {
    const marker = nodeKey + SUFFIX;
    const dedupeKey = `${fingerprint} ${now}`;
    const signalId = signalIdOf({ nodeKey: marker, dedupeKey, windowed: false, receivedAt: now });
    const signals = [{ signalId, dedupeKey, item: { schedule: { fingerprint } } }];
    await store.receive({ receiptId: ids.next(), nodeKey: marker, strategyId, source, signals, happenedAt: now, recordedAt: now });
    await store.finishSignal({ nodeKey: marker, signalId, status: 'DONE', reason: 'The schedule was set.', happenedAt: now });
  }

  return {
    async resume(schedule, now) {
      const [mark] = await store.signals({ nodeKey: schedule.nodeKey + SUFFIX, limit: 1 });
      if (mark === undefined || fingerprintOf(mark.item) !== schedule.fingerprint) {
        await set(schedule, now);
        return now;
      }
      const [newest] = await store.signals({ nodeKey: schedule.nodeKey, limit: 1 });
      return Math.max(mark.happenedAt, newest?.happenedAt ?? mark.happenedAt);
    },
  };
}

function fingerprintOf({ schedule }: Readonly<Record<string, unknown>>): unknown {
  return typeof schedule === 'object' && schedule !== null && 'fingerprint' in schedule ? schedule.fingerprint : undefined;
}
