import { toMoney } from '../../../runtime/domain/money';
import type { Broker } from '../../../runtime/domain/ports';
import { SECOND_MS } from '../../../runtime/domain/time';
import { lookAgain, resumeOrders } from '../../../runtime/services/orderRouter/resume';
import type { Fault } from '../../doubles/openalgoServer';
import { orderFor, origin, routerWorld, viewOf, type RouterWorld } from '../../doubles/routerWorld';
import { SILENT } from './openalgoBench';

/** A broker's contract server with an adapter on the router's own journal. SBIN stands at 799.95 to 800.05 there. */
export interface RoutedBench {
  readonly server: { fail(endpoint: string, fault: Fault): void; asked(endpoint: string): readonly unknown[]; freezeLists(frozen: boolean): void; answersOrdersAfterMs: number; close(): Promise<void> };
  /** The endpoints that place and change orders. */
  readonly place: string;
  readonly modify: string;
  /** The broker's order numbers, in the order of arrival. */
  numbers(): readonly string[];
  /** Another life of the adapter. */
  connect(): Broker;
}

/** An adapter under the real router and the real journal. */
export function routedSuite(name: string, open: (world: RouterWorld) => Promise<RoutedBench>): void {
  let world: RouterWorld;
  let bench: RoutedBench;
  let broker: Broker;
  beforeEach(async () => {
    world = await routerWorld();
    bench = await open(world);
    broker = bench.connect();
  });
  afterEach(async () => {
    await broker.close();
    await world.store.close();
    await bench.server.close();
  });

  describe(`${name} under the router`, () => {
    test('an order without an answer blocks entries in its instrument, and is booked once when it is found', async () => {
      bench.server.fail(bench.place, SILENT);
      const account = world.account(broker);
      const { id, status } = viewOf(await world.router.place(account, origin('s1'), orderFor()));
      expect(status).toBe('UNKNOWN');
      expect(await world.router.place(account, origin('s2'), orderFor())).toMatchObject({ kind: 'refused', denial: { code: 'UNRESOLVED_ORDER' } });
      await lookAgain(world.ports, account);
      await lookAgain(world.ports, account);
      expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', filledQuantity: 10, averagePrice: toMoney(800.05), brokerOrderId: bench.numbers()[0] });
      expect(await world.store.fills(id)).toHaveLength(1);
      expect(await world.store.positions()).toMatchObject([{ quantity: 10 }]);
      expect(bench.server.asked(bench.place)).toHaveLength(1);
    });

    test('a process that died after the send leaves an order that the next one finds by the journal and does not send', async () => {
      bench.server.fail(bench.place, SILENT);
      const dying = world.router.place(world.account(broker), origin('s1'), orderFor());
      while (bench.server.asked(bench.place).length === 0) await new Promise((resolve) => setImmediate(resolve));
      world.clock.advance(20 * SECOND_MS);
      const next = bench.connect();
      const account = world.account(next);
      await resumeOrders(world.ports, account, { othersMaySend: false });
      await next.close();
      // Its last word comes too late to matter.
      await dying;
      expect(await world.store.orders()).toMatchObject([{ status: 'FILLED', filledQuantity: 10 }]);
      expect(bench.server.asked(bench.place)).toHaveLength(1);
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
      expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', filledQuantity: 10, brokerOrderId: bench.numbers()[0] });
    });

    test('18 a look that meets an order on its way leaves it to its answer, and nothing stays unknown', async () => {
      bench.server.answersOrdersAfterMs = 100;
      const account = world.account(broker);
      const placing = world.router.place(account, origin('s1'), orderFor());
      while (bench.numbers().length === 0) await new Promise((resolve) => setImmediate(resolve));
      await lookAgain(world.ports, account);
      const { id, status } = viewOf(await placing);
      expect(status).not.toBe('UNKNOWN');
      world.clock.advance(10 * SECOND_MS);
      await lookAgain(world.ports, account);
      expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', filledQuantity: 10, brokerOrderId: bench.numbers()[0] });
      expect(bench.server.asked(bench.place)).toHaveLength(1);
    });

    describe('29 a modification of which the answer is lost', () => {
      const LIMIT = orderFor(undefined, { orderType: 'LIMIT', limitPrice: toMoney(790) });
      const modified = async () => {
        const account = world.account(broker);
        const { id } = viewOf(await world.router.place(account, origin('s1'), LIMIT));
        return world.router.modify(account, origin('s2'), { kind: 'order', orderId: id }, { limitPrice: toMoney(795), quantity: 6 });
      };

      test('is proven by the terms in the list of orders', async () => {
        bench.server.fail(bench.modify, SILENT);
        expect(await modified()).toMatchObject({ kind: 'done', order: { quantity: 6 } });
        expect(bench.server.asked(bench.modify)).toHaveLength(1);
      });

      test('is pending while the list shows the terms from before, and is not sent again', async () => {
        bench.server.fail(bench.modify, { kind: 'reset', carriedOut: false });
        expect(await modified()).toMatchObject({ kind: 'pending', denial: { code: 'OUTCOME_UNKNOWN' }, order: { quantity: 10 } });
        await lookAgain(world.ports, world.account(broker));
        expect(await world.store.changes.open()).toMatchObject([{ status: 'UNKNOWN' }]);
        expect(bench.server.asked(bench.modify)).toHaveLength(1);
      });
    });

    test('an order that a person has found is followed from then on', async () => {
      bench.server.freezeLists(true);
      bench.server.fail(bench.place, SILENT);
      const account = world.account(broker);
      const { id } = viewOf(await world.router.place(account, origin('s1'), orderFor()));
      await lookAgain(world.ports, account);
      expect(await world.store.order(id)).toMatchObject({ status: 'UNKNOWN' });
      const { difference } = await world.store.differences.open({ account: 'paper', finding: { key: `unknown ${id}`, kind: 'orderUnknown', mark: 'unknown', orderId: id, brokerSays: 'nothing', journalSays: 'sent' }, happenedAt: world.clock.now() });
      expect(await world.store.differences.resolve({ id: difference.id, as: 'found', by: 'Asha', reason: 'seen in its order book', brokerOrderId: bench.numbers()[0] ?? '', tradingDay: '2026-11-20', happenedAt: world.clock.now() })).toMatchObject({ ok: true });
      bench.server.freezeLists(false);
      world.clock.advance(2 * SECOND_MS);
      await lookAgain(world.ports, account);
      expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', filledQuantity: 10, brokerOrderId: bench.numbers()[0] });
      expect(bench.server.asked(bench.place)).toHaveLength(1);
    });
  });
}
