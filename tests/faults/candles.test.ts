import { at, candleText, candleWorld, DATE, minuteAt, minutesOf, NIFTY, scriptedHistory, storeDouble } from '../doubles/candleWorld';
import { generator } from '../golden/randomBars';
import type { SeenCandle, Tick } from '../../runtime/domain/feed';
import { toMoney } from '../../runtime/domain/money';
import { MINUTE_MS } from '../../runtime/domain/time';

const seenOf = (times: readonly number[]): readonly string[] => times.map((time) => candleText({ candle: minuteAt(time), until: time + MINUTE_MS, incomplete: false }));

describe('fault 40: ticks out of order and twice', () => {
  /** An hour of ticks; each arrives up to 1.9 s late, every third one twice. */
  function ticks(): readonly Tick[] {
    let price = 100;
    let dayVolume = 1;
    const random = generator(7);
    return Array.from({ length: 3_600 }, (_, second) => {
      price += Math.round((random() - 0.5) * 20) / 20;
      dayVolume += Math.floor(random() * 9);
      return { instrument: NIFTY.key, last: toMoney(price), at: at('09:15') + second * 1_000 + 137, dayVolume };
    });
  }

  async function candlesOf(arrivals: readonly { readonly tick: Tick; readonly arrives: number }[]): Promise<readonly string[]> {
    const { book, feed, time } = candleWorld({ now: at('09:15') });
    const seen: string[] = [];
    for (const timeframe of ['1m', '5m', '15m']) book.watch({ instrument: NIFTY, timeframe }, (each) => void seen.push(`${timeframe} ${candleText(each)}`));
    await time.pass(0);
    for (const { tick, arrives } of arrivals) {
      await time.pass(arrives - time.clock.now());
      await feed.tick(tick);
    }
    await time.pass(70_000);
    return seen;
  }

  test('candles of every timeframe are the same', async () => {
    const inOrder = ticks();
    const random = generator(11);
    const disordered = inOrder.flatMap((tick, index) => Array.from({ length: index % 3 === 0 ? 2 : 1 }, () => ({ tick, arrives: tick.at + Math.floor(random() * 1_900) }))).sort((a, b) => a.arrives - b.arrives);
    const expected = await candlesOf(inOrder.map((tick) => ({ tick, arrives: tick.at })));
    expect(await candlesOf(disordered)).toEqual(expected);
    expect(expected).toHaveLength(60 + 12 + 4);
    expect(expected.filter((text) => text.endsWith('!'))).toEqual([]);
  });
});

describe('fault 42: a gap across a reconnect', () => {
  /** Listens from 09:15, hears nothing from 09:22:10 to 09:26:40, and then everything. */
  async function acrossGap(mood: 'answer' | 'deny' | 'throw' | 'hang', options: Parameters<typeof candleWorld>[0] = {}) {
    const history = scriptedHistory();
    const world = candleWorld({ now: at('09:15'), history, ...options });
    const { feed, time, play } = world;
    const seen: SeenCandle[] = [];
    const fives: SeenCandle[] = [];
    world.book.watch({ instrument: NIFTY, timeframe: '1m' }, (each) => void seen.push(each));
    world.book.watch({ instrument: NIFTY, timeframe: '5m' }, (each) => void fives.push(each));
    await play(7);
    await feed.tick({ instrument: NIFTY.key, last: toMoney(100), at: at('09:22', 5) });
    await time.pass(20_000);
    // The watchdog finds out late, and connecting takes its time.
    feed.turn('waiting', at('09:22', 20));
    history.mood = 'deny';
    await time.pass(260_000);
    feed.turn('live', at('09:26', 40));
    feed.gap({ instrument: NIFTY.key, from: at('09:22', 10), until: at('09:26', 40) });
    history.mood = mood;
    history.candles1m = minutesOf(DATE, '09:27');
    await feed.tick({ instrument: NIFTY.key, last: toMoney(100), at: at('09:26', 40) });
    await time.pass(20_000);
    await play(8);
    await time.pass(10_000);
    return { ...world, seen, fives };
  }

  test('with history every candle is whole, as if nothing had been missed', async () => {
    const { closed, book } = await acrossGap('answer');
    expect(await closed('1m', 20)).toEqual(seenOf(minutesOf(DATE, '09:35').map(({ time }) => time)));
    const fives = await book.closed({ instrument: NIFTY, timeframe: '5m' }, { limit: 10 });
    expect(fives.ok ? fives.value.map(({ incomplete }) => incomplete) : fives).toEqual([false, false, false, false]);
    expect(fives.ok ? fives.value.map(({ candle }) => candle.volume) : fives).toEqual([0, 5, 10, 15].map((from) => minutesOf(DATE, '09:35').slice(from, from + 5).reduce((sum, { volume }) => sum + volume, 0)));
  });

  test.each(['deny', 'throw', 'hang'] as const)('without it (%s) the half candles and all that hold them are marked, and nothing else', async (mood) => {
    const { seen, fives } = await acrossGap(mood);
    const marked = (candles: readonly SeenCandle[]): readonly string[] => candles.filter(({ incomplete }) => incomplete).map((each) => candleText(each).slice(0, 5));
    expect(marked(seen)).toEqual(['09:22', '09:26']);
    expect(marked(fives)).toEqual(['09:20', '09:25']);
    expect(fives.map((each) => candleText(each).slice(0, 5))).toEqual(['09:15', '09:20', '09:25', '09:30']);
  });

  test('half candles do not reach the store, repaired ones do', async () => {
    const marked = storeDouble();
    await (await acrossGap('deny', { store: marked })).book.close();
    expect(marked.held.map(({ time }) => time)).not.toContain(at('09:26'));
    const repaired = storeDouble();
    await (await acrossGap('answer', { store: repaired })).book.close();
    expect(repaired.held.find(({ time }) => time === at('09:24'))).toEqual(minuteAt(at('09:24')));
  });

  test('a candle that was closed before the gap was known is marked afterwards', async () => {
    const { watched, closed, play, feed } = candleWorld({ now: at('09:15'), history: Object.assign(scriptedHistory(), { mood: 'deny' }) });
    const seen = watched('1m');
    await play(4);
    feed.gap({ instrument: NIFTY.key, from: at('09:16', 50), until: at('09:17', 1) });
    expect(seen.filter((text) => text.endsWith('!'))).toEqual([]);
    expect((await closed('1m', 3)).map((text) => text.endsWith('!'))).toEqual([false, true, true]);
  });

  test('while the feed is down the clock closes nothing as whole', async () => {
    const { watched, tick, time, feed } = candleWorld({ now: at('09:15'), history: Object.assign(scriptedHistory(), { mood: 'deny' }) });
    const [ones, fives] = [watched('1m'), watched('5m')];
    await time.pass(0);
    await tick(100);
    await time.pass(65_000);
    await tick(101);
    feed.turn('mute', at('09:16', 30));
    await time.pass(260_000);
    expect(ones).toEqual(['09:15 100 100 100 100 0', '09:16 101 101 101 101 0!']);
    expect(fives).toEqual(['09:15 100 101 100 101 0!']);
  });

  test('a night without a connection marks nothing, though the week goes on', async () => {
    const { book, tick, time, feed, history } = candleWorld({ now: at('15:28') });
    const week = (): boolean | undefined => book.forming({ instrument: NIFTY, timeframe: '1w' })?.incomplete;
    book.watch({ instrument: NIFTY, timeframe: '1w' }, () => undefined);
    await time.pass(0);
    await tick(100);
    await time.pass(180_000);
    history.mood = 'deny';
    feed.turn('refused', at('15:31'));
    await time.pass(60_000);
    feed.gap({ instrument: NIFTY.key, from: at('15:31'), until: at('08:55', 0, '2025-06-17') });
    feed.turn('live', time.clock.now());
    await time.pass(1_000);
    expect(week()).toBe(false);
    feed.gap({ instrument: NIFTY.key, from: at('15:29', 50), until: at('08:55', 0, '2025-06-17') });
    expect(week()).toBe(true);
  });

  test('one who asks while the candle forms is told that it has a hole', async () => {
    const { book, feed, tick, time } = candleWorld({ now: at('09:15') });
    book.watch({ instrument: NIFTY, timeframe: '15m' }, () => undefined);
    await time.pass(5_000);
    await tick(100);
    feed.gap({ instrument: NIFTY.key, from: at('09:15', 1), until: at('09:15', 3) });
    expect(book.forming({ instrument: NIFTY, timeframe: '15m' })?.incomplete).toBe(true);
  });
});

