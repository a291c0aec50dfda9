import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { indiaTime } from '../../../runtime/domain/session';
import { NodeRed, ROOT, type FlowNode } from '../nodeRed/host';
import { Chromium, describeInBrowser } from './chromium';
import { NodeRedEditor } from './nodeRedEditor';

jest.setTimeout(120_000);

const PACKAGE = '@bellwether/n8n-nodes-trading';
const STRATEGY = 'EMA crossover';

/** Node-RED's own way to a page: a request, a backtest of the flow that is deployed beside it, its report as the answer. */
const REPORT_TAB: readonly FlowNode[] = [
  { id: 'page', type: 'tab', label: 'Page' },
  { id: 'asked', type: 'http in', z: 'page', name: 'Asked', url: '/report', method: 'get', x: 100, y: 100, wires: [['walk']] },
  { id: 'walk', type: 'bellwether-backtest', z: 'page', name: 'Walk', flowFrom: 'editor', flowName: STRATEGY, dataFrom: 'file', dataFile: 'SBIN.csv', symbol: 'SBIN', nodeKey: 'page-walk', x: 300, y: 100, wires: [['html'], ['refused']] },
  { id: 'html', type: 'change', z: 'page', name: 'Page', rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'html', tot: 'msg' }], x: 500, y: 100, wires: [['shown']] },
  { id: 'refused', type: 'json', z: 'page', name: 'Why', property: 'payload', action: 'str', x: 500, y: 200, wires: [['shown']] },
  { id: 'shown', type: 'http response', z: 'page', name: 'Shown', statusCode: '200', headers: { 'content-type': 'text/html; charset=utf-8' }, x: 700, y: 100, wires: [] },
];

/** Three days of a share that swings. */
function candles(): string {
  return ['01', '02', '03'].flatMap((day) => Array.from({ length: 375 }, (_, minute) => {
    const price = 450 + 8 * Math.sin((Number(day) * 375 + minute) / 40);
    return [indiaTime(`2022-06-${day}`, '09:15') + minute * 60_000, price.toFixed(2), (price + 0.5).toFixed(2), (price - 0.5).toFixed(2), (price + 0.1).toFixed(2), 100_000].join(',');
  })).join('\n');
}

describeInBrowser('a backtest in Node-RED', () => {
  let host: NodeRed;
  let browser: Chromium;
  let editor: NodeRedEditor;

  beforeAll(async () => {
    host = new NodeRed({ flows: [...REPORT_TAB] });
    const data = path.join(host.userDir, 'bellwether', 'data');
    mkdirSync(data, { recursive: true });
    writeFileSync(path.join(data, 'SBIN.csv'), candles());
    writeFileSync(path.join(data, `${STRATEGY}.json`), readFileSync(path.join(ROOT, 'flows/node-red', `${STRATEGY}.json`)));
    await host.start();
    browser = await Chromium.open();
    editor = new NodeRedEditor(browser.page, host.base);
    await editor.open();
  });
  afterAll(async () => {
    await browser.close();
    await host.dispose();
  });

  test('a person imports the example, deploys it, presses its button and sees what came of it under the node', async () => {
    await editor.importExample(PACKAGE, 'Backtest a flow');
    await editor.importExample(PACKAGE, STRATEGY);
    await editor.deploy();
    await editor.showTab('Backtest a flow');
    await editor.node('Walk').locator('.red-ui-flow-node-button').click();
    expect(await editor.status('Backtest', /, net /)).toEqual({ text: expect.stringMatching(/^\d+ trades, net −?₹[\d,.]+$/) as string, sign: 'dot-green' });
    expect(host.rows('select message from alerts')).toEqual([{ message: expect.stringMatching(/^EMA crossover: \d+ trades, net -?[\d.]+, drawdown [\d.]+ %$/) as string }]);
    expect(host.count('select count(*) from orders')).toBe(0);
  });

  test('the flow that is deployed is walked, and its report is a page with its trades', async () => {
    const page = await browser.page.context().newPage();
    await page.goto(`${host.base}/report`);
    await page.locator('#trades tbody tr').first().waitFor();
    expect(await page.locator('h1').textContent()).toContain(STRATEGY);
    expect(await page.locator('#equity canvas').count()).toBeGreaterThan(0);
    await page.close();
  });

  test('nothing went wrong in the page', () => {
    expect(browser.problems).toEqual([]);
  });
});
