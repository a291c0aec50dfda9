import { manualClock } from '../../system/manual';
import { createCatalogue } from '../../../domain/instrument';
import { instrumentKey } from '../../../domain/market';
import { createAlwaysOpenCalendar, createTradingCalendar, indiaTime } from '../../../domain/session';
import { CandleSchema } from '../../../domain/candle/candle';
import { MINUTE_MS } from '../../../domain/time';
import { simulatedHistory } from './simulatedHistory';

const NOW = indiaTime('2026-11-20', '10:00') + 30_000;
const SBIN = instrumentKey('NSE', 'SBIN');
const options = { clock: manualClock(NOW), instruments: createCatalogue(), seed: 1 };

async function candles(history = simulatedHistory({ ...options, calendar: createTradingCalendar() }), limit = 100) {
  const found = await history.candles({ instrument: SBIN, timeframe: '1m', from: 0, until: NOW + MINUTE_MS, limit });
  if (!found.ok) throw new Error(found.denial.message);
  return found.value;
}

test('the newest candle is the last minute that is over, the others lie before it in sessions', async () => {
  const found = await candles();
  expect(found).toHaveLength(100);
  expect(found.at(-1)?.time).toBe(indiaTime('2026-11-20', '09:59'));
  // 45 minutes of this session, the rest at the end of the last one: an F&O share leaves at 15:15.
  expect(found[54]?.time).toBe(indiaTime('2026-11-19', '15:14'));
  for (const candle of found) expect(CandleSchema.safeParse(candle).success).toBe(true);
  expect(found.every(({ volume }) => volume >= 0)).toBe(true);
});

test('asked again later it tells the same', async () => {
  const earlier = await candles();
  const later = await candles(simulatedHistory({ ...options, clock: manualClock(NOW + 3 * MINUTE_MS), calendar: createTradingCalendar() }), 103);
  expect(later.filter(({ time }) => time <= (earlier.at(-1)?.time ?? 0)).slice(-100)).toEqual(earlier);
});

test('a market that never closes has a candle for every minute', async () => {
  const found = await candles(simulatedHistory({ ...options, calendar: createAlwaysOpenCalendar() }), 2_000);
  expect((found.at(-1)?.time ?? 0) - (found[0]?.time ?? 0)).toBe(1_999 * MINUTE_MS);
});

test('days and unknown instruments are refused', async () => {
  const history = simulatedHistory({ ...options, calendar: createTradingCalendar() });
  expect(await history.candles({ instrument: SBIN, timeframe: '1d', from: 0, until: NOW, limit: 1 })).toMatchObject({ ok: false, denial: { code: 'NOT_SUPPORTED' } });
  expect(await history.candles({ instrument: instrumentKey('NSE', '!'), timeframe: '1m', from: 0, until: NOW, limit: 1 })).toMatchObject({ ok: false, denial: { code: 'UNKNOWN_SYMBOL' } });
});
