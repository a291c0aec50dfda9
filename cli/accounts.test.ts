import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openAlgoServer, type OpenAlgoServer } from '../tests/doubles/openalgoServer';
import { fileOwners } from '../runtime/adapters/store';
import { systemClock } from '../runtime/adapters/system/clock';
import { randomIds } from '../runtime/adapters/system/ids';
import { AccountConfig } from '../runtime/domain/account';
import { indiaTime } from '../runtime/domain/session';
import { openStore } from '../runtime/index';
import { main, type World } from './main';

const KEY = 'a long vault key';
const CANARY = 'canary-secret-77';
const NOW = indiaTime('2026-11-20', '08:45');
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const SENTENCE = 'send real orders for mine';

let folder = '';
let home = '';
let server: OpenAlgoServer;
let now = NOW;

beforeEach(async () => {
  now = NOW;
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-accounts-'));
  home = path.join(folder, '.bellwether');
  server = await openAlgoServer({ now: () => now });
  await declare(AccountConfig.parse({}), AccountConfig.parse({ id: 'mine', broker: 'openalgo', mode: 'live', url: server.url }));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function declare(...accounts: readonly AccountConfig[]): Promise<void> {
  const store = await openStore(home, { log: quiet });
  for (const account of accounts) await store.declareAccount(account, now);
  await store.close();
}

/** Runs one command; `answers` are what the person types. */
async function run(words: readonly string[], { answers = [], key = KEY }: { readonly answers?: readonly string[]; readonly key?: string } = {}) {
  let [out, err, asked] = ['', '', 0];
  const answer = (): Promise<string> => Promise.resolve(answers[asked++] ?? '');
  const world: World = {
    env: key === '' ? {} : { BELLWETHER_VAULT_KEY: key }, workingDirectory: folder, userFolder: path.join(folder, 'nobody'), now: () => now, openStore: (at) => openStore(at, { log: quiet, clock: { now: () => now } }),
    readText: () => '', out: (text) => { out += text; }, err: (text) => { err += text; }, prompt: { plain: answer, hidden: answer },
  };
  const code = await main(words, world);
  return { code, out, err, asked };
}

/** A guard that holds the stops of `mine`, until it is ended. */
async function guard(): Promise<{ end(): void }> {
  const owners = fileOwners({ folder: path.join(home, 'runtimes'), ids: randomIds, clock: systemClock });
  const store = await openStore(home, { log: quiet });
  await store.leases.acquire({ name: 'protection:mine', owner: owners.own, now, until: now + 15_000 });
  await store.close();
  return { end: () => { owners.close(); } };
}

async function difference(): Promise<void> {
  const store = await openStore(home, { log: quiet });
  await store.differences.open({ account: 'mine', happenedAt: now, finding: { key: 'position NSE:SBIN MIS', kind: 'position', mark: '1', brokerSays: '5', journalSays: '0' } });
  await store.close();
}

describe('vault', () => {
  test('a secret is asked for, kept, listed without being shown, and removed', async () => {
    expect(await run(['vault', 'set', 'mine'], { answers: [CANARY] })).toMatchObject({ code: 0, out: 'Account mine: API Key kept in the vault.\n', asked: 1 });
    const listed = await run(['vault', 'list'], { key: '' });
    expect(listed).toMatchObject({ code: 0, out: expect.stringMatching(/^ACCOUNT {2}CHANGED \(IST\)\nmine/) as string });
    expect(JSON.parse((await run(['vault', 'list', '--json'])).out)).toMatchObject([{ account: 'mine' }]);
    expect(await run(['vault', 'remove', 'mine'], { key: '' })).toMatchObject({ code: 0 });
    expect((await run(['vault', 'list'])).out).toBe('The vault is empty.\n');
    expect(await run(['vault', 'remove', 'mine'])).toMatchObject({ code: 1 });
  });

  test('a secret among the words is refused and not repeated', async () => {
    for (const words of [['set', 'mine', CANARY], ['list', CANARY], ['rekey', CANARY]]) {
      const { code, out, err } = await run(['vault', ...words]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain('never a word of the command');
      expect(err).not.toContain(CANARY);
    }
  });

  test('without a key in the environment it is asked for: twice for a new vault, once for one that is there', async () => {
    expect(await run(['vault', 'set', 'mine'], { key: '', answers: [KEY, 'another', CANARY] })).toMatchObject({ code: 1, err: expect.stringContaining('not the same') as string });
    expect(await run(['vault', 'set', 'mine'], { key: '', answers: [KEY, KEY, CANARY] })).toMatchObject({ code: 0, asked: 3 });
    expect(await run(['vault', 'set', 'mine'], { key: '', answers: [KEY, CANARY] })).toMatchObject({ code: 0, asked: 2 });
    expect(await run(['vault', 'set', 'mine'], { key: 'quite another key', answers: [CANARY] })).toMatchObject({ code: 1, err: expect.stringContaining('BELLWETHER_VAULT_KEY') as string });
  });

  test('a new key opens it from then on', async () => {
    await run(['vault', 'set', 'mine'], { answers: [CANARY] });
    expect(await run(['vault', 'rekey'], { answers: ['the second key', 'the second key'] })).toMatchObject({ code: 0, out: expect.stringContaining('One entry') as string });
    expect(await run(['vault', 'rekey'], { answers: ['the third key', 'the third key'] })).toMatchObject({ code: 1 });
    expect(await run(['vault', 'rekey'], { key: 'the second key', answers: ['the third key', 'the third key'] })).toMatchObject({ code: 0 });
  });

  test('an account that no flow has used yet needs its broker named; a paper account has no secrets', async () => {
    expect(await run(['vault', 'set', 'later'], { answers: [CANARY] })).toMatchObject({ code: 1, err: expect.stringContaining('--broker openalgo') as string });
    expect(await run(['vault', 'set', 'later', '--broker', 'upstox'], { answers: [CANARY] })).toMatchObject({ code: 0, out: expect.stringContaining('Access Token') as string });
    expect(await run(['vault', 'set', 'paper'])).toMatchObject({ code: 2 });
    expect(await run(['vault', 'set', 'mine'], { answers: [' '] })).toMatchObject({ code: 1, err: expect.stringContaining('empty') as string });
  });
});

describe('arm', () => {
  test('with the sentence and a living owner of the stops an account is armed, shown so, and disarmed', async () => {
    const owner = await guard();
    expect(await run(['arm', 'mine', '--by', 'asha'], { answers: [SENTENCE] })).toMatchObject({ code: 0, out: expect.stringContaining('armed for real orders') as string });
    const shown: unknown = JSON.parse((await run(['accounts', '--json'])).out);
    expect(shown).toMatchObject([{ account: 'mine', broker: 'openalgo', orders: 'live', armed: 'yes', by: 'asha', since: NOW, stops: expect.stringContaining('the process') as string, differences: 0 }, { account: 'paper', orders: 'paper', armed: 'needs none' }]);
    expect(await run(['disarm', 'mine', '--by', 'asha', '--reason', 'lunch'])).toMatchObject({ code: 0, out: expect.stringContaining('disarmed by asha') as string });
    expect((await run(['accounts'])).out).toMatch(/mine\s+openalgo\s+live\s+no\s+asha/);
    owner.end();
  });

  test.each([['other words', ['yes']], ['no words', []], ['another account\'s', ['send real orders for other']]])('%s do not arm', async (_case, answers) => {
    const owner = await guard();
    expect(await run(['arm', 'mine', '--by', 'asha'], { answers })).toMatchObject({ code: 1, err: expect.stringContaining('Not armed') as string });
    owner.end();
    expect(JSON.parse((await run(['accounts', '--json'])).out)).toMatchObject([{ armed: 'no' }, {}]);
  });

  test.each([
    ['nobody holds its stops', async () => { (await guard()).end(); }, 'bellwether guard'],
    ['a difference is open', async () => { await guard(); await difference(); }, 'nobody has explained'],
  ])('it is refused while %s', async (_case, prepare, words) => {
    await prepare();
    expect(await run(['arm', 'mine', '--by', 'asha', '--confirm', SENTENCE])).toMatchObject({ code: 1, err: expect.stringContaining(words) as string });
    expect(JSON.parse((await run(['accounts', '--json'])).out)).toMatchObject([{ armed: 'no' }, {}]);
  });

  test.each([[['arm', 'mine']], [['arm', '--by', 'asha']], [['arm', 'mine', 'more', '--by', 'asha']], [['disarm', 'mine']], [['arm', 'mine', '--by', ' ']]])('%j makes no sense', async (words) => {
    expect(await run(words)).toMatchObject({ code: 2 });
  });

  test('a paper account needs no arming', async () => {
    expect(await run(['arm', 'paper', '--by', 'asha', '--confirm', 'send real orders for paper'])).toMatchObject({ code: 1, err: expect.stringContaining('needs no arming') as string });
  });
});

describe('preflight', () => {
  const secret = (): Promise<unknown> => run(['vault', 'set', 'mine'], { answers: [server.apiKey] });
  const lines = async () => JSON.parse((await run(['preflight', 'mine', '--json'])).out) as readonly { readonly name: string; readonly verdict: string; readonly message: string }[];
  const verdicts = async (): Promise<Record<string, string>> => Object.fromEntries((await lines()).map(({ name, verdict }) => [name, verdict]));

  test('a gateway that is well: each thing a line, warnings with their remedy, exit code 0, no order sent', async () => {
    await secret();
    server.gateway.mode = 'live';
    // The double's answers carry the real time.
    now = Date.now();
    const { code, out, err } = await run(['preflight', 'mine']);
    expect(err).toBe('');
    expect(out).toMatch(/^ok {7}mine {2}session: .*simbroker/m);
    expect(out).toMatch(/^ok {7}mine {2}mode: OpenAlgo is live/m);
    expect(out).toMatch(/^ok {7}mine {2}funds: ₹/m);
    expect(out).toMatch(/^ok {7}mine {2}clock: .*with the server/m);
    expect(out).toMatch(/^warning {2}mine {2}feed: .*WebSocket/m);
    expect(out).toMatch(/^warning {2}mine {2}address: .*static IP/m);
    expect(out).not.toContain(server.apiKey);
    expect(server.asked('placeorder')).toEqual([]);
    expect(code).toBe(/^failed/m.test(out) ? 1 : 0);
  });

  test.each([
    ['the day\'s session is over', () => { server.sessionOver = true; }, 'session'],
    ['the gateway is in the sandbox', () => { server.gateway.mode = 'analyze'; }, 'mode'],
    ['the gateway waits for a person', () => { server.gateway.mode = 'semi_auto'; }, 'mode'],
    ['this machine\'s clock is an hour off', () => { server.gateway.mode = 'live'; now = Date.now() - 3_600_000; }, 'clock'],
    ['the calendar does not reach today', () => { server.gateway.mode = 'live'; now = indiaTime('2031-06-02', '08:00'); }, 'calendar'],
  ])('it fails, with exit code 1, when %s', async (_case, prepare, name) => {
    await secret();
    prepare();
    expect((await verdicts())[name]).toBe('failed');
    expect(await run(['preflight', 'mine'])).toMatchObject({ code: 1 });
  });

  test('without a secret, or with the vault locked, it says which and what to do', async () => {
    expect((await lines())[0]).toMatchObject({ name: 'session', verdict: 'failed', message: 'Account mine has no API Key.' });
    await secret();
    expect(await run(['preflight', 'mine'], { key: '' })).toMatchObject({ code: 1, out: expect.stringContaining('BELLWETHER_VAULT_KEY') as string });
  });

  test('a gateway that is not there is said at once', async () => {
    await secret();
    await declare(AccountConfig.parse({ id: 'mine', broker: 'openalgo', mode: 'live', url: 'http://127.0.0.1:1' }));
    expect((await lines())[0]).toMatchObject({ name: 'session', verdict: 'failed' });
  });

  test('without a name every account with a broker is looked at', async () => {
    expect((await run(['preflight'])).out).toMatch(/mine/);
    expect((await run(['preflight', 'paper'])).out).toMatch(/^ok {7}paper {2}session: Paper account/);
    expect(await run(['preflight', 'nobody'])).toMatchObject({ code: 1, err: expect.stringContaining('known: mine, paper') as string });
  });
});

test('a folder of an account that was never there is not made', async () => {
  mkdirSync(path.join(folder, 'empty'));
  expect(await run(['vault', 'list', '--home', path.join(folder, 'empty')])).toMatchObject({ code: 1 });
});
