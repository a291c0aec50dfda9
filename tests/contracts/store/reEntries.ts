import { toMoney } from '../../../runtime/domain/money';
import type { ReEntryTerms } from '../../../runtime/domain/reEntry';
import { admitted, apply, buy, fill, MONDAY, request, sell, stateNow, status, T0, TUESDAY, withStore, type OpenStore, type RequestChanges } from './fixtures';

const GROUP: ReEntryTerms = { group: 'dip', maximum: 1, cooldownMs: 60_000, atCost: true };
const MINUTE = 60_000;

/** Groups of entries, and what waits for its price after a stop. */
export function reEntriesContract(open: OpenStore): void {
  const enter = (signalId: string, changes: RequestChanges = {}): RequestChanges => ({ reEntry: GROUP, ...changes, draft: { signalId, ...changes.draft } });
  const used = async (store: Parameters<typeof stateNow>[0], changes: RequestChanges = {}) => (await stateNow(store, enter('next', changes))).reEntries;

  describe('re-entries', () => {
    test('a request without a group is told nothing of one', () => withStore(open, async ({ store }) => {
      expect((await stateNow(store)).reEntries).toBeUndefined();
      expect(await used(store)).toEqual({ entries: 0 });
    }));

    test('entries are counted by account, strategy, instrument, day and group', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k1', buy(10), enter('s1'));
      await admitted(store, 'k2', buy(10), enter('s2', { happenedAt: T0 + 5 }));
      await admitted(store, 'k3', buy(10), { draft: { signalId: 'no group' } });
      expect(await used(store)).toEqual({ entries: 2, lastAt: T0 + 5 });
      expect(await used(store, { tradingDay: TUESDAY })).toEqual({ entries: 0 });
      expect(await used(store, { reEntry: { ...GROUP, group: 'other' } })).toEqual({ entries: 0 });
      expect(await used(store, { draft: { strategyId: 'other' } })).toEqual({ entries: 0 });
      expect(await used(store, { draft: { account: 'other' } })).toEqual({ entries: 0 });
    }));

    test('slices of one signal are one entry, and do not count against each other', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k1', buy(10), enter('s1'));
      expect(await used(store, { draft: { signalId: 's1' } })).toEqual({ entries: 0 });
      await admitted(store, 'k2', buy(10), enter('s1', { draft: { leg: 1, signalId: 's1' } }));
      expect(await used(store)).toMatchObject({ entries: 1 });
      expect(await store.reEntries.waiting('paper')).toMatchObject([{ orderId: 'ok1', group: 'dip', maximum: 1, cooldownMs: 60_000, tradingDay: MONDAY, action: 'BUY' }]);
    }));

    test('what was refused, what ended without a fill and what only reduces is no entry; a fill before the end makes it one', () => withStore(open, async ({ store }) => {
      await store.admit(request('k0', enter('s0')), () => ({ kind: 'satisfied' }));
      await admitted(store, 'k1', buy(10), enter('s1'));
      await apply(store, 'ok1', [status('ok1', 'REJECTED')]);
      expect(await used(store)).toEqual({ entries: 0 });
      await admitted(store, 'k2', buy(10), enter('s2'));
      await apply(store, 'ok2', [fill('ok2', 't', { quantity: 4 }), status('ok2', 'CANCELLED')]);
      expect(await used(store)).toMatchObject({ entries: 1 });
      await admitted(store, 'k3', sell(4), enter('s3'));
      expect(await used(store)).toMatchObject({ entries: 1 });
    }));

    test('the cool-down begins anew when the position changes', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k1', buy(10), enter('s1'));
      await apply(store, 'ok1', [fill('ok1', 't', { happenedAt: T0 + 50 })]);
      await admitted(store, 'k2', sell(10), { draft: { signalId: 'exit', purpose: 'exit', size: { kind: 'exit' } } });
      await apply(store, 'ok2', [fill('ok2', 't', { happenedAt: T0 + 700 })]);
      expect(await used(store)).toEqual({ entries: 1, lastAt: T0 + 700 });
    }));

    const touch = { orderId: 'ok1', entryPrice: toMoney(100), happenedAt: T0 + MINUTE };
    test('a return counts when it was waited for: told once, in the transaction that ends the wait', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k1', buy(10), enter('s1'));
      expect(await store.reEntries.touch(touch)).toBe('nothing');
      await store.reEntries.ready({ orderId: 'ok1', happenedAt: T0 + 9 });
      expect(await store.reEntries.waiting('paper')).toMatchObject([{ readyAt: T0 + 9 }]);
      expect(await Promise.all([store.reEntries.touch(touch), store.reEntries.touch(touch)])).toEqual(['told', 'nothing']);
      expect(await store.reEntries.waiting('paper')).toEqual([]);
      expect((await store.events.after({ after: 0, kinds: ['reEntry'] }))).toMatchObject([{
        key: 'reEntry ok1', orderId: 'ok1', signalId: 's1', strategyId: 'momentum', facts: { group: 'dip', reEntry: 1, maximum: 1, price: 100, action: 'BUY', product: 'MIS' }, happenedAt: T0 + MINUTE,
      }]);
    }));

    test('one that comes too early is let go, and the next one counts', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k1', buy(10), enter('s1'));
      await store.reEntries.ready({ orderId: 'ok1', happenedAt: T0 });
      expect(await store.reEntries.touch({ ...touch, happenedAt: T0 + MINUTE - 1 })).toBe('early');
      expect(await store.reEntries.touch(touch)).toBe('nothing');
      await store.reEntries.ready({ orderId: 'ok1', happenedAt: T0 });
      expect(await store.reEntries.touch(touch)).toBe('told');
    }));

    test('with the maximum used up nothing is told; what has ended waits no more', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k1', buy(10), enter('s1'));
      await admitted(store, 'k2', buy(10), enter('s2'));
      await store.reEntries.ready({ orderId: 'ok1', happenedAt: T0 });
      expect(await store.reEntries.touch(touch)).toBe('ended');
      await store.reEntries.end({ orderId: 'ok2', happenedAt: T0, reason: 'the session is over' });
      await store.reEntries.ready({ orderId: 'ok2', happenedAt: T0 });
      expect(await store.reEntries.touch({ ...touch, orderId: 'ok2' })).toBe('nothing');
      expect(await store.reEntries.waiting('paper')).toEqual([]);
      expect(await store.events.after({ after: 0, kinds: ['reEntry'] })).toEqual([]);
    }));
  });
}
