import fc from 'fast-check';
import type { InstrumentKey, Quote } from '../market';
import { asMoney, toMoney } from '../money';
import type { Action, OrderType } from '../order';
import { matchOrder, type Stage } from './matching';

const quote = (bid: number, ask: number, last = bid): Quote => ({ instrument: 'NSE:SBIN' as InstrumentKey, bid: toMoney(bid), ask: toMoney(ask), last: toMoney(last), at: 0 });
const order = (action: Action, orderType: OrderType, limit?: number, trigger?: number) => ({
  action, orderType, ...(limit === undefined ? {} : { limitPrice: toMoney(limit) }), ...(trigger === undefined ? {} : { triggerPrice: toMoney(trigger) }),
});
const fills = (price: number, triggered = false) => ({ kind: 'fills', price: toMoney(price), triggered });
const otherSide = (action: Action, { bid, ask }: Quote, worse = 0) => (action === 'BUY' ? { asks: ask, takes: asMoney(ask + worse * 10_000) } : { asks: bid, takes: asMoney(bid - worse * 10_000) });
const rests = (stage: 'OPEN' | 'TRIGGER_PENDING') => ({ kind: 'rests', stage });

test.each<[string, ReturnType<typeof order>, Stage, Quote, object]>([
  ['a market buy takes the ask', order('BUY', 'MARKET'), 'ARRIVING', quote(100, 101), fills(101)],
  ['a market sale takes the bid', order('SELL', 'MARKET'), 'ARRIVING', quote(100, 101), fills(100)],
  ['a buy limit above the ask takes the ask', order('BUY', 'LIMIT', 105), 'ARRIVING', quote(100, 101), fills(101)],
  ['a buy limit at the ask takes the ask', order('BUY', 'LIMIT', 101), 'ARRIVING', quote(100, 101), fills(101)],
  ['a buy limit below the ask rests', order('BUY', 'LIMIT', 100.95), 'ARRIVING', quote(100, 101), rests('OPEN')],
  ['a sale limit below the bid takes the bid', order('SELL', 'LIMIT', 95), 'ARRIVING', quote(100, 101), fills(100)],
  ['a sale limit above the bid rests', order('SELL', 'LIMIT', 100.05), 'ARRIVING', quote(100, 101), rests('OPEN')],
  ['a resting buy gets its own limit', order('BUY', 'LIMIT', 99), 'OPEN', quote(97, 98), fills(99)],
  ['a resting sale gets its own limit', order('SELL', 'LIMIT', 103), 'OPEN', quote(104, 105), fills(103)],
  ['a resting buy waits on', order('BUY', 'LIMIT', 99), 'OPEN', quote(98.95, 99.05), rests('OPEN')],
  ['a buy stop waits below its trigger', order('BUY', 'SL-M', undefined, 105), 'ARRIVING', quote(104, 104.5, 104.95), rests('TRIGGER_PENDING')],
  ['a buy stop at its trigger takes the ask', order('BUY', 'SL-M', undefined, 105), 'TRIGGER_PENDING', quote(105, 105.5, 105), fills(105.5, true)],
  ['a sale stop at its trigger takes the bid', order('SELL', 'SL-M', undefined, 95), 'TRIGGER_PENDING', quote(94, 95, 95), fills(94, true)],
  ['a sale stop is not triggered by the bid alone', order('SELL', 'SL-M', undefined, 95), 'TRIGGER_PENDING', quote(94, 96, 95.05), rests('TRIGGER_PENDING')],
  ['a stop that arrives waits, whatever the price', order('SELL', 'SL-M', undefined, 105), 'ARRIVING', quote(100, 101), rests('TRIGGER_PENDING')],
  ['a triggered stop limit takes what is there', order('BUY', 'SL', 106, 105), 'TRIGGER_PENDING', quote(105, 105.5, 105), fills(105.5, true)],
  ['a triggered stop limit whose limit is out of reach becomes a limit order', order('BUY', 'SL', 105, 105), 'TRIGGER_PENDING', quote(105, 107, 106), rests('OPEN')],
  ['what is left of a buy goes on taking the ask', order('BUY', 'LIMIT', 105), 'TAKING', quote(100, 101), fills(101)],
  ['what is left of a stop needs no second trigger', order('SELL', 'SL-M', undefined, 95), 'TAKING', quote(96, 97), fills(96)],
  ['a stop limit that rests after its trigger needs no second one', order('BUY', 'SL', 106, 105), 'OPEN', quote(103, 104, 103), fills(106)],
])('%s', (_what, wanted, stage, seen, expected) => {
  expect(matchOrder(wanted, stage, seen, otherSide(wanted.action, seen))).toEqual(expected);
});

test('no fill is ever worse than the limit', () => {
  const price = fc.integer({ min: 1, max: 2_000 });
  fc.assert(fc.property(fc.constantFrom<Action>('BUY', 'SELL'), fc.constantFrom<OrderType>('LIMIT', 'SL'), fc.constantFrom<Stage>('ARRIVING', 'TAKING', 'OPEN', 'TRIGGER_PENDING'), price, price, price, fc.nat(50), fc.nat(50),
    (action, orderType, stage, limit, trigger, bid, spread, worse) => {
      const seen = quote(bid, bid + spread, bid);
      const match = matchOrder(order(action, orderType, limit, trigger), stage, seen, otherSide(action, seen, worse));
      if (match.kind === 'rests') return;
      if (action === 'BUY') expect(match.price).toBeLessThanOrEqual(toMoney(limit));
      else expect(match.price).toBeGreaterThanOrEqual(toMoney(limit));
    }));
});
