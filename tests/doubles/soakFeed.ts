import { createFeedHub, type FeedHub } from '../../runtime/services/feed';
import type { TickTap } from '../../runtime/domain/feed';
import type { InstrumentKey } from '../../runtime/domain/market';
import { asMoney } from '../../runtime/domain/money';
import type { Clock, Pause } from '../../runtime/domain/ports';
import { silentLog } from './ingressWorld';
import { scriptedSource } from './scriptedSource';

export interface SoakFeed {
  readonly hub: FeedHub;
  /** Sends the next tick of one symbol, made anew as a decoder makes it. */
  send(symbol: number): void;
  close(): Promise<void>;
}

export interface SoakOptions {
  readonly symbols: number;
  readonly clock: Clock;
  readonly pause: Pause;
  /** What listens to one instrument. */
  readonly listener: (instrument: InstrumentKey, symbol: number) => TickTap;
}

/** Many symbols through one hub, all listened to. Prices walk up and down by a tick, the day's volume grows. */
export async function soakFeed({ symbols, clock, pause, listener }: SoakOptions): Promise<SoakFeed> {
  const source = scriptedSource();
  const hub = createFeedHub({ source, clock, pause, log: silentLog, random: () => 0.5, isExpected: () => true });
  const instruments = Array.from({ length: symbols }, (_, symbol) => `NSE:SOAK${symbol}` as InstrumentKey);
  const counts = new Uint32Array(symbols);
  for (const [symbol, instrument] of instruments.entries()) hub.tap(instrument, listener(instrument, symbol));
  while (hub.status().state !== 'live') await new Promise((resolve) => setImmediate(resolve));
  return {
    hub,
    send(symbol) {
      const instrument = instruments[symbol];
      if (instrument === undefined) throw new RangeError(`No symbol ${symbol}`);
      const count = (counts[symbol] ?? 0) + 1;
      counts[symbol] = count;
      const last = asMoney(1_000_000 + symbol * 1_000 + (count % 200) * 500);
      void source.tick({ instrument, last, bid: asMoney(last - 500), ask: asMoney(last + 500), at: clock.now(), dayVolume: count * 10 });
    },
    close: () => hub.close(),
  };
}
