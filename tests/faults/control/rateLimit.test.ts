import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { openSqliteStore } from '../../../runtime/adapters/store';
import type { Store } from '../../../runtime/domain/ports';
import type { Lane, RateWindow } from '../../../runtime/domain/rateLimit/draw';
import { RATE_FIGURES } from '../../../runtime/services/rateLimit/figures';
import { createRateLimiter, type RateLimiter } from '../../../runtime/services/rateLimit/limiter';
import { silentLog } from '../../doubles/ingressWorld';
import { manualTime, type ManualTime } from '../../doubles/manualTime';
import { bundled, started } from '../store/bundle';
import { DRAWER_WINDOWS } from './drawerWindows';

const T0 = 1_795_000_000_000;
const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-limits-'));
afterAll(() => rmSync(folder, { recursive: true }));
jest.setTimeout(60_000);

interface Grant { readonly at: number; readonly lane: Lane }

function expectWithin(windows: readonly RateWindow[], grants: readonly Grant[]): void {
  for (const { ms, most, keptForExits } of windows) {
    for (const { at } of grants) {
      const within = grants.filter((grant) => grant.at > at - ms && grant.at <= at);
      expect(within.length).toBeLessThanOrEqual(most);
      expect(within.filter(({ lane }) => lane === 'entries').length).toBeLessThanOrEqual(most - keptForExits);
    }
  }
}

/** Two runtimes, each with its own handle on one journal. */
interface TwoRuntimes { readonly time: ManualTime; readonly stores: readonly [Store, Store]; limiters(client: string): readonly [RateLimiter, RateLimiter] }

/** The file takes real time, the more the busier the machine is: simulated time waits for it. */
class BusyFile {
  readonly #underWay = new Set<Promise<unknown>>();

