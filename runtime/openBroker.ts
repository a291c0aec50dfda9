import { openAlgoClient } from './adapters/brokers/openalgo/client';
import { openAlgoBroker, type OpenAlgoBroker } from './adapters/brokers/openalgo/openAlgoBroker';
import { openAlgoOrderStream } from './adapters/brokers/openalgo/orderStream';
import { memoryPaperBook } from './adapters/brokers/paper/memoryBook';
import { paperBroker } from './adapters/brokers/paper/paperBroker';
import { sqlitePaperBook } from './adapters/brokers/paper/sqliteBook';
import { upstoxPlace, type UpstoxPlace } from './adapters/brokers/upstox/addresses';
import type { UpstoxKeys } from './adapters/brokers/upstox/instrumentKeys';
import { openUpstoxBroker, openUpstoxKeys } from './adapters/brokers/upstox/openUpstox';
import type { SqliteJournal } from './adapters/store';
import { repeatedly } from './adapters/system/repeat';
import { openVault, VAULT_KEY_VARIABLE } from './adapters/vault';
import { secretOf, type AccountConfig, type AccountSecrets, type OpenAlgoAccount, type PaperAccount, type UpstoxAccount } from './domain/account';
import { ok, type Outcome } from './domain/denial';
import type { Broker, Clock, Ids, Instruments, Log, MarketData, Sessions } from './domain/ports';
import type { TradingCalendar } from './domain/session';
import { atEveryMark } from './recordedMarks';
import { isTradingTime } from './services/reconcile';
import type { AtTime } from './services/triggers';

/** What brokers are made of, whichever it is. */
export interface BrokerWorld {
  readonly journal: SqliteJournal;
  /** True where nothing is kept: a paper book stays in memory too. */
  readonly inMemory: boolean;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly market: MarketData;
  readonly instruments: Instruments;
  readonly sessionsOf: (account: AccountConfig) => Sessions;
  readonly calendar: TradingCalendar;
  /** In a recording: a paper broker looks at its day in the recording's time. */
  readonly atTime?: AtTime | undefined;
  /** Names of instruments at Upstox, one table for all accounts and for prices; made with the first that wants it. */
  readonly upstoxKeys: () => UpstoxKeys;
  readonly upstox?: UpstoxPlace | undefined;
}

/** An account's broker, from its configuration and its secrets. Nothing is asked over the network yet; a secret that is missing is a denial. */
export async function openBroker(account: AccountConfig, secrets: AccountSecrets, world: BrokerWorld): Promise<Outcome<Broker>> {
  switch (account.broker) {
    case 'paper': return ok(await openPaper(account, world));
    case 'openalgo': return openOpenAlgo(account, secrets, world);
    case 'upstox': return openUpstox(account, secrets, world);
  }
}

/** The vault's secrets of an account, for one that was declared without any: after a restart no flow has brought them yet. `key` is the host's; else the environment's. */
export function keptSecrets(home: string, key = process.env[VAULT_KEY_VARIABLE]): (account: AccountConfig) => Promise<Outcome<AccountSecrets | undefined>> {
  const vault = openVault(home, key);
  return (account) => (account.broker === 'paper' ? Promise.resolve(ok(undefined)) : vault.get(account.id));
}

/** Upstox' names of instruments, read once for a runtime, whoever asks first: sandbox, live and prices have the same. */
export function oneUpstoxTable({ clock, log, upstox }: Pick<BrokerWorld, 'clock' | 'log' | 'upstox'>): BrokerWorld['upstoxKeys'] {
  let keys: UpstoxKeys | undefined;
  return () => (keys ??= openUpstoxKeys({ address: upstoxPlace('live', upstox).masterAddress, clock, log }));
}

/** How often a paper broker looks whether it has something to do by itself. */
const LOOK_AT_DAY_MS = 10_000;

function openPaper(account: PaperAccount, world: BrokerWorld): Promise<Broker> {
  const { journal, inMemory, clock, ids, market, instruments, log, calendar, atTime } = world;
  const book = inMemory ? memoryPaperBook() : sqlitePaperBook(journal, account.id);
  const everySoOften = (work: () => Promise<void>): (() => void) =>
    (atTime === undefined ? repeatedly(LOOK_AT_DAY_MS, () => { void work(); }) : atEveryMark({ atTime, clock, isTime: isTradingTime(calendar), work }));
  return paperBroker({ account, clock, ids, market, instruments, sessions: world.sessionsOf(account), calendar, everySoOften, book, log });
}

/** The gateway's own broker, for what only it can tell (`preflight`). */
export function openOpenAlgo(account: OpenAlgoAccount, secrets: AccountSecrets, { journal, instruments, clock, log }: Pick<BrokerWorld, 'journal' | 'instruments' | 'clock' | 'log'>): Outcome<OpenAlgoBroker> {
  const key = secretOf(account, secrets, 'apiKey');
  if (!key.ok) return key;
  const { url, webSocketUrl, mode, id } = account;
  const apiKey = key.value;
  const stream = webSocketUrl === undefined ? {} : { stream: (onNews: () => void) => openAlgoOrderStream({ url: webSocketUrl, apiKey, onNews, log }) };
  return ok(openAlgoBroker({ client: openAlgoClient({ url, apiKey }), account: id, journal: journal.store, instruments, clock, log, expects: mode, ...stream }));
}

function openUpstox(account: UpstoxAccount, secrets: AccountSecrets, world: BrokerWorld): Outcome<Broker> {
  const token = secretOf(account, secrets, 'accessToken');
  if (!token.ok) return token;
  const { journal: { store: journal }, instruments, clock, log } = world;
  const { addresses } = upstoxPlace(account.mode, world.upstox);
  return ok(openUpstoxBroker({ addresses, accessToken: token.value, account: account.id, journal, instruments, clock, log, mode: account.mode, keys: world.upstoxKeys() }));
}
