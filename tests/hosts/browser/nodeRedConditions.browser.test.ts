import { z } from 'zod';
import { condition } from '../../../nodes/Condition/definition';
import { ResultRow } from '../../../nodes/Indicator/rows';
import { ROW_OPERATORS, RowGroup } from '../../../runtime/domain/condition';
import { NodeRed, type FlowNode } from '../nodeRed/host';
import { Chromium, describeInBrowser } from './chromium';
import { faintTexts } from './contrast';
import { NodeRedEditor } from './nodeRedEditor';
import type { NodeRedForm } from './nodeRedForm';

jest.setTimeout(120_000);

const saved = { account: '', mode: 'rows', rows: { kind: 'group', operator: 'and', rows: [] }, text: '', exchange: '', symbol: '', timeframe: '', whenUnknown: 'unknown', convention: 'talib' };
const TABLE: RowGroup = { kind: 'group', operator: 'or', not: true, rows: [
  { kind: 'row', left: 'rsi(14)', operator: 'between', right: '40', upper: '70' },
  { kind: 'group', operator: 'and', rows: [{ kind: 'row', left: 'ema(50)@1h', operator: 'is rising', candles: 2 }, { kind: 'row', left: 'bullish engulfing', operator: 'is true' }, { kind: 'row', left: 'close[1]', operator: '!=', right: 'open[1]' }] },
] };
const TABLE_TEXT = 'not (rsi(14) between 40 and 70 or (ema(50)@1h is rising for 2 and bullish engulfing and close[1] != open[1]))';
const flows: readonly FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'Conditions', disabled: false },
  { id: 'look', type: 'inject', z: 'tab', name: 'Look', props: [{ p: 'payload' }], payload: '{"indicators":{"fast":101}}', payloadType: 'json', x: 120, y: 100, wires: [['item']] },
  { id: 'item', type: 'bellwether-condition', z: 'tab', name: 'Item', ...saved, mode: 'text', text: 'indicators.fast > 100', x: 320, y: 100, wires: [[], [], []] },
  { id: 'fresh', type: 'bellwether-condition', z: 'tab', name: 'Fresh', ...saved, x: 320, y: 180, wires: [[], [], []] },
  { id: 'table', type: 'bellwether-condition', z: 'tab', name: 'Table', ...saved, rows: TABLE, x: 320, y: 260, wires: [[], [], []] },
  { id: 'averages', type: 'bellwether-indicator', z: 'tab', name: 'Averages', exchange: '', symbol: 'SBIN', timeframe: '', results: [{ indicator: 'ema', parameters: '9', name: 'fast' }], previous: '', several: 'each', convention: 'talib', x: 320, y: 340, wires: [[]] },
];

