import { at, calendar, candleText, candleWorld, clockText, DATE, minuteAt, minutesOf, NIFTY, scriptedHistory, storeDouble } from '../../../tests/doubles/candleWorld';
import { higherCandlesOf, slotsOf, type Candle } from '../../domain/candle';
import type { SeenCandle } from '../../domain/feed';
import { MINUTE_MS } from '../../domain/time';

const FRIDAY = '2025-06-13';

/** What the made-up market's candles of a timeframe are. */
function truth(timeframe: string, minutes: readonly Candle[], until = Infinity): readonly string[] {
  const seen = minutes.map((candle): SeenCandle => ({ candle, until: candle.time + MINUTE_MS, incomplete: false }));
  return higherCandlesOf(seen, slotsOf(calendar, NIFTY, timeframe), until).map(candleText);
}

describe('candles as they close', () => {
  test('every timeframe closes by its own end, the short ones are told first', async () => {
    const { book, play } = candleWorld({ now: at('09:15') });
    const told: string[] = [];
    for (const timeframe of ['15m', '5m', '1m']) book.watch({ instrument: NIFTY, timeframe }, (seen) => void told.push(`${timeframe} ${candleText(seen)}`));
    await play(16);
    const minutes = minutesOf(DATE, '09:31');
    const expected = minutes.slice(0, 15).flatMap((minute, index) => [
      ...truth('1m', [minute]).map((text) => `1m ${text}`),
      ...((index + 1) % 5 === 0 ? truth('5m', minutes.slice(index - 4, index + 1)).map((text) => `5m ${text}`) : []),
      ...(index === 14 ? truth('15m', minutes.slice(0, 15)).map((text) => `15m ${text}`) : []),
    ]);
    expect(told).toEqual(expected);
  });

  test('the clock closes what no tick closes, after the grace', async () => {
    const { watched, tick, time } = candleWorld({ now: at('09:15', 10) - 10_000 });
    const [ones, fives] = [watched('1m'), watched('5m')];
    await tick(100);
    await time.pass(61_500);
    expect(ones).toEqual([]);
    await time.pass(750);
    expect(ones).toEqual(['09:15 100 100 100 100 0']);
    await time.pass(239_000);
    expect(fives).toEqual([]);
    await time.pass(1_000);
    expect(fives).toEqual(['09:15 100 100 100 100 0']);
  });

  test('a longer candle closes with the first tick after it, though its last minutes had no trade', async () => {
    const { watched, tick, time } = candleWorld({ now: at('09:15'), limits: { graceMs: 3_600_000 } });
    const fives = watched('5m');
    await tick(100);
    await time.pass(5 * 60_000 + 1_999);
    await tick(101);
    expect(fives).toEqual([]);
    await time.pass(1);
    await tick(101);
    expect(fives).toEqual(['09:15 100 100 100 100 0']);
  });

  test('days and weeks close with their last session, from candles of days and today\'s minutes', async () => {
    const history = scriptedHistory([...minutesOf(FRIDAY), ...minutesOf(DATE, '15:28')]);
    history.candles1d = [{ time: Date.parse('2025-06-12T18:30:00Z'), open: 1, high: 900, low: 0.5, close: 2, volume: 5, closed: true }];
    const { watched, play, time, closed } = candleWorld({ now: at('15:28'), history });
    const [days, weeks] = [watched('1d'), watched('1w')];
    await time.pass(0);
    await play(2);
    await time.pass(2_250);
    expect(days).toEqual(truth('1d', minutesOf(DATE)));
    expect(weeks).toEqual([]);
    expect(await closed('1d', 2)).toEqual(['09:15 1 900 0.5 2 5', ...truth('1d', minutesOf(DATE))]);
    expect(await closed('1w', 1)).toEqual(['09:15 1 900 0.5 2 5']);
  });

  test('one who watches forming candles is shown them with each tick, also before they are whole minutes', async () => {
    const { book, tick, time } = candleWorld({ now: at('09:15') });
    const seen: string[] = [];
    book.watch({ instrument: NIFTY, timeframe: '5m' }, (each) => void seen.push(candleText(each)), { forming: true });
    await time.pass(0);
    await tick(100, 5);
    await time.pass(61_000);
    await tick(103, 2);
    await time.pass(500);
    await tick(99, 1);
    expect(seen).toEqual(['09:15 100 100 100 100 5~', '09:15 100 103 100 103 7~', '09:15 100 103 99 99 8~']);
    expect(book.forming({ instrument: NIFTY, timeframe: '5min' })?.until).toBe(at('09:20'));
    expect(book.forming({ instrument: NIFTY, timeframe: '1h' })).toBeUndefined();
  });

  test('a slow listener is shown the newest state when it is free, and every closed candle', async () => {
    const { book, tick, time } = candleWorld({ now: at('09:15') });
    const seen: string[] = [];
    const ends: (() => void)[] = [];
    book.watch({ instrument: NIFTY, timeframe: '1m' }, (each) => {
      seen.push(candleText(each));
      return new Promise<void>((resolve) => ends.push(resolve));
    }, { forming: true });
    await time.pass(0);
    for (const price of [100, 101, 102]) void tick(price);
    expect(seen).toEqual(['09:15 100 100 100 100 0~']);
    ends.shift()?.();
    await time.pass(0);
    expect(seen).toEqual(['09:15 100 100 100 100 0~', '09:15 100 102 100 102 0~']);
    await time.pass(63_000);
    expect(seen.at(-1)).toBe('09:15 100 102 100 102 0');
  });

  test('a listener that fails harms nobody and is logged', async () => {
    const { book, watched, play, logged } = candleWorld({ now: at('09:15') });
    book.watch({ instrument: NIFTY, timeframe: '1m' }, () => { throw new Error('broken'); });
    book.watch({ instrument: NIFTY, timeframe: '1m' }, () => Promise.reject(new Error('broken later')));
    const seen = watched('1m');
    await play(3);
    expect(seen).toHaveLength(2);
    expect(logged.filter((message) => message === 'a listener to candles failed')).toHaveLength(4);
  });

  test('a recording is held up until listeners are done, and by nobody for ever', async () => {
    const { book, feed, tick, time } = candleWorld({ now: at('09:15'), limits: { lateMs: 0 } });
    let end = (): void => undefined;
    book.watch({ instrument: NIFTY, timeframe: '1m' }, () => new Promise<void>((resolve) => { end = resolve; }));
    await tick(100);
    time.clock.advance(60_000);
    let isDone = false;
    const done = tick(101).then(() => { isDone = true; });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(false);
    end();
    await done;
    for (let minute = 0; minute < 20; minute += 1) {
      time.clock.advance(60_000);
      void tick(102);
    }
    time.clock.advance(60_000);
    await tick(103);
    expect(feed.tapped()).toEqual([NIFTY.key]);
  });

  test('with appointments candles close at their end, before any tick of that time', async () => {
    const appointments: { readonly due: number; readonly work: () => void | Promise<void> }[] = [];
    const { watched, tick, time, book } = candleWorld({
      now: at('09:15'),
      atTime: (due, work) => {
        const appointment = { due, work };
        appointments.push(appointment);
        return () => { appointments.splice(appointments.indexOf(appointment), 1); };
      },
    });
    const [ones, fives] = [watched('1m'), watched('5m')];
    await time.pass(0);
    await tick(100);
    expect(appointments.map(({ due }) => clockText(due))).toEqual(['09:16']);
    await time.pass(300_000);
    expect(ones).toEqual([]);
    await appointments.shift()?.work();
    expect(ones).toEqual(['09:15 100 100 100 100 0']);
    expect(appointments.map(({ due }) => clockText(due))).toEqual(['09:20']);
    await appointments.shift()?.work();
    expect(fives).toEqual(['09:15 100 100 100 100 0']);
    await tick(101);
    await book.close();
    expect(appointments).toEqual([]);
  });
});

