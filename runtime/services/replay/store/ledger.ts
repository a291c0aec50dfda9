import type { Admission, AdmissionRequest, AdmissionResult, AdmissionState, HeldLock, LockRequest, PendingQuantity } from '../../../domain/admission';
import { decidedIntent, pricesOfDraft } from '../../../domain/decidedIntent';
import { afterFill, afterStatus, orderOf, type BookedOrder, type OrderStep } from '../../../domain/ledger/bookedOrder';
import { orderNews, orderNewsKind, refusalNews } from '../../../domain/ledger/orderNews';
import { asMoney, ZERO_MONEY, type Money } from '../../../domain/money';
import { TERMINAL_STATUSES, type Fill, type Intent, type Order } from '../../../domain/order';
import { applyFill, flatPosition, type Position, type PositionKey } from '../../../domain/position';
import type { BrokerUpdate, Clock, RiskStateRow } from '../../../domain/ports';
import { isHeldStop } from '../../../domain/protection';
import type { EpochMs, IsoDate } from '../../../domain/time';
import type { EventBook } from './events';
import type { ProtectionBook } from './protections';
import type { ReEntryBook } from './reEntries';

type StateRequest = Pick<AdmissionRequest, 'draft' | 'tradingDay' | 'lockNames' | 'happenedAt' | 'reEntry'>;

export interface LedgerParts {
  readonly account: string;
  readonly clock: Clock;
  readonly events: EventBook;
  readonly protections: ProtectionBook;
  readonly reEntries: ReEntryBook;
}

/** What the journal's tables of intents, orders, fills, positions, locks and risk say, as rows in memory: one account, one process, nothing to be undone. */
export class Ledger {
  readonly intents = new Map<string, Intent>();
  readonly orders = new Map<string, BookedOrder>();
  /** Ids, in the order of the admissions. */
  readonly ordersBySignal = new Map<string, string[]>();
  /** Those that may still fill, oldest first. */
  readonly open = new Map<string, BookedOrder>();
  readonly fills: Fill[] = [];
  readonly fillsByOrder = new Map<string, Fill[]>();
  readonly positions = new Map<string, Position>();
  /** Positions that are not flat. */
  readonly held = new Map<string, Position>();
  readonly locks = new Map<string, HeldLock>();
  risk: RiskStateRow;
  #tradeIds = new Set<string>();

  constructor(private readonly parts: LedgerParts) {
    this.risk = { account: parts.account, killSwitch: false, ordersToday: 0, realisedToday: ZERO_MONEY };
  }

  stateOf({ draft, tradingDay, lockNames, happenedAt, reEntry }: StateRequest): AdmissionState {
    const { account, strategyId, instrument, product } = draft;
    const { killSwitch, lossLatchedAt } = this.risk;
    const pending = { buy: 0, sell: 0 };
    const stops = { buy: 0, sell: 0 };
    const accountPending = { buy: 0, sell: 0 };
    let unknownOrders = 0;
    const others = new Set<string>();
    for (const order of this.open.values()) {
      const rest = Math.max(0, order.quantity - order.filledQuantity);
      if (order.instrument !== instrument) {
        if (order.purpose === 'entry' && rest > 0) others.add(order.instrument);
        continue;
      }
      if (order.status === 'UNKNOWN') unknownOrders += 1;
      add(accountPending, order, rest);
      if (order.strategyId === strategyId && order.product === product) add(isHeldStop(order) ? stops : pending, order, rest);
    }
    let accountPosition = 0;
    for (const position of this.held.values()) {
      if (position.instrument === instrument) accountPosition += position.quantity;
      else others.add(position.instrument);
    }
    const key = { account, strategyId, instrument, product };
    return {
      killSwitch, ...(lossLatchedAt === undefined ? {} : { lossLatchedAt }),
      unexplained: { inInstrument: 0, inAccount: 0 },
      position: this.positions.get(nameOf(key)) ?? flatPosition(key, happenedAt),
      pending, ...(stops.buy + stops.sell === 0 ? {} : { stops }), accountPosition, accountPending, unknownOrders,
      otherOpenInstruments: others.size, openPositions: this.listPositions({ openOnly: true }),
      ...this.#countersOf(tradingDay),
      ...(reEntry === undefined ? {} : { reEntries: this.parts.reEntries.use({ ...key, group: reEntry.group, tradingDay }, this, draft) }),
      locks: lockNames.map((name) => this.heldLock(name, happenedAt)).filter((lock) => lock !== undefined),
    };
  }

