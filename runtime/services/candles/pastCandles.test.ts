import { at, candleWorld, DATE, minuteAt, minutesOf, NIFTY, scriptedHistory, storeDouble, truth } from '../../../tests/doubles/candleWorld';
import type { Candle } from '../../domain/candle';
import { MINUTE_MS } from '../../domain/time';

const FRIDAY = '2025-06-13';

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

  test('what memory has no room for comes from history again', async () => {
    const history = scriptedHistory(minutesOf(DATE, '10:00'));
    const { watched, closed, play } = candleWorld({ now: at('09:15'), history, limits: { kept: 10 } });
    watched('1m');
    await play(25);
    expect(await closed('1m', 24)).toEqual(truth('1m', minutesOf(DATE, '09:39')));
    expect(await closed('5m', 4)).toEqual(truth('5m', minutesOf(DATE, '09:35')));
  });

  test('where more lies in the past than may be read, no candle is a part of itself', async () => {
    const { closed } = candleWorld({ now: at('09:15'), history: scriptedHistory(minutesOf(FRIDAY)), limits: { historyMinutes: 20 } });
    expect(await closed('15m', 10)).toEqual(truth('15m', minutesOf(FRIDAY)).slice(-1));
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
