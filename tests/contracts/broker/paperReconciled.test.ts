import { memoryPaperBook } from '../../../runtime/adapters/brokers/paper/memoryBook';
import { paperBroker } from '../../../runtime/adapters/brokers/paper/paperBroker';
import { countingIds, manualClock } from '../../../runtime/adapters/system/manual';
import { PaperAccount } from '../../../runtime/domain/account';
import { toMoney } from '../../../runtime/domain/money';
import { createSessions, createTradingCalendar, indiaTime } from '../../../runtime/domain/session';
import { createAccountDesk } from '../../../runtime/services/accounts/accountDesk';
import { createReconciler } from '../../../runtime/services/reconcile';
import { silentLog } from '../../doubles/ingressWorld';
import { orderFor, origin, routerWorld, SBIN } from '../../doubles/routerWorld';
import { WIDE } from '../../doubles/tradingWorld';

/** Journal, router and reconciliation of a paper account, from 15:00 on a Friday. */
async function world() {
  const clock = manualClock(indiaTime('2026-11-20', '15:00'));
  const routed = await routerWorld(':memory:', clock);
  const { store, ports, market } = routed;
  const calendar = createTradingCalendar();
  const sessions = createSessions({ calendar });
  const config = PaperAccount.parse({ limits: WIDE, safety: { squareOffMinutes: 0 } });
  const broker = await paperBroker({ account: config, clock, ids: countingIds('p'), market, instruments: ports.instruments, sessions, calendar, book: memoryPaperBook(), log: silentLog });
  const reconciler = createReconciler({ ports, owners: { own: 'one', isAlive: () => true } });
  const desk = createAccountDesk({ ports, log: silentLog, sessionsOf: () => sessions, isAlone: () => true, openBroker: () => Promise.resolve({ ok: true, value: broker }), reconcile: (account) => reconciler.atStart(account) });
  await desk.declare(config);
  return {
    ...routed, broker,
    quote: (last: number): void => market.set({ instrument: SBIN.key, bid: toMoney(last), ask: toMoney(last), last: toMoney(last), at: clock.now() }),
    place: (strategyId: string, quantity: number) => desk.use(config.id, (account) => routed.router.place(account, origin(`${strategyId} ${quantity}`, { strategyId }), orderFor({ kind: 'fixed', action: 'BUY', quantity }))),
    round: () => desk.each('reconcile', (account) => reconciler.round(account)),
    held: async () => Object.fromEntries((await store.positions({ openOnly: true })).map(({ strategyId, quantity }) => [strategyId, quantity])),
    async close() {
      await desk.close();
      await reconciler.close();
      await store.close();
    },
  };
}

test('what the broker squares off by itself closes the strategies’ positions in the journal, with its price and its fee, and leaves nothing unexplained', async () => {
  const { clock, quote, place, round, held, store, broker, ...its } = await world();
  expect([await place('momentum', 20), await place('breakout', 5)]).toMatchObject([{ kind: 'placed' }, { kind: 'placed' }]);
  expect(await held()).toEqual({ momentum: 20, breakout: 5 });
  clock.advance(indiaTime('2026-11-20', '15:10') - clock.now());
  quote(810);
  await round();
  expect(await held()).toEqual({});
  expect(await broker.positions?.()).toEqual({ ok: true, value: [] });
  const told = await store.events.after({ after: 0, kinds: ['external', 'difference'] });
  expect(told.map(({ strategyId, message }) => [strategyId, message])).toEqual([
    ['momentum', 'SELL 25 NSE:SBIN did not come from a flow; 20 of it closed what momentum held.'],
    ['breakout', 'SELL 25 NSE:SBIN did not come from a flow; 5 of it closed what breakout held.'],
  ]);
  // Both books say the same of profit and charges.
  const ledger = await store.positions();
  const sum = (of: 'realisedPnl' | 'charges'): number => ledger.reduce((total, position) => total + position[of], 0);
  expect((await broker.funds()).available).toBe(toMoney(1_000_000) + sum('realisedPnl') - sum('charges'));
  clock.advance(120_000);
  await round();
  await round();
  expect(await store.differences.list({ openOnly: true })).toEqual([]);
  expect(await store.differences.externalOrders()).toHaveLength(1);
  await its.close();
});

test('an intraday order that the broker cancels at its square-off is cancelled in the journal too', async () => {
  const { clock, store, round, quote, router, broker, ...its } = await world();
  const desk = { config: PaperAccount.parse({ limits: WIDE, safety: { squareOffMinutes: 0 } }), broker, sessions: createSessions() };
  expect(await router.place(desk, origin('rests'), orderFor({ kind: 'fixed', action: 'BUY', quantity: 5 }, { orderType: 'LIMIT', limitPrice: toMoney(790) }))).toMatchObject({ kind: 'placed', order: { status: 'OPEN' } });
  clock.advance(indiaTime('2026-11-20', '15:10') - clock.now());
  quote(800);
  await round();
  await round();
  expect(await store.orders()).toMatchObject([{ status: 'CANCELLED' }]);
  await its.close();
});
