import { readParameters } from '../../runtime/hosts/parameters';
import { bellwetherChannel, channelOf } from './definition';

test.each([
  ['telegram', { kind: 'telegram', botToken: 't', chatId: '1', url: 'https://left.over' }, { kind: 'telegram', botToken: 't', chatId: '1' }],
  ['slack', { kind: 'slack', url: 'https://hooks.example/x' }, { kind: 'slack', url: 'https://hooks.example/x' }],
])('%s takes its own fields and no others', (_kind, raw, channel) => {
  const read = readParameters(bellwetherChannel.params, raw, { numbersAsText: true });
  expect(read.ok && channelOf(read.value)).toEqual({ ok: true, value: channel });
});

test.each([
  [{ kind: 'telegram', chatId: '1' }, 'botToken'],
  [{ kind: 'telegram', botToken: 't' }, 'chatId'],
  [{ kind: 'discord' }, 'url'],
])('%o is refused by the missing field', (raw, name) => {
  const read = readParameters(bellwetherChannel.params, raw, { numbersAsText: true });
  expect(read.ok && channelOf(read.value)).toMatchObject({ ok: false, denial: { field: name } });
});

test('an address that is none is refused', () => {
  expect(readParameters(bellwetherChannel.params, { kind: 'slack', url: 'javascript:alert(1)' }, { numbersAsText: true })).toMatchObject({ ok: false, denial: { field: 'url' } });
});
