import path from 'node:path';
import { openAlgoClient } from './adapters/brokers/openalgo/client';
import { openAlgoDepth } from './adapters/brokers/openalgo/depth';
import { openAlgoHistory } from './adapters/brokers/openalgo/history';
import type { UpstoxAddresses } from './adapters/brokers/upstox/addresses';
import { upstoxClient } from './adapters/brokers/upstox/client';
import { upstoxHistory } from './adapters/brokers/upstox/history';
import type { UpstoxKeys } from './adapters/brokers/upstox/instrumentKeys';
import { openCandleStore } from './adapters/candles';
import { backgroundPause } from './adapters/system/pause';
import { systemRandom } from './adapters/system/random';
import { filePlayer, type FilePlayer } from './adapters/ticks/file/filePlayer';
import { loadRecording, type Recording } from './adapters/ticks/file/recording';
import { openAlgoSource } from './adapters/ticks/openalgo/openAlgoSource';
import { simulatedHistory } from './adapters/ticks/simulated/simulatedHistory';
import { simulatedMarket } from './adapters/ticks/simulated/simulatedMarket';
import { simulatedSource } from './adapters/ticks/simulated/simulatedSource';
import { upstoxSource } from './adapters/ticks/upstox/upstoxSource';
import type { Outcome } from './domain/denial';
import type { CandleBook, CandleStore, Depth, Feed, History, SeriesBook, TickSource } from './domain/feed';
import type { InstrumentKey } from './domain/market';
import type { Clock, Instruments, Log, MarketData } from './domain/ports';
import { createAlwaysOpenCalendar, createSessions, type TradingCalendar } from './domain/session';
import type { FeedChoice } from './feedChoice';
import { createCandleBook } from './services/candles';
import { createFeedHub, marketDataOf } from './services/feed';
import { recordedMarket } from './services/marketData/recordedMarket';
import { createSeriesBook } from './services/series';

export interface OpenFeedOptions {
  readonly choice: FeedChoice;
  /** State folder; ':memory:' keeps no candles. */
  readonly home: string;
  /** The machine's; a recording brings its own. */
  readonly clock: Clock;
  readonly log: Log;
  readonly instruments: Instruments;
  readonly calendar: TradingCalendar;
  /** For prices of Upstox: where it is, and its names of instruments, shared with the accounts there. */
  readonly upstox: { readonly addresses: UpstoxAddresses; readonly keys: () => UpstoxKeys };
}

/** Prices from one source, and everything that is made of them. */
export interface OpenFeed {
  /** The time that everything lives in: a recording's own, else the machine's. */
  readonly clock: Clock;
  readonly market: MarketData;
  readonly made: {
    readonly feed?: Feed;
    readonly candles?: CandleBook;
    readonly series?: SeriesBook;
    /** Does work at a time of a recording, which does not pass by itself. */
    readonly atTime?: FilePlayer['atTime'];
    /** Best prices by level, from a source that gives them only when asked. */
    readonly askDepth?: (instrument: InstrumentKey) => Promise<Outcome<Depth>>;
    /** The name of this run of a recording, where it has one. */
    readonly run?: string;
  };
  close(): Promise<void>;
}

/** Prices on demand and nothing else: no ticks, no candles, no indicators. */
export function pricesOnly(market: MarketData & { close?(): void }, clock: Clock): OpenFeed {
  return {
    clock, market, made: {},
    close() {
      market.close?.();
      return Promise.resolve();
    },
  };
}

/** Composes source, hub, candles and indicators. Rejects for a file that can not be read. Nothing is connected before somebody asks for a price. */
export async function openFeed(options: OpenFeedOptions): Promise<OpenFeed> {
  const { log, instruments } = options;
  const { source, clock, calendar, history, store, market: own, player, askDepth } = await openSource(options);
  const isExpected = (key: InstrumentKey, at: number): boolean => {
    const instrument = instruments.find(key, at);
    return instrument !== undefined && calendar.sessionAt(instrument, at) !== undefined;
  };
  const inTime = player === undefined ? {} : { atTime: (due: number, work: () => void | Promise<void>) => player.atTime(due, work) };
  const feed = createFeedHub({ source, clock, pause: backgroundPause, log, random: systemRandom, isExpected });
  const quoted = own ?? marketDataOf(feed, { clock, pause: backgroundPause });
  const market = player === undefined ? quoted : recordedMarket(quoted, player);
  const past = { ...(history === undefined ? {} : { history }), ...(store === undefined ? {} : { store, source: source.name }) };
  const candles = createCandleBook({ feed, calendar, clock, pause: backgroundPause, log, ...inTime, ...past, ...(player === undefined ? {} : { limits: PUNCTUAL }) });
  const series = createSeriesBook({ candles, calendar, clock, log });
  return {
    clock, market, made: { feed, candles, series, ...inTime, ...runOf(options.choice), ...(askDepth === undefined ? {} : { askDepth }) },
    async close() {
      series.close();
      await candles.close();
      market.close();
      await feed.close();
      await store?.close();
    },
  };
}

