import path from 'node:path';
import { memoryPaperBook } from './adapters/brokers/paper/memoryBook';
import { paperBroker } from './adapters/brokers/paper/paperBroker';
import { sqlitePaperBook } from './adapters/brokers/paper/sqliteBook';
import { loadCalendar } from './adapters/calendar/loadCalendar';
import { loadInstruments } from './adapters/instruments/loadInstruments';
import { httpNotifier } from './adapters/notify/httpNotifier';
import { fileOwners, lonelyOwner, openSqliteJournal } from './adapters/store';
import { systemClock } from './adapters/system/clock';
import { randomIds } from './adapters/system/ids';
import { pinoLog } from './adapters/system/log';
import { systemPause } from './adapters/system/pause';
import type { AccountConfig } from './domain/account';
import { createCatalogue } from './domain/instrument';
import type { Broker, Clock, Ids, Instruments, Log, MarketData, Notifier, Pause, Sessions, Store } from './domain/ports';
import { ALWAYS_OPEN, createSessions, createTradingCalendar, type TradingCalendar } from './domain/session';
import type { FeedChoice } from './feedChoice';
import { openFeed, pricesOnly, type OpenFeed, type OpenFeedOptions } from './openFeed';
import { openJournal } from './openStore';
import type { Runtime } from './runtime';
import { createAccountDesk, type AccountDesk } from './services/accounts/accountDesk';
import { createAlerts } from './services/alerts/alerts';
import { createContext } from './services/context/context';
import { createIngress } from './services/ingress';
import { createOrderRouter } from './services/orderRouter/router';
import { createTriggers } from './services/triggers';

/** What a runtime is made of; everything has a working default except where state lives. */
export interface RuntimeOptions {
  /** State folder; ':memory:' keeps nothing (replay, tests). */
  readonly home: string;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly log?: Log;
  readonly pause?: Pause;
  readonly instruments?: Instruments;
  /** Where prices come from. Default: the simulated market. */
  readonly feed?: FeedChoice;
  /** Prices on demand, instead of the feed's; then there are no ticks, candles or indicators. */
  readonly market?: MarketData & { close?(): void };
  readonly notifier?: Notifier;
  readonly sessions?: Sessions;
  /** Default: the bundled one with the state folder's own facts. */
  readonly calendar?: TradingCalendar;
}

/** How often orders are looked at whose outcome nobody knows, or may not have been told. */
const LOOK_AT_ORDERS_MS = 10_000;
/** How often alerts are looked for that nobody sends any more. */
const LOOK_AT_ALERTS_MS = 60_000;
/** How often entries of other processes are looked for. */
const OTHER_PROCESSES_POLL_MS = 3_000;

/** Composes the adapters into a runtime. It knows no host. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { home, ids = randomIds, log = pinoLog(), pause = systemPause, notifier = httpNotifier() } = options;
  const inMemory = home === ':memory:';
  const instruments = options.instruments ?? (inMemory ? createCatalogue() : loadInstruments(home));
  const calendar = options.calendar ?? (inMemory ? createTradingCalendar() : loadCalendar(home));
  const prices = await pricesOf(options, { log, instruments, calendar });
  const { clock, market, made } = prices;
  const exchangeHours = options.sessions ?? createSessions({ calendar });
  const sessionsOf = (account: AccountConfig): Sessions => (account.marketHours === 'always' ? ALWAYS_OPEN : exchangeHours);
  const journal = inMemory ? await openSqliteJournal({ path: ':memory:', clock, log }) : await openJournal(home, { clock, log });
  const { store } = journal;
  const owners = inMemory ? lonelyOwner(ids) : fileOwners({ folder: path.join(home, 'runtimes'), ids: randomIds, clock: systemClock });

  const openBroker = (account: AccountConfig): Promise<Broker> => {
    const book = inMemory ? memoryPaperBook() : sqlitePaperBook(journal, account.id);
    return paperBroker({ account, clock, ids, market, instruments, sessions: sessionsOf(account), book, log });
  };
  const ports = { store, market, clock, log };
  const desk = createAccountDesk({ ports, openBroker, sessionsOf, isAlone: () => owners.isAlone(), log });
  const alerts = createAlerts({ store, notifier, clock, log, pause });
  const now = (): number => clock.now();
  const world = { store, market, instruments, router: createOrderRouter(ports), alerts, log, now, pause, ...made };
  const ingress = createIngress({ store, clock, ids, owners, log, pause, instruments });
  const triggers = createTriggers({ store, clock, ids, log, pause, instruments, calendar, ingress, ...made });
  // Entries that another process journalled (n8n's webhook processes, a second host) are looked for; those of this process need no look.
  const looking = setInterval(() => { ingress.poke(); }, OTHER_PROCESSES_POLL_MS).unref();
  const endAbandonedAlerts = (): void => {
    alerts.endAbandoned().catch((error: unknown) => log.error({ err: error }, 'alerts that were left behind could not be looked at'));
  };
  endAbandonedAlerts();
  const lookingAtAlerts = setInterval(endAbandonedAlerts, LOOK_AT_ALERTS_MS).unref();
  const lookingAtOrders = setInterval(() => { void desk.look(); }, LOOK_AT_ORDERS_MS).unref();

  await resumeAccounts({ store, desk, log });

  return {
    store, ingress, triggers, now,
    declareAccount: (account) => desk.declare(account),
    context: (origin, connections = {}) => createContext(world, desk, origin, connections.channels ?? []),
    async close() {
      clearInterval(looking);
      clearInterval(lookingAtOrders);
      clearInterval(lookingAtAlerts);
      await triggers.close();
      await ingress.close();
      await alerts.idle();
      await desk.close();
      await prices.close();
      await store.close();
      owners.close();
    },
  };
}

function pricesOf({ market, feed: choice = { kind: 'simulated' }, clock = systemClock }: RuntimeOptions, world: Omit<OpenFeedOptions, 'choice' | 'clock'>): OpenFeed | Promise<OpenFeed> {
  return market === undefined ? openFeed({ ...world, choice, clock }) : pricesOnly(market, clock);
}

/** Accounts with open orders are opened at once, as they were declared last: what is open is settled and watched whether a flow comes back or not. */
async function resumeAccounts({ store, desk, log }: { readonly store: Store; readonly desk: AccountDesk; readonly log: Log }): Promise<void> {
  const waiting = new Set((await store.openOrders()).map(({ account }) => account));
  for (const account of await store.accounts()) {
    if (!waiting.has(account.id)) continue;
    await desk.declare(account).catch((error: unknown) => log.error({ account: account.id, err: error }, 'an account with open orders could not be opened; it is tried again with its next use'));
  }
}
