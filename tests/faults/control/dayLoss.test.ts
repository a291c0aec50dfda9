import { AccountConfig } from '../../../runtime/domain/account';
import { instrumentKey } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import { createSessions, createTradingCalendar, indiaTime } from '../../../runtime/domain/session';
import { judgeLoss } from '../../../runtime/services/safety/dailyLoss';
import type { RoutedAccount } from '../../../runtime/services/orderRouter/router';
import { orderFor, origin, routerWorld, SBIN, type RouterWorld } from '../../doubles/routerWorld';
import { scriptedBroker } from '../../doubles/scriptedBroker';
import { WIDE } from '../../doubles/tradingWorld';

let world: RouterWorld;
let account: RoutedAccount;
beforeEach(async () => {
  world = await routerWorld();
  // Ten shares at 800; ten rupees a share are the limit of the day.
  account = {
    config: AccountConfig.parse({ capital: 10_000, limits: { ...WIDE, maxDailyLossPercent: 1 } }), sessions: createSessions({ calendar: createTradingCalendar() }),
    broker: scriptedBroker({ place: (order) => Promise.resolve({ kind: 'accepted', brokerOrderId: `b-${order.id}`, updates: [{ kind: 'fill', fill: { orderId: order.id, tradeId: 't', quantity: order.quantity, price: world.market.latest(SBIN.key)?.last ?? toMoney(800), charges: toMoney(0), happenedAt: world.clock.now() } }] }) }),
  };
  trade('2026-11-19', '11:00', 800);
});
afterEach(() => world.store.close());

function trade(day: string, time: string, rupees: number, previousClose?: number): void {
  world.clock.set(indiaTime(day, time));
  world.market.set({ instrument: SBIN.key, bid: toMoney(rupees), ask: toMoney(rupees), last: toMoney(rupees), at: world.clock.now(), ...(previousClose === undefined ? {} : { previousClose: toMoney(previousClose) }) });
}
const judge = async () => judgeLoss(world.ports, account, await world.store.riskState('paper'));
const order = (signalId: string, quantity = 10, action: 'BUY' | 'SELL' = 'BUY', strategyId = 'demo') =>
  world.router.place(account, origin(signalId, { strategyId }), orderFor(action === 'BUY' ? { kind: 'fixed', action, quantity } : { kind: 'exit', quantity }, { product: 'CNC', purpose: action === 'BUY' ? 'entry' : 'exit' }));

test('what was lost on earlier days is no loss of today', async () => {
  await order('s1');
  trade('2026-11-19', '15:29', 791);
  expect(await judge()).toEqual({ kind: 'within' });
  world.clock.set(indiaTime('2026-11-20', '00:01'));
  expect(await judge()).toMatchObject({ kind: 'unknown' });
  trade('2026-11-20', '09:20', 789);
  expect(await judge()).toEqual({ kind: 'within' });
  expect(await order('s2')).toMatchObject({ kind: 'placed' });
  trade('2026-11-20', '10:00', 784);
  expect(await judge()).toEqual({ kind: 'reached', loss: 120, limit: 100 });
});

test('what was won on earlier days is no cushion for a loss of today; the gate counts as the breaker does', async () => {
  await order('s1');
  trade('2026-11-20', '09:20', 812, 830);
  expect(await judge()).toEqual({ kind: 'reached', loss: 180, limit: 100 });
  expect(await order('s2')).toMatchObject({ kind: 'refused', denial: { code: 'MAX_DAILY_LOSS', value: 180 } });
});

test('the close counts once a day, also for units that were sold since, and not for the day after', async () => {
  await order('s1');
  trade('2026-11-20', '09:20', 805, 810);
  for (let looks = 0; looks < 3; looks += 1) expect(await judge()).toEqual({ kind: 'within' });
  await order('s2', 10, 'SELL');
  expect(await world.store.riskState('paper')).toMatchObject({ realisedToday: toMoney(50), carriedToday: toMoney(100) });
  trade('2026-11-23', '09:20', 805, 700);
  await order('s3');
  expect(await world.store.riskState('paper')).toMatchObject({ tradingDay: '2026-11-23', realisedToday: 0 });
  expect((await world.store.riskState('paper')).carriedToday).toBeUndefined();
});

test('without a close a position counts from its entry; so does one that was traded before it was known', async () => {
  await order('s1');
  trade('2026-11-20', '09:20', 789);
  expect(await judge()).toEqual({ kind: 'reached', loss: 110, limit: 100 });
  await order('s2', 4, 'SELL');
  trade('2026-11-20', '09:21', 789, 790);
  expect(await judge()).toEqual({ kind: 'reached', loss: 110, limit: 100 });
});

