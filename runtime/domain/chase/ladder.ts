import { z } from 'zod';
import { isOnTick, roundToTick, tickSizeAt, type Ticked } from '../instrument';
import type { Quote } from '../market';
import { asMoney, type Money } from '../money';
import type { Action } from '../order';
import { SECOND_MS } from '../time';

/** How an exit that rests unfilled is re-priced: step by step towards the market, never farther than a maximum distance, at most so many times. Percentages are of the price at the start. */
export const ChaseTerms = z.object({
  /** Times that the price is changed. */
  steps: z.int().min(1).max(20).default(5),
  /** How much farther through the best price each step goes; the first price is the best price itself. */
  stepPercent: z.number().positive().max(5).default(0.2),
  /** Farthest that a price may lie from the last price at the start. */
  maxDistancePercent: z.number().positive().max(10).default(2),
  /** How long each price waits to be filled. */
  waitMs: z.int().min(200).max(60 * SECOND_MS).default(2 * SECOND_MS),
});
export type ChaseTerms = z.infer<typeof ChaseTerms>;

/**
 * The ladder of exits that nobody gave terms for: stops, targets, square-offs. The first order goes out at market; each one that rests for five seconds is taken back, and the next is a
 * limit order half a percent further through the best price of that moment. After the last people are told, and it goes on at that distance.
 */
export const EXIT_LADDER: ChaseTerms = ChaseTerms.parse({ steps: 5, stepPercent: 0.5, maxDistancePercent: 3, waitMs: 5 * SECOND_MS });

/** Where a ladder stands. */
export interface Rung {
  readonly action: Action;
  readonly instrument: Ticked;
  /** Last price when the exit began; what distances are measured from. */
  readonly anchor: Money;
  /** 0 for the first price. */
  readonly step: number;
  /** Newest best prices; absent where there are none: then the anchor stands for them. */
  readonly quote?: Pick<Quote, 'bid' | 'ask'>;
  /** The price of the step before; no step goes back. */
  readonly previous?: Money;
}

/** The limit price of one step: through the best opposite price by as many steps as there were, on the tick, within the maximum distance, and never less eager than the one before. */
export function rungPrice({ action, instrument, anchor, step, quote, previous }: Rung, { stepPercent, maxDistancePercent }: Pick<ChaseTerms, 'stepPercent' | 'maxDistancePercent'>): Money {
  const direction = action === 'BUY' ? 1 : -1;
  const best = quote === undefined ? anchor : action === 'BUY' ? quote.ask : quote.bid;
  const wanted = roundToTick(instrument, asMoney(Math.round(best + direction * anchor * step * stepPercent / 100)), action);
  const bound = boundOf(action, instrument, anchor, maxDistancePercent);
  const eager = previous === undefined ? wanted : further(action, wanted, previous);
  return nearer(action, eager, bound);
}

/** The farthest price within the distance that lies on the tick; the nearest tick to the anchor where none does. */
function boundOf(action: Action, instrument: Ticked, anchor: Money, percent: number): Money {
  const edge = anchor * (1 + (action === 'BUY' ? 1 : -1) * percent / 100);
  const tick = tickSizeAt(instrument, anchor);
  const steps = action === 'BUY' ? Math.floor(edge / tick) : Math.ceil(edge / tick);
  const inside = asMoney(Math.max(steps, 1) * tick);
  return isOnTick(instrument, inside) ? inside : roundToTick(instrument, inside, action === 'BUY' ? 'SELL' : 'BUY');
}

function further(action: Action, a: Money, b: Money): Money {
  return asMoney(action === 'BUY' ? Math.max(a, b) : Math.min(a, b));
}

function nearer(action: Action, a: Money, b: Money): Money {
  return asMoney(action === 'BUY' ? Math.min(a, b) : Math.max(a, b));
}
