import { toMoney, ZERO_MONEY } from '../../../runtime/domain/money';
import { reconcileWorld, type ReconcileWorld } from '../../doubles/reconcileWorld';
import { SBIN } from '../../doubles/routerWorld';

let world: ReconcileWorld;

beforeEach(async () => {
  world = await reconcileWorld();
  await world.start();
});
afterEach(() => world.close());

const told = async (): Promise<readonly string[]> => (await world.store.events.after({ after: 0, kinds: ['external', 'difference'] })).map(({ kind, message }) => `${kind}: ${message}`);

describe('fault 37: a trade in the broker’s own app', () => {
  test('is adopted as external, with an event, and stands in nobody’s way', async () => {
    await world.holding('momentum', 10);
    world.broker.byHand({ action: 'BUY', quantity: 25, rupees: 801 });
    await world.round();
    await world.round();
    expect(await world.held()).toEqual({ external: 25, momentum: 10 });
    expect(await told()).toEqual(['external: BUY 25 NSE:SBIN did not come from a flow; 25 of it is booked as external.']);
    expect(await world.open()).toEqual([]);
    expect(await world.place('s9')).toMatchObject({ kind: 'placed' });
  });

  test('is followed while it fills, and charged', async () => {
    const hand = world.broker.byHand({ action: 'BUY', quantity: 25, filled: 5 });
    await world.round();
    expect(await world.held()).toEqual({ external: 5 });
    expect((await world.store.positions({ account: 'live' }))[0]?.charges).toBeGreaterThan(0);
    expect(await world.store.differences.externalOrders()).toMatchObject([{ brokerOrderId: hand, filledQuantity: 5, quantity: 25 }]);
  });

  test('that closes what a strategy holds leaves it nothing to exit: no exit opens a reverse position', async () => {
    await world.holding('momentum', 10);
    world.broker.byHand({ action: 'SELL', quantity: 10, rupees: 810 });
    await world.round();
    expect(await world.held()).toEqual({});
    const sends = world.broker.sent.length;
    expect(await world.place('exit', { kind: 'exit' }, 'momentum')).toMatchObject({ kind: 'satisfied' });
    expect(world.broker.sent).toHaveLength(sends);
    expect(await told()).toEqual(['external: SELL 10 NSE:SBIN did not come from a flow; 10 of it closed what momentum held.']);
  });

  test('without a price it is not guessed: the position is told as a difference, and a person resolves it', async () => {
    world.market.forget(SBIN.key);
    world.broker.byHand({ action: 'BUY', quantity: 25, rupees: undefined });
    await world.round();
    await world.round();
    expect(await world.open()).toMatchObject([{ kind: 'position', gap: 25 }]);
  });
});

describe('fault 38: two strategies on one symbol', () => {
  test('keep their own sub-ledgers, and exits are capped to their own share', async () => {
    await world.holding('momentum', 10);
    await world.holding('reversal', 4);
    await world.round();
    expect([await world.held(), await world.open()]).toEqual([{ momentum: 10, reversal: 4 }, []]);
    expect(await world.place('exit', { kind: 'exit', quantity: 100 }, 'reversal')).toMatchObject({ kind: 'placed', order: { action: 'SELL', quantity: 4 } });
  });

  test('one long and one short: the broker’s net is their sum, and nothing differs', async () => {
    await world.holding('momentum', 10);
    await world.holding('reversal', -10);
    await world.round();
    await world.round();
    expect([await world.held(), await world.open()]).toEqual([{ momentum: 10, reversal: -10 }, []]);
  });

  test('a person’s sale takes the largest share first; what is left of each is all it can exit', async () => {
    await world.holding('momentum', 10);
    await world.holding('reversal', 4);
    world.broker.byHand({ action: 'SELL', quantity: 12 });
    await world.round();
    expect(await world.held()).toEqual({ reversal: 2 });
    expect(await world.place('exit', { kind: 'exit' }, 'reversal')).toMatchObject({ kind: 'placed', order: { quantity: 2 } });
  });
});

