import { NodeRed, type FlowNode } from '../nodeRed/host';
import { until } from '../n8n/poll';
import { OWNER } from '../n8n/process';
import { startN8n, type Session } from '../n8n/session';
import { Chromium, describeInBrowser } from './chromium';
import { N8nEditor } from './n8nEditor';
import { NodeRedEditor } from './nodeRedEditor';

jest.setTimeout(240_000);

/** What the forms show for each way of firing, beside what they always show: parameters, and their labels. */
const FIELDS: readonly (readonly [choice: string, names: readonly string[], labels: readonly string[]])[] = [
  ['Every N Minutes', ['minutes', 'delaySeconds'], ['Every', 'Delay']], ['At Times of Day', ['times', 'scope'], ['Times', 'Only']], ['After the Open', ['minutesAfterOpen'], ['After the Open']],
  ['Before the Close', ['minutesBeforeClose'], ['Before the Close']], ['Cron Expression', ['cron', 'scope'], ['Cron Expression', 'Only']],
];
const NAMES = FIELDS.flatMap(([, names]) => names);
const LABELS = FIELDS.flatMap(([, , labels]) => labels);

describeInBrowser('Node-RED: the form of Cron Market Hours', () => {
  const flows: readonly FlowNode[] = [
    { id: 'tab', type: 'tab', label: 'Schedules', disabled: false },
    { id: 'cron', type: 'bellwether-cron-market-hours', z: 'tab', name: 'Check', exchange: 'NSE', fires: 'every', minutes: '', scope: 'inSession', drives: 'entries', days: [], shares: 'cashWithDerivatives', specialSessions: true, coalesce: true, whenBusy: 'skip', x: 200, y: 100, wires: [[]] },
  ];
  let host: NodeRed;
  let browser: Chromium;
  let editor: NodeRedEditor;

  beforeAll(async () => {
    host = await new NodeRed({ flows }).start();
    browser = await Chromium.open();
    editor = new NodeRedEditor(browser.page, host.base);
    await editor.open();
    await editor.showTab('Schedules');
  });

  afterEach(() => editor.closeForms());

  afterAll(async () => {
    await browser.close();
    await host.dispose();
  });

  test('the node shows the next time', async () => {
    expect((await editor.status('Check', /^next /)).text).toMatch(/^next (\w{3} \d+ \w{3} )?\d\d:\d\d(:\d\d)?$/);
  });

  test('each way of firing has its own fields, and says what it means', async () => {
    const form = await editor.openForm('Check');
    const meaning = (text: string) => browser.page.locator('[data-bellwether-meaning]', { hasText: text }).waitFor();
    await meaning('Every 5 minutes from the open of NSE, 2 s later each time');
    for (const [choice, names] of FIELDS) {
      await form.choose('fires', choice);
      expect((await form.names()).filter((name) => NAMES.includes(name))).toEqual(names);
    }
    await form.fill('cron', '0 10 * * 1');
    await meaning('By the expression 0 10 * * 1 in India’s time, while NSE is open');
    await form.fill('cron', 'often');
    await meaning('has 1 field');
  });
});

describeInBrowser('n8n: the form of Cron Market Hours', () => {
  let session: Session;
  let browser: Chromium;
  let editor: N8nEditor;

  beforeAll(async () => {
    session = await startN8n();
    const nodes = [{ id: '1', name: 'Check', type: '@bellwether/n8n-nodes-trading.cronMarketHours', typeVersion: 1, position: [0, 0], parameters: {} }];
    const workflow = await session.client.createWorkflow({ name: 'Schedules', nodes, connections: {} });
    browser = await Chromium.open();
    editor = new N8nEditor(browser.page, session.host.base);
    await editor.signIn(OWNER);
    await browser.page.goto(`${session.host.base}/workflow/${workflow.id}`, { waitUntil: 'domcontentloaded' });
    await editor.node('Check').waitFor();
  });

  afterAll(async () => {
    await browser.close();
    await session.host.dispose();
  });

  test('each way of firing has its own fields, and says what it means', async () => {
    const panel = await editor.openPanel('Check');
    const meaning = (text: string) => until(`the meaning "${text}"`, async () => (await browser.page.locator('[data-test-id="parameter-input-meaning"] input').inputValue()).includes(text) || undefined);
    await meaning('Every 5 minutes from the open of NSE');
    for (const [choice, , labels] of FIELDS) {
      await panel.choose('fires', choice);
      for (const label of labels) await panel.shows(label);
      expect((await panel.labels()).map((label) => label.replace(/ ?\(.*\)$/, '')).filter((label) => LABELS.includes(label))).toEqual(labels);
    }
    await panel.close();
  });
});
