import { chainedId } from '../../domain/eventChain';
import type { Clock, Ids, InboxEntry, Log, NewReceipt, Pause, ReceivedSignal, Store } from '../../domain/ports';
import type { Envelope } from '../../domain/envelope';
import type { Firing } from '../../domain/trigger';
import type { EpochMs } from '../../domain/time';
import type { HandedSignal, SourceBinding } from '../../runtime';
import { MAX_ATTEMPTS } from '../ingress/delivery';
import { signalIdOf } from '../ingress/signalId';
import { JOURNAL_AGAIN_MS, LOOK_ELSEWHERE_MS, LOOKED_THROUGH } from './limits';
import { atItsTime } from './recordedDelivery';
import type { AtTime } from './recordedSchedule';
import { createStop } from './stop';

export type FiringEnd = 'done' | 'duplicate' | 'expired' | 'failed';

export interface FiringPorts {
  readonly store: Pick<Store, 'signals' | 'finishSignal'>;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly ids: Ids;
  readonly log: Log;
  /** Makes new signals durable and sees to it that they are delivered soon. */
  readonly journal: (receipt: NewReceipt) => Promise<readonly ReceivedSignal[]>;
  /** In a recording: what an earlier life left is handed over in its time. */
  readonly atTime?: AtTime;
}

/** The firings of one trigger that must not be lost. */
export interface Firings {
  /** Durable first; resolves when its flow has ended. Never rejects. */
  emit(firing: Firing): Promise<FiringEnd>;
  /** What the inbox hands over is checked for its age and followed to its end. */
  deliver(entry: InboxEntry): Promise<void>;
  /** What waits for its time is given back to the inbox; called as the delivery is about to be detached. */
  leave(): void;
  /** Nobody waits any longer. */
  close(): void;
}

interface Pending {
  readonly end: (end: FiringEnd) => void;
  /** Being written; in the journal, for any process to take; given to this one. */
  stage: 'new' | 'journalled' | 'here';
  attempts: number;
}

