import type { Action, Product } from './order';
import type { InstrumentKey } from './market';
import { asMoney, timesQuantity, ZERO_MONEY, type Money } from './money';
import type { EpochMs, IsoDate } from './time';

/** The sub-ledger of one strategy in one instrument and product. Signed: short is negative. */
export interface Position {
  readonly account: string;
  readonly strategyId: string;
  readonly instrument: InstrumentKey;
  readonly product: Product;
  readonly quantity: number;
  /** Sum of price × quantity of what is open, signed like the quantity; the average price is its quotient. Kept as a sum so that nothing is lost to rounding. */
  readonly openValue: Money;
  readonly realisedPnl: Money;
  readonly charges: Money;
  readonly updatedAt: EpochMs;
  /** The day for which what it had won by the close before is counted (`dayLoss`); absent for one that was never carried over a night. */
  readonly carriedOn?: IsoDate;
  /** The close before that day, at which it was counted. */
  readonly carriedAt?: Money;
  /** Units that were adopted from the broker's list at a price of an earlier day, and of which is not counted yet what they had won before they were adopted; with their value. */
  readonly adopted?: Pick<Position, 'quantity' | 'openValue'>;
}

export type PositionKey = Pick<Position, 'account' | 'strategyId' | 'instrument' | 'product'>;

export function flatPosition(key: PositionKey, at: EpochMs): Position {
  const { account, strategyId, instrument, product } = key;
  return { account, strategyId, instrument, product, quantity: 0, openValue: ZERO_MONEY, realisedPnl: ZERO_MONEY, charges: ZERO_MONEY, updatedAt: at };
}

/** Average price of what is open, to the nearest money unit; undefined when flat. */
export function averagePrice(position: Pick<Position, 'quantity' | 'openValue'>): Money | undefined {
  return position.quantity === 0 ? undefined : asMoney(Math.round(position.openValue / position.quantity));
}

/** Profit of what is open if it were closed at `price`. */
export function unrealisedPnl(position: Pick<Position, 'quantity' | 'openValue'>, price: Money): Money {
  return asMoney(timesQuantity(price, position.quantity) - position.openValue);
}

export interface LedgerFill {
  readonly action: Action;
  readonly quantity: number;
  readonly price: Money;
  readonly charges: Money;
  readonly happenedAt: EpochMs;
}

/** The position after one fill: what closes realises profit at average cost, what remains opens (or reverses) at the fill's price. */
export function applyFill(position: Position, fill: LedgerFill): Position {
  const signed = fill.action === 'BUY' ? fill.quantity : -fill.quantity;
  const closes = Math.sign(position.quantity) === -Math.sign(signed) ? Math.min(Math.abs(signed), Math.abs(position.quantity)) : 0;
  const closedCost = closes === Math.abs(position.quantity) ? position.openValue : asMoney(Math.round((position.openValue * closes) / Math.abs(position.quantity)));
  const closedSigned = closes * Math.sign(position.quantity);
  const proceeds = timesQuantity(fill.price, closedSigned);
  const opened = signed + closedSigned;
  return {
    ...position,
    quantity: position.quantity + signed,
    openValue: asMoney(position.openValue - (closes === 0 ? 0 : closedCost) + timesQuantity(fill.price, opened)),
    realisedPnl: asMoney(position.realisedPnl + (closes === 0 ? 0 : proceeds - closedCost)),
    charges: asMoney(position.charges + fill.charges),
    updatedAt: fill.happenedAt,
  };
}
