import { z } from 'zod';
import type { Money } from './money';
import type { EpochMs, IsoDate } from './time';

/** Exchange codes in OpenAlgo's spelling, which is Bellwether's own. The `*_INDEX` ones are quote-only. */
export const Exchange = z.enum(['NSE', 'BSE', 'NFO', 'BFO', 'CDS', 'BCD', 'MCX', 'NSE_INDEX', 'BSE_INDEX', 'MCX_INDEX']);
export type Exchange = z.infer<typeof Exchange>;

/** `EXCHANGE:SYMBOL`, the one name of an instrument everywhere in the runtime, e.g. `NSE:SBIN`, `NFO:NIFTY29DEC26FUT`. */
declare const instrumentKeyUnit: unique symbol;
export type InstrumentKey = string & { readonly [instrumentKeyUnit]: true };

/** The key of a symbol on an exchange; the symbol is in Bellwether's own spelling already. */
export function instrumentKey(exchange: Exchange, symbol: string): InstrumentKey {
  return `${exchange}:${symbol}` as InstrumentKey;
}

/** Splits a key. Throws for one that the runtime did not make: that is a corrupted row. */
export function splitKey(key: InstrumentKey): { readonly exchange: Exchange; readonly symbol: string } {
  const colon = key.indexOf(':');
  return { exchange: Exchange.parse(key.slice(0, colon)), symbol: key.slice(colon + 1) };
}

export const Segment = z.enum(['cash', 'future', 'option', 'index']);
export type Segment = z.infer<typeof Segment>;

/** Prices by which exchanges grade their ticks. */
export type TickBands = 'cash' | 'indexFutures';

/** What can be quoted or traded, with the contract facts that orders are checked against. */
export interface Instrument {
  readonly key: InstrumentKey;
  readonly exchange: Exchange;
  readonly symbol: string;
  readonly segment: Segment;
  /** Underlying or company symbol without expiry and strike: `NIFTY`, `SBIN`. */
  readonly base: string;
  /** Units in one lot; quantities are multiples of it. At least 1. */
  readonly lotSize: number;
  /** Smallest price step; absent where it depends on the price: see `tickSizeAt`. */
  readonly tickSize?: Money;
  /** Which bands the tick goes by where it depends on the price; absent: those of shares. */
  readonly tickBands?: TickBands;
  /** Largest quantity of one order; larger ones are sliced. */
  readonly freezeQuantity?: number;
  readonly expiry?: IsoDate;
  readonly strike?: Money;
  readonly optionType?: 'CE' | 'PE';
}

/** The best prices known at `at`. */
export interface Quote {
  readonly instrument: InstrumentKey;
  readonly bid: Money;
  readonly ask: Money;
  readonly last: Money;
  readonly at: EpochMs;
  /** What was traded, where the source counts it. */
  readonly traded?: TradedUnits;
  /** The close of the trading day before, where the source tells it. */
  readonly previousClose?: Money;
}

/** Units that changed hands, as a source counts them. */
export interface TradedUnits {
  /** So far: of the day where the source counts days, else since it is watched. */
  readonly total: number;
  /** Between the tick before and this one; 0 with the first. */
  readonly now: number;
}
