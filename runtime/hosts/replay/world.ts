import { memoryPaperBook } from '../../adapters/brokers/paper/memoryBook';
import { paperBroker } from '../../adapters/brokers/paper/paperBroker';
import { countingIds } from '../../adapters/system/manual';
import { alertKey } from '../../domain/alertKey';
import type { BacktestTerms } from '../../domain/backtest';
import { deny, ok, type Outcome } from '../../domain/denial';
import { createCatalogue } from '../../domain/instrument';
import type { Instrument, InstrumentKey } from '../../domain/market';
import type { NodeContext } from '../../domain/nodeContext';
import type { Origin } from '../../domain/order';
import type { Instruments, Log } from '../../domain/ports';
import { PROTECTION_NODE } from '../../domain/protection';
import { SAFETY_NODE } from '../../domain/safety';
import { ALWAYS_OPEN, createSessions, type TradingCalendar } from '../../domain/session';
import { MINUTE_MS, type EpochMs } from '../../domain/time';
import { openReEntry } from '../../openReEntry';
import { createContext } from '../../services/context/context';
import { createEventReaders, type EventReaders } from '../../services/events';
import type { RoutedAccount, RouterPorts } from '../../services/orderRouter/ports';
import { createOrderRouter } from '../../services/orderRouter/router';
import { createProtectionKeeper } from '../../services/protection';
import { Agenda, createBooks, createVirtualStore, RANK, VirtualMarket, type Track, type VirtualBooks, type VirtualStore, type Work } from '../../services/replay';
import { createSafety } from '../../services/safety';
import { createMarks, type AdoptedTrade } from './marks';
import { nextTickBroker } from './worldBroker';

/** One owner, for the whole span. */
const LEASE_MS = 400 * 24 * 60 * MINUTE_MS;
const OWNER = 'replay';
/** Orders of these nodes act on the price that they have seen. */
const AT_ONCE: ReadonlySet<string> = new Set([PROTECTION_NODE, SAFETY_NODE]);
/** Turns of promises in which whoever listens to the journal has planned what follows. */
const SETTLING_TURNS = 4;
const SETTLED = Promise.resolve();

export interface WorldOptions {
  readonly terms: BacktestTerms;
  readonly tracks: readonly Track[];
  readonly calendar: TradingCalendar;
  readonly instruments?: Instruments;
  readonly orders: 'nextTick' | 'atOnce';
  readonly log: Log;
}

/** The virtual world of one backtest: the runtime's own services over rows in memory, columns of candles and a time that moves from one event to the next. */
export interface World {
  readonly account: RoutedAccount;
  readonly market: VirtualMarket;
  readonly books: VirtualBooks;
  readonly store: VirtualStore;
  readonly events: EventReaders;
  readonly instruments: Instruments;
  readonly calendar: TradingCalendar;
  /** What the broker did by itself. */
  readonly adopted: readonly AdoptedTrade[];
  now(): EpochMs;
  atTime(due: EpochMs, work: Work): () => void;
  context(origin: Origin): NodeContext;
  /** Takes the next thing that happens up to and including `until`; false where nothing does. What needs nobody's answer is done at once, without a promise. */
  step(until: EpochMs): boolean | Promise<boolean>;
  close(): Promise<void>;
}

