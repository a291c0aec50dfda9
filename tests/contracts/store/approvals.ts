import type { NewApproval } from '../../../runtime/domain/approval';
import { T0, withStore, type OpenStore } from './fixtures';

const MINUTE = 60_000;
const asked = (id: string, changes: Partial<NewApproval> = {}): NewApproval => ({
  id, token: `token-${id}`, strategyId: 'demo', nodeKey: 'ask', signalId: 's1', item: { symbol: 'SBIN', quantity: 10 }, question: 'BUY 10 SBIN?', price: 800.05, expiresAt: T0 + MINUTE, happenedAt: T0, ...changes,
});
const answer = (id: string, verdict: 'approved' | 'declined' | 'expired' = 'approved', happenedAt = T0 + 1) => ({ token: `token-${id}`, strategyId: 'demo', verdict, answeredBy: 'trigger', happenedAt });

/** Questions to people, each of which ends once. */
export function approvalsContract(open: OpenStore): void {
  describe('approvals', () => {
    test('a question is asked once: its first token and terms stay', () => withStore(open, async ({ store }) => {
      expect(await store.approvals.ask(asked('a'))).toEqual(asked('a'));
      expect(await store.approvals.ask(asked('a', { token: 'other', price: 1, expiresAt: T0 + 9 * MINUTE }))).toEqual(asked('a'));
      expect(await store.approvals.find('a')).toEqual(asked('a'));
      expect(await store.approvals.ofToken({ token: 'other', strategyId: 'demo' })).toBeUndefined();
    }));

    test('of any answers at the same time one is the first, and stands', () => withStore(open, async ({ store }) => {
      await store.approvals.ask(asked('a'));
      const answers = await Promise.all([answer('a', 'declined'), answer('a'), answer('a')].map((one) => store.approvals.answer(one)));
      expect(answers.map((one) => [one?.first, one?.approval.verdict])).toEqual([[true, 'declined'], [false, 'declined'], [false, 'declined']]);
      expect(await store.approvals.find('a')).toEqual({ ...asked('a'), verdict: 'declined', answeredBy: 'trigger', answeredAt: T0 + 1 });
    }));

    test('up to the last moment it can be approved, and not after it', () => withStore(open, async ({ store }) => {
      await store.approvals.ask(asked('a'));
      await store.approvals.ask(asked('b'));
      expect(await store.approvals.answer(answer('a', 'approved', T0 + MINUTE))).toMatchObject({ approval: { verdict: 'approved' } });
      expect(await store.approvals.answer(answer('b', 'approved', T0 + MINUTE + 1))).toMatchObject({ first: true, approval: { verdict: 'expired' } });
    }));

    test('nobody answers for another strategy, nor what was not asked', () => withStore(open, async ({ store }) => {
      await store.approvals.ask(asked('a'));
      expect(await store.approvals.answer({ ...answer('a'), strategyId: 'other' })).toBeUndefined();
      expect(await store.approvals.answer(answer('b'))).toBeUndefined();
      expect(await store.approvals.find('a')).toEqual(asked('a'));
    }));

    test('what ended is untold until it is told; what is open is not told', () => withStore(open, async ({ store }) => {
      for (const id of ['a', 'b', 'c']) await store.approvals.ask(asked(id, id === 'c' ? { expiresAt: T0 + 2 * MINUTE } : {}));
      await store.approvals.answer(answer('b'));
      const untold = async (now: number) => (await store.approvals.untold({ strategyId: 'demo', answeredBy: 'trigger', now, limit: 10 })).map(({ id }) => id);
      expect(await untold(T0 + MINUTE)).toEqual(['b']);
      expect(await untold(T0 + MINUTE + 1)).toEqual(['a', 'b']);
      await store.approvals.told({ id: 'b', happenedAt: T0 + 2 });
      expect(await untold(T0 + 3 * MINUTE)).toEqual(['a', 'c']);
      expect(await store.approvals.untold({ strategyId: 'other', answeredBy: 'trigger', now: T0 + 3 * MINUTE, limit: 10 })).toEqual([]);
    }));

    test('what another trigger took, and never handed on, leaves room for what expires later', () => withStore(open, async ({ store }) => {
      for (let index = 0; index < 5; index += 1) {
        await store.approvals.ask(asked(`gone${index}`));
        await store.approvals.answer({ ...answer(`gone${index}`), answeredBy: 'deleted' });
      }
      await store.approvals.ask(asked('late'));
      expect((await store.approvals.untold({ strategyId: 'demo', answeredBy: 'trigger', now: T0 + 2 * MINUTE, limit: 3 })).map(({ id }) => id)).toEqual(['late']);
    }));

    test('are removed when they are old; what is young, or still open, stays', () => withStore(open, async ({ store, clock }) => {
      await store.approvals.ask(asked('old', { account: 'paper' }));
      expect(await store.approvals.find('old')).toEqual(asked('old', { account: 'paper' }));
      await store.approvals.ask(asked('open', { expiresAt: T0 + 90 * MINUTE }));
      clock.set(T0 + 5 * MINUTE);
      await store.approvals.ask(asked('young'));
      expect(await store.approvals.prune({ before: T0 + 5 * MINUTE })).toBe(1);
      expect([await store.approvals.find('old'), (await store.approvals.find('open'))?.id, (await store.approvals.find('young'))?.id]).toEqual([undefined, 'open', 'young']);
    }));
  });
}
