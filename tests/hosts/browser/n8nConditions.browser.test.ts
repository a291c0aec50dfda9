import { until } from '../n8n/poll';
import { OWNER } from '../n8n/process';
import { startN8n, type Session } from '../n8n/session';
import { Chromium, describeInBrowser } from './chromium';
import { N8nEditor } from './n8nEditor';

jest.setTimeout(240_000);

const type = (name: string): string => `@bellwether/n8n-nodes-trading.${name}`;
const NODES = [
  { id: '1', name: 'Look', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
  { id: '2', name: 'Item', type: type('condition'), typeVersion: 1, position: [240, 0], parameters: { rows: { condition: [{ left: '5', operator: 'between', right: '={{ 2 + 2 }}', upper: '6' }], group: [{ combine: 'notAnd', members: { condition: [{ left: '1', right: '2' }] } }] } } },
  { id: '3', name: 'Text', type: type('condition'), typeVersion: 1, position: [240, 240], parameters: { mode: 'text', text: 'ema(9) crosses above ema(21)' } },
  { id: '4', name: 'Rows', type: type('condition'), typeVersion: 1, position: [240, 480], parameters: { rowsCombine: 'or', rows: { condition: [{ left: 'close', operator: 'is rising', candles: 3 }, { left: 'doji', operator: 'is true' }] } } },
  { id: '5', name: 'Averages', type: type('indicator'), typeVersion: 1, position: [560, 240], parameters: { results: { values: [{ indicator: 'macd' }] } } },
];

describeInBrowser('n8n: the forms of conditions and indicators', () => {
  let session: Session;
  let browser: Chromium;
  let editor: N8nEditor;

  beforeAll(async () => {
    session = await startN8n();
    const workflow = await session.client.createWorkflow({ name: 'Conditions', nodes: NODES, connections: { Look: { main: [[{ node: 'Item', type: 'main', index: 0 }]] } } });
    browser = await Chromium.open();
    editor = new N8nEditor(browser.page, session.host.base);
    await editor.signIn(OWNER);
    await browser.page.goto(`${session.host.base}/workflow/${workflow.id}`, { waitUntil: 'domcontentloaded' });
    await editor.node('Item').waitFor();
  });

  afterEach(async () => {
    const close = browser.page.locator('[data-test-id="ndv-close-button"]');
    if (await close.isVisible()) await close.click();
  });

  afterAll(async () => {
    await browser.close();
    await session.host.dispose();
  });

  const meaning = (text: string) => until(`the meaning "${text}"`, async () => (await browser.page.locator('[data-test-id="parameter-input-meaning"] input').inputValue()).includes(text) || undefined);

  test('rows show their columns, and what they mean', async () => {
    const panel = await editor.openPanel('Rows');
    await meaning('close is rising for 3 or doji');
    for (const label of ['Condition As', 'True When', 'Left', 'Operator', 'For Candles']) await panel.shows(label);
    expect(await panel.labels()).not.toContain('Right');
    await panel.choose('mode', 'Text');
    await panel.shows('Condition');
    expect(await panel.labels()).not.toContain('True When');
    await panel.close();
  });

  test('a text is understood while it is written; a slip is told with its column and remedy', async () => {
    const panel = await editor.openPanel('Text');
    await meaning('ema(9) crosses above ema(21)');
    await browser.page.locator('[data-test-id="parameter-input-text"] textarea').fill('ema(9) crosses above emma(21)');
    await meaning('Column 22: unknown name');
    await browser.page.locator('[data-test-id="parameter-input-meaning"]').click();
    await browser.page.locator('.el-select-dropdown__item:visible', { hasText: 'Did you mean ema?' }).waitFor();
    await browser.page.keyboard.press('Escape');
    await panel.close();
  });

  test('an indicator by choice says all that it will compute', async () => {
    const panel = await editor.openPanel('Averages');
    await meaning('indicators.macd.macd = macd(12, 26, 9).macd');
    expect(await panel.labels()).not.toContain('Expression');
    await panel.close();
  });

  test('rows with an expression decide in a run, and the output says why', async () => {
    await browser.page.locator('[data-test-id="execute-workflow-button"]').click();
    await editor.succeeded('Item');
    const panel = await editor.openPanel('Item');
    await panel.outputShows('True', '5 between 4 and 6 and not (1 > 2)');
    await panel.close();
  });

  test('no page has reported an error', () => {
    expect(browser.problems.filter((problem) => !/status of 401 .*\/rest\/login|status of 404 .*\/schemas\//.test(problem))).toEqual([]);
  });
});
