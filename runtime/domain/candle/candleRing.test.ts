import fc from 'fast-check';
import type { SeenCandle } from '../feed';
import { CandleRing } from './candleRing';

const seen = (time: number, close = time): SeenCandle => ({ candle: { time, open: 1, high: close + 1, low: 0, close, volume: 3, closed: true }, until: time + 10, incomplete: close < 0 });
const times = (candles: readonly SeenCandle[]): readonly number[] => candles.map(({ candle }) => candle.time);

test('what is put in comes out as it was', () => {
  const ring = new CandleRing(4);
  ring.put({ ...seen(10), incomplete: true });
  expect([ring.at(0), ring.at(1), ring.oldest]).toEqual([{ ...seen(10), incomplete: true }, undefined, 10]);
});

test('a ring holds the newest candles in order, however they came, each start once', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(80), { maxLength: 120 }), (most, starts) => {
    const ring = new CandleRing(most);
    let model: readonly number[] = [];
    for (const start of starts) {
      ring.put(seen(start));
      model = [...new Set([...model, start])].sort((a, b) => a - b).slice(-most);
    }
    expect(times(ring.all())).toEqual(model);
    expect(times(ring.between(20, 60))).toEqual(model.filter((time) => time >= 20 && time < 60));
    expect(times(ring.closedAt(50, 5))).toEqual(model.filter((time) => time + 10 <= 50).slice(-5));
  }));
});

test('a candle with the same start replaces the earlier one, which is given back', () => {
  const ring = new CandleRing(4);
  for (const start of [10, 20, 30]) ring.put(seen(start));
  expect(ring.put(seen(20, 7))?.candle.close).toBe(20);
  expect([ring.size, ring.at(1)?.candle.close]).toEqual([3, 7]);
});

test('older candles are put before all others, the newest ones of them where there is no room for all', () => {
  const ring = new CandleRing(4);
  for (const start of [50, 60]) ring.put(seen(start));
  ring.prepend([seen(10), seen(20), seen(30)]);
  expect(times(ring.all())).toEqual([20, 30, 50, 60]);
});
