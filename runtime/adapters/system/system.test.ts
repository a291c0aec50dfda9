import { countingIds, manualClock } from './manual';
import { pinoLog, type LogLevel } from './log';
import { randomIds } from './ids';
import { systemClock } from './clock';

function recorded(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = pinoLog({ level, destination: { write: (line) => { lines.push(line); } } });
  return { log, lines };
}

describe('the log', () => {
  const hidden = 'hunter2-hunter2';
  const cyclic: { self?: object; token: string } = { token: hidden };
  cyclic.self = cyclic;
  test.each<[string, object, string]>([
    ['at the top', { apiKey: hidden }, 'x'],
    ['in any case and spelling', { 'X-API-KEY': hidden, api_key: hidden, bot_token: hidden, Password: hidden }, 'x'],
    ['deep inside', { a: { b: [{ c: { d: { headers: { Authorization: `Bearer ${hidden}` } } } }] } }, 'x'],
    ['in a cycle', cyclic, 'x'],
    ['in an error as a field', { err: Object.assign(new Error(`GET https://host/p?token=${hidden}`), { config: { secret: hidden } }) }, 'x'],
    ['in a cause', { err: new Error('outer', { cause: new Error(`password: ${hidden}`) }) }, 'x'],
    ['in a header value', { header: `Bearer ${hidden}` }, 'x'],
    ['in an address', { url: `https://user:${hidden}@host/` }, 'x'],
    ['in a bot address', { url: `https://api.telegram.org/bot123456:${hidden}/sendMessage` }, 'x'],
    ['in a map', { map: new Map([['k', { secret: hidden }]]) }, 'x'],
    ['in the message', {}, `webhook secret=${hidden} refused`],
  ])('hides a secret %s', (_where, fields, message) => {
    const { log, lines } = recorded();
    log.info(fields, message);
    expect(lines).toHaveLength(1);
    expect(lines.join('')).not.toContain(hidden);
    expect(lines.join('')).toContain('[redacted]');
  });

  test('drops the request that an HTTP error carries', () => {
    const { log, lines } = recorded();
    const error = Object.assign(new Error('failed'), { code: 'ECONNREFUSED', config: { body: hidden } });
    log.error(error, 'x');
    log.error({ err: error, causes: [error] }, 'x');
    expect(lines.join('')).not.toContain(hidden);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { name: 'Error', message: 'failed', code: 'ECONNREFUSED' } });
  });

  test('keeps what is no secret, with the level by name', () => {
    const { log, lines } = recorded();
    log.warn({ orderId: 'o1', at: new Date(0), big: 5n, list: [1, { symbol: 'SBIN' }] }, 'order refused');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', name: 'bellwether', msg: 'order refused', orderId: 'o1', at: '1970-01-01T00:00:00.000Z', big: '5', list: [1, { symbol: 'SBIN' }] });
  });

  test('keeps name, message and stack of an error', () => {
    const { log, lines } = recorded();
    log.error({ err: new TypeError('broken') }, 'failed');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { name: 'TypeError', message: 'broken', stack: expect.stringContaining('system.test') as string } });
  });

  test('leaves out what is below its level', () => {
    const { log, lines } = recorded('warn');
    log.info({}, 'quiet');
    log.error({}, 'loud');
    expect(lines).toHaveLength(1);
  });

  test('takes its level from the environment and warns of one that is none', () => {
    const before = process.env['BELLWETHER_LOG_LEVEL'];
    const lines: string[] = [];
    const destination = { write: (line: string) => { lines.push(line); } };
    try {
      process.env['BELLWETHER_LOG_LEVEL'] = 'error';
      pinoLog({ destination }).warn({}, 'quiet');
      expect(lines).toHaveLength(0);
      process.env['BELLWETHER_LOG_LEVEL'] = 'shout';
      pinoLog({ destination }).info({}, 'heard');
      expect(lines).toHaveLength(2);
    } finally {
      if (before === undefined) delete process.env['BELLWETHER_LOG_LEVEL'];
      else process.env['BELLWETHER_LOG_LEVEL'] = before;
    }
  });
});

test('random ids fit a client order id and do not repeat', () => {
  const ids = Array.from({ length: 1_000 }, () => randomIds.next());
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]{20}$/);
});

test('counted ids and the manual clock do only what they are told', () => {
  const ids = countingIds('o');
  const clock = manualClock(1_000);
  clock.advance(5);
  expect([ids.next(), ids.next(), clock.now()]).toEqual(['o1', 'o2', 1_005]);
  clock.set(7);
  expect(clock.now()).toBe(7);
});

test('the system clock tells epoch milliseconds', () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});
