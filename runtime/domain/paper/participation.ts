import type { TradedUnits } from '../market';

export interface Share {
  /** Units that may fill now; 0 where too little was traded. */
  readonly quantity: number;
  /** The count of traded units up to which the order has had its share. Absent where nobody counts. */
  readonly mark?: number;
}

/**
 * How much of `remaining` may fill: at most `percent` of what was traded since the order had its share last, in whole lots. What an order finds when it first meets a price
 * is the volume of that tick. Counts that are smaller than the mark began anew. Where nobody counts, or at 0 percent: everything.
 */
export function shareOf({ percent, lotSize, remaining, traded, mark }: {
  readonly percent: number;
  readonly lotSize: number;
  readonly remaining: number;
  readonly traded: TradedUnits | undefined;
  readonly mark?: number | undefined;
}): Share {
  if (traded === undefined || percent === 0) return { quantity: remaining };
  const since = mark === undefined || mark > traded.total ? traded.total - traded.now : mark;
  const free = Math.floor(((traded.total - since) * percent) / 100 / lotSize) * lotSize;
  const quantity = Math.min(Math.max(0, free), remaining);
  return { quantity, mark: quantity > 0 ? traded.total : since };
}
