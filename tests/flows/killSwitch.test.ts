import { placeOrder } from '../../nodes';
import { HOSTS, shippedFlow } from '../doubles/shippedFlow';
import { only, tradingWorld, type TradingWorld } from '../doubles/tradingWorld';

const LIMITS = { cooldownMs: 0 };
const FLOW = 'Kill switch and close all';

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld(LIMITS);
});
afterEach(() => world.close());

const place = (item: object, strategyId = 'demo', signalId = strategyId) => world.run(placeOrder, {}, { symbol: 'SBIN', action: 'BUY', quantity: 10, ...item }, { strategyId, signalId });

test.each(HOSTS)('%s: one pull stops entries, cancels what rests, closes every strategy and says so', async (host) => {
  await place({});
  await place({ symbol: 'TCS', action: 'SELL', quantity: 3 }, 'other');
  await place({ orderType: 'LIMIT', limitPrice: 790 }, 'third');
  const flow = await shippedFlow(world.runtime, host, FLOW, LIMITS);
  await flow.inject('kill-switch', {}, 'pulled');
  expect(await world.runtime.store.positions({ openOnly: true })).toEqual([]);
  expect(await world.runtime.store.openOrders()).toEqual([]);
  expect(await world.runtime.store.riskState('paper')).toMatchObject({ killSwitch: true });
  expect(await world.runtime.store.alerts()).toMatchObject([{ severity: 'critical', message: expect.stringContaining('closing: 2, failed: 0') as string }]);
  expect(only(await place({}, 'demo', 'next'))).toMatchObject({ port: 'rejected', item: { denial: { code: 'KILL_SWITCH' } } });
  await flow.close();
});

test('the same pull, delivered twice, closes nothing twice; a second pull finds nothing left', async () => {
  await place({});
  const flow = await shippedFlow(world.runtime, 'n8n', FLOW, LIMITS);
  for (const pull of ['pulled', 'pulled', 'again']) await flow.inject('kill-switch', {}, pull);
  expect((await world.runtime.store.orders({ nodeKey: 'kill-close' })).map(({ quantity }) => quantity)).toEqual([10]);
  await flow.close();
});
