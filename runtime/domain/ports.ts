import type { AccountConfig } from './account';
import type { AccountEventStore } from './accountEvent';
import type { Admission, AdmissionRequest, AdmissionResult, AdmissionState, HeldLock, LockRequest } from './admission';
import type { ApprovalStore } from './approval';
import type { ArmingStore } from './arming';
import type { Denial, Outcome } from './denial';
import type { EntryPause } from './entryPause';
import type { LeaseStore } from './lease';
import type { DifferenceStore, LedgerStore } from './ledger/difference';
import type { HistoryStore } from './history';
import type { Fill, Intent, Order, OrderStatus } from './order';
import type { OrderChangeStore, OrderTerms } from './orderChange';
import type { Instrument, InstrumentKey, Quote } from './market';
import type { Money } from './money';
import type { Position } from './position';
import type { ProtectionStore } from './protection';
import type { BudgetStore } from './rateLimit/budget';
import type { ReEntryStore } from './reEntry';
import type { EpochMs, IsoDate } from './time';

export type { Admission, AdmissionRequest, AdmissionResult, AdmissionState, HeldLock, LockRequest, PendingQuantity, UnexplainedCount } from './admission';

/** The only source of time. */
export interface Clock {
  now(): EpochMs;
}

/** Fresh, unguessable identifiers (tests and replay give a counter). */
export interface Ids {
  next(): string;
}

/** The runtimes that have one state folder open, in whatever process. A name is held for as long as its runtime lives, and never given twice. */
export interface Owners {
  /** This runtime's own name. */
  readonly own: string;
  isAlive(owner: string): boolean;
  /** True when no other runtime has the folder open now. */
  isAlone(): boolean;
  /** Gives the own name up. */
  close(): void;
}

/** Resolves after `ms`; adapters own the timers, services ask for the wait. */
export type Pause = (ms: number) => Promise<void>;

/** Structured log; secrets never reach it. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Prices, from whatever source the runtime was given. */
export interface MarketData {
  /** The newest known quote, or undefined when the source has none for this instrument. */
  quote(instrument: InstrumentKey): Promise<Quote | undefined>;
  /** The newest quote in memory, without asking anyone: for marks inside a transaction. */
  latest(instrument: InstrumentKey): Quote | undefined;
  /** Calls `listener` on every new quote until the returned function is called. A recording waits for the promise that it returns. */
  subscribe(instrument: InstrumentKey, listener: (quote: Quote) => void | Promise<void>): () => void;
}

/** Contract facts of instruments by key, as of `at` (lots change); without a time, as of the contract's expiry. Undefined means unknown: nothing is guessed. */
export interface Instruments {
  find(key: InstrumentKey, at?: EpochMs): Instrument | undefined;
}

/** Whether an exchange is in continuous trading. */
export interface Sessions {
  isOpen(instrument: Instrument, at: EpochMs): boolean;
  /** The exchange's calendar day at `at`; daily counters roll with it. */
  tradingDay(at: EpochMs): IsoDate;
}

// ---------------------------------------------------------------- broker

/** An order as a broker is asked for it. */
export type BrokerOrder = Pick<Order, 'id' | 'instrument' | 'action' | 'quantity' | 'product' | 'orderType' | 'limitPrice' | 'triggerPrice'> & Partial<Pick<Order, 'purpose'>>;

/** Something the broker says about an order, in the order it says it. Fills carry the trade id that makes them unique. */
export type BrokerUpdate =
  | { readonly kind: 'status'; readonly orderId: string; readonly status: OrderStatus; readonly denial?: Denial; readonly happenedAt: EpochMs }
  | { readonly kind: 'fill'; readonly fill: Fill };

/** Acceptance of the request, a definitive refusal, or no way to know. Unknown is resolved by looking, never by sending again. */
export type PlaceOutcome =
  | { readonly kind: 'accepted'; readonly brokerOrderId: string; readonly updates: readonly BrokerUpdate[] }
  | { readonly kind: 'rejected'; readonly denial: Denial }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What a broker knows of one order of ours. */
