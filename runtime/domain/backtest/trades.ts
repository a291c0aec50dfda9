import type { InstrumentKey } from '../market';
import { asMoney, timesQuantity, ZERO_MONEY, type Money } from '../money';
import type { Action, Fill, Product } from '../order';
import type { Trade, TradeReason } from './result';

/** A fill with whose it is and why it came about. */
export interface ReasonedFill {
  readonly fill: Fill;
  readonly strategyId: string;
  readonly instrument: InstrumentKey;
  readonly product: Product;
  readonly action: Action;
  readonly reason: TradeReason;
}

interface Lot {
  readonly entry: ReasonedFill;
  rest: number;
  /** What is left of the entry's charges. */
  charges: number;
}

/**
 * Round trips from fills in the order they happened, first in first out for each strategy, instrument and product; a fill through zero closes what is there and opens the other side. Charges
 * are shared by quantity; what does not divide stays with the last part, so that the parts add up. What is open at the end is a trade without an exit, valued at `last`.
 */
export function tradesOf(fills: readonly ReasonedFill[], last: (instrument: InstrumentKey) => Money | undefined): readonly Trade[] {
  const books = new Map<string, Lot[]>();
  const trades: Trade[] = [];
  for (const each of fills) {
    const key = `${each.product} ${each.instrument} ${each.strategyId}`;
    const lots = books.get(key) ?? [];
    books.set(key, lots);
    let rest = each.fill.quantity;
    let charges: number = each.fill.charges;
    for (let lot = lots[0]; lot !== undefined && rest > 0 && lot.entry.action !== each.action; lot = lots[0]) {
      const quantity = Math.min(rest, lot.rest);
      const exitPart = share(charges, quantity, rest);
      const entryPart = share(lot.charges, quantity, lot.rest);
      trades.push(closedTrade(lot.entry, each, quantity, asMoney(entryPart + exitPart)));
      charges -= exitPart;
      lot.charges -= entryPart;
      lot.rest -= quantity;
      rest -= quantity;
      if (lot.rest === 0) lots.shift();
    }
    if (rest > 0) lots.push({ entry: each, rest, charges });
  }
  for (const lots of books.values()) for (const lot of lots) trades.push(openTrade(lot, last(lot.entry.instrument)));
  return trades.sort((one, other) => one.entryTime - other.entryTime);
}

/** The part of an amount that belongs to `quantity` of `whole`. */
function share(amount: number, quantity: number, whole: number): number {
  return quantity === whole ? amount : Math.round((amount * quantity) / whole);
}

function sideOf({ action }: Pick<ReasonedFill, 'action'>): Trade['side'] {
  return action === 'BUY' ? 'long' : 'short';
}

function gainOf(side: Trade['side'], entry: Money, exit: Money, quantity: number): Money {
  return timesQuantity(asMoney(side === 'long' ? exit - entry : entry - exit), quantity);
}

function closedTrade(entry: ReasonedFill, exit: ReasonedFill, quantity: number, charges: Money): Trade {
  return {
    ...entered(entry, quantity), exitTime: exit.fill.happenedAt, exitPrice: exit.fill.price, exitReason: exit.reason, charges,
    pnl: asMoney(gainOf(sideOf(entry), entry.fill.price, exit.fill.price, quantity) - charges),
  };
}

function openTrade({ entry, rest, charges }: Lot, last: Money | undefined): Trade {
  const gain = last === undefined ? ZERO_MONEY : gainOf(sideOf(entry), entry.fill.price, last, rest);
  return { ...entered(entry, rest), charges: asMoney(charges), pnl: asMoney(gain - charges) };
}

function entered(entry: ReasonedFill, quantity: number): Omit<Trade, 'charges' | 'pnl'> {
  const { strategyId, instrument, product, fill, reason } = entry;
  return { strategyId, instrument, product, side: sideOf(entry), quantity, entryTime: fill.happenedAt, entryPrice: fill.price, entryReason: reason };
}
