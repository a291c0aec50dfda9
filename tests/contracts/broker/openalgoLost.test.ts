import { MINUTE_MS, SECOND_MS } from '../../../runtime/domain/time';
import type { Broker } from '../../../runtime/domain/ports';
import { LOGIN_PAGE, type Fault } from '../../doubles/openalgoServer';
import type { GatewayMode } from '../../doubles/openalgoServerEndpoints';
import type { OrderTerms } from '../../doubles/openalgoServerOrders';
import { byHand, filledIn, limit, openAlgoBench, order, SILENT, type OpenAlgoBench } from './openalgoBench';
import { SHARE } from './paperBench';

/** Orders of which the answer was lost. The numbers are those of the fault campaign; what the router does with an adapter's word is shown elsewhere. */
let bench: OpenAlgoBench;
let broker: Broker;
afterEach(() => bench.close());

async function open(mode: GatewayMode): Promise<void> {
  bench = await openAlgoBench(mode);
  connect();
  bench.quote(SHARE, 100, 100.05);
}

/** Another life: a new adapter over the same journal and the same gateway. */
function connect(): void {
  ({ broker } = bench.connect());
}

const placements = (): number => bench.server.asked('placeorder').length;
const firstId = (): string => bench.server.gateway.orders.orders[0]?.orderid ?? 'none';
/** One more look, over when everything it shows has been told. */
const look = async (id: string): Promise<void> => {
  await broker.find(id);
};

const LOST: readonly [string, Fault][] = [
  ['19 no answer in time', SILENT],
  ['23 a reset', { kind: 'reset', carriedOut: true }],
  ['23 a reset in the middle of the answer', { kind: 'reset', carriedOut: true, midBody: true }],
  ['23 a page with status 200', { ...LOGIN_PAGE, carriedOut: true }],
  ['23 malformed JSON', { kind: 'answer', carriedOut: true, status: 200, text: '{"status":"success","orderid":' }],
  ['21 a failure of the server', { kind: 'answer', carriedOut: true, status: 500, text: JSON.stringify({ status: 'error', message: 'Failed to place order due to internal error' }) }],
  ['a success without a number', { kind: 'answer', carriedOut: true, status: 200, text: JSON.stringify({ status: 'success', orderid: null }) }],
];

