import { readFile } from 'node:fs/promises';
import type { Candle } from '../../domain/candle';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { History } from '../../domain/feed';
import type { InstrumentKey } from '../../domain/market';
import { readCandleFile, type CandleFileOptions } from '../candleFile/readCandleFile';

export interface HistoryFile extends Omit<CandleFileOptions, 'timeframeMs'> {
  readonly instrument: InstrumentKey;
  readonly path: string;
  /** What the file holds. */
  readonly timeframe: '1m' | '1d';
}

const LENGTH_MS = { '1m': 60_000, '1d': 86_400_000 } as const;

/** Files of candles as history. Each is read when it is first asked for and kept; several of one instrument are one history, of one time the later file holds. */
export function filesHistory(files: readonly HistoryFile[]): History {
  const read = new Map<string, Promise<Outcome<readonly Candle[]>>>();
  return {
    async candles({ instrument, timeframe, from, until, limit }) {
      const key = `${instrument} ${timeframe}`;
      const known = read.get(key) ?? readAll(files.filter((file) => file.instrument === instrument && file.timeframe === timeframe), key);
      read.set(key, known);
      const all = await known;
      return all.ok ? ok(all.value.filter(({ time }) => time >= from && time < until).slice(-limit)) : all;
    },
  };
}

async function readAll(files: readonly HistoryFile[], key: string): Promise<Outcome<readonly Candle[]>> {
  if (files.length === 0) return deny('NOT_FOUND', `There is no file with candles of ${key}.`);
  const byTime = new Map<number, Candle>();
  for (const { path, timeframe, timeIs, symbol } of files) {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      return deny('NOT_FOUND', `${path} can not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    const { candles, timed } = readCandleFile(text, { timeframeMs: LENGTH_MS[timeframe], ...(timeIs === undefined ? {} : { timeIs }), ...(symbol === undefined ? {} : { symbol }) });
    if (!timed) return deny('MISSING_FIELD', `${path} gives no times.`, { field: 'time' });
    for (const candle of candles) byTime.set(candle.time, candle);
  }
  return ok([...byTime.values()].sort((a, b) => a.time - b.time));
}