export interface BrokerOrderState {
  readonly brokerOrderId: string;
  readonly updates: readonly BrokerUpdate[];
  /** The terms that the broker shows now: what proves a modification of which the answer is lost. Absent: it does not show them. */
  readonly terms?: OrderTerms;
  /** Why the broker could not be asked this time: all the rest is what was known before. */
  readonly unread?: Denial;
}

/** The broker could not be asked, and nothing was known of the order before: it may have it or not. */
export interface UnreadOrder {
  readonly unread: Denial;
  readonly brokerOrderId?: never;
  readonly updates?: never;
  readonly terms?: never;
}

export interface Funds {
  /** Free for new margin. */
  readonly available: Money;
  /** Blocked by positions and resting orders. */
  readonly used: Money;
}

export interface BrokerCapabilities {
  /** True when `find` proves absence: an order it does not list was never accepted, and none is on its way. False where a list may lag: what is not listed yet proves nothing. Where true, `place` takes an order id once: two processes may send what both have found absent, and the second is answered with what became of the first. */
  readonly lookupProvesAbsence: boolean;
  /** True where `positions` counts delivered shares (CNC) as long as they are held, not only on the day they were traded. Absent: it may leave them out. */
  readonly positionsCoverHoldings?: boolean;
  /** True where `orders` and `positions` come from systems of their own, so that one that is stuck does not make the other agree with it. Absent: both may be one copy, and what they prove together has to last longer. */
  readonly independentLists?: boolean;
  /** True when a stop (SL-M) rests reliably at the broker and `modify` moves it: protection is held there. Absent or false: the runtime watches. */
  readonly heldStops?: boolean;
  /** True where what it is sent is written into the journal's own file, behind the journal's steps: none of it can outlast the intent, so the order is sent without waiting for the intent's flush. Absent: the intent is on the disk before anything is sent. */
  readonly sharesJournal?: boolean;
}

/** One position as the broker counts it: all strategies together, and what people trade in its own app. */
export interface BrokerPosition {
  readonly instrument: InstrumentKey;
  readonly product: Order['product'];
  /** Signed; never 0. */
  readonly quantity: number;
  /** Of shares in delivery (CNC): units that have arrived in the demat account, on the trading day after they were bought. Absent where the broker's list does not say. */
  readonly delivered?: number;
  readonly averagePrice?: Money;
}

/** One order of the broker's list, whoever placed it. */
export interface ListedOrder {
  readonly brokerOrderId: string;
  /** Set where the broker's order is known to be this one of ours. */
  readonly orderId?: string;
  readonly instrument: InstrumentKey;
  readonly action: Order['action'];
  readonly quantity: number;
  /** Absent where the broker's list does not say. */
  readonly filledQuantity?: number;
  readonly product?: Order['product'];
  readonly status: OrderStatus;
  /** Of what is filled, where the list says. */
  readonly averagePrice?: Money;
  /** Of what is filled, where the list says. */
  readonly charges?: Money;
  readonly placedAt?: EpochMs;
}

/** New terms of a resting order; what is absent stays as it is. `quantity` is the total, not what is left. */
export type OrderChange = Partial<Pick<Order, 'quantity' | 'limitPrice' | 'triggerPrice'>>;

