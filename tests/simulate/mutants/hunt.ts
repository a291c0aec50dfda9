import { simulate, type SimulationResult } from '../simulation';
import type { Mutant } from './mutant';

export interface Hunt {
  readonly mutant: string;
  /** What gave it away; absent where nothing did. */
  readonly caught?: { readonly seed: number; readonly step: number; readonly violation: string };
}

/** Runs a mutant over the seeds until it breaks a promise. */
export async function hunt(mutant: Mutant, seeds: readonly number[], steps: number): Promise<Hunt> {
  for (const seed of seeds) {
    const result: SimulationResult = await simulate({ seed, steps, mutant });
    const [violation] = result.violations;
    if (violation !== undefined) return { mutant: mutant.name, caught: { seed, step: result.steps, violation } };
  }
  return { mutant: mutant.name };
}