describe('warm from the first candle', () => {
  test.each(['1m', '5m', '15m', '1h', '1d'])('history and ticks join without a hole or a double: %s, begun in the middle of a minute', async (timeframe) => {
    const history = scriptedHistory([...minutesOf(FRIDAY), ...minutesOf(DATE, '10:07')]);
    const { watched, closed, play, playMinute, time } = candleWorld({ now: at('10:07', 30), history });
    const seen = watched(timeframe);
    await time.pass(30_000);
    history.candles1m = [...minutesOf(FRIDAY), ...minutesOf(DATE, '10:08')];
    await play(7);
    await playMinute();
    const all = truth(timeframe, [...minutesOf(FRIDAY), ...minutesOf(DATE, '10:15')], at('10:15'));
    expect(await closed(timeframe, all.length)).toEqual(all);
    expect(seen).toEqual(all.slice(all.length - seen.length));
  });

  test('the half-seen candle is completed by history, and incomplete where there is none', async () => {
    for (const mood of ['answer', 'deny', 'throw', 'hang'] as const) {
      const history = scriptedHistory(minutesOf(DATE, '10:01'));
      history.mood = mood;
      const { watched, tick, time } = candleWorld({ now: at('10:00', 30), history });
      const seen = watched('1m');
      await tick(77);
      await time.pass(40_000);
      expect(seen).toEqual(mood === 'answer' ? truth('1m', [minuteAt(at('10:00'))]) : ['10:00 77 77 77 77 0!']);
    }
  });

  test('a longer candle that began before anyone listened is incomplete where history can not say', async () => {
    const history = scriptedHistory();
    history.mood = 'deny';
    const { watched, play, time } = candleWorld({ now: at('10:07'), history });
    const seen = watched('15m');
    await play(8 + 15 + 1);
    await time.pass(3_000);
    expect(seen).toEqual([`${truth('15m', minutesOf(DATE, '10:15', '10:07'), at('10:15'))[0] ?? ''}!`, ...truth('15m', minutesOf(DATE, '10:30', '10:15'))]);
  });

  test('minutes that history had not yet are asked for again', async () => {
    const history = scriptedHistory(minutesOf(DATE, '10:06'));
    const { closed, play, time } = candleWorld({ now: at('10:07'), history });
    expect((await closed('5m', 1))).toEqual(truth('5m', minutesOf(DATE, '10:05', '10:00')));
    expect((await closed('1m', 1)).map((text) => text.slice(0, 5))).toEqual(['10:05']);
    history.candles1m = minutesOf(DATE, '10:07');
    await play(4);
    await time.pass(3_000);
    expect(await closed('1m', 8)).toEqual(truth('1m', minutesOf(DATE, '10:11', '10:03')));
    expect(await closed('5m', 2)).toEqual(truth('5m', minutesOf(DATE, '10:10', '10:00')));
  });

  test('a second watcher joins what is there and asks history for nothing that was seen', async () => {
    const { watched, history, play, closed } = candleWorld({ now: at('09:15'), history: scriptedHistory() });
    watched('1m');
    await play(8);
    const fives = watched('5m');
    await play(4);
    expect(fives).toEqual(truth('5m', minutesOf(DATE, '09:25', '09:20')));
    expect(history.asked).toEqual([]);
    expect(await closed('5m', 1)).toEqual(truth('5m', minutesOf(DATE, '09:25', '09:20')));
  });
});

