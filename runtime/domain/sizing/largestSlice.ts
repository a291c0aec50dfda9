import type { Instrument } from '../market';

/** More slices than any order of ours needs; a gateway's own limit is as high. */
export const MAX_SLICES = 100;

/** The largest quantity of one order: the freeze quantity, and `wanted` where it is given, floored to the lot; one lot at least. Infinity where neither says. */
export function largestSlice({ freezeQuantity, lotSize }: Pick<Instrument, 'freezeQuantity' | 'lotSize'>, wanted?: number): number {
  const largest = Math.min(freezeQuantity ?? Infinity, wanted ?? Infinity);
  return largest === Infinity ? Infinity : Math.max(Math.floor(largest / lotSize), 1) * lotSize;
}
