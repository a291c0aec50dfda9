import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import * as definitions from '../../nodes';
import { readCandleFile } from '../../runtime/adapters/candleFile/readCandleFile';
import { loadInstruments } from '../../runtime/adapters/instruments/loadInstruments';
import { PaperAccount } from '../../runtime/domain/account';
import { OVERRIDES_FILE } from '../../runtime/domain/instrument';
import { instrumentKey, type Exchange, type Instrument } from '../../runtime/domain/market';
import type { Intent } from '../../runtime/domain/order';
import type { Store } from '../../runtime/domain/ports';
import { MINUTE_MS } from '../../runtime/domain/time';
import { inlineRunner, recordedCandles, standIn, type BacktestRunner, type BacktestSetup } from '../../runtime/hosts/backtests';
import { canonicalIntents } from '../../runtime/hosts/replay';
import { valueOf } from '../doubles/shippedFlow';

/** The flows of which every host has to decide the same, and the strategy whose name their intents carry. */
export const FLOWS = { 'EMA crossover': 'ema-crossover', 'Opening-range breakout': 'opening-range' } as const;
export type FlowName = keyof typeof FLOWS;
export const FLOW_NAMES: readonly FlowName[] = ['EMA crossover', 'Opening-range breakout'];

/** A recorded month of an index, and the future that stands in for it, with the lot and tick that the user's file declares. */
export interface Month {
  readonly file: string;
  readonly index: string;
  readonly future: string;
  readonly lot: number;
  readonly tick: number;
}

const MONTHS: readonly Month[] = [
  { file: 'NIFTY-2022-JUN', index: 'NIFTY', future: 'NIFTY30JUN22FUT', lot: 75, tick: 0.05 },
  { file: 'NIFTY-2022-JUL', index: 'NIFTY', future: 'NIFTY25AUG22FUT', lot: 75, tick: 0.05 },
  { file: 'BNF-2022-JUN', index: 'BANKNIFTY', future: 'BANKNIFTY30JUN22FUT', lot: 35, tick: 0.1 },
  { file: 'BNF-2022-JUL', index: 'BANKNIFTY', future: 'BANKNIFTY25AUG22FUT', lot: 35, tick: 0.1 },
];

/** One month in every run of the tests, the others in `npm run test:long`. */
export const MONTHS_OF_THIS_RUN: readonly Month[] = process.env['BELLWETHER_LONG'] === '1' ? MONTHS.slice(1) : MONTHS.slice(0, 1);

/** Both flows together decide at least so often in a month. */
export const FEWEST_INTENTS = 100;

export const LIMITS = { maxOrderQuantity: 1_000_000, maxOrderValuePercent: 10_000, maxPosition: 1_000_000, maxSymbolExposure: 1_000_000, maxOpenPositions: 100, maxDailyOrders: 10_000, maxDailyLossPercent: 100 };
export const CAPITAL = 1_000_000_000;

/**
 * What a user writes into a flow's nodes to trade the future on the index's signals; the default quantity stands apart, where an editor keeps it.
 * Averages of 5 and 13 instead of 9 and 21 cross more often: a month of NIFTY has 99 intents with the shipped ones.
 */
export function changesOf(kind: string, { operation, condition }: Readonly<Record<string, unknown>>, { index, future }: Month): Readonly<Record<string, string>> {
  if (/market-?trigger$/i.test(kind)) return { symbols: `NSE_INDEX:${index}`, condition: String(condition).replace('ema(9)', 'ema(5)').replace('ema(21)', 'ema(13)') };
  const looks = /(risk-?gate|condition)$/i.test(kind) || (/position$/i.test(kind) && operation === 'close');
  return looks ? { exchange: 'NFO', symbol: future } : {};
}

/** The host's environment: the index's file in place, as a market, and as the future's. */
export function environmentOf(month: Month): Readonly<Record<string, string>> {
  const file = pathOf(month);
  return { BELLWETHER_FEED: `NSE_INDEX:${month.index}=${file},NFO:${month.future}=${file}`, BELLWETHER_FEED_SPEED: 'fast', BELLWETHER_FEED_TIME: 'end' };
}

