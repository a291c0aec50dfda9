import * as definitions from '../../../nodes';
import { readFlow } from '../replay';
import { checkFlow, RULE_CODES, RULES, type CheckOptions, type RuleCode } from '.';

type Values = Readonly<Record<string, unknown>>;
interface Made {
  readonly type: string;
  readonly parameters?: Values;
  /** Node names by output. */
  readonly to?: readonly (readonly string[])[];
}
type Drawn = Readonly<Record<string, Made>>;

const OPTIONS = { options: { strategyId: 's' } };
const trigger = (to: readonly string[], parameters: Values = {}): Made => ({ type: 'marketTrigger', parameters: { fires: 'condition', symbols: 'SBIN', condition: 'rsi(14) < 30', ...OPTIONS, ...parameters }, to: [to] });
const gate = (approved: readonly string[], parameters: Values = {}): Made => ({ type: 'riskGate', parameters: { action: 'BUY', sizing: { quantity: 1 }, ...OPTIONS, ...parameters }, to: [approved, ['Alert']] });
const order = (parameters: Values = {}): Made => ({ type: 'placeOrder', parameters: { protection: { stop: '1%' }, ...OPTIONS, nodeKey: 'order', ...parameters }, to: [[], ['Alert']] });
const alert: Made = { type: 'alert', parameters: { message: 'Refused', ...OPTIONS } };
const closeAll: Drawn = {
  Evening: { type: 'cronMarketHours', parameters: { fires: 'beforeClose', ...OPTIONS }, to: [['Close All']] },
  'Close All': { type: 'position', parameters: { operation: 'closeAll', ...OPTIONS } },
};
const GOOD: Drawn = { Enter: trigger(['Gate']), Gate: gate(['Order']), Order: order(), Alert: alert, ...closeAll };
const change: Made = { type: 'n8n-nodes-base.set', parameters: { assignments: { assignments: [{ id: '1', name: 'quantity', type: 'number', value: 900 }] }, includeOtherFields: true, options: {} }, to: [['Order']] };
const noOp = (to: readonly string[]): Made => ({ type: 'n8n-nodes-base.noOp', to: [to] });
const without = (...names: readonly string[]): Drawn => Object.fromEntries(Object.entries(GOOD).filter(([name]) => !names.includes(name)));

function found(drawn: Drawn, options: Omit<CheckOptions, 'document'> = {}): ReturnType<typeof checkFlow> {
  const nodes = Object.entries(drawn).map(([name, { type, parameters = {} }], index) => ({
    id: name, name, type: type.includes('.') ? type : `@bellwether/n8n-nodes-trading.${type}`, typeVersion: type.endsWith('.set') ? 3.4 : 1, position: [index * 200, 0], parameters: { nodeKey: name, ...parameters },
  }));
  const connections = Object.fromEntries(Object.entries(drawn).map(([name, { to = [] }]) => [name, { main: to.map((targets) => targets.map((node) => ({ node, type: 'main', index: 0 }))) }]));
  const read = readFlow({ name: 'drawn', nodes, connections, settings: { executionOrder: 'v1' } }, Object.values(definitions));
  if (!read.ok) throw new Error(read.denial.message);
  return checkFlow(read.value.graph, { document: read.value.document, ...options });
}

interface Case {
  readonly code: RuleCode;
  readonly bad: Drawn;
  /** What is named, the first to look at. */
  readonly names: readonly string[];
  readonly good?: Drawn;
}

