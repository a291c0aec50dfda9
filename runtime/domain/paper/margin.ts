import { soldAsFuture } from '../margin';
import type { Instrument } from '../market';
import { asMoney, ZERO_MONEY, type Money } from '../money';
import type { Action, Product } from '../order';
import type { Position } from '../position';

/**
 * Margin of the simulated broker, as a share of the contract's value. Assumptions, not an exchange's figures:
 * - delivery (CNC): the whole value, nothing is lent;
 * - intraday shares (MIS): 20 %, the least that SEBI's peak-margin rule has allowed since September 2021 (five times leverage);
 * - futures (NRML and MIS): 15 %, a round figure near initial (SPAN) plus exposure margin of index futures;
 * - options bought: the premium; options sold: as a future on the strike.
 * Real margins change daily and fall for hedged positions: paper is stricter there.
 */
const PERCENT = { delivery: 100, intraday: 20, futures: 15 } as const;

export interface MarginQuestion {
  readonly instrument: Instrument;
  readonly product: Product;
  readonly action: Action;
  /** Per unit. */
  readonly price: Money;
}

/** What one unit blocks when it is opened at `price`, rounded up. */
export function unitMargin({ instrument, product, action, price }: MarginQuestion): Money {
  if (instrument.segment === 'option') return action === 'BUY' ? price : unitMargin({ ...soldAsFuture(instrument, price), product, action });
  if (instrument.segment === 'future') return percentOf(price, PERCENT.futures);
  return percentOf(price, product === 'MIS' ? PERCENT.intraday : PERCENT.delivery);
}

/** What a position blocks, from the prices it was opened at: profit does not lend and loss is not called until it is realised. */
export function positionMargin(position: Pick<Position, 'product' | 'quantity' | 'openValue'>, instrument: Instrument | undefined): Money {
  const size = Math.abs(position.quantity);
  const value = asMoney(Math.abs(position.openValue));
  if (size === 0) return ZERO_MONEY;
  if (instrument === undefined) return value;
  if (instrument.segment === 'option' && position.quantity < 0 && instrument.strike !== undefined) return asMoney(unitMargin({ instrument, product: position.product, action: 'SELL', price: value }) * size);
  const action = position.quantity > 0 ? 'BUY' : 'SELL';
  return unitMargin({ instrument, product: position.product, action, price: value });
}

/** How many of `quantity` units open or add to a position, when `held` (signed) less `claimed` units by other exits is there to be closed. */
export function openingQuantity(order: { readonly action: Action; readonly quantity: number }, held: number, claimed = 0): number {
  const opposite = order.action === 'SELL' ? Math.max(0, held) : Math.max(0, -held);
  return Math.max(0, order.quantity - Math.max(0, opposite - claimed));
}

function percentOf(value: Money, percent: number): Money {
  return asMoney(Math.ceil((value * percent) / 100));
}
