import type { Denial } from '../../../runtime/domain/denial';
import type { InstrumentKey } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import type { Fill, IntentDraft, OrderStatus } from '../../../runtime/domain/order';
import type { Admission, AdmissionRequest, AdmissionState, BrokerUpdate, Log, NewReceipt, Store } from '../../../runtime/domain/ports';
import type { ManualClock } from '../../../runtime/adapters/system/manual';

/** One implementation, freshly opened. `reopen` closes it and opens what it wrote; absent where nothing outlives it. */
export interface OpenedStore {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly reopen?: () => Promise<Store>;
}
export type OpenStore = () => Promise<OpenedStore>;

export const T0 = Date.UTC(2025, 5, 2, 4, 0);
export const MONDAY = '2025-06-02';
export const TUESDAY = '2025-06-03';

export interface LoggedLine { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }

export function recordingLog(): { readonly log: Log; readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const at = (level: LoggedLine['level']) => (_fields: object, message: string): void => { lines.push({ level, message }); };
  return { log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

function isInstrumentKey(key: string): key is InstrumentKey {
  return /^[A-Z_]+:.+$/.test(key);
}

export function instrument(key: string): InstrumentKey {
  if (!isInstrumentKey(key)) throw new Error(`no instrument key: ${key}`);
  return key;
}

export const SBIN = instrument('NSE:SBIN');
export const TCS = instrument('NSE:TCS');

export function draft(changes: Partial<IntentDraft> = {}): IntentDraft {
  return {
    account: 'paper', strategyId: 'momentum', nodeKey: 'place', signalId: 'signal-1', instrument: SBIN, leg: 0, purpose: 'entry',
    size: { kind: 'fixed', action: 'BUY', quantity: 10 }, product: 'MIS', orderType: 'MARKET', ...changes,
  };
}

export interface RequestChanges extends Partial<Omit<AdmissionRequest, 'draft'>> { readonly draft?: Partial<IntentDraft> }

export function request(key: string, changes: RequestChanges = {}): AdmissionRequest {
  return { key, orderId: `o${key}`, tradingDay: MONDAY, lockNames: [], happenedAt: T0, ...changes, draft: draft(changes.draft) };
}

export const buy = (quantity: number): Admission => ({ kind: 'admit', action: 'BUY', quantity });
export const sell = (quantity: number): Admission => ({ kind: 'admit', action: 'SELL', quantity });

export const MAX_POSITION: Denial = { code: 'MAX_POSITION', message: 'Too much.', rule: 'max position', limit: 100, value: 110 };
export const denied = (changes: Partial<Extract<Admission, { kind: 'deny' }>> = {}): Admission => ({ kind: 'deny', action: 'BUY', quantity: 10, denial: MAX_POSITION, ...changes });

/** Admits an order of `key` whatever the state; its id is `o<key>`. */
export async function admitted(store: Store, key: string, admission: Admission = buy(10), changes: RequestChanges = {}): Promise<string> {
  const { order } = await store.admit(request(key, changes), () => admission);
  if (order === undefined) throw new Error(`${key} was not admitted`);
  return order.id;
}

/** The state as the gate would see it. */
export async function stateNow(store: Store, changes: RequestChanges = {}): Promise<AdmissionState> {
  return (await store.preview(request('preview', changes))).state;
}

export function status(orderId: string, to: OrderStatus, changes: Partial<Extract<BrokerUpdate, { kind: 'status' }>> = {}): BrokerUpdate {
  return { kind: 'status', orderId, status: to, happenedAt: T0 + 1, ...changes };
}

export interface FillChanges extends Partial<Omit<Fill, 'price' | 'charges'>> { readonly rupees?: number; readonly chargesRupees?: number }

/** A fill of 10 at 100 rupees, free of charges unless said otherwise. */
export function fill(orderId: string, tradeId: string, { rupees = 100, chargesRupees = 0, ...changes }: FillChanges = {}): BrokerUpdate {
  return { kind: 'fill', fill: { orderId, tradeId, quantity: 10, price: toMoney(rupees), charges: toMoney(chargesRupees), happenedAt: T0 + 2, ...changes } };
}

export function apply(store: Store, orderId: string, updates: readonly BrokerUpdate[], tradingDay = MONDAY) {
  return store.applyUpdates({ orderId, updates, tradingDay });
}

export function receipt(receiptId: string, dedupeKeys: readonly string[], changes: Partial<NewReceipt> = {}): NewReceipt {
  const happenedAt = changes.happenedAt ?? T0;
  return {
    receiptId, nodeKey: 'trigger', strategyId: 'momentum', source: 'tradingView', happenedAt, recordedAt: happenedAt,
    signals: dedupeKeys.map((dedupeKey) => ({ signalId: `${dedupeKey}@${receiptId}`, dedupeKey, item: { symbol: 'SBIN', from: receiptId } })), ...changes,
  };
}


/** Opens a store, hands it to `work` and closes it whatever happens. */
export async function withStore(open: OpenStore, work: (opened: OpenedStore) => Promise<void>): Promise<void> {
  const opened = await open();
  try {
    await work(opened);
  } finally {
    await opened.store.close();
  }
}
