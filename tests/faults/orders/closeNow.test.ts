import fc from 'fast-check';
import { toMoney } from '../../../runtime/domain/money';
import { ChaseTerms } from '../../../runtime/domain/chase';
import type { OrderRequest } from '../../../runtime/domain/nodeContext';
import { restingBroker, type RestingBroker } from '../../doubles/restingBroker';
import { orderFor, origin, routerWorld, viewOf, type RouterWorld } from '../../doubles/routerWorld';

let world: RouterWorld;
let broker: RestingBroker;
beforeEach(async () => { await open(); });
afterEach(() => world.store.close());

const EXIT = orderFor({ kind: 'exit' }, { purpose: 'exit' });
const account = () => world.account(broker);
async function open(quantity = 10): Promise<void> {
  world = await routerWorld();
  broker = restingBroker(world.clock);
  await filled(await sent('entry', orderFor({ kind: 'fixed', action: 'BUY', quantity })), quantity);
}
const sent = async (signal: string, request: OrderRequest): Promise<string> => viewOf(await world.router.place(account(), origin(signal), request)).id;
/** Fills at the broker, and lets the journal hear of it. */
async function filled(id: string, quantity: number): Promise<void> {
  broker.fill(id, quantity);
  await world.router.cancel(account(), origin('hear'), { kind: 'order', orderId: id, step: String(quantity) });
}
const target = (quantity?: number, purpose: 'entry' | 'exit' = 'exit') => sent(`target${quantity ?? ''}`, orderFor(purpose === 'exit' ? { kind: 'exit', ...(quantity === undefined ? {} : { quantity }) } : { kind: 'fixed', action: 'SELL', quantity: quantity ?? 10 }, { purpose, orderType: 'LIMIT', limitPrice: toMoney(820) }));
const close = (signal = 'close', request: OrderRequest = EXIT) => world.router.closeNow(account(), origin(signal), request);
const statusOf = async (id: string) => (await world.store.order(id))?.status;

test.each(['exit', 'entry'] as const)('a resting %s on the exit\'s side is taken back, and all of the position is closed', async (purpose) => {
  const id = await target(10, purpose);
  expect(await close()).toMatchObject([{ kind: 'placed', order: { action: 'SELL', quantity: 10 } }]);
  expect(await statusOf(id)).toBe('CANCELLED');
});

test('the same wish again meets its order and takes nothing back: what it placed stays', async () => {
  const before = [...broker.cancelled];
  const [first] = await close();
  const again = await close();
  expect(again).toMatchObject([{ kind: 'placed', order: { id: first.kind === 'placed' ? first.order.id : '', duplicate: true } }]);
  expect(broker.cancelled).toEqual(before);
});

test('a market exit at work is left to finish; one that rests is taken back', async () => {
  const before = broker.cancelled.length;
  await close('first');
  expect(await close('second')).toMatchObject([{ kind: 'satisfied' }]);
  world.clock.advance(6_000);
  expect(await close('third')).toMatchObject([{ kind: 'placed', order: { quantity: 10 } }]);
  expect(broker.cancelled).toHaveLength(before + 1);
});

test('while the end of what rests is not proven the close is refused, by name, and journals nothing: the same wish closes later', async () => {
  const id = await target();
  broker.fail('cancel', ...Array.from({ length: 50 }, () => 'dropped' as const));
  expect(await close()).toMatchObject([{ kind: 'refused', denial: { code: 'OUTCOME_UNKNOWN', message: expect.stringContaining(id) as string } }]);
  expect(broker.sent).toHaveLength(2);
  broker.reject(id);
  expect(await close()).toMatchObject([{ kind: 'placed', order: { quantity: 10 } }]);
});

test('what is free is closed at once, and the rest is named as refused', async () => {
  const id = await target(4);
  broker.fail('cancel', ...Array.from({ length: 50 }, () => 'dropped' as const));
  expect(await close()).toMatchObject([{ kind: 'placed', order: { quantity: 6 } }, { kind: 'refused', denial: { message: expect.stringContaining(`4 of the position are kept by order ${id}`) as string } }]);
});

test('an exit of unknown outcome keeps its units: refused by name, not "nothing to close"', async () => {
  jest.spyOn(broker, 'place').mockRejectedValueOnce(new Error('cut'));
  await world.router.place(account(), origin('lost'), EXIT);
  jest.spyOn(broker, 'find').mockResolvedValue(undefined);
  expect(await close()).toMatchObject([{ kind: 'refused', denial: { code: 'OUTCOME_UNKNOWN', message: expect.stringContaining('(UNKNOWN)') as string } }]);
});

test('part of a position takes back as little as it needs', async () => {
  const ids = [await target(3), await target(2)];
  await close('part', { ...EXIT, size: { kind: 'exit', quantity: 6 } });
  expect(await Promise.all(ids.map(statusOf))).toEqual(['OPEN', 'CANCELLED']);
});

test('with a chase it follows the market from the units that were freed', async () => {
  const id = await target();
  const chased = world.router.closeNow(account(), origin('chase'), EXIT, ChaseTerms.parse({ steps: 1, waitMs: 500 }));
  expect(await chased).toMatchObject([{ kind: 'placed', order: { orderType: 'LIMIT', quantity: 10 } }]);
  expect(await statusOf(id)).toBe('CANCELLED');
});

test('whatever fills while it is taken back: never through zero', async () => {
  await world.store.close();
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 10 }), fc.boolean(), async (resting, early, isProven) => {
    await open();
    const id = await target(resting);
    const cancel = broker.cancel.bind(broker);
    // Part of it is quicker than the cancellation.
    jest.spyOn(broker, 'cancel').mockImplementation((orderId) => {
      if (orderId === id && early > 0) broker.fill(id, Math.min(early, resting));
      if (!isProven) return Promise.resolve({ ok: false, denial: { code: 'OUTCOME_UNKNOWN', message: 'no answer' } });
      return early >= resting ? Promise.resolve({ ok: true }) : cancel(orderId);
    });
    await close();
    const sells = (await world.store.orders()).filter(({ action }) => action === 'SELL');
    const most = sells.reduce((sum, order) => sum + (['CANCELLED', 'REJECTED'].includes(order.status) ? order.filledQuantity : order.quantity), 0);
    expect(most).toBeLessThanOrEqual(10);
    await world.store.close();
  }), { numRuns: 25 });
  await open();
});
