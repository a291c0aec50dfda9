import fc from 'fast-check';
import type { Candle } from '../../../runtime/domain/candle';
import { STORED_LENGTH_MS, STORED_TIMEFRAMES, type CandleStore } from '../../../runtime/domain/feed';
import { instrumentKey } from '../../../runtime/domain/market';
import { MINUTE_MS } from '../../../runtime/domain/time';

export const SBIN = instrumentKey('NSE', 'SBIN');
export const GOLD = instrumentKey('MCX', 'GOLD');
export const T0 = Date.UTC(2025, 5, 16, 3, 45);

export const candle = (index: number, close = 100): Candle => ({ time: T0 + index * MINUTE_MS, open: 100, high: Math.max(101, close), low: Math.min(99.05, close), close, volume: index, closed: true });
export const candles = (count: number, from = 0): readonly Candle[] => Array.from({ length: count }, (_, index) => candle(from + index));
const whole = { instrument: SBIN, timeframe: '1m', from: -Infinity, until: Infinity, limit: 1_000 } as const;

/** What every candle store does. */
export function candleStoreContract(name: string, open: () => Promise<CandleStore>): void {
  describe(name, () => {
    let store: CandleStore;
    beforeEach(async () => { store = await open(); });
    afterEach(() => store.close());
    const valuesOf = async (request: Partial<typeof whole> | { readonly from?: number; readonly until?: number; readonly limit?: number; readonly timeframe?: '1d'; readonly instrument?: typeof GOLD } = {}): Promise<readonly Candle[]> => {
      const found = await store.candles({ ...whole, ...request });
      if (!found.ok) throw new Error(found.denial.message);
      return found.value;
    };

    test('candles come back as they were, oldest first', async () => {
      const odd = { ...candle(3), open: 0.1 + 0.2, high: 1e15 / 3, low: -5.25, close: 7.0000001, volume: 12.5 };
      await store.put(SBIN, '1m', [odd, candle(1), candle(2)], 'file');
      expect(await valuesOf()).toEqual([candle(1), candle(2), odd]);
    });

    test('one with the same start replaces the earlier one', async () => {
      await store.put(SBIN, '1m', candles(3), 'live');
      await store.put(SBIN, '1m', [candle(1, 55)], 'broker');
      expect((await valuesOf()).map(({ close }) => close)).toEqual([100, 55, 100]);
      expect((await store.list()).map(({ source, candles: count }) => [source, count])).toEqual([['broker', 1], ['live', 2]]);
    });

    test('an answer holds what starts in [from, until), the newest of it', async () => {
      await store.put(SBIN, '1m', candles(50), 'file');
      const time = (index: number): number => T0 + index * MINUTE_MS;
      expect((await valuesOf({ from: time(10), until: time(20) })).map(({ volume }) => volume)).toEqual(candles(10, 10).map(({ volume }) => volume));
      expect((await valuesOf({ from: time(10), until: time(20), limit: 2 })).map(({ volume }) => volume)).toEqual([18, 19]);
      expect(await valuesOf({ from: time(20), until: time(10) })).toEqual([]);
      expect(await valuesOf({ from: time(50) })).toEqual([]);
    });

    test('instruments and timeframes are apart', async () => {
      await store.put(SBIN, '1m', candles(2), 'file');
      await store.put(SBIN, '1d', [candle(7)], 'file');
      await store.put(GOLD, '1m', [candle(9)], 'live');
      expect([await valuesOf(), await valuesOf({ timeframe: '1d' }), await valuesOf({ instrument: GOLD })].map((found) => found.length)).toEqual([2, 1, 1]);
      expect(await store.list()).toEqual([
        { instrument: GOLD, timeframe: '1m', from: candle(9).time, until: candle(9).time, candles: 1, source: 'live' },
        { instrument: SBIN, timeframe: '1d', from: candle(7).time, until: candle(7).time, candles: 1, source: 'file' },
        { instrument: SBIN, timeframe: '1m', from: T0, until: candle(1).time, candles: 2, source: 'file' },
      ]);
    });

    test('every length is kept as it came, and none is made of another', async () => {
      for (const timeframe of STORED_TIMEFRAMES) await store.put(SBIN, timeframe, [candle(STORED_LENGTH_MS[timeframe] / MINUTE_MS)], 'file');
      expect((await store.list()).map(({ timeframe }) => timeframe)).toEqual(STORED_TIMEFRAMES.toSorted());
      for (const timeframe of STORED_TIMEFRAMES) expect(await store.candles({ ...whole, timeframe })).toEqual({ ok: true, value: [candle(STORED_LENGTH_MS[timeframe] / MINUTE_MS)] });
    });

    test('days that were asked for are remembered by instrument and length, each once, and are no candles', async () => {
      expect(await store.asked(SBIN, '5m')).toEqual([]);
      await store.markAsked(SBIN, '5m', ['2025-06-18', '2025-06-16']);
      await store.markAsked(SBIN, '5m', ['2025-06-17', '2025-06-16']);
      await store.markAsked(GOLD, '5m', []);
      expect([await store.asked(SBIN, '5m'), await store.asked(SBIN, '1m'), await store.asked(GOLD, '5m')]).toEqual([['2025-06-16', '2025-06-17', '2025-06-18'], [], []]);
      expect(await store.list()).toEqual([]);
    });

    test('what is removed is gone with the days that were asked for, and nothing else is', async () => {
      await store.put(SBIN, '1m', candles(12_000), 'file');
      await store.put(SBIN, '1d', [candle(7)], 'file');
      await store.put(GOLD, '1m', [candle(9)], 'live');
      await store.markAsked(SBIN, '1m', ['2025-06-16']);
      await store.markAsked(SBIN, '1d', ['2025-06-16']);
      expect(await store.remove(SBIN, '1m')).toBe(12_000);
      expect((await store.list()).map(({ instrument, timeframe }) => `${instrument} ${timeframe}`)).toEqual([`${GOLD} 1m`, `${SBIN} 1d`]);
      expect([await store.asked(SBIN, '1m'), await store.asked(SBIN, '1d')]).toEqual([[], ['2025-06-16']]);
      expect(await store.candles(whole)).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
      expect(await store.remove(SBIN, '1m')).toBe(0);
      await store.put(SBIN, '1m', candles(2), 'file');
      expect(await valuesOf()).toEqual(candles(2));
    });

    test('what is not there is denied; nothing is no reason to', async () => {
      expect(await store.candles(whole)).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
      expect(await store.list()).toEqual([]);
      await store.put(SBIN, '1m', [], 'file');
      expect(await store.candles(whole)).toMatchObject({ ok: false });
    });

    test.each([0, -1, 1.5, NaN])('a limit of %d is refused', async (limit) => {
      expect(await store.candles({ ...whole, limit })).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER' } });
    });

    test.each<[string, Partial<Candle>]>([['one that forms', { closed: false }], ['one whose range does not hold its close', { close: 500 }], ['one without a number', { open: NaN }], ['a negative volume', { volume: -1 }]])('%s is not stored', async (_what, change) => {
      await expect(store.put(SBIN, '1m', [candle(0), { ...candle(1), ...change }], 'file')).rejects.toMatchObject({ code: 'MISUSE' });
      expect(await store.candles(whole)).toMatchObject({ ok: false });
    });

    test('many writes at once all hold, the last one of a start wins', async () => {
      await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.record({ index: fc.nat(20), close: fc.integer({ min: 90, max: 110 }) }), { maxLength: 8 }), { maxLength: 8 }), async (writes) => {
        const own = await open();
        await Promise.all(writes.map((rows) => own.put(SBIN, '1m', rows.map(({ index, close }) => candle(index, close)), 'file')));
        const model = new Map(writes.flat().map(({ index, close }) => [candle(index).time, close]));
        const found = await own.candles(whole);
        expect(found.ok ? found.value.map(({ time, close }) => [time, close]) : []).toEqual([...model].sort(([a], [b]) => a - b));
        await own.close();
      }), { numRuns: 15 });
    });

    test('a large import is taken whole and quickly enough', async () => {
      await store.put(SBIN, '1m', candles(60_000), 'file');
      expect((await store.list())[0]?.candles).toBe(60_000);
      expect((await valuesOf({ limit: 3 })).map(({ volume }) => volume)).toEqual([59_997, 59_998, 59_999]);
    });

    test('after the end everything is refused', async () => {
      await store.put(SBIN, '1m', candles(1), 'file');
      await store.close();
      await expect(store.candles(whole)).rejects.toMatchObject({ code: 'CLOSED' });
      await expect(store.put(SBIN, '1m', candles(1), 'file')).rejects.toMatchObject({ code: 'CLOSED' });
    });
  });
}
