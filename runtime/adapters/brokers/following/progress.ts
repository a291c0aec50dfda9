import { chargesOf } from '../../../domain/charges';
import type { Instrument } from '../../../domain/market';
import { asMoney, timesQuantity, toMoney, ZERO_MONEY, type Money } from '../../../domain/money';
import type { Fill } from '../../../domain/order';
import type { BrokerOrder } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import type { ListedRow, ListedTrade } from './listed';

export interface FillQuestion {
  readonly order: BrokerOrder;
  readonly row: ListedRow;
  readonly trades: readonly ListedTrade[];
  /** Fills of the order that are known already, from the journal and from earlier looks. */
  readonly known: readonly Fill[];
  /** Absent where the contract is not known: then charges are 0. */
  readonly instrument: Instrument | undefined;
  /** Trades have been missing for long enough: the order's own average counts. */
  readonly withoutTrades: boolean;
  readonly now: EpochMs;
}

/** Fills that are new, or why the lists can not be true. */
export type NewFills = { readonly fills: readonly Fill[]; readonly problem?: string };

/** Marks a fill that is the growth of a sum. Once an order has one, it is continued so. */
const SUM_MARK = '@';

/**
 * What has been executed since. Trades with ids are fills with these ids. Some brokers give no trade ids: there the sum of the trades counts, and its growth
 * beyond what is known becomes one fill, named after the sum, so that the same growth has the same name however often it is seen.
 * Charges are estimated: lists tell none.
 */
export function newFills(question: FillQuestion): NewFills {
  const { order, trades, known } = question;
  const traded = trades.reduce((sum, { quantity }) => sum + quantity, 0);
  if (traded > order.quantity) return { fills: [], problem: `trades of ${traded} for an order of ${order.quantity}` };
  const bySum = known.some(({ tradeId }) => tradeId.includes(SUM_MARK)) || trades.some(({ tradeId }) => tradeId === undefined);
  if (trades.length > 0 && !bySum) return { fills: charged(question, byId(question)) };
  const value = trades.reduce((sum, { quantity, priceRupees }) => sum + quantity * priceRupees, 0);
  const sum = executed(question, traded);
  const average = traded > 0 ? toMoney(value / traded) : question.row.averagePrice;
  const growth = sum - quantityOf(known);
  if (growth <= 0) return { fills: [] };
  if (average === undefined) return { fills: [], problem: 'it is complete, and no list says at which price' };
  const price = growthPrice({ sum, average, growth, known });
  const fill: Fill = { orderId: order.id, tradeId: `${question.row.brokerOrderId}${SUM_MARK}${sum}`, quantity: growth, price, charges: ZERO_MONEY, happenedAt: happenedAt(trades.at(-1), question.now) };
  return { fills: charged(question, [fill]) };
}

function byId({ order, trades, known, now }: FillQuestion): readonly Fill[] {
  const ids = new Set(known.map(({ tradeId }) => tradeId));
  return trades.flatMap((trade): Fill[] => {
    const { tradeId = '', quantity, priceRupees } = trade;
    if (ids.has(tradeId)) return [];
    ids.add(tradeId);
    return [{ orderId: order.id, tradeId, quantity, price: toMoney(priceRupees), charges: ZERO_MONEY, happenedAt: happenedAt(trade, now) }];
  });
}

/** What the trades sum up to; where they have been missing for long, what the order says of itself. */
function executed({ order, row, withoutTrades }: FillQuestion, traded: number): number {
  if (traded > 0 || !withoutTrades) return traded;
  const said = row.standing === 'COMPLETE' ? order.quantity : row.filledQuantity ?? 0;
  return Math.min(Math.max(0, said), order.quantity);
}

/** The price of what is new, so that everything known comes to the average that is shown. */
function growthPrice({ sum, average, growth, known }: { readonly sum: number; readonly average: Money; readonly growth: number; readonly known: readonly Fill[] }): Money {
  const rest = Math.round((timesQuantity(average, sum) - valueOf(known)) / growth);
  return rest > 0 ? asMoney(rest) : average;
}

/** Brokerage is capped for a whole order: each fill bears what it adds. */
function charged({ order, instrument, known }: FillQuestion, fills: readonly Fill[]): readonly Fill[] {
  if (instrument === undefined || instrument.segment === 'index') return fills;
  const { segment, exchange } = instrument;
  let sum = known.reduce((total, { charges }) => total + charges, 0);
  let soFar = [...known];
  return fills.map((fill) => {
    soFar = [...soFar, fill];
    const quantity = quantityOf(soFar);
    const total = chargesOf({ segment, exchange, product: order.product, action: order.action, quantity, price: asMoney(Math.round(valueOf(soFar) / quantity)), at: fill.happenedAt }).total;
    const charges = asMoney(Math.max(0, total - sum));
    sum += charges;
    return { ...fill, charges };
  });
}

function happenedAt(trade: ListedTrade | undefined, now: EpochMs): EpochMs {
  return Math.min(trade?.happenedAt ?? now, now);
}

function quantityOf(fills: readonly Fill[]): number {
  return fills.reduce((sum, { quantity }) => sum + quantity, 0);
}

function valueOf(fills: readonly Fill[]): number {
  return fills.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
}
