import type { Tick } from '../../domain/feed';
import type { InstrumentKey, Quote, TradedUnits } from '../../domain/market';
import { asMoney } from '../../domain/money';
import type { Clock, MarketData, Pause } from '../../domain/ports';
import { MINUTE_MS, type EpochMs } from '../../domain/time';
import type { FeedHub } from './createFeedHub';

export interface MarketDataOptions {
  readonly clock: Clock;
  /** Real waits. */
  readonly pause: Pause;
  /** How long a quote is waited for where nobody was subscribed yet; default 3,000. */
  readonly answerMs?: number;
  /** An instrument that was asked for stays subscribed this long, so that the next question has an answer at once; default 15 minutes. */
  readonly keepMs?: number;
}

/** Instruments that are kept for questions at most; the one that was asked for longest ago makes room. */
const MOST_KEPT = 1_000;

/**
 * The feed as quotes: what the gate judges by, the paper broker fills at and flows see are the same prices. A missing bid or ask is the last price.
 * A quote is as old as its tick says, or as old as its arrival where that was earlier: a clock ahead of ours makes no price fresh.
 */
export function marketDataOf(feed: FeedHub, { clock, pause, answerMs = 3_000, keepMs = 15 * MINUTE_MS }: MarketDataOptions): MarketData & { close(): void } {
  const kept = new Map<InstrumentKey, { readonly leave: () => void; readonly askedAt: EpochMs }>();
  const quotes = new Map<InstrumentKey, { readonly tick: Tick; readonly quote: Quote }>();
  let closed = false;

  const newest = (instrument: InstrumentKey): Quote | undefined => {
    const tick = feed.latest(instrument);
    if (tick === undefined) {
      quotes.delete(instrument);
      return undefined;
    }
    const known = quotes.get(instrument);
    if (known?.tick === tick) return known.quote;
    const quote = quoteOf(tick, feed.receivedAt(instrument) ?? tick.at, tradedUntil(tick, known?.quote.traded));
    quotes.set(instrument, { tick, quote });
    return quote;
  };
  const keep = (instrument: InstrumentKey): void => {
    if (closed) return;
    const askedAt = clock.now();
    const known = kept.get(instrument);
    kept.delete(instrument);
    kept.set(instrument, { leave: known?.leave ?? feed.tap(instrument, () => { newest(instrument); }), askedAt });
    for (const [other, { leave, askedAt: last }] of kept) {
      if (kept.size <= MOST_KEPT && askedAt - last <= keepMs) return;
      leave();
      kept.delete(other);
      quotes.delete(other);
    }
  };
  const first = async (instrument: InstrumentKey): Promise<Quote | undefined> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const leave = feed.tap(instrument, () => resolve(undefined));
    await Promise.race([promise, pause(answerMs)]);
    leave();
    return newest(instrument);
  };

  return {
    quote(instrument) {
      keep(instrument);
      const quote = newest(instrument);
      return quote === undefined ? first(instrument) : Promise.resolve(quote);
    },
    latest(instrument) {
      keep(instrument);
      return newest(instrument);
    },
    subscribe: (instrument, listener) => feed.tap(instrument, (tick) => {
      const quote = feed.latest(instrument) === tick ? newest(instrument) : undefined;
      return quote === undefined ? undefined : listener(quote);
    }),
    close() {
      closed = true;
      for (const { leave } of kept.values()) leave();
      kept.clear();
      quotes.clear();
    },
  };
}

function quoteOf({ instrument, last, bid = last, ask = last, at, quotedAt = at, previousClose }: Tick, receivedAt: EpochMs, traded: TradedUnits | undefined): Quote {
  return {
    instrument, last, bid: asMoney(Math.min(bid, ask)), ask: asMoney(Math.max(bid, ask)), at: Math.min(receivedAt, quotedAt),
    ...(traded === undefined ? {} : { traded }), ...(previousClose === undefined ? {} : { previousClose }),
  };
}

/** A day's count that falls is a new day's, or a correction: nothing was traded with it. A tick that says nothing adds nothing. */
function tradedUntil({ dayVolume, lastQuantity }: Tick, before: TradedUnits | undefined): TradedUnits | undefined {
  if (dayVolume !== undefined) return { total: dayVolume, now: Math.max(0, dayVolume - (before?.total ?? dayVolume)) };
  if (lastQuantity !== undefined) return { total: (before?.total ?? 0) + lastQuantity, now: lastQuantity };
  return before === undefined ? undefined : { total: before.total, now: 0 };
}
