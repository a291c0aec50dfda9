import { NOW } from '../../../tests/doubles/ingressWorld';
import { bindingOf, triggerWorld, valueOf, type TriggerWorld } from '../../../tests/doubles/triggerWorld';
import { manualTime } from '../../../tests/doubles/manualTime';
import { mapSeries } from '../../../tests/doubles/conditionSeries';
import { deny, ok } from '../../domain/denial';
import type { SeenCandle } from '../../domain/feed';
import { instrumentKey, type Instrument } from '../../domain/market';
import { MINUTE_MS } from '../../domain/time';

const FIVE = 5 * MINUTE_MS;
const sbin: Instrument = { key: instrumentKey('NSE', 'SBIN'), exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 };

/** The candle that ends at `until`. */
const ending = (until: number, more: Partial<SeenCandle> = {}): SeenCandle => ({ candle: { time: until - FIVE, open: 1, high: 1, low: 1, close: 1, volume: 1, closed: true }, until, incomplete: false, ...more });

/** A market of which the test says what has closed. `past` is what history knows, `live` tells those who watch. */
function market() {
  let listener: (seen: SeenCandle) => void | Promise<void> = () => undefined;
  const own = {
    past: [] as SeenCandle[],
    asked: 0,
    live: (seen: SeenCandle) => listener(seen),
    candles: {
      watch: (_request: unknown, tell: (seen: SeenCandle) => void | Promise<void>) => { listener = tell; return () => undefined; },
      closed: (_request: unknown, { limit }: { readonly limit: number }) => { own.asked += 1; return Promise.resolve(ok(own.past.slice(-limit))); },
    },
    series: {
      watch: (_request: unknown, tell: (snapshot: { instrument: Instrument; newest: SeenCandle; series: ReturnType<typeof mapSeries>; candles: number }) => void | Promise<void>) => {
        listener = (newest) => tell({ instrument: sbin, newest, series: mapSeries({}), candles: 1 });
        return () => undefined;
      },
      at: (_request: unknown, asOf = Infinity) => {
        own.asked += 1;
        const newest = own.past.findLast(({ until }) => until <= asOf);
        return Promise.resolve(newest === undefined ? deny('NOT_READY', 'None.') : ok({ instrument: sbin, newest, series: mapSeries({}), candles: 1 }));
      },
    },
  };
  return own;
}

/** A life of a trigger that watches and notes what it is told; each life has the same journal and time. */
async function life(world: Partial<TriggerWorld>, own: ReturnType<typeof market>, kind: 'candles' | 'series' = 'candles', params: Readonly<Record<string, unknown>> = {}) {
  const told: number[] = [];
  const { candles, series } = own;
  const { triggers, time, store } = triggerWorld({ ...world, candles, series });
  const stop = valueOf(await triggers.start(bindingOf((context) => {
    if (kind === 'candles') context.candles.watch({ instrument: sbin, timeframe: '5m' }, ({ until }) => { told.push(until); });
    else context.series.watch({ instrument: sbin, timeframe: '5m', lookups: [], convention: 'talib' }, ({ newest }) => { told.push(newest.until); });
    return ok(undefined);
  }, { params }), () => Promise.resolve()));
  await time.settle();
  return { told, stop, time, store };
}

const LAST = NOW + FIVE;

describe.each(['candles', 'series'] as const)('%s', (kind) => {
  test('a candle that closed during a restart is judged when the trigger is back', async () => {
    const own = market();
    const first = await life({}, own, kind);
    await first.stop();
    await first.time.passTo(LAST + MINUTE_MS);
    own.past = [ending(NOW - FIVE), ending(NOW), ending(LAST)];
    const second = await life(first, own, kind);
    expect([first.told, second.told]).toEqual([[], [NOW, LAST]]);
    await own.live(ending(LAST + FIVE));
    expect(second.told).toEqual([NOW, LAST, LAST + FIVE]);
  });

  test('what closed before the trigger was made, or long ago, is none of its business', async () => {
    const own = market();
    own.past = [ending(NOW - FIVE), ending(NOW - MINUTE_MS)];
    const first = await life({}, own, kind);
    await first.stop();
    await first.time.passTo(NOW + 12 * FIVE);
    own.past = [ending(NOW + FIVE), ending(NOW + 2 * FIVE)];
    const second = await life(first, own, kind);
    expect([first.told, second.told]).toEqual([[], []]);
  });
});

test('a trigger whose parameters were changed begins anew', async () => {
  const own = market();
  const first = await life({}, own);
  await first.stop();
  await first.time.passTo(LAST + MINUTE_MS);
  own.past = [ending(LAST)];
  expect((await life(first, own, 'candles', { timeframe: '5m' })).told).toEqual([]);
});

test('history that comes late is waited for, until the next candle closes', async () => {
  const own = market();
  const first = await life({}, own);
  await first.stop();
  await first.time.passTo(LAST + 1_000);
  const second = await life(first, own);
  own.past = [ending(LAST)];
  await second.time.pass(3_000);
  expect(second.told).toEqual([LAST]);
  await second.stop();

  const late = market();
  const third = await life(first, late);
  await late.live(ending(LAST + FIVE));
  late.past = [ending(LAST)];
  await third.time.pass(60_000);
  expect(third.told).toEqual([LAST + FIVE]);
});

test('a candle that closes while history is read is told once, and after those before it', async () => {
  const own = market();
  const first = await life({}, own);
  await first.stop();
  await first.time.passTo(LAST);
  const read = Promise.withResolvers<undefined>();
  const closed = own.candles.closed;
  own.past = [ending(NOW), ending(LAST)];
  own.candles.closed = async (request, options) => {
    await read.promise;
    return closed(request, options);
  };
  const second = await life(first, own);
  const told = own.live(ending(LAST));
  read.resolve(undefined);
  await told;
  expect(second.told).toEqual([NOW, LAST]);
});

test('a recording is played from its beginning and misses nothing', async () => {
  const own = market();
  const time = manualTime(NOW);
  const first = await life({ time }, own);
  await first.stop();
  await time.passTo(LAST);
  own.past = [ending(LAST)];
  const { candles } = own;
  const { triggers } = triggerWorld({ time, store: first.store, candles, atTime: (_due, work) => { void work(); return () => undefined; } });
  const before = own.asked;
  await triggers.start(bindingOf((context) => {
    context.candles.watch({ instrument: sbin, timeframe: '5m' }, () => undefined);
    return ok(undefined);
  }), () => Promise.resolve());
  await time.settle();
  expect(own.asked).toBe(before);
});
