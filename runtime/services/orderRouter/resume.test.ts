import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { orderFor, origin, routerWorld, SBIN, viewOf, type RouterWorld } from '../../../tests/doubles/routerWorld';
import { scriptedBroker, type BrokerScript, type ScriptedBroker } from '../../../tests/doubles/scriptedBroker';
import { toMoney } from '../../domain/money';
import type { IntentDraft } from '../../domain/order';
import type { BrokerUpdate } from '../../domain/ports';
import { FRESH_TO_SEND_MS, IN_FLIGHT_MS, lookAgain, resumeOrders } from './resume';

let folder: string;
let world: RouterWorld;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-resume-'));
  world = await routerWorld(path.join(folder, 'journal.db'));
});
afterEach(async () => {
  await world.store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Power goes: the journal is opened anew, later. */
async function restart(laterMs = 0): Promise<void> {
  const { clock } = world;
  await world.store.close();
  clock.advance(laterMs);
  world = await routerWorld(path.join(folder, 'journal.db'), clock);
}

/** Places one order and loses power at a step; what the broker was told stays with it. Returns the order's id. */
async function crash(step: 'before the send' | 'after the send' | 'after the answer'): Promise<string> {
  const sent: string[] = [];
  const broker = scriptedBroker({
    place: (order) => {
      sent.push(order.id);
      return step === 'after the answer' ? Promise.resolve({ kind: 'accepted', brokerOrderId: 'b1', updates: [] }) : new Promise(() => undefined);
    },
  });
  const placing = world.router.place(world.account(broker), origin(), orderFor());
  if (step === 'after the answer') return viewOf(await placing).id;
  while (sent[0] === undefined) await new Promise((resolve) => setImmediate(resolve));
  return sent[0];
}

async function resume(script: BrokerScript = {}, known: (broker: ScriptedBroker) => void = () => undefined, othersMaySend = false): Promise<ScriptedBroker> {
  const broker = scriptedBroker(script);
  known(broker);
  await resumeOrders(world.ports, world.account(broker), { othersMaySend });
  return broker;
}

/** A look while the account is open. */
async function look(script: BrokerScript = {}, known: (broker: ScriptedBroker) => void = () => undefined): Promise<ScriptedBroker> {
  const broker = scriptedBroker(script);
  known(broker);
  await lookAgain(world.ports, world.account(broker));
  return broker;
}

const draftOfLoss: IntentDraft = { ...origin('loss'), instrument: SBIN.key, leg: 0, purpose: 'entry', size: { kind: 'fixed', action: 'BUY', quantity: 1 }, product: 'MIS', orderType: 'MARKET' };
const fill = (orderId: string, quantity: number): BrokerUpdate => ({ kind: 'fill', fill: { orderId, tradeId: 't1', quantity, price: toMoney(800), charges: toMoney(1), happenedAt: world.clock.now() } });
const statusOf = async (id: string) => (await world.store.order(id))?.status;

test('journalled, known at the broker: its word is adopted, fills and all, and nothing is sent', async () => {
  const id = await crash('after the send');
  await restart(10 * FRESH_TO_SEND_MS);
  const broker = await resume({}, ({ known }) => known.set(id, { brokerOrderId: 'b7', updates: [fill(id, 10)] }));
  expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', filledQuantity: 10, brokerOrderId: 'b7' });
  expect(await world.store.positions()).toMatchObject([{ quantity: 10 }]);
  expect(broker.sent).toEqual([]);
});

test('journalled, known and resting: it stands as accepted', async () => {
  const id = await crash('after the send');
  await restart();
  await resume({}, ({ known }) => known.set(id, { brokerOrderId: 'b7', updates: [] }));
  expect(await statusOf(id)).toBe('ACCEPTED');
});

test('journalled, proven absent and fresh: sent for the first time, once', async () => {
  const id = await crash('before the send');
  await restart(FRESH_TO_SEND_MS);
  const broker = await resume();
  expect(broker.sent).toEqual([id]);
  expect(await statusOf(id)).toBe('ACCEPTED');
  const next = await resume({}, ({ known }) => known.set(id, { brokerOrderId: `b-${id}`, updates: [] }));
  expect(next.sent).toEqual([]);
});

test('journalled, proven absent and stale: it expires, and the signal\'s retry is refused by name', async () => {
  const id = await crash('before the send');
  await restart(FRESH_TO_SEND_MS + 1);
  const broker = await resume();
  expect(broker.sent).toEqual([]);
  expect(await world.store.order(id)).toMatchObject({ status: 'EXPIRED', denial: { code: 'EXPIRED_UNSENT' } });
  expect(await world.router.place(world.account(broker), origin(), orderFor())).toMatchObject({ kind: 'refused', denial: { code: 'EXPIRED_UNSENT' }, order: { id, status: 'EXPIRED', duplicate: true } });
  expect(broker.sent).toEqual([]);
});

test('an expired order gives its exposure back', async () => {
  await crash('before the send');
  await restart(FRESH_TO_SEND_MS + 1);
  const broker = await resume();
  expect(await world.router.place(world.account(broker, { maxSymbolExposure: 10 }), origin('s2'), orderFor())).toMatchObject({ kind: 'placed' });
});

test('absent without proof: nothing is sent, the order is UNKNOWN, and stays so', async () => {
  const id = await crash('before the send');
  await restart();
  for (const life of [1, 2]) {
    const broker = await resume({ lookupProvesAbsence: false });
    expect([life, broker.sent, await statusOf(id)]).toEqual([life, [], 'UNKNOWN']);
  }
});

test('a broker that can not be asked proves nothing: nothing is sent, the order is UNKNOWN, and the account is opened all the same', async () => {
  const id = await crash('before the send');
  await restart();
  const find = () => Promise.resolve({ unread: { code: 'NOT_READY', message: 'HTTP 503.' } } as const);
  expect((await resume({ find })).sent).toEqual([]);
  expect(await world.store.order(id)).toMatchObject({ status: 'UNKNOWN', denial: { message: 'The broker could not be asked: HTTP 503.' } });
  expect((await look({ find })).sent).toEqual([]);
  expect(await statusOf(id)).toBe('UNKNOWN');
});

test('UNKNOWN, then found: its word is adopted', async () => {
  const id = await crash('before the send');
  await restart();
  await resume({ lookupProvesAbsence: false });
  await resume({ lookupProvesAbsence: false }, ({ known }) => known.set(id, { brokerOrderId: 'b7', updates: [{ kind: 'status', orderId: id, status: 'ACCEPTED', happenedAt: world.clock.now() }, fill(id, 4)] }));
  expect(await world.store.order(id)).toMatchObject({ status: 'PARTIALLY_FILLED', filledQuantity: 4, brokerOrderId: 'b7' });
});

test('acknowledged but missing at the broker: left alone, however old, and told', async () => {
  const id = await crash('after the answer');
  await restart(10 * FRESH_TO_SEND_MS);
  const error = jest.spyOn(world.ports.log, 'error');
  const broker = await resume();
  expect(broker.sent).toEqual([]);
  expect(await statusOf(id)).toBe('ACCEPTED');
  expect(error).toHaveBeenCalledWith(expect.objectContaining({ orderId: id }), expect.stringContaining('missing'));
  error.mockRestore();
});

test('after a restart the same signal meets its order and sends none', async () => {
  const id = await crash('after the answer');
  await restart();
  const broker = scriptedBroker();
  const results = await Promise.all(Array.from({ length: 50 }, () => world.router.place(world.account(broker), origin(), orderFor())));
  expect(new Set(results.map((result) => viewOf(result).id))).toEqual(new Set([id]));
  expect(broker.sent).toEqual([]);
});

test('a fill that is reported again after a restart counts once', async () => {
  const id = await crash('after the answer');
  await restart();
  const knows = ({ known }: ScriptedBroker): void => void known.set(id, { brokerOrderId: 'b1', updates: [fill(id, 4)] });
  await resume({}, knows);
  await resume({}, knows);
  expect(await world.store.order(id)).toMatchObject({ filledQuantity: 4, status: 'PARTIALLY_FILLED' });
  expect(await world.store.positions()).toMatchObject([{ quantity: 4 }]);
});

test('what is over, and what another account left open, is not looked at', async () => {
  const find = jest.fn(() => Promise.resolve(undefined));
  await crash('after the answer');
  await world.router.place(world.account(scriptedBroker({ place: () => Promise.resolve({ kind: 'rejected', denial: { code: 'ORDER_REJECTED', message: 'No.' } }) })), origin('s2'), orderFor());
  await restart();
  await resumeOrders(world.ports, { ...world.account(scriptedBroker({ find })), config: { ...world.account(scriptedBroker()).config, id: 'other' } }, { othersMaySend: false });
  expect(find).not.toHaveBeenCalled();
  await resume({ find });
  expect(find).toHaveBeenCalledTimes(1);
});

describe.each([
  { stop: 'the kill switch was pulled', pull: () => world.store.setKillSwitch({ account: 'paper', on: true, happenedAt: world.clock.now() }) },
  { stop: 'the daily loss was reached', pull: () => world.store.admit({ key: 'k', orderId: 'o', draft: draftOfLoss, tradingDay: '2026-11-20', lockNames: [], happenedAt: world.clock.now() }, () => ({ kind: 'deny', action: 'BUY', quantity: 1, latchLoss: true, denial: { code: 'MAX_DAILY_LOSS', message: 'Enough.' } })) },
])('$stop between the crash and the restart', ({ pull }) => {
  test('an entry that was never sent is not sent any more', async () => {
    const id = await crash('before the send');
    await restart();
    await pull();
    const broker = await resume();
    expect(broker.sent).toEqual([]);
    expect(await world.store.order(id)).toMatchObject({ status: 'EXPIRED', denial: { code: 'EXPIRED_UNSENT' } });
  });

  test('an exit that was never sent is sent', async () => {
    await world.router.place(world.account(scriptedBroker({ place: (order) => Promise.resolve({ kind: 'accepted', brokerOrderId: 'b0', updates: [fill(order.id, 10)] }) })), origin('s0'), orderFor());
    void world.router.place(world.account(scriptedBroker({ place: () => new Promise(() => undefined) })), origin('s1'), orderFor({ kind: 'exit' }, { purpose: 'exit' }));
    while ((await world.store.openOrders()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    await restart();
    await pull();
    expect((await resume()).sent).toHaveLength(1);
  });
});

test('while another runtime may be sending it, a young order without a trace is left alone', async () => {
  const id = await crash('before the send');
  await restart();
  expect((await resume({}, undefined, true)).sent).toEqual([]);
  expect(await statusOf(id)).toBe('SUBMITTING');
  world.clock.advance(IN_FLIGHT_MS);
  expect((await resume({}, undefined, true)).sent).toEqual([id]);
});

describe('a look while the account is open', () => {
  test('leaves an order alone that may be on its way, without a question to the broker, and settles it when it is not', async () => {
    const id = await crash('before the send');
    const find = jest.fn(() => Promise.resolve(undefined));
    expect((await look({ find })).sent).toEqual([]);
    expect(find).not.toHaveBeenCalled();
    world.clock.advance(IN_FLIGHT_MS);
    expect((await look()).sent).toEqual([id]);
    expect(await statusOf(id)).toBe('ACCEPTED');
  });

  test('finds what became of an order whose answer could not be journalled', async () => {
    const id = await crash('after the send');
    world.clock.advance(IN_FLIGHT_MS);
    const broker = await look({}, ({ known }) => known.set(id, { brokerOrderId: 'b7', updates: [fill(id, 10)] }));
    expect(broker.sent).toEqual([]);
    expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', brokerOrderId: 'b7' });
  });

  test('finds reports that never came, and writes nothing where there is nothing new', async () => {
    const id = await crash('after the answer');
    const events = async (): Promise<number> => (await world.store.orderEvents(id)).length;
    const before = await events();
    const accepted: BrokerUpdate = { kind: 'status', orderId: id, status: 'ACCEPTED', happenedAt: world.clock.now() };
    await look({}, ({ known }) => known.set(id, { brokerOrderId: 'b1', updates: [accepted] }));
    expect(await events()).toBe(before);
    await look({}, ({ known }) => known.set(id, { brokerOrderId: 'b1', updates: [accepted, fill(id, 10)] }));
    expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', filledQuantity: 10 });
  });

  test('an order of unknown outcome is looked up again and again, without a word for each', async () => {
    const id = await crash('before the send');
    world.clock.advance(IN_FLIGHT_MS);
    for (let times = 0; times < 3; times += 1) await look({ lookupProvesAbsence: false });
    expect(await statusOf(id)).toBe('UNKNOWN');
    expect((await world.store.orderEvents(id)).filter(({ to }) => to === 'UNKNOWN')).toHaveLength(1);
    await look({ lookupProvesAbsence: false }, ({ known }) => known.set(id, { brokerOrderId: 'b7', updates: [fill(id, 10)] }));
    expect(await statusOf(id)).toBe('FILLED');
  });
});
