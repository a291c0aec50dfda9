import { openSqliteStore } from '../../adapters/store';
import { manualClock, type ManualClock } from '../../adapters/system/manual';
import type { AccountEventStore, NewAccountEvent } from '../../domain/accountEvent';
import type { Store } from '../../domain/ports';
import { DAY_MS } from '../../domain/time';
import { NOW, silentLog } from '../../../tests/doubles/ingressWorld';
import { createPruning, type Pruning } from './pruning';

let clock: ManualClock;
let store: Store;
let pruning: Pruning;
let pauses: number;
let pause: () => Promise<void>;
beforeEach(async () => {
  clock = manualClock(NOW);
  store = await openSqliteStore({ path: ':memory:', clock, log: silentLog });
  pauses = 0;
  pause = () => {
    pauses += 1;
    return Promise.resolve();
  };
  pruning = createPruning({ store, clock, log: silentLog, pause: () => pause() });
});
afterEach(async () => {
  await pruning.close();
  await store.close();
});

const record = (count: number, name = 'news') => Promise.all(Array.from({ length: count }, (_, index) => {
  const event: NewAccountEvent = { key: `${name} ${index}`, account: 'paper', kind: 'difference', message: 'More than the journal knows.', facts: {}, happenedAt: clock.now() };
  return store.events.record(event);
}));
const ask = (id: string) => store.approvals.ask({ id, token: `t-${id}`, strategyId: 'demo', nodeKey: 'ask', signalId: 's1', item: {}, question: 'Buy?', price: 800, expiresAt: clock.now() + 1_000, happenedAt: clock.now() });
const left = async (): Promise<number> => (await store.events.after({ after: 0, limit: 10_000 })).length;

test('events and questions of more than 400 days ago go, portion by portion with a pause in between, until nothing is left', async () => {
  const prune = jest.spyOn(store.events, 'prune');
  await record(2_500);
  await ask('old');
  clock.advance(400 * DAY_MS);
  await record(1, 'young');
  await ask('young');
  await pruning.round();
  expect(await left()).toBe(2_501);
  clock.advance(1_001);
  await pruning.round();
  expect([await left(), await store.approvals.find('old'), (await store.approvals.find('young'))?.id]).toEqual([1, undefined, 'young']);
  expect([prune.mock.calls.length, pauses]).toEqual([1 + 4, 3 + 1]);
});

test('a reader that was not seen for 90 days holds nothing back', async () => {
  await record(10);
  await store.events.advance({ reader: 'gone', seq: 1, happenedAt: NOW });
  clock.advance(401 * DAY_MS);
  await pruning.round();
  expect([await left(), await store.events.position('gone')]).toEqual([1, undefined]);
});

test('a round that is under way is not begun again; closing ends it between two portions, and waits for no pause', async () => {
  await record(2_500);
  clock.advance(401 * DAY_MS);
  const paused = Promise.withResolvers<undefined>();
  pause = () => {
    paused.resolve(undefined);
    return new Promise(() => undefined);
  };
  const prune = jest.spyOn(store.events, 'prune');
  const rounds = Promise.all([pruning.round(), pruning.round()]);
  await paused.promise;
  await Promise.all([rounds, pruning.close()]);
  expect(prune).toHaveBeenCalledTimes(1);
  expect(await left()).toBe(1_500);
  await pruning.round();
  expect(prune).toHaveBeenCalledTimes(1);
});

test('one kind that fails keeps neither the others nor the next round', async () => {
  await record(10);
  await ask('old');
  clock.advance(401 * DAY_MS);
  const broken = jest.spyOn<AccountEventStore, 'prune'>(store.events, 'prune').mockRejectedValueOnce(new Error('disk full'));
  await pruning.round();
  expect([await left(), await store.approvals.find('old')]).toEqual([10, undefined]);
  broken.mockRestore();
  await pruning.round();
  expect(await left()).toBe(1);
});
