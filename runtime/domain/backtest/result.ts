import type { OrderAction } from '../direction';
import type { InstrumentKey } from '../market';
import type { Money } from '../money';
import type { Fill, Intent, Order, Product } from '../order';
import type { EpochMs } from '../time';

/**
 * One round trip of one strategy in one instrument and product, or one that is still open. A position that is built or reduced in steps makes one trade for each
 * part that is closed, first in first out; charges are shared by quantity, to the last unit.
 */
export interface Trade {
  readonly strategyId: string;
  readonly instrument: InstrumentKey;
  readonly product: Product;
  readonly side: 'long' | 'short';
  readonly quantity: number;
  readonly entryTime: EpochMs;
  readonly entryPrice: Money;
  readonly entryReason: TradeReason;
  /** Absent together with `exitPrice` while it is open; then `pnl` is at the last price. */
  readonly exitTime?: EpochMs;
  readonly exitPrice?: Money;
  readonly exitReason?: TradeReason;
  /** Of both sides; of the entry alone while it is open. */
  readonly charges: Money;
  /** After charges. */
  readonly pnl: Money;
}

/** Why an order was sent. */
export interface TradeReason {
  /** The node that asked for it (its name in the editor), or who acts without one: `stop`, `target`, `square-off`, `daily loss`, `expiry`, `by hand`. */
  readonly by: string;
  /** The trigger that began it: its node's name. */
  readonly trigger?: string;
  /** What it went by: conditions with the values they had, the trigger's first, then those on the way, `ema(9) 22510.4 crosses above ema(21) 22508.9`. */
  readonly because?: string;
  readonly orderId: string;
  readonly signalId: string;
}

/** The account's worth over time, by column: cash, what is open at the last prices, charges taken off. Ascending times; one point a closed candle on which it may have changed, and one a day. */
export interface EquityColumns {
  readonly length: number;
  readonly at: Float64Array;
  /** In rupees. */
  readonly equity: Float64Array;
  /** Gross value of what is held, in rupees: for exposure. */
  readonly exposure: Float64Array;
}

/** Which lane ran a node of the flow. translated: a foreign node by our own reading of it. ignored: it decides nothing (a note, a debug). */
export interface NodeLane {
  readonly node: string;
  readonly type: string;
  readonly lane: 'compiled' | 'translated' | 'node-red' | 'ignored';
}

/** An order that was refused by the gate or the broker, or a node that raised an error. */
export interface Refusal {
  readonly at: EpochMs;
  readonly node: string;
  readonly instrument?: InstrumentKey;
  readonly action?: OrderAction;
  readonly code: string;
  readonly message: string;
}

/** Something about data or flow that a reader of the result must know. */
export interface BacktestWarning {
  readonly code: string;
  readonly message: string;
  /** The node or instrument it is about. */
  readonly about?: string;
  /** How often; 1 where it was said once. */
  readonly count: number;
}

export interface AlertMark {
  readonly at: EpochMs;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly message: string;
}

/** What became of a flow over a stretch of time, whether it was replayed, on paper or live. Everything a report shows is derived from it. */
export interface BacktestResult {
  /** Of the flow, for headlines. */
  readonly name: string;
  readonly mode: 'backtest' | 'paper' | 'live';
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly capital: Money;
  /** By entry time. */
  readonly trades: readonly Trade[];
  /** In the order they were decided. */
  readonly intents: readonly Intent[];
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly equity: EquityColumns;
  readonly refusals: readonly Refusal[];
  readonly alerts: readonly AlertMark[];
  /** Empty for paper and live. */
  readonly lanes: readonly NodeLane[];
  readonly warnings: readonly BacktestWarning[];
  /** True where it was stopped before the end: what stands here is true up to `until`. */
  readonly stoppedEarly: boolean;
}
