import { openVault, VAULT_KEY_VARIABLE } from '../runtime/adapters/vault';
import type { AccountConfig } from '../runtime/domain/account';
import type { CandleStore, History } from '../runtime/domain/feed';
import { instrumentKey, type Instrument } from '../runtime/domain/market';
import type { Log } from '../runtime/domain/ports';
import { indiaDate, type TradingCalendar } from '../runtime/domain/session';
import { MINUTE_MS, type EpochMs } from '../runtime/domain/time';
import { calendarOf, instrumentNamed, instrumentsOf, readKey } from '../runtime/hosts/backtests';
import { openHistory } from '../runtime/openHistory';
import { allowed } from './allowed';
import { UsageError } from './arguments';
import { openStoreOf } from './backtestData';
import { readMoment } from './backtestWords';
import type { DataWords } from './data';
import { findHome } from './home';
import type { World } from './main';
import { dayReached, progressLine } from './progress';

const DAY_MS = 24 * 60 * MINUTE_MS;
/** What is asked for at once and kept before the next: a broken connection costs this much at most. */
const PAGE_MS = { '1m': 28 * DAY_MS, '1d': 300 * DAY_MS } as const;
const MOST_OF_A_PAGE = 200_000;

interface Fetching {
  readonly history: History;
  readonly store: CandleStore;
  readonly instrument: Instrument;
  readonly timeframe: '1m' | '1d';
  readonly calendar: TradingCalendar;
  readonly source: string;
  /** Also what is there already. */
  readonly again: boolean;
}

/** Candles of an account's broker into the store, page by page at the broker's pace; what is there already is not asked for again. */
export async function fetchData(words: DataWords, world: World): Promise<string> {
  const { symbol, account: id, timeframe = '1m', again } = words;
  if (symbol === undefined) throw new UsageError('Whose candles? --symbol NSE:SBIN');
  if (id === undefined) throw new UsageError('From which account\'s broker? --account upstox');
  if (timeframe !== '1m' && timeframe !== '1d') throw new UsageError('--timeframe is 1m or 1d: longer candles are made of those.');
  const from = readMoment('--from', words.from, 'begin');
  if (from === undefined) throw new UsageError('From when? --from 2026-01-01');
  const until = Math.min(readMoment('--to', words.to, 'end') ?? Infinity, world.now());
  const home = findHome(words.home, world);
  const account = await accountOf(home, id, world);
  const secrets = account.broker === 'paper' ? {} : allowed(await openVault(home, world.env[VAULT_KEY_VARIABLE]).get(id)) ?? {};
  const history = allowed(openHistory(account, secrets, { clock: { now: () => world.now() }, log: logTo(world) }));
  const { exchange, symbol: name } = allowed(readKey(symbol));
  const instrument = allowed(instrumentNamed(instrumentKey(exchange, name), { lotSize: 1 }, instrumentsOf({ home })));
  const store = await openStoreOf({ home }, world);
  try {
    const count = await fetched({ history, store, instrument, timeframe, calendar: calendarOf({ home }), source: account.broker, again }, { from, until }, world);
    return `${instrument.key}: ${count.candles} candles of ${timeframe} fetched in ${count.pages} pages; ${count.known} pages were there already.\n`;
  } finally {
    await store.close();
  }
}

async function fetched(fetching: Fetching, { from, until }: { readonly from: EpochMs; readonly until: EpochMs }, world: World): Promise<{ readonly candles: number; readonly pages: number; readonly known: number }> {
  const { history, store, instrument, timeframe, source } = fetching;
  const line = progressLine({ isTerminal: world.backtest?.isTerminal ?? false, now: () => world.now(), write: (text) => { world.err(text); } });
  let [candles, pages, known] = [0, 0, 0];
  try {
    for (let start = from; start < until && world.backtest?.interrupted() !== true; start += PAGE_MS[timeframe]) {
      const span = { from: start, until: Math.min(start + PAGE_MS[timeframe], until) };
      line.show((start - from) / (until - from), `${dayReached(start)}  ${candles} candles`);
      if (!fetching.again && await isKnown(fetching, span)) {
        known += 1;
        continue;
      }
      const page = allowed(await history.candles({ instrument: instrument.key, timeframe, ...span, limit: MOST_OF_A_PAGE }));
      await store.put(instrument.key, timeframe, page, source);
      candles += page.length;
      pages += 1;
    }
    return { candles, pages, known };
  } finally {
    line.end();
  }
}

/** Whether every trading day of the stretch has candles already. Today is never over. */
async function isKnown({ store, instrument, timeframe, calendar }: Fetching, span: { readonly from: EpochMs; readonly until: EpochMs }): Promise<boolean> {
  const held = await store.candles({ instrument: instrument.key, timeframe, ...span, limit: MOST_OF_A_PAGE });
  if (!held.ok) return false;
  const days = new Set(held.value.map(({ time }) => indiaDate(time)));
  return calendar.tradingDays(instrument, indiaDate(span.from), indiaDate(span.until - 1)).every((date) => days.has(date));
}

async function accountOf(home: string, id: string, world: World): Promise<AccountConfig> {
  const store = await world.openStore(home);
  try {
    const known = await store.accounts();
    const account = known.find((each) => each.id === id);
    if (account === undefined) throw new Error(`There is no account "${id}"; known: ${known.map((each) => each.id).join(', ') || 'none yet'}.`);
    return account;
  } finally {
    await store.close();
  }
}

function logTo(world: World): Log {
  const say = (_: object, message: string): void => { world.err(`bellwether: ${message}\n`); };
  return { debug: () => undefined, info: () => undefined, warn: say, error: say };
}
