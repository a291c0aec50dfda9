import type { OrderView } from './envelope';
import { toMoney } from './money';
import { orderText, withText, type SentTerms } from './orderText';

const order = (changes: Partial<OrderView> = {}): OrderView => ({
  id: 'o', intentKey: 'k', status: 'FILLED', exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, filledQuantity: 10, averagePrice: 812.35, product: 'MIS', orderType: 'MARKET', at: 0, ...changes,
});
const resting = (status: OrderView['status'], changes: Partial<OrderView> = {}): OrderView => {
  const { averagePrice, ...rest } = order({ status, filledQuantity: 0, ...changes });
  return averagePrice === undefined ? rest : { ...rest };
};

test.each<[string, OrderView, SentTerms | undefined]>([
  ['BUY 10 SBIN at 812.35: FILLED', order(), undefined],
  ['SELL 1,800 SBIN at 812.33: FILLED', order({ action: 'SELL', quantity: 1_800, filledQuantity: 1_800, averagePrice: 812.3333 }), undefined],
  ['BUY 4 of 10 SBIN at 812.35: PARTIALLY_FILLED', order({ status: 'PARTIALLY_FILLED', filledQuantity: 4 }), undefined],
  ['BUY 4 of 10 SBIN at 812.35: CANCELLED', order({ status: 'CANCELLED', filledQuantity: 4, reason: 'by hand' }), undefined],
  ['BUY 65 NIFTY29DEC2626000CE waits at 500 (TRIGGER_PENDING)', resting('TRIGGER_PENDING', { symbol: 'NIFTY29DEC2626000CE', quantity: 65 }), { limitPrice: toMoney(505), triggerPrice: toMoney(500) }],
  ['BUY 10 SBIN waits at 505 (OPEN)', resting('OPEN'), { limitPrice: toMoney(505), triggerPrice: toMoney(500) }],
  ['BUY 10 SBIN waits (OPEN)', resting('OPEN'), undefined],
  ['BUY 10 SBIN waits at 800.05 (ACCEPTED)', resting('ACCEPTED'), { limitPrice: toMoney(800.05) }],
  ['BUY 10 SBIN is on its way (SUBMITTING)', resting('SUBMITTING'), { limitPrice: toMoney(800.05) }],
  ['BUY 10 SBIN: REJECTED, no margin', resting('REJECTED', { reason: 'no margin' }), undefined],
  ['BUY 10 SBIN: CANCELLED', resting('CANCELLED'), undefined],
  ['BUY 10 SBIN: UNKNOWN, nobody knows yet whether the broker has it', resting('UNKNOWN'), undefined],
])('%s', (text, of, sent) => {
  expect(orderText(of, sent)).toBe(text);
  expect(withText(of, sent)).toEqual({ ...of, text });
});
