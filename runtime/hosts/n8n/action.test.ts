import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IExecuteFunctions, INodeExecutionData, ITriggerFunctions, WorkflowExecuteMode } from 'n8n-workflow';
import { alert } from '../../../nodes/Alert/definition';
import { atIndiaTime, listing } from '../../../tests/doubles/courses';
import { silentLog } from '../../../tests/doubles/ingressWorld';
import { filePlayer } from '../../adapters/ticks/file/filePlayer';
import { ok } from '../../domain/denial';
import { createSessions, createTradingCalendar } from '../../domain/session';
import { MINUTE_MS } from '../../domain/time';
import type { Source } from '../../domain/trigger';
import { leaseRuntime, type Lease } from '../../lease';
import { ActionNode } from './action';
import { execute } from './execution';

const LINGERED_MS = 3_500;
const BEGIN = atIndiaTime('2022-06-07 09:15');
const LATER = BEGIN + 20 * MINUTE_MS;

const node = new ActionNode(alert);
const item = { signal: { id: 'left-behind', source: 'test', at: LATER } };

/** A recording of half an hour that plays when it is told. */
function recordedMarket() {
  const candles = Array.from({ length: 30 }, (_, minute) => ({ time: BEGIN + minute * MINUTE_MS, open: 100, high: 100, low: 100, close: 100, volume: 0, closed: true }));
  const recording = { instrument: listing('SBIN'), content: { kind: 'candles', candles, timeframeMs: MINUTE_MS }, problems: [], problemCount: 0 } as const;
  return filePlayer({ recordings: [recording], sessions: createSessions({ calendar: createTradingCalendar() }), starts: 'told' });
}

/** An execution as n8n gives it to a node. */
function execution(json: INodeExecutionData['json'], mode: WorkflowExecuteMode): IExecuteFunctions {
  const host: Pick<IExecuteFunctions, 'getMode' | 'getNode' | 'getParentNodes' | 'getInputData' | 'getWorkflow' | 'getExecutionId' | 'continueOnFail' | 'addExecutionHints' | 'sendMessageToUI'> & { getNodeParameter: (name: string, item: number, otherwise: unknown) => unknown } = {
    getMode: () => mode,
    getNode: () => ({ id: 'alert', name: 'Alert', type: 'alert', typeVersion: 1, position: [0, 0], parameters: {} }),
    getParentNodes: () => [],
    getInputData: () => [{ json }],
    getNodeParameter: (name, _item, otherwise) => (name === 'message' ? 'the flow has run' : otherwise),
    getWorkflow: () => ({ id: 'flow', active: true }),
    getExecutionId: () => '7',
    continueOnFail: () => false,
    addExecutionHints: () => undefined,
    sendMessageToUI: () => undefined,
  };
  return host as IExecuteFunctions;
}

/** A trigger whose executions are the one node. */
function triggered(): ITriggerFunctions {
  const emit: ITriggerFunctions['emit'] = ([items], _response, done) => {
    void node.execute.call(execution(items?.[0]?.json ?? {}, 'trigger')).then((data) => done?.resolve({ data } as never), (error: unknown) => done?.reject(error as Error));
  };
  const host = { emit, helpers: { createDeferredPromise: () => { const { promise, ...ends } = Promise.withResolvers(); return { promise, ...ends }; } } };
  return host as never;
}

let folder = '';
let player = recordedMarket();
let lease: Lease;
const { BELLWETHER_HOME: home } = process.env;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-action-'));
  process.env['BELLWETHER_HOME'] = folder;
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  player = recordedMarket();
  lease = await leaseRuntime({ home: folder, log: silentLog, feed: { kind: 'player', player } });
});
afterEach(async () => {
  lease.release();
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  jest.useRealTimers();
  await player.close();
  rmSync(folder, { recursive: true, force: true });
  if (home === undefined) delete process.env['BELLWETHER_HOME'];
  else process.env['BELLWETHER_HOME'] = home;
});

const alerts = async () => (await lease.runtime.store.alerts({})).map(({ message, happenedAt }) => ({ message, happenedAt }));

test('what n8n begins by itself after a kill does not forestall the inbox: the flow of a later signal runs when the recording has come to it', async () => {
  const { runtime } = lease;
  await runtime.store.receive({ receiptId: 'r', nodeKey: 'enter', strategyId: 'demo', source: 'test', signals: [{ signalId: 'left-behind', item }], happenedAt: LATER, recordedAt: LATER });
  await expect(node.execute.call(execution(item, 'trigger'))).rejects.toThrow('has not come to the time of this signal');
  expect(await alerts()).toEqual([]);

  const definition: Source & { readonly type: string } = { type: 'test', start: () => ok(undefined) };
  const started = await runtime.triggers.start({ definition, params: {}, nodeKey: 'enter', strategyId: 'demo' }, (signal) => execute(triggered(), signal));
  expect(started.ok).toBe(true);
  while ((await runtime.store.signals({ nodeKey: 'enter' }))[0]?.status !== 'DELIVERED') await nextTurn();
  await nextTurn();
  await player.playUntil(LATER - 1);
  expect(await alerts()).toEqual([]);
  player.play();
  await player.finished;
  expect(await alerts()).toEqual([{ message: 'the flow has run', happenedAt: LATER }]);
});

test('a person may try out what an earlier life said', async () => {
  await expect(node.execute.call(execution(item, 'manual'))).resolves.toHaveLength(1);
});
