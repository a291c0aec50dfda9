import { toMoney } from '../../../domain/money';
import { indiaTime } from '../../../domain/session';
import { listedRow, strategyTag } from './mapper';
import { OrderRow } from './schema';

const GIVEN = { orderid: 7, symbol: 'SBIN', exchange: 'NSE', action: 'buy', quantity: '10', order_status: 'Trigger_Pending' };
const read = (more: object = {}) => listedRow(OrderRow.parse({ ...GIVEN, ...more }));

test('a row with little in it is an order with little said of it', () => {
  expect(read()).toEqual({
    brokerOrderId: '7', tag: undefined, instrument: 'NSE:SBIN', action: 'BUY', quantity: 10, standing: 'TRIGGER_PENDING', product: undefined, orderType: undefined, limitPrice: undefined, triggerPrice: undefined,
    filledQuantity: undefined, averagePrice: undefined, reason: undefined, placedAt: undefined,
  });
});

test.each<[string, object, object]>([
  ['the type by its usual name', { pricetype: 'limit' }, { orderType: 'LIMIT' }],
  ['the type by its other name', { price_type: 'SL-M' }, { orderType: 'SL-M' }],
  ['prices as text', { price: '99.05', trigger_price: '98' }, { limitPrice: toMoney(99.05), triggerPrice: toMoney(98) }],
  ['an average of 0, which is none', { average_price: 0 }, { averagePrice: undefined }],
  ['our tag', { strategy: strategyTag('o1') }, { tag: 'o1' }],
  ['a tag of somebody else', { strategy: 'me' }, { tag: '' }],
  ['an exchange that is not traded here', { exchange: 'NYSE' }, { instrument: undefined }],
  ['a time in India', { timestamp: '2026-11-20 10:00:00' }, { placedAt: indiaTime('2026-11-20', '10:00') }],
  ['a time nobody can read', { timestamp: 'today' }, { placedAt: undefined }],
  ['a reason', { rejection_reason: 'no funds' }, { reason: 'no funds' }],
])('%s', (_what, more, expected) => {
  expect(read(more)).toMatchObject(expected);
});
