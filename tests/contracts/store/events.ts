import type { AccountEvent, NewAccountEvent } from '../../../runtime/domain/accountEvent';
import type { Store } from '../../../runtime/domain/ports';
import { admitted, apply, buy, denied, fill, MAX_POSITION, request, SBIN, status, T0, withStore, type OpenStore } from './fixtures';

const news = (key: string, changes: Partial<NewAccountEvent> = {}): NewAccountEvent => ({ key, account: 'paper', kind: 'difference', message: 'One unit more than the journal knows.', facts: {}, happenedAt: T0, ...changes });
const all = (store: Store): Promise<readonly AccountEvent[]> => store.events.after({ after: 0 });
const told = async (store: Store): Promise<readonly string[]> => (await all(store)).map(({ key }) => key);

export function eventsContract(open: OpenStore): void {
  describe('account events', () => {
    test('are listed newest first, by account, strategy and kind', () => withStore(open, async ({ store }) => {
      await store.events.record(news('a', { strategyId: 'momentum' }));
      await store.events.record(news('b', { kind: 'squareOff' }));
      await store.events.record(news('c', { account: 'second' }));
      const order = await admitted(store, 'k1');
      await apply(store, order, [status(order, 'ACCEPTED')]);
      const keys = async (options?: Parameters<Store['events']['list']>[0]): Promise<readonly string[]> => (await store.events.list(options)).map(({ key }) => key);
      expect(await keys()).toEqual([`order ${order} accepted`, 'c', 'b', 'a']);
      expect(await keys({ strategyId: 'momentum' })).toEqual([`order ${order} accepted`, 'a']);
      expect([await keys({ account: 'second' }), await keys({ kinds: ['squareOff'] }), await keys({ limit: 1 })]).toEqual([['c'], ['b'], [`order ${order} accepted`]]);
    }));

    test('are removed when they are old, but never the newest, nor one that a reader has not read', () => withStore(open, async ({ store }) => {
      for (const key of ['a', 'b', 'c', 'd']) await store.events.record(news(key));
      expect(await store.events.prune({ before: T0 })).toBe(0);
      await store.events.advance({ reader: 'flow', seq: 2, happenedAt: T0 });
      await store.events.advance({ reader: 'other', seq: 4, happenedAt: T0 });
      expect(await store.events.prune({ before: T0 + 60_000 })).toBe(2);
      expect((await all(store)).map(({ key }) => key)).toEqual(['c', 'd']);
      await store.events.advance({ reader: 'flow', seq: 4, happenedAt: T0 });
      expect(await store.events.prune({ before: T0 + 60_000 })).toBe(1);
      expect([await store.events.newest(), (await all(store)).map(({ key }) => key)]).toEqual([4, ['d']]);
    }));

    test('are removed in portions, so that no order waits long; young ones in between stay', () => withStore(open, async ({ store, clock }) => {
      const record = (from: number, until: number) => Promise.all(Array.from({ length: until - from }, (_, index) => store.events.record(news(`${from + index}`))));
      await record(0, 900);
      clock.set(T0 + 120_000);
      await record(900, 901);
      clock.set(T0);
      await record(901, 1_200);
      const removed: number[] = [];
      do removed.push(await store.events.prune({ before: T0 + 60_000 })); while (removed.at(-1) !== 0 && removed.length < 10);
      expect(removed).toEqual([999, 199, 0]);
      expect(await told(store)).toEqual(['900', '1199']);
    }));

    test('a reader that is not seen any more is forgotten, once, and holds nothing back', () => withStore(open, async ({ store, clock }) => {
      for (const key of ['a', 'b', 'c']) await store.events.record(news(key));
      await store.events.advance({ reader: 'gone', seq: 0, happenedAt: T0 });
      await store.events.advance({ reader: 'quiet', seq: 3, happenedAt: T0 });
      clock.set(T0 + 90_000);
      await store.events.advance({ reader: 'quiet', seq: 3, happenedAt: T0 + 90_000 });
      expect(await store.events.prune({ before: T0 + 60_000 })).toBe(0);
      expect(await store.events.forgetReaders({ notSince: T0 + 60_000 })).toEqual(['gone']);
      expect(await store.events.forgetReaders({ notSince: T0 + 60_000 })).toEqual([]);
      expect([await store.events.position('gone'), await store.events.position('quiet')]).toEqual([undefined, 3]);
      expect(await store.events.prune({ before: T0 + 60_000 })).toBe(2);
    }));

    test('one is told once per key and account, and comes back as it was given', () => withStore(open, async ({ store, clock }) => {
      const event = news('a', { strategyId: 'momentum', instrument: SBIN, orderId: 'ok', signalId: 's', denial: MAX_POSITION, facts: { quantity: 3, held: false, by: 'C' } });
      clock.set(T0 + 7);
      expect(await store.events.record(event)).toEqual({ duplicate: false });
      expect(await store.events.record({ ...event, message: 'Again.' })).toEqual({ duplicate: true });
      expect(await store.events.record({ ...event, account: 'second' })).toEqual({ duplicate: false });
      expect(await store.events.after({ after: 0, account: 'paper' })).toEqual([{ ...event, seq: 1, recordedAt: T0 + 7 }]);
    }));

    test('a reader goes on behind what it has seen, page by page, with its own filters', () => withStore(open, async ({ store }) => {
      await store.events.record(news('a'));
      await store.events.record(news('b', { kind: 'squareOff' }));
      await store.events.record(news('c', { account: 'second' }));
      await store.events.record(news('d', { kind: 'squareOff' }));
      expect((await store.events.after({ after: 0, limit: 2 })).map(({ key }) => key)).toEqual(['a', 'b']);
      expect((await store.events.after({ after: 2 })).map(({ key }) => key)).toEqual(['c', 'd']);
      expect((await store.events.after({ after: 0, kinds: ['squareOff', 'armed'] })).map(({ key }) => key)).toEqual(['b', 'd']);
      expect((await store.events.after({ after: 0, kinds: [] })).length).toBe(0);
      expect((await store.events.after({ after: 1, account: 'second' })).map(({ key }) => key)).toEqual(['c']);
      expect([await store.events.newest(), await store.events.newest('second'), await store.events.newest('nobody')]).toEqual([4, 3, 0]);
    }));

    test('a reader stands where it was moved to, never further back, and apart from others', () => withStore(open, async ({ store }) => {
      expect(await store.events.position('a')).toBeUndefined();
      await store.events.advance({ reader: 'a', seq: 0, happenedAt: T0 });
      expect(await store.events.position('a')).toBe(0);
      for (const seq of [7, 3]) await store.events.advance({ reader: 'a', seq, happenedAt: T0 });
      await store.events.advance({ reader: 'b', seq: 1, happenedAt: T0 });
      expect([await store.events.position('a'), await store.events.position('b'), await store.events.position('c')]).toEqual([7, 1, undefined]);
    }));

    test('numbers follow the order of writing, also of those that are asked for at once', () => withStore(open, async ({ store }) => {
      await Promise.all(Array.from({ length: 50 }, (_, index) => store.events.record(news(`n${index}`))));
      const events = await all(store);
      expect(events.map(({ seq, key }) => [seq, key])).toEqual(Array.from({ length: 50 }, (_, index) => [index + 1, `n${index}`]));
    }));

    test('this process’s readers are woken by whatever was recorded, and only for as long as they listen', () => withStore(open, async ({ store }) => {
      let woken = Promise.withResolvers<number>();
      const end = store.events.onRecorded(() => { void store.events.newest().then((seq) => woken.resolve(seq)); });
      await store.events.record(news('a'));
      expect(await woken.promise).toBe(1);
      woken = Promise.withResolvers();
      await admitted(store, 'k');
      await apply(store, 'ok', [fill('ok', 't')]);
      expect(await woken.promise).toBe(2);
      woken = Promise.withResolvers();
      end();
      await store.events.record(news('b'));
      expect(await Promise.race([woken.promise, Promise.resolve('asleep')])).toBe('asleep');
    }));
  });

  describe('what is told of orders', () => {
    test('accepted and filled, with what the order is about', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await apply(store, 'ok', [status('ok', 'ACCEPTED'), status('ok', 'OPEN', { happenedAt: T0 + 2 }), fill('ok', 't1', { quantity: 4, rupees: 100 }), fill('ok', 't2', { quantity: 4, rupees: 101 }), fill('ok', 't3', { quantity: 2, rupees: 101 })]);
      const events = await all(store);
      expect(events.map(({ kind, happenedAt }) => [kind, happenedAt])).toEqual([['accepted', T0 + 1], ['partiallyFilled', T0 + 2], ['filled', T0 + 2]]);
      expect(events[2]).toMatchObject({
        key: 'order ok filled', account: 'paper', strategyId: 'momentum', instrument: 'NSE:SBIN', orderId: 'ok', signalId: 'signal-1',
        message: 'BUY 10 NSE:SBIN was filled at 100.60.', facts: { nodeKey: 'place', action: 'BUY', quantity: 10, filledQuantity: 10, averagePrice: 100.6, purpose: 'entry' },
      });
    }));

    test.each([
      ['REJECTED', 'rejected'], ['CANCELLED', 'cancelled'], ['EXPIRED', 'expired'], ['UNKNOWN', 'unknown'], ['TRIGGER_PENDING', 'accepted'],
    ] as const)('%s is told as %s, with the reason, once', (to, kind) => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await apply(store, 'ok', [status('ok', to, { denial: MAX_POSITION }), status('ok', to, { happenedAt: T0 + 9 })]);
      expect(await all(store)).toMatchObject([{ kind, key: `order ok ${kind}`, denial: MAX_POSITION, message: kind === 'accepted' ? expect.any(String) as string : expect.stringContaining('Too much.') as string }]);
    }));

    test('a report that changes nothing tells nothing; a fill after the end is told', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await apply(store, 'ok', [status('ok', 'CANCELLED'), status('ok', 'OPEN', { happenedAt: T0 + 5 })]);
      expect(await told(store)).toEqual(['order ok cancelled']);
      await apply(store, 'ok', [fill('ok', 't1', { quantity: 3 }), fill('ok', 't1', { quantity: 3 })]);
      await apply(store, 'ok', [fill('ok', 't2', { quantity: 3 })]);
      expect(await told(store)).toEqual(['order ok cancelled', 'order ok partiallyFilled 3', 'order ok partiallyFilled 6']);
    }));

    test('a refusal of the gate is told, an admission and a repeat are not', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      for (let time = 0; time < 2; time += 1) await store.admit(request('m'), () => denied());
      expect(await all(store)).toMatchObject([{ kind: 'rejected', key: 'intent m rejected', denial: MAX_POSITION, message: 'BUY 10 NSE:SBIN was not sent: Too much.', facts: { sent: false } }]);
    }));

    test('what is rolled back was never told', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await expect(apply(store, 'ok', [status('ok', 'ACCEPTED'), fill('ok', 't2', { quantity: 0 })])).rejects.toMatchObject({ code: 'MISUSE' });
      expect(await all(store)).toEqual([]);
    }));
  });

  describe('what is told of the account', () => {
    test('the kill switch and what lifts it: each change once', () => withStore(open, async ({ store }) => {
      const kill = (on: boolean, reason?: string) => store.setKillSwitch({ account: 'paper', on, happenedAt: T0, ...(reason === undefined ? {} : { reason }) });
      await kill(true, 'news');
      await kill(true);
      await kill(false);
      await kill(false);
      await kill(true);
      await store.rearm({ account: 'paper', happenedAt: T0 });
      await store.rearm({ account: 'paper', happenedAt: T0 });
      const events = await all(store);
      expect(events.map(({ kind }) => kind)).toEqual(['killSwitch', 'rearmed', 'killSwitch', 'rearmed']);
      expect(events[0]).toMatchObject({ account: 'paper', message: expect.stringContaining('news') as string });
      expect(events[0]).not.toHaveProperty('strategyId');
    }));

    test('the day’s loss limit when it latches, not at every refusal after it', () => withStore(open, async ({ store }) => {
      for (const key of ['a', 'b']) await store.admit(request(key), () => denied({ latchLoss: true }));
      expect((await store.events.after({ after: 0, kinds: ['dailyLoss'] })).map(({ message }) => message)).toEqual([expect.stringContaining('Too much.')]);
    }));

    test('orders that were admitted for the second time tell nothing new', () => withStore(open, async ({ store }) => {
      await admitted(store, 'k');
      await store.admit(request('k'), () => buy(1));
      expect(await told(store)).toEqual([]);
    }));
  });
}
