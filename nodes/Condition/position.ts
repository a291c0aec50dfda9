import { z } from 'zod';
import type { PositionView } from '../../runtime/domain/envelope';

const Held = z.looseObject({ quantity: z.number(), averagePrice: z.number().optional(), lastPrice: z.number().optional() });

const PERCENT = 100;

/** A position with what conditions ask of it: `pnlPercent`, the gain of its price over the average, positive when it earns, for both directions. */
export function positionFields(position: unknown): Readonly<Record<string, unknown>> | undefined {
  const read = Held.safeParse(position);
  if (!read.success) return undefined;
  const { quantity, averagePrice, lastPrice } = read.data;
  if (quantity === 0 || averagePrice === undefined || averagePrice === 0 || lastPrice === undefined) return read.data;
  return { pnlPercent: (Math.sign(quantity) * (lastPrice - averagePrice) * PERCENT) / averagePrice, ...read.data };
}

/** The strategy's positions in one instrument as one; none is a quantity of 0, and prices are unknown where there are several. */
export function netOf(held: readonly PositionView[]): Readonly<Record<string, number>> {
  const [first, second] = held;
  const sum = (pick: (view: PositionView) => number): number => held.reduce((total, view) => total + pick(view), 0);
  return {
    quantity: sum(({ quantity }) => quantity),
    realisedPnl: sum(({ realisedPnl }) => realisedPnl),
    unrealisedPnl: sum(({ unrealisedPnl = 0 }) => unrealisedPnl),
    ...(first?.lastPrice === undefined ? {} : { lastPrice: first.lastPrice }),
    ...(second !== undefined || first?.averagePrice === undefined ? {} : { averagePrice: first.averagePrice }),
  };
}
