import path from 'node:path';
import { openCandleStore } from '../runtime/adapters/candles';
import type { RecordedCandles } from '../runtime/domain/backtest';
import { explained } from '../runtime/domain/denial';
import { storedTimeframe, type CandleStore } from '../runtime/domain/feed';
import type { Instrument } from '../runtime/domain/market';
import { addDays, indiaDate, indiaTime } from '../runtime/domain/session';
import { MINUTE_MS, type EpochMs } from '../runtime/domain/time';
import { calendarOf, candlesOfStore, candlesOfText, dataForAll, instrumentNamed, instrumentsOf, olderInStore, readKey, recordedCandles, standIn, wantedSymbols, type BacktestSetup, type InstrumentFacts } from '../runtime/hosts/backtests';
import { readFlow } from '../runtime/hosts/replay';
import { allowed } from './allowed';
import { UsageError } from './arguments';
import { readAlerts } from './backtestAlerts';
import { parsedJson, readAccount, readDataWord, readFees, readHours, readInstrumentWord, readMeaning, readMoment, readOrders, readStandIn, type TermsWords } from './backtestWords';
import { DEFINITIONS } from './definitions';
import { findHome, HomeNotFound } from './home';
import type { World } from './main';

/** Rows that were left out are shown up to this many. */
const PROBLEMS_SHOWN = 3;

/** Everything that the words of a command mean: the flow's file, its data, its account. What is wrong with the data is said on standard error. */
export async function readSetup(flowFile: string, words: TermsWords, world: World): Promise<BacktestSetup> {
  const file = parsedJson(flowFile, world.readText(flowFile));
  const hours = readHours(words.hours);
  const home = stateFolder(words.home, world);
  const flow = allowed(readFlow(file, DEFINITIONS, words.flow));
  const surroundings = { ...(home === undefined ? {} : { home }), hours };
  const own = await loaded(words, world, { ...surroundings, wanted: wantedSymbols(flow.graph).map(({ exchange, symbol }) => `${exchange}:${symbol.toUpperCase()}`) });
  const data = withStandIns(own, words, surroundings);
  const { from, until } = spanOf(data, words);
  allowed(dataForAll(flow.graph, data.map(({ instrument }) => instrument), from, instrumentsOf(surroundings)));
  const orders = readOrders(words.orders);
  const alerts = words.alerts === undefined ? undefined : readAlerts(words.alerts, parsedJson(words.alerts, world.readText(words.alerts)), flow.graph);
  return {
    file, terms: { data, from, until, account: readAccount(words, world), charges: readFees(words.fees) }, source: sourceOf(words), ...surroundings,
    ...(words.flow === undefined ? {} : { flow: words.flow }), ...(orders === undefined ? {} : { orders }), ...(alerts === undefined ? {} : { alerts }),
  };
}

/** Where the candles came from, in words. */
function sourceOf({ data = [], ...words }: TermsWords): string {
  const places = data.map(readDataWord).map(({ key, place }) => `${key === undefined || data.length === 1 ? '' : `${key}: `}${place.kind === 'store' ? 'the candle store' : path.basename(place.file)}`);
  const times = readMeaning(words).timeIs === 'end' ? ', times are ends of candles' : '';
  const stands = (words.as ?? []).map(readStandIn).map(({ wanted, given }) => `; ${wanted} goes by the candles of ${given}`);
  return `${places.join(', ')}${times}${stands.join('')}`;
}

interface Surroundings {
  readonly home?: string;
  readonly hours: 'exchange' | 'always';
}

/** The state folder is wanted for the store and for a user's own calendar and instruments; without one the bundled ones hold. */
function stateFolder(named: string | undefined, world: World): string | undefined {
  if (named !== undefined) return path.resolve(world.workingDirectory, named);
  try {
    return findHome(undefined, world);
  } catch (error) {
    if (error instanceof HomeNotFound) return undefined;
    throw error;
  }
}

async function loaded(words: TermsWords, world: World, { wanted, ...surroundings }: Surroundings & { readonly wanted: readonly string[] }): Promise<readonly RecordedCandles[]> {
  const given = (words.data ?? []).map(readDataWord);
  if (given.length === 0) throw new UsageError('Over which candles? --data candles.csv --symbol NSE:SBIN, or --data store.');
  const facts = factsOf(words);
  const byKey = new Map<string, RecordedCandles>();
  let store: CandleStore | undefined;
  try {
    for (const { key = keyOf(words, wanted), place } of given) {
      const instrument = named(key, facts, surroundings);
      if (byKey.has(instrument.key)) throw new UsageError(`--data is given twice for ${instrument.key}.`);
      if (place.kind === 'file') byKey.set(instrument.key, fromFile(place.file, instrument, words, world, surroundings));
      else {
        store ??= await openStoreOf(surroundings, world);
        const recorded = allowed(await candlesOfStore(store, instrument, readMoment('--to', words.to, 'end') ?? Infinity, words.timeframe));
        if (words.timeframe === undefined) await tellOfOlder(store, recorded, world);
        byKey.set(instrument.key, recorded);
      }
    }
  } finally {
    await store?.close();
  }
  return [...byKey.values()];
}