describe('candles of the past', () => {
  test('what is in memory is not asked for again, what lies before is, once', async () => {
    const history = scriptedHistory([...minutesOf(FRIDAY), ...minutesOf(DATE, '10:00')]);
    const { closed, play, watched } = candleWorld({ now: at('10:00'), history });
    watched('15m');
    expect(await closed('15m', 20)).toEqual(truth('15m', [...minutesOf(FRIDAY), ...minutesOf(DATE, '10:00')]).slice(-20));
    const asked = history.asked.length;
    await play(16);
    expect(await closed('15m', 20)).toEqual(truth('15m', [...minutesOf(FRIDAY), ...minutesOf(DATE, '10:15')]).slice(-20));
    expect(history.asked.slice(asked)).toEqual([]);
  });

  test('history that has no more is not asked with every question', async () => {
    const history = scriptedHistory(minutesOf(DATE, '10:00'));
    const { closed } = candleWorld({ now: at('10:00'), history });
    expect(await closed('5m', 50)).toHaveLength(9);
    const asked = history.asked.length;
    expect(await closed('5m', 50)).toHaveLength(9);
    expect(history.asked).toHaveLength(asked);
  });

  test('a seldom traded instrument is looked for further back', async () => {
    const seldom = [...minutesOf('2025-06-11'), ...minutesOf('2025-06-12'), ...minutesOf(FRIDAY)].filter((_, index) => index % 20 === 0);
    const { closed } = candleWorld({ now: at('09:15'), history: scriptedHistory(seldom) });
    expect(await closed('1m', 40)).toEqual(truth('1m', seldom).slice(-40));
  });

  test('as of an earlier moment there is nothing of what came later, whatever comes later', async () => {
    const whole = [...minutesOf(FRIDAY), ...minutesOf(DATE, '12:00')];
    const moment = at('11:07');
    const answers: (readonly string[])[] = [];
    for (const future of [1, 5]) {
      const history = scriptedHistory(whole.map((candle) => (candle.time + MINUTE_MS <= moment ? candle : { ...candle, high: candle.high * future, close: candle.high * future })));
      for (const now of [at('11:07'), at('12:00')]) {
        const { closed, time } = candleWorld({ now, history });
        await time.pass(0);
        answers.push([...await closed('15m', 12, moment), ...await closed('1m', 30, moment), ...await closed('1d', 2, moment)]);
      }
    }
    expect(new Set(answers.map((answer) => answer.join('\n'))).size).toBe(1);
    expect(answers[0]?.slice(0, 12)).toEqual(truth('15m', whole.filter(({ time }) => time < moment), moment).slice(-12));
  });

  test('as of a moment within memory, only what had closed by then', async () => {
    const { watched, play, closed } = candleWorld({ now: at('09:15') });
    watched('5m');
    await play(30);
    expect(await closed('5m', 10, at('09:29', 59))).toEqual(truth('5m', minutesOf(DATE, '09:25')));
    expect(await closed('5m', 1, at('09:30'))).toEqual(truth('5m', minutesOf(DATE, '09:30', '09:25')));
  });

  test('candles that history stamps outside of sessions are left out', async () => {
    const odd = (time: number): Candle => ({ ...minuteAt(time), close: 1, low: 1 });
    const history = scriptedHistory([odd(at('09:07', 0, FRIDAY)), ...minutesOf(FRIDAY), odd(at('15:30', 0, FRIDAY)), odd(at('12:00', 0, '2025-06-14'))]);
    const { closed } = candleWorld({ now: at('09:15'), history });
    expect(await closed('1m', 1_000)).toEqual(truth('1m', minutesOf(FRIDAY)));
    expect(await closed('1d', 5)).toEqual(truth('1d', minutesOf(FRIDAY)));
  });

  test('the store fills what history lacks, and history goes before it', async () => {
    const store = storeDouble();
    store.held.push(...minutesOf(FRIDAY), { ...minuteAt(at('09:15')), high: 999 });
    const { closed } = candleWorld({ now: at('09:20'), history: scriptedHistory(minutesOf(DATE, '09:20')), store });
    expect(await closed('5m', 3)).toEqual(truth('5m', [...minutesOf(FRIDAY), ...minutesOf(DATE, '09:20')]).slice(-3));
  });

  test.each([['nothing', '5x', 5], ['too much', '5m', 50_000], ['a part of a candle', '5m', 1.5], ['more than a year', '400d', 5]])('%s is refused', async (_what, timeframe, limit) => {
    const { book } = candleWorld();
    expect(await book.closed({ instrument: NIFTY, timeframe }, { limit })).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER' } });
  });

  test('without any history a question is refused until candles have closed', async () => {
    const history = scriptedHistory();
    history.mood = 'deny';
    const { book, closed, play } = candleWorld({ now: at('09:15'), history });
    expect(await book.closed({ instrument: NIFTY, timeframe: '1m' }, { limit: 5 })).toMatchObject({ ok: false, denial: { code: 'NOT_SUPPORTED' } });
    await play(3);
    expect(await closed('1m', 5)).toEqual(truth('1m', minutesOf(DATE, '09:17')));
  });
});

