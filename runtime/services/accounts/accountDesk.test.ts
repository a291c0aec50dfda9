import { AccountConfig, type AccountSecrets } from '../../domain/account';
import { deny, ok, type Outcome } from '../../domain/denial';
import { toMoney } from '../../domain/money';
import { ALWAYS_OPEN } from '../../domain/session';
import type { RiskLimits } from '../../domain/risk';
import { orderFor, origin, routerWorld, viewOf, type RouterWorld } from '../../../tests/doubles/routerWorld';
import { scriptedBroker, type BrokerScript, type ScriptedBroker } from '../../../tests/doubles/scriptedBroker';
import { silentLog } from '../../../tests/doubles/ingressWorld';
import { WIDE } from '../../../tests/doubles/tradingWorld';
import { createAccountDesk, type AccountDesk } from './accountDesk';

let world: RouterWorld;
let desk: AccountDesk;
let brokers: ScriptedBroker[];
let scripts: BrokerScript[];
let given: AccountSecrets[];
let kept: Outcome<AccountSecrets | undefined>;

beforeEach(async () => {
  world = await routerWorld();
  brokers = [];
  scripts = [];
  given = [];
  kept = ok(undefined);
  desk = createAccountDesk({
    ports: world.ports, log: silentLog, sessionsOf: () => ALWAYS_OPEN, isAlone: () => true,
    keptSecrets: () => Promise.resolve(kept),
    openBroker: (_account, secrets) => {
      given.push(secrets);
      if (secrets['apiKey'] === '') return Promise.resolve(deny('MISSING_FIELD', 'No key.', { remedy: 'Fill it in.' }));
      const broker = scriptedBroker(scripts.shift());
      brokers.push(broker);
      return Promise.resolve(ok(broker));
    },
  });
});
afterEach(async () => {
  await desk.close();
  await world.store.close();
});

