import { tickSizeAt } from '../../runtime/domain/instrument';
import { toMoney } from '../../runtime/domain/money';
import { addDays } from '../../runtime/domain/session';
import { madeUpCandles } from '../../scripts/start/madeUpCandles.mjs';

const days = Array.from({ length: 180 }, (_, day) => addDays('2026-01-01', day));
/** A note of the file, its header, and the candles. */
const [note, , ...rows] = madeUpCandles(days).trim().split('\n');
const candles = rows.map((row) => row.split(',').slice(1, 5).map(Number));

test('the file says that its prices are made up', () => {
  expect(note).toMatch(/^# .*made up/i);
});

test('prices of the demo are on the tick of a share, and every candle holds its own ends', () => {
  expect(candles).toHaveLength(days.length * 75);
  expect(candles.flat().filter((price) => toMoney(price) % tickSizeAt({}, toMoney(price)) !== 0)).toEqual([]);
  expect(candles.filter(([open = NaN, high = NaN, low = NaN, close = NaN]) => !(high >= Math.max(open, close) && low <= Math.min(open, close)))).toEqual([]);
});