describe('the life of a book', () => {
  test('an instrument is listened to once, and until nobody has wanted it for a while', async () => {
    const { book, feed, time, closed } = candleWorld({ now: at('09:15'), history: scriptedHistory(minutesOf(FRIDAY)), limits: { lingerMs: 10_000 } });
    const stops = ['1m', '5m'].map((timeframe) => book.watch({ instrument: NIFTY, timeframe }, () => undefined));
    await time.pass(60_000);
    for (const stop of stops) stop();
    await time.pass(9_000);
    expect(feed.tapped()).toEqual([NIFTY.key]);
    await closed('1m', 1);
    await time.pass(9_000);
    expect(feed.tapped()).toEqual([NIFTY.key]);
    await time.pass(2_000);
    expect(feed.tapped()).toEqual([]);
    expect(time.pending()).toBe(0);
  });

  test('a question about the past listens to nothing', async () => {
    const { closed, feed } = candleWorld({ now: at('10:00'), history: scriptedHistory(minutesOf(FRIDAY)) });
    await closed('1m', 5, at('12:00', 0, FRIDAY));
    expect(feed.tapped()).toEqual([]);
  });

  test('closed one-minute candles are stored behind, the rest at the end; a store that fails holds nobody up', async () => {
    const store = storeDouble();
    const { watched, play, time, book, logged } = candleWorld({ now: at('09:15'), store });
    const seen = watched('5m');
    await play(6);
    await time.pass(1_000);
    expect(store.held).toEqual(minutesOf(DATE, '09:20'));
    store.fails = true;
    await play(6);
    expect(seen).toHaveLength(2);
    expect(logged).toContain('candles could not be stored');
    store.fails = false;
    await time.pass(2_000);
    await book.close();
    expect(store.held.at(-1)).toEqual(minuteAt(at('09:26')));
    expect(await book.closed({ instrument: NIFTY, timeframe: '1m' }, { limit: 1 })).toMatchObject({ ok: false, denial: { code: 'NOT_READY' } });
  });

  test('incomplete candles are not stored', async () => {
    const store = storeDouble();
    const { watched, tick, time, book } = candleWorld({ now: at('09:15', 30), store });
    watched('1m');
    await tick(100);
    await time.pass(40_000);
    await book.close();
    expect(store.held).toEqual([]);
  });

  test('after the end nothing is listened to, waited for or told', async () => {
    const { watched, tick, time, book, feed } = candleWorld({ now: at('09:15') });
    const seen = watched('1m');
    await tick(100);
    await book.close();
    await time.pass(120_000);
    expect([seen, feed.tapped(), time.pending()]).toEqual([[], [], 0]);
  });

  test('there is a limit to the instruments', async () => {
    const { book, watched, logged, feed } = candleWorld({ limits: { instruments: 1 } });
    watched('1m');
    const other = { ...NIFTY, key: 'NSE_INDEX:BANKNIFTY' as typeof NIFTY.key };
    expect(await book.closed({ instrument: other, timeframe: '1m' }, { limit: 1 })).toMatchObject({ ok: false, denial: { code: 'TOO_MANY_SYMBOLS' } });
    book.watch({ instrument: other, timeframe: '1m' }, () => undefined);
    expect([feed.tapped(), logged]).toEqual([[NIFTY.key], ['candles can not be watched']]);
    expect(() => book.watch({ instrument: NIFTY, timeframe: '5x' }, () => undefined)).toThrow(RangeError);
  });
});
