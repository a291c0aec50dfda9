import { randomBars } from '../../../tests/golden/randomBars';
import { manualClock } from '../../adapters/system/manual';
import { evaluate, plan, readCondition, type Condition, type Lookup, type Truth } from '../../domain/condition';
import type { SeriesRequest, SeriesSnapshot } from '../../domain/feed';
import { instrumentKey, type Instrument } from '../../domain/market';
import type { Log } from '../../domain/ports';
import { evaluateOver, VOCABULARY, type SessionAt } from '../../domain/series';
import { CandleBookDouble, minutesOf } from '../../../tests/doubles/candleBook';
import { createSeriesBook, type SeriesBookOptions } from './seriesBook';
import { DAY_MS } from '../../domain/time';

const OPENS = 1_640_576_700_000;
const sessionAt: SessionAt = (time) => {
  const opens = OPENS + Math.floor((time - OPENS) / DAY_MS) * DAY_MS;
  return { opens, closes: opens + 75 * 60_000 };
};
const CANDLES = randomBars({ seed: 8, length: 900 }).map(({ time, open, high, low, close, volume }) => ({ time, open, high, low, close, volume, closed: true }));

const instrument = (symbol = 'SBIN'): Instrument => ({ key: instrumentKey('NSE', symbol), exchange: 'NSE', symbol, segment: 'cash', base: symbol, lotSize: 1 });
const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function conditionOf(text: string): Condition {
  const read = readCondition(text, VOCABULARY);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

function requestFor(text: string, more: Partial<SeriesRequest> = {}): SeriesRequest {
  return { instrument: instrument(), timeframe: '1m', convention: 'talib', lookups: plan(conditionOf(text)), ...more };
}

interface SetUp extends Partial<SeriesBookOptions> {
  readonly closed?: number;
  readonly missed?: readonly number[];
}

function setUp({ closed = 400, missed = [], ...options }: SetUp = {}) {
  const candles = new CandleBookDouble(minutesOf(CANDLES, sessionAt, missed), sessionAt, closed);
  const clock = manualClock(candles.now);
  const book = createSeriesBook({ candles, clock, log: silent, calendar: { sessionAt: (_, time) => ({ date: '2021-12-27', kind: 'regular', from: sessionAt(time)?.opens ?? NaN, until: sessionAt(time)?.closes ?? NaN }) }, ...options });
  const close = async (count = 1): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      clock.set(candles.now + 60_000);
      await candles.close();
    }
  };
  return { candles, clock, book, close };
}

async function snapshotOf(at: ReturnType<ReturnType<typeof createSeriesBook>['at']>): Promise<SeriesSnapshot> {
  const snapshot = await at;
  if (!snapshot.ok) throw new Error(snapshot.denial.message);
  return snapshot.value;
}

/** What the batch over all candles says at each of them. */
function expected(text: string): readonly Truth[] {
  const found = evaluateOver(conditionOf(text), CANDLES, { timeframe: '1m', sessionAt });
  if (!found.ok) throw new Error(found.denial.message);
  return found.value.map(({ truth }) => truth);
}

const CONDITIONS = [
  'ema(3) crosses above ema(5) and rsi(5) < 70', 'close crosses above ema(3)@15m', 'ema(3)@5m crosses below ema(5)@15m', 'close > vwap and close > close[20]', 'close is rising for 3 or bullish engulfing@5m',
  'high > previousDay.high and supertrend(5, 2).direction = 1', 'close > orb(15m).high and not (inside bar)', 'close crosses above high[1]@1h', 'ema(3)[2]@5m > ema(5)@1m',
];

test.each(CONDITIONS)('"%s" says at each close what history says', async (text) => {
  const { book, close, candles } = setUp();
  const seen: (readonly [number, Truth])[] = [];
  book.watch(requestFor(text), (snapshot) => {
    seen.push([CANDLES.findIndex(({ time }) => time === snapshot.newest.candle.time), evaluate(conditionOf(text), snapshot.series).truth]);
  });
  await close(200);
  const truths = expected(text);
  expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => [400 + index, truths[400 + index]]));
  expect(candles.count).toBe(600);
});

test.each([0, 1, 30, 250])('as of %d candles ago only what had closed then is known', async (back) => {
  const { book, close, clock } = setUp();
  const text = 'ema(3) > ema(5)@5m and close[3] < rsi(5)@15m * 20';
  await snapshotOf(book.at(requestFor(text)));
  await close(100);
  const asOf = clock.now() - back * 60_000;
  const wanted = CANDLES.findLastIndex(({ time }) => time + 60_000 <= asOf);
  const snapshot = await snapshotOf(book.at(requestFor(text), asOf));
  expect(snapshot.newest.candle).toEqual(CANDLES[wanted]);
  expect(evaluate(conditionOf(text), snapshot.series).truth).toBe(expected(text)[wanted]);
});

