import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DenialCode } from '../../../runtime/domain/denial';
import { toMoney } from '../../../runtime/domain/money';
import type { BrokerUpdate, PlaceOutcome } from '../../../runtime/domain/ports';
import { MINUTE_MS, SECOND_MS } from '../../../runtime/domain/time';
import { createAccountDesk } from '../../../runtime/services/accounts/accountDesk';
import { createBackOff } from '../../../runtime/services/orderRouter/backOff';
import { FRESH_TO_SEND_MS, lookAgain, resumeOrders } from '../../../runtime/services/orderRouter/resume';
import { silentLog } from '../../doubles/ingressWorld';
import { orderFor, origin, routerWorld, viewOf, type RouterWorld } from '../../doubles/routerWorld';
import { scriptedBroker, type BrokerScript, type ScriptedBroker } from '../../doubles/scriptedBroker';

/** The numbers are those of the fault campaign. The same faults against a gateway's wire: tests/contracts/broker/lostSuite, openalgoFaults, routedSuite. */
let folder: string;
let world: RouterWorld;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-outcomes-'));
  world = await routerWorld(path.join(folder, 'journal.db'));
});
afterEach(async () => {
  await world.store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function restart(laterMs = 0): Promise<void> {
  await world.store.close();
  world.clock.advance(laterMs);
  world = await routerWorld(path.join(folder, 'journal.db'), world.clock);
}

const fillOf = (orderId: string, quantity = 10, tradeId = 't1'): BrokerUpdate => ({ kind: 'fill', fill: { orderId, tradeId, quantity, price: toMoney(800), charges: toMoney(1), happenedAt: world.clock.now() } });
const never = (): Promise<PlaceOutcome> => new Promise(() => undefined);
const cut = (): Promise<PlaceOutcome> => Promise.reject(new Error('socket hang up'));
const statusOf = async (id: string): Promise<unknown> => (await world.store.order(id))?.status;

/** Places an order of which the process never hears again. */
async function dieAfterJournal(broker: ScriptedBroker): Promise<string> {
  void world.router.place(world.account(broker), origin(), orderFor());
  while (broker.sent[0] === undefined) await new Promise((resolve) => setImmediate(resolve));
  return broker.sent[0];
}

async function resumed(script: BrokerScript, knows: (broker: ScriptedBroker) => void = () => undefined): Promise<ScriptedBroker> {
  const broker = scriptedBroker(script);
  knows(broker);
  await resumeOrders(world.ports, world.account(broker), { othersMaySend: false });
  return broker;
}

test('16 a crash before the journal: nothing was sent, and the signal’s re-delivery sends it', async () => {
  const broker = scriptedBroker();
  jest.spyOn(world.store, 'admit').mockRejectedValueOnce(new Error('killed'));
  await expect(world.router.place(world.account(broker), origin(), orderFor())).rejects.toThrow('killed');
  expect([broker.sent, await world.store.intents()]).toEqual([[], []]);
  await restart();
  expect(await world.router.place(world.account(broker), origin(), orderFor())).toMatchObject({ kind: 'placed' });
  expect(broker.sent).toHaveLength(1);
});

describe('17 a crash after the journal, before the send', () => {
  test.each([
    { what: 'proven absent and fresh: sent, once', provesAbsence: true, laterMs: 30 * SECOND_MS, sends: 1, status: 'ACCEPTED' },
    { what: 'proven absent and stale: expired', provesAbsence: true, laterMs: FRESH_TO_SEND_MS + 1, sends: 0, status: 'EXPIRED' },
    { what: 'not listed, which proves nothing: unknown', provesAbsence: false, laterMs: 30 * SECOND_MS, sends: 0, status: 'UNKNOWN' },
  ])('$what', async ({ provesAbsence, laterMs, sends, status }) => {
    const id = await dieAfterJournal(scriptedBroker({ place: never }));
    await restart(laterMs);
    const broker = await resumed({ lookupProvesAbsence: provesAbsence });
    expect([broker.sent.length, await statusOf(id)]).toEqual([sends, status]);
    // The signal's retry meets the same order.
    await world.router.place(world.account(broker), origin(), orderFor());
    expect(broker.sent).toHaveLength(sends);
  });
});

test('18 a crash after the send, before the answer: looked up and adopted, never sent again', async () => {
  const id = await dieAfterJournal(scriptedBroker({ place: never }));
  await restart(5 * MINUTE_MS);
  const broker = await resumed({ lookupProvesAbsence: false }, ({ known }) => known.set(id, { brokerOrderId: 'b7', updates: [fillOf(id)] }));
  expect(broker.sent).toEqual([]);
  expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', brokerOrderId: 'b7' });
  expect(await world.store.positions()).toMatchObject([{ quantity: 10 }]);
});

test('19 a timeout after the broker has accepted: adopted with the next look, never sent again', async () => {
  const broker = scriptedBroker({ place: cut, lookupProvesAbsence: false });
  const account = world.account(broker);
  const { id, status } = viewOf(await world.router.place(account, origin(), orderFor()));
  expect(status).toBe('UNKNOWN');
  broker.known.set(id, { brokerOrderId: 'b7', updates: [] });
  await lookAgain(world.ports, account);
  expect(await world.store.order(id)).toMatchObject({ status: 'ACCEPTED', brokerOrderId: 'b7' });
  expect(broker.sent).toEqual([id]);
});

test('an order that was sent once is not sent again, also where its absence is proven', async () => {
  const broker = scriptedBroker({ place: cut });
  const { id } = viewOf(await world.router.place(world.account(broker), origin(), orderFor()));
  await lookAgain(world.ports, world.account(broker));
  expect([broker.sent, await statusOf(id)]).toEqual([[id], 'EXPIRED']);
});

describe('20 a list that lags', () => {
  const unknownEvents = async (): Promise<readonly string[]> => (await world.store.events.after({ after: 0, kinds: ['unknown'] })).map(({ key }) => key.split(' ').at(-1) ?? '');

  test('by 30 s: it stays unknown, nothing is sent, and it is found when the list catches up', async () => {
    const broker = scriptedBroker({ place: cut, lookupProvesAbsence: false });
    const account = world.account(broker);
    const { id } = viewOf(await world.router.place(account, origin(), orderFor()));
    const backOff = createBackOff(world.clock);
    for (let seconds = 0; seconds < 30; seconds += 10) {
      await lookAgain(world.ports, account, backOff);
      expect(await statusOf(id)).toBe('UNKNOWN');
      world.clock.advance(10 * SECOND_MS);
    }
    broker.known.set(id, { brokerOrderId: 'b7', updates: [fillOf(id)] });
    for (let seconds = 0; seconds < 60; seconds += 10) {
      await lookAgain(world.ports, account, backOff);
      world.clock.advance(10 * SECOND_MS);
    }
    expect([broker.sent, await statusOf(id)]).toEqual([[id], 'FILLED']);
  });

  test('for good: looked for less and less often, told once after the deadline, unknown all the same, also after a restart', async () => {
    const find = jest.fn(() => Promise.resolve(undefined));
    const broker = scriptedBroker({ place: cut, find, lookupProvesAbsence: false });
    const { id } = viewOf(await world.router.place(world.account(broker), origin(), orderFor()));
    const backOff = createBackOff(world.clock);
    for (let seconds = 0; seconds < 3_600; seconds += 10) {
      await lookAgain(world.ports, world.account(broker), backOff);
      world.clock.advance(10 * SECOND_MS);
    }
    expect(find.mock.calls.length).toBeLessThan(20);
    expect(find.mock.calls.length).toBeGreaterThan(10);
    expect([broker.sent, await statusOf(id), await unknownEvents()]).toEqual([[id], 'UNKNOWN', ['unknown', 'unresolved']]);
    await restart();
    await lookAgain(world.ports, world.account(broker));
    expect(await unknownEvents()).toEqual(['unknown', 'unresolved']);
    expect(await world.router.place(world.account(broker), origin('s2'), orderFor())).toMatchObject({ kind: 'refused', denial: { code: 'UNRESOLVED_ORDER' } });
  });

  test('one order that can not be looked at hides none of the others', async () => {
    const broker = scriptedBroker({ find: (id) => (id === broker.sent[0] ? Promise.reject(new Error('500')) : Promise.resolve({ brokerOrderId: `b-${id}`, updates: [fillOf(id)] })) });
    const account = world.account(broker);
    for (const signalId of ['s1', 's2']) await world.router.place(account, origin(signalId), orderFor());
    await lookAgain(world.ports, account);
    expect(await Promise.all(broker.sent.map(statusOf))).toEqual(['ACCEPTED', 'FILLED']);
  });
});

test.each([
  ['a reset', (): Promise<PlaceOutcome> => cut()],
  ['an answer that can not be read', (): Promise<PlaceOutcome> => Promise.resolve({ kind: 'unknown', reason: 'A page instead of an answer.' })],
])('23 %s is ambiguous: unknown, entries in the instrument stay out, and nothing is sent again', async (_what, place) => {
  const broker = scriptedBroker({ place, lookupProvesAbsence: false });
  const account = world.account(broker);
  const { id } = viewOf(await world.router.place(account, origin(), orderFor()));
  await lookAgain(world.ports, account);
  await world.router.place(account, origin(), orderFor());
  expect([broker.sent, await statusOf(id)]).toEqual([[id], 'UNKNOWN']);
});

/** An account that is open, with a broker that reports. */
async function watched(broker: ScriptedBroker) {
  const desk = createAccountDesk({ ports: world.ports, openBroker: () => Promise.resolve({ ok: true, value: broker }), sessionsOf: () => world.account(broker).sessions, isAlone: () => true, log: silentLog });
  await desk.declare(world.account(broker).config);
  return desk;
}

test('24 accepted, then refused by the exchange: rejected, no position, told', async () => {
  const broker = scriptedBroker();
  const desk = await watched(broker);
  const { id } = viewOf(await world.router.place(world.account(broker), origin(), orderFor()));
  broker.tell({ kind: 'status', orderId: id, status: 'REJECTED', denial: { code: 'ORDER_REJECTED', message: 'Circuit limit.' }, happenedAt: world.clock.now() });
  await desk.close();
  expect(await world.store.order(id)).toMatchObject({ status: 'REJECTED', denial: { message: 'Circuit limit.' } });
  expect(await world.store.positions({ openOnly: true })).toEqual([]);
  expect(await world.store.events.after({ after: 0, kinds: ['rejected'] })).toMatchObject([{ orderId: id, denial: { message: 'Circuit limit.' } }]);
});

test('25 and 26: a fill that comes before the acknowledgement, and comes again, counts once', async () => {
  const told = Promise.withResolvers<undefined>();
  const broker = scriptedBroker({
    async place(order) {
      broker.tell(fillOf(order.id));
      broker.tell(fillOf(order.id));
      await told.promise;
      return { kind: 'accepted', brokerOrderId: 'b1', updates: [fillOf(order.id)] };
    },
  });
  const desk = await watched(broker);
  const placing = world.router.place(world.account(broker), origin(), orderFor());
  await desk.use('paper', async () => {
    while ((await world.store.positions({ openOnly: true })).length === 0) await new Promise((resolve) => setImmediate(resolve));
  });
  told.resolve(undefined);
  expect(viewOf(await placing)).toMatchObject({ status: 'FILLED', filledQuantity: 10 });
  await desk.close();
  expect(await world.store.positions()).toMatchObject([{ quantity: 10 }]);
  expect(await world.store.orders()).toMatchObject([{ brokerOrderId: 'b1' }]);
});

test('28 a cancel that was accepted loses against a fill that is reported later', async () => {
  const broker = scriptedBroker();
  const desk = await watched(broker);
  const account = world.account(broker);
  const { id } = viewOf(await world.router.place(account, origin(), orderFor()));
  expect(await world.router.cancel(account, origin('s2'), { kind: 'order', orderId: id })).toMatchObject({ kind: 'done' });
  broker.tell(fillOf(id));
  await desk.close();
  expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', filledQuantity: 10 });
  expect(await world.store.positions()).toMatchObject([{ quantity: 10 }]);
});

test.each<[string, DenialCode]>([['the address is not registered', 'ORDER_REJECTED'], ['no margin', 'INSUFFICIENT_FUNDS'], ['the circuit limit', 'ORDER_REJECTED']])('34 a definite refusal (%s) is final: asked once, also when its signal comes again', async (message, code) => {
  const broker = scriptedBroker({ place: () => Promise.resolve({ kind: 'rejected', denial: { code, message } }) });
  const account = world.account(broker);
  for (let times = 0; times < 3; times += 1) expect(await world.router.place(account, origin(), orderFor())).toMatchObject({ kind: 'refused', denial: { code, message }, order: { status: 'REJECTED' } });
  await lookAgain(world.ports, account);
  expect(broker.sent).toHaveLength(1);
});
