import type { Broker } from '../../../runtime/domain/ports';
import { SECOND_MS } from '../../../runtime/domain/time';
import { BLOCKED_PAGE } from '../../doubles/upstoxServer';
import { LOGIN_PAGE, type Fault } from '../../doubles/openalgoServer';
import { lostSuite, type LostBench } from './lostSuite';
import { limit, order, SILENT } from './openalgoBench';
import { SHARE } from './paperBench';
import { upstoxBench, type UpstoxBench } from './upstoxBench';

const PLACE = '/hft/v3/order/place';

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

async function open(): Promise<LostBench> {
  const bench = await upstoxBench();
  const { server, clock, journal } = bench;
  return {
    clock, journal, close: () => bench.close(),
    fail: (fault, times) => { server.fail(PLACE, fault, times); },
    placements: () => server.asked(PLACE).length,
    numbers: () => server.back.orders.orders.map(({ orderid }) => orderid),
    freezeLists: (frozen) => { server.freezeLists(frozen); },
    answerWhen: (moment) => { server.answersOrdersWhen = moment; },
    acceptance: (number) => JSON.stringify({ status: 'success', data: { order_ids: [number] } }),
    connect() {
      const { broker } = bench.connect();
      bench.quote(SHARE, 100, 100.05);
      return broker;
    },
  };
}

lostSuite('Upstox', open, LOST);

describe('lists that show tags', () => {
  let bench: UpstoxBench;
  let broker: Broker;
  beforeEach(async () => {
    bench = await upstoxBench();
    ({ broker } = bench.connect());
    bench.quote(SHARE, 100, 100.05);
  });
  afterEach(() => bench.close());

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
});
