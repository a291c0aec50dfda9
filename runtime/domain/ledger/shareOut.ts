import type { Position } from '../position';
import { EXTERNAL_STRATEGY, type SharePart } from './difference';

/**
 * Whose share a trade of somebody else takes. A trade against the account's holding closes what is held: what `external` itself holds first, then what
 * strategies hold, the largest share first (ties: by name), so that no strategy goes on believing in units that are gone, and none of its exits
 * opens a reverse position. What is left, and every trade in the holding's own direction, is `external`'s.
 * `positions` are those of one account, instrument and product; `quantity` is signed. The parts add up to it.
 */
export function shareOut(positions: readonly Pick<Position, 'strategyId' | 'quantity'>[], quantity: number): readonly SharePart[] {
  const side = Math.sign(quantity);
  const against = positions.filter((position) => Math.sign(position.quantity) === -side);
  const own = against.filter(({ strategyId }) => strategyId === EXTERNAL_STRATEGY);
  const strategies = against.filter(({ strategyId }) => strategyId !== EXTERNAL_STRATEGY).sort((a, b) => Math.abs(b.quantity) - Math.abs(a.quantity) || (a.strategyId < b.strategyId ? -1 : 1));
  const parts = new Map<string, number>();
  let rest = Math.abs(quantity);
  for (const { strategyId, quantity: held } of [...own, ...strategies]) {
    const part = Math.min(rest, Math.abs(held));
    if (part > 0) parts.set(strategyId, part * side);
    rest -= part;
  }
  if (rest > 0) parts.set(EXTERNAL_STRATEGY, (parts.get(EXTERNAL_STRATEGY) ?? 0) + rest * side);
  return [...parts].map(([strategyId, signed]) => ({ strategyId, quantity: signed }));
}
