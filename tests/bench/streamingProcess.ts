import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Cost } from './streamingContestant';

const ANSWER_LIMIT_MS = 120_000;

/** A contestant in a process of its own, where the compiler sees nobody's code but its. */
class Contestant {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(path.join(__dirname, 'streamingContestant.mjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  }

  /** Nanoseconds an update. */
  async ask(message: object | string): Promise<number> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    this.#child.send(message);
    return Cost.parse((await answer)[0]);
  }

  end(): void {
    this.#child.kill();
  }
}

/** Nanoseconds an update, by contestant and round; contestants take turns. The first round of each lets its compiler finish and does not count. */
export async function inTurns(rounds: number, names: readonly string[]): Promise<readonly (readonly number[])[]> {
  const contestants = names.map(() => new Contestant());
  try {
    for (const [index, contestant] of contestants.entries()) await contestant.ask({ contestant: names[index], rounds });
    const costs = contestants.map((): number[] => []);
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, contestant] of contestants.entries()) {
        const ns = await contestant.ask('round');
        if (round > 0) costs[index]?.push(ns);
      }
    }
    return costs;
  } finally {
    for (const contestant of contestants) contestant.end();
  }
}
