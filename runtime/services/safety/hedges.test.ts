import { origin, orderFor, routerWorld, type RouterWorld } from '../../../tests/doubles/routerWorld';
import { scriptedBroker, type ScriptedBroker } from '../../../tests/doubles/scriptedBroker';
import { WIDE } from '../../../tests/doubles/tradingWorld';
import { AccountConfig } from '../../domain/account';
import { createCatalogue } from '../../domain/instrument';
import { instrumentKey, type InstrumentKey } from '../../domain/market';
import { toMoney } from '../../domain/money';
import type { Fill } from '../../domain/order';
import type { BrokerOrder } from '../../domain/ports';
import { createSessions, createTradingCalendar, indiaTime } from '../../domain/session';
import { createOrderRouter, type OrderRouter, type RoutedAccount } from '../orderRouter/router';
import { createSafety, type Safety } from '.';

const calendar = createTradingCalendar();
const instruments = createCatalogue();
const LONG = instrumentKey('NFO', 'NIFTY29DEC2625000PE');
const SHORT = instrumentKey('NFO', 'NIFTY29DEC2625500PE');
const OTHER = instrumentKey('NSE', 'ACC');

let world: RouterWorld;
let router: OrderRouter;
let safety: Safety;
let broker: ScriptedBroker;
let account: RoutedAccount;
/** Instruments in the order of the exits that were sent. */
const exits: string[] = [];
let fills = true;

beforeEach(async () => {
  exits.length = 0;
  fills = true;
  world = await routerWorld();
  const ports = { ...world.ports, instruments };
  router = createOrderRouter(ports);
  safety = createSafety({ ports, router, calendar, owners: { own: 'p', isAlive: () => true } });
  broker = scriptedBroker({
    place(order) {
      if (world.clock.now() > indiaTime('2026-11-20', '11:00')) exits.push(`${order.action} ${order.instrument}`);
      const isShort = order.instrument === SHORT && order.action === 'BUY';
      return Promise.resolve({ kind: 'accepted', brokerOrderId: `b-${order.id}`, updates: isShort && !fills ? [] : [{ kind: 'fill', fill: fillOf(order) }] });
    },
  });
  account = { config: AccountConfig.parse({ capital: 10_000_000, limits: WIDE }), broker, sessions: createSessions({ calendar }) };
  pass('11:00');
  await enter('s1', LONG, 65);
  await enter('s2', SHORT, -65);
  await enter('s3', OTHER, 10);
  pass('11:01');
  await world.store.setKillSwitch({ account: 'paper', on: true, flatten: true, happenedAt: world.clock.now() });
});
afterEach(async () => {
  await safety.close();
  await world.store.close();
});

function fillOf({ id, quantity }: BrokerOrder): Fill {
  return { orderId: id, tradeId: 't', quantity, price: toMoney(100), charges: toMoney(0), happenedAt: world.clock.now() };
}

function pass(time: string): void {
  world.clock.set(indiaTime('2026-11-20', time));
  quote();
}

function quote(): void {
  for (const instrument of [LONG, SHORT, OTHER]) world.market.set({ instrument, bid: toMoney(100), ask: toMoney(100), last: toMoney(100), at: world.clock.now() });
}

async function enter(signalId: string, key: InstrumentKey, quantity: number): Promise<void> {
  const instrument = instruments.find(key);
  if (instrument === undefined) throw new Error(`There is no ${key}.`);
  const placed = await router.place(account, origin(signalId), orderFor({ kind: 'fixed', action: quantity > 0 ? 'BUY' : 'SELL', quantity: Math.abs(quantity) }, { instrument, product: quantity === 10 ? 'CNC' : 'NRML' }));
  expect([placed.kind, 'denial' in placed ? placed.denial : undefined]).toEqual(['placed', undefined]);
}

test('shorts first, and the hedge as soon as they have filled, in one round', async () => {
  await safety.round(account);
  expect(exits).toEqual(['BUY NFO:NIFTY29DEC2625500PE', 'SELL NSE:ACC', 'SELL NFO:NIFTY29DEC2625000PE']);
  expect(await world.store.positions({ openOnly: true })).toEqual([]);
});

test('while the short is not bought back its hedge waits, and nothing else does; in the round after its fill the hedge is sold', async () => {
  fills = false;
  await safety.round(account);
  expect(exits).toEqual(['BUY NFO:NIFTY29DEC2625500PE', 'SELL NSE:ACC']);
  const [open] = await world.store.openOrders();
  await world.store.applyUpdates({ orderId: open?.id ?? '', updates: [{ kind: 'fill', fill: { orderId: open?.id ?? '', tradeId: 't', quantity: 65, price: toMoney(100), charges: toMoney(0), happenedAt: world.clock.now() } }], tradingDay: '2026-11-20' });
  await safety.round(account);
  expect(exits).toEqual(['BUY NFO:NIFTY29DEC2625500PE', 'SELL NSE:ACC', 'SELL NFO:NIFTY29DEC2625000PE']);
});

test('a short that can not be bought back holds its hedge for 20 seconds, and not longer', async () => {
  fills = false;
  const from = world.clock.now();
  for (let round = 0; round < 30 && !exits.includes('SELL NFO:NIFTY29DEC2625000PE'); round += 1) {
    await safety.round(account);
    world.clock.advance(2_000);
    quote();
  }
  expect(exits).toContain('SELL NFO:NIFTY29DEC2625000PE');
  expect((world.clock.now() - from) / 1_000).toBeGreaterThan(20);
  expect((world.clock.now() - from) / 1_000).toBeLessThan(30);
});
