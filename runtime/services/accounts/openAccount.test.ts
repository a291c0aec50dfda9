import { AccountConfig } from '../../domain/account';
import { deny, ok } from '../../domain/denial';
import { ALWAYS_OPEN } from '../../domain/session';
import { routerWorld, type RouterWorld } from '../../../tests/doubles/routerWorld';
import { scriptedBroker, type ScriptedBroker } from '../../../tests/doubles/scriptedBroker';
import { silentLog } from '../../../tests/doubles/ingressWorld';
import { attachSession, openFirst, openInPlaceOf, type AccountDeskOptions } from './openAccount';

const CONFIG = AccountConfig.parse({ limits: {} });
const failing = (message: string) => (): never => { throw new Error(message); };

let world: RouterWorld;
let broker: ScriptedBroker;
beforeEach(async () => {
  world = await routerWorld();
  broker = scriptedBroker();
});
afterEach(() => world.store.close());

const options = (changes: Partial<AccountDeskOptions> = {}): AccountDeskOptions =>
  ({ ports: world.ports, openBroker: () => Promise.resolve(ok(broker)), sessionsOf: () => ALWAYS_OPEN, isAlone: () => true, log: silentLog, ...changes });

describe('a session that was opened in place of another one is closed again', () => {
  test('when its declaration can not be journalled, and the journal’s error is told', async () => {
    jest.spyOn(world.store, 'declareAccount').mockRejectedValue(new Error('disk full'));
    await expect(openInPlaceOf(options(), CONFIG, {}, { isNewSecret: false })).rejects.toThrow('disk full');
    expect(broker.closed).toBe(1);
  });

  test('once, when the broker refuses it', async () => {
    const refused = { ...broker, closed: 0, positions: () => Promise.resolve(deny('WRONG_SECRET', 'No.')) };
    await expect(openInPlaceOf(options({ openBroker: () => Promise.resolve(ok(refused)) }), CONFIG, {}, { isNewSecret: true })).rejects.toMatchObject({ name: 'AccountRefused', denial: { code: 'WRONG_SECRET' } });
    expect(refused.closed).toBe(1);
  });

  test('also where that fails: the first error is the one that is told', async () => {
    jest.spyOn(world.store, 'declareAccount').mockRejectedValue(new Error('disk full'));
    jest.spyOn(broker, 'close').mockRejectedValue(new Error('no route'));
    await expect(openInPlaceOf(options(), CONFIG, {}, { isNewSecret: false })).rejects.toThrow('disk full');
  });
});

describe.each([['first', false], ['in place of another one', true]])('a session that is opened %s is closed again', (_what, isInPlace) => {
  test('when its market hours can not be told', async () => {
    await expect(attachSession(options({ sessionsOf: failing('no calendar') }), CONFIG, broker, { isInPlace })).rejects.toThrow('no calendar');
    expect(broker.closed).toBe(1);
  });

  test('when it can not be listened to', async () => {
    jest.spyOn(broker, 'onUpdate').mockImplementation(failing('no stream'));
    await expect(attachSession(options(), CONFIG, broker, { isInPlace })).rejects.toThrow('no stream');
    expect(broker.closed).toBe(1);
  });
});

test('a first opening that fails closes its broker once', async () => {
  await expect(openFirst(options({ sessionsOf: failing('no calendar') }), CONFIG, {})).rejects.toThrow('no calendar');
  await expect(openFirst(options({ reconcile: failing('no lists') }), CONFIG, {})).rejects.toThrow('no lists');
  expect([broker.closed, broker.listeners()]).toEqual([2, 0]);
});
