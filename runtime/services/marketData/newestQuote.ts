import type { InstrumentKey, Quote } from '../../domain/market';
import type { Log, MarketData } from '../../domain/ports';

/** The newest quote; a source that fails is a market without a price, so that it refuses entries by name and stands in no exit's way. */
export async function newestQuote({ market, log }: { readonly market: MarketData; readonly log: Log }, instrument: InstrumentKey): Promise<Quote | undefined> {
  try {
    return await market.quote(instrument);
  } catch (error) {
    log.warn({ instrument, error: String(error) }, 'the market data source failed');
    return undefined;
  }
}
