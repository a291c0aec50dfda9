import { systemClock } from '../../runtime/adapters/system/clock';
import { systemPause } from '../../runtime/adapters/system/pause';
import type { TickTap } from '../../runtime/domain/feed';
import { heapInUse } from '../doubles/heap';
import { soakFeed, type SoakFeed } from '../doubles/soakFeed';
import type { Bench } from './bench';
import type { Row } from './report';

const SYMBOLS = 2_000;
const PER_SYMBOL_PER_SECOND = 10;
const PER_MS = (SYMBOLS * PER_SYMBOL_PER_SECOND) / 1_000;
const SECONDS = 60;
const FIRST_LOOK_SECOND = 20;
/** How often the market speaks: every symbol's ten ticks are spread over the second. */
const SLICE_MS = 5;
const MOST_GROWTH_PERCENT = 5;
/** Lags are counted in steps of a tenth of a millisecond, so that counting them holds no memory; longer ones are in the last. */
const LAG_STEPS_PER_MS = 10;
const LONGEST_LAG_MS = 10_000;
const PERCENT = 100;

/**
 * 2,000 symbols at 10 ticks a second for a minute, in real time, through one hub into minute candles: the heap after a forced collection at second 60
 * is within 5 % of that at second 20, and the time from when a tick was due to when it was in its candle is printed.
 */
export async function benchFeedSoak(bench: Bench): Promise<readonly Row[]> {
  const lags = new Uint32Array(LONGEST_LAG_MS * LAG_STEPS_PER_MS + 1);
  const lowHigh = new Float64Array(SYMBOLS * 2);
  let seen = 0;
  let dueAt = 0;
  const listener = (_instrument: string, symbol: number): TickTap => ({ last }) => {
    seen += 1;
    // The least a candle does with a tick.
    lowHigh[symbol * 2] = Math.min(lowHigh[symbol * 2] ?? last, last);
    lowHigh[symbol * 2 + 1] = Math.max(lowHigh[symbol * 2 + 1] ?? last, last);
    // A slice may be up to a millisecond early: that is no lag.
    const step = Math.min(lags.length - 1, Math.max(0, Math.floor((performance.now() - dueAt) * LAG_STEPS_PER_MS)));
    lags[step] = (lags[step] ?? 0) + 1;
  };
  const soak = await soakFeed({ symbols: SYMBOLS, clock: systemClock, pause: systemPause, listener });
  try {
    const began = performance.now();
    const setDue = (due: number): void => { dueAt = due; };
    await speak(soak, { began, fromMs: 0, untilMs: FIRST_LOOK_SECOND * 1_000, setDue });
    const early = heapInUse();
    bench.say(`second ${FIRST_LOOK_SECOND}: ${megabytes(early)} MB`);
    await speak(soak, { began, fromMs: FIRST_LOOK_SECOND * 1_000, untilMs: SECONDS * 1_000, setDue });
    const late = heapInUse();
    bench.say(`second ${SECONDS}: ${megabytes(late)} MB`);
    const growth = (Math.abs(late - early) / early) * PERCENT;
    const { dropped, quarantined, reconnects } = soak.hub.status();
    return [{
      section: 'feed', name: `${SYMBOLS} symbols at ${PER_SYMBOL_PER_SECOND} ticks a second for ${SECONDS} s`, perSecond: seen / ((performance.now() - began) / 1_000), p50Ms: lagAt(lags, seen, 50), p99Ms: lagAt(lags, seen, 99),
      against: `heap ${megabytes(early)} MB at ${FIRST_LOOK_SECOND} s, ${megabytes(late)} MB at ${SECONDS} s; ${dropped} dropped, ${quarantined} put aside, ${reconnects} reconnects`,
      ratios: { heapGrowthPercent: growth, seen, dropped, quarantined }, target: `heap within ${MOST_GROWTH_PERCENT} %`, met: growth < MOST_GROWTH_PERCENT && seen === SECONDS * 1_000 * PER_MS,
    }];
  } finally {
    await soak.close();
  }
}

/** Sends what is due, slice by slice, each tick with the time at which it was due; what could not be sent in time follows at once. */
async function speak(soak: SoakFeed, { began, fromMs, untilMs, setDue }: { readonly began: number; readonly fromMs: number; readonly untilMs: number; readonly setDue: (due: number) => void }): Promise<void> {
  for (let slice = fromMs; slice < untilMs; slice += SLICE_MS) {
    const waitMs = began + slice - performance.now();
    await (waitMs > 1 ? new Promise((resolve) => setTimeout(resolve, waitMs)) : new Promise((resolve) => setImmediate(resolve)));
    setDue(began + slice);
    for (let tick = slice * PER_MS; tick < (slice + SLICE_MS) * PER_MS; tick += 1) soak.send(tick % SYMBOLS);
  }
}

/** Milliseconds that so many percent of the ticks did not exceed. */
function lagAt(lags: Uint32Array, count: number, percent: number): number {
  let left = (count * percent) / PERCENT;
  const step = lags.findIndex((ticks) => (left -= ticks) <= 0);
  return (step + 1) / LAG_STEPS_PER_MS;
}

const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(2);
