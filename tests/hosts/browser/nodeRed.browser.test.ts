import { readFileSync } from 'node:fs';
import { alertBody } from '../nodeRed/flow';
import { NodeRed } from '../nodeRed/host';
import { Chromium, describeInBrowser } from './chromium';
import { faintTexts } from './contrast';
import { NodeRedEditor } from './nodeRedEditor';

jest.setTimeout(120_000);

const PACKAGE = '@bellwether/n8n-nodes-trading';
/** Every node, in the palette's order: type, text in the palette, folder, an example that holds it, its name there. */
const NODES = [
  ['bellwether-alert', 'alert', 'Alert', 'TradingView alert to order', 'Alert'],
  ['bellwether-approval', 'approval', 'Approval', 'Scan, approve, trade', 'Ask Me'],
  ['bellwether-approval-trigger', 'approval trigger', 'ApprovalTrigger', 'Scan, approve, trade', 'Approval Trigger'],
  ['bellwether-backtest', 'backtest', 'Backtest', 'Backtest a flow', 'Backtest'],
  ['bellwether-chartink-trigger', 'chartink', 'ChartInkTrigger', 'ChartInk basket', 'ChartInk Trigger'],
  ['bellwether-condition', 'condition', 'Condition', 'Look at the market', 'Trend'],
  ['bellwether-cron-market-hours', 'cron market hours', 'CronMarketHours', 'EMA crossover', 'Before the Close'],
  ['bellwether-indicator', 'indicator', 'Indicator', 'Look at the market', 'Averages'],
  ['bellwether-market-data', 'market data', 'MarketData', 'Look at the market', 'Quote'],
  ['bellwether-market-trigger', 'market trigger', 'MarketTrigger', 'EMA crossover', 'Enter'],
  ['bellwether-order-event-trigger', 'order event trigger', 'OrderEventTrigger', 'Tell me what happens to my orders', 'What Happens'],
  ['bellwether-performance', 'perf. report', 'Performance', 'Performance report', 'Performance'],
  ['bellwether-place-order', 'place order', 'PlaceOrder', 'TradingView alert to order', 'Place Order'],
  ['bellwether-position', 'position', 'Position', 'Kill switch and close all', 'Close All'],
  ['bellwether-risk-gate', 'risk gate', 'RiskGate', 'TradingView alert to order', 'Risk Gate'],
  ['bellwether-trade-lock', 'trade lock', 'TradeLock', 'Trade lock', 'Trade Lock'],
  ['bellwether-tradingview-trigger', 'tradingview', 'TradingViewTrigger', 'TradingView alert to order', 'TradingView Trigger'],
] as const;
const EXAMPLES = [...new Set(NODES.map(([, , , example]) => example))];
/** What a form shows when a text is missing from the catalogue: the key itself. */
const RAW_KEY = /^(field|form|section|errors|port)\./;

