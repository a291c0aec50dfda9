import type { Tick } from '../feed/tick';
import { MINUTE_MS, type EpochMs, type IsoDate } from '../time';
import { TickRange } from './tickRange';

/** The ticks of one minute, in whatever order they come. */
export class Minute {
  readonly until: EpochMs;
  /** Smallest and largest day volume that was said; Infinity and -Infinity where the source says none. */
  lowVolume = Infinity;
  highVolume = -Infinity;
  /** Sum of the quantities of single trades, for sources that count those. */
  quantity = 0;
  /** Ticks at the smallest day volume: if nothing was traded since the minute before, they are quotes and no trades. */
  #quiet = new TickRange();
  #traded = new TickRange();

  constructor(readonly start: EpochMs, readonly session: { readonly date: IsoDate; readonly from: EpochMs }) {
    this.until = start + MINUTE_MS;
  }

  add({ at, last, dayVolume, lastQuantity }: Tick): void {
    if (lastQuantity !== undefined) this.quantity += lastQuantity;
    // Sources without a count say 0 as well; nothing can be told from it.
    if (dayVolume === undefined || dayVolume <= 0) {
      this.#traded.add(at, 0, last);
      return;
    }
    if (dayVolume > this.highVolume) this.highVolume = dayVolume;
    if (dayVolume > this.lowVolume) {
      this.#traded.add(at, dayVolume, last);
      return;
    }
    if (dayVolume < this.lowVolume) {
      this.#traded.merge(this.#quiet);
      this.#quiet = new TickRange();
      this.lowVolume = dayVolume;
    }
    this.#quiet.add(at, dayVolume, last);
  }

  get countsDay(): boolean {
    return this.highVolume > 0;
  }

  /** The prices of the minute's trades, where `before` had been traded when it began. Its `count` is 0 where nothing was. */
  range(before: number | undefined): TickRange {
    if (this.countsDay && this.lowVolume === before) return this.#traded;
    const all = new TickRange();
    all.merge(this.#quiet);
    all.merge(this.#traded);
    return all;
  }
}
