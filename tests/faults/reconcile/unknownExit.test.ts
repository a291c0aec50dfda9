import { SECOND_MS } from '../../../runtime/domain/time';
import { createTradingCalendar } from '../../../runtime/domain/session';
import { createSafety } from '../../../runtime/services/safety';
import { RESOLVE_DEADLINE_MS } from '../../../runtime/services/orderRouter/resume';
import { listingBroker, type ListingBroker } from '../../doubles/listingBroker';
import { reconcileWorld, type ReconcileWorld } from '../../doubles/reconcileWorld';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { NOW } from '../../doubles/ingressWorld';

let world: ReconcileWorld;
let broker: ListingBroker;
beforeEach(async () => {
  const clock = manualClock(NOW);
  broker = listingBroker(clock, { lookupProvesAbsence: false });
  world = await reconcileWorld({ clock, broker });
  await world.start();
  await world.holding('demo', 10);
});
afterEach(() => world.close());

/** An exit of all ten whose answer does not come. */
async function lostExit(how: 'lost' | 'dropped'): Promise<string> {
  broker.answers = how;
  expect(await world.place('stop', { kind: 'exit' })).toMatchObject({ kind: 'placed', order: { status: 'UNKNOWN' } });
  broker.answers = 'given';
  return broker.sent.at(-1) ?? '';
}
const statusOf = async (id: string): Promise<string | undefined> => (await world.store.order(id))?.status;
const settle = async (as: 'neverArrived' | 'found', brokerOrderId?: string) => world.store.differences.resolve({
  id: (await world.open()).find(({ kind }) => kind === 'orderUnknown')?.id ?? 0, as, by: 'Asha', reason: 'seen at the broker', tradingDay: '2026-11-20', happenedAt: world.clock.now(), ...(brokerOrderId === undefined ? {} : { brokerOrderId }),
});
const overdue = async (): Promise<void> => {
  broker.lists = 'refused';
  await world.round(RESOLVE_DEADLINE_MS + SECOND_MS);
  await world.round();
};

test('where both lists may be one copy the proof has to last five minutes', async () => {
  const clock = manualClock(NOW);
  const other = listingBroker(clock, { lookupProvesAbsence: false, independentLists: false });
  const own = await reconcileWorld({ clock, broker: other });
  await own.start();
  await own.holding('demo', 10);
  other.answers = 'dropped';
  await own.place('stop', { kind: 'exit' });
  const id = other.sent.at(-1) ?? '';
  await own.round(RESOLVE_DEADLINE_MS + SECOND_MS);
  for (let looks = 0; looks < 4; looks += 1) await own.round();
  expect((await own.store.order(id))?.status).toBe('UNKNOWN');
  await own.round();
  expect((await own.store.order(id))?.status).toBe('EXPIRED');
  await own.close();
});

test('an exit that never arrived is released when both lists prove it, and the next exit closes the position', async () => {
  const id = await lostExit('dropped');
  expect(await world.place('close', { kind: 'exit' })).toMatchObject({ kind: 'satisfied' });
  await world.round(RESOLVE_DEADLINE_MS - SECOND_MS);
  await world.round();
  expect(await statusOf(id)).toBe('UNKNOWN');
  await world.round();
  expect(await statusOf(id)).toBe('EXPIRED');
  expect(await world.store.events.after({ after: 0, kinds: ['expired'] })).toMatchObject([{ orderId: id, message: expect.stringContaining('still holds the units') as string }]);
  expect(await world.open()).toEqual([]);
  expect(await world.place('close again', { kind: 'exit' })).toMatchObject({ kind: 'placed', order: { quantity: 10 } });
});

test('a kill switch that asks for a flat account waits for it, and closes the position when it is released', async () => {
  await lostExit('dropped');
  await world.store.setKillSwitch({ account: 'live', on: true, flatten: true, happenedAt: world.clock.now() });
  const safety = createSafety({ ports: world.ports, router: world.router, calendar: createTradingCalendar(), owners: { own: 'p', isAlive: () => true } });
  const flatten = (): Promise<void> => world.desk.each('safety', (account) => safety.round(account));
  const before = broker.sent.length;
  await flatten();
  expect(broker.sent).toHaveLength(before);
  await world.round(RESOLVE_DEADLINE_MS + SECOND_MS);
  await world.round();
  for (let rounds = 0; rounds < 20 && broker.sent.length === before; rounds += 1) {
    world.clock.advance(10 * SECOND_MS);
    await flatten();
  }
  expect(broker.sent).toHaveLength(before + 1);
  broker.fill(broker.sent.at(-1) ?? '', 10);
  await world.desk.look();
  expect(await world.held()).toEqual({});
  await safety.close();
});

