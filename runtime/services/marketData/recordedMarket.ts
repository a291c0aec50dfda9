import { MINUTE_MS } from '../../domain/time';
import type { History } from '../../domain/feed';
import type { InstrumentKey, Quote } from '../../domain/market';
import { toMoney } from '../../domain/money';
import type { Clock, MarketData } from '../../domain/ports';

/** How far back the last price may lie: over a long weekend. */
const LOOK_BACK_MS = 10 * 24 * 60 * MINUTE_MS;

/**
 * Prices of a recording. It stands still while a flow works, so that an instrument nobody has watched yet would never get a first tick:
 * then the close of its last minute is the price.
 */
export function recordedMarket<M extends MarketData>(market: M, { history, clock }: { readonly history: History; readonly clock: Clock }): M {
  return {
    ...market,
    async quote(instrument: InstrumentKey) {
      return market.latest(instrument) ?? await lastMinute(history, clock, instrument) ?? market.quote(instrument);
    },
  };
}

async function lastMinute(history: History, clock: Clock, instrument: InstrumentKey): Promise<Quote | undefined> {
  const now = clock.now();
  const found = await history.candles({ instrument, timeframe: '1m', from: now - LOOK_BACK_MS, until: now, limit: 1 });
  const candle = found.ok ? found.value.at(-1) : undefined;
  if (candle === undefined) return undefined;
  const last = toMoney(candle.close);
  return { instrument, bid: last, ask: last, last, at: candle.time + MINUTE_MS };
}
