import { z } from 'zod';
import type { Bar } from '../../runtime/domain/indicators/core/bar';
import { randomBars } from '../golden/randomBars';
import { COURSES, crowdOf, type Crowd } from './streamingContests';

const NS_PER_MS = 1e6;
const US_PER_MS = 1e3;
export const SYMBOLS = 2_000;
/** Candles of each symbol before the time is taken, and at most in one round. */
const WARM_UP = 60;
const CANDLES = 800;
/** A round ends after this, with the candle that is under way: long enough that it is not about waking up. */
const ROUND_MS = 25;
/** How many rows go by between two looks at the time, which cost some; the most candles are a multiple of it. */
const ROWS_A_LOOK = 10;

/** What a contestant is told once, before its rounds. */
export const Orders = z.object({ contestant: z.string(), rounds: z.int() });
/** What it answers to every `'round'`: nanoseconds an update. */
export const Cost = z.number();

/** Candles of every course at once, one after the other. */
type Rows = readonly (readonly Bar[])[];

function rowsOf(length: number): Rows {
  const courses = Array.from({ length: COURSES }, (_, seed) => randomBars({ seed: seed + 1, length }));
  return Array.from({ length }, (_, index) => courses.flatMap((course) => course.slice(index, index + 1)));
}

/** Lives in a child process: feeds its crowd when it is told to. */
export function contend(): void {
  process.once('message', (message) => {
    const { contestant, rounds } = Orders.parse(message);
    const crowd = crowdOf(contestant)(SYMBOLS);
    const rows = rowsOf(WARM_UP + (rounds + 1) * CANDLES);
    for (const row of rows.slice(0, WARM_UP)) crowd.feed(row);
    let round = 0;
    process.on('message', () => {
      const from = WARM_UP + round * CANDLES;
      round += 1;
      process.send?.(nsAnUpdate(rows.slice(from, from + CANDLES), crowd));
    });
    process.send?.(0);
  });
}

/** Every symbol takes its candle before any takes the next, as the market does. Time of the processor, not of the clock: a busy machine is in neither side. */
function nsAnUpdate(rows: Rows, crowd: Crowd): number {
  const began = process.cpuUsage();
  let played = 0;
  let spentMs = 0;
  for (const row of rows) {
    crowd.feed(row);
    played += 1;
    if (played % ROWS_A_LOOK !== 0) continue;
    const { user, system } = process.cpuUsage(began);
    spentMs = (user + system) / US_PER_MS;
    if (spentMs >= ROUND_MS) break;
  }
  return (spentMs * NS_PER_MS) / (played * SYMBOLS);
}
