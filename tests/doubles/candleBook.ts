import { ok } from '../../runtime/domain/denial';
import type { Candle } from '../../runtime/domain/candle/candle';
import { timeframeMs } from '../../runtime/domain/condition';
import type { CandleBook, CandleRequest, SeenCandle } from '../../runtime/domain/feed';
import { higherCandles, slotsOfSessions } from '../../runtime/domain/series/higherCandles';
import type { FrameCandle, SessionAt } from '../../runtime/domain/series';
import { MINUTE_MS, type EpochMs } from '../../runtime/domain/time';

type Listener = (seen: SeenCandle) => void | Promise<void>;

/** A candle book for tests: one-minute candles that close when the test says so, for every instrument alike. */
export class CandleBookDouble implements CandleBook {
  /** What was asked of history, newest last. */
  readonly asked: { readonly key: string; readonly limit: number }[] = [];
  readonly watches = new Set<{ readonly request: CandleRequest; readonly listener: Listener }>();
  /** Awaited before history is read: what a test wants to happen meanwhile. */
  beforeHistory: () => Promise<void> = () => Promise.resolve();
  readonly #repaired = new Set<EpochMs>();
  #closed: number;

  constructor(private readonly minutes: readonly FrameCandle[], private readonly sessionAt: SessionAt, closed: number) {
    this.#closed = closed;
  }

  /** The time at which the newest closed minute ended. */
  get now(): EpochMs {
    return this.minutes[this.#closed - 1]?.until ?? 0;
  }

  get count(): number {
    return this.#closed;
  }

  watch(request: CandleRequest, listener: Listener): () => void {
    const watch = { request, listener };
    this.watches.add(watch);
    return () => { this.watches.delete(watch); };
  }

  async closed(request: CandleRequest, { limit, asOf = this.now }: { readonly limit: number; readonly asOf?: EpochMs }) {
    this.asked.push({ key: `${request.instrument.key} ${request.timeframe}`, limit });
    const before = this.#closedIn(request.timeframe, asOf).slice(-limit);
    await this.beforeHistory();
    return ok(before);
  }

  forming(): undefined {
    return undefined;
  }

  /** History now knows the minute at this index in full; who was told of it half is told nothing. */
  repair(index: number): void {
    const minute = this.minutes[index];
    if (minute !== undefined) this.#repaired.add(minute.candle.time);
  }

  /** Closes the next minute and tells the watchers, those of the lowest timeframe first: what is higher comes last. */
  async close(count = 1): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const before = this.now;
      this.#closed += 1;
      for (const { request, listener } of [...this.watches].toSorted((a, b) => timeframeMs(a.request.timeframe) - timeframeMs(b.request.timeframe))) {
        for (const seen of this.#closedIn(request.timeframe, this.now).filter(({ until }) => until > before)) await listener(seen);
      }
    }
  }

  #closedIn(timeframe: string, at: EpochMs): readonly SeenCandle[] {
    const known = this.minutes.slice(0, this.#closed).map((minute) => (this.#repaired.has(minute.candle.time) ? { ...minute, incomplete: false } : minute));
    const candles = timeframeMs(timeframe) === MINUTE_MS ? known : higherCandles(known, slotsOfSessions(this.sessionAt, timeframe));
    return candles.filter(({ until }) => until <= Math.min(at, this.now)).map(({ candle, until, incomplete }) => ({ candle, until, incomplete }));
  }
}

/** Minutes as a book holds them; those at `missed` are incomplete. */
export function minutesOf(candles: readonly Candle[], sessionAt: SessionAt, missed: readonly number[] = []): readonly FrameCandle[] {
  return candles.map((candle, index) => ({ candle, until: candle.time + MINUTE_MS, incomplete: missed.includes(index), session: sessionAt(candle.time)?.opens }));
}
