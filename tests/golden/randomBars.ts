import type { Bar } from '../../runtime/domain/indicators/core/bar';
import { DAY_MS } from '../../runtime/domain/time';

/** What the made-up history contains besides a random walk. */
export interface RandomBars {
  readonly seed: number;
  readonly length: number;
  /** Every `flatEvery` candles come `flatFor` without any movement. 0 for none. */
  readonly flatEvery?: number;
  readonly flatFor?: number;
  /** Share of candles without volume, 0 to 1. */
  readonly idle?: number;
  /** Candles a session. */
  readonly perSession?: number;
}

const MINUTE_MS = 60_000;
const FIRST_OPEN_MS = 1_640_576_700_000;

/** A made-up history, the same for the same options: for tests and benches. Prices around 1000 in steps of 0.05. */
export function randomBars({ seed, length, flatEvery = 0, flatFor = 40, idle = 0, perSession = 75 }: RandomBars): readonly Bar[] {
  const random = generator(seed);
  const onGrid = (x: number): number => Math.round(x * 20) / 20;
  let last = 1_000;
  return Array.from({ length }, (_, index) => {
    const flat = flatEvery > 0 && index % (flatEvery + flatFor) >= flatEvery;
    const step = flat ? 0 : (random() - 0.5) * 8;
    const open = onGrid(last + (flat ? 0 : (random() - 0.5) * 2));
    const close = onGrid(last + step);
    const reach = flat ? 0 : random() * 4;
    last = close;
    const session = FIRST_OPEN_MS + Math.floor(index / perSession) * DAY_MS;
    return {
      time: session + (index % perSession) * MINUTE_MS, session, open: flat ? close : open, close,
      high: onGrid(Math.max(flat ? close : open, close) + reach), low: onGrid(Math.min(flat ? close : open, close) - (flat ? 0 : random() * 4)),
      volume: random() < idle ? 0 : Math.floor(random() * 90_000),
    };
  });
}

/** Numbers from 0 to 1 (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
