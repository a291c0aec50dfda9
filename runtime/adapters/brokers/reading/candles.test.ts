import fc from 'fast-check';
import { indiaTime } from '../../../domain/session';
import { readCandles } from './candles';

const OPEN = indiaTime('2026-11-20', '09:15');
const NOW = indiaTime('2026-11-20', '10:00') + 30_000;

test('whatever the rows hold, candles are closed, in order, each once', () => {
  const value = fc.oneof(fc.integer({ min: -5, max: 900 }), fc.double(), fc.string(), fc.constant(null));
  const rows = fc.array(fc.oneof(fc.anything(), fc.record({ timestamp: fc.oneof(fc.integer({ min: OPEN / 1_000 - 600, max: NOW / 1_000 + 600 }), fc.anything()), open: value, high: value, low: value, close: value, volume: value })));
  fc.assert(fc.property(rows, fc.constantFrom<'1m' | '1d'>('1m', '1d'), (given, timeframe) => {
    const { candles, dropped } = readCandles(given, timeframe, NOW);
    expect(candles.length + dropped).toBeLessThanOrEqual(given.length);
    candles.forEach((candle, index) => {
      expect(candle.closed && candle.low > 0 && candle.low <= candle.high).toBe(true);
      expect(candle.time).toBeLessThan(NOW);
      expect(candle.time).toBeGreaterThan(candles[index - 1]?.time ?? 0);
    });
  }));
});
