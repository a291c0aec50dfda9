import { plainNumber } from '../plainNumber';
import { deny, type Denial } from '../denial';
import type { Instrument, Quote } from '../market';
import { fromMoney } from '../money';
import type { BrokerOrder } from '../ports';
import type { IsoDate } from '../time';
import { checkTerms } from './checkTerms';
import { bandOf } from './bands';
import { isStop, isTriggered } from './matching';

/** From this day on exchanges take no stops without a limit in options (NSE withdrew them with 27 September 2021; code 16052, "Function not available"). */
const NO_STOP_MARKET_IN_OPTIONS: IsoDate = '2021-09-27';

export interface CheckContext {
  /** Undefined when the instrument is not known. */
  readonly instrument: Instrument | undefined;
  /** The newest quote; undefined when there is none. */
  readonly quote: Quote | undefined;
  readonly isOpen: boolean;
  readonly tradingDay: IsoDate;
}

/** A checked order's surroundings: nothing in it is missing any more. */
export interface Accepted {
  readonly instrument: Instrument;
  readonly quote: Quote;
}

type Check = { readonly ok: true; readonly value: Accepted } | { readonly ok: false; readonly denial: Denial };

/** What an exchange and a broker refuse without looking at the account: contract, session, price, quantity, order prices; the first reason found. */
export function checkOrder(order: BrokerOrder, context: CheckContext): Check {
  const { instrument, quote } = context;
  if (instrument === undefined) return deny('UNKNOWN_SYMBOL', `${order.instrument} is not known.`, { field: 'symbol', value: order.instrument });
  const refusal = checkContract(order, instrument, context.tradingDay) ?? checkSession(instrument, context.isOpen) ?? checkTerms(order, instrument);
  if (refusal !== undefined) return refusal;
  if (!isUsable(quote)) return deny('NO_PRICE', `There is no usable price for ${instrument.key}.`, { field: 'symbol', value: instrument.key });
  const wrong = checkBand(order, instrument, quote) ?? checkTrigger(order, quote);
  return wrong ?? { ok: true, value: { instrument, quote } };
}

/** True for a quote that orders can be matched against: present, positive, not crossed. */
export function isUsable(quote: Quote | undefined): quote is Quote {
  return quote !== undefined && quote.bid > 0 && quote.ask >= quote.bid && quote.last > 0;
}

type Refusal = Extract<Check, { ok: false }> | undefined;

function checkContract({ product, orderType }: BrokerOrder, instrument: Instrument, today: IsoDate): Refusal {
  const { segment, key, expiry } = instrument;
  if (segment === 'index') return deny('NOT_TRADABLE', `${key} is an index: trade its future, an option or a fund.`, { field: 'symbol', value: key });
  if (expiry !== undefined && expiry < today) return deny('EXPIRED_SYMBOL', `${key} expired on ${expiry}.`, { field: 'symbol', value: key, limit: expiry });
  if (segment === 'cash' && product === 'NRML') return deny('ORDER_REJECTED', `${key} is a share: NRML is for derivatives.`, { field: 'product', value: product, remedy: 'Use CNC (delivery) or MIS (intraday).' });
  if (segment !== 'cash' && product === 'CNC') return deny('ORDER_REJECTED', `${key} is a derivative: CNC is for shares.`, { field: 'product', value: product, remedy: 'Use NRML (carry forward) or MIS (intraday).' });
  if (orderType === 'SL-M' && segment === 'option' && today >= NO_STOP_MARKET_IN_OPTIONS) {
    return deny('ORDER_REJECTED', `${key} is an option: exchanges take no SL-M orders in options.`, { field: 'orderType', value: orderType, remedy: 'Use SL with a limit beyond the trigger.' });
  }
  return undefined;
}

function checkSession(instrument: Instrument, isOpen: boolean): Refusal {
  if (isOpen) return undefined;
  return deny('MARKET_CLOSED', `${instrument.exchange} is not in continuous trading.`, { remedy: 'Send the order in market hours, or let the paper account trade at all hours (market hours: always).' });
}

/** Exchanges take no price outside of the day's band. */
function checkBand({ limitPrice, triggerPrice }: BrokerOrder, instrument: Instrument, quote: Quote): Refusal {
  const band = bandOf(instrument, quote);
  if (band === undefined) return undefined;
  for (const [field, price] of [['limitPrice', limitPrice], ['triggerPrice', triggerPrice]] as const) {
    if (price === undefined || (price >= band.low && price <= band.high)) continue;
    const [limit, side] = price > band.high ? [band.high, 'above the upper'] : [band.low, 'below the lower'];
    return deny('ORDER_REJECTED', `The ${field} is ${side} circuit limit of ${plainNumber(fromMoney(limit))} of ${instrument.key}.`, { field, limit: fromMoney(limit), value: fromMoney(price), remedy: `Use a price from ${plainNumber(fromMoney(band.low))} to ${plainNumber(fromMoney(band.high))}.` });
  }
  return undefined;
}

/** Brokers refuse a stop whose trigger the last price has reached before it arrives: it would be a market order that nobody asked for. One that rests already is triggered by that. */
export function checkTrigger(order: Pick<BrokerOrder, 'action' | 'orderType' | 'triggerPrice'>, quote: Pick<Quote, 'last'>): Refusal {
  if (!isStop(order) || order.triggerPrice === undefined || !isTriggered(order, quote)) return undefined;
  const { action, triggerPrice } = order;
  const side = action === 'BUY' ? 'above' : 'below';
  return deny('ORDER_REJECTED', `The trigger of a ${action} stop must lie ${side} the last price of ${fromMoney(quote.last)}.`, {
    field: 'triggerPrice', limit: fromMoney(quote.last), value: fromMoney(triggerPrice), remedy: `Use a trigger ${side} the last price, or LIMIT or MARKET to trade now.`,
  });
}
