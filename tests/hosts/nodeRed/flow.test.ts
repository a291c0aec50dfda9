import { alertBody, pipeline, post, TAB, TOKEN, untilDone } from './flow';
import { NodeRed, type FlowNode } from './host';
import { Observer } from './observer';

jest.setTimeout(60_000);

let observer: Observer;
let host: NodeRed;

beforeAll(async () => {
  observer = await new Observer().start();
  host = await new NodeRed().start();
});

afterEach(() => observer.forget());

afterAll(async () => {
  await host.dispose();
  await observer.stop();
});

test('one alert passes the gate, is one filled paper order, a position and an alert', async () => {
  await host.deploy(pipeline({ observer: observer.node('end', TAB) }));
  const answer = await post(host, alertBody('first', { quantity: 10 }));
  expect(answer.status).toBe(202);
  const [item] = await observer.take('end');
  expect(item).toMatchObject({
    order: { status: 'FILLED', symbol: 'SBIN', action: 'BUY', quantity: 10, filledQuantity: 10 },
    position: { symbol: 'SBIN', quantity: 10 }, alert: { duplicate: false },
  });
  await untilDone(host, 1);
  expect(host.rows('select strategy_id, node_key, status from intents')).toEqual([{ strategy_id: 'demo', node_key: 'tv-order', status: 'ADMITTED' }]);
  expect(host.count('select count(*) from alerts')).toBe(1);
});

test('a re-sent alert is answered with the first receipt and reaches the flow once', async () => {
  await host.deploy(pipeline({ observer: observer.node('end', TAB) }));
  const before = host.count('select count(*) from signals');
  const first = await post(host, alertBody('again'));
  const second = await post(host, alertBody('again'));
  expect([first.status, second.status]).toEqual([202, 200]);
  expect(second.body['receipt']).toBe(first.body['receipt']);
  await observer.take('end');
  await post(host, alertBody('after'));
  await observer.take('end', 2);
  expect([host.count('select count(*) from signals'), host.count('select count(*) from orders')]).toEqual([before + 2, before + 2]);
});

describe('answers', () => {
  beforeAll(() => host.deploy(pipeline({ secret: 'open sesame' })));
  const keyed = (id: string, more: Readonly<Record<string, unknown>> = {}) => alertBody(id, { secret: 'open sesame', ...more });

  test.each([
    ['a good alert', keyed('good'), 202, undefined],
    ['a good alert sent as text', keyed('good as text'), 202, undefined, 'text/plain'],
    ['a good alert sent as curl does without a header', keyed('good as form'), 202, undefined, 'application/x-www-form-urlencoded'],
    ['a wrong secret', alertBody('wrong', { secret: 'guess' }), 401, 'WRONG_SECRET'],
    ['no secret', alertBody('none'), 401, 'WRONG_SECRET'],
    ['broken JSON', '{"id": "x", "symbol": {{ticker}}}', 400, 'MALFORMED_BODY'],
    ['a list', '[1]', 400, 'MALFORMED_BODY'],
    ['nothing', '', 400, 'MALFORMED_BODY'],
    ['an unknown symbol', keyed('unknown', { symbol: 'NOSUCHSYMBOL' }), 422, 'UNKNOWN_SYMBOL'],
    ['an oversized body', keyed('large', { comment: 'x'.repeat(300_000) }), 413, 'BODY_TOO_LARGE'],
  ])('%s', async (_name, body, status, code, type = 'application/json') => {
    const answer = await post(host, body, { type });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    if (code !== undefined) expect(answer.body).toMatchObject({ error: { code } });
  });

  test('an address that no flow has', async () => {
    expect(await post(host, keyed('nowhere'), { token: 'f'.repeat(48) })).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
  });
});

test('a disabled flow does not listen, an enabled one does again', async () => {
  const [tab, ...rest] = pipeline();
  await host.deploy([{ ...tab, disabled: true } as FlowNode, ...rest]);
  expect((await post(host, alertBody('disabled'))).status).toBe(404);
  await host.deploy(pipeline());
  expect((await post(host, alertBody('enabled'))).status).toBe(202);
});

