import { readBody } from './body';
import { INGRESS_LIMITS } from './limits';

const read = (raw: string, headers: Record<string, string> = {}) => readBody({ raw: Buffer.from(raw), headers }, INGRESS_LIMITS);

test.each<[string, string, object]>([
  ['an object', '{"a":1}', { kind: 'json', value: { a: 1 } }],
  ['an object behind a byte-order mark', '\ufeff{"a":1}', { kind: 'json', value: { a: 1 } }],
  ['an object in spaces', ' \n{"a":1}\t', { kind: 'json', value: { a: 1 } }],
  ['a line', 'BUY SBIN 10\r\n', { kind: 'text', text: 'BUY SBIN 10' }],
  ['a text that begins like a list', '[alert] SBIN', { kind: 'text', text: '[alert] SBIN' }],
  ['a text with an equals sign', 'price = 5', { kind: 'text', text: 'price = 5' }],
  ['-0, which is 0', '{"a":-0}', { kind: 'json', value: { a: 0 } }],
  ['one key in two objects', '{"a":{"x":1},"b":{"x":2}}', { kind: 'json', value: { a: { x: 1 }, b: { x: 2 } } }],
  ['a value that looks like a key', '{"a":"b","b":"a:"}', { kind: 'json', value: { a: 'b', b: 'a:' } }],
  ['braces in a text value', '{"a":"{[{[\\"{"}', { kind: 'json', value: { a: '{[{["{' } }],
])('%s is read', (_name, raw, body) => {
  expect(read(raw)).toEqual({ ok: true, value: body });
});

test('prototype keys are dropped at every depth, and nothing is merged', () => {
  const body = read('{"a":1,"__proto__":{"polluted":1},"b":{"constructor":{"prototype":{"polluted":1}},"c":2}}');
  expect(body).toEqual({ ok: true, value: { kind: 'json', value: { a: 1, b: { c: 2 } } } });
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
});

test.each<[string, string, string, string]>([
  ['a key given twice', '{"action":"BUY","action":"SELL"}', 'INVALID_FIELD', 'action'],
  ['a key given twice in two spellings', '{"action":"BUY","\\u0061ction":"SELL"}', 'INVALID_FIELD', 'action'],
  ['a key given twice inside', '{"o":{"a":1 , "a" : 2}}', 'INVALID_FIELD', 'a'],
  ['1e999', '{"quantity":1e999}', 'INVALID_FIELD', 'quantity'],
  ['an integer that no double holds', '{"o":{"id":12345678901234567890}}', 'INVALID_FIELD', 'o.id'],
  ['NaN', '{"price":NaN}', 'MALFORMED_BODY', 'body'],
  ['Infinity', '{"price":-Infinity}', 'MALFORMED_BODY', 'body'],
  ['half a body', '{"a":', 'MALFORMED_BODY', 'body'],
  ['an empty object', '{}', 'MALFORMED_BODY', 'body'],
  ['only prototype keys', '{"__proto__":{}}', 'MALFORMED_BODY', 'body'],
  ['a list', '[1]', 'MALFORMED_BODY', 'body'],
  ['spaces', ' \n ', 'MALFORMED_BODY', 'body'],
  ['a form', 'a=1&b=2', 'MALFORMED_BODY', 'body'],
  ['a multipart form', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--', 'MALFORMED_BODY', 'body'],
  ['control characters', 'BUY\u0000SBIN', 'MALFORMED_BODY', 'body'],
  ['deep nesting', '{"a":'.repeat(20_000), 'MALFORMED_BODY', 'body'],
  ['deep lists', '['.repeat(60_000) + ']'.repeat(60_000), 'MALFORMED_BODY', 'body'],
  ['very many keys', `{${Array.from({ length: 9_000 }, (_, index) => `"k${index}":0`).join(',')}}`, 'MALFORMED_BODY', 'body'],
  ['a long text', 'x'.repeat(10_001), 'BODY_TOO_LARGE', 'body'],
  ['a large body', `{"a":"${'x'.repeat(140_000)}"}`, 'BODY_TOO_LARGE', 'body'],
])('%s is refused', (_name, raw, code, field) => {
  expect(read(raw)).toMatchObject({ ok: false, denial: { code, field } });
});

test('a compressed body is never unpacked', () => {
  expect(read('{"a":1}', { 'Content-Encoding': 'gzip' })).toMatchObject({ ok: false, denial: { code: 'MALFORMED_BODY', remedy: 'Send the body uncompressed.' } });
});

test.each<[string, unknown, object]>([
  ['an object', { a: 1 }, { ok: true, value: { kind: 'json', value: { a: 1 } } }],
  ['a text', 'BUY SBIN 10', { ok: true, value: { kind: 'text', text: 'BUY SBIN 10' } }],
  ['bytes', Buffer.from('{"a":1}'), { ok: true, value: { kind: 'json', value: { a: 1 } } }],
  ['NaN', { a: NaN }, { ok: false, denial: { code: 'INVALID_FIELD' } }],
  ['a function', { a: () => 1 }, { ok: false, denial: { code: 'MALFORMED_BODY' } }],
  ['nothing', undefined, { ok: false, denial: { code: 'MALFORMED_BODY' } }],
  ['null', null, { ok: false, denial: { code: 'MALFORMED_BODY' } }],
  ['a number', 5, { ok: false, denial: { code: 'MALFORMED_BODY' } }],
])('%s that a host parsed before is read by the same rules', (_name, parsed, expected) => {
  expect(readBody({ parsed, headers: {} }, INGRESS_LIMITS)).toMatchObject(expected);
});

test('a parsed object that contains itself ends at the depth limit', () => {
  const cyclic: { self?: object } = {};
  cyclic.self = cyclic;
  expect(readBody({ parsed: cyclic, headers: {} }, INGRESS_LIMITS)).toMatchObject({ ok: false, denial: { code: 'MALFORMED_BODY' } });
});
