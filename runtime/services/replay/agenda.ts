import type { EpochMs } from '../../domain/time';

/**
 * What comes first of things that are due at one moment: what was planned before it, then candles that close, then what was planned at the moment itself. Within one of these the order
 * of planning decides, for candles their place.
 */
export const RANK = { planned: 0, candle: 1, now: 2 } as const;
type Rank = (typeof RANK)[keyof typeof RANK];

/** What is done at a time. */
export type Work = () => void | Promise<void>;

/** Looks whether there is something to do: the work, where there is; undefined where nothing was done that anything could follow from. */
export type Look = () => Promise<void> | undefined;

interface Appointment {
  readonly due: EpochMs;
  readonly rank: Rank;
  readonly place: number;
  readonly work: Work;
  /** Done at once where nothing comes of it. */
  readonly isLook: boolean;
}

/** Work that waits for a virtual time. */
export class Agenda {
  /** The next one last: taking is cheap, and few wait at a time. */
  readonly #waiting: Appointment[] = [];
  #planned = 0;

  /** The returned function takes it back. */
  plan(due: EpochMs, rank: Rank, work: Work, place?: number): () => void {
    this.#planned += 1;
    return this.#insert({ due, rank, place: place ?? this.#planned, work, isLook: false });
  }

  /** A look of the runtime itself: planned before the moment, in order with what else was. */
  planLook(due: EpochMs, work: Look): () => void {
    this.#planned += 1;
    return this.#insert({ due, rank: RANK.planned, place: this.#planned, work, isLook: true });
  }

  #insert(made: Appointment): () => void {
    let index = this.#waiting.length;
    for (let other = this.#waiting[index - 1]; other !== undefined && isBefore(other, made); other = this.#waiting[index - 1]) index -= 1;
    this.#waiting.splice(index, 0, made);
    return () => {
      const at = this.#waiting.indexOf(made);
      if (at >= 0) this.#waiting.splice(at, 1);
    };
  }

  /** When the next one is due; Infinity where nothing waits. */
  get nextDue(): EpochMs {
    return this.#waiting.at(-1)?.due ?? Infinity;
  }

  take(): Appointment | undefined {
    return this.#waiting.pop();
  }
}

/** Of equals the one that was planned first comes first. */
function isBefore(one: Appointment, other: Appointment): boolean {
  if (one.due !== other.due) return one.due < other.due;
  if (one.rank !== other.rank) return one.rank < other.rank;
  return one.place <= other.place;
}
