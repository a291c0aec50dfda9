import { MINUTE_MS } from '../time';

/**
 * Lengths of candles that are kept and asked for as they are, shortest first; every other one is made of a shorter one. The longer ones are there because some brokers keep
 * minutes for a month and longer candles for years. A shorter candle is never made of a longer one.
 */
export const STORED_TIMEFRAMES = ['1m', '3m', '5m', '10m', '15m', '30m', '1h', '1d'] as const;
export type StoredTimeframe = (typeof STORED_TIMEFRAMES)[number];

/** Nominal length in milliseconds; a session's last candle may be shorter. */
export const STORED_LENGTH_MS: Readonly<Record<StoredTimeframe, number>> = {
  '1m': MINUTE_MS, '3m': 3 * MINUTE_MS, '5m': 5 * MINUTE_MS, '10m': 10 * MINUTE_MS, '15m': 15 * MINUTE_MS, '30m': 30 * MINUTE_MS, '1h': 60 * MINUTE_MS, '1d': 24 * 60 * MINUTE_MS,
};

/** The name of a length; undefined for one that is not kept. */
export function storedTimeframe(lengthMs: number): StoredTimeframe | undefined {
  return STORED_TIMEFRAMES.find((name) => STORED_LENGTH_MS[name] === lengthMs);
}
