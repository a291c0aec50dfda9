import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator, type Input } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { SessionWatch } from './sessionWatch';
import { DAY_MS } from '../../time';

export type Levels = {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly open: number;
};

/** 1970-01-01 was a Thursday. */
const DAYS_AFTER_MONDAY = 3;

/** Weeks run from Monday. A session's date is taken from UTC: every session of India opens on the same date there. */
function weekOf(session: number): number {
  return Math.floor((Math.floor(session / DAY_MS) + DAYS_AFTER_MONDAY) / 7);
}

function isMonday(session: number): boolean {
  return (Math.floor(session / DAY_MS) + DAYS_AFTER_MONDAY) % 7 === 0;
}

/** Open, high, low and close of the last complete session or week; undefined until one was followed from its opening to its end. */
export class LastComplete {
  levels: Levels | undefined;
  private readonly watch = new SessionWatch();
  private week = NaN;
  private whole = false;
  private current: Levels | undefined;

  constructor(private readonly per: 'session' | 'week') {}

  next(bar: Bar): void {
    const opened = this.watch.next(bar);
    if (Number.isNaN(this.watch.session)) return;
    if (opened && this.begins()) {
      if (this.whole) this.levels = this.current;
      this.whole = this.isWhole();
      this.week = weekOf(this.watch.session);
      this.current = undefined;
    }
    const { current } = this;
    this.current = current === undefined
      ? { open: bar.open, high: bar.high, low: bar.low, close: bar.close }
      : { open: current.open, high: Math.max(current.high, bar.high), low: Math.min(current.low, bar.low), close: bar.close };
  }

  private begins(): boolean {
    return this.per === 'session' || weekOf(this.watch.session) !== this.week;
  }

  /** The first week of all may have been joined in its middle, unless it was on a Monday. */
  private isWhole(): boolean {
    if (this.per === 'session' || !Number.isNaN(this.week)) return this.watch.whole;
    return this.watch.whole && isMonday(this.watch.session);
  }
}

type Name = keyof Levels;

/**
 * Levels of the previous session or week: its high, low, close and open, known from the first candle of the next one. Unit of price.
 * Unknown until a whole one has been seen. Weeks run from Monday to Sunday.
 */
export class PreviousLevels extends BarIndicator<Levels, Name> {
  readonly begin = 1;
  private readonly last: LastComplete;

  constructor(options: { readonly per: 'session' | 'week' }) {
    super();
    this.last = new LastComplete(options.per);
  }

  next(bar: Bar): number {
    this.last.next(bar);
    return this.last.levels?.high ?? NaN;
  }

  protected read(): Levels | undefined {
    return this.last.levels;
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    const { levels } = this.last;
    outputs.high[index] = levels?.high ?? NaN;
    outputs.low[index] = levels?.low ?? NaN;
    outputs.close[index] = levels?.close ?? NaN;
    outputs.open[index] = levels?.open ?? NaN;
  }
}

const shape: { inputs: readonly Input[]; outputs: readonly ['high', 'low', 'close', 'open']; units: readonly ['price']; pauses: true } =
  { inputs: ['open', 'high', 'low', 'close', 'session'], outputs: ['high', 'low', 'close', 'open'], units: ['price'], pauses: true };
const parameters = z.object({});

export const previousDay = defineIndicator({ name: 'previousDay', title: 'Levels of the previous session', ...shape, parameters, build: () => new PreviousLevels({ per: 'session' }) });
export const previousWeek = defineIndicator({ name: 'previousWeek', title: 'Levels of the previous week', ...shape, parameters, build: () => new PreviousLevels({ per: 'week' }) });
