import { Readable } from 'node:stream';
import { bodyOf, catchParserErrors, RAW_BODY_LIMIT, readRawBodyFirst } from './rawBody';
import type { HookErrorHandler, HookHandler, HookRequest, HookResponse, RouterLayer, WebApp } from './red';

class FakeApp {
  readonly used: (HookHandler | HookErrorHandler)[] = [];
  readonly _router: { stack: RouterLayer[] } | undefined;

  constructor(layers: RouterLayer[] | undefined, readonly parent?: WebApp) {
    this._router = layers === undefined ? undefined : { stack: layers };
  }

  get(): void {
    throw new Error('Not asked for.');
  }

  post(): void {
    throw new Error('Not asked for.');
  }

  use(handler: HookHandler | HookErrorHandler): void {
    this.used.push(handler);
    this._router?.stack.push({ handle: handler, name: handler.name });
  }
}

function request(body: string | Buffer, more: Partial<HookRequest> = {}): HookRequest {
  return Object.assign(Readable.from(body.length === 0 ? [] : [Buffer.from(body)]), { headers: {}, socket: {}, method: 'POST', originalUrl: '/bellwether/hook/t', ...more });
}

const response: HookResponse = { headersSent: false, status: () => response, set: () => response, json: () => undefined, send: () => undefined, writeHead: () => undefined, end: () => undefined };
const isHook = (candidate: HookRequest): boolean => candidate.originalUrl === '/bellwether/hook/t';
const run = (handler: HookHandler, from: HookRequest) => new Promise<unknown>((resolve) => handler(from, response, resolve));

function capturing(take = () => false): { capture: HookHandler; stack: RouterLayer[] } {
  const parser = { handle: 'body parser', name: 'parser' };
  const root = new FakeApp([parser]);
  const mounted = new FakeApp([], root as WebApp);
  const capture = readRawBodyFirst(mounted as WebApp, isHook, take);
  const stack = root._router?.stack ?? [];
  if (capture === undefined || stack[0]?.handle !== capture) throw new Error('The layer is not at the front.');
  return { capture, stack };
}

test('our layer stands before the body parsers of the root application', () => {
  const { stack } = capturing();
  expect(stack.map(({ handle }) => typeof handle)).toEqual(['function', 'string']);
});

test('a hook\'s body is kept as bytes, and parsers are told to leave it alone', async () => {
  const { capture } = capturing();
  const from = request('{"broken": ');
  expect(await run(capture, from)).toBeUndefined();
  expect([from._body, Buffer.from(from.body as Uint8Array).toString()]).toEqual([true, '{"broken": ']);
});

test.each([['another address', { originalUrl: '/flows' }], ['another method', { method: 'GET' }], ['a body that was read before', { _body: true }]])('%s is left alone', async (_name, more) => {
  const { capture } = capturing();
  const from = request('x', more);
  await run(capture, from);
  expect(from.body).toBeUndefined();
});

test('a call that is answered at the front goes no further', async () => {
  const from = request('x');
  let taken: Uint8Array | undefined;
  await new Promise<void>((resolve, reject) => {
    const root = new FakeApp([]);
    readRawBodyFirst(root as WebApp, isHook, (raw) => {
      taken = raw;
      resolve();
      return true;
    })?.(from, response, reject);
  });
  expect([Buffer.from(taken ?? []).toString(), from._body]).toEqual(['x', undefined]);
});

test('no more than one byte over the limit is kept of a body', async () => {
  const { capture } = capturing();
  const from = request(Buffer.alloc(RAW_BODY_LIMIT * 3));
  await run(capture, from);
  expect((from.body as Uint8Array).byteLength).toBe(RAW_BODY_LIMIT + 1);
});

test('an application that looks different is not touched', () => {
  expect(readRawBodyFirst(new FakeApp(undefined) as WebApp, isHook, () => false)).toBeUndefined();
});

test.each([
  ['bytes', { _body: true, body: Buffer.from('a') }, { raw: Buffer.from('a') }],
  ['text', { _body: true, body: 'a' }, { raw: Buffer.from('a') }],
  ['an object', { _body: true, body: { a: 1 } }, { parsed: { a: 1 } }],
  ['a stream', {}, { raw: Buffer.from('streamed') }],
])('a body that is %s by now is found', async (_name, more, body) => {
  expect(await bodyOf(request('streamed', more))).toEqual(body);
});

describe('what a body parser refused', () => {
  function refused(error: unknown, from = request('')): { text: string | undefined; passedOn: unknown } {
    const root = new FakeApp([]);
    const seen: { text: string | undefined; passedOn: unknown } = { text: undefined, passedOn: undefined };
    catchParserErrors(root as WebApp, isHook, (text) => { seen.text = text; });
    (root.used[0] as HookErrorHandler)(error, from, response, (passedOn) => { seen.passedOn = passedOn; });
    return seen;
  }
  const parseError = Object.assign(new SyntaxError('x'), { type: 'entity.parse.failed', body: '{"a": ' });

  test('comes with the text that could not be read', () => {
    expect(refused(parseError)).toEqual({ text: '{"a": ', passedOn: undefined });
  });

  test('is passed on for other addresses, and other errors always', () => {
    expect(refused(parseError, request('', { originalUrl: '/flows' })).passedOn).toBe(parseError);
    const other = new Error('other');
    expect(refused(other)).toEqual({ text: undefined, passedOn: other });
  });
});
