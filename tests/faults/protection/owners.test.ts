import { toMoney } from '../../../runtime/domain/money';
import type { ProtectionTerms } from '../../../runtime/domain/protection';
import { protectionWorld, type ProtectionWorld } from '../../doubles/protectionWorld';

const STOP: ProtectionTerms = { stop: { by: 'points', points: toMoney(5) }, trailing: { by: 'points', points: toMoney(5) } };

let world: ProtectionWorld;
beforeEach(async () => {
  world = await protectionWorld();
});
afterEach(() => world.close());

const lost = async () => (await world.store.events.after({ after: 0, kinds: ['protectionLost'] })).map(({ message }) => message);

describe('one owner over all processes', () => {
  test('of two that live one watches, and only one exit is sent', async () => {
    const [one, two] = [world.process('one'), world.process('two')];
    await world.enter(STOP);
    await world.pass(0);
    expect([one.guarded().length, two.guarded().length]).toEqual([1, 0]);
    world.tick(90);
    await world.pass(1_000);
    expect(world.exchange.broker.sent).toHaveLength(2);
    expect(await world.held()).toBe(0);
  });

  test('an owner that is known to be gone is followed at once, with an alarm; what it had seen counts', async () => {
    world.process('one');
    await world.enter(STOP);
    world.tick(110);
    await world.pass(1_000);
    world.kill();
    const two = world.process('two');
    world.tick(106);
    await world.pass(1_000);
    expect(two.guarded()).toHaveLength(1);
    expect(await lost()).toEqual([expect.stringContaining('another one has taken over')]);
    expect(await world.protection()).toMatchObject({ status: 'ACTIVE', stopLevel: toMoney(105) });
    world.tick(104);
    await world.settle();
    expect(await world.held()).toBe(0);
  });

  test('an owner that hangs is followed when its lease is over, and what it does then is refused', async () => {
    const one = world.process('one');
    await world.enter(STOP);
    await world.pass(0);
    const two = world.process('two');
    await two.look();
    expect(two.guarded()).toEqual([]);
    // Only the second one looks from here on; the first still hears prices.
    world.clock.advance(15_001);
    await two.look();
    expect(two.guarded()).toMatchObject([{ lease: { token: 2 } }]);
    world.tick(90);
    await world.settle();
    expect(await world.held()).toBe(0);
    expect(await world.exits()).toHaveLength(1);
    expect(one.guarded()).toEqual([]);
    expect(await lost()).toHaveLength(1);
  });

  test('one that ends in order gives its lease back, and nobody is alarmed', async () => {
    const one = world.process('one');
    await world.enter(STOP);
    await world.pass(0);
    await one.close();
    expect(await world.store.leases.list()).toEqual([]);
    const two = world.process('two');
    await world.pass(0);
    expect(two.guarded()).toHaveLength(1);
    expect(await lost()).toEqual([]);
  });

  test('an account that no process can open is told once, not once a second', async () => {
    await world.enter(STOP);
    const blind = world.process('blind', { accounts: { use: () => Promise.reject(new Error('the session has expired')) } });
    await world.pass(0);
    for (let second = 0; second < 10; second += 1) await world.pass(1_000);
    expect(blind.guarded()).toEqual([]);
    expect(await lost()).toEqual([expect.stringContaining('Nobody watches the protection of paper')]);
  });
});
