import { toMoney } from '../../../runtime/domain/money';
import { onClock, onPrice, protectionIdOf, type Protection, type ProtectionTerms } from '../../../runtime/domain/protection';
import type { Store } from '../../../runtime/domain/ports';
import { admitted, apply, buy, denied, fill, request, sell, status, T0, withStore, type OpenStore } from './fixtures';

const TERMS: ProtectionTerms = { stop: { by: 'points', points: toMoney(5) }, target: { by: 'percent', percent: 10 } };
const PRICE_AGE_MS = 5_000;

async function entry(store: Store, key = 'a', admission = buy(10)): Promise<{ orderId: string; id: string }> {
  const orderId = await admitted(store, key, admission, { protection: TERMS });
  return { orderId, id: protectionIdOf(orderId) };
}

async function found(store: Store, id: string): Promise<Protection> {
  const protection = await store.protections.find(id);
  if (protection === undefined) throw new Error(`There is no protection ${id}.`);
  return protection;
}

export function protectionsContract(open: OpenStore): void {
  describe('protections', () => {
    test('an entry and the protection it asks for are one step: nothing of either without the other', () => withStore(open, async ({ store }) => {
      const { orderId, id } = await entry(store);
      expect(await store.protections.live('paper')).toMatchObject([{ id, entryOrderId: orderId, status: 'PENDING', direction: 'LONG', quantity: 10, filled: 0, terms: TERMS, signalId: 'signal-1' }]);
      await store.admit(request('b', { protection: TERMS }), () => denied());
      await expect(store.admit(request('c', { protection: TERMS }), () => { throw new Error('the gate is broken'); })).rejects.toThrow('broken');
      expect(await store.protections.live()).toHaveLength(1);
    }));

    test('the same entry again makes no second one', () => withStore(open, async ({ store }) => {
      await entry(store);
      await entry(store);
      expect(await store.protections.list()).toHaveLength(1);
    }));

    test('a fill is covered in the step that books it, every part of it, and a fill after the end as well', () => withStore(open, async ({ store }) => {
      const { orderId, id } = await entry(store);
      await apply(store, orderId, [fill(orderId, 't1', { quantity: 4 })]);
      expect(await found(store, id)).toMatchObject({ status: 'ACTIVE', filled: 4, entryPrice: toMoney(100), stopLevel: toMoney(95), targetLevel: toMoney(110) });
      await apply(store, orderId, [fill(orderId, 't2', { quantity: 3, rupees: 107 })]);
      expect(await found(store, id)).toMatchObject({ filled: 7, entryPrice: toMoney(103) });
      await apply(store, orderId, [status(orderId, 'CANCELLED')]);
      expect(await found(store, id)).toMatchObject({ status: 'ACTIVE', entryEnded: true, filled: 7 });
      await apply(store, orderId, [fill(orderId, 't3', { quantity: 3 })]);
      expect(await found(store, id)).toMatchObject({ filled: 10 });
    }));

    test('an entry that ends unfilled ends its protection, until a fill says otherwise', () => withStore(open, async ({ store }) => {
      const { orderId, id } = await entry(store);
      await apply(store, orderId, [status(orderId, 'CANCELLED')]);
      expect(await found(store, id)).toMatchObject({ status: 'CANCELLED', cancelledBy: 'entry' });
      expect(await store.protections.live()).toEqual([]);
      await apply(store, orderId, [fill(orderId, 'late', { quantity: 10 })]);
      expect(await found(store, id)).toMatchObject({ status: 'ACTIVE', filled: 10 });
    }));

    test('only what an order opens is protected', () => withStore(open, async ({ store }) => {
      const first = await admitted(store, 'first', buy(10));
      await apply(store, first, [fill(first, 't')]);
      await entry(store, 'part', sell(4));
      expect(await store.protections.list()).toEqual([]);
      await entry(store, 'through', sell(16));
      expect(await store.protections.list()).toMatchObject([{ direction: 'SHORT', quantity: 6 }]);
    }));

    test('a change is what one decision on the stored state says; history and events are written with it', () => withStore(open, async ({ store }) => {
      const { orderId, id } = await entry(store);
      await apply(store, orderId, [fill(orderId, 't')]);
      const hit = await store.protections.change({ id, happenedAt: T0 }, (current) => onPrice(current, { last: toMoney(94), at: T0 }, T0, PRICE_AGE_MS));
      expect(hit).toMatchObject({ kind: 'changed', protection: { status: 'EXITING', exitReason: 'stop', steps: [{ step: 1, purpose: 'exit', quantity: 10, state: 'WANTED' }] } });
      expect(await found(store, id)).toEqual('protection' in hit ? hit.protection : undefined);
      expect(await store.protections.change({ id, happenedAt: T0 }, (current) => onClock(current, T0))).toMatchObject({ kind: 'unchanged' });
      expect(await store.protections.change({ id: 'nobody', happenedAt: T0 }, () => undefined)).toEqual({ kind: 'unknown' });
      expect((await store.protections.events(id)).map(({ status: to, kind }) => [to, kind])).toEqual([['PENDING', 'changed'], ['ACTIVE', 'changed'], ['EXITING', 'changed'], ['EXITING', 'stopHit']]);
      expect(await store.events.after({ after: 0, kinds: ['stopHit'] })).toMatchObject([{ key: `protection ${id} stop`, strategyId: 'momentum', orderId, facts: { protectionId: id, severity: 'warning', stop: 95 } }]);
    }));

    test('whoever has lost the lease writes nothing', () => withStore(open, async ({ store, clock }) => {
      const { orderId, id } = await entry(store);
      await apply(store, orderId, [fill(orderId, 't')]);
      const { lease } = await store.leases.acquire({ name: 'protection:paper', owner: 'one', now: clock.now(), until: clock.now() + 10 });
      clock.advance(10);
      await store.leases.acquire({ name: 'protection:paper', owner: 'two', now: clock.now(), until: clock.now() + 10 });
      const decide = jest.fn(() => undefined);
      expect(await store.protections.change({ id, fence: lease, happenedAt: T0 }, decide)).toEqual({ kind: 'leaseLost' });
      expect(decide).not.toHaveBeenCalled();
    }));

    test('a forbidden move and a decision that throws write nothing', () => withStore(open, async ({ store }) => {
      const { id } = await entry(store);
      await expect(store.protections.change({ id, happenedAt: T0 }, (current) => ({ next: { ...current, status: 'DONE' }, notices: [] }))).rejects.toThrow('PENDING to DONE');
      await expect(store.protections.change({ id, happenedAt: T0 }, () => { throw new Error('a bug'); })).rejects.toThrow('a bug');
      expect(await found(store, id)).toMatchObject({ status: 'PENDING' });
    }));

    test('listeners of this process hear of what was made and changed', () => withStore(open, async ({ store }) => {
      const heard: string[] = [];
      const leave = store.protections.onChanged((id) => heard.push(id));
      const { orderId, id } = await entry(store);
      await apply(store, orderId, [fill(orderId, 't')]);
      leave();
      await apply(store, orderId, [status(orderId, 'FILLED'), fill(orderId, 't2', { quantity: 1 })]);
      expect(heard).toEqual([id, id]);
    }));
  });
}
