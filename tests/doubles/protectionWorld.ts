import { openSqliteStore } from '../../runtime/adapters/store';
import { manualClock, type ManualClock } from '../../runtime/adapters/system/manual';
import { manualMarket, type ManualMarket } from '../../runtime/adapters/ticks/simulated/manualMarket';
import { AccountConfig } from '../../runtime/domain/account';
import type { Instrument } from '../../runtime/domain/market';
import { toMoney, ZERO_MONEY } from '../../runtime/domain/money';
import type { Order } from '../../runtime/domain/order';
import type { BrokerOrder, BrokerUpdate, PlaceOutcome, Sessions, Store } from '../../runtime/domain/ports';
import { PROTECTION_NODE, protectionIdOf, type Protection, type ProtectionTerms } from '../../runtime/domain/protection';
import type { ReEntryTerms } from '../../runtime/domain/reEntry';
import { ALWAYS_OPEN } from '../../runtime/domain/session';
import { place } from '../../runtime/services/orderRouter/place';
import type { RoutedAccount } from '../../runtime/services/orderRouter/ports';
import { createProtectionKeeper, type ProtectionKeeper, type ProtectionPorts } from '../../runtime/services/protection';
import { NOW, silentLog } from './ingressWorld';
import { orderFor, origin, SBIN } from './routerWorld';
import { scriptedBroker, type BrokerScript, type ScriptedBroker } from './scriptedBroker';
import { WIDE } from './tradingWorld';

/** What the exchange does with an order that arrives: all of it fills, a part, it rests, or it is turned away. */
export type Behaviour = 'fill' | 'rest' | 'reject' | 'unknown' | number;

/** An exchange that several processes share; it fills, rests and turns away as the test says. */
export interface TestExchange {
  readonly orders: Map<string, BrokerOrder>;
  market: Behaviour;
  /** Cancels are carried out unless told otherwise. */
  cancels: boolean;
  readonly broker: ScriptedBroker;
  fill(orderId: string, quantity: number, rupees?: number): void;
  end(orderId: string, status?: 'CANCELLED' | 'REJECTED'): void;
}

export interface ProtectionWorld {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly market: ManualMarket;
  readonly exchange: TestExchange;
  readonly account: RoutedAccount;
  /** Names of runtimes that live. */
  readonly alive: Set<string>;
  /** A process that may watch. */
  process(owner: string, changes?: Partial<ProtectionPorts>): ProtectionKeeper;
  /** Sends an entry that asks for protection, and answers with its order. */
  enter(terms: ProtectionTerms, quantity?: number, changes?: { readonly signalId?: string; readonly action?: 'BUY' | 'SELL'; readonly reEntry?: ReEntryTerms }): Promise<Order>;
  /** A fresh price. */
  tick(rupees: number, ageMs?: number): void;
  /** Time passes and every process looks. */
  pass(ms: number): Promise<void>;
  settle(): Promise<void>;
  protection(): Promise<Protection>;
  /** Signed position of the strategy. */
  held(): Promise<number>;
  /** Exits of protection that reached the exchange: purpose-free, as it saw them. */
  exits(): Promise<readonly Order[]>;
  open: boolean;
  /** Ends every process without a word, as a power cut does. */
  kill(): void;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly path?: string;
  readonly heldStops?: boolean;
  readonly instrument?: Partial<Instrument>;
  readonly wrap?: (store: Store) => Store;
  readonly script?: BrokerScript;
  readonly clock?: ManualClock;
}

export async function protectionWorld({ path = ':memory:', heldStops = false, instrument = {}, wrap = (store) => store, clock = manualClock(NOW) }: WorldOptions = {}): Promise<ProtectionWorld> {
  const own = await openSqliteStore({ path, clock, log: silentLog });
  const store = wrap(own);
  const market = manualMarket();
  const listed: Instrument = { ...SBIN, ...instrument };
  const exchange = testExchange(clock, market, heldStops);
  const running = new Set<Promise<unknown>>();
  exchange.broker.onUpdate((update) => {
    const orderId = update.kind === 'fill' ? update.fill.orderId : update.orderId;
    const job: Promise<unknown> = store.applyUpdates({ orderId, updates: [update], tradingDay: ALWAYS_OPEN.tradingDay(clock.now()) }).catch(() => undefined).finally(() => running.delete(job));
    running.add(job);
  });
  const sessions: Sessions = { isOpen: () => world.open, tradingDay: (at) => ALWAYS_OPEN.tradingDay(at) };
  const account: RoutedAccount = { config: AccountConfig.parse({ limits: WIDE }), broker: exchange.broker, sessions };
  const ports = { store, market, clock, log: silentLog, pause: () => Promise.resolve(), instruments: { find: () => listed } };
  const alive = new Set<string>();
  const keepers: ProtectionKeeper[] = [];
  let signals = 0;

  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 5; turns += 1) {
      await Promise.all(running);
      await Promise.all(keepers.map((keeper) => keeper.idle()));
      await new Promise((resolve) => { setImmediate(resolve); });
    }
  };
  const world: ProtectionWorld = {
    store, clock, market, exchange, account, alive, open: true,
    process(owner, changes = {}) {
      alive.add(owner);
      const keeper = createProtectionKeeper({ ...ports, accounts: { use: (_id, work) => work(account) }, owners: { own: owner, isAlive: (name) => alive.has(name) }, ...changes });
      keepers.push(keeper);
      return keeper;
    },
    async enter(terms, quantity = 10, { signalId = `entry${++signals}`, action = 'BUY', reEntry } = {}) {
      const result = await place(ports, account, origin(signalId), { ...orderFor({ kind: 'fixed', action, quantity }), instrument: listed, protection: terms, ...(reEntry === undefined ? {} : { reEntry }) });
      if (result.kind !== 'placed') throw new Error(`The entry was not placed: ${JSON.stringify(result)}`);
      await settle();
      const order = await store.order(result.order.id);
      if (order === undefined) throw new Error('The entry is not journalled.');
      return order;
    },
    tick: (rupees, ageMs = 0) => market.set({ instrument: listed.key, bid: toMoney(rupees), ask: toMoney(rupees), last: toMoney(rupees), at: clock.now() - ageMs }),
    async pass(ms) {
      clock.advance(ms);
      await Promise.all(keepers.map((keeper) => keeper.look()));
      await settle();
    },
    settle,
    async protection() {
      const [first] = await store.protections.list();
      if (first === undefined) throw new Error('There is no protection.');
      return first;
    },
    held: async () => (await store.positions())[0]?.quantity ?? 0,
    exits: async () => [...(await store.orders({ nodeKey: PROTECTION_NODE }))].reverse(),
    kill() {
      keepers.length = 0;
      alive.clear();
    },
    async close() {
      await Promise.all(keepers.map((keeper) => keeper.close()));
      await settle();
      await own.close();
    },
  };
  world.tick(100);
  return world;
}

