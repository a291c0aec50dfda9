import type { InstrumentKey, Quote } from '../../../domain/market';
import type { MarketData } from '../../../domain/ports';

export interface ManualMarket extends MarketData {
  /** Makes the quote the newest one and hands it to the subscribers of its instrument before returning. */
  set(quote: Quote): void;
  /** Forgets the instrument's quote, as if there had never been one. */
  forget(instrument: InstrumentKey): void;
  /** Subscriptions that are open now. */
  subscriptions(): number;
}

/** A market that quotes what it is told: tests and replay. */
export function manualMarket(): ManualMarket {
  const quotes = new Map<InstrumentKey, Quote>();
  const subscribed = new Set<{ readonly instrument: InstrumentKey; readonly call: (quote: Quote) => void }>();
  return {
    quote: (instrument) => Promise.resolve(quotes.get(instrument)),
    latest: (instrument) => quotes.get(instrument),
    subscribe(instrument, call) {
      const entry = { instrument, call };
      subscribed.add(entry);
      return () => void subscribed.delete(entry);
    },
    set(quote) {
      quotes.set(quote.instrument, quote);
      for (const entry of [...subscribed]) if (entry.instrument === quote.instrument) entry.call(quote);
    },
    forget: (instrument) => void quotes.delete(instrument),
    subscriptions: () => subscribed.size,
  };
}
