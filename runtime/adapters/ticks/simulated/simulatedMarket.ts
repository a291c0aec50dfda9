import type { Instrument, InstrumentKey, Quote } from '../../../domain/market';
import type { Clock, Instruments, Log, MarketData } from '../../../domain/ports';
import { simulatedQuote } from './simulatedQuote';

export interface SimulatedMarketOptions {
  readonly clock: Clock;
  readonly instruments: Instruments;
  /** Chooses the course of prices; the same seed, instrument and time give the same quote. */
  readonly seed: number;
  /** Between two quotes to subscribers; default 1,000. */
  readonly intervalMs?: number;
  /** Told of a listener that throws; without a log the error is thrown after the others were served. */
  readonly log?: Log;
}

type Listener = (quote: Quote) => void;

/**
 * A market that always moves and needs no network: demos, tests, paper trading without a feed.
 * Asking for a quote costs no timer; one shared timer, which keeps no process alive, runs while somebody is subscribed.
 */
export function simulatedMarket(options: SimulatedMarketOptions): MarketData & { close(): void } {
  const { clock, instruments, seed, intervalMs = 1_000, log } = options;
  const listeners = new Map<InstrumentKey, Set<{ readonly call: Listener }>>();
  let timer: NodeJS.Timeout | undefined;

  const quoteNow = (key: InstrumentKey): Quote | undefined => {
    const instrument: Instrument | undefined = instruments.find(key);
    return instrument === undefined ? undefined : simulatedQuote(instrument, clock.now(), seed);
  };
  const stopTimer = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const tick = (): void => {
    const errors: unknown[] = [];
    for (const [key, subscribed] of [...listeners]) {
      const quote = quoteNow(key);
      if (quote === undefined) continue;
      for (const { call } of [...subscribed]) {
        try {
          call(quote);
        } catch (error) {
          errors.push(error);
        }
      }
    }
    for (const error of errors) {
      if (log === undefined) throw error;
      log.error({ err: error }, 'A listener of the simulated market failed.');
    }
  };

  return {
    quote: (key) => Promise.resolve(quoteNow(key)),
    latest: quoteNow,
    subscribe(key, call) {
      const entry = { call };
      const subscribed = listeners.get(key) ?? new Set();
      listeners.set(key, subscribed.add(entry));
      timer ??= setInterval(tick, intervalMs).unref();
      return () => {
        subscribed.delete(entry);
        if (subscribed.size === 0 && listeners.get(key) === subscribed) listeners.delete(key);
        if (listeners.size === 0) stopTimer();
      };
    },
    close() {
      listeners.clear();
      stopTimer();
    },
  };
}
