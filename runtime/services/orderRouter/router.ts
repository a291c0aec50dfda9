import type { AccountConfig } from '../../domain/account';
import { deny, type Denial } from '../../domain/denial';
import { intentKey, orderIdOf } from '../../domain/intentKey';
import type { IntentDraft, Order, Origin } from '../../domain/order';
import type { AdmissionRequest, Broker, BrokerUpdate, Clock, Log, MarketData, PlaceOutcome, Sessions, Store } from '../../domain/ports';
import { tighten } from '../../domain/risk';
import type { OrderRequest, PlaceResult, Verdict } from '../../domain/nodeContext';
import { decideAdmission, locksOf } from '../riskGate/decide';
import type { GateInput } from '../riskGate/facts';
import { newestQuote } from '../marketData/newestQuote';
import { orderView } from './views';

/** One account as the router needs it. */
export interface RoutedAccount {
  readonly config: AccountConfig;
  readonly broker: Broker;
  readonly sessions: Sessions;
}

export interface RouterPorts {
  readonly store: Store;
  readonly market: MarketData;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The only way to a broker: gate and reserve in one transaction, durable before sent, at most one send per intent.
 * A crash before the admission: nothing happened. After it: the order stands as SUBMITTING and is resumed by looking (`resumeOrders`).
 * After the send: the broker knows our order id, so the outcome is found, never repeated.
 */
export interface OrderRouter {
  place(account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<PlaceResult>;
  /** What the gate would say now: a refusal is journalled, an approval reserves nothing. */
  assess(account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<Verdict>;
  /** Cancels every open order of the account, or of one strategy on it; tells which could not be. */
  cancelAll(account: RoutedAccount, strategyId?: string): Promise<{ readonly cancelled: number; readonly failed: readonly string[] }>;
}

export function createOrderRouter(ports: RouterPorts): OrderRouter {
  return {
    place: (account, origin, request) => place(ports, account, origin, request),
    assess: (account, origin, request) => assess(ports, account, origin, request),
    cancelAll: (account, strategyId) => cancelAll(ports, account, strategyId),
  };
}

async function place(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<PlaceResult> {
  const draft = draftOf(origin, request);
  const input = await gateInput(ports, account, draft, request);
  const key = intentKey(draft);
  const admitted = await ports.store.admit({ key, orderId: orderIdOf(key), ...admissionScope(account, draft, input.now), ...(request.fence === undefined ? {} : { fence: request.fence }) }, (state) => decideAdmission(input, state));
  const { intent, order, duplicate } = admitted;
  if (intent.status === 'SATISFIED') return { kind: 'satisfied', intentKey: key };
  if (order === undefined) return { kind: 'refused', denial: intent.denial ?? unexplained(key) };
  return resultOf(duplicate ? order : await send(ports, account, order), duplicate);
}

/** Sends an order that this call has just journalled; whatever the broker does, the outcome is journalled too. */
export async function send(ports: RouterPorts, account: RoutedAccount, order: Order): Promise<Order> {
  const outcome = await account.broker.place(order).catch((error: unknown): PlaceOutcome => ({ kind: 'unknown', reason: error instanceof Error ? error.message : String(error) }));
  if (outcome.kind === 'unknown') ports.log.error({ orderId: order.id, reason: outcome.reason }, 'the outcome of an order is unknown');
  const brokerOrderId = outcome.kind === 'accepted' ? { brokerOrderId: outcome.brokerOrderId } : {};
  return ports.store.applyUpdates({ orderId: order.id, ...brokerOrderId, updates: updatesOf(order, outcome, ports.clock.now()), tradingDay: account.sessions.tradingDay(ports.clock.now()) });
}

function updatesOf(order: Order, outcome: PlaceOutcome, now: number): readonly BrokerUpdate[] {
  switch (outcome.kind) {
    case 'accepted': return [{ kind: 'status', orderId: order.id, status: 'ACCEPTED', happenedAt: now }, ...outcome.updates];
    case 'rejected': return [{ kind: 'status', orderId: order.id, status: 'REJECTED', denial: outcome.denial, happenedAt: now }];
    case 'unknown': return [{ kind: 'status', orderId: order.id, status: 'UNKNOWN', denial: { code: 'OUTCOME_UNKNOWN', message: outcome.reason }, happenedAt: now }];
  }
}

function resultOf(order: Order, duplicate: boolean): PlaceResult {
  const view = orderView(order, duplicate);
  const never = order.status === 'REJECTED' || order.denial?.code === 'EXPIRED_UNSENT';
  if (!never) return { kind: 'placed', order: view };
  return { kind: 'refused', denial: order.denial ?? unexplained(order.intentKey), order: view };
}

function unexplained(key: string): Denial {
  return { code: 'ORDER_REJECTED', message: `The order of intent ${key} was refused without a reason.` };
}

/** A refusal is journalled like one of the router's own, and stands when the same signal comes again. An approval writes nothing: only an order reserves. */
async function assess(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<Verdict> {
  const draft = draftOf(origin, request);
  const key = intentKey(draft);
  const earlier = await ports.store.intent(key);
  if (earlier?.denial !== undefined) return { approved: false, denial: earlier.denial };
  const input = await gateInput(ports, account, draft, request);
  const scope = admissionScope(account, draft, input.now);
  const admission = decideAdmission(input, await ports.store.admissionState(scope));
  switch (admission.kind) {
    case 'admit': return { approved: true, action: admission.action, quantity: admission.quantity };
    case 'satisfied': return { approved: false, denial: { code: 'NO_POSITION', message: 'Nothing is left to trade for this target or exit.' } };
    case 'deny': {
      // A signal that is delivered again has used up its own room: its order exists, so the flow shall end as it did.
      const placed = await ports.store.orderOfSignal(draft);
      if (placed !== undefined) return { approved: true, action: placed.action, quantity: placed.quantity };
      // Another call may have been first: what is journalled is the answer.
      const { intent } = await ports.store.admit({ key, orderId: orderIdOf(key), ...scope }, () => admission);
      return { approved: false, denial: intent.denial ?? admission.denial };
    }
  }
}

async function cancelAll(ports: RouterPorts, account: RoutedAccount, strategyId: string | undefined): Promise<{ cancelled: number; failed: readonly string[] }> {
  const failed: string[] = [];
  let cancelled = 0;
  for (const order of await ports.store.openOrders(account.config.id)) {
    if (strategyId !== undefined && order.strategyId !== strategyId) continue;
    const result = await account.broker.cancel(order.id).catch((error: unknown) => deny('OUTCOME_UNKNOWN', `the broker could not be asked: ${String(error)}`));
    if (result.ok) cancelled += 1;
    else failed.push(`${order.id}: ${result.denial.message}`);
  }
  return { cancelled, failed };
}

function draftOf(origin: Origin, request: OrderRequest): IntentDraft {
  const { instrument, leg, purpose, size, product, orderType, limitPrice, triggerPrice, strategyId } = request;
  return {
    ...origin,
    ...(strategyId === undefined ? {} : { strategyId }),
    instrument: instrument.key, leg, purpose, size, product, orderType,
    ...(limitPrice === undefined ? {} : { limitPrice }),
    ...(triggerPrice === undefined ? {} : { triggerPrice }),
  };
}

async function gateInput(ports: RouterPorts, { config, sessions, broker }: RoutedAccount, draft: IntentDraft, request: OrderRequest): Promise<GateInput> {
  const brokerPause = broker.entryPause?.();
  const quote = await newestQuote(ports, draft.instrument);
  const now = ports.clock.now();
  return {
    draft, account: config, now,
    limits: tighten(config.limits, request.limits ?? {}),
    instrument: request.instrument,
    ...(quote === undefined ? {} : { quote }),
    marketOpen: sessions.isOpen(request.instrument, now),
    ...(request.exitsOnly === undefined ? {} : { exitsOnly: request.exitsOnly }),
    ...(brokerPause === undefined ? {} : { brokerPause }),
    mark: (instrument) => ports.market.latest(instrument),
  };
}

function admissionScope({ sessions }: RoutedAccount, draft: IntentDraft, now: number): Omit<AdmissionRequest, 'key' | 'orderId'> {
  return { draft, tradingDay: sessions.tradingDay(now), lockNames: locksOf(draft), happenedAt: now };
}
