import { orderFor, origin, routerWorld, SBIN } from '../../../tests/doubles/routerWorld';
import { restingBroker } from '../../../tests/doubles/restingBroker';
import type { PositionView } from '../../domain/envelope';
import type { PlaceResult } from '../../domain/nodeContext';
import { createShortsFirst } from './shortsFirst';

const view = (quantity: number, symbol = 'SBIN'): PositionView => ({ account: 'paper', strategyId: 'demo', exchange: 'NSE', symbol, product: 'MIS', quantity, realisedPnl: 0, charges: 0 });

test('a long waits until what buys the short back has ended, as the broker says it, or for five seconds in all; what is on something else does not', async () => {
  const world = await routerWorld();
  const broker = restingBroker(world.clock);
  const account = world.account(broker);
  const close = async (signalId: string): Promise<PlaceResult> => world.router.place(account, origin(signalId), orderFor({ kind: 'fixed', action: 'BUY', quantity: 10 }, { instrument: SBIN }));
  let waited = 0;
  let fillsAfter = 3;
  const pause = (ms: number): Promise<void> => {
    waited += 1;
    world.clock.advance(ms);
    if (waited === fillsAfter) broker.fill(broker.sent.at(-1) ?? '', 10);
    return Promise.resolve();
  };
  const shortsFirst = createShortsFirst({ ...world.ports, pause }, account);
  await shortsFirst.wait(view(10));
  expect(waited).toBe(0);
  shortsFirst.note({ kind: 'close', position: view(-10), outcomes: [await close('s1')] });
  await shortsFirst.wait(view(-5));
  await shortsFirst.wait(view(10, 'TCS'));
  expect(waited).toBe(0);
  await shortsFirst.wait(view(10));
  expect(waited).toBe(3);
  fillsAfter = 1_000;
  shortsFirst.note({ kind: 'close', position: view(-10), outcomes: [await close('s2')] });
  await shortsFirst.wait(view(10));
  await shortsFirst.wait(view(10));
  expect(waited).toBeLessThanOrEqual(20);
  expect(waited).toBeGreaterThan(15);
  await world.store.close();
});
