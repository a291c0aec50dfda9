import { z } from 'zod';
import type { EpochMs } from '../time';

/** Calls that were let through in one slot of time. */
const Slot = z.object({
  /** The slot's beginning. */
  at: z.int(),
  exits: z.int().nonnegative(),
  entries: z.int().nonnegative(),
});
export type Slot = z.infer<typeof Slot>;

/** What one budget has spent, as it is kept for all processes. */
export const BudgetState = z.object({
  /** When it was last changed. */
  at: z.int(),
  /** Of each window, by its length in milliseconds: the slots that may still count, oldest first, empty ones left out. */
  windows: z.record(z.string(), z.array(Slot)),
  /** An exit waits for room: until then no entry is let through. */
  exitsWaitUntil: z.int().exactOptional(),
  /** The broker asked for silence: no entry until then. */
  entriesDrainedUntil: z.int().exactOptional(),
  /** The same for exits, which ask again sooner. */
  exitsDrainedUntil: z.int().exactOptional(),
});
export type BudgetState = z.infer<typeof BudgetState>;

/** What a broker's client may still ask for, counted for all flows and processes together. */
export interface BudgetStore {
  /**
   * Gives `step` the budget as it stands, at the store's own time, writes the state it answers with (none: nothing changes) and hands on its result, in one
   * transaction. A power cut may undo it: then every process that counted is gone as well. A `step` that throws writes nothing and rejects.
   */
  change<T>(name: string, step: (state: BudgetState | undefined, now: EpochMs) => { readonly state?: BudgetState; readonly result: T }): Promise<T>;
  /** Every budget that was ever drawn on, by name; for status. */
  list(): Promise<readonly { readonly name: string; readonly state: BudgetState }[]>;
}
