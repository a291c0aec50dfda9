import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as definitions from '..';
import { AccountConfig } from '../../runtime/domain/account';
import { readNodeRed, replayFlow, type ReplayedFlow } from '../../runtime/hosts/replay';
import { openRuntime } from '../../runtime/open';
import type { Runtime } from '../../runtime/runtime';
import { countingIds, manualClock } from '../../runtime/adapters/system/manual';
import { manualMarket } from '../../runtime/adapters/ticks/simulated/manualMarket';
import { instrumentKey } from '../../runtime/domain/market';
import { toMoney } from '../../runtime/domain/money';
import { NOW, silentLog } from '../../tests/doubles/ingressWorld';
import { valueOf } from '../../tests/doubles/triggerWorld';

const node = (id: string, type: string, wires: readonly (readonly string[])[], values: object = {}) => ({ id, type: `bellwether-${type}`, z: 'tab', wires, nodeKey: id, strategyId: 'demo', ...values });
const ORDERS = [node('order', 'place-order', [[], []], { symbol: 'SBIN', action: 'BUY', quantity: '1' })];
const EVENTS = [node('events', 'order-event-trigger', [['alert']], { events: ['filled', 'rejected'] }), node('alert', 'alert', [[]], { message: '{event.kind} {order.status} {event.message}' })];
/** A flow that buys again with every fill: on paper it would never end. */
const GREEDY = [node('events', 'order-event-trigger', [['again']], { events: ['filled'], maxChain: '3' }), node('again', 'place-order', [[], []], { symbol: 'SBIN', action: 'BUY', quantity: '1' })];

let home: string;
beforeEach(() => { home = mkdtempSync(path.join(tmpdir(), 'bellwether-events-')); });
afterEach(() => rmSync(home, { recursive: true }));

interface Life {
  readonly runtime: Runtime;
  readonly deploy: (nodes: readonly object[]) => Promise<ReplayedFlow>;
  readonly close: () => Promise<void>;
}

/** One life of a host on this state folder. */
async function live(folder = home): Promise<Life> {
  const market = manualMarket();
  market.set({ instrument: instrumentKey('NSE', 'SBIN'), bid: toMoney(800), ask: toMoney(800), last: toMoney(800), at: NOW });
  const runtime = await openRuntime({ home: folder, clock: manualClock(NOW), ids: countingIds(path.basename(folder)), market, log: silentLog, pause: () => Promise.resolve() });
  const flows: ReplayedFlow[] = [];
  const account = AccountConfig.parse({ limits: { cooldownMs: 0, maxPosition: 1_000 } });
  return {
    runtime,
    async deploy(nodes) {
      const flow = valueOf(await replayFlow({ graph: valueOf(readNodeRed(nodes, Object.values(definitions))), runtime, account, sources: 'live' }));
      flows.push(flow);
      return flow;
    },
    async close() {
      await Promise.all(flows.map((flow) => flow.close()));
      await runtime.close();
    },
  };
}

const alerts = async ({ runtime }: Life) => (await runtime.store.alerts()).map(({ message }) => message);

test('an order of one flow starts another, once, with the order as it is', async () => {
  const life = await live();
  const orders = await life.deploy(ORDERS);
  const events = await life.deploy(EVENTS);
  await orders.inject('order', {}, 's1');
  await orders.inject('order', {}, 's1');
  await events.idle();
  expect(await alerts(life)).toEqual(['filled FILLED BUY 1 NSE:SBIN was filled at 800.00.']);
  expect(await life.runtime.store.signals({ nodeKey: 'events' })).toMatchObject([{ source: 'orderEventTrigger', happenedAt: NOW }]);
  await life.close();
});

test('what happened before the trigger was there is none of its business; what happened while it was away is told after the restart, once', async () => {
  const first = await live();
  const early = await first.deploy(ORDERS);
  await early.inject('order', {}, 'before');
  await first.deploy(EVENTS);
  await first.close();

  const without = await live();
  await (await without.deploy(ORDERS)).inject('order', {}, 'meanwhile');
  await without.close();

  for (let life = 0; life < 2; life += 1) {
    const again = await live();
    const events = await again.deploy(EVENTS);
    await events.idle();
    expect(await alerts(again)).toHaveLength(1);
    await again.close();
  }
});

test('a refusal of the gate is an event without an order', async () => {
  const life = await live();
  const orders = await life.deploy(ORDERS);
  const events = await life.deploy(EVENTS);
  await life.runtime.store.setKillSwitch({ account: 'paper', on: true, happenedAt: NOW, reason: 'test' });
  await orders.inject('order', {}, 's1');
  await events.idle();
  expect(await alerts(life)).toEqual([expect.stringMatching(/^rejected {2}BUY 1 NSE:SBIN was not sent: /)]);
  await life.close();
});

test('a flow whose orders start it again ends, and over restarts too', async () => {
  const life = await live();
  const greedy = await life.deploy([...GREEDY, ...ORDERS]);
  await greedy.inject('order', {}, 's1');
  await greedy.idle();
  expect(await life.runtime.store.orders()).toHaveLength(4);
  await life.close();
  const again = await live();
  const still = await again.deploy(GREEDY);
  await still.idle();
  expect(await again.runtime.store.orders()).toHaveLength(4);
  await again.close();
});

test('of two processes on one state folder one starts the flow', async () => {
  const lives = [await live(), await live()] as const;
  const flows = [await lives[0].deploy(EVENTS), await lives[1].deploy(EVENTS)] as const;
  await (await lives[0].deploy(ORDERS)).inject('order', {}, 's1');
  await flows[0].idle();
  await flows[1].idle();
  expect(await alerts(lives[1])).toHaveLength(1);
  expect(await lives[1].runtime.store.signals({ nodeKey: 'events' })).toHaveLength(1);
  await Promise.all(lives.map((life) => life.close()));
});
