import type { Bar } from '../core/bar';
import { OpeningRange } from './openingRange';
import { pivotsOf, SessionPivots } from './pivots';
import { PreviousLevels } from './previousLevels';
import { AnchoredVwap, SessionVwap } from './vwap';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Monday 2021-12-27, 09:15 in India. */
const OPEN = 1_640_576_700_000;

interface Sketch {
  readonly high?: number;
  readonly low?: number;
  readonly close?: number;
  readonly volume?: number;
}

/** A candle `minute` minutes into the session of day `day`. */
function bar(day: number, minute: number, { high = 102, low = 98, close = 100, volume = 10 }: Sketch = {}): Bar {
  const session = OPEN + day * DAY;
  return { time: session + minute * MINUTE, session, open: close, high, low, close, volume };
}

const flat = (price: number, volume: number): Sketch => ({ high: price, low: price, close: price, volume });

test('VWAP weighs typical prices by volume and starts afresh with every session', () => {
  const vwap = new SessionVwap({ multiplier: 2 });
  expect(vwap.update(bar(0, 0, flat(100, 10)))).toEqual({ value: 100, upper: 100, lower: 100 });
  const second = vwap.update(bar(0, 1, flat(104, 30)));
  expect(second?.value).toBeCloseTo(103, 12);
  // Variance (10 × 9 + 30 × 1) / 40 = 3.
  expect(second?.upper).toBeCloseTo(103 + 2 * Math.sqrt(3), 12);
  expect(second?.lower).toBeCloseTo(103 - 2 * Math.sqrt(3), 12);
  expect(vwap.update(bar(1, 0, flat(50, 5)))?.value).toBe(50);
});

test('an index, which has no volume, has no VWAP', () => {
  const vwap = new SessionVwap({ multiplier: 1 });
  expect([0, 1, 2].map((minute) => vwap.update(bar(0, minute, { volume: 0 })))).toEqual([undefined, undefined, undefined]);
});

test('candles without volume before the first trade leave VWAP unknown, later ones leave it as it is', () => {
  const vwap = new SessionVwap({ multiplier: 1 });
  const values = [bar(0, 0, flat(90, 0)), bar(0, 1, flat(100, 4)), bar(0, 2, flat(200, 0))].map((next) => vwap.update(next)?.value);
  expect(values).toEqual([undefined, 100, 100]);
});

test('VWAP is unknown where the session is, and in one that was joined late', () => {
  const { time, open, high, low, close, volume } = bar(0, 0);
  expect(new SessionVwap({ multiplier: 1 }).update({ time, open, high, low, close, volume })).toBeUndefined();
  const late = new SessionVwap({ multiplier: 1 });
  expect([late.update(bar(0, 30)), late.update(bar(0, 31)), late.update(bar(1, 3))?.value]).toEqual([undefined, undefined, 100]);
});

test('anchored VWAP begins with its anchor and runs on over sessions', () => {
  const vwap = new AnchoredVwap({ anchor: OPEN + MINUTE, multiplier: 1 });
  const values = [bar(0, 0, flat(10, 10)), bar(0, 1, flat(100, 10)), bar(1, 0, flat(104, 30))].map((next) => vwap.update(next)?.value);
  expect(values).toEqual([undefined, 100, 103]);
});

test('the opening range is frozen at its end and known from then on', () => {
  const range = new OpeningRange({ minutes: 15 });
  const values = [
    bar(0, 0, { high: 105, low: 99 }), bar(0, 5, { high: 103, low: 95 }), bar(0, 14, { high: 107 }), bar(0, 15, { high: 120, low: 80 }), bar(0, 200, { high: 150 }),
  ].map((next) => range.update(next));
  expect(values).toEqual([undefined, undefined, undefined, { high: 107, low: 95 }, { high: 107, low: 95 }]);
  expect(range.update(bar(1, 0))).toBeUndefined();
});

test('a session joined late has no opening range, nor has one without a candle in it', () => {
  const range = new OpeningRange({ minutes: 15 });
  const values = [bar(0, 5), bar(0, 20), bar(1, 20), bar(2, 0), bar(2, 15)].map((next) => range.update(next));
  expect(values).toEqual([undefined, undefined, undefined, undefined, { high: 102, low: 98 }]);
});

test('levels of the previous session are known once a whole one has passed', () => {
  const levels = new PreviousLevels({ per: 'session' });
  const values = [bar(0, 30, { high: 999 }), bar(1, 0, { high: 110 }), bar(1, 1, { low: 90, close: 91 }), bar(2, 0), bar(2, 1)].map((next) => levels.update(next));
  const known = { open: 100, high: 110, low: 90, close: 91 };
  expect(values).toEqual([undefined, undefined, undefined, known, known]);
});

test('levels of the previous week hold Monday to Sunday, a special session at the weekend included', () => {
  const levels = new PreviousLevels({ per: 'week' });
  const values = [bar(0, 0, { high: 110 }), bar(4, 0, { low: 90 }), bar(6, 0, { close: 105, high: 111 }), bar(7, 0), bar(9, 0)].map((next) => levels.update(next)?.high);
  expect(values).toEqual([undefined, undefined, undefined, 111, 111]);
});

test('a week joined after its Monday is not taken for a whole one', () => {
  const levels = new PreviousLevels({ per: 'week' });
  const values = [bar(2, 0, { high: 999 }), bar(7, 0, { high: 120 }), bar(8, 0), bar(14, 0)].map((next) => levels.update(next)?.high);
  expect(values).toEqual([undefined, undefined, undefined, 120]);
});

test.each([
  { method: 'standard' as const, expected: { pivot: 100, top: 100, bottom: 100, r1: 110, r2: 120, r3: 130, s1: 90, s2: 80, s3: 70 } },
  { method: 'fibonacci' as const, expected: { pivot: 100, top: 100, bottom: 100, r1: 107.64, r2: 112.36, r3: 120, s1: 92.36, s2: 87.64, s3: 80 } },
  { method: 'camarilla' as const, expected: { pivot: 100, top: 100, bottom: 100, r1: 101.833333, r2: 103.666667, r3: 105.5, s1: 98.166667, s2: 96.333333, s3: 94.5 } },
])('$method pivots of high 110, low 90, close 100', ({ method, expected }) => {
  const pivots = pivotsOf({ open: 95, high: 110, low: 90, close: 100 }, method);
  for (const [name, value] of Object.entries(expected)) expect([name, Object.entries(pivots).find(([key]) => key === name)?.[1]]).toEqual([name, expect.closeTo(value, 6)]);
});

test('the central pivot range lies between the middle and its mirror at the pivot', () => {
  const pivots = new SessionPivots({ method: 'standard' });
  pivots.update(bar(0, 0, { high: 110, low: 90, close: 106 }));
  expect(pivots.update(bar(1, 0))).toMatchObject({ pivot: 102, bottom: 100, top: 104 });
});
