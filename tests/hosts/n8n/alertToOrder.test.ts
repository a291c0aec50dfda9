import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { until } from './poll';
import { alertOf, deploy, KEY, OPEN_ACCOUNT, send, shippedFlow, startN8n, webhookUrl, withStore, type Session } from './session';
import type { Workflow } from './client';
import { opened, openPhone, pressed, scanOf } from '../phone';

jest.setTimeout(240_000);

let session: Session;
let workflow: Workflow;
let url: string;

beforeAll(async () => {
  session = await startN8n();
  workflow = await deploy(session, shippedFlow('TradingView alert to order'), { account: OPEN_ACCOUNT, key: KEY });
  url = webhookUrl(session, workflow, 'TradingView Trigger');
  await session.client.webhookReady(url);
});

afterAll(() => session.host.dispose());

describe('the shipped flow in a real n8n', () => {
  test('an alert passes the gate, becomes one filled paper order, a position and an alert', async () => {
    const answer = await send(url, alertOf('first', { quantity: '10' }));
    expect(answer.status).toBe(202);
    const [execution] = await session.client.endedExecutions(workflow.id, 1);
    const runs = execution?.data?.resultData.runData ?? {};
    expect(execution).toMatchObject({ status: 'success', mode: 'trigger' });
    expect(Object.keys(runs)).toEqual(['TradingView Trigger', 'Risk Gate', 'Place Order', 'Alert']);
    const placed = runs['Place Order']?.[0]?.data?.main[0]?.[0];
    expect(placed).toMatchObject({ pairedItem: { item: 0 }, json: { symbol: 'SBIN', action: 'BUY', order: { status: 'FILLED', quantity: 10, filledQuantity: 10 } } });
    await withStore(session, async (store) => {
      expect(await store.orders()).toMatchObject([{ instrument: 'NSE:SBIN', action: 'BUY', quantity: 10, status: 'FILLED', strategyId: 'tradingview-demo', nodeKey: 'tv-order' }]);
      expect(await store.positions()).toMatchObject([{ instrument: 'NSE:SBIN', quantity: 10, strategyId: 'tradingview-demo' }]);
      expect((await store.alerts()).map(({ message }) => message)).toEqual([expect.stringMatching(/^BUY 10 SBIN at [\d.]+: FILLED$/)]);
    });
  });

  test('the same alert again gets the first receipt and runs nothing', async () => {
    const first = await send(url, alertOf('twice'));
    const second = await send(url, alertOf('twice'));
    expect([first.status, second.status]).toEqual([202, 200]);
    expect(second.body).toMatchObject({ status: 'duplicate', receipt: first.body['receipt'] });
    await until('its order', () => withStore(session, async (store) => ((await store.orders()).length === 2 ? true : undefined)));
  });

  test.each([
    ['a wrong key', { ...alertOf('k'), secret: 'a-wrong-key-of-the-tests' }, 401, 'WRONG_SECRET'],
    ['text that is broken JSON', '{"secret":', 400, 'MALFORMED_BODY'],
    ['a field that makes no sense', alertOf('f', { action: 'perhaps' }), 400, 'INVALID_FIELD'],
    ['an unknown symbol', alertOf('u', { symbol: 'NOSUCHSTOCK' }), 422, 'UNKNOWN_SYMBOL'],
    ['an alert from last year', alertOf('s', { ts: '2025-01-01T05:30:00Z' }), 422, 'STALE_SIGNAL'],
    ['more than anybody needs', `BUY SBIN 1 ${'x'.repeat(200_000)}`, 413, 'BODY_TOO_LARGE'],
  ])('%s is answered by name and runs nothing', async (_case, alert, status, code) => {
    const answer = await send(url, alert);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
  });

  test('refusals leave no execution behind', async () => {
    const executions = await session.client.endedExecutions(workflow.id, 2);
    expect(executions.map(({ status }) => status)).toEqual(['success', 'success']);
  });

  test('the path has at least 128 random bits of the installation', () => {
    expect(url).toMatch(/\/webhook\/[0-9a-f-]{36}\/[0-9a-f]{32}$/);
  });
});

describe('the editor’s test', () => {
  test('listens, shows the alert’s data and orders under the same rules', async () => {
    const testUrl = webhookUrl(session, workflow, 'TradingView Trigger', 'webhook-test');
    expect(await session.client.rest('POST', `/workflows/${workflow.id}/run`, { triggerToStartFrom: { name: 'TradingView Trigger' } })).toEqual({ waitingForWebhook: true });
    await session.client.webhookReady(testUrl);
    expect((await send(testUrl, { ...alertOf('t'), secret: 'a-wrong-key-of-the-tests' })).status).toBe(401);
    expect((await send(testUrl, alertOf('t', { quantity: '7' }))).status).toBe(202);
    const manual = await until('the manual execution', async () => (await session.client.executions(workflow.id)).find(({ mode, status }) => mode === 'manual' && status === 'success'));
    const runs = manual.data?.resultData.runData ?? {};
    expect(runs['TradingView Trigger']?.[0]?.data?.main[0]?.[0]?.json).toMatchObject({ symbol: 'SBIN', quantity: 7 });
    expect(runs['Place Order']?.[0]?.data?.main[0]?.[0]?.json).toMatchObject({ order: { quantity: 7, status: 'FILLED' } });
  });
});

describe('copies of a workflow', () => {
  test('a copy has another address and is not activated while its twin is', async () => {
    const copy = await session.client.createWorkflow(shippedFlow('TradingView alert to order'));
    expect(webhookUrl(session, copy, 'TradingView Trigger')).not.toBe(url);
    // n8n tries for a quarter of a minute before it answers; its log knows at once.
    void session.client.activate(copy.id).catch(() => undefined);
    await until('the refusal in the log', () => (session.host.log.includes('Another active trigger has the node key tv-trigger') ? true : undefined));
  });
});