describe('fault 43: the count of the day begins anew', () => {
  test('no timeframe ever has a volume below zero or one that was not traded', async () => {
    const { book, feed, time } = candleWorld({ now: at('09:15') });
    const seen: SeenCandle[] = [];
    for (const timeframe of ['1m', '5m', '1d']) book.watch({ instrument: NIFTY, timeframe }, (each) => void seen.push(each), { forming: true });
    const random = generator(3);
    let count = 1;
    let traded = 1;
    for (let second = 0; second < 3_600; second += 5) {
      const units = Math.floor(random() * 20);
      traded += units;
      // The source begins anew twice, and once another server lags behind.
      count = second === 900 || second === 2_000 ? 1 : second === 3_000 ? count - 50 : count + units;
      await feed.tick({ instrument: NIFTY.key, last: toMoney(100), at: time.clock.now(), dayVolume: count });
      await time.pass(5_000);
    }
    expect(seen.filter(({ candle }) => candle.volume < 0)).toEqual([]);
    const minutes = seen.filter(({ candle, until }) => candle.closed && until - candle.time === MINUTE_MS).reduce((sum, { candle }) => sum + candle.volume, 0);
    expect(minutes).toBeLessThanOrEqual(traded);
    expect(minutes).toBeGreaterThan(traded * 0.9);
    const fives = seen.filter(({ candle, until }) => candle.closed && until - candle.time === 5 * MINUTE_MS).reduce((sum, { candle }) => sum + candle.volume, 0);
    expect(fives).toBeLessThanOrEqual(minutes);
  });
});

describe('fault 44: the clock jumps', () => {
  test('candles under way are marked, and those after it are made as before', async () => {
    const { watched, tick, time, logged } = candleWorld({ now: at('09:15') });
    const seen = watched('1m');
    await tick(100);
    await time.pass(10_000);
    time.clock.set(at('09:45'));
    await time.pass(250);
    await tick(101);
    await time.pass(120_000);
    await tick(102);
    await time.pass(120_000);
    expect(logged).toContain('the clock jumped: candles under way are incomplete until history says more');
    expect(seen).toEqual(['09:15 100 100 100 100 0!', '09:45 101 101 101 101 0!', '09:47 102 102 102 102 0']);
  });

  test('after a stall the ticks that waited enter their candle before the clock closes it', async () => {
    const { watched, feed, tick, time } = candleWorld({ now: at('09:15') });
    const seen = watched('1m');
    await tick(100);
    await time.pass(50_000);
    time.clock.set(at('09:16', 10));
    await time.pass(250);
    expect(seen).toEqual([]);
    await feed.tick({ instrument: NIFTY.key, last: toMoney(107), at: at('09:15', 58) });
    await time.pass(250);
    expect(seen).toEqual(['09:15 100 107 100 107 0']);
  });
});
