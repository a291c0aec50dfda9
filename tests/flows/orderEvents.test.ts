import { placeOrder } from '../../nodes';
import { HOSTS, shippedFlow } from '../doubles/shippedFlow';
import { NOW, tradingWorld, type TradingWorld } from '../doubles/tradingWorld';

const FLOW = 'Tell me what happens to my orders';

let world: TradingWorld;
beforeEach(async () => { world = await tradingWorld({ cooldownMs: 0 }); });
afterEach(() => world.close());

const place = (item: object, signalId: string) => world.run(placeOrder, {}, { symbol: 'SBIN', action: 'BUY', quantity: 10, ...item }, { strategyId: 'another', signalId });
const told = async () => (await world.runtime.store.alerts()).map(({ severity, message }) => [severity, message]).reverse();

test.each(HOSTS)('%s: what happens to orders of any strategy, and to the account, is told once', async (host) => {
  await place({}, 'before');
  const flow = await shippedFlow(world.runtime, host, FLOW, {}, 'live');
  await place({}, 's1');
  await place({ quantity: 1_000_000 }, 's2');
  await world.runtime.store.setKillSwitch({ account: 'paper', on: true, happenedAt: NOW, reason: 'enough' });
  await flow.idle();
  expect(await told()).toEqual([
    ['info', 'BUY 10 NSE:SBIN was filled at 800.05.'],
    ['warning', expect.stringContaining('BUY 1000000 NSE:SBIN was not sent: ')],
    ['critical', 'The kill switch of account paper is on: enough'],
  ]);
  await flow.close();
});

test.each(HOSTS)('%s: what needs a person reaches one, however late', async (host) => {
  const flow = await shippedFlow(world.runtime, host, FLOW, {}, 'live');
  const happenedAt = NOW - 3 * 24 * 3_600_000;
  for (const kind of ['protectionLost', 'difference', 'breakerOpened'] as const) await world.runtime.store.events.record({ key: kind, account: 'paper', kind, message: `${kind}!`, facts: {}, happenedAt });
  await flow.idle();
  expect(await told()).toEqual([['critical', 'protectionLost!'], ['critical', 'difference!'], ['critical', 'breakerOpened!']]);
  await flow.close();
});
