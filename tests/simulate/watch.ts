import type { IntentDraft, Order, OrderStatus } from '../../runtime/domain/order';
import { TERMINAL_STATUSES } from '../../runtime/domain/order';
import type { Admission, AdmissionRequest } from '../../runtime/domain/ports';
import type { Fence } from '../../runtime/domain/lease';
import { isHeldStop } from '../../runtime/domain/protection';
import { isSquaredOff } from './squareOff';
import type { WrittenLease, WrittenOrder, WrittenPosition } from './memoryStore';

/** One order as the simulation has seen it, apart from what any journal says. */
export interface Seen {
  readonly id: string;
  readonly identity: string;
  readonly account: string;
  readonly strategyId: string;
  readonly instrument: string;
  readonly product: Order['product'];
  readonly purpose: Order['purpose'];
  readonly action: Order['action'];
  /** As it stands now: a modification may change it. */
  quantity: number;
  /** What it could do to its strategy's position, as it was admitted. */
  readonly reduces: boolean;
  /** A protection's stop that rests at the broker. */
  readonly isStop: boolean;
  /** An exit that its own strategy has traded past since: where it ends is no longer the exit's doing. */
  overtaken: boolean;
  /** What its ledger held that no order of ours brought, when it was admitted: a person who trades meanwhile moves what an exit finds. */
  readonly share: number;
  status: OrderStatus;
  /** By the journal. */
  filled: number;
  /** By the exchange. */
  traded: number;
  sends: number;
  /** Times that the exchange has taken it. */
  accepted: number;
  /** The exchange holds it open. */
  live: boolean;
}

/** Limits as they stood, at most, for the process that decided. */
export interface Bounds {
  readonly maxPosition: number;
  readonly maxSymbolExposure: number;
}

/** Refusals that an exit may meet: everything else is meant for new risk alone. */
const EXIT_REFUSALS: ReadonlySet<string> = new Set(['MARKET_CLOSED', 'QUANTITY_INVALID', 'LOT_SIZE', 'NOT_ARMED', 'WOULD_REVERSE', 'LEASE_LOST', 'NO_POSITION', 'RATE_LIMITED', 'SESSION_EXPIRED', 'TOO_MANY_SLICES', 'BROKER_PAUSED', 'QUANTITY_ZERO', 'RISK_UNREADABLE']);

/**
 * The promises of an order's life, each checked where it could be broken. It keeps books of its own, from what was asked of ports and
 * what the exchange did, so that a fault in the product's books can not hide itself.
 */
export class Watch {
  readonly orders = new Map<string, Seen>();
  /** Leases as they were written last, by name. */
  readonly leases = new Map<string, WrittenLease>();
  /** The fence that the work of a signal goes by, where it has an owner. */
  readonly fences = new Map<string, Fence>();
  /** Identities that were decided, with their order, if there is one. */
  readonly #decided = new Map<string, string | undefined>();
  readonly #undurable = new Set<string>();
  readonly #killed = new Map<string, number>();
  /** Accounts whose day's loss limit was reached. */
  readonly #latched = new Set<string>();
  /** Since when a live account is not armed. */
  readonly #disarmed = new Map<string, number>();
  /** What the journal's ledgers hold, by sub-ledger. */
  readonly #booked = new Map<string, number>();
  /** What came of our own orders, of that. */
  readonly #own = new Map<string, number>();
  /** Sub-ledgers that were written since the last check. */
  readonly #touched = new Set<string>();
  /** Instruments in which somebody traded by hand, by account. */
  readonly #byHand = new Set<string>();
  readonly #report: (message: string) => void;

  constructor(report: (message: string) => void) {
    this.#report = report;
  }

  // ------------------------------------------------------------ the gate

