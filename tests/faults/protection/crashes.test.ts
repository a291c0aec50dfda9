import { toMoney } from '../../../runtime/domain/money';
import type { Broker, Store } from '../../../runtime/domain/ports';
import type { ProtectionTerms } from '../../../runtime/domain/protection';
import { createBackOff } from '../../../runtime/services/orderRouter/backOff';
import { lookAgain } from '../../../runtime/services/orderRouter/resume';
import type { RoutedAccount } from '../../../runtime/services/orderRouter/ports';
import { silentLog } from '../../doubles/ingressWorld';
import { protectionWorld, type ProtectionWorld } from '../../doubles/protectionWorld';

/** A process that dies at its n-th call of a port, before the call had its effect or just after: from then on nothing of it reaches anybody. */
class Mortal {
  calls = 0;
  dead = false;
  constructor(readonly diesAt: number, readonly when: 'before' | 'after') {}

  /** Every function of `port`, one level of sub-ports included, dies with this process. */
  holding<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver);
        if (name === 'onChanged' || name === 'onRecorded' || name === 'onUpdate') return value;
        if (typeof value === 'object' && value !== null && name !== 'capabilities') return this.holding(value);
        if (typeof value !== 'function') return value;
        return (...args: readonly unknown[]): unknown => this.#call(() => Reflect.apply(value, target, [...args]));
      },
    });
  }

  async #call(effect: () => unknown): Promise<unknown> {
    this.calls += 1;
    if (this.calls === this.diesAt && this.when === 'before') this.dead = true;
    if (this.dead) throw new Error('the process is dead');
    const result = await effect();
    if (this.calls >= this.diesAt && this.when === 'after') this.dead = true;
    if (this.dead) throw new Error('the process is dead');
    return result;
  }
}

const SCENES: readonly { readonly name: string; readonly terms: ProtectionTerms; readonly heldStops: boolean; readonly path: readonly number[] }[] = [
  { name: 'a stop that the runtime watches', terms: { stop: { by: 'points', points: toMoney(5) } }, heldStops: false, path: [99, 96, 94, 94] },
  { name: 'a trail that is hit', terms: { trailing: { by: 'points', points: toMoney(4) } }, heldStops: false, path: [103, 107, 102, 90] },
  { name: 'a target while the stop rests at the broker', terms: { stop: { by: 'points', points: toMoney(5) }, target: { by: 'points', points: toMoney(8) }, trailing: { by: 'points', points: toMoney(5) } }, heldStops: true, path: [103, 104, 108, 108] },
];

/** What a second process makes of it: orders settled by looking, then the protection carried on. */
async function takeOver(world: ProtectionWorld, last: number): Promise<void> {
  world.kill();
  world.process('two');
  const ports = { store: world.store, market: world.market, clock: world.clock, log: silentLog, pause: () => Promise.resolve(), instruments: { find: () => undefined } };
  const backOff = createBackOff(world.clock);
  for (let second = 0; second < 40; second += 1) {
    world.tick(last);
    await world.pass(1_000);
    await lookAgain(ports, world.account, backOff);
    await world.settle();
    if ((await world.protection()).status === 'DONE' && (await world.store.openOrders()).length === 0) return;
  }
}

async function untilItDies(world: ProtectionWorld, mortal: Mortal, path: readonly number[]): Promise<void> {
  const store: Store = mortal.holding(world.store);
  const broker: Broker = mortal.holding(world.exchange.broker);
  const account: RoutedAccount = { ...world.account, broker };
  world.process('one', { store, accounts: { use: (_id, work) => work(account) } });
  for (const rupees of path) {
    await world.pass(500);
    world.tick(rupees);
    await world.settle();
  }
  await world.pass(6_000);
}

async function promisesHold(world: ProtectionWorld): Promise<void> {
  const exits = await world.exits();
  expect(await world.held()).toBe(0);
  expect(exits.reduce((sum, { action, filledQuantity }) => sum + (action === 'SELL' ? filledQuantity : -filledQuantity), 0)).toBe(10);
  expect(new Set(world.exchange.broker.sent).size).toBe(world.exchange.broker.sent.length);
  const fills = (await Promise.all(exits.map(({ id }) => world.store.fills(id)))).flat();
  expect(fills.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(10);
  expect(await world.protection()).toMatchObject({ status: 'DONE' });
}

describe('53: killed at every step of a protection', () => {
  test.each(SCENES.flatMap((scene) => (['before', 'after'] as const).map((when) => ({ ...scene, when }))))('$name, $when the step has its effect: the next owner closes the position once', async ({ terms, heldStops, path, when }) => {
    let deaths = 0;
    for (let diesAt = 1; diesAt < 400; diesAt += 1) {
      const world = await protectionWorld({ heldStops });
      const mortal = new Mortal(diesAt, when);
      try {
        await world.enter(terms);
        await untilItDies(world, mortal, path);
        await takeOver(world, path.at(-1) ?? 100);
        await promisesHold(world).catch((error: unknown) => { throw new Error(`killed at call ${diesAt}: ${error instanceof Error ? error.message : String(error)}`); });
      } finally {
        await world.close();
      }
      if (!mortal.dead) break;
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(20);
    expect(deaths).toBeLessThan(399);
  }, 120_000);
});
