import type { WebhookBody } from '../../domain/webhook';
import { checkSecret, isSecret, withoutSecret } from './secret';

const body: WebhookBody = { kind: 'text', text: 'x' };
const reader = (secret: string | undefined, urlAuthenticates = false) => ({ secretIn: () => secret, urlAuthenticates });

test.each<[string, string | undefined, string | undefined, Record<string, string>, boolean, boolean]>([
  ['the right one in the body', 'k', 'k', {}, false, true],
  ['the right one in a header', 'k', undefined, { 'X-API-Key': 'k' }, false, true],
  ['the right one as bearer', 'k', undefined, { Authorization: 'bearer k' }, false, true],
  ['none expected', undefined, 'anything', {}, false, true],
  ['none sent', 'k', undefined, {}, false, false],
  ['none sent where the URL is enough', 'k', undefined, {}, true, true],
  ['a wrong one where the URL is enough', 'k', 'wrong', {}, true, false],
  ['an empty one', 'k', '', {}, false, false],
  ['a beginning of it', 'key', 'ke', {}, false, false],
  ['another case', 'key', 'KEY', {}, false, false],
])('%s', (_name, expected, sent, headers, urlAuthenticates, passes) => {
  expect(checkSecret({ expected, reader: reader(sent, urlAuthenticates), body, headers }).ok).toBe(passes);
});

test('secrets of any length are compared', () => {
  expect([isSecret('a'.repeat(100_000), 'b'), isSecret('ä', 'ä'), isSecret('', 'b')]).toEqual([false, true, false]);
});

test('a key in a text is redacted, a short one is not looked for', () => {
  const item = { message: 'abcdefgh and KEY', symbol: 'abcdefgh', signal: { id: 'i', source: 's', at: 0, name: 'n abcdefgh' } };
  expect(withoutSecret(item, 'abcdefgh')).toEqual({ message: '[redacted] and KEY', symbol: 'abcdefgh', signal: { id: 'i', source: 's', at: 0, name: 'n [redacted]' } });
  expect(withoutSecret(item, 'KEY')).toBe(item);
});
