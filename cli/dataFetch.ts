import { systemPause } from '../runtime/adapters/system/pause';
import { openVault, VAULT_KEY_VARIABLE } from '../runtime/adapters/vault';
import type { AccountConfig } from '../runtime/domain/account';
import { explained } from '../runtime/domain/denial';
import { STORED_TIMEFRAMES, type StoredTimeframe } from '../runtime/domain/feed';
import { instrumentKey, type Instrument } from '../runtime/domain/market';
import type { Log } from '../runtime/domain/ports';
import { calendarOf, instrumentNamed, instrumentsOf, readKey } from '../runtime/hosts/backtests';
import { openHistory } from '../runtime/openHistory';
import { allowed } from './allowed';
import { UsageError } from './arguments';
import { openStoreOf } from './backtestData';
import { readMoment } from './backtestWords';
import type { DataWords } from './data';
import { fetchPages, type Fetched } from './historyPages';
import { findHome } from './home';
import type { World } from './main';
import { progressLine } from './progress';
import type { Answer } from './tools';

/** Candles of an account's broker into the store, page by page at the broker's pace; what is there already is not asked for again. */
export async function fetchData(words: DataWords, world: World): Promise<Answer> {
  const { symbol, account: id, timeframe = '1m', again } = words;
  if (symbol === undefined) throw new UsageError('Whose candles? --symbol NSE:SBIN');
  if (id === undefined) throw new UsageError('From which account\'s broker? --account upstox');
  const length = STORED_TIMEFRAMES.find((each) => each === timeframe);
  if (length === undefined) throw new UsageError(`--timeframe is one of ${STORED_TIMEFRAMES.join(', ')}; longer candles are made of those.`);
  const from = readMoment('--from', words.from, 'begin');
  if (from === undefined) throw new UsageError('From when? --from 2026-01-01');
  const until = Math.min(readMoment('--to', words.to, 'end') ?? Infinity, world.now());
  if (from >= until) throw new UsageError('--from is not before --to, or lies in the future.');
  const home = findHome(words.home, world);
  const account = await accountOf(home, id, world);
  const secrets = account.broker === 'paper' ? {} : allowed(await openVault(home, world.env[VAULT_KEY_VARIABLE]).get(id)) ?? {};
  const { pause = systemPause, ...place } = world.brokers ?? {};
  const history = allowed(openHistory(account, secrets, { clock: { now: () => world.now() }, log: logTo(world), pause, ...place }));
  const { exchange, symbol: name } = allowed(readKey(symbol));
  const instrument = allowed(instrumentNamed(instrumentKey(exchange, name), { lotSize: 1 }, instrumentsOf({ home })));
  const line = progressLine({ isTerminal: world.backtest?.isTerminal ?? false, now: () => world.now(), write: (text) => { world.err(text); } });
  const store = await openStoreOf({ home }, world);
  try {
    const done = await fetchPages({
      history, store, instrument, timeframe: length, calendar: calendarOf({ home }), source: account.broker, again, now: () => world.now(), pause,
      interrupted: () => world.backtest?.interrupted() ?? false, onProgress: (share, day, candles) => { line.show(share, `${day}  ${candles} candles`); },
    }, { from, until });
    line.end();
    return answer(done, instrument, length);
  } finally {
    line.end();
    await store.close();
  }
}

/** What the shell says of a process that Ctrl+C ended. */
const INTERRUPTED = 130;
const GOES_ON = 'What was fetched is kept; the same command goes on from there.';

function answer({ end, candles, pages, known, oldest }: Fetched, { key }: Instrument, timeframe: StoredTimeframe): Answer {
  const count = `${key}: ${candles} candles of ${timeframe} fetched in ${pages} pages; ${known} pages were there already.`;
  switch (end.kind) {
    case 'covered': return `${count}\n`;
    case 'interrupted': return { text: `${count}\nBroken off. ${GOES_ON}\n`, code: INTERRUPTED };
    case 'beginning': return `${count}\nThe broker has nothing before ${oldest ?? 'that'}${end.words === undefined ? '' : ` (${end.words.replace(/\.$/, '')})`}.${timeframe === '1d' ? '' : ' Longer candles (--timeframe) may reach further back.'}\n`;
    case 'failed': throw new Error(pages === 0 ? explained(end.denial) : `${explained(end.denial)} ${count} ${GOES_ON}`);
  }
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