function runOf(choice: FeedChoice): { readonly run?: string } {
  return choice.kind === 'file' && choice.run !== undefined ? { run: choice.run } : {};
}

/** A recording's ticks come in order and on time. */
const PUNCTUAL = { lateMs: 0, graceMs: 0 };

interface OpenSource {
  readonly source: TickSource;
  readonly clock: Clock;
  readonly calendar: TradingCalendar;
  /** The source's own past. */
  readonly history?: History;
  readonly askDepth?: (instrument: InstrumentKey) => Promise<Outcome<Depth>>;
  /** Keeps what is seen, of a source of real prices. */
  readonly store?: CandleStore;
  /** Prices on demand, where the source has them. */
  readonly market?: MarketData & { close(): void };
  readonly player?: FilePlayer;
}

async function openSource({ choice, home, clock, log, instruments, calendar, upstox }: OpenFeedOptions): Promise<OpenSource> {
  switch (choice.kind) {
    case 'simulated': {
      // The demo's market never closes, and so its candles follow one another day and night.
      const always = createAlwaysOpenCalendar();
      const world = { clock, instruments, seed: choice.seed ?? 1 };
      return { source: simulatedSource(world), clock, calendar: always, history: simulatedHistory({ ...world, calendar: always }), market: simulatedMarket({ ...world, log }) };
    }
    case 'file': {
      const recordings = await Promise.all(choice.files.map((each) => recordingOf(instruments, each, choice)));
      return played(filePlayer({ recordings, sessions: createSessions({ calendar }), speed: choice.speed, log }), calendar);
    }
    case 'player': return played(choice.player, calendar);
    case 'openalgo': {
      const store = await keptCandles(home);
      return { source: openAlgoSource({ url: choice.webSocketUrl, apiKey: choice.apiKey, clock, log }), clock, calendar, store, ...askedOf(choice, { clock, log }) };
    }
    case 'upstox': {
      const store = await keptCandles(home);
      const world = { client: upstoxClient({ addresses: upstox.addresses, accessToken: choice.accessToken }), keys: upstox.keys(), clock, log };
      return { source: upstoxSource(world), clock, calendar, store, history: upstoxHistory(world) };
    }
  }
}

/** What is seen of real prices stays in the state folder. */
function keptCandles(home: string): Promise<CandleStore> {
  return openCandleStore({ path: home === ':memory:' ? home : path.join(home, 'candles.db') });
}

/** The gateway's candles and depth, where its web address is known. */
function askedOf({ restUrl: url, apiKey }: Extract<FeedChoice, { kind: 'openalgo' }>, ports: { readonly clock: Clock; readonly log: Log }): Pick<OpenSource, 'history' | 'askDepth'> {
  if (url === undefined) return {};
  const client = openAlgoClient({ url, apiKey });
  return { history: openAlgoHistory({ client, ...ports }), askDepth: openAlgoDepth({ client, ...ports }) };
}

function played(player: FilePlayer, calendar: TradingCalendar): OpenSource {
  return { source: player, clock: player.clock, calendar, history: player.history, player };
}

async function recordingOf(instruments: Instruments, { instrument: key, file }: { readonly instrument: InstrumentKey; readonly file: string }, { holds, timeIs }: Extract<FeedChoice, { kind: 'file' }>): Promise<Recording> {
  const instrument = instruments.find(key);
  if (instrument === undefined) throw new Error(`BELLWETHER_FEED names ${key}, which is not known. Add it to the instruments override file.`);
  const recording = await loadRecording(file, { instrument, holds, timeIs });
  if (!recording.ok) throw new Error(recording.denial.message);
  return recording.value;
}
