import { z } from 'zod';
import { PaperAccount } from '../../runtime/domain/account';
import type { BacktestWish } from '../../runtime/domain/backtest';
import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import { STORED_TIMEFRAMES } from '../../runtime/domain/feed';
import { Envelope } from '../../runtime/domain/envelope';
import { defineNode } from '../../runtime/hosts/definition';
import { field } from '../../runtime/hosts/field';
import { instrumentFields } from '../orderFields';

const account = PaperAccount.shape;
/** A workflow of a thousand nodes. */
const MAX_FLOW_TEXT = 2_000_000;
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'write a day as 2026-01-31');
const file = z.string().min(1).max(200);

const STORED_OPTIONS = Object.fromEntries(STORED_TIMEFRAMES.map((name) => [name, name]));

const Params = z.object({
  flowFrom: z.enum(['text', 'editor', 'file']).default('text').register(field, {
    label: 'Flow', options: { text: 'Its JSON', editor: 'Deployed in This Editor (Node-RED)', file: 'A File' }, help: 'Where the flow is taken from that is walked over history. Nothing of it is traded.',
  }),
  flow: z.string().max(MAX_FLOW_TEXT).optional().register(field, { label: 'Flow JSON', control: 'code', placeholder: '{ "nodes": [ … ] }', help: 'In n8n press Ctrl+A and Ctrl+C on the flow’s canvas, then Ctrl+V here. In Node-RED: Export, Copy to Clipboard. A downloaded file’s text serves as well.', showWhen: { flowFrom: ['text'] } }),
  flowName: z.string().max(200).optional().register(field, { label: 'Flow Name', placeholder: 'EMA crossover', help: 'Which one is meant, where there are several. Empty takes the flow that this node is in.', showWhen: { flowFrom: ['editor', 'file'] } }),
  flowFile: file.optional().register(field, { label: 'Flow File', placeholder: 'ema.json', help: 'Inside the folder “data” of Bellwether’s state folder.', showWhen: { flowFrom: ['file'] } }),
  dataFrom: z.enum(['store', 'file']).default('store').register(field, { label: 'Candles', options: { store: 'The Candle Store', file: 'A File' }, help: 'The store is filled by “bellwether data import” and “bellwether data fetch”.' }),
  storeTimeframe: z.enum(STORED_TIMEFRAMES).optional().register(field, { label: 'Candle Length', options: STORED_OPTIONS, help: 'Which candles of the store are walked. Empty: the shortest that are kept. Brokers keep longer ones for years.', showWhen: { dataFrom: ['store'] } }),
  dataFile: file.optional().register(field, { label: 'Candle File', placeholder: 'SBIN.csv', help: 'CSV or JSON inside the folder “data” of Bellwether’s state folder.', showWhen: { dataFrom: ['file'] } }),
  timeIs: z.enum(['start', 'end']).default('start').register(field, { label: 'File Times Are', options: { start: 'The Start of Candles', end: 'The End of Candles' }, showWhen: { dataFrom: ['file'] } }),
  ...instrumentFields,
  from: day.optional().register(field, { label: 'From', placeholder: '2026-01-01', help: 'First day that is traded. Candles before it warm the indicators up. Empty takes all.' }),
  to: day.optional().register(field, { label: 'To', placeholder: '2026-06-30', help: 'Last day that is traded.' }),
  capital: z.number().positive().max(1e11).default(1_000_000).register(field, { label: 'Capital', unit: '₹', help: 'What the account starts with. Limits in percent refer to it.' }),
  charges: z.enum(['exchange', 'none']).default('exchange').register(field, { label: 'Charges', options: { exchange: 'Brokerage, Taxes and Fees', none: 'None' }, help: 'Those of Indian exchanges, by date.' }),
  slippage: account.slippage.unwrap().default('spread').register(field, { label: 'Slippage', options: { none: 'None', spread: 'Spread', ticks: 'Ticks', percent: 'Percent' }, help: 'How much worse than the price an order fills that takes liquidity.' }),
  slippageTicks: account.slippageTicks.unwrap().default(1).register(field, { label: 'Slippage Ticks', unit: 'ticks', showWhen: { slippage: ['ticks'] } }),
  slippagePercent: account.slippagePercent.unwrap().default(0.05).register(field, { label: 'Slippage Percent', unit: '%', showWhen: { slippage: ['percent'] } }),
  standsFor: z.string().max(100).optional().register(field, { label: 'Stands For', placeholder: 'NFO:NIFTY29DEC26FUT', help: 'What the flow trades, where it goes by these candles: a future by the candles of its index.', section: 'Options' }),
  lotSize: z.int().positive().optional().register(field, { label: 'Lot Size', unit: 'units', help: 'Of what is traded, where it is not known.', section: 'Options' }),
  maxOrderValuePercent: z.number().positive().max(10_000).optional().register(field, { label: 'Max Order Value', unit: '%', help: 'Largest value of one order in percent of the capital. Empty: 10.', section: 'Options' }),
});
type Params = z.infer<typeof Params>;

