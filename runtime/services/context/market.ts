import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import { readTimeframe } from '../../domain/condition';
import type { CandleBook, Depth, Feed, SeriesBook, SeriesSnapshot } from '../../domain/feed';
import { resolveSymbol } from '../../domain/instrument';
import type { Instrument } from '../../domain/market';
import type { CandlesQuery, QuotedInstrument, SearchQuery, SeenCandles, SeriesQuery, SymbolQuery } from '../../domain/nodeContext';
import type { Instruments, Log, MarketData, Pause } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import { newestQuote } from '../marketData/newestQuote';

/** Finds instruments by words, best match first. */
export type InstrumentSearch = (query: SearchQuery) => Outcome<readonly Instrument[]> | Promise<Outcome<readonly Instrument[]>>;

/** What market data is asked of. Absent ports refuse what they would answer. */
export interface MarketPorts {
  readonly market: MarketData;
  readonly instruments: Instruments;
  readonly log: Log;
  readonly now: () => number;
  readonly candles?: Pick<CandleBook, 'closed' | 'forming'>;
  readonly series?: Pick<SeriesBook, 'at'>;
  readonly feed?: Pick<Feed, 'tap' | 'latest' | 'depth'>;
  /** Depth from a source that gives it only when asked. */
  readonly askDepth?: (instrument: Instrument['key']) => Promise<Outcome<Depth>>;
  readonly search?: InstrumentSearch;
  readonly pause?: Pause;
}

export async function fetchQuote(ports: MarketPorts, query: SymbolQuery): Promise<Outcome<QuotedInstrument>> {
  const found = resolve(ports, query);
  if (!found.ok) return found;
  const instrument = found.value;
  const quote = await newestQuote(ports, instrument.key);
  if (quote === undefined) return deny('NO_PRICE', `No price of ${instrument.key} is known.`, { field: 'symbol', remedy: 'Ask during market hours, or check where prices come from.' });
  const dayVolume = ports.feed?.latest(instrument.key)?.dayVolume;
  return ok({ instrument, quote, ...(dayVolume === undefined ? {} : { dayVolume }) });
}

/** How long the first depth of an instrument that nobody watched is waited for. */
const DEPTH_PATIENCE_MS = 2_000;

export async function fetchDepth(ports: MarketPorts, query: SymbolQuery): Promise<Outcome<Depth>> {
  const { feed, pause, askDepth } = ports;
  if (feed === undefined && askDepth === undefined) return missing('depth');
  const found = resolve(ports, query);
  if (!found.ok) return found;
  const { key } = found.value;
  const known = feed?.depth(key);
  if (known !== undefined) return ok(known);
  if (askDepth !== undefined) return askDepth(key);
  if (feed === undefined) return missing('depth');
  const depth = pause === undefined ? undefined : await firstDepth(feed, key, pause);
  return depth === undefined ? deny('NOT_READY', `No depth of ${key} has arrived.`, { field: 'symbol', remedy: 'Ask again in a moment; not every source gives depth.' }) : ok(depth);
}

/** Looks again with every tick, until the time is over. */
async function firstDepth(feed: Pick<Feed, 'tap' | 'depth'>, key: Instrument['key'], pause: Pause): Promise<Depth | undefined> {
  let stop = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    stop = feed.tap(key, () => { if (feed.depth(key) !== undefined) resolve(); });
  });
  await Promise.race([arrived, pause(DEPTH_PATIENCE_MS)]);
  stop();
  return feed.depth(key);
}

export async function fetchCandles(ports: MarketPorts, query: CandlesQuery): Promise<Outcome<SeenCandles>> {
  const { candles } = ports;
  if (candles === undefined) return missing('candles');
  const asked = requestOf(ports, query);
  if (!asked.ok) return asked;
  const { instrument } = asked.value;
  const closed = await candles.closed(asked.value, { limit: query.limit, ...(query.asOf === undefined ? {} : { asOf: query.asOf }) });
  if (!closed.ok) return closed;
  const forming = query.forming === true ? candles.forming(asked.value) : undefined;
  return ok({ instrument, candles: forming === undefined ? closed.value : [...closed.value, forming] });
}

export async function fetchSeries(ports: MarketPorts, query: SeriesQuery): Promise<Outcome<SeriesSnapshot>> {
  const { series } = ports;
  if (series === undefined) return missing('indicators');
  const asked = requestOf(ports, query);
  if (!asked.ok) return asked;
  const { lookups, convention, asOf } = query;
  return series.at({ ...asked.value, lookups, convention }, asOf);
}

export async function searchInstruments({ search }: MarketPorts, query: SearchQuery): Promise<Outcome<readonly Instrument[]>> {
  return search === undefined ? missing('instrument search') : search(query);
}

function requestOf(ports: MarketPorts, query: SymbolQuery & { readonly timeframe: string; readonly asOf?: EpochMs }): Outcome<{ readonly instrument: Instrument; readonly timeframe: string }> {
  const timeframe = readTimeframe(query.timeframe);
  if (timeframe === undefined) return deny('INVALID_PARAMETER', `"${query.timeframe}" is no timeframe.`, { field: 'timeframe', remedy: 'Write 1m, 5m, 15m, 1h, 1d or any whole multiple.' });
  const found = resolve(ports, query);
  return found.ok ? ok({ instrument: found.value, timeframe }) : found;
}

function resolve({ instruments, now }: MarketPorts, { exchange, symbol, asOf }: SymbolQuery & { readonly asOf?: EpochMs }): Outcome<Instrument> {
  if (symbol === '') return deny('MISSING_FIELD', 'No symbol is given.', { field: 'symbol', remedy: 'Set it in the node or in the item.' });
  return resolveSymbol({ exchange, symbol, at: asOf ?? now(), instruments });
}

function missing(what: string): { readonly ok: false; readonly denial: Denial } {
  return deny('NOT_SUPPORTED', `This runtime has no source of ${what}.`, { remedy: 'Run the flow where candles and ticks are composed: Node-RED, n8n or a replay.' });
}