describeInBrowser('Node-RED: the forms of conditions and indicators', () => {
  let host: NodeRed;
  let browser: Chromium;
  let editor: NodeRedEditor;

  beforeAll(async () => {
    host = await new NodeRed({ flows }).start();
    browser = await Chromium.open();
    editor = new NodeRedEditor(browser.page, host.base);
    await editor.open();
    await editor.showTab('Conditions');
  });

  afterEach(() => editor.closeForms());

  afterAll(async () => {
    await browser.close();
    await host.dispose();
  });

  const meaning = (text: string | RegExp) => browser.page.locator('[data-bellwether-meaning]', { hasText: text }).waitFor();
  const cell = (name: string, at = 0) => browser.page.locator(`[data-cell="${name}"]:visible`).nth(at);
  /** A property of a node as the editor holds it now. */
  const property = async (id: string, name: string): Promise<unknown> => JSON.parse(z.string().parse(await browser.page.evaluate(`JSON.stringify(RED.nodes.node("${id}").${name})`)));

  async function done(form: NodeRedForm): Promise<void> {
    await browser.page.locator('#node-dialog-ok').click();
    await browser.page.locator('.bellwether-form').waitFor({ state: 'detached' });
    expect(await form.isOpen()).toBe(false);
  }

  test('an empty table waits with one row, whose operators are those of the schema', async () => {
    const form = await editor.openForm('Fresh');
    expect(await browser.page.locator('[data-bellwether-comparison]').count()).toBe(1);
    const options = await cell('operator').locator('option').evaluateAll((all: readonly { readonly value?: string }[]) => all.map(({ value }) => value));
    expect(options).toEqual([...ROW_OPERATORS]);
    await done(form);
    expect(await property('fresh', 'rows')).toEqual(condition.params.parse({}).rows);
  });

  test('a row and a group are written, understood and saved as the schema wants them', async () => {
    const form = await editor.openForm('Fresh');
    await cell('left').fill('ema(9)');
    await cell('operator').selectOption('crosses above');
    await cell('right').fill('ema(21)');
    await meaning('ema(9) crosses above ema(21)');
    await browser.page.locator('.red-ui-editableList-addButton:visible', { hasText: 'group' }).last().click();
    await cell('left', 1).fill('close');
    await cell('right', 1).fill('emma(9)');
    await meaning('Row 2.1, right side, column 1: unknown name "emma"');
    await meaning('Did you mean ema?');
    await cell('right', 1).fill('vwap');
    await meaning('ema(9) crosses above ema(21) and close > vwap');
    expect(await faintTexts(browser.page.locator('.bellwether-meaning > div'), 4.5)).toEqual([]);
    await done(form);
    const rows = await property('fresh', 'rows');
    expect(RowGroup.parse(rows)).toEqual({ kind: 'group', operator: 'and', rows: [{ kind: 'row', left: 'ema(9)', operator: 'crosses above', right: 'ema(21)' }, { kind: 'group', operator: 'or', rows: [{ kind: 'row', left: 'close', operator: '>', right: 'vwap' }] }] });
  });

  test('opening and closing a form changes nothing of its table', async () => {
    await done(await editor.openForm('Table'));
    expect(await property('table', 'rows')).toEqual(TABLE);
  });

  test('switching between rows and text carries the condition over, both ways', async () => {
    const form = await editor.openForm('Table');
    await meaning(TABLE_TEXT);
    await form.choose('mode', 'Text');
    await browser.page.locator('#node-input-text').and(browser.page.locator(':visible')).waitFor();
    await meaning(TABLE_TEXT);
    expect(await browser.page.locator('#node-input-text').inputValue()).toBe(TABLE_TEXT);
    await form.fill('text', 'close > 2% of vwap or doji');
    await meaning('close > 2% of vwap or doji');
    await form.choose('mode', 'Rows');
    await browser.page.locator('[data-bellwether-comparison]:visible').nth(2).waitFor({ state: 'hidden' });
    expect(await browser.page.locator('[data-cell="left"]:visible').evaluateAll((all: readonly { readonly value?: string }[]) => all.map(({ value }) => value))).toEqual(['close', 'doji']);
  });

  test('a slip in a text is marked at its place', async () => {
    const form = await editor.openForm('Item');
    await form.fill('text', 'ema(9) crosses above emma(21)');
    await meaning('Column 22: unknown name "emma"');
    expect(await browser.page.locator('.bellwether-pointer mark').textContent()).toBe('emma');
  });

  test('words are proposed while a cell is typed', async () => {
    await editor.openForm('Fresh');
    await cell('left').fill('');
    await cell('left').pressSequentially('supert');
    const proposal = browser.page.locator('.red-ui-autoComplete-container', { hasText: 'supertrend(' });
    await proposal.waitFor();
    await browser.page.keyboard.press('Enter');
    await proposal.waitFor({ state: 'hidden' });
    expect(await cell('left').inputValue()).toBe('supertrend(');
  });

  test('an indicator is chosen with its parameters or written as an expression, and the form says what it will compute', async () => {
    const form = await editor.openForm('Averages');
    await meaning('indicators.fast = ema(9)');
    await form.addRow('results');
    const row = browser.page.locator('.bellwether-cells').last();
    const shown = () => row.locator('[data-bellwether-cell]:visible').evaluateAll((all: readonly { getAttribute(name: string): string | null }[]) => all.map((input) => input.getAttribute('data-bellwether-cell')));
    expect(await shown()).toEqual(['indicator', 'parameters', 'timeframe', 'name']);
    await row.locator('[data-bellwether-cell="indicator"]').selectOption('macd');
    await meaning('indicators.macd.signal = macd(12, 26, 9).signal');
    await row.locator('[data-bellwether-cell="indicator"]').selectOption('expression');
    expect(await shown()).toEqual(['indicator', 'expression', 'name']);
    await row.locator('[data-bellwether-cell="expression"]').fill('close - vwap');
    await meaning('indicators.close_vwap = close - vwap');
    await done(form);
    expect(z.array(ResultRow).parse(await property('averages', 'results'))).toMatchObject([{ indicator: 'ema', parameters: '9', name: 'fast' }, { indicator: 'expression', expression: 'close - vwap' }]);
  });

  test('a deployed condition over the item decides, and its status says how', async () => {
    await host.inject('look');
    expect(await editor.status('Item', /true/)).toEqual({ text: 'true', sign: 'dot-green' });
  });

  test('no page has reported an error', () => {
    expect(browser.problems).toEqual([]);
  });
});
