import type { PaperAccount } from '../../../domain/account';
import { chargesOf } from '../../../domain/charges';
import { deny, type Denial } from '../../../domain/denial';
import type { Instrument, Quote } from '../../../domain/market';
import { asMoney, fromMoney, timesQuantity, toMoney, ZERO_MONEY, type Money } from '../../../domain/money';
import type { OrderStatus } from '../../../domain/order';
import type { BrokerOrder, BrokerUpdate, Funds, Instruments, Sessions } from '../../../domain/ports';
import { applyFill, flatPosition, type Position } from '../../../domain/position';
import type { EpochMs } from '../../../domain/time';
import { isResting, type BookPage, type PaperOrder } from './book';
import { checkOrder, isUsable } from './checks';
import { openingQuantity, positionMargin, unitMargin } from './margin';
import { matchOrder, type Match } from './matching';

/** What the desk must know beyond its book. */
export interface Desk {
  readonly account: PaperAccount;
  readonly instruments: Instruments;
  readonly sessions: Sessions;
}

export interface Arrival {
  readonly order: BrokerOrder;
  readonly brokerOrderId: string;
  readonly quote: Quote | undefined;
  readonly at: EpochMs;
}

/** Takes a new order in: the row it returns is written and says everything, a refusal included. The order's id must be new to the book. */
export function acceptOrder(desk: Desk, page: BookPage, arrival: Arrival): PaperOrder {
  const { order, at } = arrival;
  const instrument = desk.instruments.find(order.instrument);
  const check = checkOrder(order, { instrument, quote: arrival.quote, isOpen: isOpen(desk, instrument, at), tradingDay: desk.sessions.tradingDay(at) });
  if (!check.ok) return save(page, rejected(newRow(arrival), check.denial, at));
  const match = matchOrder(order, 'ARRIVING', check.value.quote);
  const row = say(newRow(arrival), 'ACCEPTED', at);
  if (match.kind === 'fills') {
    const refusal = refuseFill(desk, page, row, match.price, at);
    return save(page, refusal === undefined ? fill(desk, page, row, match, at) : rejected(newRow(arrival), refusal, at));
  }
  const resting = reserve(page, { ...row, status: match.stage }, check.value.instrument);
  const refusal = refuseRest(desk, page, resting);
  return save(page, refusal === undefined ? say(resting, match.stage, at) : rejected(newRow(arrival), refusal, at));
}

/**
 * The row after a quote, with everything said of it since `known`: by this step, or by another process that was first.
 * The row in the book decides, so an order fills once however many watch it. Writes only what changed.
 */
export function advanceOrder(desk: Desk, page: BookPage, known: PaperOrder, quote: Quote, at: EpochMs): { readonly row: PaperOrder | undefined; readonly news: readonly BrokerUpdate[] } {
  const row = page.order(known.id);
  if (row === undefined) return { row, news: [] };
  const next = afterQuote(desk, page, row, quote, at);
  if (next !== row) page.saveOrder(next);
  return { row: next, news: next.updates.slice(known.updates.length) };
}

/** Whether a quote would change a resting order: the cheap question before a step. */
export function concerns(desk: Desk, row: PaperOrder, quote: Quote, at: EpochMs): boolean {
  if (isOver(desk, row, at)) return true;
  if (!isUsable(quote) || !isOpen(desk, desk.instruments.find(row.instrument), at)) return false;
  const match = matchOrder(row, row.status === 'OPEN' ? 'OPEN' : 'TRIGGER_PENDING', quote);
  return match.kind === 'fills' || match.stage !== row.status;
}

/** Cancels a resting order and gives back exactly its own reserve. Cancelling again is no error. */
export function cancelOrder(page: BookPage, orderId: string, at: EpochMs): { readonly ok: true; readonly news: readonly BrokerUpdate[] } | { readonly ok: false; readonly denial: Denial } {
  const row = page.order(orderId);
  if (row === undefined) return deny('NOT_FOUND', `There is no order ${orderId}.`, { value: orderId });
  if (row.status === 'CANCELLED') return { ok: true, news: [] };
  if (!isResting(row)) return deny('ORDER_REJECTED', `The order is ${row.status}: there is nothing to cancel.`, { value: row.status });
  const cancelled = save(page, say({ ...row, status: 'CANCELLED' }, 'CANCELLED', at));
  return { ok: true, news: cancelled.updates.slice(row.updates.length) };
}

/** Cash is capital plus realised profit less charges; what positions and resting orders block is not available. */
export function fundsOf(desk: Desk, page: BookPage): Funds {
  const { realisedPnl, charges } = page.totals();
  const positions = page.openPositions().reduce((sum, position) => sum + positionMargin(position, desk.instruments.find(position.instrument)), 0);
  const orders = page.resting().reduce((sum, order) => sum + order.reserved, 0);
  const used = asMoney(positions + orders);
  return { available: asMoney(toMoney(desk.account.capital) + realisedPnl - charges - used), used };
}

function afterQuote(desk: Desk, page: BookPage, row: PaperOrder, quote: Quote, at: EpochMs): PaperOrder {
  if (!isResting(row) || !concerns(desk, row, quote, at)) return row;
  if (isOver(desk, row, at)) return say({ ...row, status: 'EXPIRED' }, 'EXPIRED', at);
  const match = matchOrder(row, row.status === 'OPEN' ? 'OPEN' : 'TRIGGER_PENDING', quote);
  if (match.kind === 'rests') return say({ ...row, status: match.stage }, match.stage, at);
  const refusal = refuseFill(desk, page, row, match.price, at);
  if (refusal !== undefined) return rejected(row, refusal, at);
  const open = match.triggered && row.orderType === 'SL' ? say(row, 'OPEN', at) : row;
  return fill(desk, page, open, match, at);
}

