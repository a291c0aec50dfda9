import { toMoney, ZERO_MONEY } from '../../../runtime/domain/money';
import type { Order } from '../../../runtime/domain/order';
import { isHeldStop, REST_AGAIN_MS, type ProtectionTerms } from '../../../runtime/domain/protection';
import { createOrderRouter, type OrderRouter, type RouterPorts } from '../../../runtime/services/orderRouter/router';
import { lookAgain } from '../../../runtime/services/orderRouter/resume';
import { protect } from '../../../runtime/services/protection';
import { silentLog } from '../../doubles/ingressWorld';
import { protectionWorld, type ProtectionWorld, type WorldOptions } from '../../doubles/protectionWorld';
import { orderFor, origin, SBIN } from '../../doubles/routerWorld';

const STOP: ProtectionTerms = { stop: { by: 'points', points: toMoney(5) } };

let world: ProtectionWorld;
let router: OrderRouter;
const ports = (): RouterPorts => ({ store: world.store, market: world.market, clock: world.clock, log: silentLog, instruments: { find: () => SBIN }, pause: (ms) => { world.clock.advance(ms); world.tick(100); return Promise.resolve(); } });

async function open(options: WorldOptions = {}): Promise<void> {
  world = await protectionWorld({ heldStops: true, ...options });
  router = createOrderRouter(ports());
  world.process('one');
  await world.pass(0);
}
async function begin(terms: ProtectionTerms = STOP): Promise<Order> {
  await open();
  await world.enter(terms);
  await world.pass(0);
  const [stop] = await stops();
  if (stop === undefined) throw new Error('No stop rests at the broker.');
  return stop;
}
afterEach(() => world.close());

const stops = async (): Promise<readonly Order[]> => (await world.store.openOrders()).filter(isHeldStop);
const quantities = async (): Promise<readonly number[]> => (await stops()).map(({ quantity }) => quantity);
const alarms = async () => (await world.store.events.after({ after: 0, kinds: ['protectionFailed', 'protectionLost'] })).map(({ message }) => message);
const look = async (seconds: number, rupees = 100): Promise<void> => {
  for (let second = 0; second < seconds; second += 1) {
    world.tick(rupees);
    await world.pass(1_000);
    if (second % 5 === 0) await lookAgain(ports(), world.account);
  }
};
const byHand = async (quantity: number): Promise<void> => {
  const report = { account: 'paper', brokerOrderId: 'h1', day: '2026-11-20', instrument: SBIN.key, product: 'MIS', action: 'SELL', quantity, filledQuantity: quantity, averagePrice: toMoney(100), status: 'FILLED', tradingDay: '2026-11-20', happenedAt: world.clock.now() } as const;
  await world.store.differences.adopt(report, () => ZERO_MONEY);
};
/** What becomes of stops that arrive; everything else is the exchange's. */
function answerStops(outcome: Awaited<ReturnType<ProtectionWorld['exchange']['broker']['place']>>): void {
  const { broker } = world.exchange;
  const place = broker.place.bind(broker);
  Object.assign(broker, { place: (order: Parameters<typeof place>[0]) => (order.triggerPrice === undefined ? place(order) : Promise.resolve(outcome)) });
}
const loseModifications = (): void => void Object.assign(world.exchange.broker, { modify: () => Promise.resolve({ ok: false, denial: { code: 'OUTCOME_UNKNOWN', message: 'no answer' } }) });

describe('a stop at the broker is no pending order of the flow', () => {
  test('a target position that is reached trades nothing, and leaves the stop where it is', async () => {
    const stop = await begin();
    expect(await router.place(world.account, origin('t'), orderFor({ kind: 'target', quantity: 10 }))).toMatchObject({ kind: 'satisfied' });
    expect((await stops()).map(({ id }) => id)).toEqual([stop.id]);
  });

  test('the newest order of the symbol is the flow’s own', async () => {
    await open();
    world.exchange.market = 4;
    const entry = await world.enter(STOP);
    await world.pass(0);
    expect(await router.cancel(world.account, origin('c'), { kind: 'newest', exchange: 'NSE', symbol: 'SBIN' })).toMatchObject({ kind: 'done' });
    expect([(await world.store.order(entry.id))?.status, await quantities()]).toEqual(['CANCELLED', [4]]);
  });

  test('the Risk Gate approves an exit beside it', async () => {
    await begin();
    expect(await router.assess(world.account, origin('a'), orderFor({ kind: 'exit' }, { purpose: 'exit' }))).toMatchObject({ approved: true, quantity: 10 });
    await world.store.setKillSwitch({ account: 'paper', on: true, happenedAt: world.clock.now() });
    expect(await router.assess(world.account, origin('b'), orderFor({ kind: 'fixed', action: 'SELL', quantity: 10 }))).toMatchObject({ approved: true });
  });

  test('where it fills while it makes way for a sale of the whole, nothing is sold short', async () => {
    const stop = await begin();
    const { broker } = world.exchange;
    Object.assign(broker, { cancel: (id: string) => { world.exchange.fill(id, 10, 95); return Promise.resolve({ ok: false, denial: { code: 'NOT_FOUND', message: 'filled' } }); } });
    const result = await router.place(world.account, origin('sale'), orderFor({ kind: 'fixed', action: 'SELL', quantity: 10 }));
    await world.settle();
    expect(result).toMatchObject({ kind: 'refused', denial: { code: 'WOULD_REVERSE' } });
    expect([(await world.store.order(stop.id))?.status, await world.held()]).toEqual(['FILLED', 0]);
  });
});