  admit(request: AdmissionRequest, decide: (state: AdmissionState) => Admission): AdmissionResult {
    const known = this.intents.get(request.key);
    if (known !== undefined) return { intent: known, ...(known.orderId === undefined ? {} : { order: this.order(known.orderId) }), duplicate: true };
    const admission = decide(this.stateOf(request));
    const intent = decidedIntent(request, admission, this.parts.clock.now());
    this.intents.set(intent.key, intent);
    if (intent.status === 'DENIED') this.parts.events.add(refusalNews(intent));
    if (admission.kind === 'deny' && admission.latchLoss === true) this.latchLoss(request.happenedAt, admission.denial.message);
    return { intent, ...(admission.kind === 'admit' ? { order: this.#reserve(request, intent, admission) } : {}), duplicate: false };
  }

  #reserve(request: AdmissionRequest, intent: Intent, admission: Extract<Admission, { kind: 'admit' }>): Order {
    const { draft, orderId: id, key: intentKey, happenedAt, tradingDay } = request;
    const { account, strategyId, nodeKey, signalId, instrument, purpose, product, orderType } = draft;
    const booked: BookedOrder = {
      id, intentKey, account, strategyId, nodeKey, signalId, instrument, purpose, action: admission.action, product, orderType, ...pricesOfDraft(draft),
      quantity: admission.quantity, filledQuantity: 0, filledValue: ZERO_MONEY, status: 'SUBMITTING', recordedAt: intent.recordedAt, updatedAt: intent.recordedAt,
    };
    this.orders.set(id, booked);
    this.open.set(id, booked);
    const ofSignal = this.ordersBySignal.get(draft.signalId);
    if (ofSignal === undefined) this.ordersBySignal.set(draft.signalId, [id]);
    else ofSignal.push(id);
    this.#count(tradingDay, { orders: 1 });
    if (admission.lock !== undefined) this.acquireLock(admission.lock, happenedAt);
    const order = orderOf(booked);
    const held = this.positions.get(nameOf(draft))?.quantity ?? 0;
    if (request.protection !== undefined) this.parts.protections.createFor(order, held, request.protection);
    if (request.reEntry !== undefined) this.parts.reEntries.add(order, held, request.reEntry, tradingDay, happenedAt);
    return order;
  }

  order(id: string): Order {
    const booked = this.orders.get(id);
    if (booked === undefined) throw new Error(`There is no order ${id}.`);
    return orderOf(booked);
  }

  applyUpdates(orderId: string, brokerOrderId: string | undefined, updates: readonly BrokerUpdate[], tradingDay: IsoDate): Order {
    const known = this.orders.get(orderId);
    if (known === undefined) throw new Error(`There is no order ${orderId}.`);
    let order = brokerOrderId === undefined || known.brokerOrderId !== undefined ? known : { ...known, brokerOrderId };
    for (const update of updates) order = update.kind === 'status' ? this.#note(order, afterStatus(order, update)) : this.#bookFill(order, update.fill, tradingDay);
    if (order === known) return orderOf(known);
    this.save({ ...order, updatedAt: this.parts.clock.now() });
    const booked = this.order(orderId);
    this.parts.protections.bookOrder(booked);
    return booked;
  }

  save(order: BookedOrder): void {
    this.orders.set(order.id, order);
    if (TERMINAL_STATUSES.has(order.status)) this.open.delete(order.id);
    else this.open.set(order.id, order);
  }

  #bookFill(order: BookedOrder, fill: Fill, tradingDay: IsoDate): BookedOrder {
    const id = `${order.id} ${fill.tradeId}`;
    if (this.#tradeIds.has(id)) return order;
    this.#tradeIds.add(id);
    this.fills.push(fill);
    const own = this.fillsByOrder.get(order.id);
    if (own === undefined) this.fillsByOrder.set(order.id, [fill]);
    else own.push(fill);
    const realised = this.book(order, order.action, fill);
    this.#count(tradingDay, { realised });
    return this.#note(order, afterFill(order, fill));
  }

  /** Books a trade in a sub-ledger; what it realised, charges taken off. */
  book({ account, strategyId, instrument, product }: PositionKey, action: Order['action'], { quantity, price, charges, happenedAt }: Fill): Money {
    const name = nameOf({ strategyId, instrument, product });
    const before = this.positions.get(name) ?? flatPosition({ account, strategyId, instrument, product }, happenedAt);
    const after = applyFill(before, { action, quantity, price, charges, happenedAt });
    this.positions.set(name, after);
    if (after.quantity === 0) this.held.delete(name);
    else this.held.set(name, after);
    return asMoney(after.realisedPnl - before.realisedPnl - charges);
  }

  #note(before: BookedOrder, step: OrderStep): BookedOrder {
    if (step.event === undefined) return step.order;
    const news = orderNewsKind(before, step);
    const { order } = step;
    if (news !== undefined) this.parts.events.addLazily(news, () => orderNews({ ...order, denial: order.denial }, news, step.event?.happenedAt ?? 0));
    return order;
  }

  listPositions({ strategyId, openOnly = false }: { readonly strategyId?: string; readonly openOnly?: boolean } = {}): readonly Position[] {
    const found = [...(openOnly ? this.held : this.positions).values()].filter((position) => strategyId === undefined || position.strategyId === strategyId);
    return found.length < 2 ? found : found.sort((a, b) => compare(a.strategyId, b.strategyId) || compare(a.instrument, b.instrument) || compare(a.product, b.product));
  }

  // ------------------------------------------------------------- locks and risk

  heldLock(name: string, now: EpochMs): HeldLock | undefined {
    const lock = this.locks.get(name);
    return lock !== undefined && lock.until > now ? lock : undefined;
  }

  acquireLock({ account, name, owner, until, reason }: LockRequest, now: EpochMs): { readonly acquired: boolean; readonly lock: HeldLock } {
    const current = this.heldLock(name, now);
    if (current !== undefined && current.owner !== owner) return { acquired: false, lock: current };
    const lock: HeldLock = { account, name, owner, until: Math.max(until, current?.until ?? until), acquiredAt: current?.acquiredAt ?? now, ...(reason === undefined ? {} : { reason }) };
    this.locks.set(name, lock);
    return { acquired: true, lock };
  }

  setKillSwitch({ on, flatten = false, happenedAt, reason }: { readonly on: boolean; readonly flatten?: boolean; readonly happenedAt: EpochMs; readonly reason?: string }): void {
    const { killedAt, flatten: flattens = false, ...before } = this.risk;
    const wantsFlat = on && (flatten || (before.killSwitch && flattens));
    this.risk = { ...before, killSwitch: on, ...(wantsFlat ? { flatten: true } : {}), ...(on ? { killedAt: before.killSwitch ? killedAt ?? happenedAt : happenedAt } : {}) };
    if (on === before.killSwitch) return;
    const because = reason === undefined ? '.' : `: ${reason}`;
    this.#tell(on ? 'killSwitch' : 'rearmed', happenedAt, `The kill switch of account ${before.account} is ${on ? 'on' : 'off'}${because}`);
  }

  latchLoss(happenedAt: EpochMs, reason: string): void {
    if (this.risk.lossLatchedAt !== undefined) return;
    this.risk = { ...this.risk, lossLatchedAt: happenedAt };
    this.#tell('dailyLoss', happenedAt, `The day’s loss limit of account ${this.risk.account} is reached: ${reason}`);
  }

  rearm(happenedAt: EpochMs): void {
    const { account, ordersToday, realisedToday, carriedToday, tradingDay, killSwitch, lossLatchedAt } = this.risk;
    this.risk = { account, killSwitch: false, ordersToday, realisedToday, ...(carriedToday === undefined ? {} : { carriedToday }), ...(tradingDay === undefined ? {} : { tradingDay }) };
    if (killSwitch || lossLatchedAt !== undefined) this.#tell('rearmed', happenedAt, `Account ${account} takes orders again: it was re-armed.`);
  }

  #tell(kind: 'killSwitch' | 'rearmed' | 'dailyLoss', happenedAt: EpochMs, message: string): void {
    this.parts.events.add({ key: this.parts.events.nextKey(kind), account: this.risk.account, kind, message, facts: {}, happenedAt });
  }

