import { manualClock } from '../runtime/adapters/system/manual';
import { fileOwners } from '../runtime/adapters/store';
import { randomIds } from '../runtime/adapters/system/ids';
import { manualMarket } from '../runtime/adapters/ticks/simulated/manualMarket';
import { toMoney } from '../runtime/domain/money';
import { openStore } from '../runtime/index';
import { openRuntime } from '../runtime/open';
import { NOW, silentLog } from '../tests/doubles/ingressWorld';
import { orderFor, SBIN } from '../tests/doubles/routerWorld';
import { ORIGIN, WIDE } from '../tests/doubles/tradingWorld';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AccountConfig, DEFAULT_ACCOUNT } from '../runtime/domain/account';
import { main, type World } from './main';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-guard-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the guard takes over what a host left behind, closes it at its stop, and ends when asked to', async () => {
  const clock = manualClock(NOW);
  const market = manualMarket();
  const price = (rupees: number): void => market.set({ instrument: SBIN.key, bid: toMoney(rupees), ask: toMoney(rupees), last: toMoney(rupees), at: clock.now() });
  const options = { home: folder, clock, market, log: silentLog, pause: () => Promise.resolve() };
  price(800);
  const host = await openRuntime(options);
  await host.declareAccount(DEFAULT_ACCOUNT);
  await host.context(ORIGIN).perform([{ kind: 'place', request: { ...orderFor(), protection: { stop: { by: 'points', points: toMoney(5.01) } } } }]);
  await host.close();

  let status = '';
  const looks: World = { env: {}, workingDirectory: folder, userFolder: folder, now: () => clock.now(), readText: () => '', openStore: (home) => openStore(home, { clock, log: silentLog }), out: (text) => { status += text; }, err: (text) => { status += text; } };
  expect(await main(['status', '--home', folder], looks)).toBe(0);
  expect(status).toMatch(/NSE:SBIN +MIS +10 +800 +stop 794\.95 /);

  let turns = 0;
  let said = '';
  let runtime: Awaited<ReturnType<typeof openRuntime>> | undefined;
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: folder, now: () => clock.now(), readText: () => '',
    openStore: () => { throw new Error('not asked for'); },
    out: (text) => { said += text; }, err: (text) => { said += text; },
    guard: {
      open: async (home) => (runtime = await openRuntime({ ...options, home })),
      async stoppedWithin() {
        turns += 1;
        price(turns === 2 ? 790 : 800);
        await runtime?.protection.idle();
        return turns > 3;
      },
    },
  };
  expect(await main(['guard', '--home', folder], world)).toBe(0);
  expect(said).toContain('Guarding paper. Ctrl+C ends it.');
  expect(said).toMatch(/NSE:SBIN +LONG +10 +ACTIVE +794\.95 /);
  expect(said).toContain('Guarding no account');
  expect(said).toContain('The guard has ended.');

  const after = await openRuntime(options);
  expect(await after.store.positions({ openOnly: true })).toEqual([]);
  expect(await after.store.orders({ nodeKey: 'protection' })).toMatchObject([{ action: 'SELL', quantity: 10, status: 'FILLED' }]);
  await after.close();
});

test('--once cancels what rests under a kill switch; kill says who does it', async () => {
  const clock = manualClock(NOW);
  const market = manualMarket();
  market.set({ instrument: SBIN.key, bid: toMoney(800), ask: toMoney(800), last: toMoney(800), at: clock.now() });
  const options = { home: folder, clock, market, log: silentLog, pause: () => Promise.resolve() };
  const host = await openRuntime(options);
  await host.declareAccount(AccountConfig.parse({ limits: WIDE }));
  for (const signalId of ['s1', 's2', 's3']) await host.context({ ...ORIGIN, signalId }).perform([{ kind: 'place', request: orderFor({ kind: 'fixed', action: 'BUY', quantity: 10 }, { orderType: 'LIMIT', limitPrice: toMoney(790) }) }]);
  await host.close();

  let said = '';
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: folder, now: () => clock.now(), readText: () => '',
    openStore: (home) => openStore(home, { clock, log: silentLog }),
    out: (text) => { said += text; }, err: (text) => { said += text; },
    guard: {
      open: (home) => openRuntime({ ...options, home }),
      stoppedWithin: async (ms) => { await new Promise((resolve) => setTimeout(resolve, ms / 5)); return false; },
    },
  };
  const kill = async (...words: readonly string[]): Promise<string> => { said = ''; expect(await main(['kill', '--home', folder, ...words], world)).toBe(0); return said; };
  const owners = fileOwners({ folder: path.join(folder, 'runtimes'), ids: randomIds, clock });
  expect(await kill()).toContain('3 entry orders rest; a host is running and cancels them if it has this account open');
  const store = await openStore(folder, { clock, log: silentLog });
  await store.leases.acquire({ name: 'safety:paper', owner: owners.own, now: clock.now(), until: clock.now() + 15_000 });
  await store.close();
  expect(await kill()).toContain('3 entry orders rest; the running host cancels them');
  owners.close();
  expect(await kill('--flatten')).toMatch(/3 entry orders rest and may still fill: no process is running.* "bellwether guard --once" does it now.* Positions of flows are not closed yet/);
  said = '';
  expect(await main(['guard', '--once', '--home', folder], world)).toBe(0);
  expect(said).toContain('The kill switch is on: 3 of 3 resting entry orders have ended.');
  expect(await kill()).toContain('No entry order rests.');
});

test('an account that can not be opened at first is guarded as soon as it can be, and told of once', async () => {
  const clock = manualClock(NOW);
  const runtime = await openRuntime({ home: folder, clock, market: manualMarket(), log: silentLog, pause: () => Promise.resolve() });
  await runtime.store.declareAccount(AccountConfig.parse({ id: 'mine', broker: 'openalgo', mode: 'live' }), clock.now());
  let [turns, tries, said] = [0, 0, ''];
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: folder, now: () => clock.now(), readText: () => '',
    openStore: () => { throw new Error('not asked for'); },
    out: () => undefined, err: (text) => { said += text; },
    guard: {
      open: () => Promise.resolve({ ...runtime, declareAccount: () => { tries += 1; return tries < 3 ? Promise.reject(new Error('the gateway does not answer')) : Promise.resolve(); } }),
      stoppedWithin: () => Promise.resolve((turns += 1) >= 200),
    },
  };
  expect(await main(['guard', '--home', folder], world)).toBe(0);
  expect(tries).toBe(3);
  expect(said.match(/can not be guarded yet: the gateway does not answer/g)).toHaveLength(1);
});