test.each<[string, () => void]>([
  ['lists an order of the same terms', () => { broker.byHand({ action: 'SELL', quantity: 10, filled: 0 }); }],
  ['holds less', () => { broker.move(-10); }],
  ['holds more', () => { broker.move(5); }],
  ['can not be read', () => { broker.lists = 'refused'; }],
])('it stays unknown where the broker %s', async (_what, happens) => {
  const id = await lostExit('dropped');
  happens();
  await world.round(RESOLVE_DEADLINE_MS + SECOND_MS);
  for (let looks = 0; looks < 5; looks += 1) await world.round();
  expect(await statusOf(id)).toBe('UNKNOWN');
});

test('an exit that arrived is never released: its row in the list could be it', async () => {
  const id = await lostExit('lost');
  await world.round(RESOLVE_DEADLINE_MS + SECOND_MS);
  for (let looks = 0; looks < 5; looks += 1) await world.round();
  expect(await statusOf(id)).toBe('UNKNOWN');
});

test('past its deadline it is a difference that keeps out no other instrument; a person says that it never arrived', async () => {
  const id = await lostExit('dropped');
  await world.round(RESOLVE_DEADLINE_MS - SECOND_MS);
  expect(await world.open()).toEqual([]);
  await overdue();
  expect((await world.open()).filter(({ kind }) => kind === 'orderUnknown')).toMatchObject([{ orderId: id, key: `unknown ${id}` }]);
  expect(await settle('neverArrived')).toMatchObject({ ok: true, value: { resolution: { as: 'neverArrived', by: 'Asha' } } });
  expect(await world.store.order(id)).toMatchObject({ status: 'EXPIRED', denial: { message: expect.stringContaining('says Asha') as string } });
  expect(await world.place('close', { kind: 'exit' })).toMatchObject({ kind: 'placed', order: { quantity: 10 } });
});

test('a person finds it: its fills are read from the order that was named', async () => {
  const id = await lostExit('lost');
  await overdue();
  broker.lists = 'fine';
  expect(await settle('found')).toMatchObject({ ok: false, denial: { field: 'brokerOrderId' } });
  expect(await settle('found', 'B1')).toMatchObject({ ok: false, denial: { message: expect.stringContaining('is order') as string } });
  expect(await settle('found', 'B2')).toMatchObject({ ok: true });
  expect(await world.store.order(id)).toMatchObject({ status: 'ACCEPTED', brokerOrderId: 'B2' });
  broker.recognise('B2', id);
  broker.fill(id, 10);
  await world.desk.look();
  await world.round();
  expect(await world.store.order(id)).toMatchObject({ status: 'FILLED' });
  expect([await world.held(), await world.open()]).toEqual([{}, []]);
});

test('a person names an order that the broker has never had: once its list shows nothing of it, the person can say that it never arrived', async () => {
  const id = await lostExit('dropped');
  await overdue();
  broker.lists = 'fine';
  expect(await settle('found', 'B999')).toMatchObject({ ok: true });
  for (let looks = 0; looks < 3; looks += 1) await world.round();
  expect(await world.place('close', { kind: 'exit' })).toMatchObject({ kind: 'satisfied' });
  const [missing] = await world.open();
  expect(missing).toMatchObject({ kind: 'orderMissing', orderId: id });
  expect(await world.store.differences.resolve({ id: missing?.id ?? 0, as: 'neverArrived', by: 'Asha', reason: 'a wrong number', tradingDay: '2026-11-20', happenedAt: world.clock.now() })).toMatchObject({ ok: true });
  expect(await statusOf(id)).toBe('EXPIRED');
  await world.round();
  expect([await world.open(), await world.place('close again', { kind: 'exit' })]).toMatchObject([[], { kind: 'placed', order: { quantity: 10 } }]);
});

test('of an order whose outcome is known nobody can say that it never arrived', async () => {
  const id = await lostExit('lost');
  await overdue();
  broker.recognise('B2', id);
  await world.desk.look();
  expect(await settle('neverArrived')).toMatchObject({ ok: false });
  expect(await statusOf(id)).toBe('OPEN');
});