test('a snapshot stays as of its candle while later ones close', async () => {
  const { book, close } = setUp();
  book.watch(requestFor('close > sma(5)'), () => undefined);
  const snapshot = await snapshotOf(book.at(requestFor('close > sma(5)')));
  const before = evaluate(conditionOf('close > sma(5)'), snapshot.series);
  await close(10);
  expect(evaluate(conditionOf('close > sma(5)'), snapshot.series)).toEqual(before);
  await close(100);
  expect(evaluate(conditionOf('close > sma(5)'), snapshot.series).truth).toBe('unknown');
});

test('history is read once for every expression, whoever asks', async () => {
  const { book, close, candles } = setUp();
  const both = [requestFor('ema(9) > ema(21)'), requestFor('ema(21) > 1 and ema(9) > 1')];
  for (const request of both) book.watch(request, () => undefined);
  await close(5);
  await snapshotOf(book.at(requestFor('ema(9) > 1')));
  expect(candles.asked.map(({ limit }) => limit)).toEqual([21 + 24 * 21]);
  expect(candles.watches.size).toBe(1);
});

test('two conventions are two states', async () => {
  const { book } = setUp({ closed: 14 });
  const of = async (convention: 'talib' | 'pine'): Promise<Truth> => evaluate(conditionOf('atr(14) > 0'), (await snapshotOf(book.at(requestFor('atr(14) > 0', { convention })))).series).truth;
  expect([await of('talib'), await of('pine')]).toEqual(['unknown', 'true']);
});

test('a candle that closes while history is read is not lost', async () => {
  const { book, candles, close } = setUp();
  let first = true;
  candles.beforeHistory = async () => {
    if (first) {
      first = false;
      await close(2);
    }
  };
  await snapshotOf(book.at(requestFor('ema(5) > ema(9)')));
  await close();
  const snapshot = await snapshotOf(book.at(requestFor('ema(5) > ema(9)')));
  expect(snapshot.newest.candle).toEqual(CANDLES[402]);
  expect(evaluate(conditionOf('ema(5) > ema(9)'), snapshot.series).truth).toBe(expected('ema(5) > ema(9)')[402]);
});

test('what a candle with missed ticks is part of is unknown, and says so; afterwards it is known again', async () => {
  const { book, close } = setUp({ missed: [402] });
  const text = 'sma(3) > 1 and vwap > 1 and close > 1 and close@5m > 1';
  const seen: string[] = [];
  book.watch(requestFor(text), ({ series, newest }) => {
    const { reasons } = evaluate(conditionOf(text), series);
    seen.push(`${CANDLES.indexOf(CANDLES.find(({ time }) => time === newest.candle.time) ?? newest.candle)}${newest.incomplete ? ' incomplete' : ''}: ${reasons.flatMap(({ missing }) => missing).map((each) => `${each.text} ${each.why}`).join(', ')}`);
  });
  await close(55);
  expect(seen.slice(1, 6)).toEqual([
    '401: ', '402 incomplete: sma(3) incomplete candle, vwap incomplete candle, close incomplete candle', '403: sma(3) incomplete candle, vwap incomplete candle',
    '404: sma(3) incomplete candle, vwap incomplete candle, close@5m incomplete candle', '405: vwap incomplete candle, close@5m incomplete candle',
  ]);
  // The next session, 75 candles each, starts its average afresh.
  expect(seen.slice(-6)).toEqual(['449: vwap incomplete candle', '450: ', '451: ', '452: ', '453: ', '454: ']);
});

test('a candle with missed ticks that history fills in later makes nothing unknown any more', async () => {
  const text = 'ema(3) > 0 and ema(3)@5m > 0';
  const { book, close, candles } = setUp({ missed: [401] });
  const truths = new Map<number, Truth>();
  book.watch(requestFor(text), ({ newest, series }) => {
    truths.set(CANDLES.findIndex(({ time }) => time === newest.candle.time), evaluate(conditionOf(text), series).truth);
  });
  await close(2);
  candles.repair(401);
  await close(8);
  expect(truths.get(401)).toBe('unknown');
  expect([...truths].filter(([index]) => index > 401)).toEqual(Array.from({ length: 8 }, (_, index) => [402 + index, 'true']));
});

test('values after a repair are those of a history that never had a hole', async () => {
  const text = 'ema(3) crosses above ema(5) and supertrend(5, 2).direction = 1';
  const { book, close, candles } = setUp({ missed: [401] });
  const truths = new Map<number, Truth>();
  book.watch(requestFor(text), ({ newest, series }) => {
    truths.set(CANDLES.findIndex(({ time }) => time === newest.candle.time), evaluate(conditionOf(text), series).truth);
  });
  await close(2);
  candles.repair(401);
  await close(100);
  const whole = expected(text);
  expect([...truths].filter(([index]) => index > 401)).toEqual(Array.from({ length: 100 }, (_, index) => [402 + index, whole[402 + index]]));
});

test('a candle that stays incomplete is asked for again once with each candle that closes, and not for ever', async () => {
  const { book, close, candles } = setUp({ missed: [401] });
  book.watch(requestFor('ema(3) > ema(5)'), () => undefined);
  await close(2);
  const before = candles.asked.length;
  await close(100);
  expect(candles.asked.length - before).toBeLessThanOrEqual(32);
});

