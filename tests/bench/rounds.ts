import { distribution, median, type Distribution } from './statistics';

/** What one round of one contestant measured. */
export interface Round {
  /** Milliseconds, one per operation. */
  readonly latencies: readonly number[];
  /** Wall time of the whole round. */
  readonly elapsedMs: number;
}

export interface Contest {
  readonly first: Contestant;
  readonly second: Contestant;
  /** Second over first, round by round, the median: what slows both down for a while is in neither. */
  readonly ratios: { readonly throughput: number; readonly p50: number; readonly p99: number };
}

interface Contestant extends Distribution {
  readonly perSecond: number;
}

/** Runs two contestants in turns, A B B A A B ..., after one round each that does not count. */
export async function contest(rounds: number, first: (round: number) => Promise<Round>, second: (round: number) => Promise<Round>): Promise<Contest> {
  const measured = { first: [] as Round[], second: [] as Round[] };
  await first(-1);
  await second(-1);
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) measured.first.push(await first(round));
    measured.second.push(await second(round));
    if (round % 2 === 1) measured.first.push(await first(round));
  }
  const pairs = measured.first.map((a, index) => [summary([a]), summary(measured.second.slice(index, index + 1))] as const);
  const ratio = (of: (side: Contestant) => number): number => median(pairs.map(([a, b]) => of(b) / of(a)));
  const ratios = { throughput: ratio((side) => side.perSecond), p50: ratio((side) => side.p50), p99: ratio((side) => side.p99) };
  return { first: summary(measured.first), second: summary(measured.second), ratios };
}

function summary(rounds: readonly Round[]): Contestant {
  const latencies = rounds.flatMap((round) => round.latencies);
  const seconds = rounds.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) / 1_000;
  return { ...distribution(latencies), perSecond: latencies.length / seconds };
}

/** Does `count` operations, `width` of them at a time, and takes the time of each. Stops early after `limitMs`. */
export async function measured({ count, width, limitMs = 60_000 }: { readonly count: number; readonly width: number; readonly limitMs?: number }, operation: (index: number) => Promise<void>): Promise<Round> {
  const latencies: number[] = [];
  const began = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count && performance.now() - began < limitMs) {
      const index = next;
      next += 1;
      const sent = performance.now();
      await operation(index);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return { latencies, elapsedMs: performance.now() - began };
}
