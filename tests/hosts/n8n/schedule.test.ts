import { until } from './poll';
import { PACKAGE, startN8n, signalsDone, withStore, type Session } from './session';
import type { Workflow } from './client';
import { soon } from '../soon';

jest.setTimeout(240_000);

let session: Session;
beforeAll(async () => { session = await startN8n(); });
afterAll(() => session.host.dispose());

/** A schedule as the editor saves it, at a time of day, on every day: tests run on holidays too. */
function create(nodeKey: string, parameters: object): Promise<Workflow> {
  const position = [0, 0];
  return session.client.createWorkflow({
    name: `Schedule ${nodeKey}`,
    nodes: [
      { id: nodeKey, name: 'Cron', type: `${PACKAGE}.cronMarketHours`, typeVersion: 1, position, parameters: { drives: 'exits', strategyId: 'demo', nodeKey, ...parameters } },
      { id: `${nodeKey}-end`, name: 'End', type: 'n8n-nodes-base.noOp', typeVersion: 1, position, parameters: {} },
    ],
    connections: { Cron: { main: [[{ node: 'End', type: 'main', index: 0 }]] } },
  });
}

const atTime = (times: string) => ({ fires: 'times', times, scope: 'everyDay' });

test('an active workflow runs at its planned time, once, and its signal is done with the execution', async () => {
  const { at, text } = soon(8);
  const workflow = await create('on-time', atTime(text));
  await session.client.activate(workflow.id);
  const [execution] = await session.client.endedExecutions(workflow.id, 1);
  expect(execution).toMatchObject({ status: 'success', mode: 'trigger' });
  const item = execution?.data?.resultData.runData['End']?.[0]?.data?.main[0]?.[0]?.json;
  expect(item).toMatchObject({ signal: { source: 'schedule', at }, schedule: { planned: at, drives: 'exits', caughtUp: false } });
  expect(await signalsDone(session, 'on-time', 1)).toMatchObject([{ status: 'DONE', happenedAt: at, source: 'cronMarketHours' }]);
});

test('a host that is stopped in mid-wait fires when it is back, once', async () => {
  const { at, text } = soon(10);
  const workflow = await create('restarted', atTime(text));
  await session.client.activate(workflow.id);
  await until('the schedule in the journal', () => withStore(session, async (store) => ((await store.signals({ nodeKey: 'restarted#schedule' })).length > 0 ? true : undefined)));
  await session.host.stop();
  await session.host.start();
  expect(await signalsDone(session, 'restarted', 1)).toMatchObject([{ status: 'DONE', happenedAt: at }]);
  expect(await session.client.endedExecutions(workflow.id, 1)).toHaveLength(1);
});

test('the editor’s test fires at once, on any day, and leaves the schedule alone', async () => {
  const workflow = await create('tried', { fires: 'every', minutes: 5 });
  await session.client.rest('POST', `/workflows/${workflow.id}/run`, { triggerToStartFrom: { name: 'Cron' } });
  const manual = await until('the manual execution', async () => (await session.client.executions(workflow.id)).find(({ mode, status }) => mode === 'manual' && status === 'success'));
  expect(manual.data?.resultData.runData['End']?.[0]?.data?.main[0]?.[0]?.json).toMatchObject({ signal: { source: 'schedule' }, schedule: { lateMs: 0, drives: 'exits' } });
  await withStore(session, async (store) => {
    expect(await store.signals({ nodeKey: 'tried#test' })).toMatchObject([{ status: 'DONE' }]);
    expect(await store.signals({ nodeKey: 'tried' })).toEqual([]);
  });
});

test('a schedule that never comes is not activated, and says why', async () => {
  const workflow = await create('never', { fires: 'times', times: '20:00', scope: 'inSession' });
  // n8n tries for a quarter of a minute before it answers; its log knows at once.
  void session.client.activate(workflow.id).catch(() => undefined);
  await until('the refusal in the log', () => (session.host.log.includes('This schedule has no time ahead') ? true : undefined));
});
