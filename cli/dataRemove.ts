import { STORED_TIMEFRAMES, type CandleStore, type StoredTimeframe } from '../runtime/domain/feed';
import { instrumentKey, type InstrumentKey } from '../runtime/domain/market';
import { readKey } from '../runtime/hosts/backtests';
import { allowed } from './allowed';
import { UsageError } from './arguments';
import { candleHome, openStoreOf } from './backtestData';
import type { DataWords } from './data';
import type { World } from './main';
import { indianTime } from './table';

type Held = Awaited<ReturnType<CandleStore['list']>>[number];

/** `bellwether data remove NSE:SBIN [--timeframe 1m]`: takes candles out of the store and says which. It asks nothing: candles can be brought in again. */
export async function removeCandles([symbol, ...more]: readonly string[], words: DataWords, world: World): Promise<string> {
  const { key, timeframe } = readWords([symbol ?? words.symbol, ...more], words);
  const store = await openStoreOf({ home: candleHome(words.home, world) }, world);
  try {
    const held = await store.list();
    const gone = chosen(held, key, timeframe);
    for (const length of new Set(gone.map((entry) => entry.timeframe))) await store.remove(key, length);
    return words.json ? `${JSON.stringify(gone.map(({ instrument, ...rest }) => ({ symbol: instrument, ...rest })), null, 2)}\n` : gone.map(saidOf).join('');
  } finally {
    await store.close();
  }
}

function readWords([symbol, ...more]: readonly (string | undefined)[], words: DataWords): { readonly key: InstrumentKey; readonly timeframe: StoredTimeframe | undefined } {
  if (symbol === undefined) throw new UsageError('data remove wants an instrument: data remove NSE:SBIN, or data remove NSE:SBIN --timeframe 1m.');
  if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much: one instrument at a time.`);
  for (const name of ['from', 'to', 'account', 'times', 'time', 'zone', 'columns', 'instrument'] as const) {
    if (words[name] !== undefined) throw new UsageError(`data remove takes all candles of an instrument, or those of one --timeframe; not --${name}.`);
  }
  const timeframe = STORED_TIMEFRAMES.find((name) => name === words.timeframe);
  if (words.timeframe !== undefined && timeframe === undefined) throw new UsageError(`--timeframe is one of ${STORED_TIMEFRAMES.join(', ')}, not "${words.timeframe}".`);
  const read = allowed(readKey(symbol));
  return { key: instrumentKey(read.exchange, read.symbol), timeframe };
}

/** What goes, or a refusal that says what there is. */
function chosen(held: readonly Held[], key: InstrumentKey, timeframe: StoredTimeframe | undefined): readonly Held[] {
  const own = held.filter(({ instrument }) => instrument === key);
  if (own.length === 0) throw new Error(`The candle store holds no candles of ${key}. ${held.length === 0 ? 'It is empty.' : `It holds ${[...new Set(held.map(({ instrument }) => instrument))].join(', ')}.`}`);
  const gone = own.filter((entry) => timeframe === undefined || entry.timeframe === timeframe);
  if (gone.length === 0) throw new Error(`The candle store holds no ${timeframe ?? ''} candles of ${key}. It holds ${[...new Set(own.map((entry) => entry.timeframe))].join(', ')}.`);
  return gone;
}

function saidOf({ instrument, timeframe, candles, from, until, source }: Held): string {
  return `Removed ${candles.toLocaleString('en-IN')} candle${candles === 1 ? '' : 's'} of ${instrument}, ${timeframe}, ${indianTime(from)} to ${indianTime(until)} (${source.length > 60 ? `${source.slice(0, 59)}…` : source}).\n`;
}
