import type { AccountConfig } from '../../../domain/account';
import type { Approval, ApprovalStore } from '../../../domain/approval';
import type { Lease, LeaseStore } from '../../../domain/lease';
import { orderOf } from '../../../domain/ledger/bookedOrder';
import type { AlertRecord, Clock, ListOptions, Store } from '../../../domain/ports';
import { ChangeBook } from './changes';
import { EventBook } from './events';
import { Ledger } from './ledger';
import { ProtectionBook } from './protections';
import { ReEntryBook } from './reEntries';

/** The journal of one account in a virtual world: rows in memory, decided by the same rules as rows on a disk. */
export interface VirtualStore extends Store {
  readonly rows: Ledger;
  readonly book: EventBook;
  readonly protections: ProtectionBook;
  readonly reEntries: ReEntryBook;
  readonly alertBook: ReadonlyMap<string, AlertRecord>;
}

/** Something that only a journal on a disk has was asked for: a bug. */
export class NotInReplay extends Error {
  override readonly name = 'NotInReplay';

  constructor(what: string) {
    super(`A virtual world has no ${what}.`);
  }
}

export function createVirtualStore(account: AccountConfig, clock: Clock): VirtualStore {
  const book = new EventBook(clock);
  const protections = new ProtectionBook(clock, book);
  const reEntries: ReEntryBook = new ReEntryBook(book, () => rows);
  const rows = new Ledger({ account: account.id, clock, events: book, protections, reEntries });
  const changes = new ChangeBook(clock, rows, book);
  const alertBook = new Map<string, AlertRecord>();
  const questions = new Map<string, Approval>();
  const missing = (what: string) => (): Promise<never> => Promise.reject(new NotInReplay(what));
  return {
    rows, book, protections, reEntries, changes, alertBook,
    events: book,
    ...inboxOf(missing('inbox')),

    admit: (request, decide) => Promise.resolve(rows.admit(request, decide)),
    preview: ({ key, ...request }) => {
      const earlier = rows.intents.get(key);
      return Promise.resolve({ ...(earlier === undefined ? {} : { earlier }), state: rows.stateOf(request) });
    },
    applyUpdates: ({ orderId, brokerOrderId, updates, tradingDay }) => Promise.resolve(rows.applyUpdates(orderId, brokerOrderId, updates, tradingDay)),
    order: (id) => {
      const booked = rows.orders.get(id);
      return Promise.resolve(booked === undefined ? undefined : orderOf(booked));
    },
    orderOfSignal: ({ strategyId, signalId, instrument, purpose }) => {
      const found = (rows.ordersBySignal.get(signalId) ?? []).flatMap((id) => rows.orders.get(id) ?? []).findLast((order) => order.strategyId === strategyId && order.instrument === instrument && order.purpose === purpose);
      return Promise.resolve(found === undefined ? undefined : orderOf(found));
    },
    openOrders: () => Promise.resolve([...rows.open.values()].map(orderOf)),
    orders: (options) => Promise.resolve(newest([...rows.orders.values()].map(orderOf), options)),
    orderEvents: () => Promise.resolve([]),
    fills: (orderId) => Promise.resolve(rows.fillsByOrder.get(orderId) ?? []),
    intents: (options) => Promise.resolve(newest([...rows.intents.values()], options)),
    intent: (key) => Promise.resolve(rows.intents.get(key)),
    positions: ({ strategyId, openOnly = false } = {}) => Promise.resolve(rows.listPositions({ openOnly, ...(strategyId === undefined ? {} : { strategyId }) })),

    acquireLock: (lock, now) => {
      const { acquired, lock: held } = rows.acquireLock(lock, now);
      return Promise.resolve(acquired ? { acquired: true, lock: held } : { acquired: false, lock: held });
    },
    releaseLock: ({ name }) => {
      const held = rows.heldLock(name, clock.now()) !== undefined;
      rows.locks.delete(name);
      return Promise.resolve(held);
    },
    locks: ({ now }) => Promise.resolve([...rows.locks.values()].filter(({ until }) => until > now).sort((a, b) => (a.name < b.name ? -1 : 1))),
    setKillSwitch: done((request) => rows.setKillSwitch(request)),
    latchLoss: done(({ happenedAt, reason }) => rows.latchLoss(happenedAt, reason)),
    rearm: done(({ happenedAt }) => rows.rearm(happenedAt)),
    riskState: () => Promise.resolve(rows.risk),
    carryIn: ({ position, tradingDay, ...carry }) => Promise.resolve(rows.carryIn(position, tradingDay, carry)),

    declareAccount: () => Promise.resolve(),
    accounts: () => Promise.resolve([account]),
    recordAlert(alert) {
      const known = alertBook.get(alert.key);
      if (known !== undefined) return Promise.resolve({ alert: known, duplicate: true });
      const made: AlertRecord = { ...alert, status: 'SENT', recordedAt: clock.now() };
      alertBook.set(alert.key, made);
      return Promise.resolve({ alert: made, duplicate: false });
    },
    finishAlert: () => Promise.resolve(),
    alerts: (options) => Promise.resolve(newest([...alertBook.values()], { limit: options?.limit ?? 100 })),

    leases: oneOwner(),
    arming: { arm: missing('arming'), disarm: missing('arming'), state: () => Promise.resolve(undefined), history: () => Promise.resolve([]) },
    differences: { picture: missing('reconciliation'), open: missing('reconciliation'), resolve: missing('reconciliation'), adopt: missing('reconciliation'), list: () => Promise.resolve([]), externalOrders: () => Promise.resolve([]) },
    approvals: approvalsOf(questions, clock),
    ledger: { trades: missing('ledger of trades') },
    budgets: { change: missing('rate limit'), list: () => Promise.resolve([]) },
    close: () => Promise.resolve(),
  };
}

