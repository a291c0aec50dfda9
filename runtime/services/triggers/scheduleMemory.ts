import type { Ids, Store } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import { signalIdOf } from '../ingress/signalId';

/** One schedule of one node, or its watch of candles, as it is set now. */
export interface KnownSchedule {
  readonly kind: keyof typeof SUFFIX;
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
  /** When it was set as it is now; `now` for one that is new or was changed. */
  setAt(schedule: KnownSchedule, now: EpochMs): Promise<EpochMs>;
}

/** When a schedule, or a watch of candles, was set stands in the inbox under a node key of its own, which nobody attaches to. */
const SUFFIX = { schedule: '#schedule', watch: '#watch' } as const;

/** Whether a row of the inbox is no signal but such a note: lists for people leave it out. */
export function isScheduleNote({ nodeKey }: { readonly nodeKey: string }): boolean {
  return Object.values(SUFFIX).some((suffix) => nodeKey.endsWith(suffix));
}

/**
 * Derives the memory from the journal: from the newest signal of the node, or from when the schedule was first set. Planned times that were
 * passed over without a signal are handled once more in the next life; that is why the key of a firing must follow from its planned time.
 */
export function journalMemory({ store, ids }: { readonly store: Pick<Store, 'signals' | 'receive' | 'finishSignal'>; readonly ids: Ids }): ScheduleMemory {
  async function set({ kind, nodeKey, strategyId, source, fingerprint }: KnownSchedule, now: EpochMs): Promise<void> {
    const marker = nodeKey + SUFFIX[kind];
    const dedupeKey = `${fingerprint} ${now}`;
    const signalId = signalIdOf({ nodeKey: marker, dedupeKey, windowed: false, receivedAt: now });
    const signals = [{ signalId, dedupeKey, item: { schedule: { fingerprint } } }];
    await store.receive({ receiptId: ids.next(), nodeKey: marker, strategyId, source, signals, happenedAt: now, recordedAt: now });
    await store.finishSignal({ nodeKey: marker, signalId, status: 'DONE', reason: 'The schedule was set.', happenedAt: now });
  }

  /** Undefined where it is new. */
  async function markOf(schedule: KnownSchedule, now: EpochMs): Promise<EpochMs | undefined> {
    const [mark] = await store.signals({ nodeKey: schedule.nodeKey + SUFFIX[schedule.kind], limit: 1 });
    if (mark !== undefined && fingerprintOf(mark.item) === schedule.fingerprint) return mark.happenedAt;
    await set(schedule, now);
    return undefined;
  }

  return {
    async resume(schedule, now) {
      const mark = await markOf(schedule, now);
      if (mark === undefined) return now;
      const [newest] = await store.signals({ nodeKey: schedule.nodeKey, limit: 1 });
      return Math.max(mark, newest?.happenedAt ?? mark);
    },
    setAt: async (schedule, now) => await markOf(schedule, now) ?? now,
  };
}

function fingerprintOf({ schedule }: Readonly<Record<string, unknown>>): unknown {
  return typeof schedule === 'object' && schedule !== null && 'fingerprint' in schedule ? schedule.fingerprint : undefined;
}
