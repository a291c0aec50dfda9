import { splitKey, type Exchange, type InstrumentKey } from '../market';
import { MINUTE_MS, type EpochMs } from '../time';
import type { Curve } from './curve';
import { indiaDay, startOfDay } from './days';
import type { Computed, FigureName } from './figures';

export type ExposureFigureName = Extract<FigureName, 'exposureTimePercent' | 'averageExposure'>;

/** Hours of continuous trading, in minutes of the day in India. */
export interface Hours {
  readonly opensAt: number;
  readonly closesAt: number;
}

const SHARES: Hours = { opensAt: 9 * 60 + 15, closesAt: 15 * 60 + 30 };
const CURRENCIES: Hours = { opensAt: 9 * 60, closesAt: 17 * 60 };
const COMMODITIES: Hours = { opensAt: 9 * 60, closesAt: 23 * 60 + 30 };
const HOURS: Readonly<Record<Exchange, Hours>> = { NSE: SHARES, BSE: SHARES, NFO: SHARES, BFO: SHARES, NSE_INDEX: SHARES, BSE_INDEX: SHARES, CDS: CURRENCIES, BCD: CURRENCIES, MCX: COMMODITIES, MCX_INDEX: COMMODITIES };

/** The usual hours in which any of these instruments trades; those of shares where there is none. Special sessions count as the usual hours of their day. */
export function hoursOf(instruments: Iterable<InstrumentKey>): Hours {
  const all = [...instruments].map((key) => HOURS[splitKey(key).exchange]);
  return all.length === 0 ? SHARES : { opensAt: Math.min(...all.map(({ opensAt }) => opensAt)), closesAt: Math.max(...all.map(({ closesAt }) => closesAt)) };
}

/** How long and how much was held, over the trading hours of days that have a point. A value holds until the next point. */
export function exposureFigures({ points, first, end, baseExposure }: Curve, { from, until }: { readonly from: EpochMs; readonly until: EpochMs }, hours: Hours): Readonly<Record<ExposureFigureName, Computed>> {
  const opening = (day: number): number => Math.max(from, startOfDay(day) + hours.opensAt * MINUTE_MS);
  const closing = (day: number): number => Math.min(until, startOfDay(day) + hours.closesAt * MINUTE_MS);
  let [openMs, heldMs, valueMs] = [0, 0, 0];
  let held = baseExposure;
  let day: number | undefined;
  let since = 0;
  const hold = (till: number): void => {
    const time = Math.max(0, till - since);
    if (held > 0) heldMs += time;
    valueMs += held * time;
  };
  for (let index = first; index < end; index += 1) {
    const at = points.at[index] ?? NaN;
    const own = indiaDay(at);
    if (own !== day) {
      if (day !== undefined) hold(closing(day));
      openMs += Math.max(0, closing(own) - opening(own));
      day = own;
      since = opening(own);
    }
    const till = Math.min(Math.max(at, since), Math.max(since, closing(own)));
    hold(till);
    since = till;
    held = points.exposure[index] ?? NaN;
  }
  if (day !== undefined) hold(closing(day));
  if (openMs === 0) return { exposureTimePercent: 'There were no trading hours.', averageExposure: 'There were no trading hours.' };
  return { exposureTimePercent: (heldMs / openMs) * 100, averageExposure: valueMs / openMs };
}
