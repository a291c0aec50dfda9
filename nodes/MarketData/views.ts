import type { Envelope } from '../../runtime/domain/envelope';
import type { Depth, DepthLevel } from '../../runtime/domain/feed';
import { splitKey, type Instrument } from '../../runtime/domain/market';
import { asMoney, fromMoney } from '../../runtime/domain/money';
import type { QuotedInstrument } from '../../runtime/domain/nodeContext';

/** A quote as items carry it: rupees, epoch ms. */
export function quoteView({ instrument: { exchange, symbol }, quote, dayVolume }: QuotedInstrument): Envelope {
  const { last, bid, ask, at } = quote;
  return { exchange, symbol, quote: { last: fromMoney(last), bid: fromMoney(bid), ask: fromMoney(ask), at, ...(dayVolume === undefined ? {} : { dayVolume }) } };
}

/** The levels best first, and the distance between the best ones where both sides are there. */
export function depthView({ instrument, bids, asks, at }: Depth): Envelope {
  const { exchange, symbol } = splitKey(instrument);
  const [bid, ask] = [bids[0], asks[0]];
  const spread = bid === undefined || ask === undefined ? {} : { spread: fromMoney(asMoney(ask.price - bid.price)) };
  return { exchange, symbol, depth: { bids: bids.map(levelView), asks: asks.map(levelView), ...spread, at } };
}

function levelView({ price, quantity, orders }: DepthLevel): { readonly price: number; readonly quantity: number; readonly orders?: number } {
  return { price: fromMoney(price), quantity, ...(orders === undefined ? {} : { orders }) };
}

/** A row of the instruments that were found. */
export function instrumentView({ exchange, symbol, segment, base, lotSize, tickSize, freezeQuantity, expiry, strike, optionType }: Instrument): Envelope {
  return {
    exchange, symbol, segment, base, lotSize,
    ...(tickSize === undefined ? {} : { tickSize: fromMoney(tickSize) }),
    ...(freezeQuantity === undefined ? {} : { freezeQuantity }),
    ...(expiry === undefined ? {} : { expiry }),
    ...(strike === undefined ? {} : { strike: fromMoney(strike) }),
    ...(optionType === undefined ? {} : { optionType }),
  };
}