  /** Counts once a day what a position had won by the close before. */
  carryIn({ strategyId, instrument, product, updatedAt }: Position, tradingDay: IsoDate, { close, carried }: { readonly close: Money; readonly carried: Money }): boolean {
    const name = nameOf({ strategyId, instrument, product });
    const position = this.held.get(name);
    if (position === undefined || position.carriedOn === tradingDay || position.updatedAt !== updatedAt) return false;
    const noted = { ...position, carriedOn: tradingDay, carriedAt: close };
    this.held.set(name, noted);
    this.positions.set(name, noted);
    this.#count(tradingDay, { carried });
    return true;
  }

  #count(tradingDay: IsoDate, { orders = 0, realised = 0, carried = 0 }: { readonly orders?: number; readonly realised?: number; readonly carried?: number }): void {
    const { account, killSwitch, killedAt, flatten, lossLatchedAt, tradingDay: known } = this.risk;
    const before = this.#countersOf(tradingDay);
    const carriedToday = asMoney((before.carriedToday ?? 0) + carried);
    this.risk = {
      account, killSwitch, ...(killedAt === undefined ? {} : { killedAt }), ...(flatten === undefined ? {} : { flatten }), ...(lossLatchedAt === undefined ? {} : { lossLatchedAt }),
      tradingDay: known === undefined || tradingDay > known ? tradingDay : known, ...(carriedToday === 0 ? {} : { carriedToday }),
      ordersToday: before.ordersToday + orders, realisedToday: asMoney(before.realisedToday + realised),
    };
  }

  #countersOf(tradingDay: IsoDate): Pick<RiskStateRow, 'ordersToday' | 'realisedToday' | 'carriedToday'> {
    const { tradingDay: known, ordersToday, realisedToday, carriedToday } = this.risk;
    if (known !== undefined && tradingDay > known) return { ordersToday: 0, realisedToday: ZERO_MONEY };
    return { ordersToday, realisedToday, ...(carriedToday === undefined ? {} : { carriedToday }) };
  }
}

function nameOf({ strategyId, instrument, product }: Pick<PositionKey, 'strategyId' | 'instrument' | 'product'>): string {
  return `${product} ${instrument} ${strategyId}`;
}

function add(pending: { buy: number; sell: number }, { action }: Pick<Order, 'action'>, rest: number): PendingQuantity {
  if (action === 'BUY') pending.buy += rest;
  else pending.sell += rest;
  return pending;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