const CASES: readonly Case[] = [
  { code: 'order-without-gate', bad: { ...GOOD, Enter: trigger(['Order']) }, names: ['Order', 'Enter'] },
  { code: 'order-without-gate', bad: { ...GOOD, Gate: { ...gate([]), to: [[], ['Order']] } }, names: ['Order', 'Enter'] },
  { code: 'order-without-gate', bad: { ...GOOD, Gate: { ...gate(['Order']), parameters: { operation: 'status', ...OPTIONS } } }, names: ['Order', 'Enter'] },
  { code: 'entry-without-exit', bad: { ...without('Evening', 'Close All'), Order: order({ protection: {} }) }, names: ['Order'], good: { ...without('Evening', 'Close All') } },
  { code: 'entry-without-exit', bad: { ...GOOD, Order: order({ protection: {} }), 'Close All': { type: 'position', parameters: { operation: 'closeAll', options: { strategyId: 'another' } } } }, names: ['Order'], good: { ...GOOD, Order: order({ protection: {} }) } },
  { code: 'fires-twice', bad: { ...GOOD, Enter: trigger(['Gate', 'Copy']), Copy: noOp(['Gate']) }, names: ['Order', 'Enter'], good: { ...GOOD, Enter: trigger(['Look']), Look: { type: 'condition', parameters: { mode: 'text', text: 'close > 5' }, to: [['Gate'], ['Gate'], []] } } },
  { code: 'triggers-double', bad: { ...GOOD, 'Enter Too': trigger(['Gate'], { condition: 'rsi(14)<30', symbols: 'TCS, SBIN' }) }, names: ['Enter', 'Enter Too'], good: { ...GOOD, 'Enter Too': trigger(['Gate'], { symbols: 'TCS' }) } },
  { code: 'triggers-double', bad: { ...GOOD, 'Enter Too': trigger(['Gate']) }, names: ['Enter', 'Enter Too'], good: { ...GOOD, 'Enter Too': trigger(['Gate'], { condition: 'rsi(14) < 20' }) } },
  { code: 'forming-candle', bad: { ...GOOD, Enter: trigger(['Look'], { fires: 'tick' }), Look: { type: 'condition', parameters: { mode: 'text', text: 'rsi(14) < 30' }, to: [['Gate']] } }, names: ['Enter', 'Look', 'Order'], good: { ...GOOD, Enter: trigger(['Look'], { fires: 'candle' }), Look: { type: 'condition', parameters: { mode: 'text', text: 'rsi(14) < 30' }, to: [['Gate']] } } },
  { code: 'forming-candle', bad: { ...GOOD, Enter: trigger(['Data']), Data: { type: 'marketData', parameters: { operation: 'candles', forming: true, options: { strategyId: 's', forming: true } }, to: [['Look']] }, Look: { type: 'condition', parameters: { mode: 'text', text: 'candle.close > 30' }, to: [['Gate']] } }, names: ['Data', 'Look', 'Order'] },
  { code: 'symbol-unresolved', bad: { ...GOOD, Enter: trigger(['Gate'], { symbols: 'SBIN, NFO:NIFTY' }) }, names: ['Enter'], good: { ...GOOD, Enter: trigger(['Gate'], { symbols: 'SBIN, NFO:NIFTY29DEC26FUT' }) } },
  { code: 'symbol-unresolved', bad: { ...GOOD, Enter: { type: 'cronMarketHours', parameters: OPTIONS, to: [['Gate']] } }, names: ['Gate', 'Enter'], good: { ...GOOD, Enter: { type: 'cronMarketHours', parameters: OPTIONS, to: [['Gate']] }, Gate: gate(['Order'], { symbol: 'SBIN' }) } },
  { code: 'no-kill-path', bad: without('Evening', 'Close All'), names: ['Order'], good: { ...without('Evening', 'Close All'), Kill: { type: 'riskGate', parameters: { operation: 'killSwitch' } } } },
  { code: 'node-key-twice', bad: { ...GOOD, Alert: { ...alert, parameters: { message: 'Refused', nodeKey: 'order' } } }, names: ['Order', 'Alert'] },
  { code: 'strategy-missing', bad: { ...GOOD, Order: order({ options: {} }) }, names: ['Order'] },
  { code: 'strategy-missing', bad: { ...GOOD, 'Close All': { type: 'position', parameters: { operation: 'closeAll', options: { strategyId: 'another' } } } }, names: ['Close All'] },
  { code: 'order-unreached', bad: { ...GOOD, Gate: gate([]) }, names: ['Order'] },
  { code: 'refusal-unwired', bad: { ...GOOD, Gate: { ...gate([]), to: [['Order'], []] } }, names: ['Gate'] },
  { code: 'live-without-square-off', bad: { ...without('Evening', 'Close All'), Order: order({ broker: 'upstox' }) }, names: ['Order'], good: { ...GOOD, Order: order({ broker: 'upstox' }) } },
  { code: 'parameters-refused', bad: { ...GOOD, Enter: trigger(['Gate'], { condition: 'rsi(14 < 30' }) }, names: ['Enter'] },
  { code: 'parameters-refused', bad: { ...GOOD, Enter: trigger(['Gate'], { timeframe: '7 moons' }) }, names: ['Enter'] },
  { code: 'changed-after-gate', bad: { ...GOOD, Gate: gate(['Change']), Change: change }, names: ['Change', 'Gate', 'Order'], good: { ...GOOD, Enter: trigger(['Change']), Change: { ...change, to: [['Gate']] } } },
  { code: 'changed-after-gate', bad: { ...GOOD, Gate: gate(['Code']), Code: { type: 'n8n-nodes-base.code', to: [['Order']] } }, names: ['Code', 'Gate', 'Order'] },
  { code: 'cycle', bad: { ...GOOD, Order: { ...order(), to: [['Back'], ['Alert']] }, Back: noOp(['Gate']) }, names: ['Gate', 'Order', 'Back'] },
];