describe('Catch and Complete', () => {
  const order = { id: 'order', type: 'bellwether-position', z: TAB, account: 'account', strategyId: 'demo', nodeKey: 'k', operation: 'get', scope: 'strategy', x: 300, y: 100, wires: [[]] };
  const inject = (payload: string, payloadType: string): FlowNode =>
    ({ id: 'inject', type: 'inject', z: TAB, props: [{ p: 'payload' }, { p: 'topic', vt: 'str' }], repeat: '', crontab: '', once: false, topic: 'kept', payload, payloadType, x: 100, y: 100, wires: [['order']] });
  const flow = (payload: string, payloadType = 'json'): FlowNode[] => [
    { id: TAB, type: 'tab', label: 'Test' }, { id: 'account', type: 'bellwether-account', accountId: 'paper', marketHours: 'always' }, inject(payload, payloadType), order,
    { id: 'catch', type: 'catch', z: TAB, scope: null, uncaught: false, x: 300, y: 200, wires: [['pick']] },
    { id: 'complete', type: 'complete', z: TAB, scope: ['order'], uncaught: false, x: 300, y: 300, wires: [['report-complete']] },
    { id: 'pick', type: 'function', z: TAB, func: 'return { payload: { code: msg.error.code, message: msg.error.message, topic: msg.topic } };', outputs: 1, x: 400, y: 200, wires: [['report-catch']] },
    observer.node('catch', TAB), observer.node('complete', TAB),
  ];

  test('a Complete node sees the end of a node, with the message\'s other properties', async () => {
    await host.deploy(flow('{"symbol": "SBIN"}'));
    await host.inject('inject');
    expect(await observer.take('complete')).toEqual([{ symbol: 'SBIN' }]);
    expect(observer.seen('catch')).toEqual([]);
  });

  test.each([
    ['a payload that is no item', '1', 'num', { code: 'INVALID_FIELD', message: expect.stringContaining('msg.payload') as string }],
    ['an item with a wrong field', '{"symbol": 5}', 'json', { code: 'INVALID_FIELD', message: expect.stringContaining('msg.payload.symbol') as string }],
    ['a refusal of a node without an output for it', '{"symbol": "NOSUCHSYMBOL"}', 'json', { code: 'UNKNOWN_SYMBOL', message: expect.stringContaining('NOSUCHSYMBOL') as string }],
  ])('a Catch node sees %s', async (_name, payload, type, error) => {
    await host.deploy(flow(payload, type));
    await host.inject('inject');
    expect(await observer.take('catch')).toMatchObject([{ ...error, topic: 'kept' }]);
    expect(observer.seen('complete')).toEqual([]);
  });
});

test('a message that an order node can not read is an error for Catch, and a refusal in the journal', async () => {
  const at = { z: TAB, x: 0, y: 0 };
  await host.deploy([
    { id: TAB, type: 'tab', label: 'Test' }, { id: 'account', type: 'bellwether-account', accountId: 'paper', marketHours: 'always' },
    { ...at, id: 'inject', type: 'inject', props: [{ p: 'payload' }], repeat: '', crontab: '', once: false, payload: '{"symbol": "SBIN", "action": "BUY", "quantity": "ten"}', payloadType: 'json', wires: [['order']] },
    { ...at, id: 'order', type: 'bellwether-place-order', account: 'account', mode: 'single', strategyId: 'unread', nodeKey: 'unread', wires: [[], []] },
    { ...at, id: 'catch', type: 'catch', scope: null, uncaught: false, wires: [['pick']] },
    { ...at, id: 'pick', type: 'function', func: 'return { payload: { code: msg.error.code } };', outputs: 1, wires: [['report-report']] }, observer.node('report', TAB),
  ]);
  await host.inject('inject');
  expect(await observer.take('report')).toMatchObject([{ code: 'INVALID_FIELD' }]);
  expect(host.rows("select instrument, status from intents where strategy_id = 'unread'")).toEqual([{ instrument: 'NSE:SBIN', status: 'DENIED' }]);
});

describe('one key, one node', () => {
  test('the later of two nodes with one node key refuses to work and names both', async () => {
    const since = host.log.length;
    const twin: FlowNode = { ...(pipeline().find(({ id }) => id === 'order') as FlowNode), id: 'twin', name: 'Twin' };
    await host.deploy([...pipeline(), twin]);
    const [line] = await host.waitForLog(/.*have the same node key "tv-order".*/, since);
    expect(line).toContain('Twin (Place Order)');
    expect(line).toContain('order (Place Order)');
  });

  test('two triggers can not share an address', async () => {
    const since = host.log.length;
    const twin: FlowNode = { ...(pipeline().find(({ id }) => id === 'trigger') as FlowNode), id: 'twin', nodeKey: 'other', token: TOKEN };
    await host.deploy([...pipeline(), twin]);
    await host.waitForLog(/Another trigger has the same address/, since);
  });

  test('two config nodes can not declare one account', async () => {
    const since = host.log.length;
    await host.deploy([...pipeline(), { id: 'account-2', type: 'bellwether-account', name: 'Second', accountId: 'paper', marketHours: 'exchange' }]);
    await host.waitForLog(/both declare the account "paper"/, since);
  });
});

test('with an admin root of its own, where no body parser runs first, the answers are the same', async () => {
  const other = await new NodeRed({ settings: { httpAdminRoot: '/admin', httpNodeRoot: '/api' }, flows: pipeline({ observer: observer.node('end', TAB) }) }).start();
  try {
    const hook = (body: string) => fetch(`${other.base}/api/bellwether/hook/${TOKEN}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect((await hook(alertBody('elsewhere'))).status).toBe(202);
    expect((await hook('{"broken": ')).status).toBe(400);
    expect((await hook('x'.repeat(300_000))).status).toBe(413);
    await observer.take('end');
  } finally {
    await other.dispose();
  }
});

test('behind a password of the host a stranger gets no further than the password', async () => {
  const other = await new NodeRed({ settings: { httpNodeAuth: { user: 'u', pass: '$2b$08$7Kz6mM0kzY0t2sZ1VYv5Ue0m0m3j2gQp9mF1D3s4cC0c1cQy1dJ5W' } }, flows: pipeline() }).start();
  try {
    for (const body of [alertBody('locked'), '{"broken": ']) {
      const { status } = await fetch(`${other.base}/bellwether/hook/${TOKEN}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      expect(status).toBe(401);
    }
    expect(other.count('select count(*) from signals')).toBe(0);
  } finally {
    await other.dispose();
  }
});
