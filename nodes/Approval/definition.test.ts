import type { Envelope } from '../../runtime/domain/envelope';
import type { AlertChannel } from '../../runtime/domain/ports';
import type { TriggerBinding, WebhookAnswer } from '../../runtime/runtime';
import { only, tradingWorld, type TradingWorld } from '../../tests/doubles/tradingWorld';
import { approvalTrigger } from '../ApprovalTrigger/definition';
import { placeOrder } from '../PlaceOrder/definition';
import { approval } from './definition';

const PHONE: AlertChannel = { kind: 'discord', url: 'https://discord.example/phone' };
const ANSWER_URL = 'https://trading.example/hook/abc';
const MINUTE = 60_000;
const TRADE: Envelope = { exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, product: 'MIS', note: 'mine', signal: { id: 's1', source: 'chartInkTrigger', at: 1, name: 'Breakouts' }, decision: { approved: true, limits: { maxPosition: 50 } } };

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld();
});
afterEach(() => world.close());

const ask = async (values: object = {}, item: Envelope = TRADE, channels: readonly AlertChannel[] = [PHONE], signalId = 's1') =>
  only(await world.run(approval, { answerUrl: ANSWER_URL, ...values }, item, { nodeKey: 'ask', signalId }, channels));
const check = async (item: Envelope, values: object = {}) => only(await world.run(approval, { operation: 'check', ...values }, item, { nodeKey: 'check' }));
const linkOf = (index = 0): URL => new URL(world.notifier.sent[index]?.link ?? 'about:blank');
const tokenOf = (index = 0): string => linkOf(index).searchParams.get('approval') ?? '';
const binding: TriggerBinding = { definition: approvalTrigger, params: {}, nodeKey: 'answer', strategyId: 'demo' };
const post = (answer: 'approve' | 'decline', token = tokenOf(), accept = '*/*', given: TriggerBinding = binding): Promise<WebhookAnswer> =>
  world.runtime.ingress.receive(given, { raw: Buffer.from(JSON.stringify({ approval: token, answer })), headers: { accept }, remoteAddress: '127.0.0.1', receivedAt: world.clock.now() }, 'attached');
const told = async (): Promise<readonly Envelope[]> => (await world.runtime.store.signals({ nodeKey: 'answer' })).map(({ item }) => item).reverse();
const answered = async (answer: 'approve' | 'decline'): Promise<Envelope> => {
  await post(answer);
  const [item] = await told();
  if (item === undefined) throw new Error('Nothing was told.');
  return item;
};

describe('asking', () => {
  test('a person gets the trade, its price and a link; the flow gets neither link nor key', async () => {
    const { port, item } = await ask();
    expect(world.notifier.sent).toMatchObject([{ channel: PHONE, message: 'BUY 10 SBIN at 800? Breakouts', link: `${ANSWER_URL}?approval=${tokenOf()}` }]);
    expect(port).toBe('asked');
    expect(item).toMatchObject({ note: 'mine', approval: { price: 800, askedAt: world.clock.now(), expiresAt: world.clock.now() + 10 * MINUTE } });
    expect(tokenOf()).not.toBe('');
    expect(JSON.stringify([item, await world.runtime.store.alerts()])).not.toContain(tokenOf());
  });

  test('the same signal asks once, also after the answer', async () => {
    const first = await ask();
    expect((await ask()).item['approval']).toEqual(first.item['approval']);
    expect(world.notifier.sent).toHaveLength(1);
    await post('decline');
    await ask();
    await ask({}, TRADE, [PHONE], 's2');
    expect(world.notifier.sent).toHaveLength(2);
    expect(tokenOf(1)).not.toBe(tokenOf(0));
  });

  test('an item that waits for its answer can not be traded', async () => {
    const { item } = await ask();
    expect(only(await world.run(placeOrder, {}, item, { nodeKey: 'order' }))).toMatchObject({ port: 'rejected', item: { denial: { code: 'BLOCKED_BY_GATE' } } });
  });

  test.each<[string, object, Envelope, readonly AlertChannel[], string]>([
    ['nobody to ask', {}, TRADE, [], 'MISSING_FIELD'],
    ['no address', { answerUrl: '' }, TRADE, [PHONE], 'INVALID_PARAMETER'],
    ['an address of another kind', { answerUrl: 'javascript:alert(1)' }, TRADE, [PHONE], 'INVALID_PARAMETER'],
    ['no price', {}, { ...TRADE, symbol: 'INFY' }, [PHONE], 'NO_PRICE'],
    ['an unknown symbol', {}, { ...TRADE, symbol: 'NOSUCHSHARE' }, [PHONE], 'UNKNOWN_SYMBOL'],
    ['what the gate blocked', {}, { ...TRADE, decision: { approved: false, message: 'Too much.' } }, [PHONE], 'BLOCKED_BY_GATE'],
    ['too large an item', {}, { ...TRADE, note: 'x'.repeat(70_000) }, [PHONE], 'INVALID_FIELD'],
  ])('with %s it is refused', async (_name, values, item, channels, code) => {
    expect(await ask(values, item, channels)).toMatchObject({ port: 'refused', item: { denial: { code } } });
    expect(world.notifier.sent).toEqual([]);
  });
});

