import { toMoney } from '../../domain/money';
import type { BrokerUpdate, Store } from '../../domain/ports';
import { StoreError } from '../../adapters/store';
import { orderFor, origin, routerWorld, viewOf, type RouterWorld } from '../../../tests/doubles/routerWorld';
import { scriptedBroker } from '../../../tests/doubles/scriptedBroker';
import { lookAgain } from '../orderRouter/resume';
import { createReports } from './reports';

let world: RouterWorld;
beforeEach(async () => { world = await routerWorld(); });
afterEach(() => world.store.close());

/** The journal, refusing the steps with these numbers. */
function refusing(store: Store, ...numbers: readonly number[]): Store {
  let step = 0;
  return { ...store, applyUpdates: (request) => (numbers.includes(++step) ? Promise.reject(new StoreError('BUSY', 'in use')) : store.applyUpdates(request)) };
}

const fill = (orderId: string, quantity: number): BrokerUpdate => ({ kind: 'fill', fill: { orderId, tradeId: `t${quantity}`, quantity, price: toMoney(800), charges: toMoney(1), happenedAt: world.clock.now() } });
const cancelled = (orderId: string): BrokerUpdate => ({ kind: 'status', orderId, status: 'CANCELLED', happenedAt: world.clock.now() });

async function resting() {
  const broker = scriptedBroker();
  const account = world.account(broker);
  return { broker, account, id: viewOf(await world.router.place(account, origin(), orderFor())).id };
}

test('an end is not journalled over a fill that could not be; the next look reads both', async () => {
  const { broker, account, id } = await resting();
  const reports = createReports({ ...world.ports, store: refusing(world.store, 1) }, account);
  reports.take(fill(id, 4));
  reports.take(cancelled(id));
  await reports.idle();
  expect(await world.store.order(id)).toMatchObject({ status: 'ACCEPTED', filledQuantity: 0 });
  broker.known.set(id, { brokerOrderId: `b-${id}`, updates: [fill(id, 4), cancelled(id)] });
  await lookAgain(world.ports, account);
  expect(await world.store.order(id)).toMatchObject({ status: 'CANCELLED', filledQuantity: 4 });
});

test('reports of one order are journalled in their order, those of another do not wait for them', async () => {
  const { account, id } = await resting();
  const other = viewOf(await world.router.place(account, origin('s2'), orderFor())).id;
  const first = Promise.withResolvers<undefined>();
  const store: Store = { ...world.store, applyUpdates: async (request) => {
    if (request.updates[0]?.kind === 'fill') await first.promise;
    return world.store.applyUpdates(request);
  } };
  const reports = createReports({ ...world.ports, store }, account);
  reports.take(fill(id, 4));
  reports.take(cancelled(id));
  reports.take(cancelled(other));
  while ((await world.store.order(other))?.status !== 'CANCELLED') await new Promise((resolve) => { setImmediate(resolve); });
  expect(await world.store.order(id)).toMatchObject({ status: 'ACCEPTED' });
  first.resolve(undefined);
  await reports.idle();
  expect((await world.store.orderEvents(id)).map(({ to }) => to).slice(-2)).toEqual(['PARTIALLY_FILLED', 'CANCELLED']);
});

test('after a look has found the order’s end a late report counts, and the order is forgotten', async () => {
  const { broker, account, id } = await resting();
  const reports = createReports({ ...world.ports, store: refusing(world.store, 1) }, account);
  reports.take(fill(id, 4));
  await reports.idle();
  expect(reports.missed()).toBe(1);
  reports.take(fill(id, 2));
  await reports.idle();
  expect(await world.store.order(id)).toMatchObject({ filledQuantity: 0 });
  broker.known.set(id, { brokerOrderId: `b-${id}`, updates: [fill(id, 4), cancelled(id)] });
  await lookAgain(world.ports, account);
  reports.take(fill(id, 2));
  await reports.idle();
  expect(await world.store.order(id)).toMatchObject({ status: 'CANCELLED', filledQuantity: 6 });
  expect(reports.missed()).toBe(0);
});
