import path from 'node:path';
import { upstoxPlace, type UpstoxPlace } from './adapters/brokers/upstox/addresses';
import { loadCalendar } from './adapters/calendar/loadCalendar';
import { httpNotifier } from './adapters/notify/httpNotifier';
import { fileOwners, lonelyOwner, openSqliteJournal } from './adapters/store';
import { systemClock } from './adapters/system/clock';
import { elapsedMs } from './adapters/system/elapsed';
import { randomIds } from './adapters/system/ids';
import { pinoLog } from './adapters/system/log';
import { backgroundPause, systemPause } from './adapters/system/pause';
import { repeatedly } from './adapters/system/repeat';
import type { AccountConfig, AccountSecrets } from './domain/account';
import { ok, type Outcome } from './domain/denial';
import type { Broker, Clock, Ids, Instruments, Log, MarketData, Notifier, Pause, Sessions, Store } from './domain/ports';
import { ALWAYS_OPEN, createSessions, createTradingCalendar, type TradingCalendar } from './domain/session';
import { MINUTE_MS } from './domain/time';
import { createEnds, type Ends } from './ends';
import type { FeedChoice } from './feedChoice';
import { keptSecrets, oneUpstoxTable, openBroker } from './openBroker';
import { openFeed, pricesOnly, type OpenFeed, type OpenFeedOptions } from './openFeed';
import { openInstruments, type OpenInstrumentsOptions } from './openInstruments';
import { openReEntry } from './openReEntry';
import { openSafety } from './openSafety';
import { atEveryMark } from './recordedMarks';
import { openJournal } from './openStore';
import type { Runtime } from './runtime';
import { createAccountDesk, type AccountDesk } from './services/accounts/accountDesk';
import { createAlerts } from './services/alerts/alerts';
import { createApprovalDesk } from './services/approvals';
import { createContext } from './services/context/context';
import { BEAT_MS, createHealth, createHealthTeller } from './services/health';
import { createIngress } from './services/ingress';
import { createOrderRouter } from './services/orderRouter/router';
import { createReconciler, isTradingTime, reconcileHours, ROUND_MS as RECONCILE_MS } from './services/reconcile';
import { createPruning, PRUNE_ROUND_MS } from './services/pruning/pruning';
import { createProtectionKeeper } from './services/protection';
import { createEventReaders } from './services/events';
import { openBrokerLimits } from './services/rateLimit';
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
  /** Opens the vault of the state folder; default: BELLWETHER_VAULT_KEY. */
  readonly vaultKey?: string;
  /** Where Upstox is; default: where it is. */
  readonly upstox?: UpstoxPlace;
  readonly sessions?: Sessions;
  /** Default: the bundled one with the state folder's own facts. */
  readonly calendar?: TradingCalendar;
}

/** How often orders are looked at whose outcome nobody knows, or may not have been told. */
const LOOK_AT_ORDERS_MS = 10_000;
/** How often leases of protection are renewed, and its clocks and orders looked at; prices act as they come. */
const LOOK_AT_PROTECTIONS_MS = 1_000;
/** A recording's time jumps over nights, and one process plays it. */
const RECORDED_LEASE_MS = 24 * 60 * MINUTE_MS;
/** How often alerts are looked for that nobody sends any more. */
const LOOK_AT_ALERTS_MS = 60_000;
/** How often entries of other processes are looked for. */
const OTHER_PROCESSES_POLL_MS = 3_000;

/** How often it is asked whether the list of instruments is of today; it is fetched once a day. */
const LOOK_AT_INSTRUMENTS_MS = 60_000;

/** Composes the adapters into a runtime. It knows no host. Where it can not be opened, what has been begun by then is ended again: whoever comes next begins anew. */
export async function openRuntime({ log = pinoLog(), ...options }: RuntimeOptions): Promise<Runtime> {
  const ends = createEnds(log);
  try {
    return await compose({ ...options, log }, ends);
  } catch (error) {
    // Whatever can not be ended has been told; why nothing was opened is what a person has to know.
    await ends.all().catch(() => undefined);
    throw error;
  }
}

