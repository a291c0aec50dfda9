import type { IExecuteFunctions } from 'n8n-workflow';
import { manualClock } from '../../adapters/system/manual';
import type { Envelope } from '../../domain/envelope';
import { begunAt } from './begunAt';
import { createHandedOver, type Moment } from './earlierLife';

const clock = manualClock(100);
const recording: Moment = { world: { isRecording: true, now: () => clock.now() }, begunAt: undefined };
const live = (at: number | undefined): Moment => ({ world: { isRecording: false, now: () => clock.now() }, begunAt: at });
const item = (at: number, id = 's'): Envelope => ({ signal: { id, source: 'marketTrigger', at } });

beforeEach(() => clock.set(100));

describe('in a recording', () => {
  test('what n8n begins by itself, of a signal that is still to come, is refused, and in its time it is not', () => {
    const handed = createHandedOver();
    expect(handed.check(item(250), recording)).toMatchObject({ ok: false, denial: { code: 'NOT_READY' } });
    clock.set(250);
    expect(handed.check(item(250), recording)).toMatchObject({ ok: true });
  });

  test('what this process has handed over is in time, whatever time its sender wrote on it', () => {
    const handed = createHandedOver();
    handed.add('s');
    expect(handed.check(item(250), recording)).toMatchObject({ ok: true });
    expect(handed.check(item(250, 'another'), recording)).toMatchObject({ ok: false });
  });

  test('signals of long ago are forgotten', () => {
    const handed = createHandedOver();
    handed.add('s');
    for (let signal = 0; signal < 1_000; signal += 1) handed.add(`${signal}`);
    expect(handed.check(item(250), recording)).toMatchObject({ ok: false });
  });

  test('without a signal of ours nothing is refused', () => {
    expect(createHandedOver().check({}, recording)).toMatchObject({ ok: true });
  });
});

describe('where time passes by itself', () => {
  const perishable: Envelope = { signal: { id: 's', source: 'marketTrigger', at: 250, goodUntil: 300 } };

  test.each<[string, Envelope, number | undefined, boolean]>([
    ['begun in time', perishable, 300, true], ['begun too late', perishable, 301, false], ['nobody knows when', perishable, undefined, true],
    ['a signal that keeps', item(250), 1_000_000, true], ['no signal of ours', {}, 1_000_000, true],
  ])('%s', (_case, given, at, isOk) => {
    const handed = createHandedOver();
    handed.add('s');
    expect(handed.check(given, live(at))).toMatchObject(isOk ? { ok: true } : { ok: false, denial: { code: 'STALE_SIGNAL', limit: 300, value: at } });
  });
});

describe('when an execution was begun', () => {
  /** The node `Order` behind a trigger of ours, a Wait and a node of ours; what has run so far. */
  function host(runData: unknown, trigger = 'marketTrigger'): Parameters<typeof begunAt>[0] {
    const parents = [{ name: 'Wait', type: 'n8n-nodes-base.wait' }, { name: 'Enter', type: `@bellwether/n8n-nodes-trading.${trigger}` }, { name: 'Gate', type: '@bellwether/n8n-nodes-trading.riskGate' }];
    const given: Pick<IExecuteFunctions, 'getNode' | 'getParentNodes'> = {
      getNode: () => ({ id: 'order', name: 'Order', type: 'order', typeVersion: 1, position: [0, 0], parameters: {} }),
      getParentNodes: () => parents.map((parent) => ({ ...parent, typeVersion: 1, disabled: false })),
    };
    return Object.assign(given, { runExecutionData: { resultData: { runData } } });
  }

  test.each<[string, unknown, number | undefined]>([
    ['with its trigger', { Wait: [{ startTime: 9 }], Enter: [{ startTime: 7 }], Gate: [{ startTime: 10 }] }, 7],
    ['with another node, as a sub-workflow does', { Called: [{ startTime: 8 }], Wait: [{ startTime: 9 }], Gate: [{ startTime: 10 }] }, undefined],
    ['and nothing is said of it', {}, undefined],
    ['and it is said in a way nobody knows', 'soon', undefined],
  ])('%s', (_case, runData, at) => {
    expect(begunAt(host(runData))).toBe(at);
  });

  test('with a schedule, whose type is called otherwise', () => {
    expect(begunAt(host({ Enter: [{ startTime: 7 }], Gate: [{ startTime: 10 }] }, 'cronMarketHours'))).toBe(7);
  });
});
