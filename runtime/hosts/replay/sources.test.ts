import * as definitions from '../../../nodes';
import { manualTime } from '../../../tests/doubles/manualTime';
import { NOW, silentLog } from '../../../tests/doubles/ingressWorld';
import { tradingWorld, type TradingWorld } from '../../../tests/doubles/tradingWorld';
import { valueOf } from '../../../tests/doubles/triggerWorld';
import { AccountConfig } from '../../domain/account';
import { MINUTE_MS } from '../../domain/time';
import { openRuntime } from '../../open';
import { readNodeRed } from './readNodeRed';
import { replayFlow } from './replayFlow';

const node = (id: string, type: string, wires: readonly (readonly string[])[], values: object = {}) => ({ id, type: `bellwether-${type}`, z: 'tab', wires, nodeKey: id, strategyId: 'demo', ...values });
const FLOW = [node('cron', 'cron-market-hours', [['order']], { minutes: '5', delaySeconds: '0' }), node('order', 'place-order', [['alert'], ['alert']], { symbol: 'SBIN', action: 'BUY', quantity: '1' }), node('alert', 'alert', [[]], { message: 'late by {schedule.lateMs}' })];
const graph = valueOf(readNodeRed(FLOW, Object.values(definitions)));

describe('a trigger that is spoken for', () => {
  let world: TradingWorld;
  beforeEach(async () => { world = await tradingWorld(); });
  afterEach(() => world.close());

  test('runs the flow once for each key, under a signal of its own', async () => {
    const flow = valueOf(await replayFlow({ graph, runtime: world.runtime, account: AccountConfig.parse({}) }));
    const fire = () => flow.fire('cron', { key: 'schedule 1', happenedAt: NOW, item: {} });
    expect([valueOf(await fire()), valueOf(await fire())]).toEqual(['done', 'duplicate']);
    const [signal] = await world.runtime.store.signals();
    expect(await world.runtime.store.orders()).toMatchObject([{ nodeKey: 'order', signalId: signal?.signalId, status: 'FILLED' }]);
    await flow.close();
  });

  test('is asked for by its key', async () => {
    const flow = valueOf(await replayFlow({ graph, runtime: world.runtime, account: AccountConfig.parse({}) }));
    expect(await flow.fire('order', { key: 'x', happenedAt: NOW, item: {} })).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
    await flow.close();
  });
});

test('live sources act on the runtime’s own clock', async () => {
  const time = manualTime(NOW);
  const runtime = await openRuntime({ home: ':memory:', clock: time.clock, pause: time.pause, log: silentLog });
  const flow = valueOf(await replayFlow({ graph, runtime, account: AccountConfig.parse({}), sources: 'live' }));
  await time.untilWaiting();
  await time.passTo(NOW + 5 * MINUTE_MS);
  while ((await runtime.store.alerts()).length === 0) await time.settle();
  expect(await runtime.store.signals({ nodeKey: 'cron' })).toMatchObject([{ source: 'cronMarketHours', happenedAt: NOW + 5 * MINUTE_MS }]);
  await flow.close();
  await runtime.close();
});

test('a source that can not start is refused before the first signal, and leaves none running', async () => {
  const runtime = await openRuntime({ home: ':memory:', log: silentLog });
  const never = valueOf(readNodeRed([...FLOW, node('never', 'cron-market-hours', [['order']], { fires: 'times', times: '20:00' })], Object.values(definitions)));
  expect(await replayFlow({ graph: never, runtime, account: AccountConfig.parse({}), sources: 'live' })).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER' } });
  await runtime.close();
});
