import { AccountConfig } from '../../../runtime/domain/account';
import { deny, ok, type Outcome } from '../../../runtime/domain/denial';
import type { BrokerPosition } from '../../../runtime/domain/ports';
import { ALWAYS_OPEN } from '../../../runtime/domain/session';
import { createAccountDesk, type AccountDesk } from '../../../runtime/services/accounts/accountDesk';
import { silentLog } from '../../doubles/ingressWorld';
import { orderFor, origin, routerWorld, type RouterWorld } from '../../doubles/routerWorld';
import { scriptedBroker, type ScriptedBroker } from '../../doubles/scriptedBroker';
import { WIDE } from '../../doubles/tradingWorld';

let world: RouterWorld;
let desk: AccountDesk;
let sessions: { readonly key: string; readonly broker: ScriptedBroker }[];
let finds: (key: string) => Promise<undefined>;
beforeEach(async () => {
  world = await routerWorld();
  sessions = [];
  finds = () => Promise.resolve(undefined);
  desk = createAccountDesk({
    ports: world.ports, log: silentLog, sessionsOf: () => ALWAYS_OPEN, isAlone: () => true,
    openBroker: (_account, { apiKey = '' }) => {
      if (apiKey === '') return Promise.resolve(deny('MISSING_FIELD', 'No key.'));
      const positions = (): Promise<Outcome<readonly BrokerPosition[]>> => Promise.resolve(apiKey.startsWith('good') ? ok([]) : deny('WRONG_SECRET', 'Invalid openalgo apikey.'));
      const broker = Object.assign(scriptedBroker({ find: () => finds(apiKey), lookupProvesAbsence: false }), { positions });
      sessions.push({ key: apiKey, broker });
      return Promise.resolve(ok(broker));
    },
  });
});
afterEach(async () => {
  finds = () => Promise.resolve(undefined);
  await desk.close();
  await world.store.close();
});

const account = (id = 'mine') => AccountConfig.parse({ id, broker: 'openalgo', mode: 'analyze', limits: WIDE });
const place = (signalId: string, id = 'mine') => desk.use(id, (routed) => world.router.place(routed, origin(signalId, { account: id }), orderFor()));
const closed = (): readonly (readonly [string, number])[] => sessions.map(({ key, broker }) => [key, broker.closed] as const);

describe('other secrets for an account that works', () => {
  test.each([['refused by the broker', 'typo'], ['missing', '']])('%s: the session that works stays, and it is said', async (_what, apiKey) => {
    await desk.declare(account(), { apiKey: 'good' });
    await expect(desk.declare(account(), { apiKey })).rejects.toMatchObject({ name: 'AccountRefused', message: expect.stringContaining('stays in use') as string });
    expect(closed()[0]).toEqual(['good', 0]);
    expect(closed().slice(1)).toEqual(apiKey === '' ? [] : [['typo', 1]]);
    expect(await place('s1')).toMatchObject({ kind: 'placed' });
    await desk.declare(account(), { apiKey: 'good' });
    expect(sessions[0]?.broker.sent).toHaveLength(1);
  });

  test('that the broker takes: the new session is open before the old one ends', async () => {
    await desk.declare(account(), { apiKey: 'good' });
    const order: string[] = [];
    const old = sessions[0]?.broker;
    if (old === undefined) throw new Error('There is no session.');
    jest.spyOn(old, 'close').mockImplementation(() => { order.push(`old closed with ${sessions.length} open`); return Promise.resolve(); });
    await Promise.all([desk.declare(account(), { apiKey: 'good too' }), desk.declare(account(), { apiKey: 'good too' })]);
    expect(order).toEqual(['old closed with 2 open']);
    await place('s1');
    expect(sessions.map(({ broker }) => broker.sent.length)).toEqual([0, 1]);
  });

  test('that the broker takes, while an order can not be looked up: the account stays in use, and the order is looked at later', async () => {
    await desk.declare(account(), { apiKey: 'good' });
    await place('s1');
    finds = () => Promise.reject(new Error('the network is down'));
    await desk.declare(account(), { apiKey: 'good too' });
    let looks = 0;
    finds = () => { looks += 1; return Promise.resolve(undefined); };
    await desk.look();
    expect(looks).toBe(1);
    expect(await place('s2')).toMatchObject({ kind: 'placed' });
    expect(sessions.map(({ broker }) => [broker.sent.length, broker.closed])).toEqual([[1, 1], [1, 0]]);
  });

  test('a configuration that is refused with them is not recorded', async () => {
    await desk.declare(account(), { apiKey: 'good' });
    const wider = AccountConfig.parse({ ...account(), capital: 7 });
    await expect(desk.declare(wider, { apiKey: 'typo' })).rejects.toMatchObject({ name: 'AccountRefused' });
    expect(await world.store.accounts()).toEqual([account()]);
  });
});

test('a gateway that does not answer holds up the looks at its own account only', async () => {
  await desk.declare(account('slow'), { apiKey: 'good slow' });
  await desk.declare(account('quick'), { apiKey: 'good quick' });
  for (const id of ['slow', 'quick']) await place('s1', id);
  const hangs = Promise.withResolvers<undefined>();
  const asked: string[] = [];
  finds = (key) => {
    asked.push(key);
    return key === 'good slow' ? hangs.promise : Promise.resolve(undefined);
  };
  const looks = [desk.look()];
  while (!asked.includes('good quick')) await new Promise((resolve) => { setImmediate(resolve); });
  looks.push(desk.look());
  while (asked.filter((key) => key === 'good quick').length < 2) await new Promise((resolve) => { setImmediate(resolve); });
  expect(asked.filter((key) => key === 'good slow')).toHaveLength(1);
  hangs.resolve(undefined);
  await Promise.all(looks);
});
