import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { manualClock } from '../system/manual';
import { openVault, VAULT_FILE, type Vault } from './index';

const KEY = 'correct horse battery';
const SECRET = 'canary-4f1c9';
const clock = manualClock(1_800_000_000_000);

let home = '';
const vault = (key: string | undefined = KEY): Vault => openVault(home, key, clock);
const keyless = (): Vault => openVault(home, undefined, clock);
const file = (): string => path.join(home, VAULT_FILE);

beforeEach(() => { home = mkdtempSync(path.join(tmpdir(), 'bellwether-vault-')); });
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('what was set is got again, by another process with the same key', async () => {
  expect(await vault().set('mine', { apiKey: SECRET })).toEqual({ ok: true, value: undefined });
  expect(await vault().get('mine')).toEqual({ ok: true, value: { apiKey: SECRET } });
  expect(await keyless().list()).toEqual({ ok: true, value: [{ account: 'mine', changedAt: clock.now() }] });
});

test('a folder without a vault has no secrets, and no file is made by looking', async () => {
  expect(await keyless().get('mine')).toEqual({ ok: true, value: undefined });
  expect(await vault().list()).toEqual({ ok: true, value: [] });
  expect(readdirSync(home)).toEqual([]);
});

test('the file holds no secret and no key, and only its owner may read it', async () => {
  await vault().set('mine', { apiKey: SECRET });
  const text = readFileSync(file(), 'utf8');
  for (const word of [SECRET, KEY]) for (const form of [word, Buffer.from(word).toString('base64').replace(/=+$/, ''), encodeURIComponent(word)]) expect(text).not.toContain(form);
  if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(home)).toEqual([VAULT_FILE]);
});

test('the same secret set twice is sealed with another salt and another nonce', async () => {
  await vault().set('mine', { apiKey: SECRET });
  const before = readFileSync(file(), 'utf8');
  await vault().set('mine', { apiKey: SECRET });
  for (const part of ['salt', 'nonce', 'data'] as const) {
    const pick = (text: string): string | undefined => new RegExp(`"${part}": "([^"]+)"`).exec(text)?.[1];
    expect(pick(readFileSync(file(), 'utf8'))).not.toBe(pick(before));
  }
});

test.each([['another key', 'another key, long'], ['no key', undefined], ['an empty key', '']])('%s opens nothing and says what to do', async (_case, key) => {
  await vault().set('mine', { apiKey: SECRET });
  const locked = await openVault(home, key, clock).get('mine');
  expect(locked).toMatchObject({ ok: false, denial: { code: 'VAULT_LOCKED', remedy: expect.stringContaining('BELLWETHER_VAULT_KEY') as string } });
  expect(JSON.stringify(locked)).not.toContain(SECRET);
});

test('another key does not add to a vault', async () => {
  await vault().set('mine', { apiKey: SECRET });
  const before = readFileSync(file(), 'utf8');
  expect(await vault('another key, long').set('second', { apiKey: 'x' })).toMatchObject({ ok: false, denial: { code: 'VAULT_LOCKED' } });
  expect(readFileSync(file(), 'utf8')).toBe(before);
  expect(readdirSync(home)).toEqual([VAULT_FILE]);
});

test('a short key is refused before anything is written', async () => {
  expect(await vault('short').set('mine', { apiKey: SECRET })).toMatchObject({ ok: false, denial: { message: expect.stringContaining('fewer than 12') as string } });
  expect(readdirSync(home)).toEqual([]);
});

test('an entry under another name, or with one bit changed, is not opened', async () => {
  await vault().set('mine', { apiKey: SECRET });
  const text = readFileSync(file(), 'utf8');
  writeFileSync(file(), text.replace('"mine"', '"yours"'));
  expect(await vault().get('yours')).toMatchObject({ ok: false, denial: { code: 'VAULT_LOCKED' } });
  const data = /"data": "([^"]+)"/.exec(text)?.[1] ?? '';
  const bytes = Buffer.from(data, 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  writeFileSync(file(), text.replace(data, bytes.toString('base64')));
  expect(await vault().get('mine')).toMatchObject({ ok: false, denial: { code: 'VAULT_LOCKED' } });
});

test.each([
  ['no JSON', '{'], ['another format', '{"format":"x"}'], ['a later version', '{"format":"bellwether-vault","version":2,"entries":{}}'],
  ['parameters that would take all memory', '{"format":"bellwether-vault","version":1,"entries":{"mine":{"kdf":{"name":"scrypt","N":1073741824,"r":8,"p":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA=="},"cipher":"aes-256-gcm","nonce":"AAAAAAAAAAAAAAAA","data":"","tag":"AAAAAAAAAAAAAAAAAAAAAA==","changedAt":1}}}'],
])('a file with %s is refused and left as it is', async (_case, text) => {
  writeFileSync(file(), text);
  for (const outcome of [await vault().get('mine'), await vault().list(), await vault().set('mine', { apiKey: 'x' }), await vault().remove('mine')]) expect(outcome).toMatchObject({ ok: false, denial: { code: 'VAULT_LOCKED' } });
  expect(readFileSync(file(), 'utf8')).toBe(text);
});

test('removing needs no key and leaves the others', async () => {
  await vault().set('mine', { apiKey: SECRET });
  await vault().set('second', { accessToken: 't' });
  expect([await keyless().remove('mine'), await keyless().remove('mine')]).toEqual([{ ok: true, value: true }, { ok: true, value: false }]);
  expect(await vault().get('second')).toEqual({ ok: true, value: { accessToken: 't' } });
});

test('a new key takes the place of the old one for every entry', async () => {
  await vault().set('mine', { apiKey: SECRET });
  await vault().set('second', { accessToken: 't' });
  expect(await vault('wrong but long').rekey('quite another key')).toMatchObject({ ok: false });
  expect(await vault().rekey('short')).toMatchObject({ ok: false });
  expect(await vault().rekey('quite another key')).toEqual({ ok: true, value: 2 });
  expect(await vault().get('mine')).toMatchObject({ ok: false });
  expect(await vault('quite another key').get('mine')).toEqual({ ok: true, value: { apiKey: SECRET } });
  expect(await vault('quite another key').get('second')).toEqual({ ok: true, value: { accessToken: 't' } });
});

test('two writers at the same time: one is told to wait, neither is lost silently', async () => {
  const outcomes = await Promise.all([vault().set('one', { apiKey: '1' }), vault().set('two', { apiKey: '2' })]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false]);
  expect(await vault().set('two', { apiKey: '2' })).toMatchObject({ ok: true });
  expect((await vault().list())).toMatchObject({ value: [{ account: 'one' }, { account: 'two' }] });
});

test('the mark of a writer that died is taken over after a minute', async () => {
  const draft = `${file()}.new`;
  writeFileSync(draft, 'half');
  expect(await vault().set('mine', { apiKey: SECRET })).toMatchObject({ ok: false, denial: { message: expect.stringContaining('Somebody else') as string } });
  const longAgo = new Date(Date.now() - 61_000);
  utimesSync(draft, longAgo, longAgo);
  expect(await vault().set('mine', { apiKey: SECRET })).toMatchObject({ ok: true });
});

test('a state folder that is not there is said, not made', async () => {
  expect(await openVault(path.join(home, 'nowhere'), KEY, clock).set('mine', { apiKey: SECRET })).toMatchObject({ ok: false, denial: { code: 'VAULT_LOCKED' } });
});