const config = (limits: Partial<RiskLimits> = {}, id = 'paper'): AccountConfig => AccountConfig.parse({ id, limits: { ...WIDE, ...limits } });
const place = (signalId: string) => desk.use('paper', (account) => world.router.place(account, origin(signalId), orderFor()));
/** Lets everything that is ready to run do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('an account that was not declared is a bug of the host', async () => {
  await expect(place('s1')).rejects.toThrow('Account paper was not declared.');
});

test('declaring the same again changes nothing; every holder shares one broker', async () => {
  await Promise.all([desk.declare(config()), desk.declare(config()), desk.declare(config())]);
  await desk.declare(config());
  expect(brokers).toHaveLength(1);
  expect(brokers[0]?.closed).toBe(0);
  expect(await world.store.accounts()).toEqual([config()]);
});

test('other limits take effect with the next order, and are recorded', async () => {
  await desk.declare(config({ maxOrderQuantity: 9 }));
  expect(await place('s1')).toMatchObject({ kind: 'refused', denial: { code: 'MAX_ORDER_QUANTITY', limit: 9 } });
  await desk.declare(config({ maxOrderQuantity: 10 }));
  expect(await place('s2')).toMatchObject({ kind: 'placed' });
  await desk.declare(config({ maxOrderQuantity: 5 }));
  expect(await place('s3')).toMatchObject({ kind: 'refused', denial: { limit: 5 } });
  expect(await world.store.accounts()).toEqual([config({ maxOrderQuantity: 5 })]);
  expect(brokers.map((broker) => [broker.closed, broker.listeners()])).toEqual([[1, 0], [1, 0], [0, 1]]);
});

test('other secrets open the broker anew; the same ones, or none, change nothing', async () => {
  await desk.declare(config(), { apiKey: 'one' });
  await desk.declare(config(), { apiKey: 'one' });
  await desk.declare(config());
  expect(brokers).toHaveLength(1);
  await desk.declare(config(), { apiKey: 'two' });
  expect(given).toEqual([{ apiKey: 'one' }, { apiKey: 'two' }]);
  expect(brokers.map(({ closed }) => closed)).toEqual([1, 0]);
});

test('a new session whose forerunner can not be closed is closed itself: nobody would', async () => {
  const declare = (apiKey: string) => desk.declare(AccountConfig.parse({ id: 'mine', broker: 'openalgo', mode: 'analyze', limits: WIDE }), { apiKey });
  await declare('one');
  const [first] = brokers;
  if (first === undefined) throw new Error('No broker was opened.');
  jest.spyOn(first, 'close').mockRejectedValueOnce(new Error('no route'));
  await expect(declare('two')).rejects.toThrow('no route');
  expect(brokers[1]).toMatchObject({ closed: 1 });
  await declare('two');
  expect(brokers.map(({ closed }) => closed)).toEqual([0, 1, 0]);
});

test('secrets are never journalled', async () => {
  await desk.declare(config(), { apiKey: 'canary' });
  expect(JSON.stringify(await world.store.accounts())).not.toContain('canary');
});

test('an account without secrets takes those that are kept', async () => {
  kept = ok({ apiKey: 'from the vault' });
  await desk.declare(config());
  expect(given).toEqual([{ apiKey: 'from the vault' }]);
});

test.each([
  ['its secret is missing', ok({ apiKey: '' }), 'No key. Fill it in.', 'MISSING_FIELD'],
  ['the vault is locked', deny('VAULT_LOCKED', 'Locked.'), 'Locked.', 'VAULT_LOCKED'],
] as const)('an account can not be used when %s, and says so', async (_case, outcome, message, code) => {
  kept = outcome;
  await expect(desk.declare(config())).rejects.toMatchObject({ name: 'AccountRefused', message, denial: { code } });
  kept = ok({ apiKey: 'good' });
  await desk.declare(config());
  expect(await place('s1')).toMatchObject({ kind: 'placed' });
});

test('an account that has traded keeps its broker: its positions are nowhere else', async () => {
  await desk.declare(AccountConfig.parse({ id: 'mine', broker: 'openalgo', mode: 'analyze', limits: WIDE }), { apiKey: 'k' });
  await desk.declare(AccountConfig.parse({ id: 'mine', broker: 'upstox', limits: WIDE }), { accessToken: 't' });
  await desk.use('mine', (account) => world.router.place(account, origin('s1', { account: 'mine' }), orderFor()));
  await expect(desk.declare(AccountConfig.parse({ id: 'mine', broker: 'upstox', mode: 'live', limits: WIDE }), { accessToken: 't' })).rejects.toMatchObject({ denial: { code: 'INVALID_PARAMETER', field: 'broker' } });
  expect(await world.store.accounts()).toMatchObject([{ id: 'mine', mode: 'sandbox' }]);
});

test('accounts do not know each other', async () => {
  await desk.declare(config());
  await desk.declare(config({ maxOrderQuantity: 1 }, 'other'));
  expect(await place('s1')).toMatchObject({ kind: 'placed' });
  expect(brokers.map(({ sent }) => sent.length)).toEqual([1, 0]);
});

test('a new configuration waits for the order under way: it is sent once', async () => {
  const answer = Promise.withResolvers<{ kind: 'accepted'; brokerOrderId: string; updates: [] }>();
  scripts.push({ place: () => answer.promise });
  await desk.declare(config());
  const first = place('s1');
  while (brokers[0]?.sent.length !== 1) await settle();
  const declared = desk.declare(config({ maxOrderQuantity: 500 }));
  for (let turn = 0; turn < 20; turn += 1) await settle();
  expect(brokers).toHaveLength(1);
  answer.resolve({ kind: 'accepted', brokerOrderId: 'b1', updates: [] });
  expect(await first).toMatchObject({ kind: 'placed', order: { status: 'ACCEPTED' } });
  await declared;
  expect(brokers.flatMap(({ sent }) => sent)).toHaveLength(1);
  expect(await place('s2')).toMatchObject({ kind: 'placed' });
  expect(brokers.map(({ sent, closed }) => [sent.length, closed])).toEqual([[1, 1], [1, 0]]);
});

test('what an earlier life left open is settled before anything new is sent', async () => {
  scripts.push({ place: () => new Promise(() => undefined) });
  const dead = world.account(scriptedBroker(scripts[0]));
  scripts.length = 0;
  void world.router.place(dead, origin('s1'), orderFor());
  while ((await world.store.openOrders()).length === 0) await settle();
  await desk.declare(config());
  await place('s2');
  const orders = await world.store.orders();
  expect(brokers[0]?.sent).toEqual([orders[1]?.id, orders[0]?.id]);
});

test('reports that come later are journalled', async () => {
  await desk.declare(config());
  const { id } = viewOf(await place('s1'));
  brokers[0]?.tell({ kind: 'fill', fill: { orderId: id, tradeId: 't1', quantity: 4, price: toMoney(800), charges: toMoney(1), happenedAt: world.clock.now() } });
  brokers[0]?.tell({ kind: 'status', orderId: id, status: 'CANCELLED', happenedAt: world.clock.now() });
  await desk.close();
  expect(await world.store.order(id)).toMatchObject({ status: 'CANCELLED', filledQuantity: 4 });
  expect(await world.store.positions()).toMatchObject([{ quantity: 4 }]);
});

test('a report about an order that is not ours is logged and stops nothing', async () => {
  const error = jest.spyOn(silentLog, 'error');
  await desk.declare(config());
  brokers[0]?.tell({ kind: 'status', orderId: 'bw-stranger', status: 'FILLED', happenedAt: 1 });
  expect(await place('s1')).toMatchObject({ kind: 'placed' });
  expect(error).toHaveBeenCalledWith(expect.objectContaining({ error: expect.stringContaining('bw-stranger') as string }), expect.any(String));
  error.mockRestore();
});

test('an opening that fails leaves nothing behind and is tried again with the next declaration', async () => {
  await desk.declare(config());
  await place('s1');
  await desk.close();
  scripts.push({ find: () => Promise.reject(new Error('no route')) });
  await expect(desk.declare(config())).rejects.toThrow('no route');
  expect(brokers[1]).toMatchObject({ closed: 1 });
  expect(brokers[1]?.listeners()).toBe(0);
  await expect(place('s2')).rejects.toThrow('not declared');
  await desk.declare(config());
  expect(await place('s2')).toMatchObject({ kind: 'placed' });
});

test('closing waits for the work under way', async () => {
  const answer = Promise.withResolvers<{ kind: 'unknown'; reason: string }>();
  scripts.push({ place: () => answer.promise });
  await desk.declare(config());
  const placing = place('s1');
  while (brokers[0]?.sent.length !== 1) await settle();
  const closing = desk.close();
  for (let turn = 0; turn < 20; turn += 1) await settle();
  expect(brokers[0].closed).toBe(0);
  answer.resolve({ kind: 'unknown', reason: 'late' });
  await Promise.all([placing, closing]);
  expect(brokers[0].closed).toBe(1);
});

test('a look finds what an account was not told; one that fails stops neither the others nor the next look', async () => {
  const error = jest.spyOn(silentLog, 'error');
  scripts.push({ find: () => Promise.reject(new Error('no route')) });
  await desk.declare(config());
  await desk.declare(config({}, 'other'));
  await place('s1');
  const { id } = viewOf(await desk.use('other', (account) => world.router.place(account, origin('s1', { account: 'other' }), orderFor())));
  brokers[1]?.known.set(id, { brokerOrderId: `b-${id}`, updates: [{ kind: 'fill', fill: { orderId: id, tradeId: 't1', quantity: 10, price: toMoney(800), charges: toMoney(1), happenedAt: world.clock.now() } }] });
  await desk.look();
  expect(await world.store.order(id)).toMatchObject({ status: 'FILLED' });
  expect(error).toHaveBeenCalledWith(expect.objectContaining({ error: expect.stringContaining('no route') as string }), expect.any(String));
  error.mockRestore();
});
