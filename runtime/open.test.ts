import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { manualClock } from './adapters/system/manual';
import { AccountConfig } from './domain/account';
import { DAY_MS } from './domain/time';
import { NOW, silentLog } from '../tests/doubles/ingressWorld';
import { openRuntime } from './open';

let home: string;
let closed: number;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'bellwether-open-'));
  closed = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(home, { recursive: true, force: true });
});

const market = { latest: () => undefined, quote: () => Promise.resolve(undefined), subscribe: () => () => undefined, close: () => { closed += 1; } };
const open = () => openRuntime({ home, log: silentLog, market });

test('a start that the journal refuses leaves no source of prices open', async () => {
  writeFileSync(path.join(home, 'bellwether.db'), 'this is no database, whatever its name says. '.repeat(200));
  await expect(open()).rejects.toThrow(/bellwether\.db/);
  expect(closed).toBe(1);
});

test('a start that may not lock its folder leaves neither journal nor prices open', async () => {
  writeFileSync(path.join(home, 'runtimes'), 'a file where the folder should be');
  await expect(open()).rejects.toThrow(/EEXIST|ENOTDIR/);
  expect(closed).toBe(1);
  rmSync(path.join(home, 'runtimes'));
  expect(readdirSync(home).filter((file) => file.endsWith('-wal'))).toEqual([]);
});

test('old events are removed at the start and every day after it, for as long as it runs', async () => {
  const started = jest.spyOn(globalThis, 'setInterval');
  const clock = manualClock(NOW);
  const runtime = await openRuntime({ home, log: silentLog, market, clock, pause: () => Promise.resolve() });
  try {
    const record = (key: string) => runtime.store.events.record({ key, account: 'paper', kind: 'difference', message: 'One more.', facts: {}, happenedAt: NOW });
    await record('old');
    await record('newest');
    clock.advance(401 * DAY_MS);
    const daily = started.mock.calls.filter(([, ms]) => ms === DAY_MS);
    expect(daily).toHaveLength(1);
    const keys = async (): Promise<readonly string[]> => (await runtime.store.events.after({ after: 0 })).map(({ key }) => key);
    // The round of the start may still be under way. A write waits for what was asked for before.
    for (let days = 0; (await keys()).includes('old') && days < 50; days += 1) {
      daily[0]?.[0]();
      await record('newest');
    }
    expect(await keys()).toEqual(['newest']);
  } finally {
    await runtime.close();
  }
});

describe('a start that can not read what it left behind', () => {
  /** What may be kept running by an opening: tickers. */
  const tickers = (): { readonly running: () => number } => {
    const started = jest.spyOn(globalThis, 'setInterval');
    const stopped = jest.spyOn(globalThis, 'clearInterval');
    return { running: () => started.mock.results.filter(({ value }) => !stopped.mock.calls.some(([timer]) => timer === value)).length };
  };
  const setConfig = (config: string): void => {
    const db = new DatabaseSync(path.join(home, 'bellwether.db'));
    db.prepare('update accounts set config = ?').run(config);
    db.close();
  };
  beforeEach(async () => {
    const first = await open();
    await first.declareAccount(AccountConfig.parse({ limits: {} }));
    await first.close();
    closed = 0;
    setConfig('{}broken');
  });

  test('leaves nothing running, says what is wrong, and starts once that is mended', async () => {
    const { running } = tickers();
    await expect(open()).rejects.toMatchObject({ code: 'DAMAGED_ROW' });
    expect([closed, running(), readdirSync(path.join(home, 'runtimes'))]).toEqual([1, 0, []]);
    expect(readdirSync(home).filter((file) => file.endsWith('-wal'))).toEqual([]);
    setConfig(JSON.stringify(AccountConfig.parse({ limits: {} })));
    await (await open()).close();
    expect([closed, running(), readdirSync(path.join(home, 'runtimes'))]).toEqual([2, 0, []]);
  });

  test('says so also where what it has begun can not be ended', async () => {
    const failing = { ...market, close: () => { throw new Error('the prices stay'); } };
    await expect(openRuntime({ home, log: silentLog, market: failing })).rejects.toMatchObject({ code: 'DAMAGED_ROW' });
    expect(readdirSync(path.join(home, 'runtimes'))).toEqual([]);
  });
});