test('a flow in which every rule is kept has no finding', () => {
  expect(found(GOOD)).toEqual([]);
});

test.each(CASES.map((each, index) => [`${each.code} (${index})`, each] as const))('%s', (_name, { code, bad, names, good = GOOD }) => {
  expect(found(bad).filter((finding) => finding.code === code)).toEqual([expect.objectContaining({ nodes: names })]);
  expect(found(good).filter((finding) => finding.code === code)).toEqual([]);
});

test('every rule has a case, a source and a remedy', () => {
  expect([...new Set(CASES.map(({ code }) => code))].toSorted()).toEqual(RULE_CODES.toSorted());
  expect(RULES.map(({ code }) => code).toSorted()).toEqual(RULE_CODES.toSorted());
  expect(RULES.filter(({ source, remedy, title }) => [source, remedy, title].includes(''))).toEqual([]);
});

test('what a person starts by hand may go without a gate, with a warning', () => {
  const byHand = found({ ...GOOD, Press: { type: 'n8n-nodes-base.manualTrigger', to: [['Order']] } });
  expect(byHand.filter(({ code }) => code === 'order-without-gate')).toEqual([expect.objectContaining({ severity: 'warning', nodes: ['Order', 'Press'] })]);
});

test('an order behind a Catch in Node-RED is reached without a gate', () => {
  const red = [
    { id: 'c', type: 'catch', z: 't', name: 'Oops', scope: null, uncaught: false, x: 0, y: 0, wires: [['o']] },
    { id: 'o', type: 'bellwether-place-order', z: 't', name: 'Order', action: 'SELL', symbol: 'SBIN', quantity: '1', stop: '1%', strategyId: 's', nodeKey: 'k', x: 0, y: 0, wires: [[], []] },
  ];
  const read = readFlow(red, Object.values(definitions));
  expect(read.ok ? checkFlow(read.value.graph) : []).toContainEqual(expect.objectContaining({ code: 'order-without-gate', severity: 'error', nodes: ['Order', 'Oops'] }));
});

test('an order that is an exit is one, and needs none', () => {
  const drawn = { ...without('Evening', 'Close All'), Order: order({ protection: {} }), Out: trigger(['Leave']), Leave: { type: 'placeOrder', parameters: { action: 'EXIT', ...OPTIONS }, to: [[], ['Alert']] } };
  expect(found(drawn).filter(({ code }) => code === 'entry-without-exit')).toEqual([]);
});

test('a symbol is looked up where instruments are known', () => {
  expect(found(GOOD, { isListed: (_exchange, symbol) => symbol !== 'SBIN' })).toEqual([expect.objectContaining({ code: 'symbol-unresolved', nodes: ['Enter'] })]);
});

test('an order inside a circle is an error, and errors come first', () => {
  const circle = found({ ...GOOD, Order: { ...order(), to: [['Gate'], []] } });
  expect(circle.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['error cycle', 'warning refusal-unwired']);
});

test('an order that follows closed candles by itself is not taken for one on forming ones', () => {
  const asks = { ...GOOD, Enter: trigger(['Look'], { fires: 'tick' }), Look: { type: 'condition', parameters: { mode: 'text', text: 'rsi(14) < 30 and candle.closed' }, to: [['Gate']] } };
  expect(found(asks).filter(({ code }) => code === 'forming-candle')).toEqual([]);
});
