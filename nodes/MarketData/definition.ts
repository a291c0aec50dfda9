import { z } from 'zod';
import { Envelope } from '../../runtime/domain/envelope';
import type { SymbolQuery } from '../../runtime/domain/nodeContext';
import { defineNode, type Step } from '../../runtime/hosts/definition';
import { field, shownWhen } from '../../runtime/hosts/field';
import { asOfItem, candleView, timeframeFields, timeframeOf } from '../asOf';
import { instrumentFields } from '../orderFields';
import { Exchange } from '../../runtime/domain/market';
import { depthView, instrumentView, quoteView } from './views';

const NOTHING = { kind: 'none' } as const;
const ofOneSymbol = { operation: ['quote', 'depth', 'candles'] } as const;
const ofLists = { operation: ['candles', 'search'] } as const;

/** Prices, depth, candles and instruments, as a table or as one item. Reads only. */
export const marketData = defineNode({
  type: 'marketData',
  title: 'Market Data',
  description: 'Gets a quote, the depth, candles, or searches instruments',
  version: 1,
  outputs: [{ port: 'data', label: 'Data' }],
  readsOnly: true,
  connections: [],
  subtitleParams: ['operation', 'symbol', 'text'],
  params: z.object({
    operation: z.enum(['quote', 'depth', 'candles', 'search']).default('quote').register(field, {
      label: 'Operation', options: { quote: 'Quote', depth: 'Depth', candles: 'Candles', search: 'Search Instruments' }, help: 'What to look up.',
    }),
    text: z.string().max(100).optional().register(field, { label: 'Search For', placeholder: 'RELIANCE', help: 'Words of a symbol or a company. Empty takes the symbol of the incoming item.', showWhen: { operation: ['search'] } }),
    within: Exchange.optional().register(field, { label: 'On Exchange', help: 'Empty looks at that of the incoming item, else at all of them.', showWhen: { operation: ['search'] } }),
    ...shownWhen(instrumentFields, ofOneSymbol),
    ...shownWhen(timeframeFields, { operation: ['candles'] }),
    limit: z.int().min(1).max(5_000).default(100).register(field, { label: 'Limit', help: 'At most this many, the newest candles or the best matches.', showWhen: ofLists }),
    split: z.enum(['list', 'each']).default('list').register(field, {
      label: 'Give', options: { list: 'One Item With a List', each: 'One Item Each' }, help: 'Whether the next node gets one list, or one item for each candle or instrument.', showWhen: ofLists,
    }),
    forming: z.boolean().default(false).register(field, { label: 'Include Forming Candle', help: 'Whether to add the candle that is not closed yet, as far as ticks have shown it.', showWhen: { operation: ['candles'] } }),
  }),
  reads: Envelope.pick({ exchange: true, symbol: true, candle: true }),
  needs(params, item) {
    const query: SymbolQuery = { exchange: params.exchange ?? item.exchange ?? 'NSE', symbol: params.symbol ?? item.symbol ?? '' };
    const { operation, limit, forming } = params;
    const exchange = params.within ?? item.exchange;
    return {
      quote: operation === 'quote' ? { kind: 'quote', ...query } : NOTHING,
      depth: operation === 'depth' ? { kind: 'depth', ...query } : NOTHING,
      candles: operation === 'candles' ? { kind: 'candles', ...query, timeframe: timeframeOf(params, item), limit, forming, ...asOfItem(item) } : NOTHING,
      search: operation === 'search' ? { kind: 'search', text: params.text ?? item.symbol ?? '', limit, ...(exchange === undefined ? {} : { exchange }) } : NOTHING,
    };
  },
  decide(params, item, { quote, depth, candles, search }): Step<'data'> {
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

