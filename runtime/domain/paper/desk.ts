import type { PaperAccount } from '../account';
import { deny, type Denial } from '../denial';
import type { Instrument, Quote } from '../market';
import { ZERO_MONEY } from '../money';
import type { OrderStatus } from '../order';
import type { BrokerOrder, BrokerUpdate, Instruments, Sessions } from '../ports';
import type { TradingCalendar } from '../session';
import type { EpochMs } from '../time';
import { isResting, type BookPage, type PaperOrder } from './book';
import { checkOrder, isUsable } from './checks';
import { leftOf, refuseFill, refuseRest, reserve } from './cover';
import { bookPart } from './fill';
import { openingQuantity } from './margin';
import { matchOrder, type Match, type Stage } from './matching';
import { shareOf, type Share } from './participation';
import { counterpartyOf } from './slippage';
import { brokerSquareOffAt } from './squareOff';

/** What the desk must know beyond its book. */
export interface Desk {
  readonly account: PaperAccount;
  readonly instruments: Instruments;
  readonly sessions: Sessions;
  /** When sessions end: for what the broker does by itself. */
  readonly calendar: Pick<TradingCalendar, 'day' | 'sessionAt' | 'sessionOnOrAfter'>;
  /** See `Cover`. */
  readonly charges?: 'exchange' | 'none';
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
  const found = desk.instruments.find(order.instrument);
  const check = checkOrder(order, { instrument: found, quote: arrival.quote, isOpen: isOpen(desk, found, at), tradingDay: desk.sessions.tradingDay(at) });
  if (!check.ok) return save(page, rejected(newRow(arrival), check.denial, at));
  const { instrument, quote } = check.value;
  const late = refuseLate(desk, page, order, instrument, at);
  if (late !== undefined) return save(page, rejected(newRow(arrival), late, at));
  const row = say(newRow(arrival), 'ACCEPTED', at);
  const match = matchOrder(order, 'ARRIVING', quote, counterpartyOf(desk.account, instrument, order.action, quote));
  if (match.kind === 'fills') {
    // The whole order must be covered, however little of it fills at once.
    const refusal = refuseFill(desk, page, row, { quantity: row.quantity, price: match.price, at });
    return save(page, refusal === undefined ? take(page, row, { desk, instrument, quote, match, at }) : rejected(newRow(arrival), refusal, at));
  }
  const resting = reserve(page, { ...row, status: match.stage }, instrument, quote.last);
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
  const instrument = desk.instruments.find(row.instrument);
  if (instrument === undefined || !isUsable(quote) || !isOpen(desk, instrument, at)) return false;
  const match = matchOf(desk, row, instrument, quote);
  if (match.kind === 'rests') return match.stage !== row.status || row.isTaking === true;
  const share = shareNow(desk, row, instrument, quote);
  return share.quantity > 0 || match.triggered || share.mark !== row.tradedMark;
}

/** Cancels a resting order and gives back exactly its own reserve. Cancelling again is no error. */
export function cancelOrder(page: BookPage, orderId: string, at: EpochMs): { readonly ok: true; readonly news: readonly BrokerUpdate[] } | { readonly ok: false; readonly denial: Denial } {
  const row = page.order(orderId);
  if (row === undefined) return deny('NOT_FOUND', `There is no order ${orderId}.`, { value: orderId });
  if (row.status === 'CANCELLED') return { ok: true, news: [] };
  if (!isResting(row)) return deny('ORDER_REJECTED', `The order is ${row.status}: there is nothing to cancel.`, { value: row.status });
  return { ok: true, news: endOrder(page, row, 'CANCELLED', at) };
}

/** Ends a resting order without a fill; answers with what is said of it. */
export function endOrder(page: BookPage, row: PaperOrder, status: 'CANCELLED' | 'EXPIRED', at: EpochMs): readonly BrokerUpdate[] {
  return save(page, say({ ...row, status }, status, at)).updates.slice(row.updates.length);
}

