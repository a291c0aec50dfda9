import { hunt } from './mutants/hunt';
import { MUTANTS } from './mutants/mutants';
import { simulate } from './simulation';

const STEPS = 20_000;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 27];
/** Another one with every run; its number is in the name of its test, and leads to the same again. */
const FRESH = Date.now() % 1_000_000_000;

/** What is asked of a run: no promise broken, and enough happened that one could have been. */
async function keepsItsPromises(seed: number): Promise<void> {
  const result = await simulate({ seed, steps: STEPS });
  expect({ violations: result.violations, trace: result.trace }).toEqual({ violations: [], trace: [] });
  expect(result.steps).toBeGreaterThanOrEqual(STEPS);
  expect(Math.min(result.intents / 300, result.sends / 150, result.crashes / 5, result.faults / 100)).toBeGreaterThan(1);
}

test.each(SEEDS)('seed %i: every promise holds after every step', keepsItsPromises, 120_000);

test(`fresh seed ${FRESH}: every promise holds after every step`, () => keepsItsPromises(FRESH), 120_000);

test('the same seed does the same, to the byte', async () => {
  const [one, other, another] = [await simulate({ seed: 7, steps: 5_000 }), await simulate({ seed: 7, steps: 5_000 }), await simulate({ seed: 8, steps: 5_000 })];
  expect(other).toEqual(one);
  expect(another.digest).not.toBe(one.digest);
}, 120_000);

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('caught: %s', async (_name, mutant) => {
  expect((await hunt(mutant, [1, 2, 3, 4, 5, 12, 15], STEPS)).caught).toBeDefined();
}, 120_000);
