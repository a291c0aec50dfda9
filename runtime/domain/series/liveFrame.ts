import { sourceOf, type Bar } from '../indicators/core/bar';
import { columnsOf } from '../indicators/core/columns';
import type { Study } from '../indicators/core/define';
import { roomFor, updateInto } from '../indicators/run';
import type { EpochMs } from '../time';
import { Taint, type Frame, type FrameCandle, type Unknown } from './frame';
import { taintOf } from './memory';
import type { Resolved, StudyReading } from './resolve';

interface LiveStudy {
  readonly study: Study;
  /** One ring a result, in step with the candles'. */
  readonly outputs: Readonly<Record<string, Float64Array>>;
  readonly taint: { readonly candles: number } | { readonly sessions: number };
}

/** The newest candles of one timeframe and running indicators over them. Keeps the last `kept` of everything, in rings that are in step. */
export class LiveFrame implements Frame {
  readonly #candles: FrameCandle[] = [];
  readonly #sinceIncomplete: { candles: number; sessions: number }[] = [];
  readonly #studies = new Map<string, LiveStudy>();
  readonly #taint = new Taint();
  #length = 0;

  /** Begins with what history has, oldest first; `kept` is at least 1. */
  constructor(readonly kept: number, history: readonly FrameCandle[]) {
    for (const candle of history) this.#keep(candle);
  }

  /** Candles taken so far, those of history included. */
  get length(): number {
    return this.#length;
  }

  get newestCandle(): FrameCandle | undefined {
    return this.at(this.#length - 1);
  }

  get studies(): readonly string[] {
    return [...this.#studies.keys()];
  }

  /** Whether a kept candle has missed ticks. */
  get hasIncomplete(): boolean {
    return (this.#sinceIncomplete[(this.#length - 1) % this.kept]?.candles ?? Infinity) < this.kept;
  }

  /** The kept candles, oldest first. */
  candles(): readonly FrameCandle[] {
    const from = Math.max(0, this.#length - this.kept);
    return Array.from({ length: this.#length - from }, (_, index) => this.at(from + index)).filter((candle) => candle !== undefined);
  }

  has(key: string): boolean {
    return this.#studies.has(key);
  }

  drop(key: string): void {
    this.#studies.delete(key);
  }

  /** Starts an indicator over history, oldest first, which must end with the newest candle of this frame. */
  start({ key, spec, parameters }: StudyReading, history: readonly FrameCandle[]): void {
    if (history.at(-1)?.candle.time !== this.newestCandle?.candle.time) throw new Error(`${key}: history ends with another candle than the frame`);
    const study = spec.create(parameters);
    const whole = roomFor(spec, history.length);
    study.batch(columnsOf(history.map(barOf)), whole);
    const outputs = roomFor(spec, this.kept);
    for (const [name, values] of Object.entries(whole)) {
      outputs[name]?.fill(NaN);
      for (let back = 1; back <= Math.min(this.kept, history.length, this.#length); back += 1) {
        const ring = outputs[name];
        if (ring !== undefined) ring[(this.#length - back) % this.kept] = values[history.length - back] ?? NaN;
      }
    }
    this.#studies.set(key, { study, outputs, taint: taintOf({ spec, parameters, begin: study.begin }) });
  }

  /** Takes the next closed candle; every indicator takes it too. One that is not newer than the last is left out: false. */
  push(candle: FrameCandle): boolean {
    if (candle.candle.time <= (this.newestCandle?.candle.time ?? -Infinity)) return false;
    this.#keep(candle);
    const bar = barOf(candle);
    const slot = (this.#length - 1) % this.kept;
    for (const { study, outputs } of this.#studies.values()) updateInto(study, bar, outputs, slot);
    return true;
  }

  at(position: number): FrameCandle | undefined {
    return position < 0 || position < this.#length - this.kept || position >= this.#length ? undefined : this.#candles[position % this.kept];
  }

  newest(at: EpochMs): number | undefined {
    const oldest = Math.max(0, this.#length - this.kept);
    for (let position = this.#length - 1; position >= oldest; position -= 1) {
      if ((this.until(position) ?? Infinity) <= at) return position;
    }
    return undefined;
  }

  /** Whether everything down to `depth` candles before the newest one of `at` is kept, or never was. */
  covers(at: EpochMs, depth: number): boolean {
    if (this.#length <= this.kept) return true;
    const position = this.newest(at);
    return position !== undefined && position - depth >= this.#length - this.kept;
  }

  until(position: number): EpochMs | undefined {
    return this.at(position)?.until;
  }

  value(position: number, what: Resolved): number | boolean | undefined {
    const kept = this.at(position);
    if (kept === undefined || what.kind === 'field') return undefined;
    if (what.kind === 'price') return kept.incomplete ? undefined : sourceOf(kept.candle, what.price);
    const running = this.#studies.get(what.key);
    const value = running?.outputs[what.output]?.[position % this.kept] ?? NaN;
    return running === undefined || Number.isNaN(value) || this.#isTainted(position, running.taint) ? undefined : what.read(value);
  }

  why(position: number, what: Resolved): Unknown {
    if (what.kind === 'field' || this.at(position) === undefined) return 'no value yet';
    const reach = what.kind === 'price' ? { candles: 1 } : this.#studies.get(what.key)?.taint;
    return reach !== undefined && this.#isTainted(position, reach) ? 'incomplete candle' : 'no value yet';
  }

  #keep(candle: FrameCandle): void {
    const slot = this.#length % this.kept;
    this.#candles[slot] = candle;
    this.#sinceIncomplete[slot] = this.#taint.next(this.#length, candle);
    this.#length += 1;
  }

  #isTainted(position: number, reach: LiveStudy['taint']): boolean {
    const distance = this.#sinceIncomplete[position % this.kept];
    if (distance === undefined) return false;
    return 'candles' in reach ? distance.candles < reach.candles : distance.sessions <= reach.sessions;
  }
}

function barOf({ candle, session }: FrameCandle): Bar {
  return { time: candle.time, open: candle.open, high: candle.high, low: candle.low, close: candle.close, volume: candle.volume, session };
}
