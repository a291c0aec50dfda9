import * as definitions from '../../../../nodes';
import { valueOf } from '../../../../tests/doubles/triggerWorld';
import { deny } from '../../../domain/denial';
import type { Envelope } from '../../../domain/envelope';
import type { RunResult } from '../../run';
import { readN8n } from '../readN8n';
import { readNodeRed } from '../readNodeRed';
import { createWalker, type Walk } from './index';

const ALL = Object.values(definitions);
type Answer = (node: string, item: Envelope) => RunResult;

/** Names of the nodes that had a turn, with what they were given; each hands on what it gets unless `answer` says otherwise. */
function walked(walk: Walk, answer: Answer = passOn): readonly string[] {
  const turns: string[] = [];
  let next = walk.next();
  while (next.done !== true) {
    const turn = next.value;
    if (turn.kind === 'failed') {
      turns.push(`${turn.node.name} failed: ${turn.denial.message}`);
      next = walk.next(undefined);
    } else {
      turns.push(`${turn.node.name} ${String(turn.item.quantity)}${turn.values === undefined ? '' : ` with ${String(turn.values['message'])}`}`);
      next = walk.next(answer(turn.node.name, turn.item));
    }
  }
  return turns;
}

const first = (name: string): string => (name.startsWith('Gate') ? 'approved' : 'result');
const passOn: Answer = (name, item) => ({ kind: 'emitted', emissions: [{ port: first(name), item }] });
const raised: RunResult = { kind: 'raised', ...deny('UNKNOWN_SYMBOL', 'No such symbol.') };

describe('n8n', () => {
  const node = (name: string, type: string, y: number, parameters: object = {}, more: object = {}) => ({ id: name, name, type: type.includes('.') ? type : `@bellwether/n8n-nodes-trading.${type}`, typeVersion: type.endsWith('if') ? 2.2 : type.endsWith('merge') ? 3.2 : 1, position: [0, y], parameters, ...more });
  const walker = (nodes: readonly object[], wires: Readonly<Record<string, readonly (readonly (string | readonly [string, number])[])[]>>, executionOrder = 'v1') => createWalker(valueOf(readN8n({
    name: 'w', nodes, settings: { executionOrder },
    connections: Object.fromEntries(Object.entries(wires).map(([from, outputs]) => [from, { main: outputs.map((targets) => targets.map((target) => (typeof target === 'string' ? { node: target, index: 0 } : { node: target[0], index: target[1] }))) }])),
  }, ALL)));
  const FORK = [node('Gate', 'riskGate', 0), node('Low', 'alert', 200), node('Under low', 'alert', 200), node('High', 'alert', 100), node('Under high', 'alert', 0)];
  const FORKED = { Gate: [['Low', 'High']], Low: [['Under low']], High: [['Under high']] };

  test('finishes the upper branch before it begins the lower; the old order goes on in both by turns', () => {
    expect(walked(walker(FORK, FORKED).into('Gate', { quantity: 1 }, 's'))).toEqual(['Gate 1', 'High 1', 'Under high 1', 'Low 1', 'Under low 1']);
    expect(walked(walker(FORK, FORKED, 'v0').into('Gate', { quantity: 1 }, 's'))).toEqual(['Gate 1', 'Low 1', 'High 1', 'Under low 1', 'Under high 1']);
  });

  test('gives a node all items of an output at once; an error ends the execution after the last of them', () => {
    const two: Answer = (name, item) => (name === 'Gate' ? { kind: 'emitted', emissions: [1, 2].map((quantity) => ({ port: 'approved', item: { quantity } })) } : name === 'High' && item.quantity === 1 ? raised : passOn(name, item));
    expect(walked(walker(FORK, FORKED).into('Gate', { quantity: 0 }, 's'), two)).toEqual(['Gate 0', 'High 1', 'High 2']);
  });

  test.each([['continueErrorOutput', ['Gate 1', 'Errors 1']], ['continueRegularOutput', ['Gate 1', 'Refused undefined']]])('%s: a failed item leaves where it was told to', (onError, turns) => {
    const nodes = [node('Gate', 'riskGate', 0, {}, { onError }), node('Fine', 'alert', 0), node('Refused', 'alert', 0), node('Errors', 'alert', 0)];
    expect(walked(walker(nodes, { Gate: [['Fine'], ['Refused'], ...(onError === 'continueErrorOutput' ? [['Errors']] : [])] }).into('Gate', { quantity: 1 }, 's'), (name, item) => (name === 'Gate' ? raised : passOn(name, item)))).toEqual(turns);
  });

  test('an expression in a node of ours is read for each item', () => {
    const nodes = [node('Gate', 'riskGate', 0), node('Alert', 'alert', 0, { message: '=Got {{ $json.quantity }} of {{ $(\'Gate\').item.json.quantity * 2 }}' })];
    expect(walked(walker(nodes, { Gate: [['Alert']] }).into('Gate', { quantity: 3 }, 's'))).toEqual(['Gate 3', 'Alert 3 with Got 3 of 6']);
  });

  test('Merge waits for what is on its way, and runs on what came when nothing else is', () => {
    const nodes = [node('Gate', 'riskGate', 0), node('High', 'alert', 0), node('Low', 'alert', 100), node('Merge', 'n8n-nodes-base.merge', 0), node('End', 'alert', 0)];
    const wires = { Gate: [['High', 'Low']], High: [[['Merge', 0] as const]], Low: [[['Merge', 1] as const]], Merge: [['End']] };
    expect(walked(walker(nodes, wires).into('Gate', { quantity: 1 }, 's'))).toEqual(['Gate 1', 'High 1', 'Low 1', 'End 1', 'End 1']);
    const silent: Answer = (name, item) => (name === 'Low' ? { kind: 'emitted', emissions: [] } : passOn(name, item));
    expect(walked(walker(nodes, wires).into('Gate', { quantity: 1 }, 's'), silent)).toEqual(['Gate 1', 'High 1', 'Low 1', 'End 1']);
  });

  test('a condition that meets a wrong type is for the record, and ends the execution', () => {
    const parameters = { conditions: { combinator: 'and', options: { caseSensitive: true, typeValidation: 'strict', version: 2 }, conditions: [{ leftValue: '={{ $json.quantity }}', rightValue: 'x', operator: { type: 'string', operation: 'equals' } }] } };
    expect(walked(walker([node('Gate', 'riskGate', 0), node('If', 'n8n-nodes-base.if', 0, parameters), node('Yes', 'alert', 0), node('No', 'alert', 0)], { Gate: [['If']], If: [['Yes'], ['No']] }).into('Gate', { quantity: 1 }, 's'))).toEqual(['Gate 1', 'If failed: 1 is no string.']);
  });
});

