import { z } from 'zod';
import { deny, type Outcome } from '../../runtime/domain/denial';
import { Envelope } from '../../runtime/domain/envelope';
import type { SeriesSnapshot } from '../../runtime/domain/feed';
import type { SeriesQuery, SymbolQuery } from '../../runtime/domain/nodeContext';
import { defineNode, type Step } from '../../runtime/hosts/definition';
import { field, shownWhen } from '../../runtime/hosts/field';
import { asOfItem, candleView, timeframeFields, timeframeOf } from '../asOf';
import { instrumentFields } from '../orderFields';
import { Exchange } from '../../runtime/domain/market';
import { symbolQueries } from '../symbolList';
import { rankedItems, yardstickOf } from './ranking';
import { depthView, instrumentView, quoteView } from './views';

const NOTHING = { kind: 'none' } as const;
/** Symbols of one ranking; each costs indicator states of its own. */
const MAX_RANKED = 500;
const ofOneSymbol = { operation: ['quote', 'depth', 'candles'] } as const;
const ofRanking = { operation: ['rank'] } as const;
const ofLists = { operation: ['candles', 'search'] } as const;

const Params = z.object({
  operation: z.enum(['quote', 'depth', 'candles', 'rank', 'search']).default('quote').register(field, {
    label: 'Operation', options: { quote: 'Quote', depth: 'Depth', candles: 'Candles', rank: 'Rank Symbols', search: 'Search Instruments' }, help: 'What to look up.',
  }),
  text: z.string().max(100).optional().register(field, { label: 'Search For', placeholder: 'RELIANCE', help: 'Words of a symbol or a company. Empty takes the symbol of the incoming item.', showWhen: { operation: ['search'] } }),
  within: Exchange.optional().register(field, { label: 'On Exchange', help: 'Empty looks at that of the incoming item, else at all of them.', showWhen: { operation: ['search'] } }),
  symbols: z.string().max(20_000).optional().register(field, { label: 'Symbols', placeholder: 'SBIN, TCS, INFY', help: 'What to rank, separated by commas.', showWhen: ofRanking }),
  rankBy: z.string().max(500).default('roc(20)').register(field, { label: 'Rank By', placeholder: 'roc(20)', completes: true, help: 'An indicator or a sum of closed candles: roc(20), close / sma(50), rsi(14)@1h.', showWhen: ofRanking }),
  top: z.int().min(1).max(MAX_RANKED).default(3).register(field, { label: 'Picks', unit: 'symbols', help: 'How many of the best are picked.', showWhen: ofRanking }),
  order: z.enum(['highest', 'lowest']).default('highest').register(field, { label: 'Best Is', options: { highest: 'The Highest', lowest: 'The Lowest' }, showWhen: ofRanking }),
  keep: z.enum(['picks', 'all']).default('picks').register(field, { label: 'Give Out', options: { picks: 'The Picks', all: 'All, With Their Rank' }, help: 'One item a symbol, best first, with rank, score and picked.', showWhen: ofRanking }),
  ...shownWhen({ exchange: instrumentFields.exchange }, { operation: [...ofOneSymbol.operation, 'rank'] }),
  ...shownWhen({ symbol: instrumentFields.symbol }, ofOneSymbol),
  ...shownWhen(timeframeFields, { operation: ['candles', 'rank'] }),
  most: z.int().min(1).max(5_000).default(100).register(field, { label: 'At Most', help: 'This many: the newest candles, or the best matches.', showWhen: ofLists }),
  split: z.enum(['list', 'each']).default('list').register(field, {
    label: 'Give', options: { list: 'One Item With a List', each: 'One Item Each' }, help: 'Whether the next node gets one list, or one item for each candle or instrument.', showWhen: ofLists,
  }),
  forming: z.boolean().default(false).register(field, { label: 'Include Forming Candle', help: 'Whether to add the candle that is not closed yet, as far as ticks have shown it.', showWhen: { operation: ['candles'] } }),
});
type Params = z.infer<typeof Params>;

