import fc from 'fast-check';
import type { Store } from '../../../runtime/domain/ports';
import { receipt, T0, withStore, type OpenStore } from './fixtures';

const LEASE_MS = 1_000;

function claim(store: Store, changes: Partial<Parameters<Store['claimSignals']>[0]> = {}) {
  const now = changes.now ?? T0;
  return store.claimSignals({ nodeKey: 'trigger', owner: 'host-1', limit: 10, maxAttempts: 3, now, leaseUntil: now + LEASE_MS, ...changes });
}

const finish = (store: Store, signalId: string, status: 'DONE' | 'FAILED' | 'RECEIVED', reason?: string) =>
  store.finishSignal({ nodeKey: 'trigger', signalId, status, happenedAt: T0, ...(reason === undefined ? {} : { reason }) });

const statusOf = async (store: Store, signalId: string) => (await store.signals()).find((entry) => entry.signalId === signalId)?.status;

export function inboxContract(open: OpenStore): void {
  describe('receiving', () => {
    test('a second alert with the same key gets the first receipt and makes no entry', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a'], { happenedAt: T0, recordedAt: T0 + 5 }));
      const [again] = await store.receive(receipt('r2', ['a'], { happenedAt: T0 + 50 }));
      expect(again).toEqual({ signalId: 'a@r1', duplicate: true, receiptId: 'r1', firstRecordedAt: T0 + 5 });
      expect((await store.signals()).map((entry) => entry.signalId)).toEqual(['a@r1']);
    }));

    test('a repeat inside one receipt is a duplicate of that receipt', () => withStore(open, async ({ store }) => {
      const received = await store.receive(receipt('r1', ['a', 'b', 'a']));
      expect(received.map(({ duplicate }) => duplicate)).toEqual([false, false, true]);
    }));

    test('the same key at another node is a signal of its own', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a']));
      const [other] = await store.receive(receipt('r2', ['a'], { nodeKey: 'other' }));
      expect(other?.duplicate).toBe(false);
    }));

    test('one of two simultaneous arrivals is new', () => withStore(open, async ({ store }) => {
      const both = await Promise.all([store.receive(receipt('r1', ['a'])), store.receive(receipt('r2', ['a']))]);
      expect(both.flat().map(({ duplicate, receiptId }) => [duplicate, receiptId])).toEqual([[false, 'r1'], [true, 'r1']]);
    }));

    test.each([
      { name: 'at the start of the window', happenedAt: T0 + 60, since: T0, duplicate: true },
      { name: 'before the window', happenedAt: T0 + 61, since: T0 + 1, duplicate: false },
    ])('with a window, an earlier one $name: duplicate $duplicate', ({ happenedAt, since, duplicate }) => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a']));
      const [second] = await store.receive(receipt('r2', ['a'], { happenedAt, duplicateSince: since }));
      expect(second?.duplicate).toBe(duplicate);
    }));

    test('a known signal id is a duplicate even outside the window: the id is the identity', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', [], { signals: [{ signalId: 'same', dedupeKey: 'k1', item: {} }] }));
      const [second] = await store.receive(receipt('r2', [], { signals: [{ signalId: 'same', dedupeKey: 'k2', item: {} }], duplicateSince: T0 + 10, happenedAt: T0 + 20 }));
      expect(second).toMatchObject({ duplicate: true, receiptId: 'r1' });
    }));

    test('a receipt with one signal that can not be stored writes none of them', () => withStore(open, async ({ store }) => {
      const signals = [{ signalId: 's1', dedupeKey: 'a', item: {} }, { signalId: 's2', dedupeKey: 'b', item: { amount: 10n } }];
      await expect(store.receive(receipt('r1', [], { signals }))).rejects.toThrow('BigInt');
      expect(await store.signals()).toEqual([]);
    }));

    test('any stream of alerts is de-duplicated as a plain list with a window would be', async () => {
      const arrival = fc.record({ key: fc.constantFrom('a', 'b', 'c'), afterMs: fc.integer({ min: 0, max: 40 }) });
      await fc.assert(fc.asyncProperty(fc.array(arrival, { maxLength: 25 }), fc.integer({ min: 0, max: 100 }), (arrivals, windowMs) => withStore(open, async ({ store }) => {
        const accepted: { key: string; at: number; receiptId: string }[] = [];
        let at = T0;
        for (const [index, { key, afterMs }] of arrivals.entries()) {
          at += afterMs;
          const first = accepted.find((one) => one.key === key && one.at >= at - windowMs);
          const [received] = await store.receive(receipt(`r${index}`, [key], { happenedAt: at, duplicateSince: at - windowMs }));
          expect(received).toMatchObject({ duplicate: first !== undefined, receiptId: first?.receiptId ?? `r${index}` });
          if (first === undefined) accepted.push({ key, at, receiptId: `r${index}` });
        }
        expect((await store.signals()).length).toBe(accepted.length);
      })), { numRuns: 25 });
    });
  });

  describe('delivering', () => {
    test('entries are handed out once, oldest first, with the item as it came', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a', 'b', 'c']));
      expect((await claim(store, { limit: 2 })).map((entry) => entry.signalId)).toEqual(['a@r1', 'b@r1']);
      const [last] = await claim(store);
      expect(last).toEqual({
        signalId: 'c@r1', nodeKey: 'trigger', strategyId: 'momentum', source: 'tradingView', item: { symbol: 'SBIN', from: 'r1' },
        receiptId: 'r1', status: 'DELIVERED', attempts: 1, happenedAt: T0, recordedAt: T0,
      });
      expect(await claim(store)).toEqual([]);
    }));

    test('an entry that is received for an owner is its own from the start, as after a claim', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a'], { deliverTo: { owner: 'host-1', leaseUntil: T0 + LEASE_MS } }));
      expect(await store.signals()).toMatchObject([{ signalId: 'a@r1', status: 'DELIVERED', attempts: 1 }]);
      expect(await store.claimedSignals('trigger')).toEqual([{ signalId: 'a@r1', owner: 'host-1' }]);
      expect(await claim(store, { now: T0 + LEASE_MS - 1 })).toEqual([]);
      expect((await claim(store, { now: T0 + LEASE_MS })).map((entry) => entry.attempts)).toEqual([2]);
    }));

    test('a repeat of an earlier entry does not become the owner’s', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a']));
      await store.receive(receipt('r2', ['a', 'b'], { deliverTo: { owner: 'host-1', leaseUntil: T0 + LEASE_MS } }));
      expect(await store.claimedSignals('trigger')).toEqual([{ signalId: 'b@r2', owner: 'host-1' }]);
    }));

    test('simultaneous claims never share an entry', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', Array.from({ length: 40 }, (_, index) => `k${index}`)));
      const claims = await Promise.all(Array.from({ length: 8 }, (_, index) => claim(store, { owner: `host-${index}`, limit: 7 })));
      const ids = claims.flat().map((entry) => entry.signalId);
      expect([ids.length, new Set(ids).size]).toEqual([40, 40]);
    }));

    test('another node gets nothing of it', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a']));
      expect(await claim(store, { nodeKey: 'other' })).toEqual([]);
    }));

    test('a claim by id takes only what it names', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a', 'b', 'c']));
      expect((await claim(store, { signalIds: ['c@r1', 'nobody'] })).map((entry) => entry.signalId)).toEqual(['c@r1']);
      expect(await claim(store, { signalIds: [] })).toEqual([]);
      expect(await claim(store, { signalIds: ['c@r1'] })).toEqual([]);
    }));

    test('an entry is handed out again when its lease is over, not before', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a']));
      await claim(store);
      expect(await claim(store, { now: T0 + LEASE_MS - 1 })).toEqual([]);
      expect((await claim(store, { now: T0 + LEASE_MS })).map((entry) => entry.attempts)).toEqual([2]);
    }));

    test('an entry abandoned at its last attempt becomes FAILED and is not handed out', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a']));
      for (const attempt of [0, 1, 2]) await claim(store, { now: T0 + attempt * LEASE_MS });
      expect(await claim(store, { now: T0 + 3 * LEASE_MS })).toEqual([]);
      expect(await store.signals()).toMatchObject([{ status: 'FAILED', attempts: 3, reason: expect.stringContaining('last attempt') as string }]);
    }));

    test('an entry given back is handed out again', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a']));
      await claim(store);
      await finish(store, 'a@r1', 'RECEIVED', 'the flow was redeployed');
      expect((await claim(store)).map((entry) => entry.attempts)).toEqual([2]);
    }));

    test('a claim that ended uncounted was no attempt', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a']));
      for (const redeploy of [1, 2, 3, 4, 5]) {
        const [entry] = await claim(store, { maxAttempts: 2 });
        expect([redeploy, entry?.attempts]).toEqual([redeploy, 1]);
        await store.finishSignal({ nodeKey: 'trigger', signalId: 'a@r1', status: 'RECEIVED', uncounted: true, happenedAt: T0 });
      }
    }));

    test('claimed entries are told with their owner, until they end', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a', 'b', 'c']));
      await store.receive(receipt('r2', ['d'], { nodeKey: 'other' }));
      await claim(store, { limit: 1 });
      await claim(store, { limit: 1, owner: 'host-2' });
      await claim(store, { nodeKey: 'other' });
      expect(await store.claimedSignals('trigger')).toEqual([{ signalId: 'a@r1', owner: 'host-1' }, { signalId: 'b@r1', owner: 'host-2' }]);
      await finish(store, 'a@r1', 'DONE');
      await finish(store, 'b@r1', 'RECEIVED');
      expect(await store.claimedSignals('trigger')).toEqual([]);
    }));

    test.each([
      { first: 'DONE', then: 'RECEIVED', stays: 'DONE' }, { first: 'DONE', then: 'FAILED', stays: 'DONE' },
      { first: 'FAILED', then: 'RECEIVED', stays: 'FAILED' }, { first: 'FAILED', then: 'DONE', stays: 'DONE' },
    ] as const)('after $first a late $then leaves it $stays', ({ first, then, stays }) => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a']));
      await claim(store);
      await finish(store, 'a@r1', first);
      await finish(store, 'a@r1', then);
      expect(await statusOf(store, 'a@r1')).toBe(stays);
    }));

    test('finishing a signal that never came is a bug and says so', () => withStore(open, async ({ store }) => {
      await expect(finish(store, 'nobody', 'DONE')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }));

    test('signals are listed newest first, filtered and limited', () => withStore(open, async ({ store }) => {
      await store.receive(receipt('r1', ['a', 'b']));
      await store.receive(receipt('r2', ['c'], { nodeKey: 'other', strategyId: 'scan' }));
      expect((await store.signals({ limit: 2 })).map((entry) => entry.signalId)).toEqual(['c@r2', 'b@r1']);
      expect((await store.signals({ nodeKey: 'trigger' })).map((entry) => entry.signalId)).toEqual(['b@r1', 'a@r1']);
      expect((await store.signals({ strategyId: 'scan' })).map((entry) => entry.signalId)).toEqual(['c@r2']);
    }));
  });
}