describe('what was closed too much is given back until it is', () => {
  test.each(['reject', 'rest', 3] as const)('where the first order for it comes to: %s', async (what) => {
    const stop = await begin();
    loseModifications();
    await byHand(6);
    await world.pass(1_000);
    world.exchange.market = what;
    world.exchange.fill(stop.id, 10, 95);
    await look(4);
    world.exchange.market = 'fill';
    await look(60);
    expect([await world.held(), (await world.protection()).status]).toEqual([0, 'DONE']);
  });

  test('nothing is given back, and nobody alarmed, where a newer protection exits whole after the flow has closed a part', async () => {
    await begin({ stop: { by: 'points', points: toMoney(10) } });
    await world.enter(STOP, 10, { signalId: 'second' });
    await world.pass(1_000);
    await router.place(world.account, origin('part'), orderFor({ kind: 'fixed', action: 'SELL', quantity: 5 }));
    await look(REST_AGAIN_MS / 1_000 + 6);
    expect(await quantities()).toEqual([10, 5]);
    world.exchange.fill((await stops())[1]?.id ?? '', 5, 95);
    await look(10);
    expect([await world.held(), await quantities(), await alarms()]).toEqual([5, [5], []]);
  });

  test('nor where the stop of a protection that was replaced fills a part on its way out', async () => {
    const stop = await begin();
    world.exchange.cancels = false;
    const position = { account: 'paper', strategyId: origin().strategyId, exchange: 'NSE', symbol: 'SBIN', product: 'MIS', quantity: 10, averagePrice: 100, realisedPnl: 0, charges: 0 } as const;
    await protect({ store: world.store, market: world.market, clock: world.clock, log: silentLog }, origin('anew'), position, { stop: { by: 'points', points: toMoney(3) } });
    await world.settle();
    world.exchange.fill(stop.id, 6, 95);
    world.exchange.end(stop.id);
    world.exchange.cancels = true;
    await look(30);
    expect([await world.held(), await quantities(), await alarms()]).toEqual([4, [4], []]);
  });
});

describe('answers that stay away', () => {
  test('a stop of unknown outcome keeps the exit waiting, and people are told within a minute', async () => {
    await open();
    Object.assign(world.exchange.broker.capabilities, { lookupProvesAbsence: false });
    answerStops({ kind: 'unknown', reason: 'no answer' });
    Object.assign(world.exchange.broker, { cancel: () => Promise.resolve({ ok: false, denial: { code: 'OUTCOME_UNKNOWN', message: 'unknown' } }) });
    await world.enter(STOP);
    await look(60, 90);
    expect([await world.held(), await alarms()]).toEqual([10, [expect.stringContaining('keeps the units')]]);
  });

  test('a modification that is lost is not waited for: the stop is taken back, and another one rests', async () => {
    await begin();
    loseModifications();
    await byHand(6);
    await look(40);
    expect(await quantities()).toEqual([4]);
  });

  test('a stop that is not taken is offered again after longer and longer, and people are told once', async () => {
    await open();
    answerStops({ kind: 'rejected', denial: { code: 'SESSION_EXPIRED', message: 'log in' } });
    await world.enter(STOP);
    await look(600);
    expect((await world.store.orders({ limit: 1_000 })).length).toBeLessThan(12);
    expect(await alarms()).toEqual([expect.stringContaining('does not come to rest')]);
  });

  test('where the broker turns one of several away, it keeps none', async () => {
    await open();
    world.exchange.market = 4;
    const entry = await world.enter(STOP);
    await world.pass(0);
    answerStops({ kind: 'rejected', denial: { code: 'ORDER_REJECTED', message: 'no margin' } });
    world.clock.advance(20_000);
    world.exchange.fill(entry.id, 6, 100);
    world.exchange.market = 'fill';
    await look(10);
    expect([await quantities(), await alarms()]).toEqual([[], [expect.stringContaining('the runtime watches instead')]]);
    await look(8, 94);
    expect(await world.held()).toBe(0);
  });
});

describe('an entry that fills in parts', () => {
  test('unit by unit has a few stops, not one for each', async () => {
    await open();
    world.exchange.market = 1;
    const entry = await world.enter(STOP, 30);
    await world.pass(0);
    for (let unit = 1; unit < 30; unit += 1) {
      world.exchange.fill(entry.id, 1, 100);
      await look(10);
      expect((await stops()).length).toBeLessThan(6);
    }
    await look(20);
    expect((await quantities()).reduce((sum, quantity) => sum + quantity, 0)).toBe(30);
  });

  test.each([true, false])('what turns the position round is protected by what it opens, also where the first part only closes (stops at the broker: %s)', async (heldStops) => {
    await open({ heldStops });
    await router.place(world.account, origin('short'), orderFor({ kind: 'fixed', action: 'SELL', quantity: 10 }));
    await world.settle();
    world.exchange.market = 10;
    const entry = await world.enter(STOP, 20);
    await look(2);
    expect(await world.protection()).toMatchObject({ status: 'PENDING', filled: 0 });
    world.exchange.fill(entry.id, 10, 100);
    world.exchange.market = 'fill';
    await look(2);
    expect(await world.protection()).toMatchObject({ status: 'ACTIVE', filled: 10, writtenOff: 0 });
    await look(8, 94);
    expect(await world.held()).toBe(0);
  });
});
