import { z } from 'zod';
import { deny, ok, type Outcome } from '../denial';
import { asMoney, fromMoney, type Money } from '../money';

const Amount = z.int().positive().transform(asMoney);

const Points = z.object({ by: z.literal('points'), points: Amount });
const Percent = z.object({ by: z.literal('percent'), percent: z.number().positive().max(100) });
const Atr = z.object({ by: z.literal('atr'), atr: Amount, multiple: z.number().positive().max(100) });

/** How far from a price: a fixed amount, a share of the price, or a multiple of the average true range as it was when the protection was made. */
export const Distance = z.discriminatedUnion('by', [Points, Percent, Atr]);
export type Distance = z.infer<typeof Distance>;

/** Where a stop or a target lies: at a price, or so far from the entry. */
export const Level = z.discriminatedUnion('by', [Points, Percent, Atr, z.object({ by: z.literal('price'), price: Amount })]);
export type Level = z.infer<typeof Level>;

const activation = { activation: Amount.exactOptional() };

/**
 * How the stop follows the best price seen. points, percent and atr keep a distance from it, from an own `activation` of profit on where one is given.
 * steps: when the profit reaches `activation` the stop moves one `step` on from where it began, and one more for every further `step` of profit.
 */
export const Trailing = z.discriminatedUnion('by', [
  Points.extend(activation), Percent.extend(activation), Atr.extend(activation),
  z.object({ by: z.literal('steps'), activation: Amount, step: Amount }),
]);
export type Trailing = z.infer<typeof Trailing>;

/** The stop moves to the entry plus `offset` (towards profit) once the profit reaches `after`. */
export const BreakEven = z.object({ after: Distance, offset: z.int().nonnegative().transform(asMoney) });
export type BreakEven = z.infer<typeof BreakEven>;

/** An exit whatever the price: so long after the entry's first fill, at a moment, or at a time of the day in India (minutes after midnight), the next one after that fill. */
export const TimeStop = z.discriminatedUnion('by', [
  z.object({ by: z.literal('duration'), durationMs: z.int().positive() }),
  z.object({ by: z.literal('moment'), at: z.int().positive() }),
  z.object({ by: z.literal('timeOfDay'), minutes: z.int().min(0).max(1439) }),
]);
export type TimeStop = z.infer<typeof TimeStop>;

/** What a position is protected by. Stop and target exclude each other: whichever is met first ends the protection. */
export const ProtectionTerms = z.object({
  stop: Level.exactOptional(),
  target: Level.exactOptional(),
  trailing: Trailing.exactOptional(),
  breakEven: BreakEven.exactOptional(),
  timeStop: TimeStop.exactOptional(),
});
export type ProtectionTerms = z.infer<typeof ProtectionTerms>;

export const Direction = z.enum(['LONG', 'SHORT']);
export type Direction = z.infer<typeof Direction>;

/** The better of two stop levels: the one that gives away less. */
export function tighter(direction: Direction, a: Money | undefined, b: Money | undefined): Money | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return direction === 'LONG' ? asMoney(Math.max(a, b)) : asMoney(Math.min(a, b));
}

/** `price` moved by `amount` towards profit; a negative amount moves it towards loss. */
export function towardsProfit(direction: Direction, price: Money, amount: number): Money {
  return asMoney(Math.round(direction === 'LONG' ? price + amount : price - amount));
}

/** Profit of one unit at `price`; negative is a loss. */
export function gainAt(direction: Direction, entry: Money, price: Money): number {
  return direction === 'LONG' ? price - entry : entry - price;
}

/** A distance as an amount of money, measured from `price`. */
export function amountOf(distance: Distance, price: Money): number {
  switch (distance.by) {
    case 'points': return distance.points;
    case 'percent': return (price * distance.percent) / 100;
    case 'atr': return distance.atr * distance.multiple;
  }
}

/** Where the stop begins, measured from the entry; undefined without a stop. */
export function baseStop({ stop }: ProtectionTerms, direction: Direction, entry: Money): Money | undefined {
  if (stop === undefined) return undefined;
  return stop.by === 'price' ? stop.price : towardsProfit(direction, entry, -amountOf(stop, entry));
}

export function targetPrice({ target }: ProtectionTerms, direction: Direction, entry: Money): Money | undefined {
  if (target === undefined) return undefined;
  return target.by === 'price' ? target.price : towardsProfit(direction, entry, amountOf(target, entry));
}

/** The terms, unless they protect nothing, contradict themselves, or would be met at once at `price`. */
export function checkedTerms(terms: ProtectionTerms, direction: Direction, price: Money | undefined): Outcome<ProtectionTerms> {
  if (terms.stop === undefined && terms.target === undefined && terms.trailing === undefined && terms.timeStop === undefined) {
    return deny('MISSING_FIELD', 'A protection needs a stop, a target, a trailing stop or a time stop.', { field: 'stop', remedy: 'Set at least one of them.' });
  }
  if (terms.trailing?.by === 'steps' && terms.stop === undefined) return deny('MISSING_FIELD', 'A stop that trails in steps needs a stop to begin from.', { field: 'stop' });
  if (price === undefined) return ok(terms);
  const stop = baseStop(terms, direction, price);
  const target = targetPrice(terms, direction, price);
  const side = direction === 'LONG' ? { stop: 'below', target: 'above' } : { stop: 'above', target: 'below' };
  if (stop !== undefined && (gainAt(direction, price, stop) >= 0 || stop <= 0)) return deny('INVALID_FIELD', `The stop of a ${direction.toLowerCase()} position lies ${side.stop} its price, not at ${fromMoney(stop)}.`, { field: 'stop', limit: fromMoney(price), value: fromMoney(stop) });
  if (target !== undefined && (gainAt(direction, price, target) <= 0 || target <= 0)) return deny('INVALID_FIELD', `The target of a ${direction.toLowerCase()} position lies ${side.target} its price, not at ${fromMoney(target)}.`, { field: 'target', limit: fromMoney(price), value: fromMoney(target) });
  return stopBeyondPrice(terms, direction, price) ?? ok(terms);
}

/** Moves of the stop that would carry it past the very price that causes them. */
function stopBeyondPrice(terms: ProtectionTerms, direction: Direction, price: Money): ReturnType<typeof deny> | undefined {
  const { breakEven, trailing } = terms;
  if (breakEven !== undefined && breakEven.offset >= amountOf(breakEven.after, price)) {
    return deny('INVALID_FIELD', 'The break-even offset must be smaller than the profit after which the stop moves.', { field: 'breakEvenOffset', value: fromMoney(breakEven.offset) });
  }
  const base = baseStop(terms, direction, price);
  if (trailing?.by !== 'steps' || base === undefined || trailing.step < trailing.activation + Math.abs(price - base)) return undefined;
  return deny('INVALID_FIELD', 'The trailing step must be smaller than the activation and the distance of the stop together.', { field: 'trailStep', value: fromMoney(trailing.step) });
}