  /** The gate has decided, inside the transaction that admits; what it says is about to be written. */
  decided(request: AdmissionRequest, admission: Admission, bounds: Bounds): void {
    const { draft, orderId } = request;
    const identity = identityOf(draft);
    if (this.#decided.has(identity)) this.#report(`one wish was decided twice: ${identity}`);
    this.#checkFence(draft.signalId, request.fence ?? this.fences.get(draft.signalId), request.happenedAt);
    if (admission.kind === 'satisfied') {
      this.#decided.set(identity, undefined);
      return;
    }
    const { action, quantity } = admission;
    const about = { account: draft.account, strategyId: draft.strategyId, instrument: draft.instrument, product: draft.product };
    const reduces = quantity <= this.#closable(about, action);
    const unknown = this.#ofInstrument(about).filter((order) => order.status === 'UNKNOWN').length;
    if (admission.kind === 'deny') {
      this.#decided.set(identity, undefined);
      this.#refused(identity, admission.denial.code, { reduces, unknown });
      return;
    }
    const stops = this.#ofInstrument(about).filter((order) => order.isStop && order.action === action && isSameBook(order, about));
    if (stops.length > 0 && quantity > this.#closable(about, action)) this.#report(`an order of ${quantity} was admitted beside ${stops.length} stops at the broker that did not make way for it: ${identity}`);
    if (draft.purpose === 'exit' && !reduces) this.#report(`an exit of ${quantity} was admitted where ${this.#closable(about, action)} could be closed: ${identity}`);
    if (!reduces) this.#riskAdmitted({ identity, account: draft.account, unknown, at: request.happenedAt }, about, { action, quantity }, bounds);
    this.#decided.set(identity, orderId);
    this.#undurable.add(orderId);
    this.orders.set(orderId, {
      id: orderId, identity, ...about, purpose: draft.purpose, action, quantity, reduces,
      isStop: isHeldStop(draft), overtaken: false, share: this.#share(bookKey(about)), status: 'SUBMITTING', filled: 0, traded: 0, sends: 0, accepted: 0, live: false,
    });
    if (reduces) return;
    for (const order of this.#ofInstrument(about)) if (order.purpose === 'exit' && order.action === action && isSameBook(order, about)) order.overtaken = true;
  }

  #checkFence(signalId: string, fence: Fence | undefined, now: number): void {
    if (fence === undefined) return;
    const lease = this.leases.get(fence.name);
    if (lease?.token !== fence.token || lease.until <= now) this.#report(`${signalId}: decided for an owner whose lease ${fence.name} was over`);
  }

  #refused(identity: string, code: string, { reduces, unknown }: { readonly reduces: boolean; readonly unknown: number }): void {
    if (code === 'UNRESOLVED_ORDER' && unknown === 0) this.#report(`refused for an unknown order where there is none: ${identity}`);
    if (reduces && !EXIT_REFUSALS.has(code)) this.#report(`an order that only reduces was refused with ${code}: ${identity}`);
  }

  #riskAdmitted({ identity, account, unknown, at }: { readonly identity: string; readonly account: string; readonly unknown: number; readonly at: number }, about: Book, order: Pick<Seen, 'action' | 'quantity'>, bounds: Bounds): void {
    if (this.#disarmed.has(account)) this.#report(`new risk was admitted on an account that is not armed: ${identity}`);
    if (this.#killed.has(account)) this.#report(`new risk was admitted under the kill switch: ${identity}`);
    if (isSquaredOff(about, at)) this.#report(`new intraday risk was admitted after its square-off: ${identity}`);
    if (this.#latched.has(account)) this.#report(`new risk was admitted after the day's loss limit was reached: ${identity}`);
    if (unknown > 0) this.#report(`new risk was admitted beside an order of unknown outcome: ${identity}`);
    const open = this.#ofInstrument(about);
    const own = exposureAfter(this.#position(about), open.filter((other) => isSameBook(other, about)), order);
    if (own > bounds.maxPosition) this.#report(`the strategy may come to ${own}, over its limit of ${bounds.maxPosition}: ${identity}`);
    const all = exposureAfter(this.#accountPosition(about), open, order);
    if (all > bounds.maxSymbolExposure) this.#report(`the account may come to ${all} in ${about.instrument}, over its limit of ${bounds.maxSymbolExposure}: ${identity}`);
  }

  // ------------------------------------------------------------ the journal

  /** The journal's word on an order has changed. */
  journalled(order: WrittenOrder): void {
    const seen = this.orders.get(order.id);
    if (seen === undefined) {
      this.#report(`the journal has an order that nobody decided: ${order.id}`);
      return;
    }
    seen.quantity = order.quantity;
    if (order.filledQuantity > seen.quantity) this.#report(`${order.id}: ${order.filledQuantity} of ${seen.quantity} filled`);
    if (order.filledQuantity > seen.traded) this.#report(`${order.id}: ${order.filledQuantity} booked where the exchange traded ${seen.traded}`);
    if (order.filledQuantity < seen.filled) this.#report(`${order.id}: a fill was forgotten`);
    if (TERMINAL_STATUSES.has(seen.status) && seen.status !== order.status && order.status !== 'FILLED') this.#report(`${order.id}: ${seen.status} became ${order.status}`);
    if (TERMINAL_STATUSES.has(order.status) && seen.live) this.#report(`${order.id}: over by the journal (${order.status}), open at the exchange`);
    if (order.status === 'EXPIRED' && order.denial?.includes('EXPIRED_UNSENT') === true && seen.accepted > 0) this.#report(`${order.id}: told never sent, but the exchange has it`);
    this.#move(seen, order.filledQuantity - seen.filled);
    seen.filled = order.filledQuantity;
    seen.status = order.status;
  }

  /** What was written so far can not be lost any more. */
  flushed(): void {
    this.#undurable.clear();
  }

  /** A power cut has taken what was not flushed: the journal has these orders and intents now. */
  restored({ orders, positions, decided }: { readonly orders: readonly Order[]; readonly positions: readonly WrittenPosition[]; readonly decided: ReadonlySet<string> }): void {
    const kept = new Map(orders.map((order) => [order.id, order]));
    for (const [id, seen] of this.orders) {
      const order = kept.get(id);
      if (order === undefined) {
        if (!this.#undurable.has(id)) this.#report(`${id}: a durable order is gone`);
        if (seen.sends > 0) this.#report(`${id}: sent, and gone from the journal`);
        this.orders.delete(id);
      } else {
        this.#move(seen, order.filledQuantity - seen.filled);
        seen.filled = order.filledQuantity;
        seen.status = order.status;
      }
    }
    for (const identity of [...this.#decided.keys()]) if (!decided.has(identity)) this.#decided.delete(identity);
    this.#undurable.clear();
    this.#booked.clear();
    for (const position of positions) this.booked(position);
  }

  /** A ledger was written. */
  booked(position: WrittenPosition): void {
    const key = bookKey(position);
    this.#booked.set(key, position.quantity);
    this.#touched.add(key);
  }

  isTradedByHand(account: string, instrument: string): boolean {
    return this.#byHand.has(`${account}|${instrument}`);
  }

  /** Somebody trades past us. */
  tradedByHand(account: string, instrument: string): void {
    this.#byHand.add(`${account}|${instrument}`);
  }

  /** After every step: a ledger holds what its orders filled, and nothing else where nobody traded past us. */
  check(): void {
    for (const key of this.#touched) {
      const [account = '', instrument = ''] = key.split('|');
      if (this.#byHand.has(`${account}|${instrument}`) || this.#share(key) === 0) continue;
      this.#report(`the ledger ${key} holds ${this.#booked.get(key) ?? 0}, its orders filled ${this.#own.get(key) ?? 0}`);
    }
    this.#touched.clear();
  }

  killSwitch(account: string, on: boolean, at: number): void {
    if (!on) this.#killed.delete(account);
    else if (!this.#killed.has(account)) this.#killed.set(account, at);
  }

  latch(account: string, on: boolean): void {
    if (on) this.#latched.add(account);
    else this.#latched.delete(account);
  }

  arming(account: string, isArmed: boolean, at: number): void {
    if (isArmed) this.#disarmed.delete(account);
    else if (!this.#disarmed.has(account)) this.#disarmed.set(account, at);
  }

  // ------------------------------------------------------------ the way to the exchange

  /** A placement leaves its process. `startedAt` says when that process began; with `once` nobody can know that an earlier request was not taken, so there must be none. */
  sent(orderId: string, { startedAt, once }: { readonly startedAt: number; readonly once: boolean }): void {
    const seen = this.orders.get(orderId);
    if (seen === undefined) {
      this.#report(`${orderId}: sent without having been decided`);
      return;
    }
    seen.sends += 1;
    if (this.#undurable.has(orderId)) this.#report(`${orderId}: sent before it was durable`);
    if (once && seen.sends > 1) this.#report(`${orderId}: sent again`);
    if (once && seen.status !== 'SUBMITTING' && seen.status !== 'UNKNOWN') this.#report(`${orderId}: sent while the journal says ${seen.status}`);
    const stoppedAt = Math.min(this.#killed.get(seen.account) ?? Infinity, this.#disarmed.get(seen.account) ?? Infinity);
    if (stoppedAt < startedAt && seen.purpose === 'entry' && !seen.reduces) this.#report(`${orderId}: new risk was sent although the account was stopped before its process began`);
  }

  /** The exchange has taken it. */
  accepted(orderId: string): void {
    const seen = this.orders.get(orderId);
    if (seen === undefined) return;
    seen.accepted += 1;
    if (seen.accepted > 1) this.#report(`${orderId}: the exchange took it ${seen.accepted} times`);
    const twins = [...this.orders.values()].filter((other) => other.identity === seen.identity && other.accepted > 0);
    if (twins.length > 1) this.#report(`one wish became two orders at the exchange: ${seen.identity}`);
  }

  alive(orderId: string, live: boolean): void {
    const seen = this.orders.get(orderId);
    if (seen !== undefined) seen.live = live;
  }

  /** The exchange has traded. */
  traded(orderId: string, quantity: number): void {
    const seen = this.orders.get(orderId);
    if (seen === undefined) return;
    const before = this.tradedPosition(seen);
    seen.traded += quantity;
    const after = this.tradedPosition(seen);
    if (seen.purpose === 'exit' && !seen.overtaken && seen.share === this.#share(bookKey(seen)) && (before === 0 || before * after < 0 || Math.abs(after) > Math.abs(before))) {
      this.#report(`${orderId}: an exit took its strategy from ${before} to ${after}`);
    }
  }

  /** What a strategy holds by the exchange's fills of our orders, and by its share of what was traded by hand. */
  tradedPosition(about: Book): number {
    let total = this.#share(bookKey(about));
    for (const order of this.orders.values()) if (isSameBook(order, about)) total += signed(order, order.traded);
    return total;
  }

  // ------------------------------------------------------------ its own books

  #move(order: Seen, quantity: number): void {
    const key = bookKey(order);
    this.#own.set(key, (this.#own.get(key) ?? 0) + signed(order, quantity));
  }

  /** What a ledger holds that no order of ours brought. */
  #share(key: string): number {
    return (this.#booked.get(key) ?? 0) - (this.#own.get(key) ?? 0);
  }

  #position(about: Book): number {
    return this.#booked.get(bookKey(about)) ?? 0;
  }

  #accountPosition({ account, instrument }: Book): number {
    let total = 0;
    for (const [key, quantity] of this.#booked) if (key.startsWith(`${account}|${instrument}|`)) total += quantity;
    return total;
  }

  /** Orders of the account in this instrument that may still trade, by the journal. */
  #ofInstrument({ account, instrument }: Pick<Book, 'account' | 'instrument'>): readonly Seen[] {
    return [...this.orders.values()].filter((order) => order.account === account && order.instrument === instrument && !TERMINAL_STATUSES.has(order.status));
  }

  #closable(about: Book, action: Order['action']): number {
    const held = this.#position(about) * (action === 'SELL' ? 1 : -1);
    const closing = this.#ofInstrument(about).filter((order) => order.action === action && isSameBook(order, about));
    return Math.max(0, held - closing.reduce((sum, order) => sum + Math.max(0, order.quantity - order.filled), 0));
  }
}

/** What makes a wish the same wish, whoever delivers it. */
export function identityOf({ account, strategyId, nodeKey, signalId, instrument, leg, purpose }: Pick<IntentDraft, 'account' | 'strategyId' | 'nodeKey' | 'signalId' | 'instrument' | 'leg' | 'purpose'>): string {
  return JSON.stringify([account, strategyId, nodeKey, signalId, instrument, leg, purpose]);
}

/** One sub-ledger. */
export type Book = Pick<Seen, 'account' | 'strategyId' | 'instrument' | 'product'>;

function bookKey({ account, strategyId, instrument, product }: Book): string {
  return `${account}|${instrument}|${strategyId}|${product}`;
}

export function isSameBook(a: Book, b: Book): boolean {
  return bookKey(a) === bookKey(b);
}

function signed({ action }: Pick<Seen, 'action'>, quantity: number): number {
  return action === 'BUY' ? quantity : -quantity;
}

function exposureAfter(position: number, open: readonly Seen[], { action, quantity }: Pick<Seen, 'action' | 'quantity'>): number {
  const pending = open.reduce((sum, order) => sum + (order.action === action ? Math.max(0, order.quantity - order.filled) : 0), 0);
  return Math.abs(action === 'BUY' ? position + pending + quantity : position - pending - quantity);
}
