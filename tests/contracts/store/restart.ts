import { AccountConfig } from '../../../runtime/domain/account';
import type { Store } from '../../../runtime/domain/ports';
import { admitted, apply, buy, denied, fill, receipt, request, stateNow, status, T0, type OpenStore } from './fixtures';

async function everything(store: Store) {
  const orders = await store.orders();
  return {
    orders, signals: await store.signals(), intents: await store.intents(), openOrders: await store.openOrders(), positions: await store.positions(),
    events: await Promise.all(orders.map(({ id }) => store.orderEvents(id))), fills: await Promise.all(orders.map(({ id }) => store.fills(id))),
    locks: await store.locks({ now: T0 }), risk: await store.riskState('paper'), accounts: await store.accounts(), alerts: await store.alerts(), accountEvents: await store.events.after({ after: 0 }), reader: await store.events.position('r'),
    state: await stateNow(store, { lockNames: ['l'] }),
  };
}

/** For implementations that outlive their process. */
export function restartContract(open: OpenStore): void {
  describe('a restart', () => {
    test('changes no answer, and the same keys meet what they met before', async () => {
      const { store, reopen } = await open();
      if (reopen === undefined) throw new Error('This implementation does not outlive its process.');
      await store.declareAccount(AccountConfig.parse({}), T0);
      await store.receive(receipt('r1', ['a', 'b']));
      await store.claimSignals({ nodeKey: 'trigger', owner: 'host', limit: 1, maxAttempts: 3, now: T0, leaseUntil: T0 + 9 });
      await admitted(store, 'k');
      await admitted(store, 'l', buy(5));
      await store.admit(request('m'), () => denied({ latchLoss: true }));
      await apply(store, 'ok', [fill('ok', 't1', { quantity: 3 })]);
      await apply(store, 'ol', [status('ol', 'UNKNOWN')]);
      await store.acquireLock({ account: 'paper', name: 'l', owner: 'o', until: T0 + 50 }, T0);
      await store.setKillSwitch({ account: 'paper', on: true, happenedAt: T0 });
      await store.recordAlert({ key: 'x', strategyId: 's', nodeKey: 'n', severity: 'info', message: 'm', channels: [], happenedAt: T0 });
      await store.events.advance({ reader: 'r', seq: 3, happenedAt: T0 });
      const before = await everything(store);

      const again = await reopen();
      try {
        expect(await everything(again)).toEqual(before);
        expect(await again.receive(receipt('r2', ['a']))).toMatchObject([{ duplicate: true, receiptId: 'r1' }]);
        expect(await again.admit(request('k'), () => buy(1))).toMatchObject({ duplicate: true, order: { filledQuantity: 3 } });
        expect(await again.admit(request('m'), () => buy(1))).toMatchObject({ duplicate: true, intent: { status: 'DENIED' } });
        expect(await apply(again, 'ok', [fill('ok', 't1', { quantity: 3 })])).toMatchObject({ filledQuantity: 3 });
        expect(await again.recordAlert({ key: 'x', strategyId: 's', nodeKey: 'n', severity: 'info', message: 'm', channels: [], happenedAt: T0 })).toMatchObject({ duplicate: true });
      } finally {
        await again.close();
      }
    });
  });
}
