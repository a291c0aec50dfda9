import type { Broker } from '../../../runtime/domain/ports';
import { SECOND_MS } from '../../../runtime/domain/time';
import { BLOCKED_PAGE } from '../../doubles/upstoxServer';
import { LOGIN_PAGE, type Fault } from '../../doubles/openalgoServer';
import { filledIn, limit, order, SILENT } from './openalgoBench';
import { SHARE } from './paperBench';
import { upstoxBench, type UpstoxBench } from './upstoxBench';

/** Orders of which the answer was lost. The numbers are those of the fault campaign; what the router does with an adapter's word is shown elsewhere. */
let bench: UpstoxBench;
let broker: Broker;
beforeEach(async () => {
  bench = await upstoxBench();
  connect();
  bench.quote(SHARE, 100, 100.05);
});
afterEach(() => bench.close());

/** Another life: a new adapter over the same journal and the same Upstox. */
function connect(): void {
  ({ broker } = bench.connect());
}

const PLACE = '/hft/v3/order/place';
const placements = (): number => bench.server.asked(PLACE).length;
const firstId = (): string => bench.server.back.orders.orders[0]?.orderid ?? 'none';

const LOST: readonly [string, Fault][] = [
  ['19 no answer in time', SILENT],
  ['23 a reset', { kind: 'reset', carriedOut: true }],
  ['23 a reset in the middle of the answer', { kind: 'reset', carriedOut: true, midBody: true }],
  ['23 a page with status 200', { ...LOGIN_PAGE, carriedOut: true }],
  ['23 a page of the network in front, with status 403', { ...BLOCKED_PAGE, carriedOut: true }],
  ['23 malformed JSON', { kind: 'answer', carriedOut: true, status: 200, text: '{"status":"success","data":{"order_ids":["1' }],
  ['21 a failure of the server', { kind: 'answer', carriedOut: true, status: 500, text: JSON.stringify({ status: 'error', errors: [{ error_code: 'UDAPI100500', message: 'Something went wrong' }] }) }],
  ['a bad gateway', { kind: 'answer', carriedOut: true, status: 502, text: '' }],
  ['a 400 without a word', { kind: 'answer', carriedOut: true, status: 400, text: '' }],
  ['half a success', { kind: 'answer', carriedOut: true, status: 200, text: JSON.stringify({ status: 'partial_success', data: { order_ids: [] } }) }],
  ['a success without a number', { kind: 'answer', carriedOut: true, status: 200, text: JSON.stringify({ status: 'success', data: {} }) }],
  ['a success with two numbers', { kind: 'answer', carriedOut: true, status: 200, text: JSON.stringify({ status: 'success', data: { order_ids: ['1', '2'] } }) }],
];

test.each(LOST)('%s: unknown, sent once, and found by its tag with its fills', async (_what, fault) => {
  bench.server.fail(PLACE, fault);
  const wanted = order();
  expect(await broker.place(wanted)).toMatchObject({ kind: 'unknown' });
  const found = await broker.find(wanted.id);
  expect(found?.brokerOrderId).toBe(firstId());
  expect(filledIn(found?.updates)).toBe(10);
  expect(await broker.place(wanted)).toMatchObject({ kind: 'accepted', brokerOrderId: firstId() });
  expect(placements()).toBe(1);
});

test('18 a crash after the send: the next life finds it by its tag and sends nothing', async () => {
  const wanted = limit(99);
  bench.server.fail(PLACE, SILENT);
  await broker.place(wanted);
  await broker.close();
  bench.clock.advance(5 * SECOND_MS);
  connect();
  expect(await broker.find(wanted.id)).toMatchObject({ brokerOrderId: firstId(), updates: [{ kind: 'status', status: 'OPEN' }] });
  expect(placements()).toBe(1);
});

test('20 a list that lags: it stays unknown, is never sent again, and is found when the list catches up', async () => {
  bench.server.freezeLists(true);
  bench.server.fail(PLACE, SILENT);
  const wanted = order();
  await broker.place(wanted);
  for (let seconds = 0; seconds < 30; seconds += 5) {
    bench.clock.advance(5 * SECOND_MS);
    expect(await broker.find(wanted.id)).toBeUndefined();
  }
  expect(await broker.place(wanted)).toMatchObject({ kind: 'unknown' });
  expect(await broker.cancel(wanted.id)).toMatchObject({ ok: false, denial: { code: 'OUTCOME_UNKNOWN' } });
  bench.server.freezeLists(false);
  bench.clock.advance(5 * SECOND_MS);
  expect(filledIn((await broker.find(wanted.id))?.updates)).toBe(10);
  expect(placements()).toBe(1);
});

test('an order that never arrived is not proved absent, and one of the same terms without its tag is not taken for it', async () => {
  bench.server.fail(PLACE, { kind: 'reset', carriedOut: false });
  const wanted = order();
  expect(await broker.place(wanted)).toMatchObject({ kind: 'unknown' });
  for (const strategy of ['', 'contract0', `${wanted.id}x`]) bench.server.back.orders.place({ strategy, symbol: 'TEST', exchange: 'NSE', action: 'BUY', quantity: 10, price: 0, trigger_price: 0, pricetype: 'MARKET', product: 'MIS' });
  bench.clock.advance(2 * SECOND_MS);
  expect(await broker.find(wanted.id)).toBeUndefined();
  expect(broker.capabilities.lookupProvesAbsence).toBe(false);
});

test('two lost orders of the same terms are told apart by their tags', async () => {
  bench.server.fail(PLACE, SILENT, 2);
  const [first, second] = [limit(99), limit(99)];
  await broker.place(first);
  await broker.place(second);
  const ids = bench.server.back.orders.orders.map(({ orderid }) => orderid);
  expect([(await broker.find(first.id))?.brokerOrderId, (await broker.find(second.id))?.brokerOrderId]).toEqual(ids);
});

test('a number that another order of ours has is no acceptance', async () => {
  await broker.place(limit(99));
  bench.server.fail(PLACE, { kind: 'answer', carriedOut: false, status: 200, text: JSON.stringify({ status: 'success', data: { order_ids: [firstId()] } }) });
  expect(await broker.place(limit(99))).toMatchObject({ kind: 'unknown' });
});

test('an order of another account is a stranger', async () => {
  const theirs = order();
  bench.journal.leave(theirs, { account: 'other', brokerOrderId: '1', status: 'ACCEPTED' });
  expect(await broker.find(theirs.id)).toBeUndefined();
  expect(await broker.cancel(theirs.id)).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
});
