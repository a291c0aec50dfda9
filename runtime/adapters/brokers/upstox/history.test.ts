import { upstoxServer, UPSTOX_TOKEN, type UpstoxServer } from '../../../../tests/doubles/upstoxServer';
import { upstoxError } from '../../../../tests/doubles/upstoxServerEndpoints';
import { instrumentKey } from '../../../domain/market';
import type { Log } from '../../../domain/ports';
import { indiaTime } from '../../../domain/session';
import { DAY_MS, MINUTE_MS } from '../../../domain/time';
import { manualClock } from '../../system/manual';
import { upstoxClient } from './client';
import { upstoxHistory } from './history';
import { upstoxKeys } from './instrumentKeys';
import { openMasterBytes } from './masterBytes';

const SBIN = instrumentKey('NSE', 'SBIN');
const KEY = 'NSE_EQ|INE062A01020';
const OPEN = indiaTime('2026-11-20', '09:15');
const NOW = indiaTime('2026-11-20', '10:00') + 30_000;

let server: UpstoxServer;
let waits: number[];
let warnings: object[];
beforeEach(async () => {
  server = await upstoxServer(manualClock(NOW));
  server.back.instruments = [{ segment: 'NSE_EQ', instrument_type: 'EQ', instrument_key: KEY, lot_size: 1, tick_size: 5, trading_symbol: 'SBIN' }];
  waits = [];
  warnings = [];
});
afterEach(() => server.close());

const stamp = (at: number): string => `${new Date(at + 5.5 * 3_600_000).toISOString().slice(0, 19)}+05:30`;
const row = (at: number, close: unknown = 800): readonly unknown[] => [stamp(at), 800, 810, 790, close, 5, 0];
/** Rows as Upstox gives them: newest first. */
const given = (rows: readonly (readonly unknown[])[], unit = 'minutes/1'): void => void server.back.candles.set(`${KEY} ${unit}`, [...rows].reverse());
const minutes = (from: number, count: number): (readonly unknown[])[] => Array.from({ length: count }, (_, index) => row(from + index * MINUTE_MS));
const request = (more: object = {}) => ({ instrument: SBIN, timeframe: '1m' as const, from: OPEN, until: NOW, limit: 1_000, ...more });
const pages = (): string[] => server.askedUnder('/v3/historical-candle/').map(({ path }) => decodeURIComponent(path.slice('/v3/historical-candle/'.length)));

function history(more: { readonly mostWaiting?: number } = {}) {
  const clock = manualClock(NOW);
  const pause = (ms: number): Promise<void> => {
    waits.push(ms);
    clock.advance(ms);
    return Promise.resolve();
  };
  const quiet = (): undefined => undefined;
  const log: Log = { debug: quiet, info: quiet, error: quiet, warn: (fields) => void warnings.push(fields) };
  const client = upstoxClient({ addresses: server.addresses, accessToken: UPSTOX_TOKEN, pause, random: () => 0 });
  const keys = upstoxKeys({ open: () => openMasterBytes({ address: server.masterAddress }), clock, log });
  return upstoxHistory({ client, keys, clock, pause, log, ...more });
}

test('minutes of today come from their own endpoint, oldest first, stamped with their start, without the one that still forms', async () => {
  given(minutes(OPEN, 46));
  const answer = await history().candles(request());
  if (!answer.ok) throw new Error(answer.denial.message);
  expect(answer.value).toHaveLength(45);
  expect(answer.value[0]).toEqual({ time: OPEN, open: 800, high: 810, low: 790, close: 800, volume: 5, closed: true });
  expect(answer.value.at(-1)?.time).toBe(OPEN + 44 * MINUTE_MS);
  expect(pages()).toEqual([`intraday/${KEY}/minutes/1`]);
});

test('a long stretch is asked for in pages that Upstox allows, the newest first', async () => {
  server.back.mostMinuteDays = 28;
  const days = Array.from({ length: 70 }, (_, index) => OPEN - index * DAY_MS).reverse();
  given(days.map((day) => row(day)));
  const answer = await history().candles(request({ from: OPEN - 69 * DAY_MS }));
  expect(answer.ok && answer.value.map(({ time }) => time)).toEqual(days);
  expect(pages()).toEqual([`intraday/${KEY}/minutes/1`, `${KEY}/minutes/1/2026-11-19/2026-10-23`, `${KEY}/minutes/1/2026-10-22/2026-09-25`, `${KEY}/minutes/1/2026-09-24/2026-09-12`]);
  expect(waits).toEqual([500, 500, 500]);
});