/** One account at one broker. Methods never throw for an expected refusal. */
export interface Broker {
  readonly capabilities: BrokerCapabilities;
  place(order: BrokerOrder): Promise<PlaceOutcome>;
  cancel(orderId: string): Promise<{ readonly ok: true } | { readonly ok: false; readonly denial: Denial }>;
  /** Undefined: the broker was asked, and does not know it. */
  find(orderId: string): Promise<BrokerOrderState | UnreadOrder | undefined>;
  /** Changes a resting order. Absent: the broker can not (cancel and place anew). `OUTCOME_UNKNOWN` where nobody knows which terms hold. */
  modify?(orderId: string, change: OrderChange): Promise<{ readonly ok: true } | { readonly ok: false; readonly denial: Denial }>;
  /** The day's orders of the account, for reconciliation. Absent: the broker does not list them. */
  orders?(): Promise<Outcome<readonly ListedOrder[]>>;
  /** What the account holds, for reconciliation; a denial is never an empty list. Absent: the broker does not list them. */
  positions?(): Promise<Outcome<readonly BrokerPosition[]>>;
  funds(): Promise<Funds>;
  /** Set while entries should not be sent to this broker, because it fails call after call. Absent: nobody counts. */
  entryPause?(): EntryPause | undefined;
  /** Margin that one unit blocks at `price`, for sizing by percent of funds. */
  marginPerUnit(instrument: Instrument, product: Order['product'], price: Money): Money;
  /** Reports that come later (resting orders). An end is told after every fill of its order, those from before the subscription included. The returned function ends the subscription. */
  onUpdate(listener: (update: BrokerUpdate) => void): () => void;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- store

/** RECEIVED: durable, not yet handed over. DELIVERED: a flow is (or was) working on it. DONE: the flow ended. FAILED: gave up after the last attempt, visible to people. */
export type SignalStatus = 'RECEIVED' | 'DELIVERED' | 'DONE' | 'FAILED';

/** One durable inbox entry: a signal and how far it got. */
export interface InboxEntry {
  readonly signalId: string;
  readonly nodeKey: string;
  readonly strategyId: string;
  readonly source: string;
  /** The item that the trigger emits, as JSON-safe data. */
  readonly item: Readonly<Record<string, unknown>>;
  /** Groups the signals of one webhook call. */
  readonly receiptId: string;
  readonly status: SignalStatus;
  readonly attempts: number;
  readonly happenedAt: EpochMs;
  readonly recordedAt: EpochMs;
  readonly reason?: string;
}

export interface NewSignal {
  /** The id the signal gets when it is new. Derives from content and nodeKey, never from a host's path. */
  readonly signalId: string;
  /** What makes it a repeat of an earlier one where its id does not: a hash of content that may come again later as something new (see `duplicateSince`). */
  readonly dedupeKey?: string;
  readonly item: Readonly<Record<string, unknown>>;
}

/** One webhook call that shall become durable, all of it or nothing. */
export interface NewReceipt {
  readonly receiptId: string;
  readonly nodeKey: string;
  readonly strategyId: string;
  readonly source: string;
  readonly signals: readonly NewSignal[];
  readonly happenedAt: EpochMs;
  readonly recordedAt: EpochMs;
  /** Earlier signals count as the same only when they happened at or after this time (content-keyed signals); absent: any earlier one does. */
  readonly duplicateSince?: EpochMs;
  /** New entries are this owner's from the start: DELIVERED with their first attempt, as a claim right afterwards would leave them. Absent: RECEIVED. */
  readonly deliverTo?: { readonly owner: string; readonly leaseUntil: EpochMs };
}

export interface ReceivedSignal {
  /** Of the first arrival, where this one is a duplicate. */
  readonly signalId: string;
  readonly duplicate: boolean;
  /** The receipt under which the signal first arrived. */
  readonly receiptId: string;
  readonly firstRecordedAt: EpochMs;
}

export type AlertStatus = 'PENDING' | 'SENT' | 'FAILED' | 'SUPPRESSED';

export interface AlertRecord {
  /** Unique: the same alert of the same signal is recorded and sent once. */
  readonly key: string;
  readonly strategyId: string;
  readonly nodeKey: string;
  readonly signalId?: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly message: string;
  readonly channels: readonly string[];
  readonly status: AlertStatus;
  readonly reason?: string;
  readonly happenedAt: EpochMs;
  readonly recordedAt: EpochMs;
}

/** One row of an order's history. */
export interface OrderEvent {
  readonly orderId: string;
  readonly from?: OrderStatus;
  readonly to: OrderStatus;
  /** False for a report that the table of states forbids; it changed nothing. */
  readonly applied: boolean;
  readonly detail?: string;
  readonly happenedAt: EpochMs;
  readonly recordedAt: EpochMs;
}

export interface RiskStateRow {
  readonly account: string;
  readonly killSwitch: boolean;
  readonly killedAt?: EpochMs;
  /** The kill switch asks for a flat account: positions of flows are closed until it is cleared. */
  readonly flatten?: boolean;
  readonly lossLatchedAt?: EpochMs;
  readonly tradingDay?: IsoDate;
  readonly ordersToday: number;
  readonly realisedToday: Money;
  /** What positions carried into `tradingDay` had won by the close before; absent: nothing. */
  readonly carriedToday?: Money;
}

export interface ListOptions {
  /** Newest first; default 100, at most 10,000. */
  readonly limit?: number;
  readonly account?: string;
  readonly strategyId?: string;
  readonly nodeKey?: string;
}

/**
 * The journal. Every method is one atomic, durable step: when its promise resolves, a power cut can not undo it. Claims and ends of signals
 * are the exception: they outlive a crash of the process, but a power cut may undo them, and then the signal is delivered once more. So is an admission that
 * asks for it (`flushLater`).
 * `recordedAt` is stamped by the store's clock, `happenedAt` comes from the caller.
 * Implementations run the suite in tests/contracts/store. Rejections are I/O failures only; the caller must treat them as "nothing happened".
 */
export interface Store {
  // inbox
  /**
   * `onCommitted` may be told the result a moment before the promise resolves, when a crash of the process can no longer undo it but a power cut still
   * can. Whatever this journal makes durable after that makes the receipt durable as well: work may begin whose every effect is journalled first.
   * Where it is not called, the promise alone tells.
   */
  receive(receipt: NewReceipt, onCommitted?: (received: readonly ReceivedSignal[]) => void): Promise<readonly ReceivedSignal[]>;
  /** Takes up to `limit` undelivered or abandoned entries of a node: marks them DELIVERED by `owner` until `leaseUntil`, oldest first. Entries over `maxAttempts` become FAILED instead. */
  claimSignals(request: { nodeKey: string; owner: string; limit: number; maxAttempts: number; now: EpochMs; leaseUntil: EpochMs; signalIds?: readonly string[] }): Promise<readonly InboxEntry[]>;
  /** With `uncounted` the claim that ends here was no attempt: its host was stopped in order. */
  finishSignal(request: { nodeKey: string; signalId: string; status: 'DONE' | 'FAILED' | 'RECEIVED'; reason?: string; uncounted?: boolean; happenedAt: EpochMs }): Promise<void>;
  /** Who works, or worked, on a node's DELIVERED entries; oldest first, at most 10,000. */
  claimedSignals(nodeKey: string): Promise<readonly { readonly signalId: string; readonly owner: string }[]>;
  signals(options?: ListOptions): Promise<readonly InboxEntry[]>;

