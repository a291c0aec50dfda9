import type { EpochMs } from '../../runtime/domain/time';
import type { Random } from './random';

/** Something that is going to happen. */
export interface Task {
  /** Whose it is: what belongs to a process dies with it. */
  readonly owner: string;
  /** For the trace. */
  readonly what: string;
  /** Tasks of one lane happen in the order in which they were added. */
  readonly lane?: string;
  readonly dueAt: EpochMs;
  readonly run: () => void;
}

/** Decides what happens next. Whatever is due may be next, in any order that its lanes allow. */
export class Scheduler {
  readonly #random: Random;
  #tasks: Task[] = [];
  #now: EpochMs;

  constructor(random: Random, startsAt: EpochMs) {
    this.#random = random;
    this.#now = startsAt;
  }

  /** True time: it never steps back, whatever clocks say. */
  get now(): EpochMs {
    return this.#now;
  }

  get waiting(): number {
    return this.#tasks.length;
  }

  add({ delayMs = 0, ...task }: Omit<Task, 'dueAt'> & { readonly delayMs?: number }): void {
    this.#tasks.push({ ...task, dueAt: this.#now + delayMs });
  }

  /** What this owner was about to do does not happen. */
  drop(owner: string): void {
    this.#tasks = this.#tasks.filter((task) => task.owner !== owner);
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  /** Takes one of the tasks that are due; where none is, time goes on to the first that is, or stands still where that is later than `until`. */
  next(until = Infinity): Task | undefined {
    const due = this.#due();
    if (due.length === 0) {
      const earliest = this.#earliest();
      if (earliest === undefined || earliest > until) return undefined;
      this.#now = Math.max(this.#now, earliest);
      due.push(...this.#due());
    }
    const index = this.#random.pick(due);
    const [task] = this.#tasks.splice(index, 1);
    return task;
  }

  /** Places of the tasks that may be next. */
  #due(): number[] {
    const due: number[] = [];
    const lanes = new Set<string>();
    for (const [index, task] of this.#tasks.entries()) {
      if (task.lane !== undefined) {
        if (lanes.has(task.lane)) continue;
        lanes.add(task.lane);
      }
      if (task.dueAt <= this.#now) due.push(index);
    }
    return due;
  }

  /** When the first task is due that no other one of its lane is before. */
  #earliest(): EpochMs | undefined {
    const lanes = new Set<string>();
    let earliest: EpochMs | undefined;
    for (const { lane, dueAt } of this.#tasks) {
      if (lane !== undefined && lanes.has(lane)) continue;
      if (lane !== undefined) lanes.add(lane);
      if (earliest === undefined || dueAt < earliest) earliest = dueAt;
    }
    return earliest;
  }
}