describe('a position traded by hand in a symbol without a price', () => {
  beforeEach(async () => {
    await world.store.differences.adopt({ account: 'paper', brokerOrderId: 'X1', day: '2026-11-19', instrument: instrumentKey('NSE', 'OBSCURE'), product: 'CNC', action: 'BUY', quantity: 5, filledQuantity: 5, status: 'FILLED', averagePrice: toMoney(10), tradingDay: '2026-11-19', happenedAt: world.clock.now() }, () => toMoney(0));
  });

  test('does not blind the breaker: the rest is counted, and it is told once a day', async () => {
    await order('s1');
    trade('2026-11-19', '12:00', 789);
    for (let looks = 0; looks < 3; looks += 1) expect(await judge()).toMatchObject({ kind: 'reached', loss: 110 });
    expect(await world.store.events.after({ after: 0, kinds: ['health'] })).toMatchObject([{ instrument: 'NSE:OBSCURE' }]);
  });

  test.each([['won', 110], ['lost', 1]])('and what it had %s by the close before, counted while it had a price, is neither a loss nor a cushion of today', async (_what, rupees) => {
    await order('s1');
    world.market.set({ instrument: instrumentKey('NSE', 'OBSCURE'), bid: toMoney(rupees), ask: toMoney(rupees), last: toMoney(rupees), at: indiaTime('2026-11-19', '15:29') });
    trade('2026-11-20', '09:20', 801, 800);
    expect(await judge()).toEqual({ kind: 'within' });
    expect((await world.store.riskState('paper')).carriedToday).toBe(toMoney(5 * (rupees - 10)));
    expect(await order('s2')).toMatchObject({ kind: 'placed' });
    trade('2026-11-20', '09:30', 789, 800);
    expect(await judge()).toMatchObject({ kind: 'reached', loss: 10 * 11 + 10 * 12 });
  });

  test('keeps no flow from entering', async () => {
    expect(await order('s1')).toMatchObject({ kind: 'placed' });
  });
});

describe('a position that only the broker knew of, adopted at the broker’s average', () => {
  const EXTERNAL = instrumentKey('NSE', 'ADOPTED');
  const quote = (rupees: number, previousClose?: number): void => {
    world.market.set({ instrument: EXTERNAL, bid: toMoney(rupees), ask: toMoney(rupees), last: toMoney(rupees), at: world.clock.now(), ...(previousClose === undefined ? {} : { previousClose: toMoney(previousClose) }) });
  };
  const adopt = async (gap = 100, price = 5_000): Promise<void> => {
    const { difference } = await world.store.differences.open({
      account: 'paper', happenedAt: world.clock.now(),
      finding: { key: `position ${EXTERNAL} CNC ${gap}`, kind: 'position', mark: String(gap), instrument: EXTERNAL, product: 'CNC', brokerSays: String(gap), journalSays: 'no position', gap, price: toMoney(price) },
    });
    expect(await world.store.differences.resolve({ id: difference.id, as: 'external', by: 'me', reason: 'mine', tradingDay: '2026-11-20', happenedAt: world.clock.now() })).toMatchObject({ ok: true });
  };
  beforeEach(() => trade('2026-11-20', '11:00', 800, 800));

  test('counts from the close before: not what it had lost by then is today’s, but what it loses today; the gate says so too', async () => {
    quote(799.5, 800);
    await adopt();
    expect(await order('s1')).toMatchObject({ kind: 'placed' });
    expect(await judge()).toEqual({ kind: 'within' });
    expect(await judge()).toEqual({ kind: 'within' });
    quote(799, 800);
    expect(await judge()).toEqual({ kind: 'reached', loss: 100, limit: 100 });
    expect(await order('s2')).toMatchObject({ kind: 'refused', denial: { code: 'MAX_DAILY_LOSS', value: 100 } });
  });

  test('counts from the price at its adoption where the close is not known', async () => {
    quote(800);
    await adopt();
    expect(await judge()).toEqual({ kind: 'within' });
    quote(799);
    expect(await judge()).toEqual({ kind: 'reached', loss: 100, limit: 100 });
  });

  test('counts from its first price, be it that of its sale, where none is known', async () => {
    await adopt();
    expect(await judge()).toEqual({ kind: 'within' });
    await world.store.differences.adopt({ account: 'paper', brokerOrderId: 'X2', day: '2026-11-20', instrument: EXTERNAL, product: 'CNC', action: 'SELL', quantity: 40, filledQuantity: 40, status: 'FILLED', averagePrice: toMoney(800), tradingDay: '2026-11-20', happenedAt: world.clock.now() }, () => toMoney(0));
    quote(800);
    expect(await judge()).toEqual({ kind: 'within' });
    quote(798);
    expect(await judge()).toEqual({ kind: 'reached', loss: 120, limit: 100 });
  });

  test('counts unit by unit: a second gap does not touch what is counted of the first', async () => {
    quote(800, 800);
    await adopt();
    expect(await judge()).toEqual({ kind: 'within' });
    await adopt(50, 4_000);
    expect(await judge()).toEqual({ kind: 'within' });
    quote(799.5, 800);
    expect(await judge()).toEqual({ kind: 'within' });
    quote(799, 800);
    expect(await judge()).toEqual({ kind: 'reached', loss: 150, limit: 100 });
  });

  test('a hand’s position of the day before keeps no flow from its first entry, although nobody has looked since', async () => {
    trade('2026-11-19', '12:00', 800);
    await world.store.differences.adopt({ account: 'paper', brokerOrderId: 'X3', day: '2026-11-19', instrument: EXTERNAL, product: 'CNC', action: 'BUY', quantity: 100, filledQuantity: 100, status: 'FILLED', averagePrice: toMoney(5_000), tradingDay: '2026-11-19', happenedAt: world.clock.now() }, () => toMoney(0));
    trade('2026-11-20', '11:00', 800, 800);
    quote(800, 800);
    expect(await order('s1')).toMatchObject({ kind: 'placed' });
  });
});
