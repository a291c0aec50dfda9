import { alertBody, pipeline, postUntilAcknowledged } from './flow';
import { NodeRed, type FlowNode } from './host';
import { Observer } from './observer';

jest.setTimeout(120_000);

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

/** Another flow, of another strategy, that is told of fills; with a pause behind the trigger it can be cut in two. */
function listening({ pauseMs = 0 } = {}): FlowNode[] {
  const tab = { z: 'events-tab', x: 100, y: 100 };
  return [
    { id: 'events-tab', type: 'tab', label: 'Events' },
    { ...tab, id: 'events', type: 'bellwether-order-event-trigger', strategyId: 'watcher', nodeKey: 'events', events: ['filled'], scope: 'any', symbols: '', exchange: 'NSE', ofAccount: '', more: [], goodForMinutes: '', maxChain: '', signalName: '', wires: [[pauseMs > 0 ? 'pause' : 'report-told']] },
    { ...tab, id: 'pause', type: 'delay', pauseType: 'delay', timeout: String(Math.max(pauseMs, 1)), timeoutUnits: 'milliseconds', outputs: 1, wires: [['report-told']] },
    observer.node('told', 'events-tab'),
  ];
}

const signals = () => host.rows("select status, attempts, source from signals where node_key = 'events' order by seq");

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`${what} never came: ${JSON.stringify(signals())}\n${host.log.slice(-2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const ended = (count: number): Promise<void> => until(`the end of ${count}`, () => signals().filter(({ status }) => status === 'DONE').length === count);
/** The host makes its journal with the first node that needs it. */
const hasTable = (): boolean => host.count("select count(*) from sqlite_master where name = 'event_readers'") === 1;
const listens = (): Promise<void> => until('the trigger’s place in the journal', () => hasTable() && host.count("select count(*) from event_readers where reader = 'events'") === 1);

test('a paper order that one flow places starts another, once, with the order', async () => {
  await host.deploy([...pipeline(), ...listening()]);
  await listens();
  await postUntilAcknowledged(host, alertBody('first'));
  const [item] = await observer.take('told');
  expect(item).toMatchObject({
    v: 1, signal: { source: 'order', id: expect.stringMatching(/^[0-9a-f]{32}~1$/) as string }, exchange: 'NSE', symbol: 'SBIN',
    event: { kind: 'filled', account: 'paper', strategyId: 'demo', severity: 'info', facts: { nodeKey: 'tv-order', action: 'BUY', quantity: 1 } }, order: { status: 'FILLED', filledQuantity: 1 },
  });
  await ended(1);
  expect(signals()).toEqual([{ status: 'DONE', attempts: 1, source: 'orderEventTrigger' }]);
});

test('killed between the fill and the end of the flow that was told: told again after the restart, and it is the same signal', async () => {
  await host.deploy([...pipeline(), ...listening({ pauseMs: 1_500 })]);
  await postUntilAcknowledged(host, alertBody('second'));
  await until('the second signal', () => signals().length === 2);
  await host.kill();
  expect(observer.seen('told')).toEqual([]);
  await host.start();
  const [item] = await observer.take('told');
  expect(item).toMatchObject({ event: { kind: 'filled' } });
  await ended(2);
  expect(signals()[1]).toMatchObject({ status: 'DONE', attempts: 2 });
});

test('an order that was filled while nobody listened is told after a restart, once, however often the host comes back', async () => {
  await host.deploy(pipeline());
  await postUntilAcknowledged(host, alertBody('third'));
  await until('the third fill', () => host.count("select count(*) from orders where status = 'FILLED'") === 3);
  await host.kill();
  await host.start();
  await host.deploy([...pipeline(), ...listening()]);
  await observer.take('told');
  await ended(3);
  await host.kill();
  await host.start();
  await host.deploy([...pipeline(), ...listening()], 'reload');
  await postUntilAcknowledged(host, alertBody('fourth'));
  await ended(4);
  expect(signals()).toHaveLength(4);
  expect(observer.seen('told')).toHaveLength(2);
});
