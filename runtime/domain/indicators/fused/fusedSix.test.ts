import fc from 'fast-check';
import { randomBars } from '../../../../tests/golden/randomBars';
import type { Bar } from '../core/bar';
import { indicatorNamed } from '../indicators';
import { FusedSix, type SixValues } from './fusedSix';

const NAMES = ['ema', 'rsi', 'macd', 'atr', 'supertrend', 'vwap'] as const;
const NAN = { value: NaN, macd: NaN, signal: NaN, histogram: NaN, direction: NaN };

/** What the six classes say after each candle. */
function classes(bars: readonly Bar[], parameters: Readonly<Partial<Record<(typeof NAMES)[number], object>>>): readonly SixValues[] {
  const studies = NAMES.map((name) => indicatorNamed(name)?.create(parameters[name] ?? {}));
  return bars.map((bar) => {
    const [ema, rsi, macd, atr, supertrend, vwap] = studies.map((study) => {
      const value = study?.update(bar);
      return { ...NAN, ...(typeof value === 'object' ? value : { value: value ?? NaN }) };
    });
    return {
      ema: ema?.value ?? NaN, rsi: rsi?.value ?? NaN, macd: macd?.macd ?? NaN, signal: macd?.signal ?? NaN, histogram: macd?.histogram ?? NaN, atr: atr?.value ?? NaN,
      supertrend: supertrend?.value ?? NaN, direction: supertrend?.direction ?? NaN, vwap: vwap?.value ?? NaN,
    };
  });
}

const period = fc.integer({ min: 2, max: 40 });
const lengths = fc.record({
  ema: fc.integer({ min: 1, max: 60 }), rsi: period, atr: fc.integer({ min: 1, max: 40 }), signal: fc.integer({ min: 1, max: 20 }),
  fast: fc.integer({ min: 2, max: 20 }), wider: fc.integer({ min: 1, max: 20 }), trend: fc.integer({ min: 1, max: 40 }), multiplier: fc.constantFrom(0.5, 2, 3),
});
const history = fc.record({ seed: fc.integer(), length: fc.integer({ min: 0, max: 300 }), flatEvery: fc.constantFrom(0, 30), idle: fc.constantFrom(0, 0.3, 1), perSession: fc.integer({ min: 1, max: 80 }) });

test('fused or one by one, the six indicators give the same bits, for every symbol by itself', () => {
  fc.assert(fc.property(lengths, fc.array(history, { minLength: 1, maxLength: 3 }), ({ ema, rsi, atr, signal, fast, wider, trend, multiplier }, histories) => {
    const bars = histories.map((options, symbol) => randomBars(options).map((bar): Bar => (symbol === 1 ? { ...bar, time: bar.time + 1, session: bar.session } : symbol === 2 ? { ...bar, session: undefined } : bar)));
    const macd = { fast, slow: fast + wider, signal };
    const fused = new FusedSix({ symbols: bars.length, ema, rsi, atr, macd, supertrend: { period: trend, multiplier } });
    const expected = bars.map((own) => classes(own, { ema: { period: ema }, rsi: { period: rsi }, atr: { period: atr }, macd, supertrend: { period: trend, multiplier } }));
    for (let index = 0; index < 300; index += 1) {
      bars.forEach((own, symbol) => {
        const bar = own[index];
        if (bar === undefined) return;
        fused.update(symbol, bar);
        expect(fused.values(symbol)).toEqual(expected[symbol]?.[index]);
      });
    }
  }), { numRuns: 60 });
});

test('a symbol costs at most 256 bytes', () => {
  expect(FusedSix.bytesPerSymbol).toBeLessThanOrEqual(256);
});
