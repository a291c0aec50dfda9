import type { PaperAccount } from '../account';
import { roundToTick, tickSizeAt } from '../instrument';
import type { Instrument, Quote } from '../market';
import { asMoney, type Money } from '../money';
import type { Action } from '../order';
import { bandOf } from './bands';

export type Slippage = Pick<PaperAccount, 'slippage' | 'slippageTicks' | 'slippagePercent'>;

/** What an order meets on the other side. */
export interface Counterparty {
  /** The price that a limit must reach. */
  readonly asks: Money;
  /** What is paid, or got, for taking it now: never better than `asks`, on the tick, within the day's price band. */
  readonly takes: Money;
}

/** The other side of the market for an order of `action`, by the account's model of slippage. */
export function counterpartyOf({ slippage, slippageTicks, slippagePercent }: Slippage, instrument: Instrument, action: Action, quote: Quote): Counterparty {
  if (slippage === 'none') return { asks: quote.last, takes: quote.last };
  const asks = action === 'BUY' ? quote.ask : quote.bid;
  if (slippage === 'spread') return { asks, takes: asks };
  const cost = slippage === 'ticks' ? slippageTicks * tickSizeAt(instrument, asks) : (asks * slippagePercent) / 100;
  if (cost === 0) return { asks, takes: asks };
  const worse = roundToTick(instrument, asMoney(Math.round(action === 'BUY' ? asks + cost : asks - cost)), action);
  return { asks, takes: within(worse, asks, instrument, quote) };
}

/** Beyond the band nobody trades; a quote that is there already stays where it is. */
function within(price: Money, asks: Money, instrument: Instrument, quote: Quote): Money {
  const band = bandOf(instrument, quote);
  if (band === undefined) return price;
  return price > asks ? asMoney(Math.max(asks, Math.min(price, band.high))) : asMoney(Math.min(asks, Math.max(price, band.low)));
}
