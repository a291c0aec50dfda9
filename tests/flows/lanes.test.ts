import { REAL_MONTHS_ARE_HERE, type Course } from '../doubles/courses';
import { backtestFlow, playedIn } from '../doubles/backtestFlow';
import { playFlow, type PlayOptions } from '../doubles/playedFlow';

jest.setTimeout(60_000);

const SBIN: Course = { symbol: 'SBIN', of: 'NIFTY', factor: 0.05 };
const FOUR: readonly Course[] = [SBIN, { symbol: 'TCS', of: 'BNF', factor: 0.1 }, { symbol: 'INFY', of: 'NIFTY', factor: 0.09, mirrored: true }, { symbol: 'RELIANCE', of: 'BNF', factor: 0.07, mirrored: true }];

const PLAYED: readonly Omit<PlayOptions, 'host'>[] = [
  { flow: 'EMA crossover', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-10 15:30' },
  { flow: 'Moving-average crossover', courses: [SBIN], from: '2022-06-24 09:00', until: '2022-06-28 15:30' },
  { flow: 'Supertrend', courses: [SBIN], from: '2022-06-21 09:00', until: '2022-06-23 15:30' },
  { flow: 'RSI swing', courses: [SBIN], from: '2022-06-17 09:00', until: '2022-06-21 15:30' },
  { flow: 'Mean reversion', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-09 15:30' },
  { flow: 'Momentum ranking', courses: FOUR, from: '2022-06-08 09:00', until: '2022-06-08 15:30' },
  { flow: 'Opening-range breakout', courses: [SBIN], from: '2022-06-20 09:00', until: '2022-06-23 15:30' },
  { flow: 'Re-entry exit', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-10 15:30' },
  { flow: 'End-of-day square-off', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-09 15:30' },
];

test.each(REAL_MONTHS_ARE_HERE ? PLAYED : [])('$flow decides in lane A as on the runtime over a player, to the byte', async (options) => {
  const played = await playFlow({ ...options, host: 'n8n' });
  expect(playedIn(await backtestFlow({ ...options, host: 'n8n' }))).toEqual(played);
});