describe('Node-RED', () => {
  const node = (id: string, type: string, wires: readonly (readonly string[])[], more: object = {}) => ({ id, type, z: 't', name: id, wires, ...more });
  const walker = (nodes: readonly object[]) => createWalker(valueOf(readNodeRed(nodes, ALL)));

  test('goes on in all branches by turns, message by message', () => {
    const flow = walker([node('Gate', 'bellwether-risk-gate', [['High', 'Low']]), node('High', 'bellwether-alert', [['Under high']]), node('Low', 'bellwether-alert', [['Under low']]), node('Under high', 'bellwether-alert', []), node('Under low', 'bellwether-alert', [])]);
    const two: Answer = (name, item) => (name === 'Gate' ? { kind: 'emitted', emissions: [1, 2].map((quantity) => ({ port: 'approved', item: { quantity } })) } : passOn(name, item));
    expect(walked(flow.into('Gate', { quantity: 0 }, 's'), two)).toEqual(['Gate 0', 'High 1', 'High 2', 'Low 1', 'Low 2', 'Under high 1', 'Under high 2', 'Under low 1', 'Under low 2']);
  });

  test('an error goes to the Catch node of its scope, with the refusal; one for what nobody took is left alone then', () => {
    const flow = walker([
      node('Gate', 'bellwether-risk-gate', [['Never']]), node('Never', 'bellwether-alert', []), node('Catch', 'catch', [['Switch']], { scope: ['Gate'], uncaught: false }), node('Rest', 'catch', [['Never']], { scope: null, uncaught: true }),
      node('Switch', 'switch', [['Known'], ['Other']], { property: 'error.code', propertyType: 'msg', rules: [{ t: 'eq', v: 'UNKNOWN_SYMBOL', vt: 'str' }, { t: 'else' }], checkall: 'false' }), node('Known', 'bellwether-alert', []), node('Other', 'bellwether-alert', []),
    ]);
    expect(walked(flow.into('Gate', { quantity: 1 }, 's'), (name, item) => (name === 'Gate' ? raised : passOn(name, item)))).toEqual(['Gate 1', 'Known 1']);
    expect(walked(flow.into('Known', { quantity: 1 }, 's'), () => raised)).toEqual(['Known 1', ...Array.from({ length: 10 }, () => 'Never 1')]);
  });

  test('what is no item can not go into a node of ours', () => {
    const flow = walker([node('Gate', 'bellwether-risk-gate', [['Change']]), node('Change', 'change', [['Alert']], { rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'text', tot: 'str' }] }), node('Alert', 'bellwether-alert', [])]);
    const [, failed] = walked(flow.into('Gate', { quantity: 1 }, 's'));
    expect(failed).toMatch(/^Alert failed: msg\.payload/);
  });

  test('what a Change keeps in the flow is there for the next signal', () => {
    const flow = walker([
      node('Gate', 'bellwether-risk-gate', [['Change']]), node('Alert', 'bellwether-alert', []),
      node('Change', 'change', [['Alert']], { rules: [{ t: 'set', p: 'payload.quantity', pt: 'msg', to: 'last', tot: 'flow' }, { t: 'set', p: 'last', pt: 'flow', to: '7', tot: 'num' }] }),
    ]);
    expect([...walked(flow.into('Gate', { quantity: 1 }, 's')), ...walked(flow.into('Gate', { quantity: 1 }, 's'))]).toEqual(['Gate 1', 'Alert undefined', 'Gate 1', 'Alert 7']);
  });
});