async function compose(options: RuntimeOptions & { readonly log: Log }, ends: Ends): Promise<Runtime> {
  const { home, ids = randomIds, log, pause = systemPause, notifier = httpNotifier() } = options;
  const inMemory = home === ':memory:';
  const listed = openInstruments({ home, log, ...(options.clock === undefined ? {} : { clock: options.clock }), ...listsOf(options) });
  ends.of('instruments', () => listed.close());
  const instruments = options.instruments ?? listed.directory;
  const calendar = options.calendar ?? (inMemory ? createTradingCalendar() : loadCalendar(home));
  // Upstox' list is of the machine's day, also where prices are recorded ones.
  const upstoxKeys = oneUpstoxTable({ clock: options.clock ?? systemClock, log, upstox: options.upstox });
  const upstox = { addresses: upstoxPlace('live', options.upstox).addresses, keys: upstoxKeys };
  const prices = await pricesOf(options, { home, log, instruments, calendar, upstox });
  ends.of('prices', () => prices.close());
  const { clock, market, made } = prices;
  const exchangeHours = options.sessions ?? createSessions({ calendar });
  const sessionsOf = (account: AccountConfig): Sessions => (account.marketHours === 'always' ? ALWAYS_OPEN : exchangeHours);
  const journal = await (inMemory ? openSqliteJournal({ path: ':memory:', clock, log }) : openJournal(home, { clock, log }));
  const { store } = journal;
  ends.of('store', () => store.close());
  const owners = inMemory ? lonelyOwner(ids) : fileOwners({ folder: path.join(home, 'runtimes'), ids: randomIds, clock: systemClock });
  ends.of('owners', () => { owners.close(); });

  const brokers = { journal, inMemory, clock, ids, log, market, instruments, sessionsOf, calendar, atTime: made.atTime, upstox: options.upstox, upstoxKeys };
  // A recorded clock jumps by nature.
  const teller = createHealthTeller({ store, clock, log, owner: owners.own });
  ends.of('teller', () => teller.idle());
  const health = clock === systemClock ? createHealth({ clock, elapsed: elapsedMs, log, onChange: (state) => { teller.process(state); } }) : undefined;
  if (made.atTime === undefined) made.feed?.onStatus((status) => { teller.feed(status); });
  const ports = { store, market, instruments, clock, log, pause, calendar, ...(health === undefined ? {} : { health }) };
  const limited = openBrokerLimits(ports);
  const openLimited = async (account: AccountConfig, secrets: AccountSecrets): Promise<Outcome<Broker>> => {
    const opened = await openBroker(account, secrets, brokers);
    return opened.ok ? ok(limited(account, opened.value)) : opened;
  };
  const reconciler = createReconciler({ ports, owners, isTime: reconcileHours(calendar) });
  ends.of('reconciler', () => reconciler.close());
  const desk = createAccountDesk({ ports, reconcile: (account) => reconciler.atStart(account), openBroker: openLimited, ...(inMemory ? {} : { keptSecrets: keptSecrets(home, options.vaultKey) }), sessionsOf, isAlone: () => owners.isAlone(), log });
  ends.of('desk', () => desk.close());
  const alerts = createAlerts({ store, notifier, clock, log, pause });
  ends.of('alerts', () => alerts.idle());
  const now = (): number => clock.now();
  const router = createOrderRouter(ports);
  const approvals = createApprovalDesk({ store, alerts, clock, ids, log });
  const world = { store, market, instruments, router, alerts, approvals, log, now, pause, search: listed.answer, ...made };
  const { atTime } = made;
  const inRecording = atTime === undefined ? {} : { leaseMs: RECORDED_LEASE_MS, soon: (work: () => Promise<void>) => { atTime(clock.now(), work); } };
  const protection = createProtectionKeeper({ ...ports, accounts: desk, owners, ...inRecording });
  ends.of('protection', () => protection.close());
  const ingress = createIngress({ store, clock, ids, owners, log, pause, instruments, approvals });
  ends.of('ingress', () => ingress.close());
  const events = createEventReaders({ store, clock, log, ...(atTime === undefined ? {} : { later: (read) => { atTime(clock.now(), read); } }) });
  ends.of('events', () => events.close());
  const triggers = createTriggers({ store, clock, ids, log, pause, instruments, calendar, ingress, events, ...made });
  ends.of('triggers', () => triggers.close());
  const endAbandonedAlerts = (): void => {
    alerts.endAbandoned().catch((error: unknown) => log.error({ err: error }, 'alerts that were left behind could not be looked at'));
  };
  endAbandonedAlerts();
  const pruning = createPruning({ store, clock, log, pause: options.pause ?? backgroundPause });
  ends.of('pruning', () => pruning.close());
  // What is in memory is gone before it is old.
  const prune = (): void => { if (!inMemory) void pruning.round(); };
  prune();
  void listed.keeper.look();
  /** By the machine's time, or at the marks of a recording's. */
  const round = (everyMs: number, recordedMs: number, work: () => Promise<void>): (() => void) =>
    (atTime === undefined ? repeatedly(everyMs, () => { void work(); }) : atEveryMark({ atTime, clock, isTime: isTradingTime(calendar), work, everyMs: recordedMs }));
  const rounds = [
    // Entries that another process journalled (n8n's webhook processes, a second host) are looked for; those of this process need no look.
    repeatedly(OTHER_PROCESSES_POLL_MS, () => { ingress.poke(); events.poke(); }),
    repeatedly(LOOK_AT_ORDERS_MS, () => { void desk.look(); }),
    round(LOOK_AT_PROTECTIONS_MS, MINUTE_MS, async () => {
      await protection.look();
      if (atTime !== undefined) await protection.idle();
    }),
    round(RECONCILE_MS, 5 * MINUTE_MS, () => desk.each('a comparison with the broker', (account) => reconciler.round(account))),
    repeatedly(LOOK_AT_ALERTS_MS, endAbandonedAlerts),
    repeatedly(PRUNE_ROUND_MS, prune),
    repeatedly(BEAT_MS, () => { health?.look(); }),
    repeatedly(LOOK_AT_INSTRUMENTS_MS, () => { void listed.keeper.look(); }),
  ];
  ends.of('rounds', () => { for (const end of rounds) end(); });
  const safety = openSafety({ ports, router, calendar, owners, desk, ...(atTime === undefined ? {} : { atTime }) });
  ends.of('safety', () => safety.close());
  const reEntry = openReEntry({ ports, desk, ...(atTime === undefined ? {} : { atTime }) });
  ends.of('reEntry', () => reEntry.close());

  await resumeAccounts({ store, desk, log });
  await protection.look();

  return {
    store, ingress, triggers, protection, now, isRecording: atTime !== undefined,
    declareAccount: (account, secrets) => desk.declare(account, secrets),
    context: (origin, connections = {}) => createContext(world, desk, origin, connections.channels ?? [], connections.testStep),
    close: () => ends.all(),
  };
}

