import type { UpstoxBroker, UpstoxBrokerOptions } from '../../../runtime/adapters/brokers/upstox/upstoxBroker';
import { toMoney } from '../../../runtime/domain/money';
import type { Broker, BrokerOrder, BrokerUpdate } from '../../../runtime/domain/ports';
import { MINUTE_MS } from '../../../runtime/domain/time';
import type { Fault } from '../../doubles/openalgoServer';
import { UPSTOX_LIMITED, UPSTOX_TOKEN } from '../../doubles/upstoxServer';
import { upstoxError } from '../../doubles/upstoxServerEndpoints';
import { filledIn, limit, order, SILENT } from './openalgoBench';
import { INDEX, SHARE } from './paperBench';
import { upstoxBench, type UpstoxBench } from './upstoxBench';

/** The numbers are those of the fault campaign; what the router has to do with an adapter's word is shown elsewhere. */
let bench: UpstoxBench;
let broker: Broker;
let adapter: UpstoxBroker;
let told: BrokerUpdate[];
beforeEach(async () => {
  bench = await upstoxBench();
  connect();
  bench.quote(SHARE, 100, 100.05);
});
afterEach(() => bench.close());

/** Another life: a new adapter over the same journal and the same Upstox. */
function connect(options: Partial<UpstoxBrokerOptions> = {}): void {
  ({ broker, adapter } = bench.connect(options));
  told = [];
  broker.onUpdate((update) => told.push(update));
}

const [PLACE, CANCEL, MODIFY, LIST] = ['/hft/v3/order/place', '/hft/v3/order/cancel', '/hft/v3/order/modify', '/v2/order/retrieve-all'] as const;
const placements = (): number => bench.server.asked(PLACE).length;
const firstId = (): string => bench.server.back.orders.orders[0]?.orderid ?? 'none';
const refusal = (status: number, code: string, message: string): Fault => ({ kind: 'answer', carriedOut: false, status, text: JSON.stringify(upstoxError(code, message)) });
/** One more look, over when everything it shows has been told. */
const look = async (id: string): Promise<void> => {
  await broker.find(id);
};
const resting = async (): Promise<BrokerOrder> => {
  const wanted = limit(99);
  await broker.place(wanted);
  return wanted;
};

test('an order leaves with its tag, unsliced, protected, for the day, on the host of orders', async () => {
  const wanted = order({ orderType: 'SL-M', action: 'SELL', triggerPrice: toMoney(98), product: 'CNC' });
  await broker.place(wanted);
  expect(bench.server.asked(PLACE).map(({ method, body }) => [method, body])).toEqual([['POST', {
    quantity: 10, product: 'D', validity: 'DAY', price: 0, tag: wanted.id, slice: false, instrument_token: 'NSE_EQ|INE000T01011', order_type: 'SL-M', transaction_type: 'SELL',
    disclosed_quantity: 0, trigger_price: 98, is_amo: false, market_protection: -1,
  }]]);
});

test('21 lists that can not be read say nothing of absence, and what is known stays known', async () => {
  const wanted = await resting();
  await look(wanted.id);
  bench.clock.advance(10 * MINUTE_MS);
  bench.server.fail(LIST, { kind: 'answer', carriedOut: false, status: 503, text: '' }, 3);
  expect(await broker.find(wanted.id)).toMatchObject({ brokerOrderId: firstId(), updates: [{ status: 'OPEN' }] });
  expect(adapter.state()).toMatchObject({ session: 'unreachable' });
  expect(bench.errors.filter(({ message }) => message.includes('can not be used'))).toHaveLength(1);
  expect(await broker.find(wanted.id)).toBeDefined();
  expect(adapter.state()).toEqual({ mode: 'live', session: 'ok' });
});