  // intents, orders, fills
  /** Reads the state, calls `decide` exactly once and writes what it says, in one transaction. A known key returns its first outcome and `decide` is not called; nor is it where the fence is lost. A `decide` that throws writes nothing and rejects. */
  admit(request: AdmissionRequest, decide: (state: AdmissionState) => Admission): Promise<AdmissionResult>;
  /** The same state without writing, and the intent under this key where one was decided; both as they stand at one moment. */
  preview(request: Pick<AdmissionRequest, 'key' | 'draft' | 'tradingDay' | 'lockNames' | 'happenedAt' | 'reEntry'>): Promise<{ readonly earlier?: Intent; readonly state: AdmissionState }>;
  /** Binds the broker's order id and applies updates in order, in one transaction: fills by trade id once, statuses by the table of states, positions and daily counters with them. */
  applyUpdates(request: { orderId: string; brokerOrderId?: string; updates: readonly BrokerUpdate[]; tradingDay: IsoDate }): Promise<Order>;
  order(id: string): Promise<Order | undefined>;
  /** The newest order that this signal led to in this strategy and instrument, whichever node sent it. */
  orderOfSignal(request: Pick<Order, 'account' | 'strategyId' | 'signalId' | 'instrument' | 'purpose'>): Promise<Order | undefined>;
  /** Orders in a non-terminal status, oldest first. */
  openOrders(account?: string): Promise<readonly Order[]>;
  orders(options?: ListOptions): Promise<readonly Order[]>;
  orderEvents(orderId: string): Promise<readonly OrderEvent[]>;
  fills(orderId: string): Promise<readonly Fill[]>;
  intents(options?: ListOptions): Promise<readonly Intent[]>;
  /** The intent under this key, if one was decided. */
  intent(key: string): Promise<Intent | undefined>;
  positions(options?: { account?: string; strategyId?: string; openOnly?: boolean }): Promise<readonly Position[]>;

