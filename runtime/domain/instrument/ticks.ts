import type { Instrument, TickBands } from '../market';
import { asMoney, toMoney, type Money } from '../money';
import type { Action } from '../order';
import { BANDED_TICKS, type BandedTicks } from './data/ticks';

/** What the tick of an instrument depends on. */
export type Ticked = Pick<Instrument, 'tickSize' | 'tickBands'>;

const BANDS: Readonly<Record<TickBands, readonly { readonly upTo: number; readonly tick: Money }[]>> = { cash: inMoney(BANDED_TICKS.cash), indexFutures: inMoney(BANDED_TICKS.indexFutures) };

function inMoney({ bands }: BandedTicks): readonly { readonly upTo: number; readonly tick: Money }[] {
  return bands.map(({ upTo, tick }) => ({ upTo: upTo === Infinity ? Infinity : toMoney(upTo), tick: toMoney(tick) }));
}

/** The smallest price step of an instrument at a price: its own where it has one, else that of the price's band, by default a share's. */
export function tickSizeAt({ tickSize, tickBands = 'cash' }: Ticked, price: Money): Money {
  if (tickSize !== undefined) return tickSize;
  const band = BANDS[tickBands].find(({ upTo }) => price <= upTo);
  if (band === undefined) throw new RangeError(`No tick at ${price}: the last band must be open`);
  return band.tick;
}

export function isOnTick(instrument: Ticked, price: Money): boolean {
  return price % tickSizeAt(instrument, price) === 0;
}

/** The nearest price on the tick: up for a buy, down for a sell, so that rounding never makes a limit less likely to fill. At least one tick. */
export function roundToTick(instrument: Ticked, price: Money, action: Action): Money {
  const tick = tickSizeAt(instrument, price);
  const steps = action === 'BUY' ? Math.ceil(price / tick) : Math.floor(price / tick);
  return asMoney(Math.max(steps, 1) * tick);
}