/** Whoever gives prices knows its instruments too. */
function listsOf({ feed, upstox }: RuntimeOptions): Pick<OpenInstrumentsOptions, 'openAlgo' | 'upstox'> {
  if (feed?.kind === 'upstox') return { upstox: upstoxPlace('live', upstox) };
  return feed?.kind === 'openalgo' && feed.restUrl !== undefined ? { openAlgo: { url: feed.restUrl, apiKey: feed.apiKey } } : {};
}

function pricesOf({ market, feed: choice = { kind: 'simulated' }, clock = systemClock }: RuntimeOptions, world: Omit<OpenFeedOptions, 'choice' | 'clock'>): OpenFeed | Promise<OpenFeed> {
  return market === undefined ? openFeed({ ...world, choice, clock }) : pricesOnly(market, clock);
}

/** Accounts with open orders, something to protect or a re-entry to wait for are opened at once, as they were declared last: what is open is settled and watched whether a flow comes back or not. */
async function resumeAccounts({ store, desk, log }: { readonly store: Store; readonly desk: AccountDesk; readonly log: Log }): Promise<void> {
  const waiting = new Set([...(await store.openOrders()), ...(await store.protections.live()), ...(await store.positions({ openOnly: true }))].map(({ account }) => account));
  for (const account of await store.accounts()) {
    if (!waiting.has(account.id) && (await store.reEntries.waiting(account.id)).length === 0) continue;
    await desk.declare(account).catch((error: unknown) => log.error({ account: account.id, err: error }, 'an account with open orders or protections could not be opened; it is tried again with its next use'));
  }
}