test.each<[string, Fault, string, string]>([
  ['22 too many requests', UPSTOX_LIMITED, 'TOO_MANY_REQUESTS', 'Wait a moment'],
  ['22 a page of the network in front that says slow down', { kind: 'answer', carriedOut: false, status: 429, text: '<html>1015</html>' }, 'TOO_MANY_REQUESTS', 'Wait a moment'],
  ['34 an address that is not registered', refusal(403, 'UDAPI1154', 'Access to this API is blocked due to static IP restrictions'), 'SOURCE_NOT_ALLOWED', 'Register this machine'],
  ['34 no margin', refusal(400, 'UDAPI100058', 'Insufficient funds'), 'INSUFFICIENT_FUNDS', 'add funds'],
  ['34 outside of the circuit', refusal(400, 'UDAPI100042', 'Price is outside of the circuit limits'), 'ORDER_REJECTED', ''],
  ['34 a closed market', refusal(400, 'UDAPI100057', 'Market is closed'), 'MARKET_CLOSED', ''],
  ['34 a market order without protection', refusal(400, 'UDAPI1158', 'Market orders are not allowed'), 'NOT_SUPPORTED', 'limit order'],
  ['35 a token that is over', refusal(401, 'UDAPI100050', 'Invalid token used to access API'), 'SESSION_EXPIRED', 'Log in to Upstox again'],
  ['35 a token that may only read', refusal(403, 'UDAPI100067', 'The API you are trying to access is not permitted with an extended_token'), 'SESSION_EXPIRED', 'full login'],
])('%s: refused for good, once, with its meaning and what to do', async (_what, fault, code, remedy) => {
  const wanted = order();
  bench.server.fail(PLACE, fault);
  const outcome = await broker.place(wanted);
  expect(outcome).toMatchObject({ kind: 'rejected', denial: { code } });
  expect(outcome.kind === 'rejected' ? outcome.denial.remedy ?? '' : '').toContain(remedy);
  expect(await broker.place(wanted)).toMatchObject({ kind: 'rejected', denial: { code } });
  expect(placements()).toBe(1);
  expect(await broker.find(wanted.id)).toBeUndefined();
});

test('34 where nothing listens, nothing was sent and the order is refused', async () => {
  await look((await resting()).id);
  await bench.server.close();
  expect(await broker.place(order())).toMatchObject({ kind: 'rejected', denial: { code: 'NOT_READY', message: expect.stringContaining('Nothing was sent') as string } });
});

test('without a list of instruments nothing is sent, and the list is asked for again after a while', async () => {
  bench.server.fail('/master.json', { kind: 'answer', carriedOut: false, status: 503, text: '' });
  expect(await broker.place(order())).toMatchObject({ kind: 'rejected', denial: { code: 'NOT_READY', message: expect.stringContaining('Nothing was sent') as string } });
  expect(await broker.place(order())).toMatchObject({ kind: 'rejected', denial: { code: 'NOT_READY' } });
  expect(bench.server.asked('/master.json')).toHaveLength(1);
  bench.clock.advance(MINUTE_MS);
  expect(await broker.place(order())).toMatchObject({ kind: 'accepted' });
  expect(placements()).toBe(1);
});

test('24 a rejection after acceptance is told with its reason, and there is no fill', async () => {
  bench.server.back.rejectsLate = 'RMS:Margin Exceeds,Required:1,Available:0';
  const wanted = limit(99);
  expect(await broker.place(wanted)).toMatchObject({ kind: 'accepted' });
  await look(wanted.id);
  expect(told).toMatchObject([{ kind: 'status', orderId: wanted.id, status: 'REJECTED', denial: { code: 'INSUFFICIENT_FUNDS' } }]);
});

test('25 and 26: looks that come twice, too early or out of order tell each thing once, and never go back', async () => {
  const wanted = await resting();
  await look(wanted.id);
  bench.server.back.orders.fill(firstId(), 4, 99);
  await look(wanted.id);
  bench.server.freezeLists(true);
  const stale = bench.server.back.lists;
  bench.server.freezeLists(false);
  bench.server.back.orders.fill(firstId(), 6, 98.5);
  bench.clock.advance(2_000);
  await look(wanted.id);
  const said = [...told];
  bench.server.back.lists = stale;
  bench.clock.advance(2_000);
  await look(wanted.id);
  bench.server.back.lists = undefined;
  bench.clock.advance(2_000);
  await Promise.all([look(wanted.id), look(wanted.id), look(wanted.id)]);
  expect(told).toEqual(said);
  expect(told).toMatchObject([{ status: 'OPEN' }, { fill: { tradeId: 'TRADE-1', quantity: 4, price: toMoney(99) } }, { fill: { tradeId: 'TRADE-2', quantity: 6, price: toMoney(98.5) } }]);
});

test('26 a fill that the journal has is not told as another one by the next life', async () => {
  const wanted = await resting();
  bench.server.back.orders.fill(firstId(), 4, 99);
  await look(wanted.id);
  await broker.close();
  connect();
  bench.server.back.orders.fill(firstId(), 6, 98.5);
  const fills = ((await broker.find(wanted.id))?.updates ?? []).flatMap((update) => (update.kind === 'fill' ? [update.fill] : []));
  expect(fills.map(({ tradeId, quantity }) => [tradeId, quantity])).toEqual([['TRADE-1', 4], ['TRADE-2', 6]]);
  expect(fills[0]?.charges).toBeGreaterThan(0);
});