/** Declares the future in a state folder. */
export function declare(stateFolder: string, { future, lot, tick }: Month): void {
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(path.join(stateFolder, OVERRIDES_FILE), `exchange,symbol,lotSize,tickSize\nNFO,${future},${lot},${tick}\n`);
}

const RedFlow = z.array(z.looseObject({ id: z.string(), type: z.string() }));

/** A flow of Node-RED as the user changed it. */
export function redFlow(name: FlowName, month: Month): z.infer<typeof RedFlow> {
  const nodes = RedFlow.parse(JSON.parse(readFileSync(path.join(__dirname, '../../flows/node-red', `${name}.json`), 'utf8')));
  return nodes.map((node) => ({ ...node, ...changesOf(node.type, node, month), ...(node.type === 'bellwether-risk-gate' ? { defaultQuantity: String(month.lot) } : {}) }));
}

/** What each flow decided, canonical. */
export type Decisions = Readonly<Record<FlowName, string>>;

function decisionsOf(intents: readonly Intent[]): Decisions {
  const of = (name: FlowName): string => canonicalIntents(intents.filter(({ strategyId }) => strategyId === FLOWS[name]));
  return { 'EMA crossover': of('EMA crossover'), 'Opening-range breakout': of('Opening-range breakout') };
}

/** What the flows left in a host's journal. */
export async function decided(store: Store): Promise<Decisions> {
  return decisionsOf(await store.intents({ limit: 10_000 }));
}

/** The same in one of the backtest's lanes. */
export async function backtested(month: Month, runner: BacktestRunner, fileOf: (name: FlowName) => unknown): Promise<Decisions> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'bellwether-month-'));
  declare(home, month);
  const intents: Intent[] = [];
  for (const name of FLOW_NAMES) {
    const [outcome] = await runner.run({ ...setupOf(month, home), file: fileOf(name) }, [{ give: 'result' }]);
    if (outcome === undefined) throw new Error('It was not begun.');
    const done = valueOf(outcome);
    if (done.kind !== 'result') throw new Error('It gave something else.');
    intents.push(...done.result.intents);
  }
  rmSync(home, { recursive: true, force: true });
  return decisionsOf(intents);
}

/** Lane A over a flow file of either editor. */
export function compiled(month: Month, fileOf: (name: FlowName) => unknown): Promise<Decisions> {
  return backtested(month, inlineRunner(Object.values(definitions)), fileOf);
}

/** How many intents there are, refused ones too. */
export function countOf(decisions: Decisions): { readonly [K in FlowName]: number } & { readonly all: number } {
  const of = (name: FlowName): number => decisions[name].split('\n').filter((line) => line !== '').length;
  const [ema, range] = [of('EMA crossover'), of('Opening-range breakout')];
  return { 'EMA crossover': ema, 'Opening-range breakout': range, all: ema + range };
}

function pathOf({ file }: Month): string {
  return path.resolve(__dirname, '../../../shared/data', `${file}.txt`);
}

function setupOf(month: Month, home: string): Omit<BacktestSetup, 'file'> {
  const find = (exchange: Exchange, symbol: string): Instrument => {
    const found = loadInstruments(home).find(instrumentKey(exchange, symbol));
    if (found === undefined) throw new Error(`${symbol} is not known.`);
    return found;
  };
  const { candles } = readCandleFile(readFileSync(pathOf(month), 'utf8'), { timeIs: 'end' });
  const index = recordedCandles(find('NSE_INDEX', month.index), MINUTE_MS, candles);
  const account = PaperAccount.parse({ capital: CAPITAL, limits: { ...LIMITS, cooldownMs: 0 } });
  const [first, last] = [candles[0]?.time ?? NaN, candles.at(-1)?.time ?? NaN];
  return { home, orders: 'atOnce', terms: { data: [index, standIn(find('NFO', month.future), index)], from: first, until: last + MINUTE_MS, account, charges: 'exchange' } };
}
