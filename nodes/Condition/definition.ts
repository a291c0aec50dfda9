import { z } from 'zod';
import { evaluate, plan, RowGroup, type Condition, type Lookup } from '../../runtime/domain/condition';
import { deny, type Outcome } from '../../runtime/domain/denial';
import { Envelope } from '../../runtime/domain/envelope';
import type { SeriesSnapshot } from '../../runtime/domain/feed';
import { Convention } from '../../runtime/domain/indicators/core/convention';
import type { Exchange } from '../../runtime/domain/market';
import type { PositionView } from '../../runtime/domain/envelope';
import { defineNode, type Step } from '../../runtime/hosts/definition';
import { field } from '../../runtime/hosts/field';
import { asOfItem, timeframeFields, timeframeOf } from '../asOf';
import { COMPLETIONS } from '../completions';
import { conditionView } from '../conditionView';
import { instrumentFields } from '../orderFields';
import { itemSeries } from './itemSeries';
import { netOf } from './position';
import { conditionOf, meaningOfCondition, NO_ROWS } from './reading';

const NOTHING = { kind: 'none' } as const;
const MAX_TEXT = 4_000;

type Port = 'true' | 'false' | 'unknown';

const params = z.object({
  mode: z.enum(['rows', 'text']).default('rows').register(field, { label: 'Condition As', options: { rows: 'Rows', text: 'Text' }, help: 'A table of rows and groups, or one line of text. Both say the same.' }),
  rows: RowGroup.default(NO_ROWS).register(field, { label: 'Condition', control: 'conditionRows', showWhen: { mode: ['rows'] }, help: 'Each side is a value: close, ema(9), rsi(14)@1h, high[1], indicators.fast, position.pnlPercent, 70.' }),
  text: z.string().max(MAX_TEXT).optional().register(field, { label: 'Condition', control: 'code', placeholder: 'ema(9) crosses above ema(21) and rsi(14) < 70', showWhen: { mode: ['text'] }, help: 'Compare values, join with and, or, not. One candle ago is [1], a higher timeframe @1h.' }),
  ...instrumentFields,
  ...timeframeFields,
  whenUnknown: z.enum(['unknown', 'false']).default('unknown').register(field, {
    label: 'When Unknown', options: { unknown: 'Unknown Output', false: 'False Output' }, section: 'Options',
    help: 'Where an item goes when a value is missing. Its condition.result is unknown and condition.missing says why, either way.',
  }),
  convention: Convention.default('talib').register(field, { label: 'Convention', options: { talib: 'TA-Lib', pine: 'TradingView (Pine)' }, help: 'Whose way of starting an average is followed. They agree once an indicator has warmed up.', section: 'Options' }),
});
type Params = z.infer<typeof params>;

/** Lets an item through by a condition over candles, indicators, patterns and the item's own fields, and says why. Reads only. */
export const condition = defineNode({
  type: 'condition',
  title: 'Condition',
  description: 'Sends an item on by a condition over indicators, patterns and its own fields',
  version: 1,
  outputs: [{ port: 'true', label: 'True' }, { port: 'false', label: 'False' }, { port: 'unknown', label: 'Unknown' }],
  readsOnly: true,
  connections: ['account'],
  subtitleParams: ['rows', 'text'],
  meaning: { params: ['mode', 'rows', 'text'], of: meaningOfCondition, completions: COMPLETIONS },
  params,
  reads: Envelope.pick({ exchange: true, symbol: true, candle: true }),
  needs(node, item) {
    const read = conditionOf(node);
    const { market, asksPosition } = read.ok ? questions(read.value) : { market: [], asksPosition: false };
    const { exchange, symbol } = instrumentOf(node, item);
    const fetchesPosition = asksPosition && item['position'] === undefined;
    return {
      series: market.length === 0 ? NOTHING : { kind: 'series', exchange, symbol, timeframe: timeframeOf(node, item), lookups: market, convention: node.convention, ...asOfItem(item) },
      positions: fetchesPosition ? { kind: 'positions', scope: 'strategy', ...(symbol === '' ? {} : { exchange, symbol }) } : NOTHING,
    };
  },
  decide(node, item, { series, positions }): Step<Port> {
    const read = conditionOf(node);
    if (!read.ok) return { kind: 'refuse', denial: read.denial };
    if (positions !== undefined && instrumentOf(node, item).symbol === '') return { kind: 'refuse', denial: deny('MISSING_FIELD', 'The condition asks for a position, and no symbol is given.', { field: 'symbol', remedy: 'Set it in the node or in the item.' }).denial };
    // Not ready is not wrong: nothing is known yet, and the item says so. Anything else needs a person.
    if (series?.ok === false && series.denial.code !== 'NOT_READY') return { kind: 'refuse', denial: series.denial };
    return judged(node, item, { condition: read.value, series, positions });
  },
  conclude: () => ({ kind: 'emit', emissions: [] }),
});

function instrumentOf(node: Params, item: Envelope): { readonly exchange: Exchange; readonly symbol: string } {
  return { exchange: node.exchange ?? item.exchange ?? 'NSE', symbol: node.symbol ?? item.symbol ?? '' };
}

/** What a condition asks of the market, and whether it asks for the position. */
function questions(asked: Condition): { readonly market: readonly Lookup[]; readonly asksPosition: boolean } {
  const lookups = plan(asked);
  return {
    market: lookups.filter(({ source }) => source.kind !== 'field'),
    asksPosition: lookups.some(({ source }) => source.kind === 'field' && source.path.startsWith('position.')),
  };
}

function judged(node: Params, item: Envelope, { condition: asked, series, positions }: {
  readonly condition: Condition; readonly series: Outcome<SeriesSnapshot> | undefined; readonly positions: readonly PositionView[] | undefined;
}): Step<Port> {
  const snapshot = series?.ok === true ? series.value : undefined;
  const known: Envelope = positions === undefined ? item : { ...item, position: netOf(positions) };
  const incomplete = snapshot?.newest.incomplete === true;
  // On a candle with a hole nothing of the market counts as known.
  const evaluation = evaluate(asked, itemSeries(known, incomplete ? undefined : snapshot?.series));
  const missing = [...(series?.ok === false ? [series.denial.message] : []), ...(incomplete ? ['The candle is incomplete: ticks of it were missed.'] : [])];
  const port = evaluation.truth === 'unknown' ? node.whenUnknown : evaluation.truth;
  return { kind: 'emit', emissions: [{ port, item: { ...item, condition: conditionView(asked, evaluation, missing) } }] };
}
