import { allRefused, type BacktestResult, type Trade } from '../../domain/backtest';
import { splitKey } from '../../domain/market';
import { FIGURES, isFigureName, metricsOf, type FigureName, type Figures, type Metrics } from '../../domain/metrics';
import { fromMoney, type Money } from '../../domain/money';
import type { Intent } from '../../domain/order';

/** A trade for programs: prices and amounts in rupees, times in epoch ms; null while it is open. */
export interface TradeJson {
  readonly entryTime: number;
  readonly exitTime: number | null;
  readonly symbol: string;
  readonly exchange: string;
  readonly product: string;
  readonly strategy: string;
  readonly side: 'long' | 'short';
  readonly quantity: number;
  readonly entryPrice: number;
  readonly exitPrice: number | null;
  readonly charges: number;
  /** After charges. */
  readonly pnl: number;
  /** Who closed it (a node's name, `stop`, `target`, `square-off`); of an open one who opened it. */
  readonly reason: string;
  readonly entryReason: string;
  /** The conditions that opened it with the values they had, where there were any: the trigger's first, then those on the way. */
  readonly because: string | null;
  /** Those that closed it; of a stop or target its level. Null while it is open. */
  readonly exitBecause: string | null;
}

/** Figures by name; null where there is none. Amounts are rupees to 1/10000, exactly; ratios and percentages are as computed. */
export type FiguresJson = { readonly [K in FigureName]: number | null };

/** Figures over everything, why some are null, and the same by strategy and by period (`2026-11-20`, the Monday of a week, `2026-11`). */
export interface MetricsJson extends FiguresJson {
  readonly absent: Readonly<Partial<Record<FigureName, string>>>;
  readonly strategies: Readonly<Record<string, FiguresJson>>;
  readonly days: Readonly<Record<string, FiguresJson>>;
  readonly weeks: Readonly<Record<string, FiguresJson>>;
  readonly months: Readonly<Record<string, FiguresJson>>;
}

/** What a flow wanted: prices in rupees. */
export interface IntentJson {
  readonly at: number;
  readonly strategy: string;
  readonly node: string;
  readonly signalId: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly purpose: string;
  readonly product: string;
  readonly orderType: string;
  readonly limitPrice: number | null;
  readonly triggerPrice: number | null;
  readonly status: string;
  /** Why it was refused. */
  readonly code: string | null;
  readonly key: string;
}

/** Everything that `--json` gives: plain data, ready for JSON. Times are epoch ms, prices and amounts rupees. */
export interface ResultJson {
  readonly name: string;
  readonly mode: BacktestResult['mode'];
  /** The first moment that was traded; candles before it only warmed indicators up. */
  readonly from: number;
  /** The moment behind the last one (exclusive): with days the midnight, in India, after the last day. */
  readonly until: number;
  /** What the account began with, in rupees: equity and returns count from it. */
  readonly capital: number;
  readonly trades: readonly TradeJson[];
  readonly metrics: MetricsJson;
  readonly intents: readonly IntentJson[];
  readonly lanes: BacktestResult['lanes'];
  readonly refusals: BacktestResult['refusals'];
  readonly alerts: BacktestResult['alerts'];
  /** First of all `ALL_REFUSED`, where nothing was traded because every order was refused. */
  readonly warnings: BacktestResult['warnings'];
  /** True where it was stopped before the end: all of this is true up to `until`. */
  readonly stoppedEarly: boolean;
}

/** A result as one object for programs. */
export function resultJson(result: BacktestResult, metrics: Metrics = metricsOf(result)): ResultJson {
  const { name, mode, from, until, capital, lanes, refusals, alerts, stoppedEarly } = result;
  const refused = allRefused(result);
  return {
    name, mode, from, until, capital: fromMoney(capital), trades: result.trades.map(tradeJson), metrics: metricsJson(metrics), intents: result.intents.map(intentJson),
    lanes, refusals, alerts, warnings: [...(refused === undefined ? [] : [refused]), ...result.warnings], stoppedEarly,
  };
}

function tradeJson({ entryTime, exitTime, instrument, product, strategyId, side, quantity, entryPrice, exitPrice, charges, pnl, entryReason, exitReason }: Trade): TradeJson {
  return {
    entryTime, exitTime: exitTime ?? null, ...splitKey(instrument), product, strategy: strategyId, side, quantity, entryPrice: fromMoney(entryPrice), exitPrice: rupees(exitPrice),
    charges: fromMoney(charges), pnl: fromMoney(pnl), reason: (exitReason ?? entryReason).by, entryReason: entryReason.by, because: entryReason.because ?? null, exitBecause: exitReason?.because ?? null,
  };
}

function intentJson({ happenedAt, strategyId, nodeKey, signalId, instrument, action, quantity, purpose, product, orderType, limitPrice, triggerPrice, status, denial, key }: Intent): IntentJson {
  return {
    at: happenedAt, strategy: strategyId, node: nodeKey, signalId, ...splitKey(instrument), action, quantity, purpose, product, orderType,
    limitPrice: rupees(limitPrice), triggerPrice: rupees(triggerPrice), status, code: denial?.code ?? null, key,
  };
}

/** Figures of everything, flat, with those by strategy and by period beside them. */
export function metricsJson({ all, strategies, days, weeks, months }: Metrics): MetricsJson {
  const byName = (rows: Metrics['days']) => Object.fromEntries(rows.map(({ name, figures }) => [name, figuresJson(figures)]));
  return {
    ...figuresJson(all), absent: all.absent, strategies: Object.fromEntries(strategies.map(({ strategyId, figures }) => [strategyId, figuresJson(figures)])),
    days: byName(days), weeks: byName(weeks), months: byName(months),
  };
}

/** Every figure under its name, null where it is absent. */
export function figuresJson(figures: Figures): FiguresJson {
  const names = Object.keys(FIGURES).filter(isFigureName);
  // One entry a name of the table; an object built from entries can not say so.
  return Object.fromEntries(names.map((name) => [name, figures[name] ?? null])) as FiguresJson;
}

function rupees(amount: Money | undefined): number | null {
  return amount === undefined ? null : fromMoney(amount);
}
