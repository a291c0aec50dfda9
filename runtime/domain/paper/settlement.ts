import { instrumentKey, type Exchange, type Instrument, type InstrumentKey, type Quote } from '../market';
import { asMoney, type Money } from '../money';
import type { Instruments } from '../ports';
import { indiaTime, type TradingCalendar } from '../session';
import type { EpochMs } from '../time';

/** Where the underlyings of an exchange's contracts are quoted, the likeliest first. */
const UNDERLYING_ON: Partial<Record<Exchange, readonly Exchange[]>> = { NFO: ['NSE_INDEX', 'NSE'], BFO: ['BSE_INDEX', 'BSE'], MCX: ['MCX_INDEX'] };
/** The close of derivatives on shares, for a day that the calendar does not know. */
const USUAL_CLOSE = '15:30';

/** When a contract stops trading and is settled: at the end of its last session. Undefined for what does not expire. */
export function settlesAt(calendar: Pick<TradingCalendar, 'day'>, instrument: Instrument): EpochMs | undefined {
  if (instrument.expiry === undefined) return undefined;
  const day = calendar.day(instrument, instrument.expiry);
  const last = day.kind === 'open' ? day.sessions.at(-1)?.until : undefined;
  return last ?? indiaTime(instrument.expiry, USUAL_CLOSE);
}

/** The index or share that a contract is on; undefined where it is not known. */
export function underlyingOf({ exchange, base }: Instrument, instruments: Instruments, at: EpochMs): InstrumentKey | undefined {
  return UNDERLYING_ON[exchange]?.map((on) => instrumentKey(on, base)).find((key) => instruments.find(key, at) !== undefined);
}

/**
 * What one unit is settled at, in cash: a future at the price of its underlying, an option at its intrinsic value (0 when it ends out of the money). Where the underlying has
 * no price, the contract's own last one. Undefined without any price: the position waits for one.
 */
export function settlementPrice({ segment, strike, optionType }: Instrument, underlying: Quote | undefined, own: Quote | undefined): Money | undefined {
  if (underlying === undefined || underlying.last <= 0) return own?.last;
  if (segment !== 'option') return underlying.last;
  if (strike === undefined) return own?.last;
  return asMoney(Math.max(0, optionType === 'PE' ? strike - underlying.last : underlying.last - strike));
}
