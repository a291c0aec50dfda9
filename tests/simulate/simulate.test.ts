import { hunt } from './mutants/hunt';
import { MUTANTS } from './mutants/mutants';
import { simulate } from './simulation';

const STEPS = 20_000;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 27];
/** Another one with every run; its number is in the name of its test, and leads to the same again. */
const FRESH = Date.now() % 1_000_000_000;

/** What a run of these steps has on average, over the fixed seeds: enough that a promise could have been broken. */
const USUAL = { intents: 300, sends: 150, crashes: 5, faults: 100 };
const total = { intents: 0, sends: 0, crashes: 0, faults: 0 };

async function keepsItsPromises(seed: number): Promise<Awaited<ReturnType<typeof simulate>>> {
  const result = await simulate({ seed, steps: STEPS });
  expect({ violations: result.violations, trace: result.trace }).toEqual({ violations: [], trace: [] });
  expect(result.steps).toBeGreaterThanOrEqual(STEPS);
  return result;
}

test.each(SEEDS)('seed %i: every promise holds after every step', async (seed) => {
  const result = await keepsItsPromises(seed);
  for (const name of ['intents', 'sends', 'crashes', 'faults'] as const) total[name] += result[name];
}, 120_000);

test.each(['intents', 'sends', 'crashes', 'faults'] as const)('and the fixed seeds had enough %s', (name) => {
  expect(total[name]).toBeGreaterThan(USUAL[name] * SEEDS.length);
});

test(`fresh seed ${FRESH}: every promise holds after every step`, () => keepsItsPromises(FRESH), 120_000);

test('the same seed does the same, to the byte', async () => {
  const [one, other, another] = [await simulate({ seed: 7, steps: 5_000 }), await simulate({ seed: 7, steps: 5_000 }), await simulate({ seed: 8, steps: 5_000 })];
  expect(other).toEqual(one);
  expect(another.digest).not.toBe(one.digest);
}, 120_000);

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('caught: %s', async (_name, mutant) => {
  expect((await hunt(mutant, [1, 2, 3, 4, 5, 6, 12, 15], STEPS)).caught).toBeDefined();
}, 120_000);