  // locks, risk state
  acquireLock(lock: LockRequest, now: EpochMs): Promise<{ readonly acquired: true; readonly lock: HeldLock } | { readonly acquired: false; readonly lock: HeldLock }>;
  releaseLock(lock: { account: string; name: string }): Promise<boolean>;
  locks(options: { account?: string; now: EpochMs }): Promise<readonly HeldLock[]>;
  /** With `flatten` the positions of flows are closed as well, by whoever keeps the account safe, until the switch is cleared; a switch that is on already gains it. */
  setKillSwitch(request: { account: string; on: boolean; flatten?: boolean; happenedAt: EpochMs; reason?: string }): Promise<void>;
  /** Sets the daily-loss latch; one that is set stays as it is. */
  latchLoss(request: { account: string; happenedAt: EpochMs; reason: string }): Promise<void>;
  /** Clears the daily-loss latch and the kill switch. */
  rearm(request: { account: string; happenedAt: EpochMs }): Promise<void>;
  riskState(account: string): Promise<RiskStateRow>;
  /** Counts once a day what a position had won by the `close` before. False where that is counted, or the position was traded since it was looked at. */
  carryIn(request: { position: Position; tradingDay: IsoDate; close: Money; carried: Money; happenedAt: EpochMs }): Promise<boolean>;

  // accounts, alerts
  declareAccount(account: AccountConfig, happenedAt: EpochMs): Promise<void>;
  accounts(): Promise<readonly AccountConfig[]>;
  /** Records an alert unless its key is known; says which. */
  recordAlert(alert: Omit<AlertRecord, 'status' | 'recordedAt'>): Promise<{ readonly alert: AlertRecord; readonly duplicate: boolean }>;
  finishAlert(request: { key: string; status: Exclude<AlertStatus, 'PENDING'>; reason?: string; happenedAt: EpochMs }): Promise<void>;
  alerts(options?: ListOptions): Promise<readonly AlertRecord[]>;

  /** What happened, for flows and people that want to hear of it. */
  readonly events: AccountEventStore;
  /** Modifications and cancellations of resting orders. */
  readonly changes: OrderChangeStore;

  /** Who owns work that has one owner. */
  readonly leases: LeaseStore;
  /** Which accounts may trade live. */
  readonly arming: ArmingStore;
  /** What the broker and the journal do not agree on, and what people trade beside the flows. */
  readonly differences: DifferenceStore;
  /** What was booked, trade by trade. */
  readonly ledger: LedgerStore;
  /** Everything that was journalled, as one list. Absent: a store that lives in memory alone keeps none. */
  readonly history?: HistoryStore;
  /** What brokers' clients have asked for. */
  readonly budgets: BudgetStore;

  /** Stops, targets and what watches them. */
  readonly protections: ProtectionStore;
  /** Entries that wait for their price after a stop. */
  readonly reEntries: ReEntryStore;
  /** Trades that people were asked about. */
  readonly approvals: ApprovalStore;

  close(): Promise<void>;
}

// ---------------------------------------------------------------- alerts out

/** A place alerts go to. Secrets come from the host's credential store and are held in memory only. */
export type AlertChannel =
  | { readonly kind: 'telegram'; readonly botToken: string; readonly chatId: string; readonly baseUrl?: string }
  | { readonly kind: 'discord'; readonly url: string }
  | { readonly kind: 'slack'; readonly url: string }
  | { readonly kind: 'webhook'; readonly url: string };

/** Sends one message to one channel. Resolves to a denial, never rejects, within its own time limit. */
export interface Notifier {
  send(channel: AlertChannel, alert: Pick<AlertRecord, 'severity' | 'message' | 'happenedAt' | 'strategyId'> & { readonly link?: string }): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string; readonly retryAfterMs?: number }>;
}
