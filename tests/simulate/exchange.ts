import { asMoney, toMoney, type Money } from '../../runtime/domain/money';
import type { Fill, OrderStatus } from '../../runtime/domain/order';
import type { BrokerOrder, BrokerOrderState, BrokerPosition, BrokerUpdate, ListedOrder, OrderChange, PlaceOutcome } from '../../runtime/domain/ports';
import { termsOf } from '../../runtime/domain/orderChange';
import type { EpochMs } from '../../runtime/domain/time';
import { INSTRUMENTS, type World } from './world';

interface Held {
  readonly brokerOrderId: string;
  order: BrokerOrder;
  readonly placedAt: EpochMs;
  status: OrderStatus;
  filled: number;
  /** Everything that was said of it, with the time at which it became true. */
  readonly said: { readonly at: EpochMs; readonly update: BrokerUpdate }[];
}

const OVER: ReadonlySet<OrderStatus> = new Set(['FILLED', 'CANCELLED', 'REJECTED']);
const CHARGES = toMoney(1);

/**
 * A broker and its exchange: the truth about the orders of one account. What it is asked happens at once; what becomes of an order comes in
 * its own time. It takes whatever arrives: two requests with one client order id are two orders, as at most real brokers.
 */
export class Exchange {
  readonly account: string;
  readonly #world: World;
  readonly #orders = new Map<string, Held>();
  readonly #byHand: ListedOrder[] = [];
  readonly #listeners = new Map<string, (update: BrokerUpdate) => void>();
  readonly #deaf = new Set<string>();
  #numbers = 0;

  constructor(world: World, account: string) {
    this.#world = world;
    this.account = account;
  }

  // ------------------------------------------------------------ requests that arrive

  /** Takes an order, or refuses it at once; then nothing is left of it that a later look could find. */
  place(order: BrokerOrder): PlaceOutcome {
    if (this.#world.fault('rejected at once', 0.03)) return { kind: 'rejected', denial: { code: 'INSUFFICIENT_FUNDS', message: 'not enough margin' } };
    const held = this.#take(order);
    this.#plan(held);
    return this.#accepted(held, this.#world.random.chance(0.3));
  }

  /** Takes an order as a broker does that knows our order ids: one that it has already is answered with what became of it. */
  placeOnce(order: BrokerOrder): PlaceOutcome {
    const known = this.#orders.get(order.id);
    if (known !== undefined) return this.#accepted(known, true);
    // A refusal is what became of it: the same id is answered with it again, whoever asks.
    const isRefused = this.#world.fault('rejected at once', 0.03) || this.#world.fault('rejected at once', 0.03);
    const held = this.#take(order);
    if (isRefused) this.#end(held, 'REJECTED');
    else this.#plan(held);
    return this.#accepted(held, isRefused || this.#world.random.chance(0.3));
  }

  #take(order: BrokerOrder): Held {
    const held: Held = { brokerOrderId: `${this.account}-${++this.#numbers}`, order, placedAt: this.#world.scheduler.now, status: 'ACCEPTED', filled: 0, said: [] };
    this.#world.watch.accepted(order.id);
    this.#orders.set(order.id, held);
    this.#world.watch.alive(order.id, true);
    this.#say(held, { kind: 'status', orderId: order.id, status: 'ACCEPTED', happenedAt: this.#world.clock.now() });
    return held;
  }

  #accepted({ brokerOrderId, said }: Held, withUpdates: boolean): PlaceOutcome {
    return { kind: 'accepted', brokerOrderId, updates: withUpdates ? said.map(({ update }) => update) : [] };
  }

