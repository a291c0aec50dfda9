import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toMoney } from '../../../runtime/domain/money';
import type { PlaceOutcome } from '../../../runtime/domain/ports';
import { IN_FLIGHT_MS, lookAgain, resumeOrders } from '../../../runtime/services/orderRouter/resume';
import { restingBroker, type RestingBroker } from '../../doubles/restingBroker';
import { orderFor, origin, routerWorld, type RouterWorld } from '../../doubles/routerWorld';

let folder: string;
let world: RouterWorld;
let broker: RestingBroker;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-kill-'));
  world = await routerWorld(path.join(folder, 'journal.db'));
  broker = restingBroker(world.clock);
});
afterEach(async () => {
  await world.store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  await world.store.close();
  world = await routerWorld(path.join(folder, 'journal.db'), world.clock);
}

const LIMIT = orderFor(undefined, { orderType: 'LIMIT', limitPrice: toMoney(790) });
const kill = (): Promise<void> => world.store.setKillSwitch({ account: 'paper', on: true, happenedAt: world.clock.now() });
const place = (count: number): Promise<unknown>[] => Array.from({ length: count }, (_, index) => world.router.place(world.account(broker), origin(`s${index}`), LIMIT));

describe('59 the kill switch with 50 orders in flight', () => {
  test('nothing new is sent, every order is waited for and cancelled, and what remains is named', async () => {
    const answered = Promise.withResolvers<undefined>();
    const real = broker.place.bind(broker);
    // On their way: the broker has none of them yet.
    const asked = jest.spyOn(broker, 'place').mockImplementation(async (order): Promise<PlaceOutcome> => {
      await answered.promise;
      return real(order);
    });
    const placing = place(50);
    while (asked.mock.calls.length < 50) await new Promise((resolve) => setImmediate(resolve));
    await kill();
    expect(await world.router.place(world.account(broker), origin('late'), LIMIT)).toMatchObject({ kind: 'refused', denial: { code: 'KILL_SWITCH' } });
    // They arrive while the cancelling waits for them.
    jest.spyOn(world.ports, 'pause').mockImplementation(async () => {
      answered.resolve(undefined);
      await Promise.all(placing);
    });
    expect(await world.router.cancelAll(world.account(broker), origin('kill'))).toEqual({ cancelled: 50, failed: [] });
    await Promise.all(placing);
    expect([broker.sent.length, (await world.store.openOrders()).length]).toEqual([50, 0]);
  });

  test('a crash in the middle of the cancellations: they finish after the restart, nothing is sent, and the switch stands', async () => {
    await Promise.all(place(50));
    await kill();
    const cancel = broker.cancel.bind(broker);
    const stuck = jest.spyOn(broker, 'cancel').mockImplementation((id) => (broker.cancelled.length < 20 ? cancel(id) : new Promise(() => undefined)));
    void world.router.cancelAll(world.account(broker), origin('kill'));
    while (stuck.mock.calls.length < 21) await new Promise((resolve) => setImmediate(resolve));
    const asked = stuck.mock.calls.length;
    await restart();
    stuck.mockRestore();
    world.clock.advance(IN_FLIGHT_MS);
    await resumeOrders(world.ports, world.account(broker), { othersMaySend: false });
    expect((await world.store.orders()).filter(({ status }) => status === 'CANCELLED')).toHaveLength(asked);
    expect(await world.router.cancelAll(world.account(broker), origin('kill again'))).toEqual({ cancelled: 50 - asked, failed: [] });
    expect(await world.router.place(world.account(broker), origin('late'), LIMIT)).toMatchObject({ kind: 'refused', denial: { code: 'KILL_SWITCH' } });
    expect(broker.sent).toHaveLength(50);
  });

  test('an order of which nobody knows whether the broker has it is cancelled as soon as it is found', async () => {
    const real = broker.place.bind(broker);
    jest.spyOn(broker, 'place').mockImplementationOnce(async (order) => {
      await real(order);
      throw new Error('cut');
    });
    const hidden = jest.spyOn(broker, 'find').mockResolvedValue(undefined);
    jest.spyOn(broker, 'cancel').mockResolvedValueOnce({ ok: false, denial: { code: 'NOT_FOUND', message: 'No such order.' } });
    await Promise.all(place(1));
    await kill();
    expect(await world.router.cancelAll(world.account(broker), origin('kill'))).toMatchObject({ cancelled: 0, failed: [expect.stringContaining('No such order')] });
    hidden.mockRestore();
    await lookAgain(world.ports, world.account(broker));
    expect(await world.store.orders()).toMatchObject([{ status: 'CANCELLED' }]);
    expect(await world.store.changes.open()).toEqual([]);
  });

  test('what was filled first is named as such, and one that fails stops none of the others', async () => {
    await Promise.all(place(3));
    const [first, second] = broker.sent;
    broker.fill(first ?? '', 10);
    const cancel = broker.cancel.bind(broker);
    jest.spyOn(broker, 'cancel').mockImplementation((id) => (id === second ? Promise.resolve({ ok: false, denial: { code: 'RATE_LIMITED', message: 'Too fast.' } }) : cancel(id)));
    const { cancelled, failed } = await world.router.cancelAll(world.account(broker), origin('kill'));
    expect([cancelled, failed]).toEqual([1, [expect.stringContaining('FILLED before it could be cancelled'), expect.stringContaining('Too fast.')]]);
  });
});
