import { parseArgs } from 'node:util';
import { simulate, type SimulationResult } from './simulation';

/** Steps between two lines of progress. */
const PROGRESS_STEPS = 20_000;

/** `npm run simulate`: prints progress, and as its last line what came of it as JSON. A violation is replayed, shown with the steps before it, and exits with 1. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { seed: { type: 'string' }, steps: { type: 'string' } } });
  const seed = numberOf(values.seed, Date.now() % 1_000_000_000, 'seed');
  const steps = numberOf(values.steps, 200_000, 'steps');
  console.log(`seed ${seed}, ${steps} steps`);
  let told = 0;
  const result = await simulate({
    seed, steps,
    onProgress: (tally) => {
      if (tally.steps - told < PROGRESS_STEPS) return;
      told = tally.steps;
      console.log(JSON.stringify(tally));
    },
  });
  if (result.violations.length > 0) await replay(result, steps);
  console.log(JSON.stringify(summaryOf(result)));
  if (result.violations.length > 0) process.exitCode = 1;
}

/** Shows a violation, and whether the same seed leads to it again. */
async function replay(result: SimulationResult, steps: number): Promise<void> {
  for (const line of result.trace) console.log(line);
  const again = await simulate({ seed: result.seed, steps });
  console.log(again.digest === result.digest ? `replayed: seed ${result.seed} does the same again` : `NOT DETERMINISTIC: seed ${result.seed} did something else the second time`);
}

function summaryOf({ seed, steps, intents, sends, crashes, faults, violations }: SimulationResult) {
  return { seed, steps, intents, sends, crashes, faults, violations: violations.length };
}

function numberOf(text: string | undefined, fallback: number, name: string): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not ${String(text)}.`);
  return value;
}
