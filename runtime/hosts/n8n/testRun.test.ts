import type { WorkflowExecuteMode } from 'n8n-workflow';
import { isTestRun } from './testRun';

const host = (mode: WorkflowExecuteMode, root?: string) => ({ getMode: () => mode, additionalData: { rootExecutionMode: root, anything: {} } });

test.each([['manual', true], ['chat', true], ['evaluation', true], ['trigger', false], ['webhook', false], ['retry', false], ['error', false]] as const)('a run in mode %s is a test step: %s', (mode, is) => {
  expect(isTestRun(host(mode))).toBe(is);
});

test.each([['manual', true], ['trigger', false], [undefined, false]])('a sub-workflow of a run in mode %s: %s', (root, is) => {
  expect(isTestRun(host('integrated', root))).toBe(is);
});

test('an n8n that does not tell the outermost mode goes by the node\'s own', () => {
  expect([isTestRun({ getMode: () => 'manual' }), isTestRun({ getMode: () => 'trigger' })]).toEqual([true, false]);
});
