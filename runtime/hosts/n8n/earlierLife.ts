import { deny, ok, type Outcome } from '../../domain/denial';
import { SignalInfo, type Envelope } from '../../domain/envelope';
import type { EpochMs } from '../../domain/time';
import type { Runtime } from '../../runtime';

/** Signals remembered; the oldest is forgotten first. */
const MAX_SIGNALS = 1_000;

/** The time that the runtime lives in, and when n8n began the execution (`begunAt`). */
export interface Moment {
  readonly world: Pick<Runtime, 'isRecording' | 'now'>;
  readonly begunAt: EpochMs | undefined;
}

/** Which signals this process has handed to n8n, and which n8n has from an earlier life. */
export interface HandedOver {
  add(signalId: string): void;
  /**
   * Whether an execution may work on this item. n8n writes an execution down and begins it later, past the inbox: at its next start when it was killed in between, or when the executions
   * before it in n8n's own queue have ended. Such an execution orders nothing twice, but it may come at the wrong time: after its signal's `goodUntil`, or in a recording, which every start
   * plays from its beginning, before the signal's time, while the signal waits in the inbox.
   */
  check(item: Envelope, moment: Moment): Outcome<void>;
}

export function createHandedOver(): HandedOver {
  const signals = new Set<string>();
  return {
    add(signalId) {
      signals.add(signalId);
      const [oldest] = signals;
      if (signals.size > MAX_SIGNALS && oldest !== undefined) signals.delete(oldest);
    },
    check(item, { world, begunAt }) {
      const { data: signal } = SignalInfo.safeParse(item.signal);
      if (signal === undefined) return ok(undefined);
      if (!world.isRecording) return inTime(signal.goodUntil, begunAt);
      // An alert carries its sender's time, which may be any: what this process has handed over is in time.
      if (signal.at <= world.now() || signals.has(signal.id)) return ok(undefined);
      return deny('NOT_READY', 'The recording has not come to the time of this signal', {
        remedy: 'There is nothing to do: n8n was stopped before it began this execution, and began it by itself when it was started again. The signal waits in the inbox, and its flow runs when the recording comes to its time.',
      });
    },
  };
}

function inTime(goodUntil: EpochMs | undefined, begunAt: EpochMs | undefined): Outcome<void> {
  if (goodUntil === undefined || begunAt === undefined || begunAt <= goodUntil) return ok(undefined);
  return deny('STALE_SIGNAL', `The signal was good until ${new Date(goodUntil).toISOString()}, and n8n began this execution at ${new Date(begunAt).toISOString()}`, {
    limit: goodUntil, value: begunAt,
    remedy: 'Nothing was done. n8n had the execution waiting: it was stopped before it began it, or others were before it in its queue (N8N_CONCURRENCY_PRODUCTION_LIMIT).',
  });
}
