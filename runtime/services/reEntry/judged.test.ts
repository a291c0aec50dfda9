import type { Quote } from '../../domain/market';
import { toMoney } from '../../domain/money';
import type { Store } from '../../domain/ports';
import { silentLog } from '../../../tests/doubles/ingressWorld';
import { protectionWorld, type ProtectionWorld } from '../../../tests/doubles/protectionWorld';
import { SBIN } from '../../../tests/doubles/routerWorld';
import { createReEntryWatch, type ReEntryWatch } from './createReEntryWatch';

let world: ProtectionWorld;
let watch: ReEntryWatch;
let listener: ((quote: Quote) => void | Promise<void>) | undefined;
/** The journal writes a return only when the test says so. */
let written: PromiseWithResolvers<undefined>;

beforeEach(async () => {
  world = await protectionWorld();
  written = Promise.withResolvers<undefined>();
  const touch: Store['reEntries']['touch'] = async (request) => {
    await written.promise;
    return world.store.reEntries.touch(request);
  };
  const market: ProtectionWorld['market'] = {
    ...world.market,
    subscribe(instrument, heard) {
      listener = heard;
      return world.market.subscribe(instrument, () => undefined);
    },
  };
  watch = createReEntryWatch({ store: { ...world.store, reEntries: { ...world.store.reEntries, touch } }, market, clock: world.clock, log: silentLog, instruments: { find: () => SBIN } });
  // An entry at 100 that its stop at 95 has closed.
  world.process('one');
  await world.enter({ stop: { by: 'points', points: toMoney(5) } }, 10, { reEntry: { group: 'dip', maximum: 2, cooldownMs: 0, atCost: true } });
  await world.pass(0);
  world.tick(94);
  await world.settle();
});
afterEach(async () => {
  written.resolve(undefined);
  await watch.close();
  await world.close();
});

async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false;
  void promise.then(() => { over = true; });
  await world.settle();
  return over;
}
const told = async (): Promise<number> => (await world.store.events.after({ after: 0, kinds: ['reEntry'] })).length;

test('whoever brings the price back hears when the journal knows of it: a recording goes on with the next one only then', async () => {
  await watch.look(world.account);
  world.tick(100);
  const quote = world.market.latest(SBIN.key);
  if (quote === undefined) throw new Error('There is a price.');
  const judged = Promise.resolve(listener?.(quote));
  expect([await isOver(judged), await told()]).toEqual([false, 0]);
  written.resolve(undefined);
  await judged;
  expect(await told()).toBe(1);
});

test('so does whoever has it looked at', async () => {
  world.tick(100);
  const looked = watch.look(world.account);
  expect([await isOver(looked), await told()]).toEqual([false, 0]);
  written.resolve(undefined);
  await looked;
  expect(await told()).toBe(1);
});
