import { DEFAULT_ACCOUNT } from '../../runtime/domain/account';
import { readParameters } from '../../runtime/hosts/parameters';
import { accountOf, bellwetherAccount } from './definition';

const form = { numbersAsText: true };

test('an untouched form is the default account', () => {
  const read = readParameters(bellwetherAccount.params, { accountId: 'paper', capital: '', marketHours: 'exchange' }, form);
  expect(read.ok && accountOf(read.value)).toEqual(DEFAULT_ACCOUNT);
});

test('limits are read from text, seconds become milliseconds', () => {
  const read = readParameters(bellwetherAccount.params, { accountId: 'demo', marketHours: 'always', maxDailyOrders: '5000', cooldownSeconds: '0', maxQuoteAgeSeconds: '2.5' }, form);
  expect(read.ok && accountOf(read.value)).toMatchObject({ id: 'demo', marketHours: 'always', limits: { maxDailyOrders: 5_000, cooldownMs: 0, maxQuoteAgeMs: 2_500 } });
});

test('a bad limit is refused by its name', () => {
  const read = readParameters(bellwetherAccount.params, { maxDailyOrders: 'many' }, form);
  expect(read).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', field: 'maxDailyOrders' } });
});
