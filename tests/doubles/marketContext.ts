import { readParameters } from '../../runtime/hosts/parameters';
import { runNode, type RunResult } from '../../runtime/hosts/run';
import type { ActionDefinition } from '../../runtime/hosts/definition';
import type { Envelope, PositionView } from '../../runtime/domain/envelope';
import { mapSeries } from './conditionSeries';
import { deny, ok, type Denial } from '../../runtime/domain/denial';
import type { SeenCandle, SeriesBook, SeriesRequest } from '../../runtime/domain/feed';
import { createCatalogue } from '../../runtime/domain/instrument';
import type { Data, Need, NeedResults, Needs, NodeContext } from '../../runtime/domain/nodeContext';
import type { EpochMs } from '../../runtime/domain/time';
import { manualMarket, type ManualMarket } from '../../runtime/adapters/ticks/simulated/manualMarket';
import { fetchCandles, fetchDepth, fetchQuote, fetchSeries, searchInstruments, type MarketPorts } from '../../runtime/services/context/market';
import { NOW, silentLog } from './ingressWorld';

/** A candle of five minutes that ends at `until`. */
export function seenCandle(until: EpochMs, close = 100, changes: Partial<SeenCandle> = {}): SeenCandle {
  return { candle: { time: until - 300_000, open: close - 1, high: close + 1, low: close - 2, close, volume: 10, closed: true }, incomplete: false, until, ...changes };
}

export interface ScriptedSeries extends Pick<SeriesBook, 'at'> {
  readonly asked: { readonly request: SeriesRequest; readonly asOf: EpochMs | undefined }[];
}

/** A series book that knows values by question (`ema(9)[1]`), by instrument; anything else is not ready. */
export function scriptedSeries(known: Readonly<Record<string, Readonly<Record<string, number | boolean>>>>, newest: SeenCandle = seenCandle(NOW)): ScriptedSeries {
  const asked: ScriptedSeries['asked'] = [];
  return {
    asked,
    at(request, asOf) {
      asked.push({ request, asOf });
      const values = known[request.instrument.key];
      if (values === undefined) return Promise.resolve(deny('NOT_READY', `No candles of ${request.instrument.key} yet.`));
      return Promise.resolve(ok({ instrument: request.instrument, newest, series: mapSeries(values), candles: 100 }));
    },
  };
}

export interface MarketBench {
  readonly context: NodeContext;
  readonly market: ManualMarket;
  run(definition: ActionDefinition, values: Readonly<Record<string, unknown>>, item?: Envelope): Promise<RunResult>;
}

/** The world of nodes that only read: the real fetching over the ports of the test. */
export function marketBench(ports: Partial<MarketPorts> = {}, positions: readonly PositionView[] = []): MarketBench {
  const market = manualMarket();
  const all: MarketPorts = { market, instruments: createCatalogue(), log: silentLog, now: () => NOW, pause: () => Promise.resolve(), ...ports };
  const context: NodeContext = {
    now: () => NOW,
    async fetch<N extends Needs>(needs: N) {
      const entries = await Promise.all(Object.entries(needs).map(async ([name, need]) => [name, await answer(all, positions, need)] as const));
      return Object.fromEntries(entries) as Data<N>;
    },
    perform: () => { throw new Error('A node that reads asked for something to be done.'); },
  };
  return {
    context, market,
    async run(definition, values, item = {}) {
      const params = readParameters(definition.params, values, { numbersAsText: false });
      if (!params.ok) return { kind: 'raised', denial: params.denial };
      return runNode(definition, params.value, item, context);
    },
  };
}

function answer(ports: MarketPorts, positions: readonly PositionView[], need: Need): Promise<NeedResults[Need['kind']]> {
  switch (need.kind) {
    case 'none': return Promise.resolve(undefined);
    case 'quote': return fetchQuote(ports, need);
    case 'depth': return fetchDepth(ports, need);
    case 'candles': return fetchCandles(ports, need);
    case 'series': return fetchSeries(ports, need);
    case 'seriesOf': return Promise.all(need.queries.map((query) => fetchSeries(ports, query)));
    case 'search': return searchInstruments(ports, need);
    case 'positions': return Promise.resolve(positions.filter(({ symbol }) => need.symbol === undefined || symbol === need.symbol));
    case 'tradable': case 'tradables': case 'funds': case 'accountState': case 'locks': case 'identity': case 'approval': case 'performance': throw new Error(`A node that reads asked for ${need.kind}.`);
  }
}

/** The denial of a run that was raised. */
export function denialOf(result: RunResult): Denial {
  if (result.kind === 'raised') return result.denial;
  throw new Error(`The node emitted ${JSON.stringify(result.emissions)}.`);
}