  /** False where there is nothing to cancel (any more). The cancellation itself may lose against a fill. */
  cancel(orderId: string): boolean {
    const held = this.#orders.get(orderId);
    if (held === undefined || OVER.has(held.status)) return false;
    this.#later(held, 'cancels', this.#world.random.between(0, 800), () => {
      if (this.#world.fault('a fill wins over the cancel', 0.25)) this.#fill(held, held.order.quantity - held.filled);
      else this.#end(held, 'CANCELLED');
    });
    return true;
  }

  /** New terms take effect at once where the order is still open and not filled beyond them. */
  modify(orderId: string, change: OrderChange): boolean {
    const held = this.#orders.get(orderId);
    if (held === undefined || OVER.has(held.status) || (change.quantity ?? Infinity) <= held.filled) return false;
    held.order = { ...held.order, ...change };
    return true;
  }

  // ------------------------------------------------------------ what it tells

  /** What was known of the order `lagMs` ago. */
  stateOf(orderId: string, lagMs = 0): BrokerOrderState | undefined {
    const held = this.#orders.get(orderId);
    const until = this.#world.scheduler.now - lagMs;
    if (held === undefined || held.placedAt > until) return undefined;
    return { brokerOrderId: held.brokerOrderId, updates: held.said.filter(({ at }) => at <= until).map(({ update }) => update), terms: termsOf(held.order) };
  }

  /** Every order of the day as it stood `lagMs` ago, whoever placed it. */
  listed(lagMs = 0): readonly ListedOrder[] {
    const until = this.#world.scheduler.now - lagMs;
    const ours = [...this.#orders.values()].filter(({ placedAt }) => placedAt <= until).map(({ brokerOrderId, order, said, placedAt }): ListedOrder => {
      const known = said.filter(({ at }) => at <= until).map(({ update }) => update);
      const filledQuantity = known.reduce((sum, update) => sum + (update.kind === 'fill' ? update.fill.quantity : 0), 0);
      const status = known.map((update): OrderStatus => (update.kind === 'status' ? update.status : 'PARTIALLY_FILLED')).at(-1) ?? 'ACCEPTED';
      return { brokerOrderId, orderId: order.id, instrument: order.instrument, action: order.action, quantity: order.quantity, filledQuantity, product: order.product, status, placedAt };
    });
    return [...ours, ...this.#byHand.filter(({ placedAt = 0 }) => placedAt <= until)];
  }

  positions(): readonly BrokerPosition[] {
    const totals = new Map<string, { readonly instrument: BrokerPosition['instrument']; readonly product: BrokerPosition['product']; quantity: number }>();
    const add = (instrument: BrokerPosition['instrument'], product: BrokerPosition['product'], quantity: number): void => {
      const key = `${instrument}|${product}`;
      const total = totals.get(key) ?? { instrument, product, quantity: 0 };
      total.quantity += quantity;
      totals.set(key, total);
    };
    for (const { order, filled } of this.#orders.values()) add(order.instrument, order.product, order.action === 'BUY' ? filled : -filled);
    for (const { instrument, product = 'MIS', action, quantity } of this.#byHand) add(instrument, product, action === 'BUY' ? quantity : -quantity);
    return [...totals.values()].filter(({ quantity }) => quantity !== 0);
  }

  filledOf(orderId: string): number {
    return this.#orders.get(orderId)?.filled ?? 0;
  }

  has(orderId: string): boolean {
    return this.#orders.has(orderId);
  }

  listen(life: string, listener: (update: BrokerUpdate) => void): () => void {
    this.#listeners.set(life, listener);
    return () => void this.#listeners.delete(life);
  }

  /** The day is over: what rests is filled or cancelled. */
  finish(): void {
    for (const held of this.#orders.values()) {
      if (OVER.has(held.status)) continue;
      if (this.#world.random.chance(0.5)) this.#fill(held, held.order.quantity - held.filled);
      else this.#end(held, 'CANCELLED');
    }
  }

  // ------------------------------------------------------------ what becomes of an order

  #plan(held: Held): void {
    const { random } = this.#world;
    if (this.#world.fault('rejected by the exchange later', 0.09)) {
      this.#later(held, 'is rejected', random.between(50, 3_000), () => { this.#end(held, 'REJECTED'); });
      return;
    }
    if (held.order.triggerPrice !== undefined) {
      this.#later(held, 'waits for its trigger', random.between(0, 300), () => { this.#move(held, 'TRIGGER_PENDING'); });
      // Whatever the price is: a stop may be met at any moment.
      if (random.chance(0.6)) return;
    }
    if (random.chance(0.5)) this.#later(held, 'opens', random.between(0, 300), () => { this.#move(held, 'OPEN'); });
    const rests = held.order.orderType !== 'MARKET' && random.chance(0.5);
    const parts = random.pick([1, 1, 2, 3]);
    for (let part = 1; part <= parts; part += 1) {
      const isLast = part === parts;
      if (isLast && !this.#world.calm && (rests || (parts > 1 && random.chance(0.15)))) break;
      const delayMs = random.between(0, held.order.orderType === 'MARKET' ? 1_500 : 20_000);
      this.#later(held, 'trades', delayMs, () => { this.#fill(held, isLast ? held.order.quantity - held.filled : partOf(held, random.between(2, 4))); });
    }
  }

  #later(held: Held, what: string, delayMs: number, run: () => void): void {
    this.#world.scheduler.add({
      owner: 'exchange', what: `exchange: ${held.order.id} ${what}`, delayMs,
      run: () => { if (!OVER.has(held.status)) run(); },
    });
  }

  #fill(held: Held, quantity: number): void {
    if (quantity <= 0) return;
    held.filled += quantity;
    const { order } = held;
    const price = this.#price(order);
    const fill: Fill = { orderId: order.id, tradeId: `${held.brokerOrderId}-${held.filled}`, quantity, price, charges: CHARGES, happenedAt: this.#world.clock.now() };
    const isFull = held.filled >= order.quantity;
    held.status = isFull ? 'FILLED' : 'PARTIALLY_FILLED';
    if (isFull) this.#world.watch.alive(order.id, false);
    this.#world.watch.traded(order.id, quantity);
    this.#say(held, { kind: 'fill', fill });
    if (isFull) this.#say(held, { kind: 'status', orderId: order.id, status: 'FILLED', happenedAt: this.#world.clock.now() });
  }

  #price({ instrument, limitPrice }: BrokerOrder): Money {
    const last = this.#world.market.latest(instrument)?.last ?? toMoney(100);
    return limitPrice ?? asMoney(last + this.#world.random.between(-3, 3) * 500);
  }

  #move(held: Held, status: OrderStatus): void {
    if (held.filled > 0) return;
    held.status = status;
    this.#say(held, { kind: 'status', orderId: held.order.id, status, happenedAt: this.#world.clock.now() });
  }

  #end(held: Held, status: 'CANCELLED' | 'REJECTED'): void {
    held.status = status;
    this.#world.watch.alive(held.order.id, false);
    this.#say(held, { kind: 'status', orderId: held.order.id, status, ...(status === 'REJECTED' ? { denial: { code: 'ORDER_REJECTED', message: 'the exchange said no' } as const } : {}), happenedAt: this.#world.clock.now() });
  }

  /**
   * Tells everybody who listens. Reports of one order arrive in their order: the port promises that much, because an end that is told before its
   * fills would hide what the strategy holds. They may be late, come twice, or stay away, and then all later ones of that order do as well.
   */
  #say(held: Held, update: BrokerUpdate): void {
    const world = this.#world;
    held.said.push({ at: world.scheduler.now, update });
    for (const [life, listener] of this.#listeners) {
      const lane = `${life}/${held.order.id}`;
      if (!world.alive.has(life) || this.#deaf.has(lane)) continue;
      if (world.fault('a report is lost', 0.03)) {
        this.#deaf.add(lane);
        continue;
      }
      const isTwice = world.fault('a report comes twice', 0.08);
      const what = `${life} hears of ${held.order.id}: ${wordsOf(update)}`;
      world.scheduler.add({
        owner: life, what, lane, delayMs: world.random.between(0, 400),
        run: () => {
          // Adapters keep count by the journal: an end comes with every fill before it, those from before somebody listened as well.
          if (update.kind === 'status' && OVER.has(update.status)) for (const { update: earlier } of held.said) if (earlier.kind === 'fill') listener(earlier);
          listener(update);
          // A repeat may come behind whatever else is said meanwhile, but not before the first.
          if (isTwice) world.scheduler.add({ owner: life, what: `${what} again`, delayMs: world.random.between(0, 5_000), run: () => { listener(update); } });
        },
      });
    }
  }

  /** A person trades in the broker's own app. */
  tradeByHand(instrument: BrokerPosition['instrument'], action: 'BUY' | 'SELL', quantity: number): void {
    this.#world.watch.tradedByHand(this.account, instrument);
    const averagePrice = this.#world.market.latest(instrument)?.last ?? toMoney(100);
    this.#byHand.push({ brokerOrderId: `${this.account}-${++this.#numbers}`, instrument, action, quantity, filledQuantity: quantity, averagePrice, product: 'MIS', status: 'FILLED', placedAt: this.#world.scheduler.now });
  }
}

/** A part of what is left, in whole lots. */
function partOf({ order, filled }: Held, parts: number): number {
  const lot = INSTRUMENTS.find(({ key }) => key === order.instrument)?.lotSize ?? 1;
  return Math.ceil((order.quantity - filled) / lot / parts) * lot;
}

function wordsOf(update: BrokerUpdate): string {
  return update.kind === 'fill' ? `${update.fill.quantity} filled (${update.fill.tradeId})` : update.status;
}