/** Prices, depth, candles, rankings and instruments, as a table or as one item. Reads only. */
export const marketData = defineNode({
  type: 'marketData',
  title: 'Market Data',
  description: 'Gets a quote, the depth, candles, ranks symbols or searches instruments',
  version: 1,
  outputs: [{ port: 'data', label: 'Data' }],
  readsOnly: true,
  connections: [],
  subtitleParams: ['operation', 'symbol', 'text'],
  params: Params,
  reads: Envelope.pick({ exchange: true, symbol: true, candle: true }),
  needs(params, item) {
    const query: SymbolQuery = { exchange: params.exchange ?? item.exchange ?? 'NSE', symbol: params.symbol ?? item.symbol ?? '' };
    const { operation, most: limit, forming } = params;
    const exchange = params.within ?? item.exchange;
    return {
      quote: operation === 'quote' ? { kind: 'quote', ...query } : NOTHING,
      depth: operation === 'depth' ? { kind: 'depth', ...query } : NOTHING,
      candles: operation === 'candles' ? { kind: 'candles', ...query, timeframe: timeframeOf(params, item), limit, forming, ...asOfItem(item) } : NOTHING,
      ranking: operation === 'rank' ? { kind: 'seriesOf', queries: rankingQueries(params, item) } : NOTHING,
      search: operation === 'search' ? { kind: 'search', text: params.text ?? item.symbol ?? '', limit, ...(exchange === undefined ? {} : { exchange }) } : NOTHING,
    };
  },
  decide(params, item, { quote, depth, candles, ranking, search }): Step<'data'> {
    if (ranking !== undefined) return ranked(params, item, ranking);
    const answer = quote ?? depth ?? candles ?? search;
    if (answer === undefined) throw new Error(`${params.operation} was given no data.`);
    if (!answer.ok) return { kind: 'refuse', denial: answer.denial };
    const emit = (...items: readonly Envelope[]): Step<'data'> => ({ kind: 'emit', emissions: items.map((each) => ({ port: 'data', item: each })) });
    if (quote?.ok === true) return emit({ ...item, ...quoteView(quote.value) });
    if (depth?.ok === true) return emit({ ...item, ...depthView(depth.value) });
    if (candles?.ok === true) {
      const { exchange, symbol } = candles.value.instrument;
      const timeframe = timeframeOf(params, item);
      const views = candles.value.candles.map((seen) => candleView(seen, timeframe));
      return params.split === 'each' ? emit(...views.map((candle) => ({ ...item, exchange, symbol, candle }))) : emit({ ...item, exchange, symbol, timeframe, candles: views });
    }
    const found = search?.ok === true ? search.value.map(instrumentView) : [];
    return params.split === 'each' ? emit(...found.map((instrument) => ({ ...item, ...instrument }))) : emit({ ...item, instruments: found });
  },
  conclude: () => ({ kind: 'emit', emissions: [] }),
});

function rankingQueries(params: Params, item: Envelope): readonly SeriesQuery[] {
  const yardstick = yardstickOf(params.rankBy);
  if (!yardstick.ok) return [];
  const timeframe = timeframeOf(params, item);
  return rankedSymbols(params, item).slice(0, MAX_RANKED).map((query) => ({ ...query, timeframe, lookups: yardstick.value.lookups, convention: 'talib', ...asOfItem(item) }));
}

function rankedSymbols({ symbols, exchange }: Params, item: Envelope): readonly SymbolQuery[] {
  return symbolQueries(symbols ?? '', exchange ?? item.exchange ?? 'NSE');
}

function ranked(params: Params, item: Envelope, outcomes: readonly Outcome<SeriesSnapshot>[]): Step<'data'> {
  const yardstick = yardstickOf(params.rankBy);
  if (!yardstick.ok) return { kind: 'refuse', denial: yardstick.denial };
  const asked = rankedSymbols(params, item);
  if (asked.length === 0) return { kind: 'refuse', denial: deny('MISSING_FIELD', 'No symbols are given to rank.', { field: 'symbols', remedy: 'Name them, separated by commas.' }).denial };
  if (asked.length > MAX_RANKED) return { kind: 'refuse', denial: deny('TOO_MANY_SYMBOLS', `${asked.length} symbols in one ranking.`, { field: 'symbols', limit: MAX_RANKED, value: asked.length }).denial };
  const items = rankedItems(item, yardstick.value, { ...params, timeframe: timeframeOf(params, item) }, asked, outcomes);
  return items.ok ? { kind: 'emit', emissions: items.value.map((each) => ({ port: 'data', item: each })) } : { kind: 'refuse', denial: items.denial };
}
