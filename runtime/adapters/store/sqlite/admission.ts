import { z } from 'zod';
import { decidedIntent, leaningOf, pricesOfDraft } from '../../../domain/decidedIntent';
import { leaseLost, type Fence } from '../../../domain/lease';
import type { InstrumentKey } from '../../../domain/market';
import type { Intent, Order } from '../../../domain/order';
import { ZERO_MONEY } from '../../../domain/money';
import { flatPosition } from '../../../domain/position';
import type { Admission, AdmissionRequest, AdmissionResult, AdmissionState, Clock, PendingQuantity, UnexplainedCount } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { orderOf, type BookedOrder } from '../orderLedger';
import { refusalNews } from '../orderNews';
import { StoreError } from '../storeError';
import type { Arming } from './arming';
import type { Events } from './events';
import type { Intents } from './intents';
import type { Leases } from './leases';
import type { Locks } from './locks';
import { isOpen, type Orders } from './orders';
import type { Positions } from './positions';
import type { Protections } from './protections';
import type { ReEntries } from './reEntries';
import { countersOf, type Risk } from './risk';
import type { Param, Statements } from './statements';

export interface AdmissionParts {
  readonly intents: Intents;
  readonly orders: Orders;
  readonly positions: Positions;
  readonly locks: Locks;
  readonly risk: Risk;
  readonly leases: Leases;
  readonly protections: Protections;
  readonly reEntries: ReEntries;
  readonly arming: Arming;
  readonly unexplained: Unexplained;
  readonly events: Events;
  readonly clock: Clock;
}

/** Differences that nobody has explained yet. */
export interface Unexplained {
  count(account: string, instrument: InstrumentKey, product: Order['product']): UnexplainedCount;
}

export type StateRequest = Pick<AdmissionRequest, 'draft' | 'tradingDay' | 'lockNames' | 'happenedAt' | 'reEntry'>;

