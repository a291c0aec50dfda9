import { openAlgoServer } from '../../tests/doubles/openalgoServer';
import { silentLog } from '../../tests/doubles/ingressWorld';
import { upstoxServer, type UpstoxServer } from '../../tests/doubles/upstoxServer';
import { AccountConfig, type AccountSecrets } from '../domain/account';
import { createTradingCalendar } from '../domain/session';
import { preflight, testAccount, type Check } from './index';

const clock = { now: () => Date.now() };
const world = { clock, log: silentLog, calendar: createTradingCalendar(), pause: () => Promise.resolve() };
const upstox = AccountConfig.parse({ id: 'mine', broker: 'upstox', mode: 'live' });

let server: UpstoxServer;
beforeEach(async () => { server = await upstoxServer(clock); });
afterEach(() => server.close());

const placed = () => ({ ...world, upstox: { addresses: server.addresses, masterAddress: server.masterAddress } });
const look = (secrets: AccountSecrets = { accessToken: server.accessToken }) => preflight(upstox, secrets, placed());
const verdicts = (checks: readonly Check[]): Record<string, string> => Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));
const ORDERS = /order\/(?:place|modify|cancel)/;

test('an Upstox that is well: token, funds, registered address, feed and clock, without an order', async () => {
  const checks = await look();
  expect(verdicts(checks)).toMatchObject({ session: 'ok', funds: 'ok', address: 'ok', clock: 'ok' });
  expect(checks.find(({ name }) => name === 'address')?.message).toContain('203.0.113.10');
  expect(['/v3/order/place', '/v3/order/modify', '/v3/order/cancel'].flatMap((path) => server.asked(path)).filter(({ path }) => ORDERS.test(path))).toEqual([]);
});

test('a token that is over fails, with the remedy and without the token', async () => {
  server.sessionOver = true;
  const [session] = await look();
  expect(session).toMatchObject({ name: 'session', verdict: 'failed' });
  expect(session?.remedy).toBeDefined();
  expect(JSON.stringify(await look())).not.toContain(server.accessToken);
});

test('no registered address fails: orders of programs would be refused', async () => {
  server.back.staticAddresses = [];
  expect(verdicts(await look())).toMatchObject({ session: 'ok', address: 'failed' });
});

test('a missing token is named, and nothing is asked', async () => {
  expect(await look({})).toMatchObject([{ name: 'session', verdict: 'failed', message: 'Account mine has no Access Token.' }, {}, {}]);
  expect(server.asked('/v3/user/get-funds-and-margin')).toEqual([]);
});

test('the test button says that the token works, or what to do', async () => {
  expect(await testAccount(upstox, { accessToken: server.accessToken }, placed())).toMatchObject({ ok: true, value: expect.stringMatching(/takes the token.*available/) as string });
  server.sessionOver = true;
  expect(await testAccount(upstox, { accessToken: server.accessToken }, placed())).toMatchObject({ ok: false, denial: { code: 'NOT_READY' } });
});

test('the sandbox tells nothing, and that is said', async () => {
  const sandbox = AccountConfig.parse({ id: 'mine', broker: 'upstox' });
  expect(await testAccount(sandbox, { accessToken: 't' }, placed())).toMatchObject({ ok: true, value: expect.stringContaining('only an order shows') as string });
});

test('a gateway on another machine without encryption is warned of', async () => {
  const gateway = await openAlgoServer(clock);
  const account = AccountConfig.parse({ broker: 'openalgo', url: gateway.url });
  expect(verdicts(await preflight(account, { apiKey: gateway.apiKey }, world))).not.toHaveProperty('way');
  expect(verdicts(await preflight(AccountConfig.parse({ ...account, url: 'http://gateway.invalid:5000' }), { apiKey: gateway.apiKey }, world))).toMatchObject({ session: 'failed', way: 'warning' });
  await gateway.close();
}, 30_000);

test('a paper account is always ready, where the calendar knows the day', async () => {
  expect(verdicts(await preflight(AccountConfig.parse({}), {}, { ...world, clock: { now: () => Date.parse('2026-11-20T04:00:00Z') } }))).toEqual({ session: 'ok', calendar: 'ok' });
});