test('28 a cancel that loses the race is refused, and the fill counts', async () => {
  const wanted = await resting();
  bench.server.back.orders.fill(firstId(), 10, 99);
  expect(await broker.cancel(wanted.id)).toMatchObject({ ok: false });
  expect(filledIn(told)).toBe(10);
});

test('28 a fill that is listed after the cancel still counts', async () => {
  const wanted = await resting();
  bench.server.back.orders.fill(firstId(), 4, 99);
  const trade = bench.server.back.orders.trades.splice(0, 1);
  expect(await broker.cancel(wanted.id)).toEqual({ ok: true });
  bench.clock.advance(2_000);
  await look(wanted.id);
  expect(told.at(-1)).toMatchObject({ status: 'CANCELLED' });
  expect(filledIn(told)).toBe(0);
  bench.server.back.orders.trades.push(...trade);
  bench.clock.advance(2_000);
  await look(wanted.id);
  expect(filledIn(told)).toBe(4);
});

test('a cancel of which the answer is lost is looked up and, where it was lost as well, sent once more', async () => {
  const [first, second, third] = [await resting(), await resting(), await resting()];
  bench.server.fail(CANCEL, SILENT);
  expect(await broker.cancel(first.id)).toEqual({ ok: true });
  expect(bench.server.asked(CANCEL)).toHaveLength(1);
  bench.server.fail(CANCEL, { kind: 'reset', carriedOut: false });
  expect(await broker.cancel(second.id)).toEqual({ ok: true });
  bench.server.fail(CANCEL, { kind: 'reset', carriedOut: false }, 9);
  expect(await broker.cancel(third.id)).toMatchObject({ ok: false, denial: { code: 'OUTCOME_UNKNOWN' } });
  expect(bench.server.asked(CANCEL)).toHaveLength(5);
});

test('a change of which the answer is lost is unknown, sent once, and proved by the terms that the list shows', async () => {
  const wanted = await resting();
  bench.server.fail(MODIFY, SILENT);
  expect(await broker.modify?.(wanted.id, { limitPrice: toMoney(98.5), quantity: 6 })).toMatchObject({ ok: false, denial: { code: 'OUTCOME_UNKNOWN' } });
  bench.clock.advance(2_000);
  expect(await broker.find(wanted.id)).toMatchObject({ terms: { quantity: 6, limitPrice: toMoney(98.5) } });
  expect(bench.server.asked(MODIFY).map(({ method, body }) => [method, body])).toEqual([['PUT', {
    order_id: firstId(), quantity: 6, validity: 'DAY', price: 98.5, order_type: 'LIMIT', disclosed_quantity: 0, trigger_price: 0, market_protection: -1,
  }]]);
});

test('an order that Upstox says could not be changed or cancelled still rests', async () => {
  for (const status of ['not modified', 'not cancelled', 'modified']) {
    const wanted = await resting();
    Object.assign(bench.server.back.orders.orders.at(-1) ?? {}, { order_status: status });
    await look(wanted.id);
    expect(told.at(-1)).toMatchObject({ orderId: wanted.id, status: 'OPEN' });
  }
});

test('a word for a state that nobody knows is no end of the order', async () => {
  const wanted = await resting();
  Object.assign(bench.server.back.orders.orders[0] ?? {}, { order_status: 'put order req received' });
  await look(wanted.id);
  expect(told).toEqual([]);
  // A row that nobody can read hides no other.
  bench.server.back.orders.orders.push(...bench.server.back.orders.orders.map((row) => ({ ...row, orderid: 'unreadable', quantity: Number.NaN })));
  expect(await adapter.orders()).toMatchObject({ ok: true, value: [{ orderId: wanted.id, status: 'ACCEPTED' }] });
});

