import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import type { AlertChannel } from '../../domain/ports';
import { alertText, MAX_TEXT } from './alertText';
import { httpNotifier } from './httpNotifier';

interface Call { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Record<string, unknown> }

const TOKEN = '123456:AAFakeTokenFakeTokenFakeToken';
const SECRET_PATH = '/services/T0000/B0000/XXXXSECRETXXXX';
const KINDS = ['telegram', 'discord', 'slack', 'webhook'] as const;
const alert = { severity: 'warning' as const, message: 'Order refused: LOT_SIZE', strategyId: 'my-flow', happenedAt: Date.UTC(2026, 10, 20, 4, 30) };

let server: Server;
let base: string;
let calls: Call[];
let respond: (response: ServerResponse, call: Call) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const call = { path: request.url ?? '', headers: request.headers, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
      calls.push(call);
      respond(response, call);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => {
  server.close(resolve);
  server.closeAllConnections();
}));
beforeEach(() => {
  calls = [];
  respond = (response) => response.writeHead(200).end('{"ok":true}');
});

function channel(kind: (typeof KINDS)[number], at = base): AlertChannel {
  return kind === 'telegram' ? { kind, botToken: TOKEN, chatId: '-100', baseUrl: at } : { kind, url: `${at}${SECRET_PATH}` };
}
const answering = (status: number, body = '', headers: Record<string, string> = {}) => {
  respond = (response) => response.writeHead(status, headers).end(body);
};

describe('a message', () => {
  test('goes to Telegram as plain text for the chat', async () => {
    expect(await httpNotifier().send(channel('telegram'), alert)).toEqual({ ok: true });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.path).toBe(`/bot${encodeURIComponent(TOKEN)}/sendMessage`);
    expect(calls[0]?.body).toEqual({ chat_id: '-100', text: 'WARNING: Order refused: LOT_SIZE\nmy-flow · 20 Nov 2026, 10:00:00 IST', link_preview_options: { is_disabled: true } });
  });

  test('goes to Discord with all mentions switched off and markdown escaped', async () => {
    await httpNotifier().send(channel('discord'), { ...alert, message: '@everyone **SBIN** <@123> `x`' });
    expect(calls[0]?.path).toBe(SECRET_PATH);
    expect(calls[0]?.body).toMatchObject({ allowed_mentions: { parse: [] }, content: expect.stringContaining('@\u200beveryone \\*\\*SBIN\\*\\* \\<@\u200b123\\> \\`x\\`') as string });
  });

  test('goes to Slack with its control characters as entities', async () => {
    await httpNotifier().send(channel('slack'), { ...alert, message: '<!channel> <@U1> A&B' });
    expect(calls[0]?.body).toMatchObject({ mrkdwn: false, link_names: false, text: expect.stringContaining('&lt;!channel&gt; &lt;@\u200bU1&gt; A&amp;B') as string });
  });

  test('goes to a webhook as fields', async () => {
    await httpNotifier().send(channel('webhook'), { ...alert, message: 'raw <b> @all' });
    expect(calls[0]?.body).toMatchObject({ severity: 'warning', message: 'raw <b> @all', strategyId: 'my-flow', happenedAt: alert.happenedAt });
  });
});

describe('text', () => {
  test.each(KINDS)('for %s never exceeds its limit and never splits a character', (kind) => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 10 }), fc.constantFrom('\ud800', '😀', 'a\udc00*')), fc.constantFrom(1, 200, 2_000), (piece, times) => {
      const text = alertText(kind, { ...alert, message: piece.repeat(times) });
      expect(text.length).toBeLessThanOrEqual(MAX_TEXT[kind]);
      expect(text).not.toMatch(/\p{Cs}/u);
    }), { numRuns: 100, endOnFailure: true });
  });

  test.each(KINDS.filter((kind) => kind !== 'webhook'))('for %s holds no mention, whatever the message', (kind) => {
    fc.assert(fc.property(fc.string(), (message) => {
      const text = alertText(kind, { ...alert, message: `@${message}@everyone` });
      expect(text).not.toMatch(/@(?!\u200b)/);
    }));
  });

  test('that is too long ends with an ellipsis before the strategy', () => {
    expect(alertText('discord', { ...alert, message: '*'.repeat(5_000) })).toMatch(/\\\*…\nmy\\-flow · /);
  });

  test('loses control characters and direction marks', () => {
    expect(alertText('telegram', { ...alert, message: 'a\u0000\u001b[31mb\u202ec\r\nd' })).toContain('a[31mbc\nd');
  });
});

describe('a channel that fails', () => {
  test.each(KINDS)('%s: the reason names the status and no secret, even when the answer repeats it', async (kind) => {
    answering(404, JSON.stringify({ description: `no ${TOKEN} at ${base}${SECRET_PATH}`, message: `no ${TOKEN} at ${base}${SECRET_PATH} XXXXSECRETXXXX` }));
    const result = await httpNotifier().send(channel(kind), alert);
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining(`${kind} answered 404`) as string });
    const secret = kind === 'telegram' ? 'AAFakeToken' : 'XXXXSECRET';
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  test.each<[string, Record<string, string>, string, number]>([
    ['seconds in the header', { 'retry-after': '3' }, '', 3_000],
    ['Telegram\'s parameters', {}, '{"ok":false,"parameters":{"retry_after":7}}', 7_000],
    ['Discord\'s fraction', {}, '{"retry_after":0.25}', 250],
    ['an hour at most', { 'retry-after': '99999999' }, '', 3_600_000],
    ['a date in the past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, '', 0],
  ])('429 says when to try again: %s', async (_what, headers, body, retryAfterMs) => {
    answering(429, body, headers);
    expect(await httpNotifier().send(channel('telegram'), alert)).toMatchObject({ ok: false, retryAfterMs });
  });

  test('429 without a time leaves the time open', async () => {
    answering(429, 'slow down');
    expect(await httpNotifier().send(channel('slack'), alert)).toEqual({ ok: false, reason: 'slack answered 429: slow down' });
  });

  test('a redirect is not followed', async () => {
    answering(302, '', { location: `${base}/elsewhere` });
    expect(await httpNotifier().send(channel('webhook'), alert)).toEqual({ ok: false, reason: 'webhook answered 302: redirects are not followed.' });
    expect(calls).toHaveLength(1);
  });

  test('an answer that never comes ends at the time limit', async () => {
    respond = () => undefined;
    expect(await httpNotifier({ timeoutMs: 50 }).send(channel('discord'), alert)).toEqual({ ok: false, reason: 'discord did not answer within 50 ms.' });
  });

  test('an answer that drips ends at the time limit', async () => {
    respond = (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(drip));
    };
    expect(await httpNotifier({ timeoutMs: 80 }).send(channel('webhook'), alert)).toEqual({ ok: false, reason: 'webhook did not answer within 80 ms.' });
  });

  test('an answer without end is cut', async () => {
    answering(400, 'x'.repeat(1_000_000));
    const result = await httpNotifier().send(channel('slack'), alert);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result).length).toBeLessThan(400);
  });

  test('a host that is not there is a reason without its address', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expect(await httpNotifier().send(channel('slack', `http://127.0.0.1:${port}`), alert)).toEqual({ ok: false, reason: 'slack could not be reached (ECONNREFUSED).' });
  });

  test.each(['', 'nonsense', 'file:///etc/passwd', 'javascript:alert(1)'])('an address that is none is refused: "%s"', async (url) => {
    expect(await httpNotifier().send({ kind: 'slack', url }, alert)).toEqual({ ok: false, reason: 'The slack address is not a valid http(s) address.' });
  });
});
