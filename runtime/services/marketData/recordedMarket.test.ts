import { manualClock } from '../../adapters/system/manual';
import { manualMarket } from '../../adapters/ticks/simulated/manualMarket';
import { deny, ok } from '../../domain/denial';
import type { History } from '../../domain/feed';
import { instrumentKey } from '../../domain/market';
import { toMoney } from '../../domain/money';
import { MINUTE_MS } from '../../domain/time';
import { recordedMarket } from './recordedMarket';

const KEY = instrumentKey('NSE', 'SBIN');
const NOW = 100 * MINUTE_MS;
const history: History = {
  candles: ({ until }) => Promise.resolve(ok([{ time: until - 2 * MINUTE_MS, open: 1, high: 3, low: 1, close: 2.5, volume: 1, closed: true }])),
};
const clock = manualClock(NOW);

test('an instrument without a tick has the close of its last minute', async () => {
  const market = recordedMarket(manualMarket(), { history, clock });
  expect(await market.quote(KEY)).toEqual({ instrument: KEY, bid: toMoney(2.5), ask: toMoney(2.5), last: toMoney(2.5), at: NOW - MINUTE_MS });
});

test('a tick is newer than any candle', async () => {
  const ticks = manualMarket();
  const quote = { instrument: KEY, bid: toMoney(9), ask: toMoney(9), last: toMoney(9), at: NOW };
  ticks.set(quote);
  expect(await recordedMarket(ticks, { history, clock }).quote(KEY)).toEqual(quote);
});

test('without either the market itself is asked', async () => {
  const market = recordedMarket(manualMarket(), { history: { candles: () => Promise.resolve(deny('NOT_SUPPORTED', 'ticks only')) }, clock });
  expect(await market.quote(KEY)).toBeUndefined();
});
