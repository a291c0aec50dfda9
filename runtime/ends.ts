import type { Log } from './domain/ports';

/** In which order what a runtime is made of is ended: nothing loses what it still needs. */
const ORDER = [
  'rounds', 'triggers', 'events', 'ingress', 'alerts', 'safety', 'reEntry', 'protection', 'desk', 'reconciler', 'prices', 'instruments', 'pruning', 'teller', 'store', 'owners',
] as const;
type Part = (typeof ORDER)[number];
type End = () => void | Promise<void>;

/** How what has been begun so far is ended: of a runtime that closes, and of one that could not be opened. */
export interface Ends {
  /** Says how a part is ended that has just been begun. */
  of(part: Part, end: End): void;
  /** Ends all of it, once. A part that can not be ended keeps none of the others; the first such failure is what it rejects with. */
  all(): Promise<void>;
}

export function createEnds(log: Log): Ends {
  const ends = new Map<Part, End>();
  let ended: Promise<void> | undefined;

  async function endAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const part of ORDER) {
      try {
        await ends.get(part)?.();
      } catch (error) {
        failures.push(error);
        log.error({ err: error, part }, 'a part of the runtime could not be ended; the others are');
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    of: (part, end) => void ends.set(part, end),
    all: () => (ended ??= endAll()),
  };
}
