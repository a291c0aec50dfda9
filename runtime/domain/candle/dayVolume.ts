/** One minute as the count of the day sees it. */
export interface CountedMinute {
  /** Number of the calendar day. */
  readonly day: number;
  /** Smallest and largest count that was said in it. */
  readonly low: number;
  readonly high: number;
  /** Ticks before or in it were missed: what was counted meanwhile is not this minute's. */
  readonly afterGap: boolean;
  /** Its session was watched from the opening on, so that the day began with nothing. */
  readonly fromOpen: boolean;
}

/** Where a minute begins to count. */
interface Level {
  /** What had been traded before it; undefined where nobody knows. */
  readonly before: number | undefined;
  /** The highest count of the day. */
  readonly peak: number;
}

/**
 * Volume of minutes from the exchange's count of the day. Minutes are asked for in order. Never negative: where the count goes down (the source
 * began anew, or another server lags behind) that minute has none and the next one counts from there; where it comes back above its old peak
 * only what is above it counts. A day's first minute holds what the pre-open auction traded, as the exchange counts it.
 */
export class DayVolume {
  #day: number | undefined;
  #before: number | undefined;
  #peak = 0;

  /** What had been traded that day before the minute. */
  before(minute: CountedMinute): number | undefined {
    return this.#level(minute).before;
  }

  volume(minute: CountedMinute): number {
    const { before, peak } = this.#level(minute);
    if (before === undefined) return minute.high - minute.low;
    if (minute.high >= peak) return minute.high - peak;
    return Math.max(0, minute.high - before);
  }

  /** The minute is over. */
  take(minute: CountedMinute): void {
    const { peak } = this.#level(minute);
    this.#day = minute.day;
    this.#before = minute.high;
    this.#peak = Math.max(peak, minute.high);
  }

  /** The same knowledge, to look ahead with. */
  copy(): DayVolume {
    const copy = new DayVolume();
    copy.#day = this.#day;
    copy.#before = this.#before;
    copy.#peak = this.#peak;
    return copy;
  }

  #level({ day, low, afterGap, fromOpen }: CountedMinute): Level {
    const isNewDay = day !== this.#day;
    // A source that has not begun the new day's count yet goes on with yesterday's.
    const goesOn = !isNewDay || (this.#peak > 0 && low >= this.#peak);
    if (afterGap) return { before: undefined, peak: goesOn ? this.#peak : 0 };
    if (!isNewDay) return { before: this.#before, peak: this.#peak };
    if (goesOn) return { before: this.#peak, peak: this.#peak };
    return { before: fromOpen ? 0 : undefined, peak: 0 };
  }
}
