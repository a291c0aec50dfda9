import { routerWorld, SBIN, type RouterWorld } from '../../../tests/doubles/routerWorld';
import { fromMoney, toMoney } from '../../domain/money';
import { exitTerms } from './exitTerms';

let world: RouterWorld;
beforeEach(async () => { world = await routerWorld(); });
afterEach(() => world.store.close());

const quote = (bid: number, ask: number, last: number, ageMs = 0): void => world.market.set({ instrument: SBIN.key, bid: toMoney(bid), ask: toMoney(ask), last: toMoney(last), at: world.clock.now() - ageMs });
async function pricesOf(action: 'BUY' | 'SELL'): Promise<readonly (number | undefined)[]> {
  const terms = await Promise.all([0, 1, 2, 3, 4, 5, 9].map((rung) => exitTerms(world.ports, SBIN, action, rung)));
  return terms.map(({ limitPrice }) => (limitPrice === undefined ? undefined : fromMoney(limitPrice)));
}

test('at market first, then half a percent further through the best price with each step, up to two and a half', async () => {
  quote(800, 801, 800);
  expect(await pricesOf('SELL')).toEqual([undefined, 796, 792, 788, 784, 780, 780]);
  expect((await pricesOf('BUY')).slice(0, 2)).toEqual([undefined, 805.05]);
});

test('from the best price that there is, however far the last trade lies from it', async () => {
  quote(700, 701, 800);
  expect((await pricesOf('SELL'))[5]).toBeLessThan(700);
});

test('a price that is old says nothing: at market', async () => {
  quote(800, 801, 800, 5_001);
  expect(await pricesOf('SELL')).toEqual(Array.from({ length: 7 }, () => undefined));
});
