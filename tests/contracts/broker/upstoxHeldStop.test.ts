import { upstoxClient } from '../../../runtime/adapters/brokers/upstox/client';
import { upstoxKeys } from '../../../runtime/adapters/brokers/upstox/instrumentKeys';
import { openMasterBytes } from '../../../runtime/adapters/brokers/upstox/masterBytes';
import { upstoxBroker, type UpstoxBroker } from '../../../runtime/adapters/brokers/upstox/upstoxBroker';
import { toMoney } from '../../../runtime/domain/money';
import { isHeldStop } from '../../../runtime/domain/protection';
import { SECOND_MS } from '../../../runtime/domain/time';
import { lookAgain } from '../../../runtime/services/orderRouter/resume';
import type { RoutedAccount } from '../../../runtime/services/orderRouter/router';
import { createProtectionKeeper, type ProtectionKeeper } from '../../../runtime/services/protection';
import { silentLog } from '../../doubles/ingressWorld';
import { orderFor, origin, routerWorld, SBIN, viewOf, type RouterWorld } from '../../doubles/routerWorld';
import { upstoxServer, UPSTOX_TOKEN, type UpstoxServer } from '../../doubles/upstoxServer';

let world: RouterWorld;
let server: UpstoxServer;
let broker: UpstoxBroker;
let account: RoutedAccount;
let keeper: ProtectionKeeper;

/** Another life: an adapter and a keeper that know nothing but the journal. */
function begin(owner: string): void {
  const { clock, store } = world;
  const client = upstoxClient({ addresses: server.addresses, accessToken: UPSTOX_TOKEN, pause: () => Promise.resolve(), commandMs: 300 });
  const keys = upstoxKeys({ open: () => openMasterBytes({ address: server.masterAddress }), clock, log: silentLog });
  broker = upstoxBroker({ client, keys, mode: 'live', account: 'paper', journal: store, instruments: { find: (key) => (key === SBIN.key ? SBIN : undefined) }, clock, log: silentLog, pause: (ms) => (ms < SECOND_MS ? Promise.resolve() : new Promise(() => undefined)) });
  account = world.account(broker);
  keeper = createProtectionKeeper({ ...world.ports, accounts: { use: (_id, work) => work(account) }, owners: { own: owner, isAlive: (name) => name === owner } });
}

beforeEach(async () => {
  world = await routerWorld();
  server = await upstoxServer(world.clock);
  server.back.instruments = [{ segment: 'NSE_EQ', instrument_type: 'EQ', instrument_key: 'NSE_EQ|INESBIN', lot_size: 1, tick_size: 5, trading_symbol: 'SBIN', symbol: SBIN.key }];
  server.back.orders.quote(SBIN.key, 799.95, 800.05);
  begin('one');
});
afterEach(async () => {
  await keeper.close();
  await broker.close();
  await world.store.close();
  await server.close();
});

async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    world.clock.advance(SECOND_MS);
    await lookAgain(world.ports, account);
    await keeper.look();
    await keeper.idle();
  }
}
async function enter(changes: Parameters<typeof orderFor>[1] = {}): Promise<void> {
  const entry = viewOf(await world.router.place(account, origin('s1'), { ...orderFor(undefined, changes), protection: { stop: { by: 'points', points: toMoney(5.05) } } }));
  expect(entry).toMatchObject({ quantity: 10 });
  await pass(2);
}
const stops = async () => (await world.store.orders()).filter(isHeldStop).map(({ status, quantity, triggerPrice, orderType }) => ({ status, quantity, triggerPrice, orderType }));

test('the stop of an entry rests at Upstox, and what it fills there ends the protection', async () => {
  await enter();
  expect(await stops()).toEqual([{ status: 'TRIGGER_PENDING', quantity: 10, triggerPrice: toMoney(795), orderType: 'SL-M' }]);
  server.back.orders.quote(SBIN.key, 794.9, 795);
  await pass(2);
  expect(await world.store.positions({ openOnly: true })).toEqual([]);
  expect(await world.store.protections.list()).toMatchObject([{ status: 'DONE', exitReason: 'stop' }]);
});

test('it fills with every process down; the next life finds it by its tag and sends nothing', async () => {
  await enter();
  await keeper.close();
  await broker.close();
  server.back.orders.quote(SBIN.key, 794.9, 795);
  const placed = server.asked('/hft/v3/order/place').length;
  begin('two');
  await pass(3);
  expect(await world.store.protections.list()).toMatchObject([{ status: 'DONE', exitReason: 'stop' }]);
  expect(server.asked('/hft/v3/order/place')).toHaveLength(placed);
});

test('a delivery is watched here: its positions leave the list overnight, so that nobody could tell what became of its stop', async () => {
  await enter({ product: 'CNC' });
  expect(await stops()).toEqual([]);
  expect(await world.store.protections.list()).toMatchObject([{ status: 'ACTIVE', held: false }]);
});

test('it makes way for a Close of the flow: nothing is left at Upstox', async () => {
  await enter();
  expect(await world.router.closeNow(account, origin('close'), orderFor({ kind: 'exit' }, { purpose: 'exit' }))).toMatchObject([{ kind: 'placed' }]);
  await pass(2);
  expect(await world.store.positions({ openOnly: true })).toEqual([]);
  expect((await stops()).map(({ status }) => status)).toEqual(['CANCELLED']);
  expect(await world.store.openOrders()).toEqual([]);
});
