import { sourceOf, type Bar, type BarColumns } from '../indicators/core/bar';
import { columnsOf } from '../indicators/core/columns';
import { roomFor } from '../indicators/run';
import type { EpochMs } from '../time';
import { Taint, type Frame, type FrameCandle, type Unknown } from './frame';
import { taintOf } from './memory';
import type { Resolved, StudyReading } from './resolve';

interface Computed {
  readonly outputs: Readonly<Record<string, Float64Array>>;
  readonly taint: { readonly candles: number } | { readonly sessions: number };
}

/** Candles of the past, oldest first, as a frame: each indicator is computed over all of them when it is first asked for. */
export class HistoryFrame implements Frame {
  readonly #candles: readonly FrameCandle[];
  readonly #bars: readonly Bar[];
  readonly #studies = new Map<string, Computed>();
  /** Distances to the newest incomplete candle, where there is one at all. */
  readonly #distances: readonly { readonly candles: number; readonly sessions: number }[] | undefined;
  #columns: BarColumns | undefined;

  constructor(candles: readonly FrameCandle[]) {
    this.#candles = candles;
    this.#bars = candles.map(({ candle, session }) => ({ ...candle, session }));
    if (candles.some(({ incomplete }) => incomplete)) {
      const taint = new Taint();
      this.#distances = candles.map((candle, position) => taint.next(position, candle));
    }
  }

  get length(): number {
    return this.#candles.length;
  }

  at(position: number): FrameCandle | undefined {
    return this.#candles[position];
  }

  newest(at: EpochMs): number | undefined {
    let [low, high] = [0, this.#candles.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#candles[middle]?.until ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : low - 1;
  }

  until(position: number): EpochMs | undefined {
    return this.#candles[position]?.until;
  }

  value(position: number, what: Resolved): number | boolean | undefined {
    const bar = this.#bars[position];
    if (bar === undefined || what.kind === 'field') return undefined;
    if (what.kind === 'price') return this.#isTainted(position, { candles: 1 }) ? undefined : sourceOf(bar, what.price);
    const { outputs, taint } = this.#computed(what);
    const value = outputs[what.output]?.[position] ?? NaN;
    return Number.isNaN(value) || this.#isTainted(position, taint) ? undefined : what.read(value);
  }

  why(position: number, what: Resolved): Unknown {
    if (what.kind === 'field' || this.#bars[position] === undefined) return 'no value yet';
    return this.#isTainted(position, what.kind === 'price' ? { candles: 1 } : this.#computed(what).taint) ? 'incomplete candle' : 'no value yet';
  }

  #isTainted(position: number, reach: Computed['taint']): boolean {
    const distance = this.#distances?.[position];
    if (distance === undefined) return false;
    return 'candles' in reach ? distance.candles < reach.candles : distance.sessions <= reach.sessions;
  }

  #computed({ key, spec, parameters }: StudyReading): Computed {
    const known = this.#studies.get(key);
    if (known !== undefined) return known;
    this.#columns ??= columnsOf(this.#bars);
    const running = spec.create(parameters);
    const outputs = roomFor(spec, this.#bars.length);
    running.batch(this.#columns, outputs);
    const computed: Computed = { outputs, taint: taintOf({ spec, parameters, begin: running.begin }) };
    this.#studies.set(key, computed);
    return computed;
  }
}