/** Done at once. */
function done<T>(work: (request: T) => void): (request: T) => Promise<void> {
  return (request) => {
    work(request);
    return Promise.resolve();
  };
}

function inboxOf(missing: () => Promise<never>): Pick<Store, 'receive' | 'claimSignals' | 'finishSignal' | 'claimedSignals' | 'signals'> {
  return { receive: missing, claimSignals: missing, finishSignal: missing, claimedSignals: missing, signals: () => Promise.resolve([]) };
}

/** Newest first. */
function newest<T extends { readonly strategyId?: string; readonly nodeKey?: string }>(rows: readonly T[], { limit = 100, strategyId, nodeKey }: ListOptions = {}): readonly T[] {
  return rows.filter((row) => (strategyId === undefined || row.strategyId === strategyId) && (nodeKey === undefined || row.nodeKey === nodeKey)).slice(-limit).reverse();
}

/** Whoever asks for a lease has it: there is one process. */
function oneOwner(): LeaseStore {
  const held = new Map<string, Lease>();
  return {
    acquire({ name, owner, now, until }) {
      const before = held.get(name);
      const lease: Lease = { name, owner, until, token: before?.token ?? 1, acquiredAt: before?.acquiredAt ?? now };
      held.set(name, lease);
      return Promise.resolve({ held: true, lease });
    },
    release({ name }) {
      held.delete(name);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...held.values()]),
  };
}

/** Questions that nobody answers: they expire. */
function approvalsOf(rows: Map<string, Approval>, clock: Clock): ApprovalStore {
  return {
    ask(approval) {
      const known = rows.get(approval.id) ?? approval;
      rows.set(approval.id, known);
      return Promise.resolve(known);
    },
    find: (id) => Promise.resolve(rows.get(id)),
    ofToken: ({ token, strategyId }) => Promise.resolve([...rows.values()].find((row) => row.token === token && row.strategyId === strategyId)),
    answer: () => Promise.resolve(undefined),
    untold: ({ strategyId, now, limit }) => Promise.resolve([...rows.values()].filter((row) => row.strategyId === strategyId && row.verdict === undefined && row.expiresAt <= now).slice(0, limit)),
    prune: () => Promise.resolve(0),
    told({ id }) {
      const row = rows.get(id);
      if (row !== undefined) rows.set(id, { ...row, verdict: 'expired', answeredAt: clock.now() });
      return Promise.resolve();
    },
  };
}
