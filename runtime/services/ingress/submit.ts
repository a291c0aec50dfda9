import type { InboxEntry, NewReceipt, NewSignal, ReceivedSignal, Store } from '../../domain/ports';
import type { Deliveries } from './delivery';

export interface SubmitPorts {
  readonly store: Pick<Store, 'receive'>;
  readonly deliveries: Pick<Deliveries, 'reserve' | 'wake'>;
}

/**
 * Makes signals durable; new ones go to the attached flow as soon as they are committed, in the same step where it has the places, while the disk is
 * still at work: an order of theirs is on the disk only after they are. The promise waits for the disk, and so does whoever answers the sender.
 */
export async function submit({ store, deliveries }: SubmitPorts, journal: NewReceipt): Promise<readonly ReceivedSignal[]> {
  const reserved = deliveries.reserve(journal.nodeKey, journal.signals.length);
  if (reserved === undefined) return submitForClaim({ store, deliveries }, journal);
  let isHandedOver = false;
  const handOver = (received: readonly ReceivedSignal[]): void => {
    if (isHandedOver) return;
    isHandedOver = true;
    reserved.start(journal.signals.filter((_signal, index) => received[index]?.duplicate === false).map((signal) => ({ ...entryOf(journal, signal), status: 'DELIVERED', attempts: 1 })));
  };
  try {
    const received = await store.receive({ ...journal, deliverTo: reserved.deliverTo }, handOver);
    handOver(received);
    return received;
  } finally {
    handOver([]);
  }
}

/** Nobody is there for them now, or others come first. */
async function submitForClaim({ store, deliveries }: SubmitPorts, journal: NewReceipt): Promise<readonly ReceivedSignal[]> {
  const received = await store.receive(journal);
  if (received.some(({ duplicate }) => !duplicate)) deliveries.wake(journal.nodeKey);
  return received;
}

/** The entry that the journal makes of a signal. */
export function entryOf({ nodeKey, strategyId, source, receiptId, happenedAt, recordedAt }: NewReceipt, { signalId, item }: NewSignal): InboxEntry {
  return { signalId, nodeKey, strategyId, source, item, receiptId, status: 'RECEIVED', attempts: 0, happenedAt, recordedAt };
}
