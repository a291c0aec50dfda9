import type { Envelope, OrderView } from '../../domain/envelope';
import { statusOfEmissions, statusOfError } from './statusTexts';

const node = { outputs: [{ port: 'placed', label: 'Placed' }, { port: 'rejected', label: 'Rejected' }], refusalPort: 'rejected' };
const order: OrderView = {
  id: 'o', intentKey: 'k', status: 'FILLED', exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, filledQuantity: 10,
  averagePrice: 812.35, product: 'MIS', orderType: 'MARKET', at: 0,
};
const placed = (item: Envelope) => ({ port: 'placed', item });
const rejected = (item: Envelope) => ({ port: 'rejected', item });

test.each([
  ['a fill', [placed({ order })], 'green', 'filled BUY 10 SBIN @ 812.35'],
  ['an order without a fill', [placed({ order: { ...order, status: 'TRIGGER_PENDING', averagePrice: undefined } })], 'green', 'trigger pending BUY 10 SBIN'],
  ['a refusal by rule', [rejected({ denial: { code: 'MAX_POSITION', message: 'm', rule: 'maxPosition', limit: 1_000, value: 1_010 } })], 'yellow', 'maxPosition limit 1,000, value 1,010'],
  ['a refusal without a rule', [rejected({ denial: { code: 'NO_SIZE', message: 'm' } })], 'yellow', 'NO_SIZE'],
  ['a basket with one refusal', [placed({ order }), rejected({ denial: { code: 'NO_PRICE', message: 'm' } })], 'yellow', 'NO_PRICE (1 of 2)'],
  ['an approval', [placed({ decision: { approved: true }, action: 'BUY', quantity: 5, symbol: 'SBIN' })], 'green', 'approved BUY 5 SBIN'],
  ['anything else', [placed({})], 'green', 'placed'],
  ['what the node has to say', [{ ...placed({}), told: { text: '3 trades, net ₹12.00', details: [], isWarning: false } }], 'green', '3 trades, net ₹12.00'],
  ['what somebody should look at', [{ ...placed({}), told: { text: '3 trades, 1 warning', details: ['Warning: x'], isWarning: true } }], 'yellow', '3 trades, 1 warning'],
  ['nothing', [], 'grey', 'nothing to do'],
])('%s', (_name, emissions, fill, text) => {
  expect(statusOfEmissions(node, emissions)).toMatchObject({ fill, text });
});

test('long texts are cut', () => {
  expect(statusOfError(new Error('x'.repeat(200))).text).toHaveLength(60);
});
