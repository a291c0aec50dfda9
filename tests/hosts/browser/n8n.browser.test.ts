import path from 'node:path';
import { OWNER } from '../n8n/process';
import { alertOf, DEMO_ACCOUNT, KEY, send, startN8n, withStore, type Session } from '../n8n/session';
import { Chromium, describeInBrowser } from './chromium';
import { N8nEditor } from './n8nEditor';

jest.setTimeout(240_000);

/** Every node by its title: its first parameters and its outputs' labels. */
const NODES = [
  ['Alert', ['Message', 'Severity'], []],
  ['Approval', ['Operation'], ['Asked', 'Approved', 'Refused']],
  ['Backtest', ['Flow', 'Candles', 'Symbol', 'Charges', 'Slippage'], ['Report', 'Refused']],
  ['ChartInk Trigger', ['Action', 'Product'], []],
  ['Condition', ['Condition As', 'True When', 'Meaning', 'Symbol', 'Timeframe'], ['True', 'False', 'Unknown']],
  ['Cron Market Hours', ['Fires', 'Exchange'], []],
  ['Indicator', ['Exchange', 'Symbol', 'Timeframe', 'Meaning'], []],
  ['Market Data', ['Operation'], []],
  ['Market Trigger', ['Fires', 'Symbols', 'Timeframe'], []],
  ['Order Event Trigger', ['Events', 'Of', 'Symbols', 'Exchange'], []],
  ['Performance', ['Scope', 'Period', 'Make a Report'], []],
  ['Place Order', ['Mode', 'Action', 'Exchange', 'Symbol'], ['Placed', 'Rejected']],
  ['Position', ['Operation'], []],
  ['Risk Gate', ['Operation'], ['Approved', 'Blocked']],
  ['Trade Lock', ['Operation'], ['Acquired', 'Locked']],
  ['TradingView Trigger', ['Default Exchange', 'Default Product'], []],
] as const;
/** n8n offers a trigger with events by what it is about, and its events as actions. */
const inCreator = (title: string): string => (title === 'Order Event Trigger' ? 'Order Event' : title);
/** Of n8n itself: who asks before signing in is told so, and packages of the community have no stored schemas. */
const OF_N8N = [/status of 401 .*\/rest\/login/, /status of 404 .*\/schemas\//];

describeInBrowser('n8n’s editor', () => {
  let session: Session;
  let browser: Chromium;
  let editor: N8nEditor;

  beforeAll(async () => {
    session = await startN8n();
    await session.client.createCredential('Demo account', 'bellwetherAccountApi', { ...DEMO_ACCOUNT });
    await session.client.createCredential('Demo key', 'bellwetherWebhookApi', { key: KEY });
    browser = await Chromium.open();
    editor = new N8nEditor(browser.page, session.host.base);
    await editor.signIn(OWNER);
  });

  afterAll(async () => {
    await browser.close();
    await session.host.dispose();
  });

  test('the node creator finds every node by "bellwether", each with description and icon', async () => {
    await editor.newWorkflow();
    const titles = NODES.map(([title]) => inCreator(title));
    const found = await editor.search('bellwether', titles);
    expect(found.map(({ title }) => title).sort()).toEqual([...titles].sort());
    for (const { description, icon } of found) {
      expect(description.length).toBeGreaterThan(20);
      const response = await fetch(`${session.host.base}${icon}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^image\/svg\+xml/)]);
    }
  });

  test.each(NODES)('%s is added from the creator and opens with its parameters and outputs', async (title, parameters, outputs) => {
    const panel = await editor.addNode(inCreator(title));
    expect(await panel.title()).toBe(title);
    const labels = await panel.labels();
    expect(labels).toEqual(expect.arrayContaining([...parameters, 'Options']));
    expect(labels).not.toContain('');
    await panel.close();
    expect(await editor.outputLabels(title)).toEqual(outputs);
  });

  test('Place Order shows the parameters of its mode', async () => {
    await editor.newWorkflow();
    const panel = await editor.addNode('Place Order');
    expect(await panel.labels()).not.toContain('Legs');
    await panel.choose('mode', 'Target Position');
    await panel.shows('Target Quantity');
    expect(await panel.labels()).not.toContain('Action');
    await panel.choose('mode', 'Basket');
    await panel.shows('Legs');
    expect(await panel.labels()).not.toContain('Symbol');
    await panel.close();
  });

  test('Approval Trigger, which n8n lists with Approval, opens in the shipped flow', async () => {
    await editor.newWorkflow();
    await editor.importFile(path.resolve('flows/n8n/Scan, approve, trade.json'));
    const panel = await editor.openPanel('Approval Trigger');
    expect(await panel.labels()).toContain('Options');
    expect(await panel.webhookUrl('Production')).toMatch(/\/webhook\/[0-9a-f-]{36}\/[0-9a-f]{32}$/);
    await panel.close();
  });

  describe('the shipped flow', () => {
    let url: string;

    test('comes in from its file through the menu', async () => {
      await editor.newWorkflow();
      await editor.importFile(path.resolve('flows/n8n/TradingView alert to order.json'));
      expect(await editor.names()).toEqual(expect.arrayContaining(['TradingView Trigger', 'Risk Gate', 'Place Order', 'Alert', 'Refused']));
    });

    test('takes the credentials that a person chooses', async () => {
      for (const [name, credential] of [['TradingView Trigger', 'Demo key'], ['Risk Gate', 'Demo account'], ['Place Order', 'Demo account']] as const) {
        const panel = await editor.openPanel(name);
        await panel.chooseCredential(credential);
        await panel.close();
      }
      // The editor saves by itself, a while after the last change; what it has not saved yet would not be published.
      const { nodes } = await session.client.saved('TradingView alert to order', (workflow) => workflow.nodes.filter(({ credentials }) => credentials !== undefined).length === 3);
      expect(nodes.filter(({ credentials }) => credentials !== undefined).map(({ name, credentials }) => [name, Object.values(credentials ?? {}).map((credential) => credential.name)])).toEqual([
        ['TradingView Trigger', ['Demo key']], ['Risk Gate', ['Demo account']], ['Place Order', ['Demo account']],
      ]);
    });

    test('shows the addresses for test and production', async () => {
      const panel = await editor.openPanel('TradingView Trigger');
      expect(await panel.webhookUrl('Test')).toMatch(/\/webhook-test\/[0-9a-f-]{36}\/[0-9a-f]{32}$/);
      url = await panel.webhookUrl('Production');
      expect(url).toMatch(/\/webhook\/[0-9a-f-]{36}\/[0-9a-f]{32}$/);
      await panel.close();
    });

    test('published, an alert is a filled order and a successful execution', async () => {
      expect(await editor.publish()).toContain('Alerts of TradingView to the Production URL now run this workflow');
      await session.client.webhookReady(url);
      expect((await send(url, alertOf('published', { quantity: '10' }))).status).toBe(202);
      expect(await editor.executions('Succeeded')).toHaveLength(1);
      await withStore(session, async (store) => {
        // What the flow has told first: a refusal says there why.
        expect((await store.alerts()).map(({ message }) => message)).toEqual([expect.stringMatching(/^BUY 10 SBIN at [\d.]+: FILLED$/)]);
        expect(await store.orders()).toMatchObject([{ instrument: 'NSE:SBIN', action: 'BUY', quantity: 10, status: 'FILLED' }]);
      });
    });

    test('tested in the editor, the alert runs through the canvas and the order is in the panel', async () => {
      await editor.backToEditor();
      await editor.listen();
      const testUrl = url.replace('/webhook/', '/webhook-test/');
      await session.client.webhookReady(testUrl);
      expect((await send(testUrl, alertOf('tested', { symbol: 'TCS', quantity: '2' }))).status).toBe(202);
      for (const name of ['TradingView Trigger', 'Risk Gate', 'Place Order', 'Alert']) await editor.succeeded(name);
      const panel = await editor.openPanel('Place Order');
      await panel.outputShows('Placed Branch (1 item)', 'TCS');
      await panel.close();
    });
  });

  test('nothing went wrong in the page', () => {
    expect(browser.problems.filter((problem) => !OF_N8N.some((known) => known.test(problem)))).toEqual([]);
  });
});