test('35 a session that ends in the middle of the day: orders, cancels and reads say what to do, it is logged once, and a new token goes on', async () => {
  const wanted = await resting();
  await look(wanted.id);
  bench.server.sessionOver = true;
  expect(await broker.place(order())).toMatchObject({ kind: 'rejected', denial: { code: 'SESSION_EXPIRED', field: 'accessToken', remedy: expect.stringContaining('Log in to Upstox again') as string } });
  expect(await broker.cancel(wanted.id)).toMatchObject({ ok: false, denial: { code: 'SESSION_EXPIRED' } });
  expect(adapter.state()).toMatchObject({ session: 'expired' });
  expect(await adapter.preflight()).toMatchObject({ session: 'expired', problems: [{ code: 'SESSION_EXPIRED' }] });
  expect(await adapter.positions()).toMatchObject({ ok: false, denial: { code: 'SESSION_EXPIRED' } });
  await expect(broker.funds()).rejects.toThrow('Invalid token');
  expect(bench.errors.filter(({ message }) => message.includes('can not be used'))).toHaveLength(1);
  bench.server.sessionOver = false;
  connect();
  expect(await broker.find(wanted.id)).toMatchObject({ brokerOrderId: firstId() });
  expect(adapter.state()).toEqual({ mode: 'live', session: 'ok' });
});

describe('preflight', () => {
  test('tells token, margin, registered addresses, feed and instruments, and sends no order', async () => {
    expect(await adapter.preflight()).toEqual({ mode: 'live', session: 'ok', instruments: 3, funds: { available: toMoney(1_000_000), used: 0 }, staticAddresses: ['203.0.113.10'], feed: true, problems: [] });
    expect(placements()).toBe(0);
  });

  test('says that no address is registered, and that there is no feed', async () => {
    bench.server.back.staticAddresses = [];
    bench.server.fail('/v3/feed/market-data-feed/authorize', refusal(403, 'UDAPI100077', 'No market data plan'));
    expect(await adapter.preflight()).toMatchObject({ session: 'ok', feed: false, problems: [{ code: 'SOURCE_NOT_ALLOWED' }, { message: expect.stringContaining('No market data plan') as string }] });
  });
});

test('the sandbox takes orders and is not asked for lists it does not have', async () => {
  connect({ mode: 'sandbox' });
  const wanted = limit(99);
  expect(await broker.place(wanted)).toMatchObject({ kind: 'accepted' });
  expect(await broker.find(wanted.id)).toEqual({ brokerOrderId: firstId(), updates: [] });
  expect(await adapter.orders()).toMatchObject({ ok: false, denial: { code: 'NOT_SUPPORTED' } });
  expect(await adapter.preflight()).toMatchObject({ mode: 'sandbox', session: 'ok', instruments: 3, problems: [] });
  expect(bench.server.asked(LIST)).toHaveLength(0);
});

test.each<[string, Partial<BrokerOrder>, string]>([
  ['an index', { instrument: INDEX.key }, 'NOT_TRADABLE'],
  ['a symbol nobody knows', { instrument: `${SHARE.key}X` as BrokerOrder['instrument'] }, 'UNKNOWN_SYMBOL'],
])('%s is refused here', async (_what, more, code) => {
  expect(await broker.place(order(more))).toMatchObject({ kind: 'rejected', denial: { code } });
  expect(placements()).toBe(0);
});

test('a commodity is refused here', async () => {
  connect({ instruments: { find: () => ({ ...SHARE, exchange: 'MCX' }) } });
  expect(await broker.place(order())).toMatchObject({ kind: 'rejected', denial: { code: 'NOT_SUPPORTED' } });
});

test('an acknowledged order that the lists lack is known while they may lag, and missing afterwards', async () => {
  const wanted = await resting();
  bench.server.back.orders.orders.length = 0;
  bench.clock.advance(4 * MINUTE_MS);
  expect(await broker.find(wanted.id)).toMatchObject({ updates: [] });
  bench.clock.advance(2 * MINUTE_MS);
  expect(await broker.find(wanted.id)).toBeUndefined();
});

test('the token stands in no log and in nothing that is told, even where Upstox repeats it', async () => {
  bench.server.fail(PLACE, refusal(400, 'UDAPI100036', `Bearer ${UPSTOX_TOKEN} is not welcome`));
  bench.server.fail(LIST, { kind: 'answer', carriedOut: false, status: 500, text: JSON.stringify(upstoxError('UDAPI100500', UPSTOX_TOKEN)) }, 3);
  const outcome = await broker.place(order());
  const wanted = await resting();
  const everything = [JSON.stringify([outcome, await adapter.orders(), adapter.state(), await broker.find(wanted.id)]), ...bench.said].join('\n');
  expect(everything).toContain('[redacted] is not welcome');
  expect(everything).not.toContain(UPSTOX_TOKEN);
});
