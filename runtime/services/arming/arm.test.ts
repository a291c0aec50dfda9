import { AccountConfig } from '../../domain/account';
import type { Store } from '../../domain/ports';
import { manualClock, type ManualClock } from '../../adapters/system/manual';
import { openSqliteJournal } from '../../adapters/store';
import { silentLog } from '../../../tests/doubles/ingressWorld';
import { armAccount, protectionOwner, type ArmingPorts } from './index';

const T0 = 1_800_000_000_000;
const live = AccountConfig.parse({ id: 'mine', broker: 'openalgo', mode: 'live' });

let store: Store;
let clock: ManualClock;
const alive = new Set<string>();

beforeEach(async () => {
  clock = manualClock(T0);
  ({ store } = await openSqliteJournal({ path: ':memory:', clock, log: silentLog }));
  alive.clear();
  await store.declareAccount(live, T0);
});
afterEach(() => store.close());

const ports = (brokerHolds = false): ArmingPorts => ({ store, clock, isAlive: (owner) => alive.has(owner), holdsStops: () => brokerHolds });
const arm = (id = 'mine', brokerHolds = false) => armAccount(ports(brokerHolds), { id, by: 'asha' });
async function guarded(untilMs = 15_000): Promise<void> {
  alive.add('guard-1');
  await store.leases.acquire({ name: 'protection:mine', owner: 'guard-1', now: clock.now(), until: clock.now() + untilMs });
}

test('with a living owner of its stops an account is armed, and the journal says by whom and on what grounds', async () => {
  await guarded();
  expect(await arm()).toMatchObject({ ok: true, value: { kind: 'armed', account: 'mine', client: 'openalgo:127.0.0.1:5000', by: 'asha', protection: { heldBy: 'owner', lease: 'protection:mine', owner: 'guard-1' } } });
  expect(await store.arming.state('mine')).toMatchObject({ kind: 'armed' });
});

test('with a broker that keeps stops no process is needed', async () => {
  expect(await arm('mine', true)).toMatchObject({ ok: true, value: { protection: { heldBy: 'broker' } } });
});

test.each([
  ['nobody holds the lease', () => Promise.resolve()],
  ['the lease is over', async () => { await guarded(); clock.advance(15_000); }],
  ['its owner has died', async () => { await guarded(); alive.clear(); }],
  ['the lease is of another account', async () => { alive.add('g'); await store.leases.acquire({ name: 'protection:other', owner: 'g', now: T0, until: T0 + 15_000 }); }],
])('where %s, it is refused and stays as it was', async (_case, prepare) => {
  await prepare();
  expect(await arm()).toMatchObject({ ok: false, denial: { code: 'NO_PROTECTION_OWNER', remedy: expect.stringContaining('bellwether guard') as string } });
  expect(await protectionOwner(ports(), 'mine')).toBeUndefined();
  expect(await store.arming.state('mine')).toBeUndefined();
});

test('an open difference keeps it from being armed, until somebody has resolved it', async () => {
  await guarded();
  const { difference } = await store.differences.open({ account: 'mine', happenedAt: T0, finding: { key: 'position NSE:SBIN MIS', kind: 'position', mark: '1', brokerSays: '5', journalSays: '0' } });
  expect(await arm()).toMatchObject({ ok: false, denial: { code: 'UNEXPLAINED_STATE', value: 1 } });
  await store.differences.resolve({ id: difference.id, as: 'ignored', by: 'asha', reason: 'mine', tradingDay: '2027-01-15', happenedAt: T0 });
  expect(await arm()).toMatchObject({ ok: true });
});

test('what sends no real orders needs no arming, and what nobody knows can not be armed', async () => {
  await store.declareAccount(AccountConfig.parse({}), T0);
  expect(await arm('paper')).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER' } });
  expect(await arm('nobody')).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
});
