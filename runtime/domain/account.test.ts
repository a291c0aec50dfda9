import { AccountConfig, clientOf, DEFAULT_ACCOUNT, isLive, sameSecrets, secretOf } from './account';

test('without a broker it is a paper account, with every default', () => {
  expect(AccountConfig.parse({})).toEqual(DEFAULT_ACCOUNT);
  expect(AccountConfig.parse({ id: 'second', broker: undefined, capital: 5 })).toMatchObject({ id: 'second', broker: 'paper', capital: 5, marketHours: 'exchange' });
});

test('a journalled account of before there were brokers reads as it did, field by field', () => {
  const text = JSON.stringify(DEFAULT_ACCOUNT);
  expect(JSON.stringify(AccountConfig.parse(JSON.parse(text)))).toBe(text);
  expect(text.startsWith('{"id":"paper","broker":"paper","capital":1000000,"marketHours":"exchange","limits":{')).toBe(true);
});

test.each(['openalgo', 'upstox'])('%s is never open around the clock', (broker) => {
  const read = AccountConfig.safeParse({ broker, marketHours: 'always' });
  expect(read.error?.issues[0]).toMatchObject({ path: ['marketHours'], message: expect.stringContaining('paper accounts') as string });
});

test.each(['openalgo', 'upstox'])('no %s account takes the name of the account that nodes use without one', (broker) => {
  expect(AccountConfig.safeParse({ broker, id: 'paper' }).error?.issues[0]).toMatchObject({ path: ['id'], message: expect.stringContaining('always a paper account') as string });
  expect(AccountConfig.parse({ broker }).id).toBe(broker);
});

test.each(['ftp://host', 'http://user:word@host', 'host:5000', 'javascript:alert(1)'])('%s is no address of a gateway', (url) => {
  expect(AccountConfig.safeParse({ broker: 'openalgo', url }).success).toBe(false);
});

test('what is no field of an account is not kept, so that no secret is journalled by accident', () => {
  expect(Object.keys(AccountConfig.parse({ broker: 'openalgo', apiKey: 'canary', accessToken: 'canary' }))).not.toEqual(expect.arrayContaining(['apiKey']));
  expect(JSON.stringify(AccountConfig.parse({ broker: 'upstox', accessToken: 'canary' }))).not.toContain('canary');
});

test.each([
  [{}, false], [{ broker: 'openalgo' }, false], [{ broker: 'upstox' }, false],
  [{ broker: 'openalgo', mode: 'analyze' }, false], [{ broker: 'openalgo', mode: 'live' }, true], [{ broker: 'upstox', mode: 'live' }, true],
])('%j is live: %s', (config, live) => {
  expect(isLive(AccountConfig.parse(config))).toBe(live);
});

test('a secret that is missing is named, with the remedy; blanks around one are not part of it', () => {
  const account = AccountConfig.parse({ broker: 'openalgo', id: 'mine' });
  expect(secretOf(account, { apiKey: ' k ' }, 'apiKey')).toEqual({ ok: true, value: 'k' });
  expect(secretOf(account, { apiKey: '  ' }, 'apiKey')).toMatchObject({ ok: false, denial: { code: 'MISSING_FIELD', field: 'apiKey', message: 'Account mine has no API Key.' } });
});

test.each([
  [undefined, undefined, true], [undefined, {}, true], [{ a: '1' }, { a: '1' }, true], [{ a: '1' }, { a: '2' }, false], [{ a: '1' }, undefined, false], [{ a: '1' }, { a: '1', b: '' }, false],
])('%j and %j hold the same: %s', (one, other, same) => {
  expect(sameSecrets(one, other)).toBe(same);
});

test('accounts behind one gateway share one client', () => {
  const [one, two, other] = [{ id: 'a' }, { id: 'b' }, { id: 'c', url: 'http://elsewhere:5000' }].map((more) => clientOf(AccountConfig.parse({ broker: 'openalgo', ...more })));
  expect(one).toBe(two);
  expect(one).not.toBe(other);
});
