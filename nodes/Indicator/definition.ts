import { z } from 'zod';
import type { Lookup } from '../../runtime/domain/condition';
import type { Denial, Outcome } from '../../runtime/domain/denial';
import { Envelope } from '../../runtime/domain/envelope';
import type { SeriesSnapshot } from '../../runtime/domain/feed';
import { Convention } from '../../runtime/domain/indicators/core/convention';
import { instrumentKey, type Exchange } from '../../runtime/domain/market';
import { defineNode, type Step } from '../../runtime/hosts/definition';
import { field } from '../../runtime/hosts/field';
import { asOfItem, candleView, timeframeFields, timeframeOf } from '../asOf';
import { COMPLETIONS } from '../completions';
import { instrumentFields } from '../orderFields';
import { lookupsOf } from './expressions';
import { meaningOfRows } from './meaning';
import { ResultRow, resultsOf, type Result } from './rows';
import { unknownValues, valuesOf, type Values } from './values';

/** Symbols of one node; each costs indicator states of its own. */
const MAX_SYMBOLS = 100;
const MAX_RESULTS = 50;

const params = z.object({
  ...instrumentFields,
  symbol: z.string().max(2_000).optional().register(field, { label: 'Symbol', placeholder: 'SBIN', help: 'Empty takes it from the incoming item. Several are separated by commas.' }),
  ...timeframeFields,
  results: z.array(ResultRow).max(MAX_RESULTS).default([]).register(field, { label: 'Results', help: 'What to compute, each under a name of its own. Closed candles only.' }),
  previous: z.int().min(0).max(100).default(1).register(field, { label: 'Previous Values', help: 'How many earlier values each result brings along, newest first.', section: 'Options' }),
  several: z.enum(['each', 'together']).default('each').register(field, {
    label: 'Several Symbols', options: { each: 'One Item Each', together: 'One Item, by Symbol' }, help: 'How the results of several symbols leave the node.', section: 'Options',
  }),
  convention: Convention.default('talib').register(field, {
    label: 'Convention', options: { talib: 'TA-Lib', pine: 'TradingView (Pine)' }, help: 'Whose way of starting an average is followed. They agree once an indicator has warmed up.', section: 'Options',
  }),
});
type Params = z.infer<typeof params>;

/** Indicators and candlestick patterns of one or several instruments, as of the item's candle. Reads only. */
export const indicator = defineNode({
  type: 'indicator',
  title: 'Indicator',
  description: 'Computes indicators and candlestick patterns on closed candles',
  version: 1,
  outputs: [{ port: 'result', label: 'Result' }],
  readsOnly: true,
  connections: [],
  subtitleParams: ['symbol', 'timeframe'],
  meaning: { params: ['results'], of: meaningOfRows, completions: COMPLETIONS },
  params,
  reads: Envelope.pick({ exchange: true, symbol: true, candle: true, indicators: true, indicatorsMissing: true }),
  needs(node, item) {
    const results = resultsOf(node.results);
    const lookups = results.ok ? lookupsOfAll(results.value, node.previous) : [];
    const exchange = exchangeOf(node, item);
    const timeframe = timeframeOf(node, item);
    const queries = results.ok ? symbolsOf(node, item).slice(0, MAX_SYMBOLS).map((symbol) => ({ exchange, symbol, timeframe, lookups, convention: node.convention, ...asOfItem(item) })) : [];
    return { series: { kind: 'seriesOf', queries } };
  },
  decide(node, item, { series }): Step<'result'> {
    const results = resultsOf(node.results);
    if (!results.ok) return { kind: 'refuse', denial: results.denial };
    const symbols = symbolsOf(node, item);
    if (symbols.length > MAX_SYMBOLS) return { kind: 'refuse', denial: { code: 'TOO_MANY_SYMBOLS', message: `${symbols.length} symbols in one node.`, field: 'symbol', limit: MAX_SYMBOLS, value: symbols.length, remedy: 'Split them over several nodes.' } };
    const exchange = exchangeOf(node, item);
    const readings = symbols.map((symbol, index) => readingOf({ exchange, symbol, outcome: series[index], results: results.value, node, item }));
    const refused = readings.flatMap(({ denial }) => (denial === undefined ? [] : [denial]));
    // One that is not ready beside others must not end them; its values are null, and say why.
    if (refused[0] !== undefined && refused.length === readings.length) return { kind: 'refuse', denial: refused[0] };
    const items = readings.length > 1 && node.several === 'together' ? [together(item, readings)] : readings.map((reading) => (readings.length === 1 ? alone(node, item, reading) : { ...item, ...viewOf(reading) }));
    return { kind: 'emit', emissions: items.map((each) => ({ port: 'result', item: each })) };
  },
  conclude: () => ({ kind: 'emit', emissions: [] }),
});

