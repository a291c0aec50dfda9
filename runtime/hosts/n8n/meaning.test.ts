import { condition } from '../../../nodes/Condition/definition';
import { indicator } from '../../../nodes/Indicator/definition';
import { BROKER, describeAction } from './description';
import { meaningOptions } from './meaning';

test('the meaning of a text, of rows and of results is the one option of its choice', () => {
  expect(meaningOptions(condition, { mode: 'text', text: 'ema( 9 )>70' })).toEqual([{ name: 'ema(9) > 70 · Looks at ema(9).', value: 'shown', description: 'Looks at ema(9).' }]);
  expect(meaningOptions(condition, { rowsCombine: 'or', rows: { condition: [{ left: 'close', right: '1' }, { left: 'doji', operator: 'is true' }] } })).toMatchObject([{ name: 'close > 1 or doji · Looks at close, doji.' }]);
  expect(meaningOptions(indicator, { results: { values: [{ parameters: '9', name: 'fast' }, { indicator: 'rsi' }] } })).toEqual([{ name: 'indicators.fast = ema(9) · indicators.rsi_14 = rsi(14)', value: 'shown', description: 'indicators.rsi_14 = rsi(14)' }]);
});

test('what is wrong is told with its place and its remedy', () => {
  expect(meaningOptions(condition, { mode: 'text', text: 'emma(9) > 1' })).toEqual([{ name: '⚠ Column 1: unknown name "emma"', value: 'shown', description: 'Did you mean ema?' }]);
});

test('nothing is made up for an empty form or an expression', () => {
  expect(meaningOptions(condition, {})).toEqual([{ name: 'Nothing yet', value: 'shown' }]);
  expect(meaningOptions(condition, { mode: 'text', text: '={{ $json.text }}' })).toMatchObject([{ name: expect.stringContaining('when the node runs') as string }]);
});

test('it stands behind the last field that it follows from, and follows all of them', () => {
  const { properties } = describeAction(condition);
  const shown = properties.filter(({ name }) => name !== BROKER);
  const names = shown.map(({ name }) => name);
  expect(names.slice(0, 5)).toEqual(['mode', 'rowsCombine', 'rows', 'text', 'meaning']);
  expect(shown[4]?.typeOptions).toEqual({ loadOptionsMethod: 'meaning', loadOptionsDependsOn: expect.arrayContaining(['mode', 'rows', 'rowsCombine', 'text']) as string[] });
});

test('only nodes that read are offered to agents', () => {
  expect(describeAction(condition).usableAsTool).toBe(true);
});
