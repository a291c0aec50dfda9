import type { InstrumentKey } from '../../../domain/market';
import type { Money } from '../../../domain/money';
import type { EpochMs } from '../../../domain/time';
import type { Standing } from './standing';

/** One order of a broker's list of the day, whoever placed it, in words that all brokers share. What a list does not say is undefined. */
export interface ListedRow {
  readonly brokerOrderId: string;
  /** Our order id, where lists show what we sent along: '' for an order that carries none of ours. Undefined where lists show nothing of the kind. */
  readonly tag: string | undefined;
  /** Undefined for what Bellwether does not trade. */
  readonly instrument: InstrumentKey | undefined;
  /** In capitals: BUY, SELL. */
  readonly action: string;
  /** What it asks for in all, in units. */
  readonly quantity: number;
  readonly standing: Standing;
  /** Bellwether's word, or the broker's own for a product that Bellwether does not have. */
  readonly product: string | undefined;
  /** In capitals: MARKET, LIMIT, SL, SL-M, or a type that Bellwether does not have. */
  readonly orderType: string | undefined;
  readonly limitPrice: Money | undefined;
  readonly triggerPrice: Money | undefined;
  readonly filledQuantity: number | undefined;
  /** Above 0. */
  readonly averagePrice: Money | undefined;
  /** Why it was rejected, in the broker's words. */
  readonly reason: string | undefined;
  readonly placedAt: EpochMs | undefined;
}

/** One trade of a broker's list of the day. */
export interface ListedTrade {
  readonly brokerOrderId: string;
  /** Undefined where the broker numbers no trades. */
  readonly tradeId: string | undefined;
  /** Above 0. */
  readonly quantity: number;
  /** In rupees, as the broker shows it: the average of several executions may have more decimals than money has. */
  readonly priceRupees: number;
  readonly happenedAt: EpochMs | undefined;
}

/** The day's orders and trades of the account, whoever placed them. */
export interface Lists {
  /** When they were asked for: what they lack may have come since. */
  readonly askedAt: EpochMs;
  /** When the orders came: what they show was there before. */
  readonly shownAt: EpochMs;
  readonly orders: ReadonlyMap<string, ListedRow>;
  /** Of each order, oldest first. */
  readonly trades: ReadonlyMap<string, readonly ListedTrade[]>;
}

/** Both lists by the broker's order id. Trades come oldest first. */
export function listsOf({ askedAt, shownAt }: Pick<Lists, 'askedAt' | 'shownAt'>, orders: readonly ListedRow[], trades: readonly ListedTrade[]): Lists {
  const byOrder = new Map<string, ListedTrade[]>();
  for (const trade of trades) {
    const same = byOrder.get(trade.brokerOrderId);
    if (same === undefined) byOrder.set(trade.brokerOrderId, [trade]);
    else same.push(trade);
  }
  return { askedAt, shownAt, orders: new Map(orders.map((row) => [row.brokerOrderId, row])), trades: byOrder };
}
