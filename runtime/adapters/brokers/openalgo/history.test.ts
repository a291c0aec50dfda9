import { LIMITED, LOGIN_PAGE, openAlgoServer, type OpenAlgoServer } from '../../../../tests/doubles/openalgoServer';
import type { HistoryRowGiven } from '../../../../tests/doubles/openalgoServerEndpoints';
import { instrumentKey } from '../../../domain/market';
import type { Log } from '../../../domain/ports';
import { indiaTime } from '../../../domain/session';
import { DAY_MS, MINUTE_MS } from '../../../domain/time';
import { manualClock } from '../../system/manual';
import { openAlgoClient } from './client';
import { openAlgoHistory } from './history';

const SBIN = instrumentKey('NSE', 'SBIN');
const OPEN = indiaTime('2026-11-20', '09:15');
const NOW = indiaTime('2026-11-20', '10:00') + 30_000;

const row = (at: number, close = 800, more: object = {}): HistoryRowGiven => ({ timestamp: at / 1_000, open: 800, high: 810, low: 790, close, volume: 5, oi: 0, ...more });
const minutes = (from: number, count: number): HistoryRowGiven[] => Array.from({ length: count }, (_, index) => row(from + index * MINUTE_MS, 795 + (index % 10)));

let server: OpenAlgoServer;
let waits: number[];
let warnings: object[];
beforeEach(async () => {
  server = await openAlgoServer(manualClock(NOW));
  waits = [];
  warnings = [];
});
afterEach(() => server.close());

function history(now = NOW, more: { readonly mostWaiting?: number; readonly apiKey?: string } = {}) {
  const clock = manualClock(now);
  const pause = (ms: number): Promise<void> => {
    waits.push(ms);
    clock.advance(ms);
    return Promise.resolve();
  };
  const quiet = (): undefined => undefined;
  const log: Log = { debug: quiet, info: quiet, error: quiet, warn: (fields) => void warnings.push(fields) };
  const client = openAlgoClient({ url: server.url, apiKey: more.apiKey ?? server.apiKey, pause, random: () => 0 });
  return openAlgoHistory({ client, clock, pause, log, ...(more.mostWaiting === undefined ? {} : { mostWaiting: more.mostWaiting }) });
}
const request = (more: object = {}) => ({ instrument: SBIN, timeframe: '1m' as const, from: OPEN, until: NOW, limit: 1_000, ...more });
const given = (rows: readonly HistoryRowGiven[], interval = '1m') => void server.gateway.history.set(`NSE:SBIN ${interval}`, rows);

test('minutes come stamped with their start, oldest first, and without the one that still forms', async () => {
  given(minutes(OPEN, 46));
  const answer = await history().candles(request());
  if (!answer.ok) throw new Error(answer.denial.message);
  expect(answer.value).toHaveLength(45);
  expect(answer.value[0]).toEqual({ time: OPEN, open: 800, high: 810, low: 790, close: 795, volume: 5, closed: true });
  expect(answer.value.at(-1)?.time).toBe(OPEN + 44 * MINUTE_MS);
  expect(server.asked('history')).toEqual([{ symbol: 'SBIN', exchange: 'NSE', interval: '1m', start_date: '2026-11-20', end_date: '2026-11-20' }]);
});

test('only candles that start within the stretch are given, and of those the newest', async () => {
  given(minutes(OPEN, 46));
  const answer = await history().candles(request({ from: OPEN + 5 * MINUTE_MS, until: OPEN + 20 * MINUTE_MS, limit: 3 }));
  expect(answer.ok && answer.value.map(({ time }) => (time - OPEN) / MINUTE_MS)).toEqual([17, 18, 19]);
});

test('a long stretch is asked for in pages of a month that a broker allows, the newest first', async () => {
  server.gateway.mostDays = 28;
  const days = Array.from({ length: 70 }, (_, index) => OPEN - index * DAY_MS).reverse();
  given(days.map((day) => row(day)));
  const answer = await history().candles(request({ from: OPEN - 69 * DAY_MS }));
  expect(answer.ok && answer.value.map(({ time }) => time)).toEqual(days);
  expect(server.asked('history').map(({ start_date: start, end_date: end }) => [start, end])).toEqual([
    ['2026-10-24', '2026-11-20'], ['2026-09-26', '2026-10-23'], ['2026-09-12', '2026-09-25'],
  ]);
  expect(waits).toEqual([500, 500]);
});

test('no more is read than asked for', async () => {
  given([row(OPEN - 60 * DAY_MS), row(OPEN - 40 * DAY_MS), row(OPEN - 2 * DAY_MS), row(OPEN - DAY_MS)]);
  const answer = await history().candles(request({ from: OPEN - 300 * DAY_MS, limit: 2 }));
  expect(answer.ok && answer.value).toHaveLength(2);
  expect(server.asked('history')).toHaveLength(1);
});

test('a gateway that gives more than it was asked for gives nothing twice', async () => {
  const days = [row(OPEN - 40 * DAY_MS), row(OPEN - DAY_MS)];
  server.fail('history', { kind: 'answer', carriedOut: false, status: 200, text: JSON.stringify({ status: 'success', data: days }) }, 3);
  const answer = await history().candles(request({ from: OPEN - 60 * DAY_MS }));
  expect(answer.ok && answer.value.map(({ time }) => time)).toEqual([OPEN - 40 * DAY_MS, OPEN - DAY_MS]);
});

