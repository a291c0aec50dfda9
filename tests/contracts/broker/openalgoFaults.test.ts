import type { OpenAlgoBroker, OpenAlgoBrokerOptions } from '../../../runtime/adapters/brokers/openalgo/openAlgoBroker';
import { toMoney } from '../../../runtime/domain/money';
import type { Broker, BrokerOrder, BrokerUpdate } from '../../../runtime/domain/ports';
import { MINUTE_MS, SECOND_MS } from '../../../runtime/domain/time';
import { LIMITED, type Fault } from '../../doubles/openalgoServer';
import type { GatewayMode } from '../../doubles/openalgoServerEndpoints';
import { byHand, filledIn, limit, openAlgoBench, order, SILENT, type OpenAlgoBench } from './openalgoBench';
import { INDEX, SHARE } from './paperBench';

/** The numbers are those of the fault campaign; what the router has to do with an adapter's word is shown elsewhere. */
let bench: OpenAlgoBench;
let broker: Broker;
let adapter: OpenAlgoBroker;
let told: BrokerUpdate[];
afterEach(() => bench.close());

async function open(mode: GatewayMode, options: Partial<OpenAlgoBrokerOptions> = {}): Promise<void> {
  bench = await openAlgoBench(mode);
  connect(options);
  bench.quote(SHARE, 100, 100.05);
}

/** Another life: a new adapter over the same journal and the same gateway. */
function connect(options: Partial<OpenAlgoBrokerOptions> = {}): void {
  ({ broker, adapter } = bench.connect(options));
  told = [];
  broker.onUpdate((update) => told.push(update));
}

const placements = (): number => bench.server.asked('placeorder').length;
const firstId = (): string => bench.server.gateway.orders.orders[0]?.orderid ?? 'none';
/** One more look, over when everything it shows has been told. */
const look = async (id: string): Promise<void> => {
  await broker.find(id);
};