/** Walks a flow over history and gives out figures, trades and a report. It changes nothing and trades nothing. */
export const backtest = defineNode({
  type: 'backtest',
  title: 'Backtest',
  description: 'Walks a flow over past candles, with costs, and gives figures, trades and a report',
  version: 1,
  outputs: [{ port: 'report', label: 'Report' }, { port: 'refused', label: 'Refused' }],
  refusalPort: 'refused',
  connections: [],
  subtitleParams: ['symbol', 'from', 'to'],
  params: Params,
  reads: Envelope.pick({ exchange: true, symbol: true }),
  needs: () => ({}),
  decide(params, item) {
    const wish = wishOf(params, item);
    return wish.ok ? { kind: 'perform', commands: [{ kind: 'backtest', wish: wish.value }] } : { kind: 'refuse', denial: wish.denial };
  },
  conclude(_params, item, [result]) {
    if (result?.kind !== 'backtest') throw new Error('The backtest command gave no result.');
    if (!result.outcome.ok) return { kind: 'refuse', denial: result.outcome.denial };
    const { json, page, told } = result.outcome.value;
    return { kind: 'emit', emissions: [{ port: 'report', item: { ...item, backtest: json }, files: [{ name: 'report.html', mimeType: 'text/html', text: page }], told }] };
  },
});

function wishOf(params: Params, item: Pick<Envelope, 'exchange' | 'symbol'>): Outcome<BacktestWish> {
  const flow = flowOf(params);
  if (!flow.ok) return flow;
  const { dataFrom, dataFile, storeTimeframe, timeIs, standsFor, lotSize, from, to, charges, capital, slippage, slippageTicks, slippagePercent, maxOrderValuePercent } = params;
  if (dataFrom === 'file' && dataFile === undefined) return missing('dataFile', 'Candle File');
  const symbol = params.symbol ?? item.symbol;
  if (symbol === undefined) return missing('symbol', 'Symbol');
  const paper = PaperAccount.parse({ capital, slippage, slippageTicks, slippagePercent, limits: maxOrderValuePercent === undefined ? {} : { maxOrderValuePercent } });
  return ok({
    flow: flow.value, data: dataFrom === 'store' || dataFile === undefined ? { kind: 'store', ...(storeTimeframe === undefined ? {} : { timeframe: storeTimeframe }) } : { kind: 'file', file: dataFile, timeIs }, exchange: params.exchange ?? item.exchange ?? 'NSE', symbol, charges, account: paper,
    ...(standsFor === undefined ? {} : { standsFor }), ...(lotSize === undefined ? {} : { lotSize }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }),
  });
}

function flowOf({ flowFrom, flow, flowFile, flowName }: Params): Outcome<BacktestWish['flow']> {
  const name = flowName === undefined ? {} : { name: flowName };
  if (flowFrom === 'editor') return ok({ kind: 'editor', ...name });
  if (flowFrom === 'file') return flowFile === undefined ? missing('flowFile', 'Flow File') : ok({ kind: 'file', file: flowFile, ...name });
  return flow === undefined ? missing('flow', 'Flow JSON') : ok({ kind: 'text', text: flow });
}

function missing(name: string, label: string): Outcome<never> {
  return deny('MISSING_FIELD', `${label} is empty.`, { field: name, remedy: `Open the node and fill in "${label}".` });
}
