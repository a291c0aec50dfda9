import { TAB } from './flow';
import { NodeRed, type FlowNode } from './host';
import { Observer } from './observer';
import { soon } from '../soon';

jest.setTimeout(60_000);

let observer: Observer;
let host: NodeRed;

beforeAll(async () => {
  observer = await new Observer().start();
  host = await new NodeRed().start();
});

afterEach(() => observer.forget());

afterAll(async () => {
  await host.dispose();
  await observer.stop();
});

/** A schedule as the editor saves it, at a time of day, on every day: tests run on holidays too. */
function flow(nodeKey: string, times: string): FlowNode[] {
  return [
    { id: TAB, type: 'tab', label: 'Test' },
    { id: 'cron', type: 'bellwether-cron-market-hours', z: TAB, strategyId: 'demo', nodeKey, exchange: 'NSE', fires: 'times', times, minutes: '', scope: 'everyDay', drives: 'exits', days: [], graceSeconds: '60', signalName: 'check', x: 100, y: 100, wires: [['report-end']] },
    observer.node('end', TAB),
  ];
}

const signals = (nodeKey: string) => host.rows(`select status, happened_at, source from signals where node_key = '${nodeKey}'`);

async function untilDone(nodeKey: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (signals(nodeKey)[0]?.['status'] !== 'DONE') {
    if (performance.now() > deadline) throw new Error(`Not done: ${JSON.stringify(signals(nodeKey))}\n${host.log.slice(-2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('Cron Market Hours fires at its time: one message, one signal, done when the flow has ended', async () => {
  const { at, text } = soon(4);
  await host.deploy(flow('on-time', text));
  const [item] = await observer.take('end');
  expect(item).toMatchObject({ v: 1, signal: { source: 'schedule', at, name: 'check' }, schedule: { planned: at, drives: 'exits', caughtUp: false } });
  await untilDone('on-time');
  expect(signals('on-time')).toEqual([{ status: 'DONE', happened_at: at, source: 'cronMarketHours' }]);
});

test('a host that is killed while it waits fires when it is back, once', async () => {
  const { at, text } = soon(5);
  await host.deploy(flow('killed', text));
  while (host.count("select count(*) from signals where node_key = 'killed#schedule' and status = 'DONE'") === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await host.kill();
  await host.start();
  const [item] = await observer.take('end');
  expect(item).toMatchObject({ signal: { at }, schedule: { planned: at } });
  await untilDone('killed');
  await host.deploy(flow('killed', text), 'reload');
  expect(signals('killed')).toHaveLength(1);
});

test('a deploy in mid-wait neither loses nor doubles the time', async () => {
  const { at, text } = soon(4);
  await host.deploy(flow('deployed', text));
  await host.deploy(flow('deployed', text));
  await host.deploy(flow('deployed', text));
  await untilDone('deployed');
  expect(signals('deployed')).toEqual([{ status: 'DONE', happened_at: at, source: 'cronMarketHours' }]);
  expect(observer.seen('end')).toHaveLength(1);
});

test('a schedule that makes no sense says so in the log and at the node', async () => {
  const since = host.log.length;
  await host.deploy(flow('wrong', '25:99'));
  await host.waitForLog(/Times: Write times as HH:mm/, since);
});