describe('the answer', () => {
  test('approved: the trade goes on as it was asked about, whatever the item says by then', async () => {
    await ask();
    const item = await answered('approve');
    const { port, item: passed } = await check({ ...item, quantity: 9_999, action: 'SELL', account: 'other' });
    expect(port).toBe('approved');
    expect(passed).toMatchObject({ ...TRADE, signal: { source: 'approvalTrigger', name: 'Breakouts' }, approval: { verdict: 'approved' } });
    expect(passed).not.toHaveProperty('account');
  });

  test('approving twice, at the same time or later, is one signal; a decline afterwards changes nothing', async () => {
    await ask();
    const answers = await Promise.all([post('approve'), post('approve'), post('approve')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 202]);
    expect(await post('decline')).toMatchObject({ status: 200 });
    expect(await told()).toMatchObject([{ approval: { verdict: 'approved' } }]);
  });

  test('declined', async () => {
    await ask();
    expect(await check(await answered('decline'))).toMatchObject({ port: 'refused', item: { symbol: 'SBIN', denial: { code: 'APPROVAL_DECLINED' } } });
  });

  test('too late: whatever the person pressed', async () => {
    await ask({ goodForMinutes: 1 });
    world.clock.advance(MINUTE + 1);
    world.quote('SBIN', 800);
    expect(await check(await answered('approve'))).toMatchObject({ port: 'refused', item: { denial: { code: 'APPROVAL_EXPIRED' } } });
  });

  test('in time, but delivered long after', async () => {
    await ask({ goodForMinutes: 1 });
    const item = await answered('approve');
    world.clock.advance(2 * MINUTE + 1);
    world.quote('SBIN', 800);
    expect(await check(item)).toMatchObject({ port: 'refused', item: { denial: { code: 'APPROVAL_EXPIRED' } } });
  });

  test.each([[803.9, 'approved'], [804.1, 'refused'], [796.1, 'approved'], [795.9, 'refused']])('at a price of %d afterwards it is %s', async (price, port) => {
    await ask();
    const item = await answered('approve');
    world.quote('SBIN', price);
    const end = await check(item);
    expect(end.port).toBe(port);
    if (port === 'refused') expect(end.item).toMatchObject({ denial: { code: 'PRICE_MOVED', limit: 0.5 } });
  });

  test('an item that claims an answer of which the journal knows nothing is refused', async () => {
    await ask();
    const { item } = await ask();
    expect(await check({ ...item, approval: { ...Object(item['approval']), verdict: 'approved' } })).toMatchObject({ port: 'refused', item: { denial: { code: 'NOT_READY' } } });
    expect(await check({ ...TRADE, approval: { id: 'made-up', verdict: 'approved' } })).toMatchObject({ port: 'refused', item: { denial: { code: 'NOT_FOUND' } } });
    expect(await check(TRADE)).toMatchObject({ port: 'refused', item: { denial: { code: 'NOT_FOUND' } } });
  });

  test('an approval is good for its own strategy and for one trade: another signal that names it is refused', async () => {
    await ask();
    const item = await answered('approve');
    expect(only(await world.run(approval, { operation: 'check' }, item, { nodeKey: 'check', strategyId: 'other' }))).toMatchObject({ port: 'refused', item: { denial: { code: 'NOT_FOUND' } } });
    expect(await check({ ...item, signal: { id: 'webhook', source: 'webhookTrigger', at: 1 } })).toMatchObject({ port: 'refused', item: { denial: { code: 'INVALID_FIELD', field: 'approval' } } });
    const [first, second] = [await check(item), await check({ symbol: 'SBIN', approval: item['approval'] })];
    expect([first.port, second.port, second.item.signal?.id]).toEqual(['approved', 'approved', first.item.signal?.id]);
  });

  test('another strategy’s trigger and a made-up key are answered 404 and tell nobody', async () => {
    await ask();
    expect(await post('approve', 'made-up')).toMatchObject({ status: 404 });
    expect(await post('approve', tokenOf(), '*/*', { ...binding, strategyId: 'other' })).toMatchObject({ status: 404 });
    expect(await told()).toEqual([]);
  });

  test('an editor’s test of the trigger leaves the question open', async () => {
    await ask();
    const test = await world.runtime.ingress.receive(binding, { raw: Buffer.from(`approval=${tokenOf()}\nanswer=approve`), headers: {}, remoteAddress: '127.0.0.1', receivedAt: world.clock.now() }, 'caller');
    expect(test).toMatchObject({ status: 202, entries: [{ item: { symbol: 'SBIN' } }] });
    expect(await check(test.entries[0]?.item ?? {})).toMatchObject({ port: 'refused', item: { denial: { code: 'NOT_READY' } } });
    expect(await post('decline')).toMatchObject({ status: 202 });
  });
});

describe('the page', () => {
  const page = (link = linkOf()) => world.runtime.ingress.page(binding, `${link.pathname}${link.search}`);

  test('asks, changes nothing, and says afterwards what was answered', async () => {
    await ask({ question: '<b>{symbol}</b> & "more"?' });
    expect(await page()).toMatchObject({ status: 200, headers: { 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' } });
    expect((await page()).html).toContain('&lt;b&gt;SBIN&lt;/b&gt; &amp; &quot;more&quot;?');
    expect(await told()).toEqual([]);
    expect((await post('approve', tokenOf(), 'text/html,*/*')).html).toContain('<h1>Approved</h1>');
    expect((await post('decline', tokenOf(), 'text/html')).html).toContain('It was approved');
    expect((await page()).html).not.toContain('<form');
  });

  test('after its time it offers no answer, and of an unknown key nothing', async () => {
    await ask();
    world.clock.advance(11 * MINUTE);
    expect((await page()).html).toContain('<h1>Expired</h1>');
    expect((await post('approve', tokenOf(), 'text/html')).html).toContain('Nothing was ordered');
    expect(await page(new URL(`${ANSWER_URL}?approval=made-up`))).toMatchObject({ status: 404 });
    expect(await page(new URL(ANSWER_URL))).toMatchObject({ status: 404 });
  });
});
