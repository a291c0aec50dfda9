import { VOCABULARY } from '../../../tests/doubles/conditionSeries';
import { conditionToGraph, formatCondition, graphToCondition, parseCondition } from './index';

const indicators = { rsi_14: 'rsi(14)', sma_20: 'sma(20)', macd_1: 'macd(12, 26, 9)', toString_: 'close' };
const indicator = (name: string, offset?: number) => ({ type: 'indicator', name, ...(offset === undefined ? {} : { offset }) });
const constant = (value: number | string) => ({ type: 'constant', value });
const group = (operator: string, ...conditions: unknown[]) => ({ type: 'group', operator, conditions });

function textOf(raw: unknown): string {
  const condition = graphToCondition(raw, { vocabulary: VOCABULARY, indicators });
  return condition.ok ? formatCondition(condition.value) : condition.denial.message;
}

test.each([
  [group('and', { id: 'cond-1', lhs: indicator('rsi_14', 0), operator: '<', rhs: constant(30) }), 'rsi(14) < 30'],
  [group('AND', { lhs: indicator('sma_20', 1), operator: 'crosses_above', rhs: { type: 'price', name: 'close', offset: 1 } }, { lhs: indicator('rsi_14'), operator: '==', rhs: constant('50') }), 'sma(20)[1] crosses above close[1] and rsi(14) = 50'],
  [group('or', { lhs: indicator('macd_1.signal'), operator: 'crossesBelow', rhs: indicator('macd_1.histogram') }, group('not', { lhs: indicator('hammer'), operator: 'is true' })), 'macd(12, 26, 9).signal crosses below macd(12, 26, 9).histogram or not (hammer)'],
  [group('not', group('or', { lhs: indicator('close'), operator: 'gt', rhs: constant(1) }, { lhs: indicator('rsi_14'), operator: 'between', rhs: [constant(30), constant(70)] })), 'not (close > 1 or rsi(14) between 30 and 70)'],
  [{ lhs: indicator('rsi(9)@1h'), operator: 'IS_RISING', candles: 3 }, 'rsi(9)@1h is rising for 3'],
])('a graph means its text (%#)', (raw, text) => expect(textOf(raw)).toBe(text));

test.each([
  [group('and', { id: 'cond-7', lhs: indicator('rsi_15'), operator: '<', rhs: constant(30) }), 'Row cond-7, left side, column 1: unknown name "rsi_15"'],
  [group('and', { id: 'cond-7', lhs: indicator('rsi_14'), operator: '=<', rhs: constant(30) }), 'Condition cond-7 has the unknown operator "=<".'],
  [group('and', { lhs: indicator('rsi_14'), operator: 'constructor', rhs: constant(30) }), 'A condition has the unknown operator "constructor".'],
  [group('and', { lhs: indicator('toString'), operator: '<', rhs: constant(30) }), 'Row 1, left side, column 1: unknown name "toString"'],
  [group('and', { id: 'c', lhs: indicator('rsi_14'), operator: '<' }), 'Row c, right side is empty.'],
  [group('and'), 'The condition has no rows.'],
])('a graph that means nothing is refused with its id (%#)', (raw, message) => expect(textOf(raw)).toBe(message));

test.each([[null], [7], [{}], [group('xor')], [group('and', { lhs: {}, operator: '<' })], [group('and', 5)]])('what is no graph is refused: %j', (raw) => {
  expect(graphToCondition(raw, { vocabulary: VOCABULARY })).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', field: 'conditions' } });
});

test('a graph that is too deep is refused before it is walked', () => {
  let deep: unknown = { lhs: indicator('close'), operator: '>', rhs: constant(1) };
  for (let level = 0; level < 50_000; level += 1) deep = group('and', deep);
  expect(textOf(deep)).toMatch(/larger than a condition/);
});

test('a condition has the form of a graph', () => {
  const parsed = parseCondition('rsi(14)[1] < 30 and not (close > open or hammer)', VOCABULARY);
  expect(parsed.ok && conditionToGraph(parsed.value)).toEqual(group('and',
    { lhs: indicator('rsi(14)', 1), operator: '<', rhs: constant(30) },
    group('not', group('or', { lhs: indicator('close', 0), operator: '>', rhs: indicator('open', 0) }, { lhs: indicator('hammer', 0), operator: 'is_true' }))));
});