describeInBrowser('Node-RED’s editor', () => {
  let host: NodeRed;
  let browser: Chromium;
  let editor: NodeRedEditor;

  beforeAll(async () => {
    host = await new NodeRed({ flows: [{ id: 'account', type: 'bellwether-account', accountId: 'paper', marketHours: 'always' }] }).start();
    browser = await Chromium.open();
    editor = new NodeRedEditor(browser.page, host.base);
    await editor.open();
  });

  afterEach(() => editor.closeForms());

  afterAll(async () => {
    await browser.close();
    await host.dispose();
  });

  test('the palette shows every node with its icon', async () => {
    const palette = await editor.palette('bellwether');
    expect(palette.map(({ type, label }) => [type, label])).toEqual(NODES.map(([type, label]) => [type, label]));
    for (const [index, { icon }] of palette.entries()) {
      const folder = NODES[index]?.[2] ?? '';
      const response = await fetch(`${host.base}/${icon}`);
      // For an icon that it does not find, Node-RED serves one of its own.
      expect(await response.text()).toBe(readFileSync(`nodes/${folder}/${folder.charAt(0).toLowerCase()}${folder.slice(1)}.node-red.svg`, 'utf8'));
    }
  });

  test.each(NODES)('%s says what it is for in its balloon and in the help', async (type, label, folder) => {
    const sentence = (readFileSync(`nodes/${folder}/help.md`, 'utf8').split('\n')[0] ?? '').replaceAll('`', '');
    expect(sentence.length).toBeGreaterThan(20);
    const { balloon, help } = await editor.introduction(type);
    expect(balloon).toContain(label);
    expect(balloon).toContain(sentence);
    expect(help).toContain(sentence);
    expect(help).toMatch(/Outputs[^]*Details[^]*References/);
  });

  test.each(EXAMPLES)('the example "%s" comes in through the Import menu', async (example) => {
    await editor.importExample(PACKAGE, example);
    expect(await editor.labels()).toEqual(expect.arrayContaining(NODES.filter((node) => node[3] === example).map((node) => node[4])));
  });

  test.each(NODES)('the form of %s opens: every field has a name, every choice an option', async (_type, _label, _folder, example, name) => {
    await editor.showTab(example);
    const form = await editor.openForm(name);
    await form.openSections();
    const rows = await form.rows();
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter(({ label }) => label === '' || RAW_KEY.test(label))).toEqual([]);
    expect(rows.filter(({ options }) => options !== undefined && (options.length < 2 || options.some((option) => option === '' || RAW_KEY.test(option))))).toEqual([]);
    expect((await form.sections()).at(-1)).toBe('Options');
    expect(await faintTexts(form.texts(), 4.5)).toEqual([]);
    await form.cancel();
  });

  test('Place Order shows the fields of its mode', async () => {
    await editor.showTab('TradingView alert to order');
    const form = await editor.openForm('Place Order');
    await form.openSections();
    expect(await form.names()).toEqual(expect.arrayContaining(['action', 'symbol', 'limitPrice', 'quantity', 'riskAmount']));
    expect(await form.names()).not.toContain('targetQuantity');
    await form.choose('mode', 'Target Position');
    await form.field('targetQuantity').waitFor();
    expect(await form.names()).not.toEqual(expect.arrayContaining(['action']));
    expect(await form.sections()).toEqual(['Prices', 'Protection', 'Re-Entry', 'Options']);
    await form.choose('mode', 'Basket');
    await form.field('legs').waitFor();
    expect(await form.names()).toEqual(['mode', 'direction', 'legs', 'onLegFailure', 'hedgeFirst', 'sliceQuantity', 'strategyId', 'nodeKey']);
    expect(await form.addRow('legs')).toEqual(expect.arrayContaining(['Symbol', 'Action', 'Quantity']));
    await form.cancel();
  });

  test('a value that can not be is marked while the form is open', async () => {
    const form = await editor.openForm('Risk Gate');
    await form.openSections();
    for (const wrong of ['ten', '-1', '1.5']) {
      await form.fill('quantity', wrong);
      await form.marked('quantity', true);
      await form.fill('quantity', '10');
      await form.marked('quantity', false);
    }
    await form.cancel();
  });

  test.each([['account', 'Place Order', 'capital'], ['channel', 'Alert', 'kind']])('a new %s opens its own form', async (property, node, field) => {
    const form = await editor.openForm(node);
    const config = await form.addConfigNode(property);
    expect(await config.names()).toContain(field);
    expect((await config.rows()).filter(({ label }) => label === '' || RAW_KEY.test(label))).toEqual([]);
    await config.cancel();
    await (await form.opened()).cancel();
  });

  test('deployed, an alert posted to the address in the form is a filled order, under the nodes and in the debug sidebar', async () => {
    await editor.drag('debug', { x: 1000, y: 500 });
    await editor.wire('Place Order', 0, 'debug 1');
    const form = await editor.openForm('TradingView Trigger');
    const url = await form.webhookUrl();
    await form.cancel();
    await editor.deploy();
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: alertBody('browser', { quantity: 10 }) });
    expect(answer.status).toBe(202);
    expect(await editor.status('Place Order', /filled/)).toEqual({ text: expect.stringMatching(/^filled BUY 10 SBIN @ \d+(\.\d+)?$/) as string, sign: 'dot-green' });
    expect(await editor.status('Risk Gate', /./)).toEqual({ text: 'approved BUY 10 SBIN', sign: 'dot-green' });
    expect(await editor.debugMessage(/SBIN/)).toContain('debug 1');
    expect(host.rows('select status, filled_quantity from orders')).toEqual([{ status: 'FILLED', filled_quantity: 10 }]);
  });

  test('the dark theme leaves every text readable', async () => {
    await editor.open('dark');
    expect(await browser.page.locator('html').getAttribute('class')).toContain('nr-theme-dark');
    for (const [, , , example, name] of NODES) {
      await editor.showTab(example);
      const form = await editor.openForm(name);
      await form.openSections();
      expect(await faintTexts(form.texts(), 4.5)).toEqual([]);
      await form.cancel();
    }
  });

  test('nothing went wrong in the page', () => {
    expect(browser.problems).toEqual([]);
  });
});