describe('21 a storm of failures', () => {
  test('lists that can not be read are asked for seldom, say nothing of absence, and what is known stays known', async () => {
    await open('live');
    const wanted = limit(99);
    await broker.place(wanted);
    await look(wanted.id);
    bench.clock.advance(10 * MINUTE_MS);
    bench.server.fail('orderbook', { kind: 'answer', carriedOut: false, status: 503, text: '' }, 3);
    expect(await broker.find(wanted.id)).toMatchObject({ brokerOrderId: firstId(), updates: [{ status: 'OPEN' }] });
    expect(adapter.state()).toMatchObject({ session: 'unreachable' });
    expect(bench.errors.filter(({ message }) => message.includes('can not be used'))).toHaveLength(1);
    expect(await broker.find(wanted.id)).toBeDefined();
    expect(adapter.state()).toMatchObject({ session: 'ok' });
  });

  test('a wait grows with failures and with quiet, and shrinks with news', async () => {
    const waits: number[] = [];
    let release: () => void = () => undefined;
    let waiting = Promise.withResolvers<undefined>();
    await open('live', {
      pause: (ms) => {
        if (ms < SECOND_MS) return Promise.resolve();
        waits.push(ms);
        waiting.resolve(undefined);
        return new Promise((resolve) => { release = resolve; });
      },
    });
    const turn = async (): Promise<void> => {
      await waiting.promise;
      waiting = Promise.withResolvers();
      release();
    };
    const wanted = limit(99);
    await broker.place(wanted);
    bench.server.fail('orderbook', { kind: 'answer', carriedOut: false, status: 503, text: '' }, 6);
    for (let round = 0; round < 6; round += 1) await turn();
    await waiting.promise;
    expect(waits[0]).toBe(2_250);
    expect(waits.slice(1)).toEqual([5_062.5, 1_000, 1_500, 2_250, 3_375, 5_062.5]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
  });
});

test('22 and 34: a limit and a definite refusal are said once, with their meaning, and nothing is tried again', async () => {
  await open('live');
  const refusal = (status: number, message: string): Fault => ({ kind: 'answer', carriedOut: false, status, text: JSON.stringify({ status: 'error', message }) });
  for (const [fault, code] of [
    [LIMITED, 'TOO_MANY_REQUESTS'], [refusal(403, 'Order rejected: requests from this IP address are not allowed'), 'ORDER_REJECTED'],
    [refusal(400, 'RMS:Margin Exceeds,Required:1,Available:0'), 'INSUFFICIENT_FUNDS'], [refusal(400, 'Price is outside of the circuit limits'), 'ORDER_REJECTED'],
  ] as const) {
    const before = placements();
    const wanted = order();
    bench.server.fail('placeorder', fault);
    expect(await broker.place(wanted)).toMatchObject({ kind: 'rejected', denial: { code } });
    expect(await broker.place(wanted)).toMatchObject({ kind: 'rejected', denial: { code } });
    expect(placements()).toBe(before + 1);
    expect(await broker.find(wanted.id)).toBeUndefined();
  }
});

test('34 where nothing listens, nothing was sent and the order is refused', async () => {
  await open('live');
  await bench.server.close();
  expect(await broker.place(order())).toMatchObject({ kind: 'rejected', denial: { code: 'NOT_READY', message: expect.stringContaining('Nothing was sent') as string } });
});

test.each<GatewayMode>(['analyze', 'live'])('24 a rejection by the exchange after acceptance is told with its reason, and there is no fill (%s)', async (mode) => {
  await open(mode);
  const wanted = limit(99);
  await broker.place(wanted);
  Object.assign(bench.server.gateway.orders.orders[0] ?? {}, { order_status: 'rejected', rejection_reason: 'RMS:Margin Exceeds,Required:1,Available:0' });
  await look(wanted.id);
  expect(told).toMatchObject([{ kind: 'status', orderId: wanted.id, status: 'REJECTED', denial: { code: mode === 'analyze' ? 'INSUFFICIENT_FUNDS' : 'ORDER_REJECTED' } }]);
});

test.each<GatewayMode>(['analyze', 'live'])('25 and 26: looks that come twice, too early or out of order tell each thing once, and never go back (%s)', async (mode) => {
  await open(mode);
  const wanted = limit(99);
  await broker.place(wanted);
  await look(wanted.id);
  bench.server.gateway.orders.fill(firstId(), 4, 99);
  await look(wanted.id);
  bench.server.freezeLists(true);
  const stale = bench.server.gateway.lists;
  bench.server.freezeLists(false);
  bench.server.gateway.orders.fill(firstId(), 6, 98.5);
  await look(wanted.id);
  const said = [...told];
  bench.server.gateway.lists = stale;
  await look(wanted.id);
  bench.server.gateway.lists = undefined;
  await Promise.all([look(wanted.id), look(wanted.id), look(wanted.id)]);
  expect(told).toEqual(said);
  expect(told).toMatchObject([{ status: 'OPEN' }, { fill: { quantity: 4, price: toMoney(99) } }, { fill: { quantity: 6, price: toMoney(98.5) } }]);
  expect(new Set(told.flatMap((update) => (update.kind === 'fill' ? [update.fill.tradeId] : []))).size).toBe(2);
});

test.each<GatewayMode>(['analyze', 'live'])('26 a fill that the journal has is not told as another one by the next life (%s)', async (mode) => {
  await open(mode);
  const wanted = limit(99);
  await broker.place(wanted);
  bench.server.gateway.orders.fill(firstId(), 4, 99);
  await look(wanted.id);
  await broker.close();
  connect();
  bench.server.gateway.orders.fill(firstId(), 6, 98.5);
  const found = await broker.find(wanted.id);
  const fills = (found?.updates ?? []).flatMap((update) => (update.kind === 'fill' ? [update.fill] : []));
  expect(fills.map(({ quantity, price }) => [quantity, price])).toEqual([[4, toMoney(99)], [6, toMoney(98.5)]]);
  expect(fills[0]?.charges).toBeGreaterThan(0);
});

test('28 a cancel that loses the race is refused, and the fill counts', async () => {
  await open('live');
  const wanted = limit(99);
  await broker.place(wanted);
  bench.server.gateway.orders.fill(firstId(), 10, 99);
  expect(await broker.cancel(wanted.id)).toMatchObject({ ok: false });
  expect(filledIn(told)).toBe(10);
});

test('a fill that is listed after the cancel still counts', async () => {
  await open('live');
  const wanted = limit(99);
  await broker.place(wanted);
  bench.server.gateway.orders.fill(firstId(), 4, 99);
  const trade = bench.server.gateway.orders.trades.splice(0, 1);
  expect(await broker.cancel(wanted.id)).toEqual({ ok: true });
  await look(wanted.id);
  expect(told.at(-1)).toMatchObject({ status: 'CANCELLED' });
  expect(filledIn(told)).toBe(0);
  bench.server.gateway.orders.trades.push(...trade);
  await look(wanted.id);
  expect(filledIn(told)).toBe(4);
});

test('a cancel of which the answer is lost is looked up and, where it was lost as well, sent once more', async () => {
  await open('live');
  const [first, second] = [limit(99), limit(98)];
  await broker.place(first);
  await broker.place(second);
  bench.server.fail('cancelorder', SILENT);
  expect(await broker.cancel(first.id)).toEqual({ ok: true });
  expect(bench.server.asked('cancelorder')).toHaveLength(1);
  bench.server.fail('cancelorder', { kind: 'reset', carriedOut: false });
  expect(await broker.cancel(second.id)).toEqual({ ok: true });
  bench.server.fail('cancelorder', { kind: 'reset', carriedOut: false }, 9);
  const third = limit(97);
  await broker.place(third);
  expect(await broker.cancel(third.id)).toMatchObject({ ok: false, denial: { code: 'OUTCOME_UNKNOWN' } });
  expect(bench.server.asked('cancelorder')).toHaveLength(5);
});

test('a sign from the order stream is a look at the lists, and no more', async () => {
  let sign: () => void = () => undefined;
  let closed = 0;
  await open('live', {
    stream(onNews) {
      sign = onNews;
      return { close: () => Promise.resolve(void (closed += 1)) };
    },
  });
  const wanted = limit(99);
  await broker.place(wanted);
  await look(wanted.id);
  const filled = new Promise((resolve) => broker.onUpdate((update) => { if (update.kind === 'fill') resolve(update.fill.quantity); }));
  bench.server.gateway.orders.fill(firstId(), 10, 99);
  sign();
  sign();
  expect(await filled).toBe(10);
  expect(filledIn(told)).toBe(10);
  await broker.close();
  expect(closed).toBe(1);
});

test('trades that are listed late are waited for; then the order\'s own average counts, and late trades add nothing', async () => {
  await open('analyze');
  const wanted = limit(99);
  await broker.place(wanted);
  bench.server.gateway.orders.fill(firstId(), 10, 98.9);
  const trade = bench.server.gateway.orders.trades.splice(0, 1);
  await look(wanted.id);
  bench.clock.advance(4 * SECOND_MS);
  await look(wanted.id);
  expect(filledIn(told)).toBe(0);
  bench.clock.advance(2 * SECOND_MS);
  await look(wanted.id);
  expect(told.at(-1)).toMatchObject({ kind: 'fill', fill: { quantity: 10, price: toMoney(98.9) } });
  bench.server.gateway.orders.trades.push(...trade);
  await broker.close();
  connect();
  expect(filledIn((await broker.find(wanted.id))?.updates)).toBe(10);
});

test('trades of more than the order are no fills, and an error says so', async () => {
  await open('live');
  const wanted = limit(99);
  await broker.place(wanted);
  bench.server.gateway.orders.fill(firstId(), 10, 99);
  bench.server.gateway.orders.trades.push(...bench.server.gateway.orders.trades.map((trade) => ({ ...trade })));
  await look(wanted.id);
  expect(filledIn(told)).toBe(0);
  expect(bench.errors).toContainEqual({ fields: expect.objectContaining({ problem: 'trades of 20 for an order of 10' }) as object, message: expect.any(String) as string });
});

test('35 a session that ends in the middle of the day: orders are refused with what to do, cancels too, and it is said once', async () => {
  await open('live');
  const resting = limit(99);
  await broker.place(resting);
  bench.server.sessionOver = true;
  expect(await broker.place(order())).toMatchObject({ kind: 'rejected', denial: { code: 'WRONG_SECRET', remedy: expect.stringContaining('Log in') as string } });
  expect(await broker.cancel(resting.id)).toMatchObject({ ok: false, denial: { code: 'WRONG_SECRET' } });
  expect(adapter.state()).toMatchObject({ session: 'refused' });
  expect(await adapter.preflight()).toMatchObject({ session: 'refused', denial: { code: 'WRONG_SECRET' } });
  await expect(broker.funds()).rejects.toThrow('Invalid openalgo apikey');
  expect(bench.errors.filter(({ message }) => message.includes('can not be used'))).toHaveLength(1);
  bench.server.sessionOver = false;
  expect(await broker.find(resting.id)).toMatchObject({ brokerOrderId: firstId() });
  expect(adapter.state()).toMatchObject({ session: 'ok', mode: 'live' });
});

describe('the mode of the gateway', () => {
  test.each<GatewayMode>(['analyze', 'live', 'semi_auto'])('preflight tells %s without sending an order', async (mode) => {
    await open(mode);
    expect(await adapter.preflight()).toMatchObject({ mode, session: 'ok', broker: 'simbroker' });
    expect(placements()).toBe(0);
  });

  test('in semi-auto an order waits for a person: unknown, found when it is approved, and no program cancels it', async () => {
    await open('semi_auto');
    const wanted = limit(99);
    expect(await broker.place(wanted)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('semi-auto') as string });
    expect(adapter.state()).toMatchObject({ mode: 'semi_auto', denial: { code: 'NOT_SUPPORTED' } });
    expect(await broker.find(wanted.id)).toBeUndefined();
    bench.server.gateway.orders.place({ ...byHand, pricetype: 'LIMIT', price: 99 });
    expect(await broker.find(wanted.id)).toMatchObject({ brokerOrderId: firstId() });
    expect(await broker.cancel(wanted.id)).toMatchObject({ ok: false, denial: { code: 'NOT_SUPPORTED', remedy: expect.stringContaining('auto') as string } });
    expect(adapter.state()).toMatchObject({ mode: 'semi_auto' });
  });

  test('an account for the analyzer sends nothing to a gateway that trades live', async () => {
    await open('live', { expects: 'analyze' });
    expect(await broker.place(order())).toMatchObject({ kind: 'rejected', denial: { code: 'NOT_ARMED' } });
    expect(placements()).toBe(0);
  });

  test('a live account whose gateway is in the analyzer says so', async () => {
    await open('analyze', { expects: 'live' });
    await broker.place(order());
    expect(bench.errors).toContainEqual({ fields: expect.objectContaining({ mode: 'analyze', expects: 'live' }) as object, message: expect.stringContaining('another mode') as string });
  });
});

test.each<[string, Partial<BrokerOrder>, string]>([
  ['an index, which the sandbox would fill', { instrument: INDEX.key }, 'NOT_TRADABLE'],
  ['a symbol nobody knows', { instrument: `${SHARE.key}X` as BrokerOrder['instrument'] }, 'UNKNOWN_SYMBOL'],
])('%s is refused here', async (_what, more, code) => {
  await open('analyze');
  expect(await broker.place(order(more))).toMatchObject({ kind: 'rejected', denial: { code } });
  expect(placements()).toBe(0);
});

test('an acknowledged order that the lists lack is known while they may lag, and missing afterwards', async () => {
  await open('live');
  const wanted = limit(99);
  await broker.place(wanted);
  bench.server.gateway.orders.orders.length = 0;
  bench.clock.advance(4 * MINUTE_MS);
  expect(await broker.find(wanted.id)).toMatchObject({ updates: [] });
  bench.clock.advance(2 * MINUTE_MS);
  expect(await broker.find(wanted.id)).toBeUndefined();
});