  watched(budgets: Store['budgets']): Store['budgets'] {
    return {
      ...budgets,
      change: (...request) => {
        const change = budgets.change(...request);
        this.#underWay.add(change);
        void change.finally(() => this.#underWay.delete(change)).catch(() => undefined);
        return change;
      },
    };
  }

  readonly atRest = async (): Promise<void> => {
    while (this.#underWay.size > 0) {
      await Promise.allSettled([...this.#underWay]);
      // Who waited for it may ask anew.
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  };
}

async function twoRuntimes(file: string): Promise<TwoRuntimes> {
  const busy = new BusyFile();
  const time = manualTime(T0, busy.atRest);
  const { clock, pause } = time;
  const open = (): Promise<Store> => openSqliteStore({ path: path.join(folder, file), clock, log: silentLog });
  const stores = [await open(), await open()] as const;
  const limiter = (store: Store, client: string): RateLimiter => createRateLimiter({ budgets: busy.watched(store.budgets), client, windows: RATE_FIGURES.openalgo, clock, pause, log: silentLog });
  return { time, stores, limiters: (client) => [limiter(stores[0], client), limiter(stores[1], client)] };
}

describe('two runtimes on one journal', () => {
  let world: TwoRuntimes;
  beforeAll(async () => { world = await twoRuntimes('two.db'); });
  afterAll(async () => { for (const store of world.stores) await store.close(); });

  const calls = fc.array(fc.record({ runtime: fc.constantFrom(0, 1), lane: fc.constantFrom<Lane>('exits', 'entries'), after: fc.oneof(fc.constant(0), fc.nat(300)), waitMs: fc.constantFrom(0, 700, 5_000) }), { minLength: 1, maxLength: 40 });

  test('no window is ever exceeded, whoever calls when and waits how long; nobody waits longer than it said', async () => {
    let run = 0;
    await fc.assert(fc.asyncProperty(calls, async (plan) => {
      run += 1;
      const { time } = world;
      const limiters = world.limiters(`client${run}`);
      const grants: Grant[] = [];
      const turns: Promise<void>[] = [];
      for (const { runtime, lane, after, waitMs } of plan) {
        await time.pass(after);
        const askedAt = time.clock.now();
        turns.push(limiters[runtime === 0 ? 0 : 1].turn('orders', lane, waitMs).then((turn) => {
          expect(time.clock.now() - askedAt).toBeLessThanOrEqual(waitMs);
          if (turn.ok) grants.push({ at: time.clock.now(), lane });
          else expect(turn.denial).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) as number });
        }));
      }
      await time.pass(6_000);
      await Promise.all(turns);
      expectWithin(RATE_FIGURES.openalgo.orders, grants);
    }), { numRuns: 25 });
  });

  test('exits are never starved: while one runtime floods the broker with entries, exits of the other go at once', async () => {
    const { time } = world;
    const [flooding, exiting] = world.limiters('flooded');
    const flood: Promise<unknown>[] = [];
    for (let second = 0; second < 10; second += 1) {
      for (let call = 0; call < 30; call += 1) flood.push(flooding.turn('orders', 'entries', 3_000));
      await time.pass(500);
      const before = time.clock.now();
      const exits = [exiting.turn('orders', 'exits', 5_000), exiting.turn('orders', 'exits', 5_000)];
      await time.settle();
      expect((await Promise.all(exits)).every(({ ok }) => ok)).toBe(true);
      expect(time.clock.now()).toBe(before);
      await time.pass(1_000);
    }
    await time.pass(5_000);
    await Promise.all(flood);
  });

  test('an exit that finds everything used up goes before the entries that wait', async () => {
    const { time } = world;
    const [one, other] = world.limiters('queue');
    const order: string[] = [];
    const ask = (limiter: RateLimiter, lane: Lane, name: string): Promise<unknown> => limiter.turn('orders', lane, 5_000).then(() => order.push(name));
    await Promise.all(Array.from({ length: 8 }, () => one.turn('orders', 'exits', 0)));
    const waiting = [ask(one, 'entries', 'entry'), ask(one, 'entries', 'entry')];
    await time.pass(100);
    waiting.push(ask(other, 'exits', 'exit'), ask(other, 'exits', 'exit'));
    await time.pass(6_000);
    await Promise.all(waiting);
    expect(order).toEqual(['exit', 'exit', 'entry', 'entry']);
  });

  test('turns of one lane come in the order in which they were asked for, and too many are refused at once', async () => {
    const { time } = world;
    const [limiter] = world.limiters('line');
    const order: number[] = [];
    const turns = Array.from({ length: 201 }, (_, index) => limiter.turn('orders', 'exits', 3_000).then((turn) => {
      if (turn.ok) order.push(index);
      return turn;
    }));
    expect(await turns[200]).toMatchObject({ ok: false, denial: { code: 'RATE_LIMITED' } });
    await time.pass(4_000);
    await Promise.all(turns);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order.length).toBeGreaterThan(16);
  });

  test('fault 22: a 429 drains the budget of every flow and process for its Retry-After; exits ask again first', async () => {
    const { time } = world;
    const [one, other] = world.limiters('drained');
    await one.tooMany('orders', 30_000);
    expect(await other.turn('orders', 'entries', 5_000)).toMatchObject({ ok: false, denial: { code: 'RATE_LIMITED', value: 'drained', retryAfterMs: 30_000 } });
    const exit = other.turn('orders', 'exits', 5_000);
    await time.pass(2_000);
    expect(await exit).toMatchObject({ ok: true });
    expect(await one.turn('orders', 'entries', 0)).toMatchObject({ ok: false, denial: { retryAfterMs: 28_000 } });
    await time.pass(28_000);
    expect(await one.turn('orders', 'entries', 0)).toMatchObject({ ok: true });
  });

  test('what one client spent is none of another\'s business, nor are orders that of reads', async () => {
    const [spent] = world.limiters('first');
    await Promise.all(Array.from({ length: 8 }, () => spent.turn('orders', 'exits', 0)));
    expect(await spent.turn('orders', 'exits', 0)).toMatchObject({ ok: false });
    expect(await spent.turn('reads', 'exits', 0)).toMatchObject({ ok: true });
    expect(await world.limiters('second')[0].turn('orders', 'exits', 0)).toMatchObject({ ok: true });
  });
});

test('two real processes that draw as fast as they can stay within every window', async () => {
  const script = bundled('drawer', folder, __dirname);
  const file = path.join(folder, 'real.db');
  await (await openSqliteStore({ path: file, clock: { now: () => Date.now() }, log: silentLog })).close();
  const grants: Grant[] = [];
  const owners = await Promise.all([0, 1].map(async () => {
    const child = started(script, [file, '2500']);
    let own = 0;
    for await (const line of child.lines) {
      const [lane, at] = line.split(' ');
      grants.push({ lane: lane === 'exits' ? 'exits' : 'entries', at: Number(at) });
      own += 1;
    }
    expect(await child.exited).toBe(0);
    return own;
  }));
  expect(Math.min(...owners)).toBeGreaterThan(0);
  expect(grants.length).toBeGreaterThan(100);
  expectWithin(DRAWER_WINDOWS, grants);
});