test('two empty pages are the listing', async () => {
  given([row(OPEN - DAY_MS)]);
  const answer = await history().candles(request({ from: OPEN - 1_000 * DAY_MS }));
  expect(answer.ok && answer.value).toHaveLength(1);
  expect(server.asked('history')).toHaveLength(3);
});

test.each([['midnight in India', '00:00'], ['5:30 later, as brokers stamp it that take the time for UTC', '05:30']])('a day stamped with %s is the same day', async (_what, time) => {
  given([row(indiaTime('2026-11-18', time)), row(indiaTime('2026-11-19', time)), row(indiaTime('2026-11-20', time))], 'D');
  const answer = await history().candles(request({ timeframe: '1d', from: OPEN - 30 * DAY_MS }));
  expect(answer.ok && answer.value.map((candle) => candle.time)).toEqual([indiaTime('2026-11-18', '00:00'), indiaTime('2026-11-19', '00:00')]);
  expect(server.asked('history')).toMatchObject([{ interval: 'D' }]);
});

test('rows that are no candle are left out, counted and logged; text and missing volume are read', async () => {
  given([
    row(OPEN, 800, { open: '800.0', volume: '12' }), row(OPEN + MINUTE_MS, 800, { volume: null }),
    row(OPEN + 2 * MINUTE_MS, 820), row(OPEN + 3 * MINUTE_MS, 800, { low: 0, open: 0 }), row(OPEN + 4 * MINUTE_MS, 800, { close: null }), row(OPEN + 5 * MINUTE_MS, 800, { volume: -1 }),
    { timestamp: 'soon', open: 1, high: 1, low: 1, close: 1, volume: 1 }, { timestamp: 5, nothing: true },
  ]);
  const answer = await history().candles(request());
  expect(answer).toMatchObject({ ok: true, value: [{ time: OPEN, open: 800, volume: 12 }, { time: OPEN + MINUTE_MS, volume: 0 }] });
  expect(warnings).toEqual([expect.objectContaining({ instrument: SBIN, dropped: 5 })]);
});

test('what can not be read at first is asked for again, a limited number of times', async () => {
  given(minutes(OPEN, 3));
  server.fail('history', LOGIN_PAGE);
  server.fail('history', LIMITED);
  expect(await history().candles(request())).toMatchObject({ ok: true, value: [{}, {}, {}] });
  expect(waits).toEqual([250, 1_100]);
  server.fail('history', { kind: 'reset', carriedOut: true, midBody: true }, 3);
  expect(await history().candles(request())).toMatchObject({ ok: false, denial: { code: 'NOT_READY' } });
  expect(server.asked('history')).toHaveLength(6);
});

test('a failure in the middle of many pages is no end of history', async () => {
  given([row(OPEN - DAY_MS), row(OPEN - 40 * DAY_MS)]);
  const source = history();
  server.fail('history', { kind: 'answer', carriedOut: true, status: 200, text: JSON.stringify({ status: 'success', data: [row(OPEN - DAY_MS)] }) });
  server.fail('history', { kind: 'answer', carriedOut: false, status: 500, text: '' }, 3);
  expect(await source.candles(request({ from: OPEN - 60 * DAY_MS }))).toMatchObject({ ok: false, denial: { code: 'NOT_READY' } });
});

test('a broker that refuses the older past has no more', async () => {
  given([row(OPEN - DAY_MS)]);
  server.fail('history', { kind: 'answer', carriedOut: true, status: 200, text: JSON.stringify({ status: 'success', data: [row(OPEN - DAY_MS)] }) });
  server.fail('history', { kind: 'answer', carriedOut: false, status: 400, text: JSON.stringify({ status: 'error', message: 'from_date is too far back' }) });
  expect(await history().candles(request({ from: OPEN - 300 * DAY_MS }))).toMatchObject({ ok: true, value: [{ time: OPEN - DAY_MS }] });
});

test.each<[string, object, string]>([
  ['a symbol that the gateway lacks', { instrument: instrumentKey('NSE', 'NOPE') }, 'UNKNOWN_SYMBOL'],
  ['a key that is wrong', { apiKey: 'x' }, 'WRONG_SECRET'],
])('%s is a denial', async (_what, { apiKey, ...more }: { apiKey?: string }, code) => {
  expect(await history(NOW, apiKey === undefined ? {} : { apiKey }).candles(request(more))).toMatchObject({ ok: false, denial: { code } });
  expect(server.asked('history')).toHaveLength(1);
});

test('requests of everyone follow each other at the broker\'s pace, and no more than a limit wait', async () => {
  given(minutes(OPEN, 3));
  const source = history(NOW, { mostWaiting: 3 });
  const answers = await Promise.all(Array.from({ length: 5 }, () => source.candles(request())));
  expect(answers.map((answer) => (answer.ok ? 'candles' : answer.denial.code))).toEqual(['candles', 'candles', 'candles', 'TOO_MANY_REQUESTS', 'TOO_MANY_REQUESTS']);
  expect(waits).toEqual([500, 500]);
});