describe('fault 25: an acknowledgement that comes after the fill', () => {
  test('the fill that was never reported is merged from the list, once', async () => {
    await world.place('s1');
    const [id = ''] = world.broker.sent;
    world.broker.fill(id, 10, { tell: false });
    await world.round();
    await world.round();
    expect(await world.store.order(id)).toMatchObject({ status: 'FILLED', filledQuantity: 10 });
    expect([await world.held(), await world.open()]).toEqual([{ demo: 10 }, []]);
    expect(await world.store.fills(id)).toHaveLength(1);
  });

  test('a fill after a cancel that was journalled is merged too: the fill wins', async () => {
    await world.place('s1');
    const [id = ''] = world.broker.sent;
    await world.store.applyUpdates({ orderId: id, updates: [{ kind: 'status', orderId: id, status: 'CANCELLED', happenedAt: world.clock.now() }], tradingDay: '2026-11-20' });
    world.broker.fill(id, 10, { tell: false });
    await world.round();
    expect(await world.store.order(id)).toMatchObject({ status: 'FILLED' });
    expect(await world.held()).toEqual({ demo: 10 });
  });
});

describe('fault 18, in a list that does not tell our ids', () => {
  test('an order whose answer was lost is looked for before it can be taken for somebody else’s', async () => {
    const place = world.broker.place.bind(world.broker);
    world.broker.place = async (order) => {
      await place(order);
      return { kind: 'unknown', reason: 'connection reset' };
    };
    const { orders } = world.broker;
    world.broker.orders = async () => {
      const list = await orders?.();
      return list?.ok === true ? { ok: true, value: list.value.map(({ brokerOrderId, instrument, action, quantity, filledQuantity, status }) => ({ brokerOrderId, instrument, action, quantity, status, product: 'MIS', filledQuantity: filledQuantity ?? 0 })) } : { ok: true, value: [] };
    };
    await world.place('s1');
    const [id = ''] = world.broker.sent;
    world.broker.fill(id, 10, { tell: false });
    await world.round();
    await world.round();
    expect(await world.store.order(id)).toMatchObject({ status: 'FILLED' });
    expect([await world.held(), await world.open(), await world.store.differences.externalOrders()]).toEqual([{ demo: 10 }, [], []]);
  });
});

describe('fault 27: a partial fill, then silence', () => {
  test('the filled part is booked and the rest stays open; nothing is made up', async () => {
    await world.place('s1');
    const [id = ''] = world.broker.sent;
    world.broker.fill(id, 4, { tell: false });
    await world.round();
    await world.round();
    expect(await world.store.order(id)).toMatchObject({ status: 'PARTIALLY_FILLED', filledQuantity: 4 });
    expect([await world.held(), await world.open()]).toEqual([{ demo: 4 }, []]);
  });
});