test('days leave today out and need one page for years', async () => {
  given([row(indiaTime('2018-01-02', '00:00')), row(indiaTime('2026-11-19', '00:00')), row(indiaTime('2026-11-20', '00:00'))], 'days/1');
  const answer = await history().candles(request({ timeframe: '1d', from: indiaTime('2018-01-02', '00:00') }));
  expect(answer.ok && answer.value.map(({ time }) => time)).toEqual([indiaTime('2018-01-02', '00:00'), indiaTime('2026-11-19', '00:00')]);
  expect(pages()).toEqual([`${KEY}/days/1/2026-11-19/2018-01-02`]);
});

test('no more is read than asked for, and two empty pages are the listing', async () => {
  given([row(OPEN - 40 * DAY_MS), row(OPEN - DAY_MS), row(OPEN)]);
  expect(await history().candles(request({ from: OPEN - 300 * DAY_MS, limit: 1 }))).toMatchObject({ ok: true, value: [{ time: OPEN }] });
  expect(pages()).toHaveLength(1);
  expect(await history().candles(request({ from: OPEN - 300 * DAY_MS, until: OPEN - 50 * DAY_MS }))).toEqual({ ok: true, value: [] });
  expect(pages()).toHaveLength(3);
});

test('rows that are no candle are left out, counted and logged', async () => {
  given([row(OPEN), row(OPEN + MINUTE_MS, 'much'), ['soon', 1, 1, 1, 1, 1], [], row(OPEN + 2 * MINUTE_MS)]);
  server.fail(`/v3/historical-candle/intraday/${encodeURIComponent(KEY)}/minutes/1`, { kind: 'answer', carriedOut: false, status: 200, text: JSON.stringify({ status: 'success', data: { candles: [row(OPEN + MINUTE_MS), row(OPEN, 'much'), ['soon', 1, 1, 1, 1, 1], [], null] } }) });
  expect(await history().candles(request())).toMatchObject({ ok: true, value: [{ time: OPEN + MINUTE_MS }] });
  expect(warnings).toEqual([expect.objectContaining({ instrument: SBIN, dropped: 4 })]);
});

test('a failure in the middle of many pages is no end of history; a refusal of the older past is', async () => {
  given([row(OPEN)]);
  const source = history();
  const older = `/v3/historical-candle/${encodeURIComponent(KEY)}/minutes/1/2026-11-19/2026-10-23`;
  server.fail(older, { kind: 'answer', carriedOut: false, status: 500, text: '' }, 3);
  expect(await source.candles(request({ from: OPEN - 60 * DAY_MS }))).toMatchObject({ ok: false, denial: { code: 'NOT_READY' } });
  server.fail(older, { kind: 'answer', carriedOut: false, status: 400, text: JSON.stringify(upstoxError('UDAPI1148', 'Invalid date range')) });
  expect(await source.candles(request({ from: OPEN - 60 * DAY_MS }))).toMatchObject({ ok: true, value: [{ time: OPEN }] });
});

test('a token that is over, a symbol that is not listed and too many requests at once are denials', async () => {
  given(minutes(OPEN, 3));
  expect(await history().candles(request({ instrument: instrumentKey('NSE', 'NOPE') }))).toMatchObject({ ok: false, denial: { code: 'UNKNOWN_SYMBOL' } });
  const source = history({ mostWaiting: 1 });
  await source.candles(request());
  const answers = await Promise.all([source.candles(request()), source.candles(request())]);
  expect(answers.map((answer) => (answer.ok ? 'candles' : answer.denial.code))).toEqual(['candles', 'TOO_MANY_REQUESTS']);
  server.sessionOver = true;
  expect(await history().candles(request())).toMatchObject({ ok: false, denial: { code: 'SESSION_EXPIRED' } });
});
