import fc from 'fast-check';
import type { Instrument, InstrumentKey, Quote } from '../market';
import { fromMoney, toMoney } from '../money';
import type { Action } from '../order';
import { bandOf } from './bands';
import { counterpartyOf, type Slippage } from './slippage';

const SHARE: Instrument = { key: 'NSE:TEST' as InstrumentKey, exchange: 'NSE', symbol: 'TEST', segment: 'cash', base: 'TEST', lotSize: 1, tickSize: toMoney(0.05) };
const quote = (bid: number, ask: number, last = bid, previousClose?: number): Quote => ({ instrument: SHARE.key, bid: toMoney(bid), ask: toMoney(ask), last: toMoney(last), at: 0, ...(previousClose === undefined ? {} : { previousClose: toMoney(previousClose) }) });
const model = (slippage: Slippage['slippage'], slippageTicks = 2, slippagePercent = 0.1): Slippage => ({ slippage, slippageTicks, slippagePercent });
const takes = (by: Slippage, action: Action, seen: Quote): readonly number[] => {
  const found = counterpartyOf(by, SHARE, action, seen);
  return [fromMoney(found.asks), fromMoney(found.takes)];
};

test.each<[string, Slippage, readonly number[], readonly number[]]>([
  ['none: the last price', model('none'), [100.1, 100.1], [100.1, 100.1]],
  ['spread: ask and bid', model('spread'), [100.2, 100.2], [100, 100]],
  ['ticks: so many worse', model('ticks'), [100.2, 100.3], [100, 99.9]],
  ['percent: worse, on the tick against the order', model('percent'), [100.2, 100.35], [100, 99.9]],
  ['no ticks are the spread', model('ticks', 0), [100.2, 100.2], [100, 100]],
])('%s', (_what, by, buys, sells) => {
  expect(takes(by, 'BUY', quote(100, 100.2, 100.1))).toEqual(buys);
  expect(takes(by, 'SELL', quote(100, 100.2, 100.1))).toEqual(sells);
});

test('nothing is taken beyond the day’s band', () => {
  expect(takes(model('percent', 0, 5), 'BUY', quote(118, 118.1, 118, 100))).toEqual([118.1, 120]);
  expect(takes(model('percent', 0, 5), 'SELL', quote(82, 82.1, 82, 100))).toEqual([82, 80]);
});

test('no model is ever better than bid and ask, and none leaves the tick', () => {
  fc.assert(fc.property(fc.constantFrom<Slippage['slippage']>('spread', 'ticks', 'percent'), fc.constantFrom<Action>('BUY', 'SELL'), fc.integer({ min: 1, max: 5_000 }), fc.nat(20), fc.nat(50), fc.float({ min: 0, max: 10, noNaN: true }), (by, action, bid, spread, ticks, percent) => {
    const seen = quote(bid * 0.05, (bid + spread) * 0.05);
    const found = counterpartyOf(model(by, ticks, percent), SHARE, action, seen);
    expect(found.takes % 500).toBe(0);
    if (action === 'BUY') expect(found.takes).toBeGreaterThanOrEqual(seen.ask);
    else expect(found.takes).toBeLessThanOrEqual(Math.max(seen.bid, 500));
  }));
});

test.each<[string, Instrument, object | undefined]>([
  ['a share 20 percent around the close of the day before', SHARE, { low: toMoney(80.05), high: toMoney(120.05) }],
  ['a future 10 percent', { ...SHARE, segment: 'future' }, { low: toMoney(90.05), high: toMoney(110.05) }],
  ['an option none', { ...SHARE, segment: 'option' }, undefined],
])('the price band of %s', (_what, instrument, band) => {
  expect(bandOf(instrument, quote(100, 100, 100, 100.05))).toEqual(band);
  expect(bandOf(instrument, quote(100, 100))).toBeUndefined();
});
