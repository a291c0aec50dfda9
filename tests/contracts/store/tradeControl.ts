import { buy, request, stateNow, T0, type OpenedStore, type OpenStore } from './fixtures';

const LEASE = 'protection:paper';
const MINUTE = 60_000;

/** Leases with the fence in the admission, arming, and budgets. */
export function tradeControlContract(openStore: OpenStore): void {
  const opened: OpenedStore[] = [];
  const open = async (): Promise<OpenedStore> => {
    const one = await openStore();
    opened.push(one);
    return one;
  };
  afterEach(async () => {
    for (const { store } of opened.splice(0)) await store.close();
  });

  describe('leases', () => {
    const take = (owner: string, now: number, until = now + MINUTE) => ({ name: LEASE, owner, now, until });

    test('one owner at a time; the other is told who has it and until when', async () => {
      const { store } = await open();
      expect(await store.leases.acquire(take('a', T0))).toEqual({ held: true, lease: { name: LEASE, owner: 'a', token: 1, until: T0 + MINUTE, acquiredAt: T0 } });
      expect(await store.leases.acquire(take('b', T0 + MINUTE - 1))).toEqual({ held: false, lease: { name: LEASE, owner: 'a', token: 1, until: T0 + MINUTE, acquiredAt: T0 } });
      expect(await store.leases.list()).toHaveLength(1);
    });

    test('its owner renews it under the same token, and never shortens it', async () => {
      const { store } = await open();
      await store.leases.acquire(take('a', T0));
      expect(await store.leases.acquire(take('a', T0 + 1, T0 + 2))).toMatchObject({ held: true, lease: { token: 1, until: T0 + MINUTE } });
      expect(await store.leases.acquire(take('a', T0 + 1, T0 + 2 * MINUTE))).toMatchObject({ held: true, lease: { token: 1, until: T0 + 2 * MINUTE, acquiredAt: T0 } });
    });

    test.each(['a', 'b'])('one that is over is taken under a higher token, by its last owner as well (%s)', async (owner) => {
      const { store } = await open();
      await store.leases.acquire(take('a', T0));
      expect(await store.leases.acquire(take(owner, T0 + MINUTE))).toMatchObject({ held: true, lease: { owner, token: 2 } });
    });

    test('a released one is gone from the list, is free at once, and its token is not given twice', async () => {
      const { store } = await open();
      await store.leases.acquire(take('a', T0));
      await store.leases.release({ name: LEASE, token: 1 });
      expect(await store.leases.list()).toEqual([]);
      expect(await store.leases.acquire(take('b', T0 + 1))).toMatchObject({ held: true, lease: { owner: 'b', token: 2 } });
    });

    test('nobody gives up what is another\'s by now', async () => {
      const { store } = await open();
      await store.leases.acquire(take('a', T0));
      await store.leases.acquire(take('b', T0 + MINUTE));
      await store.leases.release({ name: LEASE, token: 1 });
      expect(await store.leases.list()).toMatchObject([{ owner: 'b', token: 2 }]);
    });

    test('leases of different names know nothing of each other', async () => {
      const { store } = await open();
      await store.leases.acquire(take('a', T0));
      expect(await store.leases.acquire({ ...take('b', T0), name: 'reconcile:paper' })).toMatchObject({ held: true, lease: { token: 1 } });
    });
  });

  describe('the fence of an admission', () => {
    const held = async () => {
      const world = await open();
      await world.store.leases.acquire({ name: LEASE, owner: 'a', now: T0, until: T0 + MINUTE });
      return world;
    };
    const fence = { name: LEASE, token: 1 };

    test('lets the owner pass', async () => {
      const { store } = await held();
      expect(await store.admit(request('k', { fence }), () => buy(10))).toMatchObject({ intent: { status: 'ADMITTED' }, duplicate: false });
    });

    test.each<readonly [string, (world: OpenedStore) => unknown]>([
      ['over', ({ clock }) => { clock.advance(MINUTE); }],
      ['released', ({ store }) => store.leases.release(fence)],
      ['another\'s', async ({ store, clock }) => {
        clock.advance(MINUTE);
        await store.leases.acquire({ name: LEASE, owner: 'b', now: clock.now(), until: clock.now() + MINUTE });
      }],
    ])('refuses LEASE_LOST when the lease is %s, asks nobody and writes nothing: the next owner can take the same step', async (_name, lose) => {
      const world = await held();
      const { store, clock } = world;
      await lose(world);
      const decide = jest.fn(() => buy(10));
      const late = await store.admit(request('k', { fence }), decide);
      expect(late).toMatchObject({ intent: { status: 'DENIED', denial: { code: 'LEASE_LOST' } }, duplicate: false });
      expect(late).not.toHaveProperty('order');
      expect(decide).not.toHaveBeenCalled();
      expect(await store.intent('k')).toBeUndefined();

      const { lease } = await store.leases.acquire({ name: LEASE, owner: 'b', now: clock.now(), until: clock.now() + MINUTE });
      expect(await store.admit(request('k', { fence: lease, happenedAt: clock.now() }), decide)).toMatchObject({ intent: { status: 'ADMITTED' }, duplicate: false });
    });

    test('refuses a lease that nobody ever took', async () => {
      const { store } = await open();
      expect(await store.admit(request('k', { fence }), () => buy(10))).toMatchObject({ intent: { denial: { code: 'LEASE_LOST' } } });
    });

    test('an intent that is known is answered as it was decided, whoever asks', async () => {
      const { store } = await held();
      await store.admit(request('k', { fence }), () => buy(10));
      await store.leases.release(fence);
      expect(await store.admit(request('k', { fence }), () => buy(99))).toMatchObject({ duplicate: true, order: { quantity: 10 } });
    });
  });

  describe('arming', () => {
    const arm = { account: 'live', client: 'openalgo:localhost:5000', by: 'asha', protection: { heldBy: 'broker' }, happenedAt: T0 } as const;

    test('an account is not armed until somebody arms it, and says who, when and on what grounds', async () => {
      const { store } = await open();
      expect(await store.arming.state('live')).toBeUndefined();
      await store.arming.arm(arm);
      expect(await store.arming.state('live')).toEqual({ kind: 'armed', ...arm, recordedAt: T0 });
      expect(await store.arming.state('other')).toBeUndefined();
    });

    test('every change is a row, the newest first', async () => {
      const { store } = await open();
      await store.arming.arm(arm);
      await store.arming.arm({ ...arm, protection: { heldBy: 'owner', lease: 'protection:live', owner: 'r1' } });
      await store.arming.disarm({ account: 'live', by: 'ravi', reason: 'lunch', happenedAt: T0 + 1 });
      await store.arming.arm({ ...arm, account: 'second' });
      expect(await store.arming.history({ account: 'live' })).toEqual([
        { kind: 'disarmed', account: 'live', client: 'openalgo:localhost:5000', by: 'ravi', reason: 'lunch', happenedAt: T0 + 1, recordedAt: T0 },
        { kind: 'armed', ...arm, protection: { heldBy: 'owner', lease: 'protection:live', owner: 'r1' }, recordedAt: T0 },
        { kind: 'armed', ...arm, recordedAt: T0 },
      ]);
      expect(await store.arming.history({ limit: 1 })).toMatchObject([{ account: 'second' }]);
    });

    test('every change is told', async () => {
      const { store } = await open();
      await store.arming.arm(arm);
      await store.arming.disarm({ account: 'live', by: 'ravi', reason: 'lunch', happenedAt: T0 + 1 });
      expect((await store.events.after({ after: 0, account: 'live' })).map(({ kind, facts }) => [kind, facts])).toEqual([
        ['armed', { client: 'openalgo:localhost:5000', by: 'asha' }], ['disarmed', { client: 'openalgo:localhost:5000', by: 'ravi' }],
      ]);
    });

    test('what is not armed is not disarmed again', async () => {
      const { store } = await open();
      const disarm = { account: 'live', by: 'ravi', reason: 'lunch', happenedAt: T0 + 1 };
      expect(await store.arming.disarm(disarm)).toBeUndefined();
      await store.arming.arm(arm);
      await store.arming.disarm(disarm);
      expect(await store.arming.disarm({ ...disarm, by: 'else', reason: 'again' })).toMatchObject({ by: 'ravi', reason: 'lunch' });
      expect(await store.arming.history({})).toHaveLength(2);
    });

    test('the gate sees how the account stands, in the transaction that admits', async () => {
      const { store } = await open();
      const seen = async () => (await stateNow(store, { draft: { account: 'live' } })).arming;
      expect(await seen()).toBeUndefined();
      await store.arming.arm(arm);
      expect(await seen()).toMatchObject({ kind: 'armed', client: 'openalgo:localhost:5000' });
      await store.arming.disarm({ account: 'live', by: 'ravi', reason: 'lunch', happenedAt: T0 + 1 });
      expect(await seen()).toMatchObject({ kind: 'disarmed', reason: 'lunch' });
    });
  });

  describe('budgets', () => {
    const spent = (exits: number) => ({ at: T0, windows: { 1000: [{ at: T0, exits, entries: 0 }] } });

    test('a step sees what the last one left, at the store\'s own time', async () => {
      const { store, clock } = await open();
      expect(await store.budgets.change('openalgo:live:orders', (state, now) => ({ state: spent(1), result: [state, now] }))).toEqual([undefined, T0]);
      clock.advance(5);
      expect(await store.budgets.change('openalgo:live:orders', (state, now) => ({ result: [state, now] }))).toEqual([spent(1), T0 + 5]);
      expect(await store.budgets.list()).toEqual([{ name: 'openalgo:live:orders', state: spent(1) }]);
    });

    test('steps that are asked for at once follow each other', async () => {
      const { store } = await open();
      const results = await Promise.all(Array.from({ length: 20 }, () => store.budgets.change('b', (state) => {
        const exits = (state?.windows['1000']?.[0]?.exits ?? 0) + 1;
        return { state: spent(exits), result: exits };
      })));
      expect(new Set(results).size).toBe(20);
    });

    test('a step that throws writes nothing and rejects; others are not disturbed', async () => {
      const { store } = await open();
      const failed = store.budgets.change('b', () => { throw new Error('no'); });
      const other = store.budgets.change('c', () => ({ state: spent(1), result: 'done' }));
      await expect(failed).rejects.toThrow('no');
      await expect(other).resolves.toBe('done');
      expect((await store.budgets.list()).map(({ name }) => name)).toEqual(['c']);
    });
  });
}
