import { AccountConfig, DEFAULT_ACCOUNT } from '../../domain/account';
import type { Command } from '../../domain/nodeContext';
import { orderFor } from '../../../tests/doubles/routerWorld';
import { asTestStep, testStepRefusal } from './testStep';

const live = AccountConfig.parse({ broker: 'openalgo', mode: 'live' });
const entry = orderFor();
const exit = { ...entry, purpose: 'exit' as const };
const position = { exchange: 'NSE', symbol: 'SBIN' } as never;

const SENDING: readonly Command[] = [
  { kind: 'place', request: entry }, { kind: 'place', request: exit }, { kind: 'basket', requests: [entry, exit], onLegFailure: 'stop', hedgeFirst: false },
  { kind: 'modify', target: { kind: 'order', orderId: 'o1' }, change: { quantity: 5 } }, { kind: 'cancelOrder', target: { kind: 'order', orderId: 'o1' } },
  { kind: 'close', position }, { kind: 'cancelAll', scope: 'account' },
  { kind: 'killSwitch', on: false, reason: 'test' }, { kind: 'rearm' },
];
const KEPT: readonly Command[] = [
  { kind: 'assess', request: entry }, { kind: 'killSwitch', on: true, reason: 'test' }, { kind: 'acquireLock', name: 'l', durationMs: 1 }, { kind: 'releaseLock', name: 'l' },
  { kind: 'alert', severity: 'info', message: 'm' },
];

test.each(SENDING.map((command) => [command.kind, command] as const))('a test step of an editor sends a live account no %s, and says why', (kind, command) => {
  const refusal = testStepRefusal(live, command, 'nothing');
  expect(refusal?.kind).toBe(kind);
  expect(JSON.stringify(refusal)).toMatch(/TEST_STEP_LIVE|is live: a test step sends it nothing/);
});

test('a basket is refused leg by leg', () => {
  expect(testStepRefusal(live, SENDING[2] ?? { kind: 'rearm' }, 'nothing')).toMatchObject({ legs: [{ outcomes: [{ kind: 'refused' }] }, { outcomes: [{ kind: 'refused' }] }] });
});

test.each(KEPT.map((command) => [command.kind, command] as const))('%s stays in the journal, and is allowed', (_kind, command) => {
  expect(testStepRefusal(live, command, 'nothing')).toBeUndefined();
});

test('a click on a deployed flow\'s button may get out of a live account, and not in', () => {
  expect(SENDING.map((command) => testStepRefusal(live, command, 'exits') !== undefined)).toEqual([true, false, true, true, false, false, false, false, false]);
});

test.each([{}, { broker: 'openalgo', mode: 'analyze' }, { broker: 'upstox', mode: 'sandbox' }])('%j is for trying out', (config) => {
  for (const command of [...SENDING, ...KEPT]) expect(testStepRefusal(AccountConfig.parse(config), command, 'nothing')).toBeUndefined();
});

test('a kill switch that is tried out on a live account closes nothing; elsewhere it does as it says', () => {
  const pull = { kind: 'killSwitch', on: true, flatten: true, reason: 'test' } as const;
  expect(asTestStep(live, pull, 'nothing')).toEqual({ ...pull, flatten: false });
  expect(asTestStep(live, pull, 'exits')).toEqual(pull);
  expect(asTestStep(DEFAULT_ACCOUNT, pull, 'nothing')).toEqual(pull);
});
