import { toMoney } from '../../../runtime/domain/money';
import type { ChangeRequest, ChangeSubject, OrderTerms } from '../../../runtime/domain/orderChange';
import type { Store } from '../../../runtime/domain/ports';
import { admitted, apply, fill, MONDAY, request, status, T0, withStore, type OpenStore } from './fixtures';

const origin = { account: 'paper', strategyId: 'momentum', nodeKey: 'change', signalId: 'signal-2' };
const REFUSAL = { code: 'PRICE_COLLAR', message: 'Too far.' } as const;
const at = (rupees: number, quantity = 10): OrderTerms => ({ quantity, limitPrice: toMoney(rupees) });

function wish(orderId: string, key: string, changes: Partial<ChangeRequest> = {}): ChangeRequest {
  return { key, kind: 'modify', orderId, origin, wished: at(101), tradingDay: MONDAY, lockNames: [], happenedAt: T0 + 5, ...changes };
}

/** An accepted limit order of 10 at 100. */
async function resting(store: Store, key: string): Promise<string> {
  const limit = { draft: { orderType: 'LIMIT', limitPrice: toMoney(100) } } as const;
  const id = await admitted(store, key, { kind: 'admit', action: 'BUY', quantity: 10 }, limit);
  await apply(store, id, [status(id, 'ACCEPTED'), status(id, 'OPEN')]);
  return id;
}

const pass = (): undefined => undefined;

/** Changes of resting orders are durable before a broker hears of them, and the terms they had hold until they are done. */
export function changesContract(open: OpenStore): void {
  describe('changes of orders', () => {
    test('what is asked for is written with the terms before and the terms wished; the order keeps its own until it is done', async () => withStore(open, async ({ store }) => {
      const id = await resting(store, 'a');
      const { change, duplicate } = await store.changes.request(wish(id, 'c1'), pass);
      expect([change, duplicate]).toEqual([expect.objectContaining({ key: 'c1', orderId: id, status: 'REQUESTED', before: at(100), wished: at(101), signalId: 'signal-2' }), false]);
      expect(await store.order(id)).toMatchObject({ limitPrice: toMoney(100) });
      expect(await store.changes.finish({ key: 'c1', status: 'DONE', happenedAt: T0 + 6 })).toMatchObject({ status: 'DONE' });
      expect(await store.order(id)).toMatchObject({ limitPrice: toMoney(101), quantity: 10, status: 'OPEN' });
      expect(await store.changes.open()).toEqual([]);
      expect(await store.events.after({ after: 0, kinds: ['modified'] })).toMatchObject([{ orderId: id, facts: { quantity: 10, limitPrice: 101 } }]);
      expect((await store.orderEvents(id)).slice(-2).map(({ detail }) => detail)).toEqual(['modify REQUESTED, 10 at 100 to 10 at 101', 'modify DONE, 10 at 100 to 10 at 101']);
    }));

    test('the same key is asked and judged once', async () => withStore(open, async ({ store }) => {
      const id = await resting(store, 'a');
      const judge = jest.fn(pass);
      await store.changes.request(wish(id, 'c1'), judge);
      expect(await store.changes.request(wish(id, 'c1', { wished: at(105) }), judge)).toMatchObject({ duplicate: true, change: { wished: at(101) } });
      expect(judge).toHaveBeenCalledTimes(1);
    }));

    test('a refusal is written, stands, and changes nothing', async () => withStore(open, async ({ store }) => {
      const id = await resting(store, 'a');
      expect(await store.changes.request(wish(id, 'c1'), () => REFUSAL)).toMatchObject({ change: { status: 'REFUSED', denial: REFUSAL } });
      expect(await store.changes.finish({ key: 'c1', status: 'DONE', happenedAt: T0 + 6 })).toMatchObject({ status: 'REFUSED' });
      expect(await store.order(id)).toMatchObject({ limitPrice: toMoney(100) });
    }));

    test('the judge sees the order, the state of its account, and a modification that is open', async () => withStore(open, async ({ store }) => {
      const id = await resting(store, 'a');
      const seen: ChangeSubject[] = [];
      const look = (subject: ChangeSubject): undefined => { seen.push(subject); return undefined; };
      await store.changes.request(wish(id, 'c1'), look);
      await store.changes.finish({ key: 'c1', status: 'UNKNOWN', denial: { code: 'OUTCOME_UNKNOWN', message: 'cut' }, happenedAt: T0 + 6 });
      await store.changes.request(wish(id, 'c2', { kind: 'cancel' }), look);
      await store.changes.request(wish(id, 'c3'), look);
      expect(seen).toMatchObject([{ order: { id, quantity: 10 }, state: { pending: { buy: 10, sell: 0 } } }, { open: { key: 'c1', status: 'UNKNOWN' } }, { open: { key: 'c1' } }]);
      expect(seen[0]).not.toHaveProperty('open');
      expect((await store.changes.open('paper')).map(({ key }) => key)).toEqual(['c1', 'c2', 'c3']);
      expect(await store.changes.open('other')).toEqual([]);
      expect(await store.changes.find('c1')).toMatchObject({ status: 'UNKNOWN', denial: { message: 'cut' }, before: at(100), wished: at(101) });
      expect((await store.changes.ofOrder(id)).map(({ kind }) => kind)).toEqual(['modify', 'cancel', 'modify']);
    }));

    test('what has ended stays as it ended', async () => withStore(open, async ({ store }) => {
      const id = await resting(store, 'a');
      await store.changes.request(wish(id, 'c1'), pass);
      await store.changes.finish({ key: 'c1', status: 'REFUSED', denial: REFUSAL, happenedAt: T0 + 6 });
      await store.changes.finish({ key: 'c1', status: 'DONE', happenedAt: T0 + 7 });
      expect(await store.changes.find('c1')).toMatchObject({ status: 'REFUSED', denial: REFUSAL });
      expect(await store.order(id)).toMatchObject({ limitPrice: toMoney(100) });
    }));

    test('a smaller quantity gives its exposure back when it is done, not before; fills are kept', async () => withStore(open, async ({ store }) => {
      const id = await resting(store, 'a');
      await apply(store, id, [fill(id, 't1', { quantity: 3 })]);
      await store.changes.request(wish(id, 'c1', { wished: at(100, 6) }), pass);
      const pending = async (): Promise<number> => (await store.preview(request('x'))).state.pending.buy;
      expect(await pending()).toBe(7);
      await store.changes.finish({ key: 'c1', status: 'DONE', happenedAt: T0 + 6 });
      expect(await pending()).toBe(3);
      expect(await store.order(id)).toMatchObject({ quantity: 6, filledQuantity: 3 });
    }));

    test('an order that is not there has no changes', async () => withStore(open, async ({ store }) => {
      await expect(store.changes.request(wish('nobody', 'c1'), pass)).rejects.toThrow('nobody');
      await expect(store.changes.finish({ key: 'c1', status: 'DONE', happenedAt: T0 })).rejects.toThrow('c1');
      expect(await store.changes.find('c1')).toBeUndefined();
    }));
  });
}