export async function openWorld({ terms, tracks, calendar, orders, log, ...options }: WorldOptions): Promise<World> {
  const { account: config } = terms;
  const agenda = new Agenda();
  const market = new VirtualMarket(tracks, terms.from);
  const clock = { now: (): EpochMs => market.now() };
  const instruments = given(tracks, options.instruments ?? createCatalogue());
  const store = createVirtualStore(config, clock);
  const books = createBooks({ market, agenda, calendar, begins: terms.from });
  const sessions = config.marketHours === 'always' ? ALWAYS_OPEN : createSessions({ calendar });
  const atTime = (due: EpochMs, work: Work): (() => void) => agenda.plan(due, due > market.now() ? RANK.planned : RANK.now, work);
  const pause = (): Promise<void> => Promise.resolve();

  const paper = await paperBroker({ account: config, clock, ids: countingIds('b'), market, instruments, sessions, calendar, charges: terms.charges, book: memoryPaperBook(), log });
  const isAtOnce = (orderId: string): boolean => AT_ONCE.has(store.rows.orders.get(orderId)?.nodeKey ?? '');
  const broker = orders === 'atOnce' ? paper : nextTickBroker({ broker: paper, market, now: clock.now, dayOf: (at) => sessions.tradingDay(at), isAtOnce });
  const account: RoutedAccount = { config, broker, sessions };
  broker.onUpdate((update) => {
    const orderId = update.kind === 'fill' ? update.fill.orderId : update.orderId;
    if (store.rows.orders.has(orderId)) store.rows.applyUpdates(orderId, undefined, [update], sessions.tradingDay(clock.now()));
  });

  const ports: RouterPorts = { store, market, instruments, clock, log, pause, calendar };
  const desk = {
    use: <T>(_id: string, work: (account: RoutedAccount) => Promise<T>): Promise<T> => work(account),
    each: (_name: string, work: (account: RoutedAccount) => Promise<void>): Promise<void> => work(account),
  };
  const owners = { own: OWNER, isAlive: (owner: string): boolean => owner === OWNER, isAlone: () => true, close: () => undefined };
  const router = createOrderRouter(ports);
  const protection = createProtectionKeeper({ ...ports, accounts: desk, owners, leaseMs: LEASE_MS, soon: (work) => { atTime(clock.now(), work); } });
  const safety = createSafety({ ports, router, calendar, owners });
  const reEntry = openReEntry({ ports, desk, atTime });
  const events = createEventReaders({ store, clock, log, later: (read) => { atTime(clock.now(), read); } });
  const adopted: AdoptedTrade[] = [];
  const marks = createMarks({ store, calendar, atTime, lookAt: (due, look) => agenda.planLook(due, look), now: clock.now, protection, safety, account, market, instruments, paper, adopted });
  const alerts = {
    raise: async (origin: Origin, { severity, message }: { readonly severity: 'info' | 'warning' | 'critical'; readonly message: string }) => {
      const { strategyId, nodeKey, signalId } = origin;
      const key = alertKey(origin, message);
      const { duplicate, alert } = await store.recordAlert({ key, strategyId, nodeKey, signalId, severity, message, channels: [], happenedAt: clock.now() });
      return { key, status: alert.status, duplicate };
    },
    endAbandoned: pause, idle: pause,
  };
  const approvals = { ask: () => Promise.resolve(deny('NOT_SUPPORTED', 'Nobody answers a question in a backtest.', { remedy: 'Take the approval out of the flow for a backtest.' })) };
  const nodePorts = { store, market, instruments, router, alerts, approvals, log, now: clock.now, pause, candles: books.candles, series: books.series, feed: market.feed };

  async function settled(pending: Promise<unknown>): Promise<true> {
    await pending;
    for (let turn = 0; turn < SETTLING_TURNS; turn += 1) await SETTLED;
    marks.plan();
    return true;
  }

  return {
    account, market, books, store, events, instruments, calendar, adopted, atTime,
    now: clock.now,
    context: (origin) => createContext(nodePorts, desk, origin, []),
    step(until) {
      const track = market.next();
      const tickAt = track?.nextAt ?? Infinity;
      const due = agenda.nextDue;
      if (Math.min(tickAt, due) > until) return false;
      if (due <= tickAt) {
        const appointment = agenda.take();
        market.reach(due);
        const pending = appointment?.work() ?? undefined;
        if (pending !== undefined || appointment?.isLook !== true) return settled(pending ?? SETTLED);
        marks.plan();
        return true;
      }
      const pending = track === undefined ? undefined : market.show(track);
      return pending === undefined ? true : settled(pending);
    },
    async close() {
      await events.close();
      await reEntry.close();
      await protection.close();
      await safety.close();
      await broker.close();
    },
  };
}

/** Instruments that are given with the data come first, with the lot and tick that they were given. */
function given(tracks: readonly Track[], others: Instruments): Instruments {
  const own = new Map<InstrumentKey, Instrument>(tracks.map(({ data: { instrument } }) => [instrument.key, instrument]));
  return { find: (key, at) => own.get(key) ?? others.find(key, at) };
}

/** A world needs at least one instrument to walk over. */
export function hasTracks(tracks: readonly Track[]): Outcome<readonly Track[]> {
  return tracks.length > 0 ? ok(tracks) : deny('MISSING_FIELD', 'No data is given.', { field: 'data' });
}