describe('what does not add up', () => {
  test('a position that nobody can explain is a difference: told, kept, and in the way of new risk; exits pass', async () => {
    await world.holding('momentum', 10);
    world.broker.move(5);
    await world.round();
    expect(await world.open()).toEqual([]);
    await world.round();
    expect(await world.open()).toMatchObject([{ kind: 'position', instrument: SBIN.key, gap: 5, brokerSays: '15', journalSays: '10' }]);
    expect(await told()).toEqual(['difference: The broker and the journal differ in NSE:SBIN: the broker says 15, the journal says 10.']);
    expect(await world.place('s9')).toMatchObject({ kind: 'refused', denial: { code: 'UNEXPLAINED_STATE' } });
    expect(await world.place('exit', { kind: 'exit' }, 'momentum')).toMatchObject({ kind: 'placed' });
    expect(await world.held()).toEqual({ momentum: 10 });
  });

  test('where the broker holds less than the strategies believe, they exit together what it holds: no exit opens a reverse position', async () => {
    await world.holding('momentum', 10);
    await world.holding('reversal', 4);
    world.broker.move(-8);
    await world.round();
    await world.round();
    expect(await world.place('e1', { kind: 'exit' }, 'momentum')).toMatchObject({ kind: 'placed', order: { quantity: 6 } });
    expect(await world.place('e2', { kind: 'exit' }, 'reversal')).toMatchObject({ kind: 'satisfied' });
  });

  test('resolved as external it is booked, and trading goes on', async () => {
    world.broker.move(5);
    await world.round();
    await world.round();
    const [difference] = await world.open();
    await world.store.differences.resolve({ id: difference?.id ?? 0, as: 'external', by: 'Asha', reason: 'bonus shares', tradingDay: '2026-11-20', happenedAt: world.clock.now() });
    await world.round();
    await world.round();
    expect([await world.held(), await world.open()]).toEqual([{ external: 5 }, []]);
    expect(await world.place('s9')).toMatchObject({ kind: 'placed' });
  });

  test('when the two agree again it is explained, and told', async () => {
    world.broker.move(5);
    await world.round();
    await world.round();
    world.broker.move(-5);
    await world.round();
    expect(await world.open()).toEqual([]);
    expect((await told()).at(-1)).toBe('difference: Difference 1 in NSE:SBIN is resolved as explained by bellwether: The broker and the journal agree.');
  });

  test('a position list that lags behind a fill is given time', async () => {
    world.broker.lagPositions(true);
    await world.holding('momentum', 10);
    await world.round(20_000);
    await world.round(20_000);
    expect(await world.open()).toEqual([]);
    world.broker.lagPositions(false);
    await world.round(20_000);
    await world.round();
    expect(await world.open()).toEqual([]);
  });

  test('an order that the broker acknowledged and lists no more stays open and becomes a difference', async () => {
    await world.place('s1');
    world.broker.hide('B1');
    await world.round();
    await world.round();
    expect(await world.open()).toMatchObject([{ kind: 'orderMissing', brokerOrderId: 'B1' }]);
    expect(await world.store.openOrders('live')).toMatchObject([{ status: 'OPEN' }]);
  });

  test('an order of an earlier day that is listed no more is over where the positions agree', async () => {
    await world.place('s1');
    world.broker.hide('B1');
    await world.round(86_400_000);
    expect(await world.store.openOrders('live')).toEqual([]);
    expect(await world.open()).toEqual([]);
  });

  test('an order of an earlier day stays open where the positions do not agree', async () => {
    await world.place('s1');
    const [id = ''] = world.broker.sent;
    world.broker.fill(id, 10, { tell: false });
    world.broker.hide('B1');
    await world.round(86_400_000);
    await world.round();
    expect((await world.open()).map(({ kind }) => kind).sort()).toEqual(['orderMissing', 'position']);
    expect(await world.store.openOrders('live')).toHaveLength(1);
  });

  test('more filled in the journal than the broker lists is a difference, and the fills stay', async () => {
    await world.place('s1');
    const [id = ''] = world.broker.sent;
    const fill = { orderId: id, tradeId: 'ghost', quantity: 10, price: toMoney(800), charges: ZERO_MONEY, happenedAt: world.clock.now() };
    await world.store.applyUpdates({ orderId: id, updates: [{ kind: 'fill', fill }], tradingDay: '2026-11-20' });
    await world.round();
    await world.round();
    expect((await world.open()).map(({ kind }) => kind).sort()).toEqual(['orderProgress', 'position']);
    expect(await world.held()).toEqual({ demo: 10 });
  });
});

describe('a list that can not be read', () => {
  test('is not flat: nothing is concluded from it, and after a while it is told and new risk stays out', async () => {
    await world.holding('momentum', 10);
    world.broker.lists = 'refused';
    await world.round();
    expect(await world.open()).toEqual([]);
    for (let minute = 0; minute < 6; minute += 1) await world.round();
    expect(await world.open()).toMatchObject([{ kind: 'unread', brokerSays: 'nothing that could be read: Log in again.' }]);
    expect(await world.held()).toEqual({ momentum: 10 });
    world.broker.lists = 'fine';
    await world.round();
    expect(await world.open()).toEqual([]);
  });

  test('ends no difference: only a list that was read says that it is over', async () => {
    world.broker.move(5);
    await world.round();
    await world.round();
    world.broker.lists = 'refused';
    await world.round();
    expect(await world.open()).toMatchObject([{ kind: 'position' }]);
  });

  test('a broker without lists is not compared, and nothing is refused for it', async () => {
    delete world.broker.orders;
    delete world.broker.positions;
    await world.holding('momentum', 10);
    for (let minute = 0; minute < 6; minute += 1) await world.round();
    expect(await world.open()).toEqual([]);
  });
});