/** The shortest candles are taken where nobody says which; longer ones that reach further back are not left unsaid. */
async function tellOfOlder(store: CandleStore, recorded: RecordedCandles, world: World): Promise<void> {
  const older = await olderInStore(store, recorded);
  if (older === undefined) return;
  const { instrument, timeframeMs, columns: { time: [first = 0] } } = recorded;
  world.err(`bellwether: ${instrument.key}: the ${storedTimeframe(timeframeMs) ?? ''} candles are taken, from ${indiaDate(first)}. Those of ${older.timeframe} begin on ${indiaDate(older.from)}: --timeframe ${older.timeframe} takes them.\n`);
}

function keyOf({ symbol }: TermsWords, wanted: readonly string[]): string {
  if (symbol !== undefined) return symbol;
  const [only, second] = [...new Set(wanted)];
  if (only !== undefined && second === undefined) return only;
  throw new UsageError(`Whose candles are they? --symbol NSE:SBIN${wanted.length > 1 ? ` (the flow trades ${[...new Set(wanted)].join(', ')}; with several: --data NSE:SBIN=<file>, once each)` : ''}.`);
}

/** What --instrument says, by instrument; under '' what it says of the one of --symbol. */
function factsOf({ instrument = [], symbol }: TermsWords): ReadonlyMap<string, InstrumentFacts> {
  return new Map(instrument.map((word) => readInstrumentWord(word, symbol)).map(({ key, facts }) => [key ?? symbol?.toUpperCase() ?? '', facts]));
}

function named(key: string, facts: ReadonlyMap<string, InstrumentFacts>, surroundings: Surroundings): Instrument {
  allowed(readKey(key));
  return allowed(instrumentNamed(key, facts.get(key.toUpperCase()) ?? facts.get('') ?? {}, instrumentsOf(surroundings)));
}

function fromFile(file: string, instrument: Instrument, words: TermsWords, world: World, surroundings: Surroundings): RecordedCandles {
  const read = candlesOfText(world.readText(file), instrument, readMeaning(words), calendarOf(surroundings));
  if (!read.ok) throw new Error(`${file}: ${explained(read.denial)}`);
  const { candles, timeframeMs: length, file: { problems, problemCount, note } } = read.value;
  for (const { line, message } of problems.slice(0, PROBLEMS_SHOWN)) world.err(`bellwether: ${file}, line ${line}: ${message}\n`);
  if (problemCount > PROBLEMS_SHOWN) world.err(`bellwether: ${file}: ${problemCount - PROBLEMS_SHOWN} more rows like that\n`);
  return recordedCandles(instrument, length, candles, note);
}

/** The folder that candles are kept in: the state folder; `.bellwether` here where there is none yet. */
export function candleHome(named: string | undefined, world: World): string {
  return stateFolder(named ?? filled(world.env.BELLWETHER_HOME), world) ?? path.join(world.workingDirectory, '.bellwether');
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** The candle store of a folder. */
export async function openStoreOf({ home }: { readonly home?: string | undefined }, world: World): Promise<CandleStore> {
  return openCandleStore({ path: path.join(home ?? candleHome(undefined, world), 'candles.db') });
}

function withStandIns(own: readonly RecordedCandles[], words: TermsWords, surroundings: Surroundings): readonly RecordedCandles[] {
  const facts = factsOf(words);
  const more = (words.as ?? []).map(readStandIn).map(({ wanted, given }) => {
    const source = own.find(({ instrument }) => instrument.key === given);
    if (source === undefined) throw new UsageError(`--as ${wanted}=${given}: there are no candles of ${given}; there are of ${own.map(({ instrument }) => instrument.key).join(', ')}.`);
    return standIn(named(wanted, facts, surroundings), source);
  });
  return [...own, ...more];
}

/** From the first candle to the end of the last one's day, unless the words say less. */
function spanOf(data: readonly RecordedCandles[], { from, to }: TermsWords): { readonly from: EpochMs; readonly until: EpochMs } {
  const first = Math.min(...data.map(({ columns: { time } }) => time[0] ?? Infinity));
  const last = Math.max(...data.map(({ columns: { time, length }, timeframeMs: each }) => (time[length - 1] ?? -Infinity) + Math.max(each, MINUTE_MS)));
  const span = { from: readMoment('--from', from, 'begin') ?? first, until: readMoment('--to', to, 'end') ?? indiaTime(addDays(indiaDate(last - 1), 1), '00:00') };
  if (span.from >= span.until) throw new UsageError('--from is not before --to.');
  return span;
}
