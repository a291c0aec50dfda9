import { toMoney } from '../../../runtime/domain/money';
import type { Store } from '../../../runtime/domain/ports';
import type { ProtectionTerms } from '../../../runtime/domain/protection';
import type { ReEntryTerms } from '../../../runtime/domain/reEntry';
import { createReEntryWatch, type ReEntryWatch } from '../../../runtime/services/reEntry';
import { silentLog } from '../../doubles/ingressWorld';
import { protectionWorld, type ProtectionWorld } from '../../doubles/protectionWorld';
import { SBIN } from '../../doubles/routerWorld';

const STOP: ProtectionTerms = { stop: { by: 'points', points: toMoney(5) } };
const AT_COST: ReEntryTerms = { group: 'dip', maximum: 2, cooldownMs: 0, atCost: true };
const MINUTE = 60_000;

let world: ProtectionWorld;
let watch: ReEntryWatch;
beforeEach(async () => {
  world = await protectionWorld();
  watch = life();
});
afterEach(async () => {
  await watch.close();
  await world.close();
});

/** What one process watches with. */
function life(store: Store = world.store): ReEntryWatch {
  return createReEntryWatch({ store, market: world.market, clock: world.clock, log: silentLog, instruments: { find: () => SBIN } });
}
async function look(by: ReEntryWatch = watch): Promise<void> {
  await by.look(world.account);
  await by.idle();
}
/** Prices a second apart. */
async function course(...prices: readonly number[]): Promise<void> {
  for (const rupees of prices) {
    world.clock.advance(1_000);
    world.tick(rupees);
    await world.settle();
    await look();
  }
}
/** An entry at 100 that its stop at 95 has closed. */
async function stoppedOut(reEntry: ReEntryTerms = AT_COST, terms = STOP, action: 'BUY' | 'SELL' = 'BUY'): Promise<void> {
  world.process('one');
  await world.enter(terms, 10, { reEntry, action });
  await world.pass(0);
  await course(action === 'BUY' ? 94 : 106);
  expect(await world.held()).toBe(0);
}
const told = async () => (await world.store.events.after({ after: 0, kinds: ['reEntry'] })).map(({ facts }) => facts['reEntry']);

test('after its stop the price comes back to the entry: told once', async () => {
  await stoppedOut();
  await course(94, 99.95);
  expect(await told()).toEqual([]);
  await course(100, 101, 94, 100);
  expect(await told()).toEqual([1]);
  expect(world.market.subscriptions()).toBeLessThanOrEqual(1);
});

test('a short entry waits for the price to fall back', async () => {
  await stoppedOut(AT_COST, STOP, 'SELL');
  await course(106, 100.05);
  expect(await told()).toEqual([]);
  await course(100);
  expect(await told()).toEqual([1]);
});

test('while the position lives nothing is told, whatever the price does', async () => {
  world.process('one');
  await world.enter(STOP, 10, { reEntry: AT_COST });
  await world.pass(0);
  await course(99, 100, 96, 101);
  expect(await told()).toEqual([]);
});

test('a stop in profit: the price has to be worse than the entry first', async () => {
  world.process('one');
  await world.enter({ trailing: { by: 'points', points: toMoney(4) } }, 10, { reEntry: AT_COST });
  await world.pass(0);
  await course(110, 105);
  expect(await world.held()).toBe(0);
  await course(104, 103);
  expect(await told()).toEqual([]);
  await course(99, 100);
  expect(await told()).toEqual([1]);
});

test('a target is no stop: nobody waits', async () => {
  world.process('one');
  await world.enter({ ...STOP, target: { by: 'points', points: toMoney(5) } }, 10, { reEntry: AT_COST });
  await world.pass(0);
  await course(106, 94, 100);
  expect(await told()).toEqual([]);
  expect(await world.store.reEntries.waiting('paper')).toEqual([]);
});

test('the maximum of the group ends it', async () => {
  await stoppedOut({ ...AT_COST, maximum: 0 });
  await course(100);
  expect(await told()).toEqual([]);
  expect(await world.store.reEntries.waiting('paper')).toEqual([]);
});

test.each([true, false])('a return within the cool-down is let go; the next one counts (after a restart: %s)', async (restarted) => {
  await stoppedOut({ ...AT_COST, cooldownMs: MINUTE });
  await course(100);
  world.clock.advance(MINUTE);
  if (restarted) {
    await watch.close();
    watch = life();
  }
  await course(100.5, 101);
  expect(await told()).toEqual([]);
  await course(99, 100);
  expect(await told()).toEqual([1]);
});

test('old prices say nothing', async () => {
  await stoppedOut();
  world.tick(100, 1_500);
  await look();
  world.clock.advance(MINUTE);
  world.tick(100, 30_000);
  await look();
  expect(await told()).toEqual([]);
});

test.each([
  ['the session is over', () => { world.open = false; }],
  ['the day is over', () => { world.clock.advance(24 * 60 * MINUTE); }],
] as const)('%s: nobody waits any more', async (_name, happens) => {
  await stoppedOut();
  happens();
  await course(94, 100);
  world.open = true;
  await course(94, 100);
  expect(await told()).toEqual([]);
  expect(await world.store.reEntries.waiting('paper')).toEqual([]);
});

test('two processes watch: told once', async () => {
  await stoppedOut();
  const other = life();
  await look(other);
  await course(100);
  await look(other);
  expect(await told()).toEqual([1]);
  await other.close();
});

test.each(['before', 'after'] as const)('killed %s each step: whoever comes next goes on, told exactly once', async (when) => {
  let deaths = 0;
  for (let diesAt = 1; diesAt < 20; diesAt += 1) {
    await watch.close();
    await world.close();
    world = await protectionWorld();
    let calls = 0;
    const dying = <T extends object>(port: T): T => new Proxy(port, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function') return value;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          calls += 1;
          if (calls > diesAt || (calls === diesAt && when === 'before')) throw new Error('the process is dead');
          const result: unknown = await Reflect.apply(value, target, [...args]);
          if (calls === diesAt) throw new Error('the process is dead');
          return result;
        };
      },
    });
    watch = life({ ...world.store, reEntries: dying(world.store.reEntries), protections: dying(world.store.protections) });
    await stoppedOut();
    await course(100);
    if (calls >= diesAt) deaths += 1;
    await watch.close();
    watch = life();
    await course(100);
    expect(await told()).toEqual([1]);
    if (calls < diesAt) break;
  }
  expect(deaths).toBeGreaterThan(3);
});
