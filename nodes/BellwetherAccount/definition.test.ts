import { DEFAULT_ACCOUNT } from '../../runtime/domain/account';
import { readParameters } from '../../runtime/hosts/parameters';
import { accountOf, bellwetherAccount } from './definition';

const form = { numbersAsText: true };

test('an untouched form is the default account', () => {
  const read = readParameters(bellwetherAccount.params, { accountId: 'paper', capital: '', marketHours: 'exchange' }, form);
  expect(read.ok && accountOf(read.value)).toEqual({ ok: true, value: { config: DEFAULT_ACCOUNT, secrets: undefined } });
});

test('limits are read from text, seconds become milliseconds', () => {
  const read = readParameters(bellwetherAccount.params, { accountId: 'demo', marketHours: 'always', maxDailyOrders: '5000', cooldownSeconds: '0', maxQuoteAgeSeconds: '2.5' }, form);
  expect(read.ok && accountOf(read.value)).toMatchObject({ value: { config: { id: 'demo', marketHours: 'always', limits: { maxDailyOrders: 5_000, cooldownMs: 0, maxQuoteAgeMs: 2_500 } } } });
});

test('a bad limit is refused by its name', () => {
  const read = readParameters(bellwetherAccount.params, { maxDailyOrders: 'many' }, form);
  expect(read).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', field: 'maxDailyOrders' } });
});

test.each([
  [{ broker: 'openalgo', accountId: 'mine', apiKey: 'k', accessToken: 'left over', openAlgoMode: 'live' }, { broker: 'openalgo', mode: 'live', url: 'http://127.0.0.1:5000' }, { apiKey: 'k' }],
  [{ broker: 'upstox', accountId: 'mine', apiKey: 'left over', accessToken: 't' }, { broker: 'upstox', mode: 'sandbox' }, { accessToken: 't' }],
  [{ broker: 'upstox', accountId: 'mine', accessToken: '' }, { broker: 'upstox' }, undefined],
])('%j is an account of its broker, with that broker\'s secrets alone', (raw, config, secrets) => {
  const read = readParameters(bellwetherAccount.params, raw, form);
  const account = read.ok ? accountOf(read.value) : read;
  expect(account).toMatchObject({ ok: true, value: { config: { id: 'mine', ...config }, secrets } });
  if (account.ok) expect(JSON.stringify(account.value.config)).not.toMatch(/left over|"k"|"t"/);
});

test('a broker can not take the name of the account that nodes use without one', () => {
  const read = readParameters(bellwetherAccount.params, { broker: 'openalgo', accountId: 'paper', apiKey: 'k' }, form);
  expect(read.ok && accountOf(read.value)).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', field: 'id', message: expect.stringContaining('always a paper account') as string } });
});