describe.each<GatewayMode>(['analyze', 'live'])('an order of which the answer is lost (%s)', (mode) => {
  test.each(LOST)('%s: unknown, sent once, and found with its fills', async (_what, fault) => {
    await open(mode);
    bench.server.fail('placeorder', fault);
    const wanted = order();
    expect(await broker.place(wanted)).toMatchObject({ kind: 'unknown' });
    const found = await broker.find(wanted.id);
    expect(found?.brokerOrderId).toBe(firstId());
    expect(filledIn(found?.updates)).toBe(10);
    expect(await broker.place(wanted)).toMatchObject({ kind: 'accepted', brokerOrderId: firstId() });
    expect(placements()).toBe(1);
  });

  test('18 a crash after the send: the next life finds it in the journal\'s words and sends nothing', async () => {
    await open(mode);
    const wanted = limit(99);
    bench.server.fail('placeorder', SILENT);
    await broker.place(wanted);
    await broker.close();
    bench.clock.advance(5 * SECOND_MS);
    connect();
    expect(await broker.find(wanted.id)).toMatchObject({ brokerOrderId: firstId(), updates: [{ kind: 'status', status: 'OPEN' }] });
    expect(placements()).toBe(1);
  });

  test('20 a list that lags: it stays unknown, is never sent again, and is found when the list catches up', async () => {
    await open(mode);
    bench.server.freezeLists(true);
    bench.server.fail('placeorder', SILENT);
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

  test('an order that never arrived is not proved absent, and another one\'s is not taken for it', async () => {
    await open(mode);
    const [earlier, wanted] = [order(), order()];
    await broker.place(earlier);
    bench.server.fail('placeorder', { kind: 'reset', carriedOut: false });
    bench.clock.advance(SECOND_MS);
    expect(await broker.place(wanted)).toMatchObject({ kind: 'unknown' });
    expect(await broker.find(wanted.id)).toBeUndefined();
    expect(broker.capabilities.lookupProvesAbsence).toBe(false);
  });
});

describe('a live book without tags', () => {
  beforeEach(() => open('live'));

  test('an order by hand from before the send is not ours', async () => {
    bench.server.gateway.orders.place(byHand);
    const seen = order();
    await broker.place(seen);
    await look(seen.id);
    bench.clock.advance(MINUTE_MS / 2);
    bench.server.fail('placeorder', { kind: 'reset', carriedOut: false });
    const wanted = order();
    await broker.place(wanted);
    expect(await broker.find(wanted.id)).toBeUndefined();
  });

  test('two that may be it are ambiguous: it stays unknown, and an error says so', async () => {
    bench.server.fail('placeorder', SILENT);
    const wanted = order();
    await broker.place(wanted);
    bench.server.gateway.orders.place(byHand);
    expect(await broker.find(wanted.id)).toBeUndefined();
    expect(bench.errors).toContainEqual({ fields: expect.objectContaining({ orderId: wanted.id, candidates: 2 }) as object, message: expect.stringContaining('unknown') as string });
  });

  test('a number that another order of ours has is no acceptance', async () => {
    await broker.place(limit(99));
    bench.server.fail('placeorder', { kind: 'answer', carriedOut: false, status: 200, text: JSON.stringify({ status: 'success', orderid: firstId() }) });
    expect(await broker.place(limit(99))).toMatchObject({ kind: 'unknown' });
  });

  test('an order of another account is a stranger', async () => {
    const theirs = order();
    bench.journal.leave(theirs, { account: 'other', brokerOrderId: '1', status: 'ACCEPTED' });
    expect(await broker.find(theirs.id)).toBeUndefined();
    expect(await broker.cancel(theirs.id)).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
  });

  test('two lost orders of the same terms are not told apart', async () => {
    bench.server.fail('placeorder', SILENT, 2);
    const [first, second] = [order(), order()];
    await broker.place(first);
    await broker.place(second);
    bench.server.gateway.orders.orders.pop();
    expect([await broker.find(first.id), await broker.find(second.id)]).toEqual([undefined, undefined]);
  });

  test.each<[string, Partial<OrderTerms>]>([
    ['side', { action: 'SELL' }], ['quantity', { quantity: 11 }], ['product', { product: 'CNC' }], ['symbol', { symbol: 'OTHER' }], ['type', { pricetype: 'LIMIT', price: 98 }], ['price', { pricetype: 'LIMIT', price: 99.05 }],
  ])('an order with another %s is not ours', async (_what, other) => {
    bench.server.fail('placeorder', { kind: 'reset', carriedOut: false });
    const wanted = 'price' in other ? limit(99) : order();
    await broker.place(wanted);
    bench.server.gateway.orders.place({ ...byHand, ...other });
    const found = await broker.find(wanted.id);
    // A broker may turn a market order into a limit order: only there the type proves nothing.
    expect(found).toBeUndefined();
  });

  test('without readable times only what was in no earlier list is ours', async () => {
    const before = order();
    await broker.place(before);
    await look(before.id);
    bench.clock.advance(SECOND_MS);
    bench.server.fail('placeorder', SILENT);
    const wanted = order({ quantity: 7 });
    await broker.place(wanted);
    for (const row of bench.server.gateway.orders.orders) Object.assign(row, { timestamp: '20-Nov-2026 10:00:01' });
    expect(await broker.find(wanted.id)).toMatchObject({ brokerOrderId: bench.server.gateway.orders.orders[1]?.orderid });
    connect();
    bench.journal.leave(order({ id: 'stranger', quantity: 7 }), { status: 'UNKNOWN' });
    expect(await broker.find('stranger')).toBeUndefined();
  });
});