test('without a calendar what is bound to a session stays unknown', async () => {
  const candles = new CandleBookDouble(minutesOf(CANDLES, sessionAt), sessionAt, 400);
  const book = createSeriesBook({ candles, clock: manualClock(candles.now), log: silent });
  const snapshot = await snapshotOf(book.at(requestFor('vwap > 1 or sma(2) < 1')));
  expect(evaluate(conditionOf('vwap > 1 or sma(2) < 1'), snapshot.series).reasons.map(({ truth }) => truth)).toEqual(['unknown', 'false']);
});

test('a state lingers after its last watcher and then ends, and its candles with it', async () => {
  const { book, candles, close, clock } = setUp({ limits: { lingerMs: 600_000 } });
  const end = book.watch(requestFor('ema(5) > 1'), () => undefined);
  await close(2);
  end();
  await close(5);
  book.watch(requestFor('ema(5) > 1'), () => undefined)();
  await close();
  expect(candles.asked).toHaveLength(1);
  clock.advance(700_000);
  await book.at(requestFor('close > 1', { instrument: instrument('TCS') }));
  expect([...candles.watches].map(({ request }) => request.instrument.symbol)).toEqual(['TCS']);
});

test('what is watched outlives any number of other requests; of those only the newest stay', async () => {
  const { book, candles, clock } = setUp({ limits: { states: 10 } });
  book.watch(requestFor('ema(5) > 1'), () => undefined);
  for (let index = 0; index < 30; index += 1) {
    clock.advance(1);
    await book.at(requestFor('rsi(5) > 1', { instrument: instrument(`S${index}`) }));
  }
  const kept = [...candles.watches].map(({ request }) => request.instrument.symbol);
  expect(kept).toContain('SBIN');
  expect(kept).toContain('S29');
  expect(kept.length).toBeLessThanOrEqual(6);
});

test('a request that looks further back than what is kept makes more room, and the first one still works', async () => {
  const { book, close } = setUp();
  await snapshotOf(book.at(requestFor('ema(5) > ema(9)')));
  await close(3);
  const text = 'close[300] > 1 and ema(5)[200] > ema(9)[250]';
  expect(evaluate(conditionOf(text), (await snapshotOf(book.at(requestFor(text)))).series).truth).toBe(expected(text)[402]);
  await close(3);
  expect(evaluate(conditionOf('ema(5) > ema(9)'), (await snapshotOf(book.at(requestFor('ema(5) > ema(9)')))).series).truth).toBe(expected('ema(5) > ema(9)')[405]);
});

test('without a closed candle there is no snapshot; history that is denied is a denial', async () => {
  const { book } = setUp({ closed: 0 });
  expect(await book.at(requestFor('close > 1'))).toMatchObject({ ok: false, denial: { code: 'NOT_READY' } });
  const denied = { ok: false, denial: { code: 'NOT_FOUND', message: 'no history' } } as const;
  const other = createSeriesBook({ candles: { watch: () => () => undefined, forming: () => undefined, closed: () => Promise.resolve(denied) }, clock: manualClock(0), log: silent });
  expect(await other.at(requestFor('close > 1'))).toEqual(denied);
});

test('a listener that fails ends neither the watch nor another one', async () => {
  const { book, close } = setUp();
  let count = 0;
  book.watch(requestFor('close > 1'), () => { throw new Error('broken'); });
  book.watch(requestFor('close > 1'), () => { count += 1; });
  await close(3);
  expect(count).toBe(3);
});

test('a slow listener slows the source down and misses nothing', async () => {
  const { book, candles, clock } = setUp();
  const seen: number[] = [];
  let go = (): void => undefined;
  book.watch(requestFor('close > 1'), async ({ newest }) => {
    await new Promise<void>((resolve) => { go = resolve; });
    seen.push(newest.candle.time);
  });
  clock.set(candles.now + 60_000);
  let done = false;
  const closing = candles.close().then(() => { done = true; });
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  expect(done).toBe(false);
  go();
  await closing;
  expect(seen).toEqual([CANDLES[400]?.time]);
});

test('a closed book watches nothing and answers nothing', async () => {
  const { book, candles } = setUp();
  await book.at(requestFor('ema(5) > 1'));
  book.close();
  expect(candles.watches.size).toBe(0);
  expect(await book.at(requestFor('ema(5) > 1'))).toMatchObject({ ok: false, denial: { code: 'NOT_READY' } });
});

test('questions that are fields of the item are left to whoever holds it', async () => {
  const { book } = setUp();
  const lookups: readonly Lookup[] = plan(conditionOf('indicators.fast > close'));
  const { series } = await snapshotOf(book.at(requestFor('close > 1', { lookups })));
  expect(lookups.map(({ source, offset }) => series.value(source, offset, undefined))).toEqual([undefined, CANDLES[399]?.close]);
});
