import { MINUTE_MS, SECOND_MS } from '../../../runtime/domain/time';
import type { Broker } from '../../../runtime/domain/ports';
import { LOGIN_PAGE, type Fault } from '../../doubles/openalgoServer';
import type { GatewayMode } from '../../doubles/openalgoServerEndpoints';
import type { OrderTerms } from '../../doubles/openalgoServerOrders';
import { byHand, limit, openAlgoBench, order, SILENT, type OpenAlgoBench } from './openalgoBench';
import { lostSuite, type LostBench } from './lostSuite';
import { SHARE } from './paperBench';

let bench: OpenAlgoBench;
let broker: Broker;

async function open(mode: GatewayMode): Promise<void> {
  bench = await openAlgoBench(mode);
  connect();
  bench.quote(SHARE, 100, 100.05);
}

/** Another life: a new adapter over the same journal and the same gateway. */
function connect(): void {
  ({ broker } = bench.connect());
}

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

async function lostBench(mode: GatewayMode): Promise<LostBench> {
  const own = await openAlgoBench(mode);
  const { server, clock, journal } = own;
  return {
    clock, journal, close: () => own.close(),
    fail: (fault, times) => { server.fail('placeorder', fault, times); },
    placements: () => server.asked('placeorder').length,
    numbers: () => server.gateway.orders.orders.map(({ orderid }) => orderid),
    freezeLists: (frozen) => { server.freezeLists(frozen); },
    answerWhen: (moment) => { server.answersOrdersWhen = moment; },
    acceptance: (number) => JSON.stringify({ status: 'success', orderid: number }),
    connect() {
      const { broker: connected } = own.connect();
      own.quote(SHARE, 100, 100.05);
      return connected;
    },
  };
}

for (const mode of ['analyze', 'live'] as const) lostSuite(`OpenAlgo, ${mode}`, () => lostBench(mode), LOST);

describe.each<GatewayMode>(['analyze', 'live'])('a book of the gateway (%s)', (mode) => {
  afterEach(() => bench.close());

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
  afterEach(() => bench.close());

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
