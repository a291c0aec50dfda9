import path from 'node:path';
import { feedFromEnvironment } from './feedChoice';

test.each([
  ['nothing', {}, { kind: 'simulated' }],
  ['simulated', { BELLWETHER_FEED: 'simulated' }, { kind: 'simulated' }],
  ['openalgo', { BELLWETHER_FEED: 'openalgo', BELLWETHER_OPENALGO_API_KEY: 'k' }, { kind: 'openalgo', webSocketUrl: 'ws://127.0.0.1:8765', apiKey: 'k' }],
  ['upstox', { BELLWETHER_FEED: 'upstox', BELLWETHER_UPSTOX_TOKEN: ' eyJ0.a-b_c ' }, { kind: 'upstox', accessToken: 'eyJ0.a-b_c' }],
  ['files', { BELLWETHER_FEED: 'NSE:SBIN=a.csv, NSE_INDEX:NIFTY=/b c.txt', BELLWETHER_FEED_SPEED: '60' },
    { kind: 'file', speed: 60, holds: 'candles', timeIs: 'start', files: [{ instrument: 'NSE:SBIN', file: path.resolve('a.csv') }, { instrument: 'NSE_INDEX:NIFTY', file: '/b c.txt' }] }],
  ['ticks as fast as possible', { BELLWETHER_FEED: 'NSE:M&M=m.csv', BELLWETHER_FEED_SPEED: 'fast', BELLWETHER_FEED_HOLDS: 'ticks', BELLWETHER_FEED_TIME: 'end' },
    { kind: 'file', speed: 'fast', holds: 'ticks', timeIs: 'end', files: [{ instrument: 'NSE:M&M', file: path.resolve('m.csv') }] }],
])('%s', (_name, env, choice) => {
  expect(feedFromEnvironment(env)).toEqual({ ok: true, value: choice });
});

test.each([
  ['a word', { BELLWETHER_FEED: 'zerodha' }, 'BELLWETHER_FEED'],
  ['an unknown exchange', { BELLWETHER_FEED: 'NYSE:IBM=a.csv' }, 'BELLWETHER_FEED'],
  ['no key', { BELLWETHER_FEED: 'openalgo' }, 'BELLWETHER_OPENALGO_API_KEY'],
  ['no token', { BELLWETHER_FEED: 'upstox' }, 'BELLWETHER_UPSTOX_TOKEN'],
  ['a token of blanks', { BELLWETHER_FEED: 'upstox', BELLWETHER_UPSTOX_TOKEN: '  ' }, 'BELLWETHER_UPSTOX_TOKEN'],
  ['an address of the wrong kind', { BELLWETHER_FEED: 'openalgo', BELLWETHER_OPENALGO_API_KEY: 'k', BELLWETHER_OPENALGO_WS_URL: 'http://x' }, 'BELLWETHER_OPENALGO_WS_URL'],
  ['a speed of nothing', { BELLWETHER_FEED: 'NSE:SBIN=a.csv', BELLWETHER_FEED_SPEED: '0' }, 'BELLWETHER_FEED_SPEED'],
  ['a time in the middle', { BELLWETHER_FEED: 'NSE:SBIN=a.csv', BELLWETHER_FEED_TIME: 'middle' }, 'BELLWETHER_FEED_TIME'],
  ['bars', { BELLWETHER_FEED: 'NSE:SBIN=a.csv', BELLWETHER_FEED_HOLDS: 'bars' }, 'BELLWETHER_FEED_HOLDS'],
])('%s is refused by name', (_name, env, field) => {
  expect(feedFromEnvironment(env)).toMatchObject({ ok: false, denial: { field, remedy: expect.any(String) as string } });
});

test.each(['canary 1', '"canary"', 'canary\ncanary', 'canär-canary'])('a token that no header can carry is refused, and repeated nowhere: %j', (token) => {
  const refused = feedFromEnvironment({ BELLWETHER_FEED: 'upstox', BELLWETHER_UPSTOX_TOKEN: token });
  expect(refused).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', field: 'BELLWETHER_UPSTOX_TOKEN', remedy: expect.any(String) as string } });
  expect(JSON.stringify(refused)).not.toContain('canary');
});
