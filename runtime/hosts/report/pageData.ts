import type { BacktestResult, RecordedCandles, Trade } from '../../domain/backtest';
import { splitKey, type InstrumentKey } from '../../domain/market';
import { fromMoney } from '../../domain/money';
import { barBudget, barName, barsOf, MOST_BARS, type Bars } from './candleBars';
import { equityPoints, type EquityPoints } from './equityPoints';
import { plain } from './html';

/** Trades that a page lists. */
export const MOST_TRADES = 20_000;

interface PriceData extends Bars {
  readonly symbol: string;
  readonly barName: string;
  /** How the bars were made, where they are not the candles themselves. */
  readonly note: string;
}

interface TradeRow {
  readonly entry: number;
  readonly exit: number | null;
  readonly symbol: string;
  readonly product: string;
  readonly strategy: string;
  readonly side: Trade['side'];
  readonly quantity: number;
  readonly entryPrice: number;
  readonly exitPrice: number | null;
  readonly charges: number;
  readonly pnl: number;
  /** The node that opened it, and the trigger before it. */
  readonly by: string;
  readonly because: string;
  readonly exitBy: string;
  readonly exitBecause: string;
}

/** What the page's scripts draw. */
export interface PageData {
  readonly capital: number;
  readonly equity: EquityPoints;
  readonly prices: readonly PriceData[];
  readonly trades: readonly TradeRow[];
}

/** The data of a page, bounded: bars are joined, points chosen and trades cut off as the page then says. */
export function pageData({ equity, capital, from, until, trades }: BacktestResult, candles: readonly RecordedCandles[]): PageData {
  const traded = new Set<InstrumentKey>(trades.map(({ instrument }) => instrument));
  // What was traded comes first; what only gave signals is shown behind it.
  const inOrder = [...candles].sort((one, other) => Number(traded.has(other.instrument.key)) - Number(traded.has(one.instrument.key)));
  const fitting = inOrder.slice(0, Math.floor(MOST_BARS / 2_000));
  return {
    capital: fromMoney(capital), equity: equityPoints(equity, capital, from),
    prices: fitting.map((each) => priceData(each, { from, until }, barBudget(fitting.length))), trades: trades.slice(0, MOST_TRADES).map(tradeRow),
  };
}

function priceData({ instrument, timeframeMs, columns }: RecordedCandles, span: { readonly from: number; readonly until: number }, most: number): PriceData {
  const bars = barsOf(columns, timeframeMs, span, most);
  const note = bars.barMs === timeframeMs ? '' : `${columns.length.toLocaleString('en-IN')} candles of ${barName(timeframeMs)} are shown as bars of ${barName(bars.barMs)}: this page carries ${most.toLocaleString('en-IN')} bars of an instrument at most. The walk saw them all.`;
  return { symbol: plain(instrument.key), barName: barName(bars.barMs), note, ...bars };
}

function tradeRow({ entryTime, exitTime, instrument, product, strategyId, side, quantity, entryPrice, exitPrice, charges, pnl, entryReason, exitReason }: Trade): TradeRow {
  return {
    entry: entryTime, exit: exitTime ?? null, symbol: plain(`${splitKey(instrument).exchange}:${splitKey(instrument).symbol}`), product, strategy: plain(strategyId), side, quantity,
    entryPrice: fromMoney(entryPrice), exitPrice: exitPrice === undefined ? null : fromMoney(exitPrice), charges: fromMoney(charges), pnl: fromMoney(pnl),
    by: whoOf(entryReason), because: plain(entryReason.because ?? ''), exitBy: exitReason === undefined ? '' : whoOf(exitReason), exitBecause: plain(exitReason?.because ?? ''),
  };
}

function whoOf({ by, trigger }: Trade['entryReason']): string {
  return plain(trigger === undefined || trigger === by ? by : `${trigger} → ${by}`);
}
