import { chartInkTrigger } from '../../nodes/ChartInkTrigger/definition';
import { tradingViewTrigger } from '../../nodes/TradingViewTrigger/definition';
import { countingIds, manualClock, type ManualClock } from '../../runtime/adapters/system/manual';
import { createCatalogue } from '../../runtime/domain/instrument';
import type { InboxEntry, Log } from '../../runtime/domain/ports';
import type { TriggerBinding, WebhookAnswer, WebhookRequest } from '../../runtime/runtime';
import { createIngress, type IngressPorts, type IngressService } from '../../runtime/services/ingress';
import { inboxStore, type InboxMethods } from './inboxStore';

/** A Friday in market hours: 2026-11-20 11:00 in India. */
export const NOW = Date.UTC(2026, 10, 20, 5, 30);

export const silentLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export const SECRET = 'open-sesame-1';

export function tradingView(params: Readonly<Record<string, unknown>> = {}, more: Partial<TriggerBinding> = {}): TriggerBinding {
  return { definition: tradingViewTrigger, params: tradingViewTrigger.params.parse(params), nodeKey: 'tv', strategyId: 'demo', ...more };
}

export function chartInk(params: Readonly<Record<string, unknown>> = {}, more: Partial<TriggerBinding> = {}): TriggerBinding {
  return { definition: chartInkTrigger, params: chartInkTrigger.params.parse(params), nodeKey: 'ci', strategyId: 'demo', ...more };
}

export type Sent = string | Uint8Array | object;

export interface IngressWorld {
  readonly ingress: IngressService;
  readonly clock: ManualClock;
  /** Posts a body as its bytes; an object as JSON. */
  readonly post: (binding: TriggerBinding, body: Sent, more?: Partial<WebhookRequest>, handOver?: 'attached' | 'caller') => Promise<WebhookAnswer>;
}

/** An ingress over a store; the clock stands still and waits are over at once unless the test says otherwise. */
export function ingressWorld(options: { readonly store?: InboxMethods; readonly clock?: ManualClock; readonly prefix?: string } & Partial<Omit<IngressPorts, 'store' | 'clock'>> = {}): IngressWorld {
  const { clock = manualClock(NOW), prefix = 'r', store = inboxStore(clock), ...ports } = options;
  const ids = countingIds(prefix);
  const own = ids.next();
  const ingress = createIngress({ store, clock, ids, owners: { own, isAlive: (owner) => owner === own }, log: silentLog, pause: () => Promise.resolve(), instruments: createCatalogue(), ...ports });
  return {
    ingress, clock,
    post: (binding, body, more = {}, handOver = 'attached') => ingress.receive(binding, { raw: bytesOf(body), headers: {}, remoteAddress: '52.89.214.238', receivedAt: clock.now(), ...more }, handOver),
  };
}

/** The same over an inbox in memory that shows how far its entries got. */
export function inboxWorld(options: Omit<Parameters<typeof ingressWorld>[0] & object, 'store' | 'clock'> = {}): IngressWorld & { readonly store: ReturnType<typeof inboxStore>; readonly statuses: () => readonly string[] } {
  const clock = manualClock(NOW);
  const store = inboxStore(clock);
  return { store, ...ingressWorld({ store, clock, ...options }), statuses: () => store.rows.map(({ entry }) => entry.status) };
}

/** A small alert with an id of its own. */
export const alert = (id: string): object => ({ id, symbol: 'SBIN', action: 'BUY', quantity: 1 });

export function bytesOf(body: Sent): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** What a refusal says. */
export function errorOf({ body }: WebhookAnswer): Readonly<Record<string, unknown>> {
  const error = body['error'];
  return typeof error === 'object' && error !== null ? { ...error } : {};
}

/** A deliverer that keeps what it gets and ends when the test says so; `until` waits for the n-th delivery. */
export function recorder(): { readonly deliver: (entry: InboxEntry) => Promise<void>; readonly seen: InboxEntry[]; readonly until: (count: number) => Promise<void> } {
  const seen: InboxEntry[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  return {
    seen,
    deliver: (entry) => {
      seen.push(entry);
      for (const { count, resolve } of waiting) if (seen.length >= count) resolve();
      waiting = waiting.filter(({ count }) => seen.length < count);
      return Promise.resolve();
    },
    until: (count) => (seen.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve }))),
  };
}