export { protectionIdOf };

function testExchange(clock: ManualClock, market: ManualMarket, heldStops: boolean): TestExchange {
  const orders = new Map<string, BrokerOrder>();
  /** What the exchange has said of each order that it knows. */
  const said = new Map<string, BrokerUpdate[]>();
  const say = (orderId: string, updates: readonly BrokerUpdate[]): readonly BrokerUpdate[] => {
    said.set(orderId, [...(said.get(orderId) ?? []), ...updates]);
    return updates;
  };
  let trades = 0;
  const fillOf = (order: BrokerOrder, quantity: number, rupees?: number): BrokerUpdate => ({
    kind: 'fill', fill: { orderId: order.id, tradeId: `t${++trades}`, quantity, price: rupees === undefined ? (market.latest(order.instrument)?.last ?? toMoney(100)) : toMoney(rupees), charges: ZERO_MONEY, happenedAt: clock.now() },
  });
  /** A limit through the market meets the same fate as an order at market. */
  const isMarketable = ({ orderType, action, instrument, limitPrice }: BrokerOrder): boolean => {
    const last = market.latest(instrument)?.last;
    return orderType === 'LIMIT' && limitPrice !== undefined && last !== undefined && (action === 'SELL' ? limitPrice <= last : limitPrice >= last);
  };
  const arrive = (order: BrokerOrder): PlaceOutcome => {
    const accepted = (updates: readonly BrokerUpdate[]): PlaceOutcome => ({ kind: 'accepted', brokerOrderId: `b-${order.id}`, updates: say(order.id, updates) });
    const rests = { kind: 'status', orderId: order.id, status: order.triggerPrice !== undefined ? 'TRIGGER_PENDING' : 'OPEN', happenedAt: clock.now() } as const;
    if (order.orderType !== 'MARKET' && !isMarketable(order)) return accepted([rests]);
    switch (exchange.market) {
      case 'fill': return accepted([fillOf(order, order.quantity)]);
      case 'rest': return accepted([rests]);
      case 'reject': return { kind: 'rejected', denial: { code: 'ORDER_REJECTED', message: 'The exchange says no.' } };
      case 'unknown': return { kind: 'unknown', reason: 'no answer' };
      default: return accepted([rests, fillOf(order, Math.min(exchange.market, order.quantity))]);
    }
  };
  const scripted = scriptedBroker({
    place(order) {
      orders.set(order.id, order);
      return Promise.resolve(arrive(order));
    },
    find: (orderId) => {
      const updates = said.get(orderId);
      return Promise.resolve(updates === undefined ? undefined : { brokerOrderId: `b-${orderId}`, updates });
    },
    cancel(orderId) {
      if (exchange.cancels) exchange.end(orderId);
      return Promise.resolve({ ok: true });
    },
  });
  const broker: ScriptedBroker = Object.assign(scripted, !heldStops ? {} : {
    capabilities: { lookupProvesAbsence: true, heldStops: true },
    modify: (orderId: string, change: Partial<BrokerOrder>) => {
      const known = orders.get(orderId);
      if (known !== undefined) orders.set(orderId, { ...known, ...change });
      return Promise.resolve({ ok: true } as const);
    },
  });
  const exchange: TestExchange = {
    orders, broker, market: 'fill', cancels: true,
    fill(orderId, quantity, rupees) {
      const order = orders.get(orderId);
      if (order === undefined) throw new Error(`The exchange knows no order ${orderId}.`);
      for (const update of say(orderId, [fillOf(order, quantity, rupees)])) broker.tell(update);
    },
    end(orderId, status = 'CANCELLED') {
      for (const update of say(orderId, [{ kind: 'status', orderId, status, happenedAt: clock.now() }])) broker.tell(update);
    },
  };
  return exchange;
}
