import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { OpenAlgoServer } from '../../doubles/openalgoServer';
import { API_KEY, liveGateway } from '../liveBrokers';
import { NodeRed } from '../nodeRed/host';
import { Chromium, describeInBrowser } from './chromium';
import { NodeRedEditor } from './nodeRedEditor';
import type { NodeRedForm } from './nodeRedForm';

jest.setTimeout(120_000);

const EXAMPLE = 'TradingView alert to order';
const Flow = z.array(z.looseObject({ id: z.string(), type: z.string() }));

describeInBrowser('the form of an account in Node-RED', () => {
  let gateway: OpenAlgoServer;
  let host: NodeRed;
  let browser: Chromium;
  let form: NodeRedForm;

  beforeAll(async () => {
    gateway = await liveGateway();
    host = await new NodeRed({ flows: Flow.parse(JSON.parse(readFileSync(`flows/node-red/${EXAMPLE}.json`, 'utf8'))) }).start();
    browser = await Chromium.open();
    const editor = new NodeRedEditor(browser.page, host.base);
    await editor.open();
    await editor.showTab(EXAMPLE);
    form = await (await editor.openForm('Place Order')).addConfigNode('account');
  });

  afterAll(async () => {
    await browser.close();
    await host.dispose();
    await gateway.close();
  });

  test('shows the fields of its broker and no other’s', async () => {
    expect(await form.names()).toEqual(expect.arrayContaining(['accountId', 'broker', 'capital', 'marketHours']));
    await form.choose('broker', 'Upstox');
    expect(await form.names()).toEqual(expect.arrayContaining(['accessToken', 'upstoxMode', 'capital']));
    await form.choose('broker', 'OpenAlgo');
    const names = await form.names();
    expect(names).toEqual(expect.arrayContaining(['url', 'apiKey', 'openAlgoMode', 'webSocketUrl', 'capital']));
    expect(names).not.toEqual(expect.arrayContaining(['accessToken']));
    expect(names).not.toEqual(expect.arrayContaining(['marketHours']));
  });

  test('its Test button asks the gateway with what stands in the form: a wrong key is told with what to do, the right one with mode and funds', async () => {
    await form.fill('accountId', 'mine');
    await form.fill('url', gateway.url);
    await form.fill('apiKey', 'not the key');
    await form.choose('openAlgoMode', 'Live');
    expect(await form.tested()).toMatch(/^Invalid openalgo apikey\. Log in to the broker in OpenAlgo/);
    await form.fill('apiKey', API_KEY);
    expect(await form.tested()).toMatch(/OpenAlgo is live, as the account says\. ₹10,00,000 available/);
    expect(gateway.asked('placeorder')).toEqual([]);
  });

  test('one that is set to the sandbox is told that the gateway trades live', async () => {
    await form.choose('openAlgoMode', 'Analyzer (Sandbox)');
    expect(await form.tested()).toMatch(/live/);
  });

  test('nothing went wrong in the page', () => {
    expect(browser.problems).toEqual([]);
  });
});
