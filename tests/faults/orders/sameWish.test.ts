import { placeOrder } from '../../../nodes/PlaceOrder/definition';
import { position } from '../../../nodes/Position/definition';
import { riskGate } from '../../../nodes/RiskGate/definition';
import type { Envelope } from '../../../runtime/domain/envelope';
import { indiaTime } from '../../../runtime/domain/session';
import { only, tradingWorld, WIDE, type TradingWorld } from '../../doubles/tradingWorld';

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld(WIDE);
});
afterEach(() => world.close());

const held = async () => (await world.runtime.store.positions({ openOnly: true })).map(({ instrument, quantity }) => [instrument, quantity]);
const ALERT: Envelope = { symbol: 'SBIN', action: 'BUY', quantity: 10 };

test('55: a host that runs the same node again with the same signal, by itself or by hand, meets its order', async () => {
  const run = async (): Promise<unknown> => {
    const { item } = only(await world.run(riskGate, {}, ALERT, { signalId: 'alert', nodeKey: 'gate' }));
    return only(await world.run(placeOrder, {}, item, { signalId: 'alert', nodeKey: 'order' })).item['order'];
  };
  const first = await run();
  world.clock.advance(3_600_000);
  world.quote('SBIN', 900);
  expect(await run()).toMatchObject({ ...Object(first), duplicate: true });
  expect([(await world.runtime.store.orders()).length, await held()]).toEqual([1, [['NSE:SBIN', 10]]]);
});

test('55: what was refused stays refused when the host tries again', async () => {
  await world.runtime.store.setKillSwitch({ account: 'paper', on: true, happenedAt: world.clock.now() });
  const run = async () => only(await world.run(placeOrder, {}, ALERT, { signalId: 'alert' })).item['denial'];
  expect(await run()).toMatchObject({ code: 'KILL_SWITCH' });
  await world.runtime.store.rearm({ account: 'paper', happenedAt: world.clock.now() });
  expect(await run()).toMatchObject({ code: 'KILL_SWITCH' });
  expect(await held()).toEqual([]);
});

test('48: a position stays with the contract that was bought, whatever its name means later', async () => {
  const [now, later] = ['NFO:NIFTY29DEC26FUT', 'NFO:NIFTY26JAN27FUT'] as const;
  world.quote(now, 26_000);
  const bought = only(await world.run(placeOrder, { product: 'NRML' }, { exchange: 'NFO', symbol: 'NIFTY2!', action: 'BUY', quantity: 65 }, { signalId: 'entry' }));
  expect(bought.item['order']).toMatchObject({ symbol: 'NIFTY29DEC26FUT', status: 'FILLED' });

  world.clock.set(indiaTime('2026-11-25', '10:00'));
  world.quote(now, 26_100);
  world.quote(later, 26_300);
  // The same words mean the next contract now: there is nothing of it to close.
  expect(only(await world.run(position, { operation: 'close' }, { exchange: 'NFO', symbol: 'NIFTY2!' }, { signalId: 'exit' })).item).toMatchObject({ closings: [] });
  expect(await held()).toEqual([[now, 65]]);
  await world.run(position, { operation: 'closeAll' }, {}, { signalId: 'exit all' });
  const [exit] = await world.runtime.store.orders({ limit: 1 });
  expect([exit?.instrument, exit?.action, await held()]).toEqual([now, 'SELL', []]);
});
