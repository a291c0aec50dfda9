import { minuteOf, type CandleCalendar, type Span, type Spans } from '../../domain/candle';
import type { SeenCandle } from '../../domain/feed';
import type { Instrument } from '../../domain/market';
import type { Clock, Pause } from '../../domain/ports';
import { MINUTE_MS, type EpochMs } from '../../domain/time';
import type { CandleLimits } from './limits';
import type { PastCandles } from './pastCandles';

export interface RepairsOptions {
  readonly instrument: Instrument;
  readonly calendar: Pick<CandleCalendar, 'sessionAt'>;
  readonly past: Pick<PastCandles, 'minutes'>;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly limits: Pick<CandleLimits, 'historyLagMs' | 'repairPatienceMs' | 'repairs' | 'repairEveryMs'>;
  /** The times that nobody is sure of; cleared as history answers. */
  readonly unsure: Spans;
}

/** Older stretches than this are not asked for: what they are a part of is over. */
const LONGEST_MS = 7 * 24 * 60 * MINUTE_MS;

/** Asks history for the times in which ticks were missed: at once, then a bounded number of times with doubling waits. */
export class Repairs {
  readonly #options: RepairsOptions;
  #tries = 0;
  #nextAt: EpochMs = -Infinity;

  constructor(options: RepairsOptions) {
    this.#options = options;
  }

  /** Something new is missing. */
  begin(): void {
    this.#tries = 0;
    this.#nextAt = -Infinity;
  }

  /** History was read up to `until`, and its newest candle ended at `newest`: what it may not have had yet is asked for again. */
  doubt({ newest = -Infinity, until }: { readonly newest: EpochMs | undefined; readonly until: EpochMs }): void {
    const { unsure, calendar, instrument } = this.#options;
    const opened = calendar.sessionAt(instrument, until - 1)?.from;
    if (opened === undefined) return;
    const known = Math.max(opened, this.#reaches(newest, until));
    if (known >= until) return;
    unsure.add({ from: known, until });
    this.begin();
  }

  /** Whether something of this time is missing and it is time to ask. */
  isDue(span: Span): boolean {
    const { unsure, limits, clock } = this.#options;
    return unsure.overlaps(span) && this.#tries < limits.repairs && clock.now() >= this.#nextAt;
  }

  /** The minutes before `until` that were missing, as far as history has them now; their times are sure then. */
  async ask(until: EpochMs): Promise<readonly SeenCandle[]> {
    const { unsure, instrument, past, pause, clock, limits } = this.#options;
    const now = clock.now();
    const spans = unsure.all.filter((span) => span.from < until && span.until > until - LONGEST_MS);
    const [first] = spans;
    if (first === undefined) return [];
    this.#nextAt = now + limits.repairEveryMs * 2 ** this.#tries;
    this.#tries += 1;
    const from = Math.max(minuteOf(first.from), minuteOf(until - LONGEST_MS));
    const answer = await Promise.race([past.minutes(instrument, { from, until }), pause(limits.repairPatienceMs)]);
    if (answer?.ok !== true) return [];
    unsure.remove({ from, until: this.#reaches(answer.value.at(-1)?.until ?? -Infinity, until) });
    return answer.value.filter((minute) => spans.some((span) => span.from < minute.until && span.until > minute.candle.time));
  }

  /** Up to where an answer can be believed to hold everything. */
  #reaches(newest: EpochMs, until: EpochMs): EpochMs {
    const { clock, limits } = this.#options;
    return Math.min(until, Math.max(newest, minuteOf(clock.now() - limits.historyLagMs)));
  }
}