describe('the ChartInk flow', () => {
  test('every stock of a scan is ordered or refused by itself, without a key', async () => {
    const basket = await deploy(session, shippedFlow('ChartInk basket'), { account: OPEN_ACCOUNT });
    const scanUrl = webhookUrl(session, basket, 'ChartInk Trigger');
    await session.client.webhookReady(scanUrl);
    const scan = { stocks: 'INFY, TCS,NOSUCHSTOCK,INFY', trigger_prices: '1500,3500,1,1500', triggered_at: '2:34 pm', scan_name: 'Short term breakouts', scan_url: 'short-term-breakouts', alert_name: 'Alert for Short term breakouts', webhook_url: 'http://your-web-hook-url.com' };
    const answer = await send(scanUrl, scan);
    expect(answer).toMatchObject({ status: 202, body: { signals: [{ symbol: 'INFY' }, { symbol: 'TCS' }], refused: [{ symbol: 'NOSUCHSTOCK', error: { code: 'UNKNOWN_SYMBOL' } }] } });
    await session.client.endedExecutions(basket.id, 2);
    const orders = await withStore(session, (store) => store.orders({ nodeKey: 'ci-order' }));
    expect(orders.map(({ instrument, action, status }) => [instrument, action, status]).sort()).toEqual([['NSE:INFY', 'BUY', 'FILLED'], ['NSE:TCS', 'BUY', 'FILLED']]);
  });
});

describe('scan, approve, trade', () => {
  test('a person answers on the page of the link; approved twice is one order, declined none, and an open question outlives a kill', async () => {
    const phone = await openPhone();
    try {
      const shipped = shippedFlow('Scan, approve, trade');
      const webhookId = randomUUID();
      const token = readFileSync(path.join(session.host.stateFolder, 'n8n-webhook-token'), 'utf8').trim();
      const answerUrl = `${session.host.base}/webhook/${webhookId}/${token}`;
      const nodes = shipped.nodes.map((node) => (node.name === 'Ask Me' ? { ...node, parameters: { ...z.looseObject({}).parse(node['parameters']), answerUrl } } : { ...node, ...(node.name === 'Approval Trigger' ? { webhookId } : {}) }));
      const flow = await deploy(session, { ...shipped, nodes }, { account: OPEN_ACCOUNT, channel: phone.url });
      expect(webhookUrl(session, flow, 'Approval Trigger')).toBe(answerUrl);
      const scanUrl = webhookUrl(session, flow, 'ChartInk Trigger');
      await session.client.webhookReady(scanUrl);
      expect((await send(scanUrl, scanOf('WIPRO,ITC,LT', 'Breakouts'))).status).toBe(202);
      const [wipro, itc, lt] = [await phone.question('WIPRO'), await phone.question('ITC'), await phone.question('LT')];
      const shown = await opened(wipro);
      expect([shown.status, shown.page.includes('BUY 1 WIPRO at ')]).toEqual([200, true]);
      const answers = await Promise.all([pressed(wipro, 'approve'), pressed(wipro, 'approve')]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 202]);
      expect((await pressed(itc, 'decline')).page).toContain('<h1>Declined</h1>');
      await phone.news('the order', ({ message }) => message.includes('BUY 1 WIPRO at') && message.includes('FILLED'));
      await phone.news('the refusal', ({ message }) => message.includes('Refused ITC: Declined'));

      await session.host.kill();
      await session.host.start();
      await until('the page after the restart', async () => ((await opened(lt)).page.includes('BUY 1 LT at ') ? true : undefined));
      expect((await pressed(lt, 'approve')).status).toBe(202);
      await phone.news('the order of the question from before', ({ message }) => message.includes('BUY 1 LT at') && message.includes('FILLED'));
      expect((await pressed(wipro, 'approve')).page).toContain('It was approved');
      const orders = await withStore(session, (store) => store.orders({ nodeKey: 'sat-order' }));
      expect(orders.map(({ instrument }) => instrument).sort()).toEqual(['NSE:LT', 'NSE:WIPRO']);
      const executions = JSON.stringify(await session.client.executions(flow.id));
      expect([wipro, itc, lt].filter((one) => executions.includes(new URL(one).searchParams.get('approval') ?? ''))).toEqual([]);
      await session.client.webhookReady(url);
    } finally {
      await phone.close();
    }
  });
});

describe('nodes without a trigger of ours', () => {
  test('the kill switch closes everything, and later entries are refused until re-armed', async () => {
    const killSwitch = await session.client.createWorkflow(shippedFlow('Kill switch and close all'));
    await session.client.rest('POST', `/workflows/${killSwitch.id}/run`, { triggerToStartFrom: { name: 'Pull the Switch' } });
    const [execution] = await session.client.endedExecutions(killSwitch.id, 1);
    expect(execution?.status).toBe('success');
    await withStore(session, async (store) => {
      expect(await store.positions({ openOnly: true })).toEqual([]);
      expect(await store.riskState('paper')).toMatchObject({ killSwitch: true });
    });
    const before = await withStore(session, (store) => store.orders());
    await send(url, alertOf('after the kill'));
    await until('the refusal', () => withStore(session, async (store) => (await store.intents()).find(({ denial }) => denial?.code === 'KILL_SWITCH')));
    expect(await withStore(session, (store) => store.orders())).toHaveLength(before.length);
  });
});
