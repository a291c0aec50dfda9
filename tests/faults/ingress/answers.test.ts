import { chartInk, errorOf, ingressWorld, SECRET, tradingView, type IngressWorld, type Sent } from '../../doubles/ingressWorld';

const ALERT = { secret: SECRET, symbol: 'SBIN', action: 'BUY', quantity: 1 };
const keyed = tradingView({}, { secret: SECRET });

let world: IngressWorld;
beforeEach(() => { world = ingressWorld(); });

describe('every body form is received', () => {
  const ts = '2026-11-20T05:30:00Z';
  test.each<[string, 'tv' | 'ci', Sent]>([
    ['TradingView 1', 'tv', { apikey: SECRET, symbol: 'RELIANCE', exchange: 'NSE', action: 'BUY', quantity: 100, product: 'MIS', order_type: 'MARKET', position_size: '10%', strategy_name: 'EMA Crossover' }],
    ['TradingView 2', 'tv', { apikey: SECRET, strategy: 'TradingView Strategy', symbol: 'SBIN', action: 'buy', exchange: 'NSE', pricetype: 'MARKET', product: 'MIS', quantity: '10', position_size: '10' }],
    ['TradingView 3', 'tv', { v: 1, secret: SECRET, id: 'NIFTY1!-2026-11-20T05:30:00Z-Long', ts, exchange: 'NSE', symbol: 'SBIN', action: 'sell', contracts: '5', price: '812.35', position: 'flat', positionSize: '0', prevPosition: 'long' }],
    ['TradingView 4', 'tv', { secret: SECRET, max_lag: '300', timestamp: ts, trigger_price: '812.35', tv_exchange: 'NSE', tv_instrument: 'SBIN', action: 'buy', order: { amount: '10', currency_type: 'base' } }],
    ['an order line', 'tv', `BUY SBIN 10 secret=${SECRET}`.replace(/^(BUY SBIN 10) (.*)$/, '$2 $1')],
    ['a free text', 'tv', `SBIN crossed 812 secret=${SECRET}`],
    ['ChartInk’s own', 'ci', { stocks: 'SEPOWER,ASTEC', trigger_prices: '3.75,541.8', triggered_at: '2:34 pm', scan_name: 'Short term breakouts', scan_url: 'short-term-breakouts', alert_name: 'Alert for Short term breakouts', webhook_url: 'http://your-web-hook-url.com' }],
    ['ChartInk’s richer one', 'ci', { apikey: SECRET, stocks: 'SBIN', scan_name: 'x', triggered_at: '2:34 pm', action: 'SELL', product: 'MIS', quantity_per_stock: 5 }],
  ])('%s', async (_name, source, body) => {
    const answer = await world.post(source === 'tv' ? keyed : chartInk({}, { secret: SECRET }), body);
    expect(answer).toMatchObject({ status: 202, body: { receipt: expect.any(String) as string, status: 'accepted' } });
    expect(answer.entries.length).toBeGreaterThan(0);
    for (const { signalId, item } of answer.entries) expect(item).toMatchObject({ v: 1, signal: { id: signalId, source: source === 'tv' ? 'tradingview' : 'chartink' } });
    expect(JSON.stringify(answer)).not.toContain(SECRET);
  });
});

describe('refusals', () => {
  test.each<[string, Sent, number, string, string]>([
    ['no key', { ...ALERT, secret: undefined }, 401, 'WRONG_SECRET', 'secret'],
    ['a wrong key', { ...ALERT, secret: 'guess' }, 401, 'WRONG_SECRET', 'secret'],
    ['a key that is no text', { ...ALERT, secret: { a: 1 } }, 401, 'WRONG_SECRET', 'secret'],
    ['nothing', '', 400, 'MALFORMED_BODY', 'body'],
    ['broken JSON', '{"symbol": {{ticker}}}', 400, 'MALFORMED_BODY', 'body'],
    ['a list', '[{"symbol":"SBIN"}]', 400, 'MALFORMED_BODY', 'body'],
    ['a form', 'symbol=SBIN&action=BUY', 400, 'MALFORMED_BODY', 'body'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00]), 400, 'MALFORMED_BODY', 'body'],
    ['no symbol', { ...ALERT, symbol: '' }, 400, 'MISSING_FIELD', 'symbol'],
    ['an action that is none', { ...ALERT, action: 'HOLD' }, 400, 'INVALID_FIELD', 'action'],
    ['too large', `{"a":"${'x'.repeat(128 * 1_024)}"}`, 413, 'BODY_TOO_LARGE', 'body'],
    ['an unknown symbol', { ...ALERT, symbol: 'NOSUCH' }, 422, 'UNKNOWN_SYMBOL', 'symbol'],
    ['a stale one', { ...ALERT, ts: '2026-11-20T05:00:00Z' }, 422, 'STALE_SIGNAL', 'ts'],
    ['a contract that has expired', { ...ALERT, symbol: 'NIFTY30DEC25FUT' }, 422, 'EXPIRED_SYMBOL', 'symbol'],
  ])('%s', async (_name, body, status, code, field) => {
    const answer = await world.post(keyed, body);
    expect(answer).toMatchObject({ status, body: { error: { code, field } }, entries: [] });
  });

  test('an address that is not on the list', async () => {
    const answer = await world.post(tradingView({ senders: 'tradingView' }), ALERT, { remoteAddress: '203.0.113.7' });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'SOURCE_NOT_ALLOWED' } } });
    expect(await world.post(tradingView({ senders: 'tradingView' }), ALERT, { remoteAddress: '::ffff:52.32.178.7' })).toMatchObject({ status: 202 });
    expect(await world.post(tradingView({ senders: 'listed', addresses: '203.0.113.7, 203.0.113.8' }), { ...ALERT, id: 'x' }, { remoteAddress: '203.0.113.8' })).toMatchObject({ status: 202 });
    expect(await world.post(tradingView({ senders: 'listed' }), ALERT)).toMatchObject({ status: 403 });
  });

  test('a scan of which no stock is known, with all of them', async () => {
    expect(await world.post(chartInk(), { stocks: 'NOSUCH,ALSONOT', scan_name: 'x' })).toMatchObject({ status: 422, body: { error: { code: 'UNKNOWN_SYMBOL' }, refused: [{ symbol: 'NOSUCH' }, { symbol: 'ALSONOT' }] } });
  });

  test('a wrong key from a sender that needs none', async () => {
    const binding = chartInk({}, { secret: SECRET });
    expect(await world.post(binding, { apikey: 'guess', stocks: 'SBIN', scan_name: 'x' })).toMatchObject({ status: 401 });
    expect(await world.post(binding, { stocks: 'SBIN', scan_name: 'x' })).toMatchObject({ status: 202 });
  });
});

