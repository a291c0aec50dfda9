import type { InboxEntry, NewReceipt, NewSignal, ReceivedSignal, Store } from '../../domain/ports';
import type { Deliveries } from './delivery';

export interface SubmitPorts {
  readonly store: Pick<Store, 'receive'>;
  readonly deliveries: Pick<Deliveries, 'reserve' | 'wake'>;
}

/** Makes signals durable; new ones go to the attached flow as soon as they are, in the same step where it has the places. */
export async function submit({ store, deliveries }: SubmitPorts, journal: NewReceipt): Promise<readonly ReceivedSignal[]> {
  const reserved = deliveries.reserve(journal.nodeKey, journal.signals.length);
  let fresh: readonly InboxEntry[] = [];
  try {
    const received = await store.receive(reserved === undefined ? journal : { ...journal, deliverTo: reserved.deliverTo });
    fresh = journal.signals.filter((_signal, index) => received[index]?.duplicate === false).map((signal) => ({ ...entryOf(journal, signal), status: 'DELIVERED', attempts: 1 }));
    if (reserved === undefined && fresh.length > 0) deliveries.wake(journal.nodeKey);
    return received;
  } finally {
    reserved?.start(fresh);
  }
}

/** The entry that the journal makes of a signal. */
export function entryOf({ nodeKey, strategyId, source, receiptId, happenedAt, recordedAt }: NewReceipt, { signalId, item }: NewSignal): InboxEntry {
  return { signalId, nodeKey, strategyId, source, item, receiptId, status: 'RECEIVED', attempts: 0, happenedAt, recordedAt };
}
