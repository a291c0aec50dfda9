import { alertKey } from '../../domain/alertKey';
import { digest } from '../../domain/intentKey';
import type { Origin } from '../../domain/order';
import type { AlertChannel, AlertRecord, Clock, Log, Notifier, Pause, Store } from '../../domain/ports';
import { MINUTE_MS, SECOND_MS } from '../../domain/time';
import { createRateWindow, type RateWindow } from './rateWindow';

export interface AlertPorts {
  readonly store: Store;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly log: Log;
  readonly pause: Pause;
}

export interface AlertRequest {
  readonly severity: AlertRecord['severity'];
  readonly message: string;
  readonly channels: readonly AlertChannel[];
  /** Sent under the message and written down nowhere: whoever has it may act. */
  readonly link?: string;
}

/** Alerts that may wait for a channel at one time; more are recorded as FAILED, trading goes on. */
export const MAX_QUEUED = 1_000;
/** Per channel and minute; more are recorded as SUPPRESSED. */
export const MAX_PER_MINUTE = 20;
const MAX_ATTEMPTS = 3;
const MAX_RETRY_WAIT_MS = 30 * SECOND_MS;
/** No channel is tried for this long: an older alert without an end has nobody who sends it. */
export const ABANDONED_AFTER_MS = 5 * MINUTE_MS;
/** Newest alerts looked through for those that nobody sends any more. */
const MAX_LOOKED_AT = 1_000;

/** Records first, answers at once, sends afterwards: a slow or failing channel never stops a flow. */
export interface Alerts {
  raise(origin: Origin, request: AlertRequest): Promise<{ readonly key: string; readonly status: AlertRecord['status']; readonly duplicate: boolean }>;
  /** Ends alerts whose runtime was gone before it had sent them. Where they go is known to their flow alone, so they are FAILED, for people to see. */
  endAbandoned(): Promise<void>;
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>;
}

export function createAlerts(ports: AlertPorts): Alerts {
  const running = new Map<string, Promise<void>>();
  const windows = new Map<string, RateWindow>();

  function windowOf(channel: AlertChannel): RateWindow {
    const id = digest([channel.kind, 'url' in channel ? channel.url : `${channel.botToken}:${channel.chatId}`]);
    const known = windows.get(id) ?? createRateWindow({ limit: MAX_PER_MINUTE, windowMs: MINUTE_MS });
    windows.set(id, known);
    return known;
  }

  async function dispatch(alert: SentAlert, channels: readonly AlertChannel[]): Promise<void> {
    const deliveries = await Promise.all(channels.map((channel) => deliver(ports, windowOf(channel), channel, alert)));
    const missed = deliveries.filter((delivery) => delivery.status !== 'SENT');
    const status = missed[0] === undefined ? 'SENT' : missed.some((delivery) => delivery.status === 'FAILED') ? 'FAILED' : 'SUPPRESSED';
    const reason = missed[0] === undefined ? {} : { reason: missed.map((delivery) => delivery.reason).join('; ') };
    await ports.store.finishAlert({ key: alert.key, status, ...reason, happenedAt: ports.clock.now() });
  }

  function start(alert: SentAlert, channels: readonly AlertChannel[]): void {
    const job = dispatch(alert, channels)
      .catch((error: unknown) => ports.log.error({ key: alert.key, error: String(error) }, 'an alert could not be finished'))
      .finally(() => running.delete(alert.key));
    running.set(alert.key, job);
  }

  return {
    async raise(origin, { severity, message, channels, link }) {
      const { signalId, strategyId, nodeKey } = origin;
      const key = alertKey(origin, message);
      const { alert, duplicate } = await ports.store.recordAlert({ key, strategyId, nodeKey, signalId, severity, message, channels: channels.map((channel) => channel.kind), happenedAt: ports.clock.now() });
      if (alert.status !== 'PENDING' || running.has(key)) return { key, status: alert.status, duplicate };
      if (running.size >= MAX_QUEUED) {
        await ports.store.finishAlert({ key, status: 'FAILED', reason: 'Too many alerts are waiting for their channels.', happenedAt: ports.clock.now() });
        return { key, status: 'FAILED', duplicate };
      }
      start(link === undefined ? alert : { ...alert, link }, channels);
      return { key, status: 'PENDING', duplicate };
    },
    async endAbandoned() {
      const now = ports.clock.now();
      const pending = (await ports.store.alerts({ limit: MAX_LOOKED_AT })).filter(({ key, status }) => status === 'PENDING' && !running.has(key));
      for (const { key, recordedAt, message } of pending) {
        if (now - recordedAt < ABANDONED_AFTER_MS) continue;
        ports.log.error({ key, message }, 'an alert was never sent: its process ended first');
        await ports.store.finishAlert({ key, status: 'FAILED', reason: 'The process ended before it was sent.', happenedAt: now });
      }
    },
    async idle() {
      await Promise.all(running.values());
    },
  };
}

type SentAlert = AlertRecord & Pick<AlertRequest, 'link'>;

/** How one channel took an alert. */
type Delivery = { readonly status: 'SENT' } | { readonly status: 'SUPPRESSED' | 'FAILED'; readonly reason: string };

type SendResult = Awaited<ReturnType<Notifier['send']>>;

/** Sends to one channel, a bounded number of times. */
async function deliver({ notifier, clock, pause }: AlertPorts, window: RateWindow, channel: AlertChannel, alert: SentAlert): Promise<Delivery> {
  if (!window.take(clock.now())) return { status: 'SUPPRESSED', reason: `${channel.kind}: more than ${MAX_PER_MINUTE} alerts a minute` };
  let reason = '';
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const result: SendResult = await notifier.send(channel, alert).catch((error: unknown) => ({ ok: false, reason: String(error) }));
    if (result.ok) return { status: 'SENT' };
    reason = result.reason;
    if (attempt < MAX_ATTEMPTS) await pause(Math.min(result.retryAfterMs ?? attempt * SECOND_MS, MAX_RETRY_WAIT_MS));
  }
  return { status: 'FAILED', reason: `${channel.kind}: ${reason}` };
}