function exchangeOf(node: Params, item: Envelope): Exchange {
  return node.exchange ?? item.exchange ?? 'NSE';
}

/** The symbols asked for; one empty text where nobody names any, so that the refusal can say so. */
function symbolsOf(node: Params, item: Envelope): readonly string[] {
  const symbols = (node.symbol ?? item.symbol ?? '').split(',').map((symbol) => symbol.trim()).filter((symbol) => symbol !== '');
  return symbols.length === 0 ? [''] : [...new Set(symbols)];
}

function lookupsOfAll(results: readonly Result[], previous: number): readonly Lookup[] {
  const lookups = new Map(results.flatMap(({ expression }) => lookupsOf(expression, previous)).map((lookup) => [lookup.text, lookup]));
  return [...lookups.values()];
}

/** One instrument and what is known of it. */
interface Reading {
  readonly exchange: Exchange;
  readonly symbol: string;
  readonly values: Values;
  readonly candle?: NonNullable<Envelope['candle']>;
  readonly denial?: Denial;
}

function readingOf({ exchange, symbol, outcome, results, node, item }: {
  readonly exchange: Exchange; readonly symbol: string; readonly outcome: Outcome<SeriesSnapshot> | undefined; readonly results: readonly Result[]; readonly node: Params; readonly item: Envelope;
}): Reading {
  if (outcome === undefined) throw new Error(`${symbol} was given no data.`);
  if (!outcome.ok) return { exchange, symbol, values: unknownValues(results, outcome.denial.message, node.previous), denial: outcome.denial };
  const { instrument, newest, series } = outcome.value;
  return { exchange: instrument.exchange, symbol: instrument.symbol, values: valuesOf(results, series, node.previous), candle: candleView(newest, timeframeOf(node, item)) };
}

function viewOf({ exchange, symbol, values, candle, denial }: Reading): Envelope {
  return { exchange, symbol, ...values, ...(candle === undefined ? {} : { candle }), ...(denial === undefined ? {} : { denial }) };
}

/** The flow's own instrument and candle stay: another symbol's results join those that are there already. */
function alone(node: Params, item: Envelope, { exchange, symbol, values, candle }: Reading): Envelope {
  const isOwn = node.symbol === undefined || item.symbol === undefined;
  return {
    ...(isOwn ? { exchange, symbol, ...(candle === undefined ? {} : { candle }) } : {}), ...item,
    indicators: joined(item.indicators, values.indicators),
    indicatorsMissing: { ...item.indicatorsMissing, ...values.indicatorsMissing },
  };
}

function joined(before: Envelope['indicators'], now: Values['indicators']): Readonly<Record<string, unknown>> {
  const previous = { ...asRecord(before?.['previous']), ...asRecord(now['previous']) };
  return { ...before, ...now, ...(Object.keys(previous).length === 0 ? {} : { previous }) };
}

function asRecord(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** Everything by instrument key, `NSE:SBIN`. */
function together(item: Envelope, readings: readonly Reading[]): Envelope {
  const byKey = <T>(pick: (reading: Reading) => T | undefined): Readonly<Record<string, T>> => {
    const entries = readings.flatMap((reading) => {
      const value = pick(reading);
      return value === undefined ? [] : [[instrumentKey(reading.exchange, reading.symbol), value] as const];
    });
    return Object.fromEntries(entries);
  };
  return { ...item, indicators: byKey(({ values }) => values.indicators), indicatorsMissing: byKey(({ values }) => values.indicatorsMissing), candles: byKey(({ candle }) => candle) };
}
