import { CandleSchema, type Candle } from './candle';

const GOOD: Candle = { time: 1_640_576_700_000, open: 100, high: 103, low: 99, close: 101, volume: 12, closed: true };

test('a candle whose range holds its open and close is read as it is', () => {
  expect(CandleSchema.parse(GOOD)).toEqual(GOOD);
});

test.each<{ readonly what: string; readonly change: Partial<Candle> }>([
  { what: 'a close above the high', change: { close: 104 } },
  { what: 'an open below the low', change: { open: 98 } },
  { what: 'a high below the low', change: { high: 90, low: 95, open: 92, close: 92 } },
  { what: 'a price that is not a number', change: { high: NaN } },
  { what: 'an infinite price', change: { high: Infinity } },
  { what: 'a negative volume', change: { volume: -1 } },
  { what: 'a time between milliseconds', change: { time: 0.5 } },
])('a candle with $what is refused', ({ change }) => {
  expect(CandleSchema.safeParse({ ...GOOD, ...change }).success).toBe(false);
});

test('prices below zero are prices: a spread has them', () => {
  expect(CandleSchema.safeParse({ ...GOOD, open: -2, high: -1, low: -3, close: -2 }).success).toBe(true);
});