/** Orders are good for the day. */
export function isOver(desk: Pick<Desk, 'sessions'>, row: PaperOrder, at: EpochMs): boolean {
  return desk.sessions.tradingDay(row.placedAt) !== desk.sessions.tradingDay(at);
}

function afterQuote(desk: Desk, page: BookPage, row: PaperOrder, quote: Quote, at: EpochMs): PaperOrder {
  const instrument = desk.instruments.find(row.instrument);
  if (!isResting(row) || !concerns(desk, row, quote, at)) return row;
  if (isOver(desk, row, at) || instrument === undefined) return say({ ...row, status: 'EXPIRED' }, 'EXPIRED', at);
  const match = matchOf(desk, row, instrument, quote);
  if (match.kind === 'rests') {
    const rests = { ...row, status: match.stage };
    delete rests.isTaking;
    return match.stage === row.status ? rests : say(rests, match.stage, at);
  }
  const share = shareNow(desk, row, instrument, quote);
  const refusal = refuseFill(desk, page, row, { quantity: share.quantity, price: match.price, at });
  return refusal === undefined ? take(page, row, { desk, instrument, quote, match, at }) : rejected(row, refusal, at);
}

interface Taking {
  readonly desk: Desk;
  readonly instrument: Instrument;
  readonly quote: Quote;
  readonly match: Extract<Match, { kind: 'fills' }>;
  readonly at: EpochMs;
}

/** Fills what the order may have now. What is left of it rests, with margin for it; a stop is one no more. */
function take(page: BookPage, row: PaperOrder, { desk, instrument, quote, match, at }: Taking): PaperOrder {
  const share = shareNow(desk, row, instrument, quote);
  const isWhole = share.quantity === leftOf(row);
  const opens = match.triggered && (row.orderType === 'SL' || !isWhole);
  const isNew = !isWhole && row.updates.length === 1;
  const spoken = opens || isNew ? say({ ...row, status: 'OPEN' }, 'OPEN', at) : row;
  const filled = share.quantity === 0 ? spoken : bookPart(desk, page, spoken, { instrument, quantity: share.quantity, price: match.price, at });
  if (isWhole) return filled;
  return reserve(page, { ...filled, ...marked(share), ...(isNew || opens ? { isTaking: true } : {}) }, instrument, match.price);
}

function marked({ mark }: Share): { readonly tradedMark?: number } {
  return mark === undefined ? {} : { tradedMark: mark };
}

function shareNow({ account }: Desk, row: PaperOrder, { lotSize }: Instrument, { traded }: Quote): Share {
  return shareOf({ percent: account.participationPercent, lotSize, remaining: leftOf(row), traded, mark: row.tradedMark });
}

function matchOf({ account }: Desk, row: PaperOrder, instrument: Instrument, quote: Quote): Match {
  const stage: Stage = row.status !== 'OPEN' ? 'TRIGGER_PENDING' : row.isTaking === true ? 'TAKING' : 'OPEN';
  return matchOrder(row, stage, quote, counterpartyOf(account, instrument, row.action, quote));
}

function isOpen(desk: Desk, instrument: Instrument | undefined, at: EpochMs): boolean {
  return instrument !== undefined && (desk.account.marketHours === 'always' || desk.sessions.isOpen(instrument, at));
}

/** Once the broker squares positions off, MIS takes what closes one and nothing else. */
function refuseLate({ account, calendar }: Desk, page: BookPage, order: BrokerOrder, instrument: Instrument, at: EpochMs): Denial | undefined {
  const from = account.marketHours === 'always' ? undefined : brokerSquareOffAt(calendar, instrument, order.product, at);
  if (from === undefined || at < from) return undefined;
  if (openingQuantity(order, page.position(order.instrument, order.product)?.quantity ?? 0) === 0) return undefined;
  return deny('SQUARE_OFF_TIME', 'The broker squares intraday positions off: new ones can not be opened today.', { field: 'product', value: order.product, remedy: instrument.segment === 'cash' ? 'Use CNC, or wait for the next session.' : 'Use NRML, or wait for the next session.' }).denial;
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
