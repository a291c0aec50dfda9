import { openSqliteStore } from '../../adapters/store';
import { manualClock, type ManualClock } from '../../adapters/system/manual';
import { AccountConfig } from '../../domain/account';
import type { Store } from '../../domain/ports';
import { NOW, silentLog } from '../../../tests/doubles/ingressWorld';
import { createHealthTeller, TELL_EVERY_MS, type HealthTeller } from './tell';

let store: Store;
let clock: ManualClock;
let teller: HealthTeller;
beforeEach(async () => {
  clock = manualClock(NOW);
  store = await openSqliteStore({ path: ':memory:', clock, log: silentLog });
  for (const id of ['one', 'two']) await store.declareAccount(AccountConfig.parse({ id }), NOW);
  teller = createHealthTeller({ store, clock, log: silentLog, owner: 'p1' });
});
afterEach(() => store.close());
const told = async (account = 'one'): Promise<readonly unknown[]> => {
  await teller.idle();
  return (await store.events.after({ after: 0, account, kinds: ['health'] })).map(({ facts: { subject, state } }) => `${String(subject)} ${String(state)}`);
};

test('a process that turns red and green again is told to every account', async () => {
  teller.process({ colour: 'red', since: NOW, reason: 'The process stood still for 6 s.' });
  teller.process({ colour: 'green' });
  expect([await told('one'), await told('two')]).toEqual([['process troubled', 'process well'], ['process troubled', 'process well']]);
});

test('a feed is told when it fails and when it is back; what is on its way is no news', async () => {
  for (const state of ['connecting', 'live', 'waiting', 'connecting', 'mute', 'live', 'live'] as const) teller.feed({ state });
  expect(await told()).toEqual(['feed troubled', 'feed well']);
});

test('a connection that comes and goes is told seldom', async () => {
  for (let times = 0; times < 20; times += 1) {
    teller.feed({ state: 'waiting' });
    teller.feed({ state: 'live' });
    clock.advance(TELL_EVERY_MS / 10);
  }
  expect(await told()).toHaveLength(4);
});