/** Orders are good for the day. */
function isOver(desk: Desk, row: PaperOrder, at: EpochMs): boolean {
  return desk.sessions.tradingDay(row.placedAt) !== desk.sessions.tradingDay(at);
}

function isOpen(desk: Desk, instrument: Instrument | undefined, at: EpochMs): boolean {
  return instrument !== undefined && (desk.account.marketHours === 'always' || desk.sessions.isOpen(instrument, at));
}

/** Margin for the units that would open a position, at the worst price the order allows (a market stop: its trigger). */
function reserve(page: BookPage, row: PaperOrder, instrument: Instrument): PaperOrder {
  const held = page.position(row.instrument, row.product)?.quantity ?? 0;
  const opens = openingQuantity(row, held, claimed(page, row));
  const price = row.limitPrice ?? row.triggerPrice;
  if (price === undefined) throw new RangeError(`A resting order needs a price: ${row.id}`);
  return { ...row, opens, reserved: timesQuantity(unitMargin({ instrument, product: row.product, action: row.action, price }), opens) };
}

/** Units that other resting orders on the same side will take from the same position. */
function claimed(page: BookPage, row: PaperOrder): number {
  const rivals = page.resting(row.instrument).filter((other) => other.id !== row.id && other.product === row.product && other.action === row.action);
  return rivals.reduce((sum, other) => sum + other.quantity - other.filledQuantity, 0);
}

function refuseRest(desk: Desk, page: BookPage, row: PaperOrder): Denial | undefined {
  if (sellsShares(desk, row) && row.opens > 0) return nothingToDeliver(row, row.quantity - row.opens);
  const { available } = fundsOf(desk, page);
  return row.reserved > 0 && row.reserved > available ? insufficient(row.reserved, available) : undefined;
}

/** A fill may not sell shares that are not there, and may not open more than was reserved for without the funds. An exit always may. */
function refuseFill(desk: Desk, page: BookPage, row: PaperOrder, price: Money, at: EpochMs): Denial | undefined {
  const before = positionOf(desk, page, row, at);
  const opens = openingQuantity(row, before.quantity);
  if (sellsShares(desk, row) && opens > 0) return nothingToDeliver(row, row.quantity - opens);
  if (opens <= row.opens) return undefined;
  const instrument = desk.instruments.find(row.instrument);
  const after = applyFill(before, { action: row.action, quantity: row.quantity, price, charges: ZERO_MONEY, happenedAt: at });
  const needed = asMoney(positionMargin(after, instrument) - positionMargin(before, instrument));
  const available = asMoney(fundsOf(desk, page).available + (isResting(row) ? row.reserved : 0));
  return needed > 0 && needed > available ? insufficient(needed, available) : undefined;
}

function sellsShares(desk: Desk, row: PaperOrder): boolean {
  return row.product === 'CNC' && row.action === 'SELL' && desk.instruments.find(row.instrument)?.segment === 'cash';
}

function nothingToDeliver(row: PaperOrder, held: number): Denial {
  return deny('NO_POSITION', `Delivery sells only what is held: ${held} of ${row.quantity} are free to sell.`, { field: 'quantity', limit: held, value: row.quantity, remedy: 'Use MIS to sell short within the day.' }).denial;
}

function insufficient(needed: Money, available: Money): Denial {
  return deny('INSUFFICIENT_FUNDS', `The order needs ${fromMoney(needed)} of margin; ${fromMoney(available)} are available.`, { limit: fromMoney(available), value: fromMoney(needed), remedy: 'Lower the quantity, close a position or raise the paper capital.' }).denial;
}

function fill(desk: Desk, page: BookPage, row: PaperOrder, { price }: Extract<Match, { kind: 'fills' }>, at: EpochMs): PaperOrder {
  const instrument = desk.instruments.find(row.instrument);
  if (instrument === undefined) throw new RangeError(`An order in an unknown instrument can not fill: ${row.instrument}`);
  const { action, product } = row;
  const quantity = row.quantity - row.filledQuantity;
  const charges = chargesOf({ segment: instrument.segment, product, exchange: instrument.exchange, action, quantity, price, at }).total;
  page.savePosition(applyFill(positionOf(desk, page, row, at), { action, quantity, price, charges, happenedAt: at }));
  const trades = row.updates.filter((update) => update.kind === 'fill').length;
  const update: BrokerUpdate = { kind: 'fill', fill: { orderId: row.id, tradeId: `${row.brokerOrderId}-${trades + 1}`, quantity, price, charges, happenedAt: at } };
  return { ...row, status: 'FILLED', filledQuantity: row.quantity, updates: [...row.updates, update] };
}

/** The account's position, over all strategies: the broker knows none. */
function positionOf(desk: Desk, page: BookPage, { instrument, product }: PaperOrder, at: EpochMs): Position {
  return page.position(instrument, product) ?? flatPosition({ account: desk.account.id, strategyId: '', instrument, product }, at);
}

function newRow({ order, brokerOrderId, at }: Arrival): PaperOrder {
  return { ...order, brokerOrderId, status: 'OPEN', filledQuantity: 0, opens: 0, reserved: ZERO_MONEY, updates: [], placedAt: at };
}

function rejected(row: PaperOrder, denial: Denial, at: EpochMs): PaperOrder {
  return { ...row, status: 'REJECTED', updates: [...row.updates, { kind: 'status', orderId: row.id, status: 'REJECTED', denial, happenedAt: at }] };
}

function say(row: PaperOrder, status: OrderStatus, at: EpochMs): PaperOrder {
  return { ...row, updates: [...row.updates, { kind: 'status', orderId: row.id, status, happenedAt: at }] };
}

function save(page: BookPage, row: PaperOrder): PaperOrder {
  page.saveOrder(row);
  return row;
}
