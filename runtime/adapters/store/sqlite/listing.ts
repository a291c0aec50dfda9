import { sql } from 'kysely';
import { z } from 'zod';
import type { ListOptions } from '../../../domain/ports';

/** Newest first; filters that are absent let everything pass, as do those for a column the rows do not have. */
export interface Listing {
  readonly limit: number;
  readonly account: string | undefined;
  readonly strategyId: string | undefined;
  readonly nodeKey: string | undefined;
}

/** Most rows that any list returns. */
export const MAX_LISTED = 10_000;

/** By number, out of an index of the few rows that are wanted: left to itself SQLite walks all there ever were, because those come sorted. */
export const byNumber = sql<number>`+seq`;

const Limit = z.int().nonnegative().catch(100).transform((limit) => Math.min(limit, MAX_LISTED));

/** List options with the default of 100 and the bound of 10,000. */
export function limited(options: ListOptions = {}): Listing {
  return { limit: Limit.parse(options.limit ?? 100), account: options.account, strategyId: options.strategyId, nodeKey: options.nodeKey };
}