test.each([{ 'x-api-key': SECRET }, { 'X-API-Key': [SECRET] }, { authorization: `Bearer ${SECRET}` }])('the key may come in the header %j', async (headers) => {
  expect(await world.post(keyed, { ...ALERT, secret: undefined }, { headers })).toMatchObject({ status: 202 });
});

test('a body that the host parsed already is read the same', async () => {
  const raw = await world.post(keyed, ALERT);
  const again = await world.ingress.receive(keyed, { parsed: { ...ALERT }, headers: {}, remoteAddress: '1.1.1.1', receivedAt: world.clock.now() }, 'attached');
  expect(again).toMatchObject({ status: 200, body: { receipt: raw.body['receipt'], status: 'duplicate' } });
  const form = { parsed: { symbol: 'SBIN' }, headers: { 'content-type': 'application/x-www-form-urlencoded' }, remoteAddress: '1.1.1.1', receivedAt: 0 };
  expect(errorOf(await world.ingress.receive(keyed, form, 'attached'))).toMatchObject({ code: 'MALFORMED_BODY', message: 'The body is a form.' });
});

test('JSON is JSON whatever the header claims', async () => {
  expect(await world.post(keyed, ALERT, { headers: { 'content-type': 'application/x-www-form-urlencoded' } })).toMatchObject({ status: 202 });
});

test('a scan whose stocks are partly known answers for each', async () => {
  const first = await world.post(chartInk(), { stocks: 'SBIN,NOSUCH', scan_name: 'x', triggered_at: '11:00 am' });
  expect(first.body).toMatchObject({ status: 'accepted', signals: [{ symbol: 'SBIN', exchange: 'NSE', status: 'accepted' }], refused: [{ symbol: 'NOSUCH', error: { code: 'UNKNOWN_SYMBOL' } }] });
  const second = await world.post(chartInk(), { stocks: 'SBIN,TCS', scan_name: 'x', triggered_at: '11:00 am' });
  expect(second).toMatchObject({ status: 202, body: { signals: [{ symbol: 'SBIN', status: 'duplicate' }, { symbol: 'TCS', status: 'accepted' }] } });
  expect(second.entries).toHaveLength(1);
});

test('a key that was written into the message does not travel on', async () => {
  const answer = await world.post(keyed, { secret: SECRET, message: `my key is ${SECRET}` });
  expect(answer.entries[0]?.item).toMatchObject({ message: 'my key is [redacted]' });
});

test('an editor’s test is always new, is marked done, and is no repeat of a real alert', async () => {
  const body = { ...ALERT, id: 'same' };
  const tests = [await world.post(keyed, body, {}, 'caller'), await world.post(keyed, body, {}, 'caller')];
  expect(tests.map(({ status, entries }) => [status, entries.length])).toEqual([[202, 1], [202, 1]]);
  expect(await world.post(keyed, body)).toMatchObject({ status: 202 });
});

test('a reader that breaks is a 503 and no crash', async () => {
  const broken = { ...keyed, definition: { ...keyed.definition, interpret: () => { throw new Error('bug'); } } };
  expect(await world.post(broken, ALERT)).toMatchObject({ status: 503, headers: { 'Retry-After': '5' }, body: { error: { code: 'NOT_READY' } } });
});

test('a closed ingress asks to send again', async () => {
  await world.ingress.close();
  expect(await world.post(keyed, ALERT)).toMatchObject({ status: 503, headers: { 'Retry-After': expect.any(String) as string } });
});

test('more calls than are worked on at one time are sent away, with a time to come back', async () => {
  world = ingressWorld({ limits: { maxInFlight: 3 } });
  const answers = await Promise.all([1, 2, 3, 4, 5].map((id) => world.post(keyed, { ...ALERT, id })));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429, 429]);
  expect(answers[4]).toMatchObject({ headers: { 'Retry-After': '5' }, body: { error: { code: 'TOO_MANY_REQUESTS' } } });
  expect(await world.post(keyed, { ...ALERT, id: 6 })).toMatchObject({ status: 202 });
});

test('large bodies that are worked on at one time are bounded together', async () => {
  world = ingressWorld({ limits: { maxInFlightBytes: 1_000 } });
  const large = (id: string) => world.post(keyed, { ...ALERT, id, name: 'x'.repeat(500) });
  expect((await Promise.all([large('a'), large('b')])).map(({ status }) => status)).toEqual([202, 429]);
});
