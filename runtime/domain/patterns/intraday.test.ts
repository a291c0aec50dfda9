import type { Bar } from '../indicators/core/bar';
import { insideBar, strongCandle } from './intraday';
import { PatternLine } from './pattern';

const bar = (open: number, high: number, low: number, close: number): Bar => ({ time: 0, open, high, low, close, volume: 1 });

test.each([
  { what: 'within the range before it', second: bar(101, 104, 97, 100), expected: 100 },
  { what: 'with the very same range', second: bar(101, 105, 95, 100), expected: 100 },
  { what: 'that reaches above', second: bar(101, 105.05, 97, 100), expected: 0 },
  { what: 'that reaches below', second: bar(101, 104, 94.95, 100), expected: 0 },
])('a candle $what: $expected', ({ second, expected }) => {
  const line = new PatternLine(insideBar);
  expect([line.update(bar(100, 105, 95, 100)), line.update(second)]).toEqual([undefined, expected]);
});

test.each([
  { what: 'a long rise that closes near the high', candle: bar(101, 110, 100, 109), expected: 100 },
  { what: 'a long fall that closes near the low', candle: bar(109, 110, 100, 101), expected: -100 },
  { what: 'a body of 60 % of the range', candle: bar(103, 110, 100, 109), expected: 0 },
  { what: 'a long rise that gave back more than a quarter', candle: bar(100, 110, 100, 107), expected: 0 },
  { what: 'no range at all', candle: bar(100, 100, 100, 100), expected: 0 },
])('$what: $expected', ({ candle, expected }) => {
  expect(new PatternLine(strongCandle).update(candle)).toBe(expected);
});
