import { hunt } from './hunt';
import { MUTANTS } from './mutants';

const SEEDS = [1, 2, 3, 4, 5, 6, 12, 15];
const STEPS = 20_000;

/** `npm run simulate:mutants`: every broken order path has to be caught within a bounded number of steps; exits with 1 where one is not. */
export async function main(): Promise<void> {
  let caught = 0;
  for (const mutant of MUTANTS) {
    const found = await hunt(mutant, SEEDS, STEPS);
    if (found.caught !== undefined) caught += 1;
    console.log(found.caught === undefined ? `NOT CAUGHT: ${found.mutant}` : `${found.mutant}\n  seed ${found.caught.seed}, step ${found.caught.step}: ${found.caught.violation}`);
  }
  console.log(JSON.stringify({ mutants: MUTANTS.length, caught }));
  if (caught < MUTANTS.length) process.exitCode = 1;
}
