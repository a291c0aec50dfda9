import type { Instrument, InstrumentKey, Quote } from '../market';
import { asMoney, toMoney, ZERO_MONEY, type Money } from '../money';
import type { Action } from '../order';
import type { BrokerUpdate, Ids } from '../ports';
import type { Position } from '../position';
import { addDays, indiaDate, indiaTime } from '../session';
import type { EpochMs } from '../time';
import type { BookPage, PaperOrder } from './book';
import { isUsable } from './checks';
import { endOrder, isOver, type Desk } from './desk';
import { bookPart } from './fill';
import { settlementPrice, settlesAt, underlyingOf } from './settlement';
import { counterpartyOf } from './slippage';
import { brokerSquareOffAt } from './squareOff';

/** Something that the broker does by itself, when its time has come. It is read off the book each time, so that it is done once, whoever looks and however late. */
export type DayWork =
  | { readonly kind: 'end'; readonly dueAt: EpochMs; readonly order: PaperOrder; readonly as: 'CANCELLED' | 'EXPIRED' }
  | { readonly kind: 'square-off'; readonly dueAt: EpochMs; readonly position: Position; readonly instrument: Instrument }
  | { readonly kind: 'settlement'; readonly dueAt: EpochMs; readonly position: Position; readonly instrument: Instrument; readonly underlying?: InstrumentKey };

/** GST on the fee of a square-off. */
const GST = 1.18;

/** What is due at `now`, the oldest first: orders of days that are over, intraday orders and positions from the broker's square-off on, contracts that have expired. */
export function dueWork(desk: Desk, page: BookPage, now: EpochMs): readonly DayWork[] {
  const orders = page.resting().flatMap((order): readonly DayWork[] => {
    const from = squareOffOf(desk, desk.instruments.find(order.instrument), order.product, order.placedAt);
    if (from !== undefined && from <= now) return [{ kind: 'end', dueAt: from, order, as: 'CANCELLED' }];
    return isOver(desk, order, now) ? [{ kind: 'end', dueAt: indiaTime(addDays(indiaDate(order.placedAt), 1), '00:00'), order, as: 'EXPIRED' }] : [];
  });
  const positions = page.openPositions().flatMap((position) => dueOf(desk, position, now) ?? []);
  return [...orders, ...positions].sort((one, other) => one.dueAt - other.dueAt);
}

/** The instruments whose prices are needed. */
export function pricesFor(work: readonly DayWork[]): readonly InstrumentKey[] {
  return [...new Set(work.flatMap((each) => {
    if (each.kind === 'end') return [];
    return each.kind === 'settlement' && each.underlying !== undefined ? [each.underlying, each.position.instrument] : [each.position.instrument];
  }))];
}

export interface Done {
  /** Of orders that were placed; what the broker did by itself is in its list of orders. */
  readonly news: readonly BrokerUpdate[];
  readonly ended: readonly PaperOrder[];
  /** Positions that wait for a price. */
  readonly waiting: readonly Position[];
}

/** Does what is due, in one step. */
export function doDayWork(desk: Desk, page: BookPage, { quotes, ids, now }: { readonly quotes: ReadonlyMap<InstrumentKey, Quote>; readonly ids: Ids; readonly now: EpochMs }): Done {
  const news: BrokerUpdate[] = [];
  const ended: PaperOrder[] = [];
  const waiting: Position[] = [];
  for (const work of dueWork(desk, page, now)) {
    if (work.kind === 'end') {
      news.push(...endOrder(page, work.order, work.as, now));
      ended.push(work.order);
      continue;
    }
    const price = priceOf(desk, work, quotes);
    if (price === undefined) waiting.push(work.position);
    else closeByBroker(desk, page, { work, price, ids, now });
  }
  return { news, ended, waiting };
}

/** One thing a position: an intraday one in a contract that has expired as well is squared off, which came first. */
function dueOf(desk: Desk, position: Position, now: EpochMs): DayWork | undefined {
  const instrument = desk.instruments.find(position.instrument);
  if (instrument === undefined) return undefined;
  const from = squareOffOf(desk, instrument, position.product, position.updatedAt);
  if (from !== undefined && from <= now) return { kind: 'square-off', dueAt: from, position, instrument };
  const settles = settlesAt(desk.calendar, instrument);
  if (settles === undefined || settles > now) return undefined;
  const underlying = underlyingOf(instrument, desk.instruments, settles);
  return { kind: 'settlement', dueAt: settles, position, instrument, ...(underlying === undefined ? {} : { underlying }) };
}

/** A market that never closes has nothing to be squared off before. */
function squareOffOf({ account, calendar }: Desk, instrument: Instrument | undefined, product: Position['product'], at: EpochMs): EpochMs | undefined {
  return instrument === undefined || account.marketHours === 'always' ? undefined : brokerSquareOffAt(calendar, instrument, product, at);
}

function priceOf({ account }: Desk, work: Exclude<DayWork, { kind: 'end' }>, quotes: ReadonlyMap<InstrumentKey, Quote>): Money | undefined {
  const own = quotes.get(work.position.instrument);
  if (work.kind === 'settlement') return settlementPrice(work.instrument, work.underlying === undefined ? undefined : quotes.get(work.underlying), own);
  return isUsable(own) ? counterpartyOf(account, work.instrument, closing(work.position), own).takes : undefined;
}

function closing({ quantity }: Position): Action {
  return quantity > 0 ? 'SELL' : 'BUY';
}

/** An order of the broker's own, filled at once and as a whole. */
function closeByBroker(desk: Desk, page: BookPage, { work, price, ids, now }: { readonly work: Exclude<DayWork, { kind: 'end' }>; readonly price: Money; readonly ids: Ids; readonly now: EpochMs }): void {
  const brokerOrderId = `${work.kind}-${ids.next()}`;
  const { position } = work;
  const quantity = Math.abs(position.quantity);
  const row: PaperOrder = {
    id: brokerOrderId, brokerOrderId, byBroker: work.kind, instrument: position.instrument, action: closing(position), quantity, product: position.product, orderType: 'MARKET',
    status: 'OPEN', filledQuantity: 0, opens: 0, reserved: ZERO_MONEY, updates: [{ kind: 'status', orderId: brokerOrderId, status: 'ACCEPTED', happenedAt: now }], placedAt: now,
  };
  const fee = work.kind === 'square-off' ? asMoney(toMoney(Math.round(desk.account.squareOffFee * GST * 100) / 100)) : ZERO_MONEY;
  page.saveOrder(bookPart(desk, page, row, { instrument: work.instrument, quantity, price, at: now, fee }));
}
