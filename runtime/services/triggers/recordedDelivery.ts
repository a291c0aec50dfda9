import type { Clock, InboxEntry } from '../../domain/ports';
import type { AtTime } from './recordedSchedule';
import type { Stop } from './stop';

export interface RecordedDeliveryPorts {
  readonly clock: Clock;
  /** Undefined where time passes by itself. */
  readonly atTime?: AtTime;
  readonly stop: Stop;
}

/**
 * Hands over what an earlier life left in the inbox. A recording plays from its beginning again after a restart: then a signal of later on waits until
 * the recording comes to where it was said, so that its flow meets the prices, locks and limits of that time, and the recording goes on when the flow
 * has ended. Everything else is handed over at once. Rejects when it is stopped while it waits; the inbox keeps the signal.
 */
export async function atItsTime({ clock, atTime, stop }: RecordedDeliveryPorts, { happenedAt }: Pick<InboxEntry, 'happenedAt'>, handOver: () => Promise<void>): Promise<void> {
  if (atTime === undefined || happenedAt <= clock.now()) return handOver();
  const ended = Promise.withResolvers<undefined>();
  const reached = Promise.withResolvers<undefined>();
  const cancel = atTime(happenedAt, async () => {
    reached.resolve(undefined);
    await ended.promise;
  });
  try {
    await stop.orAfter(reached.promise);
    if (stop.isStopped) throw new Error('The trigger was stopped before the recording came to this signal.');
    await handOver();
  } finally {
    cancel();
    ended.resolve(undefined);
  }
}
