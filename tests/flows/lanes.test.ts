import type { Recording } from '../../runtime/adapters/ticks/file/recording';
import type { Candle } from '../../runtime/domain/candle';
import { indiaTime } from '../../runtime/domain/session';
import { MINUTE_MS } from '../../runtime/domain/time';
import { listing, REAL_MONTHS_ARE_HERE, type Course } from '../doubles/courses';
import { backtestFlow, playedIn } from '../doubles/backtestFlow';
import { playFlow, type PlayedFlow, type PlayOptions } from '../doubles/playedFlow';
import { generator } from '../golden/randomBars';

jest.setTimeout(60_000);

const SBIN: Course = { symbol: 'SBIN', of: 'NIFTY', factor: 0.05 };
const FOUR: readonly Course[] = [SBIN, { symbol: 'TCS', of: 'BNF', factor: 0.1 }, { symbol: 'INFY', of: 'NIFTY', factor: 0.09, mirrored: true }, { symbol: 'RELIANCE', of: 'BNF', factor: 0.07, mirrored: true }];

/** Minutes with volumes, so that orders fill in parts. */
function traded(symbol: string, seed: number): Recording {
  const random = generator(seed);
  let last = 800;
  const tick = (price: number): number => Math.round(price * 20) / 20;
  const candles = ['2022-06-08', '2022-06-09'].flatMap((date) => Array.from({ length: 375 }, (_, minute): Candle => {
    const open = last;
    const close = tick(open * (1 + (random() - 0.5) * 0.003));
    last = close;
    return { time: indiaTime(date, '09:15') + minute * MINUTE_MS, open, close, high: tick(Math.max(open, close) + random()), low: tick(Math.min(open, close) - random()), volume: Math.floor(random() * 300), closed: true };
  }));
  return { instrument: listing(symbol), content: { kind: 'candles', candles, timeframeMs: MINUTE_MS }, problems: [], problemCount: 0 };
}

const PLAYED: readonly Omit<PlayOptions, 'host'>[] = [
  { flow: 'EMA crossover', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-10 15:30' },
  { flow: 'Moving-average crossover', courses: [SBIN], from: '2022-06-24 09:00', until: '2022-06-28 15:30' },
  { flow: 'Supertrend', courses: [SBIN], from: '2022-06-21 09:00', until: '2022-06-23 15:30' },
  { flow: 'RSI swing', courses: [SBIN], from: '2022-06-17 09:00', until: '2022-06-21 15:30' },
  { flow: 'Mean reversion', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-09 15:30' },
  { flow: 'Momentum ranking', courses: FOUR, from: '2022-06-08 09:00', until: '2022-06-08 15:30' },
  { flow: 'Opening-range breakout', courses: [SBIN], from: '2022-06-20 09:00', until: '2022-06-23 15:30' },
  { flow: 'Re-entry exit', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-10 15:30' },
  { flow: 'Stop, target and trailing monitor', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-10 15:30', starts: { '2022-06-08 09:30': 'guard-order', '2022-06-08 13:00': 'guard-order', '2022-06-09 10:00': 'guard-order', '2022-06-10 15:06': 'guard-order' } },
  { flow: 'End-of-day square-off', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-09 15:30' },
];

const TRADED: readonly Omit<PlayOptions, 'host'>[] = [
  { flow: 'EMA crossover', courses: [traded('SBIN', 1)], from: '2022-06-08 09:00', until: '2022-06-09 15:30' },
  { flow: 'Re-entry exit', courses: [traded('SBIN', 2)], from: '2022-06-08 09:00', until: '2022-06-09 15:30' },
  { flow: 'Stop, target and trailing monitor', courses: [traded('SBIN', 3)], from: '2022-06-08 09:00', until: '2022-06-09 15:30', starts: { '2022-06-08 09:30': 'guard-order', '2022-06-08 13:00': 'guard-order', '2022-06-09 10:00': 'guard-order' } },
];

test.each(REAL_MONTHS_ARE_HERE ? PLAYED : [])('$flow decides in lane A as on the runtime over a player, to the byte', async (options) => {
  const played = await playFlow({ ...options, host: 'n8n' });
  expect(playedIn(await backtestFlow({ ...options, host: 'n8n' }))).toEqual(played);
});

/** An exit that fills in parts is taken back and tried again with the look at hand: in lane A with the fill itself, on the player with the minute. What is sent, and at which prices it fills, is the same. */
test.each(TRADED)('$flow decides and fills the same where orders fill in parts', async (options) => {
  const withoutTimes = (flow: PlayedFlow): PlayedFlow => ({ ...flow, orders: flow.orders.map((order) => order.slice('06-08 09:15 '.length)) });
  const played = await playFlow({ ...options, host: 'n8n' });
  expect(withoutTimes(playedIn(await backtestFlow({ ...options, host: 'n8n' })))).toEqual(withoutTimes(played));
});