/** The one place where a wish becomes an order: state read, decision taken and written in one write operation. */
export function createAdmission(statements: Statements, parts: AdmissionParts) {
  const { intents, orders, positions, locks, risk, leases, unexplained } = parts;
  const others = statements.query('open instruments', z.object({ total: z.int() }), (db, p: Param<{ account: string; instrument: InstrumentKey }>) =>
    db.selectFrom((eb) => eb.selectFrom('positions').select('instrument').where('account', '=', p('account')).where('quantity', '<>', eb.lit(0)).where('instrument', '<>', p('instrument'))
      .union(eb.selectFrom('orders').select('instrument').where('account', '=', p('account')).where(isOpen).where('purpose', '=', 'entry').whereRef('quantity', '>', 'filledQuantity').where('instrument', '<>', p('instrument')))
      .as('others')).select((eb) => eb.fn.countAll<number>().as('total')));

  function stateOf({ draft, tradingDay, lockNames, happenedAt, reEntry }: StateRequest): AdmissionState {
    const { account, strategyId, instrument, product } = draft;
    const row = risk.state(account);
    const pending = orders.pending(account, instrument);
    const own = pending.filter((part) => part.strategyId === strategyId && part.product === product);
    const stops = own.filter((part) => part.isStop === 1);
    const arming = parts.arming.state(account);
    return {
      killSwitch: row.killSwitch,
      ...(row.lossLatchedAt === undefined ? {} : { lossLatchedAt: row.lossLatchedAt }),
      ...(arming === undefined ? {} : { arming }),
      unexplained: unexplained.count(account, instrument, product),
      position: positions.find({ account, strategyId, instrument, product }) ?? flatPosition({ account, strategyId, instrument, product }, happenedAt),
      pending: sumOf(own.filter((part) => part.isStop === 0)),
      ...(stops.length === 0 ? {} : { stops: sumOf(stops) }),
      accountPosition: positions.accountQuantity(account, instrument),
      accountPending: sumOf(pending),
      unknownOrders: pending.reduce((sum, part) => sum + part.unknown, 0),
      otherOpenInstruments: others.one({ account, instrument })?.total ?? 0,
      openPositions: positions.openOf(account),
      ...countersOf(row, tradingDay),
      ...(reEntry === undefined ? {} : { reEntries: parts.reEntries.use({ account, strategyId, instrument, product, group: reEntry.group, tradingDay }, draft) }),
      locks: locks.heldAmong(account, lockNames, happenedAt),
    };
  }

  /** Writes an admitted wish: the order stands as SUBMITTING, with its lock and the day's counter. */
  function reserve(request: AdmissionRequest, intent: Intent, admission: Extract<Admission, { kind: 'admit' }>): Order {
    const { draft, orderId, key, happenedAt, tradingDay } = request;
    if (!Number.isSafeInteger(admission.quantity) || admission.quantity <= 0) throw new StoreError('MISUSE', `An order of ${admission.quantity} was admitted.`);
    const { account, strategyId, nodeKey, signalId, instrument, purpose, product, orderType } = draft;
    const times = { happenedAt, recordedAt: intent.recordedAt };
    const row: Omit<BookedOrder, 'denial'> = {
      id: orderId, intentKey: key, account, strategyId, nodeKey, signalId, instrument, purpose, action: admission.action, product, orderType, ...pricesOfDraft(draft),
      quantity: admission.quantity, filledQuantity: 0, filledValue: ZERO_MONEY, status: 'SUBMITTING', recordedAt: intent.recordedAt, updatedAt: intent.recordedAt,
    };
    orders.add({ ...row, happenedAt });
    orders.addEvent({ orderId, to: 'CREATED', applied: true, ...times });
    orders.addEvent({ orderId, from: 'CREATED', to: 'SUBMITTING', applied: true, ...times });
    risk.countOrder(account, tradingDay, happenedAt);
    if (admission.lock !== undefined) locks.acquire(admission.lock, happenedAt);
    const order = orderOf(row);
    const { protection, reEntry } = request;
    if (protection === undefined && reEntry === undefined) return order;
    const held = positions.find({ account, strategyId, instrument, product })?.quantity ?? 0;
    if (protection !== undefined) parts.protections.createFor(order, held, protection);
    if (reEntry !== undefined) parts.reEntries.add(order, held, reEntry, tradingDay, happenedAt);
    return order;
  }

  function bookedOrder(orderId: string): Order {
    const order = orders.find(orderId);
    if (order === undefined) throw new StoreError('DAMAGED_ROW', `The order ${orderId} of an admitted intent is missing. Keep a copy of the file and restore the last backup.`);
    return orderOf(order);
  }

  return {
    stateOf,

    preview({ key, ...request }: StateRequest & Pick<AdmissionRequest, 'key'>): { readonly earlier?: Intent; readonly state: AdmissionState } {
      const earlier = intents.find(key);
      return { ...(earlier === undefined ? {} : { earlier }), state: stateOf(request) };
    },

    admit(request: AdmissionRequest, decide: (state: AdmissionState) => Admission): AdmissionResult {
      const known = intents.find(request.key);
      if (known !== undefined) return { intent: known, ...(known.orderId === undefined ? {} : { order: bookedOrder(known.orderId) }), duplicate: true };
      const { fence } = request;
      const now = parts.clock.now();
      // Whoever overslept may bring an old time along.
      if (fence !== undefined && !leases.isHeld(fence, Math.max(now, request.happenedAt))) return { intent: withoutLease(request, fence, now), duplicate: false };
      const admission = decide(stateOf(request));
      const intent = decidedIntent(request, admission, now);
      intents.add(intent, request.draft.size);
      if (intent.status === 'DENIED') parts.events.add(refusalNews(intent));
      if (admission.kind === 'deny' && admission.latchLoss === true) risk.latchLoss(request.draft.account, request.happenedAt, admission.denial.message);
      return { intent, ...(admission.kind === 'admit' ? { order: reserve(request, intent, admission) } : {}), duplicate: false };
    },
  };
}

/** The answer to an owner who has lost the work to somebody else. It is not written: the key stays free for the owner that is. */
function withoutLease(request: AdmissionRequest, fence: Fence, now: EpochMs): Intent {
  const { size } = request.draft;
  return decidedIntent(request, { kind: 'deny', action: leaningOf(size), quantity: Math.abs(size.quantity ?? 0), denial: leaseLost(fence) }, now);
}

function sumOf(parts: readonly { readonly action: Order['action']; readonly rest: number }[]): PendingQuantity {
  const total = (action: Order['action']): number => parts.reduce((sum, part) => sum + (part.action === action ? part.rest : 0), 0);
  return { buy: total('BUY'), sell: total('SELL') };
}
