import { AccountConfig } from '../../../runtime/domain/account';
import { admitted, apply, fill, receipt, stateNow, T0, withStore, type OpenStore } from './fixtures';

const lock = (changes: { owner?: string; until?: number; name?: string; account?: string; reason?: string } = {}) => ({ account: 'paper', name: 'symbol:NSE:SBIN', owner: 'signal-1', until: T0 + 100, ...changes });
const alert = (key: string, strategyId = 'momentum') => ({ key, strategyId, nodeKey: 'alert', severity: 'warning' as const, message: 'Filled.', channels: ['telegram', 'slack'], happenedAt: T0 });

/** What stands beside orders: locks, switches, accounts, alerts. */
export function standingContract(open: OpenStore): void {
  describe('locks', () => {
    test('one of many simultaneous owners gets it; the others learn who has it', () => withStore(open, async ({ store }) => {
      const results = await Promise.all(Array.from({ length: 20 }, (_, index) => store.acquireLock(lock({ owner: `s${index}`, reason: 'entry' }), T0)));
      expect(results.filter(({ acquired }) => acquired)).toHaveLength(1);
      expect(results[19]).toEqual({ acquired: false, lock: { ...lock({ owner: 's0', reason: 'entry' }), acquiredAt: T0 } });
    }));

    test('its owner gets it again, with the later end', () => withStore(open, async ({ store }) => {
      await store.acquireLock(lock({ until: T0 + 100 }), T0);
      const again = await store.acquireLock(lock({ until: T0 + 50 }), T0 + 10);
      expect(again).toEqual({ acquired: true, lock: { ...lock(), acquiredAt: T0 } });
    }));

    test('an expired one is replaced, at its end and not before', () => withStore(open, async ({ store }) => {
      await store.acquireLock(lock(), T0);
      expect((await store.acquireLock(lock({ owner: 'b', until: T0 + 300 }), T0 + 99)).acquired).toBe(false);
      expect(await store.acquireLock(lock({ owner: 'b', until: T0 + 300 }), T0 + 100)).toMatchObject({ acquired: true, lock: { owner: 'b', acquiredAt: T0 + 100 } });
    }));

    test('releasing tells whether it was held', () => withStore(open, async ({ store, clock }) => {
      const name = { account: 'paper', name: 'symbol:NSE:SBIN' };
      expect(await store.releaseLock(name)).toBe(false);
      await store.acquireLock(lock(), T0);
      expect([await store.releaseLock(name), await store.releaseLock(name)]).toEqual([true, false]);
      await store.acquireLock(lock(), T0);
      clock.set(T0 + 100);
      expect(await store.releaseLock(name)).toBe(false);
    }));

    test('the list has those held now, of one account or all', () => withStore(open, async ({ store }) => {
      await store.acquireLock(lock({ name: 'b' }), T0);
      await store.acquireLock(lock({ name: 'a', until: T0 + 10 }), T0);
      await store.acquireLock(lock({ name: 'c', account: 'second' }), T0);
      expect((await store.locks({ now: T0 })).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
      expect((await store.locks({ account: 'paper', now: T0 + 10 })).map(({ name }) => name)).toEqual(['b']);
    }));
  });

  describe('kill switch', () => {
    test('a kill switch may ask for a flat account, also one that is on already; clearing it ends that', () => withStore(open, async ({ store }) => {
      const flat = async () => (await store.riskState('paper')).flatten;
      const asked: unknown[] = [];
      for (const request of [{ on: true }, { on: true, flatten: true }, { on: true }, { on: false }, { on: true }]) {
        await store.setKillSwitch({ account: 'paper', happenedAt: T0, ...request });
        asked.push(await flat());
      }
      await store.setKillSwitch({ account: 'paper', on: true, flatten: true, happenedAt: T0 });
      await store.rearm({ account: 'paper', happenedAt: T0 });
      expect([...asked, await flat()]).toEqual([undefined, true, true, undefined, undefined, undefined]);
    }));

    test('the daily loss is latched once, with the time of the first', () => withStore(open, async ({ store }) => {
      await store.latchLoss({ account: 'paper', happenedAt: T0, reason: 'enough' });
      await store.latchLoss({ account: 'paper', happenedAt: T0 + 5, reason: 'more' });
      expect(await store.riskState('paper')).toMatchObject({ lossLatchedAt: T0 });
      expect((await store.events.after({ after: 0 })).filter(({ kind }) => kind === 'dailyLoss')).toHaveLength(1);
    }));

    test('it is seen by the gate of its account until it is switched off or re-armed', () => withStore(open, async ({ store }) => {
      await store.setKillSwitch({ account: 'paper', on: true, happenedAt: T0, reason: 'news' });
      await store.setKillSwitch({ account: 'paper', on: true, happenedAt: T0 + 5 });
      expect([(await stateNow(store)).killSwitch, (await stateNow(store, { draft: { account: 'second' } })).killSwitch]).toEqual([true, false]);
      expect(await store.riskState('paper')).toEqual({ account: 'paper', killSwitch: true, killedAt: T0, ordersToday: 0, realisedToday: 0 });
      await store.setKillSwitch({ account: 'paper', on: false, happenedAt: T0 + 6 });
      expect(await store.riskState('paper')).toEqual({ account: 'paper', killSwitch: false, ordersToday: 0, realisedToday: 0 });
      await store.setKillSwitch({ account: 'paper', on: true, happenedAt: T0 + 7 });
      await store.rearm({ account: 'paper', happenedAt: T0 + 8 });
      expect((await stateNow(store)).killSwitch).toBe(false);
    }));

    test('re-arming keeps the day’s counters', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await apply(store, 'ok', [fill('ok', 't', { chargesRupees: 1 })]);
      const before = await store.riskState('paper');
      await store.rearm({ account: 'paper', happenedAt: T0 });
      expect(await store.riskState('paper')).toEqual(before);
    }));
  });

  describe('accounts', () => {
    test('the last declaration counts', () => withStore(open, async ({ store }) => {
      const paper = AccountConfig.parse({});
      const second = AccountConfig.parse({ id: 'second', capital: 5 });
      await store.declareAccount(second, T0);
      await store.declareAccount({ ...paper, capital: 1 }, T0);
      await store.declareAccount(paper, T0 + 1);
      expect(await store.accounts()).toEqual([paper, second]);
    }));
  });

  describe('alerts', () => {
    test('an alert is recorded once per key and its fate is kept', () => withStore(open, async ({ store }) => {
      const first = await store.recordAlert(alert('k'));
      expect(first).toEqual({ alert: { ...alert('k'), status: 'PENDING', recordedAt: T0 }, duplicate: false });
      await store.finishAlert({ key: 'k', status: 'FAILED', reason: 'timeout', happenedAt: T0 });
      expect(await store.recordAlert({ ...alert('k'), message: 'another text' })).toMatchObject({ duplicate: true, alert: { status: 'FAILED', reason: 'timeout', message: 'Filled.' } });
      await store.finishAlert({ key: 'k', status: 'SENT', happenedAt: T0 });
      await store.finishAlert({ key: 'k', status: 'FAILED', happenedAt: T0 });
      expect(await store.alerts()).toEqual([{ ...alert('k'), status: 'SENT', recordedAt: T0 }]);
    }));

    test('of simultaneous ones with one key a single one is new', () => withStore(open, async ({ store }) => {
      const results = await Promise.all(Array.from({ length: 10 }, () => store.recordAlert(alert('k'))));
      expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    }));

    test('the list is newest first and filtered; an unknown key is a bug', () => withStore(open, async ({ store }) => {
      for (const key of ['a', 'b', 'c']) await store.recordAlert(alert(key, key === 'b' ? 'scan' : 'momentum'));
      expect((await store.alerts({ limit: 2 })).map(({ key }) => key)).toEqual(['c', 'b']);
      expect((await store.alerts({ strategyId: 'scan' })).map(({ key }) => key)).toEqual(['b']);
      await expect(store.finishAlert({ key: 'nobody', status: 'SENT', happenedAt: T0 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }));
  });

  describe('closing', () => {
    test('what was asked before is finished, what comes after is refused', () => withStore(open, async ({ store }) => {
      const asked = store.receive(receipt('r1', ['a']));
      const closed = store.close();
      await expect(store.receive(receipt('r2', ['b']))).rejects.toMatchObject({ code: 'CLOSED' });
      await expect(store.signals()).rejects.toMatchObject({ code: 'CLOSED' });
      await expect(asked).resolves.toMatchObject([{ duplicate: false }]);
      await closed;
      await store.close();
    }));
  });
}
