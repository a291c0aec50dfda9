import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Chromium, describeInBrowser } from '../browser/chromium';
import { NodeRed, ROOT } from './host';

jest.setTimeout(120_000);

/** Who is on the canvas: id, key and address of every node of ours. */
interface Keyed {
  readonly id: string;
  readonly type: string;
  readonly nodeKey: string;
  readonly token?: string;
}

// The editor's own objects are reached by text: this project's sources know no browser types.
const KEYED = 'const found = []; RED.nodes.eachNode((n) => { if (n.type.startsWith("bellwether-")) found.push({ id: n.id, type: n.type, nodeKey: n.nodeKey, token: n.token }); }); found';
const example = readFileSync(path.join(ROOT, 'flows/node-red/TradingView alert to order.json'), 'utf8');

describeInBrowser('keys of nodes in the Node-RED editor', () => {
  let host: NodeRed;
  let chromium: Chromium;

  beforeAll(async () => {
    host = await new NodeRed().start();
    chromium = await Chromium.open();
  });

  afterAll(async () => {
    await chromium.close();
    await host.dispose();
  });

  beforeEach(async () => {
    await host.deploy([]);
    await chromium.page.goto(host.base);
    await chromium.page.locator('.red-ui-palette-node[data-palette-type="bellwether-place-order"]').waitFor({ state: 'attached' });
    await chromium.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  });

  const keyed = async (): Promise<Keyed[]> => chromium.page.evaluate<Keyed[]>(`(() => { ${KEYED.replace('; found', '; return found')} })()`);
  const importText = (text: string): Promise<unknown> => chromium.page.evaluate(`RED.view.importNodes(${JSON.stringify(text)}, { generateIds: true })`);

  test('an imported example keeps its node keys and gets an address of its own', async () => {
    await importText(example);
    const nodes = await keyed();
    expect(nodes.map(({ nodeKey }) => nodeKey).sort()).toEqual(['tv-alert', 'tv-gate', 'tv-order', 'tv-refused', 'tv-trigger']);
    expect(nodes.find(({ type }) => type === 'bellwether-tradingview-trigger')?.token).toMatch(/^[0-9a-f]{48}$/);
  });

  test('the same example imported again gets keys and an address of its own', async () => {
    await importText(example);
    await importText(example);
    const nodes = await keyed();
    expect(nodes).toHaveLength(10);
    expect(new Set(nodes.map(({ nodeKey }) => nodeKey)).size).toBe(10);
    expect(new Set(nodes.flatMap(({ token }) => token ?? [])).size).toBe(2);
  });

  test('a node from the palette is keyed by its id; copies get their own', async () => {
    const palette = chromium.page.locator('.red-ui-palette-node[data-palette-type="bellwether-tradingview-trigger"]');
    await palette.dragTo(chromium.page.locator('#red-ui-workspace-chart'), { targetPosition: { x: 300, y: 200 } });
    const [placed] = await keyed();
    expect(placed?.nodeKey).toBe(placed?.id);
    expect(placed?.token).toMatch(/^[0-9a-f]{48}$/);
    await chromium.page.evaluate("RED.actions.invoke('core:select-all-nodes'); RED.actions.invoke('core:copy-selection-to-internal-clipboard'); RED.actions.invoke('core:paste-from-internal-clipboard')");
    await chromium.page.locator('#red-ui-workspace-chart').click({ position: { x: 300, y: 400 } });
    const nodes = await keyed();
    expect(nodes).toHaveLength(2);
    expect(nodes.map(({ nodeKey }) => nodeKey)).toEqual(nodes.map(({ id }) => id));
    expect(new Set(nodes.map(({ token }) => token)).size).toBe(2);
  });

  test('a node that was deployed without keys gets the key that the runtime used for it', async () => {
    await host.deploy([{ id: 'tab', type: 'tab', label: 'Bare' }, { id: 'bare', type: 'bellwether-alert', z: 'tab', x: 100, y: 100, wires: [[]] }]);
    await chromium.page.reload();
    await chromium.page.locator('g.red-ui-flow-node-group').first().waitFor();
    expect(await keyed()).toMatchObject([{ id: 'bare', nodeKey: 'bare' }]);
  });

  test('nothing went wrong in the editor', () => {
    expect(chromium.problems).toEqual([]);
  });
});
