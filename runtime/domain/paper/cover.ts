import { plainNumber } from '../plainNumber';
import { deny, type Denial } from '../denial';
import type { Instrument } from '../market';
import { asMoney, fromMoney, timesQuantity, toMoney, ZERO_MONEY, type Money } from '../money';
import type { Funds, Instruments } from '../ports';
import { applyFill, flatPosition, type Position } from '../position';
import type { PaperAccount } from '../account';
import type { EpochMs } from '../time';
import { isResting, type BookPage, type BookView, type PaperOrder } from './book';
import { openingQuantity, positionMargin, unitMargin } from './margin';

/** What covers an order: the account's capital, and the contract facts. */
export interface Cover {
  readonly account: PaperAccount;
  readonly instruments: Instruments;
  /** none: trading costs nothing but its price, for comparisons. Default: what brokers, exchanges and the state charge. */
  readonly charges?: 'exchange' | 'none';
}

/** Cash is capital plus realised profit less charges; what positions and resting orders block is not available. */
export function fundsOf({ account, instruments }: Cover, page: BookView): Funds {
  const { realisedPnl, charges } = page.totals();
  const positions = page.openPositions().reduce((sum, position) => sum + positionMargin(position, instruments.find(position.instrument)), 0);
  const orders = page.resting().reduce((sum, order) => sum + order.reserved, 0);
  const used = asMoney(positions + orders);
  return { available: asMoney(toMoney(account.capital) + realisedPnl - charges - used), used };
}

/** Margin for the units left that would open a position, at the worst price the order allows: its limit, a market stop's trigger, else `market`. */
export function reserve(page: BookPage, row: PaperOrder, instrument: Instrument, market: Money): PaperOrder {
  const held = page.position(row.instrument, row.product)?.quantity ?? 0;
  const opens = openingQuantity({ action: row.action, quantity: leftOf(row) }, held, claimed(page, row));
  const price = row.limitPrice ?? (row.isTaking === true ? market : row.triggerPrice ?? market);
  return { ...row, opens, reserved: timesQuantity(unitMargin({ instrument, product: row.product, action: row.action, price }), opens) };
}

export function leftOf({ quantity, filledQuantity }: PaperOrder): number {
  return quantity - filledQuantity;
}

/** Units that other resting orders on the same side will take from the same position. */
function claimed(page: BookPage, row: PaperOrder): number {
  const rivals = page.resting(row.instrument).filter((other) => other.id !== row.id && other.product === row.product && other.action === row.action);
  return rivals.reduce((sum, other) => sum + leftOf(other), 0);
}

/** An order may not rest for more than is free. */
export function refuseRest(cover: Cover, page: BookPage, row: PaperOrder): Denial | undefined {
  if (sellsShares(cover, row) && row.opens > 0) return nothingToDeliver(row, row.quantity - row.opens);
  if (row.reserved <= 0) return undefined;
  const { available } = fundsOf(cover, page);
  return row.reserved > available ? insufficient(row.reserved, available) : undefined;
}

/** A fill of `quantity` may not sell shares that are not there, and may not open more than was reserved for without the funds. An exit always may. */
export function refuseFill(cover: Cover, page: BookPage, row: PaperOrder, { quantity, price, at }: { readonly quantity: number; readonly price: Money; readonly at: EpochMs }): Denial | undefined {
  const before = positionOf(cover, page, row, at);
  const opens = openingQuantity({ action: row.action, quantity }, before.quantity);
  if (sellsShares(cover, row) && opens > 0) return nothingToDeliver(row, quantity - opens);
  if (opens <= row.opens) return undefined;
  const instrument = cover.instruments.find(row.instrument);
  const after = applyFill(before, { action: row.action, quantity, price, charges: ZERO_MONEY, happenedAt: at });
  const needed = asMoney(positionMargin(after, instrument) - positionMargin(before, instrument));
  if (needed <= 0) return undefined;
  const available = asMoney(fundsOf(cover, page).available + (isResting(row) ? row.reserved : 0));
  return needed > available ? insufficient(needed, available) : undefined;
}

/** The account's position, over all strategies: the broker knows none. */
export function positionOf({ account }: Cover, page: BookPage, { instrument, product }: Pick<PaperOrder, 'instrument' | 'product'>, at: EpochMs): Position {
  return page.position(instrument, product) ?? flatPosition({ account: account.id, strategyId: '', instrument, product }, at);
}

function sellsShares({ instruments }: Cover, row: PaperOrder): boolean {
  return row.product === 'CNC' && row.action === 'SELL' && instruments.find(row.instrument)?.segment === 'cash';
}

function nothingToDeliver(row: PaperOrder, held: number): Denial {
  return deny('NO_POSITION', `Delivery sells only what is held: ${plainNumber(held)} of ${plainNumber(row.quantity)} are free to sell.`, { field: 'quantity', limit: held, value: row.quantity, remedy: 'Use MIS to sell short within the day.' }).denial;
}

function insufficient(needed: Money, available: Money): Denial {
  return deny('INSUFFICIENT_FUNDS', `The order needs ${plainNumber(fromMoney(needed))} of margin; ${plainNumber(fromMoney(available))} are available.`, { limit: fromMoney(available), value: fromMoney(needed), remedy: 'Lower the quantity, close a position or raise the paper capital.' }).denial;
}
