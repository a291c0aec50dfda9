import { upstoxClient } from '../../../runtime/adapters/brokers/upstox/client';
import { upstoxKeys } from '../../../runtime/adapters/brokers/upstox/instrumentKeys';
import { openMasterBytes } from '../../../runtime/adapters/brokers/upstox/masterBytes';
import { upstoxBroker, type UpstoxBroker } from '../../../runtime/adapters/brokers/upstox/upstoxBroker';
import { toMoney } from '../../../runtime/domain/money';
import { SECOND_MS } from '../../../runtime/domain/time';
import { lookAgain, resumeOrders } from '../../../runtime/services/orderRouter/resume';
import { silentLog } from '../../doubles/ingressWorld';
import { orderFor, origin, routerWorld, SBIN, viewOf, type RouterWorld } from '../../doubles/routerWorld';
import { upstoxServer, UPSTOX_TOKEN, type UpstoxServer } from '../../doubles/upstoxServer';
import { SILENT } from './openalgoBench';

/** The adapter under the real router and the real journal. */
let world: RouterWorld;
let server: UpstoxServer;
let broker: UpstoxBroker;

function connect(): UpstoxBroker {
  const client = upstoxClient({ addresses: server.addresses, accessToken: UPSTOX_TOKEN, pause: () => Promise.resolve(), commandMs: 300 });
  const keys = upstoxKeys({ open: () => openMasterBytes({ address: server.masterAddress }), clock: world.clock, log: silentLog });
  return upstoxBroker({ client, keys, mode: 'live', account: 'paper', journal: world.store, instruments: { find: (key) => (key === SBIN.key ? SBIN : undefined) }, clock: world.clock, log: silentLog, pause: (ms) => (ms < SECOND_MS ? Promise.resolve() : new Promise(() => undefined)) });
}
beforeEach(async () => {
  world = await routerWorld();
  server = await upstoxServer(world.clock);
  server.back.instruments = [{ segment: 'NSE_EQ', instrument_type: 'EQ', instrument_key: 'NSE_EQ|INESBIN', lot_size: 1, tick_size: 5, trading_symbol: 'SBIN', symbol: SBIN.key }];
  server.back.orders.quote(SBIN.key, 799.95, 800.05);
  broker = connect();
});
afterEach(async () => {
  await broker.close();
  await world.store.close();
  await server.close();
});

test('an order without an answer blocks entries in its instrument, and is booked once when it is found', async () => {
  server.fail('/hft/v3/order/place', SILENT);
  const account = world.account(broker);
  const { id, status } = viewOf(await world.router.place(account, origin('s1'), orderFor()));
  expect(status).toBe('UNKNOWN');
  expect(await world.router.place(account, origin('s2'), orderFor())).toMatchObject({ kind: 'refused', denial: { code: 'UNRESOLVED_ORDER' } });
  await lookAgain(world.ports, account);
  await lookAgain(world.ports, account);
  expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', filledQuantity: 10, averagePrice: toMoney(800.05), brokerOrderId: server.back.orders.orders[0]?.orderid });
  expect(await world.store.fills(id)).toHaveLength(1);
  expect(await world.store.positions()).toMatchObject([{ quantity: 10 }]);
  expect(server.asked('/hft/v3/order/place')).toHaveLength(1);
});

test('a process that died after the send leaves an order that the next one finds by the journal and does not send', async () => {
  server.fail('/hft/v3/order/place', SILENT);
  const dying = world.router.place(world.account(broker), origin('s1'), orderFor());
  while (server.asked('/hft/v3/order/place').length === 0) await new Promise((resolve) => setImmediate(resolve));
  world.clock.advance(20 * SECOND_MS);
  const next = connect();
  const account = world.account(next);
  await resumeOrders(world.ports, account, { othersMaySend: false });
  await next.close();
  // Its last word comes too late to matter.
  await dying;
  expect(await world.store.orders()).toMatchObject([{ status: 'FILLED', filledQuantity: 10 }]);
  expect(server.asked('/hft/v3/order/place')).toHaveLength(1);
});

test('a report that overtakes the acknowledgement is merged with it', async () => {
  const account = world.account(broker);
  const booked = Promise.withResolvers<unknown>();
  broker.onUpdate((update) => {
    const orderId = update.kind === 'fill' ? update.fill.orderId : update.orderId;
    booked.resolve(world.store.applyUpdates({ orderId, updates: [update], tradingDay: '2026-11-20' }));
  });
  const { id } = viewOf(await world.router.place(account, origin('s1'), orderFor()));
  await booked.promise;
  expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', filledQuantity: 10, brokerOrderId: server.back.orders.orders[0]?.orderid });
});

describe('29 a modification of which the answer is lost', () => {
  const LIMIT = orderFor(undefined, { orderType: 'LIMIT', limitPrice: toMoney(790) });
  const modified = async () => {
    const account = world.account(broker);
    const { id } = viewOf(await world.router.place(account, origin('s1'), LIMIT));
    return world.router.modify(account, origin('s2'), { kind: 'order', orderId: id }, { limitPrice: toMoney(795), quantity: 6 });
  };

  test('is proven by the terms in the list of orders', async () => {
    server.fail('/hft/v3/order/modify', SILENT);
    expect(await modified()).toMatchObject({ kind: 'done', order: { quantity: 6 } });
    expect(server.asked('/hft/v3/order/modify')).toHaveLength(1);
  });

  test('is pending while the list shows the terms from before, and is not sent again', async () => {
    server.fail('/hft/v3/order/modify', { kind: 'reset', carriedOut: false });
    expect(await modified()).toMatchObject({ kind: 'pending', denial: { code: 'OUTCOME_UNKNOWN' }, order: { quantity: 10 } });
    await lookAgain(world.ports, world.account(broker));
    expect(await world.store.changes.open()).toMatchObject([{ status: 'UNKNOWN' }]);
    expect(server.asked('/hft/v3/order/modify')).toHaveLength(1);
  });
});
