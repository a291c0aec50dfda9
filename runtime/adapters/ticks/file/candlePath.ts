import type { Candle } from '../../../domain/candle/candle';
import type { Tick } from '../../../domain/feed';
import type { InstrumentKey } from '../../../domain/market';
import { toMoney } from '../../../domain/money';

/** Where in the candle the four ticks stand, in 60ths of its length: a minute's are at 0, 20, 40 and 59 seconds. */
const STEPS = [0, 20, 40, 59] as const;
const PARTS = 60;

export const TICKS_PER_CANDLE = STEPS.length;

/**
 * A candle as four ticks inside its time. A candle that closed above its open (or at it) is taken to have gone down first: open, low, high, close; one that
 * closed below went up first: open, high, low, close. Made into a candle again they give the same one. The volume is spread evenly, what does not divide
 * goes to the last; without volume the ticks count none.
 */
export function candlePath(instrument: InstrumentKey, { time, open, high, low, close, volume }: Candle, timeframeMs: number): readonly Tick[] {
  const prices = close >= open ? [open, low, high, close] : [open, high, low, close];
  const share = Math.floor(volume / TICKS_PER_CANDLE);
  return STEPS.map((step, index) => {
    const tick = { instrument, last: toMoney(prices[index] ?? close), at: time + (step * timeframeMs) / PARTS };
    const isLast = index === TICKS_PER_CANDLE - 1;
    return volume > 0 ? { ...tick, lastQuantity: isLast ? volume - share * index : share } : tick;
  });
}
