import fc from 'fast-check';
import { judge, type Reply } from './answer';
import { denialOf } from './denials';

const answered = (httpStatus: number, body: unknown): Reply => ({ kind: 'answered', httpStatus, text: typeof body === 'string' ? body : JSON.stringify(body) });
const error = (message: unknown, more: object = {}) => ({ status: 'error', message, ...more });

test.each<[string, Reply, string]>([
  ['success in the gateway\'s own form', answered(200, { status: 'success', orderid: '1' }), 'success'],
  ['a refusal with a status that means no', answered(400, error('No.')), 'refused'],
  ['a broker\'s refusal, passed through', answered(422, error('RMS: blocked')), 'refused'],
  ['a limit, in whatever form', answered(429, '<html>slow down</html>'), 'refused'],
  ['a failure inside of the gateway, even in its own form', answered(500, error('Failed to place order due to internal error')), 'unsure'],
  ['a proxy that waited too long', answered(504, '<html>'), 'unsure'],
  ['a server that waited too long', answered(408, error('Timeout')), 'unsure'],
  ['a page with status 200', answered(200, '<!doctype html>'), 'unsure'],
  ['a page with status 404', answered(404, '<!doctype html>'), 'unsure'],
  ['nothing', answered(200, ''), 'unsure'],
  ['half of an answer', answered(200, '{"status":"succ'), 'unsure'],
  ['an error with status 200', answered(200, error('No.')), 'unsure'],
  ['a success with status 400', answered(400, { status: 'success' }), 'unsure'],
  ['data without a status', answered(200, { orderid: '1' }), 'unsure'],
  ['an array', answered(200, []), 'unsure'],
  ['a redirect', answered(302, error('elsewhere')), 'unsure'],
  ['a broken connection', { kind: 'broken', reason: 'cut' }, 'unsure'],
  ['a connection that was never made', { kind: 'unsent', reason: 'refused' }, 'unsent'],
])('%s', (_what, reply, kind) => {
  expect(judge(reply).kind).toBe(kind);
});

test('only a status of 4xx refuses and only one of 2xx succeeds, whatever the body says', () => {
  const body = fc.oneof(fc.json(), fc.record({ status: fc.constantFrom('success', 'error'), message: fc.anything(), orderid: fc.string() }).map((value) => JSON.stringify(value, (_key, entry: unknown) => (typeof entry === 'bigint' ? 0 : entry))));
  fc.assert(fc.property(fc.integer({ min: 100, max: 599 }), body, (httpStatus, text) => {
    const { kind } = judge({ kind: 'answered', httpStatus, text });
    expect(kind === 'unsure' || (kind === 'refused' && httpStatus >= 400 && httpStatus < 500) || (kind === 'success' && httpStatus >= 200 && httpStatus < 300)).toBe(true);
  }));
});

test.each<[string, object, string]>([
  ['plain words', error('SL orders require price'), 'SL orders require price'],
  ['the text of a dictionary', error('{\'action\': [\'Must be one of: BUY, SELL, buy, sell.\']}'), 'action: Must be one of: BUY, SELL, buy, sell.'],
  ['the text of a dictionary of two', error('{\'quantity\': [\'Too small.\'], \'price\': [\'Too large.\']}'), 'quantity: Too small., price: Too large.'],
  ['lists by field', error({ apikey: ['Missing data for required field.'] }), 'apikey: Missing data for required field.'],
  ['lists by field beside the message', error('Validation failed', { errors: { offset: ['Unknown.'] } }), 'Validation failed'],
])('an error as %s is read', (_form, body, message) => {
  expect(judge(answered(400, body))).toEqual({ kind: 'refused', httpStatus: 400, message });
});

test.each<[number, string, string]>([
  [403, 'Invalid openalgo apikey', 'WRONG_SECRET'],
  [401, 'whatever', 'WRONG_SECRET'],
  [403, 'Cancel order operation is not allowed in Semi-Auto mode. Please switch to Auto mode to cancel orders.', 'NOT_SUPPORTED'],
  [403, 'Orders from this IP are not allowed', 'ORDER_REJECTED'],
  [429, 'Rate limit exceeded. Please slow down your requests.', 'TOO_MANY_REQUESTS'],
  [400, 'Insufficient funds. Required: ₹160000000000, Available: ₹99974228.00', 'INSUFFICIENT_FUNDS'],
  [400, 'RMS:Margin Exceeds,Required:1,Available:0', 'INSUFFICIENT_FUNDS'],
  [400, 'Market is closed', 'MARKET_CLOSED'],
  [404, 'Order 7 not found', 'NOT_FOUND'],
  [400, 'Symbol ABC not found in NSE', 'UNKNOWN_SYMBOL'],
  [400, 'The price is outside of the circuit', 'ORDER_REJECTED'],
])('%d "%s" is %s', (httpStatus, message, code) => {
  expect(denialOf({ kind: 'refused', httpStatus, message }, 'command')).toMatchObject({ code, message });
});