export function createFirings(ports: FiringPorts, binding: SourceBinding, handOver: (signal: HandedSignal) => Promise<void>): Firings {
  const { store, clock, pause, log, journal } = ports;
  const { nodeKey } = binding;
  const pending = new Map<string, Pending>();
  const stop = createStop();
  let isClosed = false;
  let isLooking = false;

  function settle(signalId: string, end: FiringEnd): void {
    pending.get(signalId)?.end(end);
    pending.delete(signalId);
  }

  async function make(firing: Firing): Promise<FiringEnd> {
    const receipt = receiptOf(ports, binding, firing);
    const [signal] = receipt.signals;
    if (signal === undefined || isClosed) return 'failed';
    const { signalId } = signal;
    if (pending.has(signalId)) return 'duplicate';
    const ended = Promise.withResolvers<FiringEnd>();
    const waiting: Pending = { end: ended.resolve, stage: 'new', attempts: 0 };
    pending.set(signalId, waiting);
    try {
      const [received] = await journalled(receipt);
      if (received?.duplicate === true) settle(signalId, 'duplicate');
      else if (waiting.stage === 'new') waiting.stage = 'journalled';
    } catch (error) {
      log.error({ err: error, nodeKey, key: firing.key }, 'What a trigger said could not be journalled; its flow does not run.');
      settle(signalId, 'failed');
    }
    void lookElsewhere();
    return ended.promise;
  }

  /** A journal that fails for a moment is asked again: the same receipt twice is one signal. */
  async function journalled(receipt: NewReceipt): Promise<readonly ReceivedSignal[]> {
    for (const waitMs of JOURNAL_AGAIN_MS) {
      try {
        return await journal(receipt);
      } catch (error) {
        log.warn({ err: error, nodeKey }, 'What a trigger said could not be journalled; it is tried again.');
        await stop.orAfter(pause(waitMs));
        if (stop.isStopped) throw error;
      }
    }
    return journal(receipt);
  }

  const takenElsewhere = (): readonly string[] => [...pending].flatMap(([signalId, { stage }]) => (stage === 'journalled' ? [signalId] : []));

  /** Another process may take a signal; then only the journal knows of its end. One look at a time, for as long as there is something to look for. */
  async function lookElsewhere(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      while (!isClosed && takenElsewhere().length > 0) {
        const before = clock.now();
        await pause(LOOK_ELSEWHERE_MS);
        // Where time stands still there is nothing to wait for.
        if (clock.now() === before) return;
        await settleElsewhere().catch((error: unknown) => log.error({ err: error, nodeKey }, 'It could not be read how signals ended that another process took.'));
      }
    } finally {
      isLooking = false;
    }
  }

  async function settleElsewhere(): Promise<void> {
    const elsewhere = takenElsewhere();
    if (elsewhere.length === 0) return;
    const known = new Map((await store.signals({ nodeKey, limit: LOOKED_THROUGH })).map((entry) => [entry.signalId, entry.status]));
    for (const signalId of elsewhere) {
      const status = known.get(signalId);
      if (status === 'DONE') settle(signalId, 'done');
      else if (status === 'FAILED' || status === undefined) settle(signalId, 'failed');
    }
  }

  function deliver(entry: InboxEntry): Promise<void> {
    return pending.has(entry.signalId) ? follow(entry) : atItsTime({ ...ports, stop }, entry, () => follow(entry));
  }

  async function follow(entry: InboxEntry): Promise<void> {
    const { signalId } = entry;
    const waiting = pending.get(signalId);
    if (waiting !== undefined) waiting.stage = 'here';
    const goodUntil = goodUntilOf(entry.item);
    if (goodUntil !== undefined && clock.now() > goodUntil) return expire(entry, goodUntil);
    try {
      await handOver(entry);
      settle(signalId, 'done');
    } catch (error) {
      if (waiting !== undefined && (waiting.attempts += 1) >= MAX_ATTEMPTS) settle(signalId, 'failed');
      throw error;
    }
  }

  /** It stays in the journal with the reason; the delivery's own end comes after it and changes nothing. */
  async function expire({ signalId }: InboxEntry, goodUntil: EpochMs): Promise<void> {
    const now = clock.now();
    log.warn({ nodeKey, signalId, goodUntil, now }, 'A signal was too old when its flow could take it; it is journalled and not handed over.');
    await store.finishSignal({ nodeKey, signalId, status: 'DONE', reason: `Expired: it was good until ${new Date(goodUntil).toISOString()} and could be handed over at ${new Date(now).toISOString()}.`, happenedAt: now });
    settle(signalId, 'expired');
  }

  return {
    emit: make,
    deliver,
    leave: () => stop.stop(),
    close() {
      isClosed = true;
      for (const signalId of [...pending.keys()]) settle(signalId, 'failed');
    },
  };
}

/** The signal of a firing: its id follows from the node and the firing's key, so that every process and life gives it the same one. */
export function signalOf({ definition, nodeKey }: Pick<SourceBinding, 'definition' | 'nodeKey'>, { key, happenedAt, item, goodForMs, chain = 0 }: Firing): HandedSignal & { readonly item: Envelope } {
  const signalId = chainedId(signalIdOf({ nodeKey, dedupeKey: key, windowed: false, receivedAt: happenedAt }), chain);
  const goodUntil = goodForMs === undefined ? {} : { goodUntil: happenedAt + goodForMs };
  return { signalId, source: definition.type, item: { ...item, signal: { source: definition.type, at: happenedAt, ...item.signal, ...goodUntil, id: signalId } } };
}

export function receiptOf({ ids, clock }: Pick<FiringPorts, 'ids' | 'clock'>, binding: SourceBinding, firing: Firing): NewReceipt {
  const { nodeKey, strategyId } = binding;
  const { signalId, source, item } = signalOf(binding, firing);
  return { receiptId: ids.next(), nodeKey, strategyId, source, signals: [{ signalId, dedupeKey: firing.key, item }], happenedAt: firing.happenedAt, recordedAt: clock.now() };
}

function goodUntilOf({ signal }: Readonly<Record<string, unknown>>): EpochMs | undefined {
  if (typeof signal !== 'object' || signal === null || !('goodUntil' in signal)) return undefined;
  return typeof signal.goodUntil === 'number' ? signal.goodUntil : undefined;
}
