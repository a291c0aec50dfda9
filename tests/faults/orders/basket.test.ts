import { instrumentKey } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import type { LegFailure, OrderRequest, PlaceResult } from '../../../runtime/domain/nodeContext';
import { restingBroker, type RestingBroker } from '../../doubles/restingBroker';
import { orderFor, origin, routerWorld, SBIN, type RouterWorld } from '../../doubles/routerWorld';

let world: RouterWorld;
let broker: RestingBroker;
/** What the market does with each order, in the order of sending: its quantity filled, or refused by the exchange after it was accepted. */
let course: readonly (number | 'refused' | 'rests')[];
beforeEach(async () => {
  world = await routerWorld();
  world.market.set({ instrument: TCS.key, bid: toMoney(3_000), ask: toMoney(3_000), last: toMoney(3_000), at: world.clock.now() });
  broker = restingBroker(world.clock);
  const place = broker.place.bind(broker);
  jest.spyOn(broker, 'place').mockImplementation(async (order) => {
    const outcome = await place(order);
    const next = course[broker.sent.length - 1] ?? order.quantity;
    if (next === 'refused') broker.reject(order.id);
    else if (next !== 'rests' && next > 0) broker.fill(order.id, next);
    return outcome;
  });
});
afterEach(() => world.store.close());

const TCS = { ...SBIN, key: instrumentKey('NSE', 'TCS'), symbol: 'TCS', base: 'TCS' };
const leg = (number: number, action: 'BUY' | 'SELL', instrument = SBIN): OrderRequest => orderFor({ kind: 'fixed', action, quantity: 10 }, { leg: number, instrument });
const run = (requests: readonly OrderRequest[], onLegFailure: LegFailure, hedgeFirst = false) => world.router.placeBasket(world.account(broker), origin(), { requests, onLegFailure, hedgeFirst });
const told = (outcomes: readonly PlaceResult[] | undefined): unknown => outcomes?.map((outcome) => (outcome.kind === 'refused' ? outcome.denial.code : outcome.kind === 'placed' ? `${outcome.order.action} ${outcome.order.filledQuantity}` : outcome.kind));
const held = async (): Promise<readonly unknown[]> => (await world.store.positions({ openOnly: true })).map(({ instrument, quantity }) => [instrument, quantity]);

describe('32 a leg that is accepted and then refused by the exchange', () => {
  test('without a policy the others stand', async () => {
    course = [10, 'refused', 10];
    const legs = await run([leg(0, 'BUY'), leg(1, 'BUY', TCS), leg(2, 'BUY')], 'continue');
    expect(legs.map(({ outcomes }) => outcomes.length)).toEqual([1, 1, 1]);
    expect(broker.sent).toHaveLength(3);
  });

  test('"stop" waits for its fate and sends no further leg', async () => {
    course = [10, 'refused'];
    const legs = await run([leg(0, 'BUY'), leg(1, 'BUY', TCS), leg(2, 'BUY')], 'stop');
    expect(legs.map(({ outcomes }) => told(outcomes))).toEqual([['BUY 10'], ['ORDER_REJECTED'], ['BASKET_STOPPED']]);
    expect(broker.sent).toHaveLength(2);
    expect(await held()).toEqual([['NSE:SBIN', 10]]);
  });

  test('"unwind" cancels what rests and closes what was filled, once, however often the signal comes', async () => {
    course = [4, 'refused', 4];
    const basket = [orderFor({ kind: 'fixed', action: 'BUY', quantity: 10 }, { orderType: 'LIMIT', limitPrice: toMoney(799) }), leg(1, 'BUY', TCS)];
    const legs = await run(basket, 'unwind');
    expect(told(legs[0]?.unwound)).toEqual(['SELL 0']);
    expect(broker.cancelled).toHaveLength(1);
    await run(basket, 'unwind');
    expect(broker.sent).toHaveLength(3);
    expect(await world.store.orders({ limit: 1 })).toMatchObject([{ action: 'SELL', purpose: 'exit', quantity: 4 }]);
  });

  test('"unwind" never opens the other side: a leg that made a position smaller is not bought back, and people are told', async () => {
    course = [10, 10, 'refused'];
    await run([leg(0, 'BUY')], 'continue');
    const legs = await world.router.placeBasket(world.account(broker), origin('s2'), { requests: [leg(0, 'SELL'), leg(1, 'BUY', TCS)], onLegFailure: 'unwind', hedgeFirst: false });
    expect(told(legs[0]?.unwound)).toEqual(['WOULD_REVERSE']);
    expect(await world.store.events.after({ after: 0, kinds: ['protectionFailed'] })).toHaveLength(1);
    expect(broker.sent).toHaveLength(3);
  });
});

describe('hedge first', () => {
  test('buys first, and sells when the hedge has filled', async () => {
    course = [10, 10];
    const legs = await run([leg(0, 'SELL', TCS), leg(1, 'BUY')], 'unwind', true);
    expect(broker.taken.map(({ action }) => action)).toEqual(['BUY', 'SELL']);
    expect(legs.map(({ outcomes }) => told(outcomes))).toEqual([['SELL 10'], ['BUY 10']]);
  });

  test.each([['is refused', 'refused'], ['rests', 'rests'], ['fills in part', 4]] as const)('sells nothing where the hedge %s', async (_what, fate) => {
    course = [fate, 4];
    const legs = await run([leg(0, 'SELL', TCS), leg(1, 'BUY')], 'continue', true);
    expect(told(legs[0]?.outcomes)).toEqual(['BASKET_STOPPED']);
    expect(broker.taken.map(({ action }) => action)).toEqual(['BUY']);
  });

  test('with "unwind" a hedge that filled in part is taken back', async () => {
    course = [4, 4];
    const legs = await run([leg(0, 'SELL', TCS), leg(1, 'BUY')], 'unwind', true);
    expect(told(legs[1]?.unwound)).toEqual(['SELL 0']);
    expect(broker.cancelled).toHaveLength(1);
    expect(broker.taken.map(({ action, quantity }) => [action, quantity])).toEqual([['BUY', 10], ['SELL', 4]]);
  });
});
