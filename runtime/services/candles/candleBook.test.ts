import { at, candleText, candleWorld, clockText, DATE, minuteAt, minutesOf, NIFTY, scriptedHistory, storeDouble, truth } from '../../../tests/doubles/candleWorld';

const FRIDAY = '2025-06-13';

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
    const dues = (): readonly string[] => appointments.map(({ due }) => clockText(due));
    await time.pass(0);
    await tick(100);
    expect(dues()).toEqual(['09:16']);
    await time.pass(60_000);
    expect(ones).toEqual([]);
    await appointments.shift()?.work();
    expect(ones).toEqual(['09:15 100 100 100 100 0']);
    expect(dues()).toEqual(['09:20']);
    await tick(101);
    expect(dues()).toEqual(['09:17']);
    await time.pass(240_000);
    await appointments.shift()?.work();
    expect(dues()).toEqual(['09:20']);
    await appointments.shift()?.work();
    expect([ones.length, fives]).toEqual([2, ['09:15 100 101 100 101 0']]);
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
    expect((await closed('1m', 1)).map((text) => text.slice(0, 5))).toEqual(['10:05']);
    history.candles1m = minutesOf(DATE, '10:07');
    await play(4);
    await time.pass(3_000);
    expect(await closed('1m', 8)).toEqual(truth('1m', minutesOf(DATE, '10:11', '10:03')));
  });

  test('a longer candle waits for the minutes that history had not yet, and is incomplete while it has not', async () => {
    for (const comes of [true, false]) {
      const history = scriptedHistory(minutesOf(DATE, '10:06'));
      const { watched, play, book, time } = candleWorld({ now: at('10:07'), history });
      const seen = watched('15m');
      await time.pass(0);
      expect(book.forming({ instrument: NIFTY, timeframe: '15m' })).toMatchObject({ incomplete: true });
      if (comes) history.candles1m = minutesOf(DATE, '10:07');
      else history.mood = 'deny';
      await play(9);
      const [whole] = truth('15m', minutesOf(DATE, '10:15', '10:00'));
      const [part] = truth('15m', minutesOf(DATE, '10:15', '10:00').filter(({ time: start }) => start !== at('10:06')), at('10:15'));
      expect(seen).toEqual([comes ? whole : `${part ?? ''}!`]);
    }
  });

  test('a candle of which only history was seen is closed by the clock', async () => {
    const { watched, time } = candleWorld({ now: at('10:07'), history: scriptedHistory(minutesOf(DATE, '10:07')) });
    const seen = watched('15m');
    await time.pass(482_250);
    expect(seen).toEqual(truth('15m', minutesOf(DATE, '10:07', '10:00')));
  });

  test('while history is waited for candles queue up, and are told in order', async () => {
    const history = scriptedHistory();
    history.mood = 'hang';
    const { watched, play, time } = candleWorld({ now: at('10:00', 30), history, limits: { repairPatienceMs: 300_000 } });
    const seen = watched('1m');
    await time.pass(15_000);
    await play(3);
    expect(seen).toEqual([]);
    await time.pass(300_000);
    expect(seen.map((text) => text.slice(0, 5) + text.slice(text.endsWith('!') ? -1 : text.length))).toEqual(['10:00!', '10:01', '10:02', '10:03']);
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
    expect(time.waiting).toBe(0);
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
    expect([seen, feed.tapped(), time.waiting]).toEqual([[], [], 0]);
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
