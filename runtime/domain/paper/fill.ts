import { chargesOf } from '../charges';
import type { Instrument } from '../market';
import { asMoney, timesQuantity, ZERO_MONEY, type Money } from '../money';
import type { Fill } from '../order';
import type { BrokerUpdate } from '../ports';
import { applyFill } from '../position';
import type { EpochMs } from '../time';
import type { BookPage, PaperOrder } from './book';
import { leftOf, positionOf, type Cover } from './cover';

export interface Part {
  readonly instrument: Instrument;
  readonly quantity: number;
  readonly price: Money;
  readonly at: EpochMs;
  /** Beside the usual charges. */
  readonly fee?: Money;
}

/** Fills a part of an order: the position is written, the row says it and is the caller's to write. */
export function bookPart(cover: Cover, page: BookPage, row: PaperOrder, { instrument, quantity, price, at, fee = ZERO_MONEY }: Part): PaperOrder {
  const { action } = row;
  const earlier = fillsOf(row);
  const charges = cover.charges === 'none' ? ZERO_MONEY : asMoney(chargesOfPart(row, earlier, { instrument, quantity, price, at }) + fee);
  page.savePosition(applyFill(positionOf(cover, page, row, at), { action, quantity, price, charges, happenedAt: at }));
  const update: BrokerUpdate = { kind: 'fill', fill: { orderId: row.id, tradeId: `${row.brokerOrderId}-${earlier.length + 1}`, quantity, price, charges, happenedAt: at } };
  return { ...row, status: leftOf(row) === quantity ? 'FILLED' : 'OPEN', filledQuantity: row.filledQuantity + quantity, updates: [...row.updates, update] };
}

export function fillsOf({ updates }: PaperOrder): readonly Fill[] {
  return updates.flatMap((update) => (update.kind === 'fill' ? [update.fill] : []));
}

/** What the filled part of an order cost, and what it was charged. */
export function totalsOf(fills: readonly Fill[]): { readonly quantity: number; readonly value: Money; readonly charges: Money } {
  return {
    quantity: fills.reduce((sum, { quantity }) => sum + quantity, 0),
    value: asMoney(fills.reduce((sum, fill) => sum + timesQuantity(fill.price, fill.quantity), 0)),
    charges: asMoney(fills.reduce((sum, { charges }) => sum + charges, 0)),
  };
}

/** Brokerage is capped for the order: it is charged for all that is filled, less what its earlier parts were charged. */
function chargesOfPart({ action, product }: PaperOrder, earlier: readonly Fill[], { instrument: { segment, exchange }, quantity, price, at }: Omit<Part, 'fee'>): Money {
  const before = totalsOf(earlier);
  const together = before.quantity + quantity;
  const average = asMoney(Math.round((before.value + timesQuantity(price, quantity)) / together));
  const { total } = chargesOf({ segment, product, exchange, action, quantity: together, price: average, at });
  return asMoney(Math.max(0, total - before.charges));
}
