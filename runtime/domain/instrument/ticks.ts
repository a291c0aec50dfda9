import type { Instrument } from '../market';
import { asMoney, toMoney, type Money } from '../money';
import type { Action } from '../order';

/** Cash ticks in rupees by price band, valid since 2025-04-15. A band reaches from the previous `upTo` to its own; the first excludes 250. */
const CASH_BANDS: readonly { readonly upTo: number; readonly tick: number }[] = [
  { upTo: 249.9999, tick: 0.01 }, { upTo: 1_000, tick: 0.05 }, { upTo: 5_000, tick: 0.1 },
  { upTo: 10_000, tick: 0.5 }, { upTo: 20_000, tick: 1 }, { upTo: Infinity, tick: 5 },
];

const BANDS = CASH_BANDS.map(({ upTo, tick }) => ({ upTo: upTo === Infinity ? Infinity : toMoney(upTo), tick: toMoney(tick) }));
const WIDEST_TICK = toMoney(5);

/** The smallest price step of an instrument at a price: its own where it has one, else that of the price's band. */
export function tickSizeAt(instrument: Pick<Instrument, 'tickSize'>, price: Money): Money {
  return instrument.tickSize ?? BANDS.find((band) => price <= band.upTo)?.tick ?? WIDEST_TICK;
}

export function isOnTick(instrument: Pick<Instrument, 'tickSize'>, price: Money): boolean {
  return price % tickSizeAt(instrument, price) === 0;
}

/** The nearest price on the tick: up for a buy, down for a sell, so that rounding never makes a limit less likely to fill. At least one tick. */
export function roundToTick(instrument: Pick<Instrument, 'tickSize'>, price: Money, action: Action): Money {
  const tick = tickSizeAt(instrument, price);
  const steps = action === 'BUY' ? Math.ceil(price / tick) : Math.floor(price / tick);
  return asMoney(Math.max(steps, 1) * tick);
}
