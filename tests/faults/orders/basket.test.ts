import { instrumentKey } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import type { LegFailure, OrderRequest, PlaceResult } from '../../../runtime/domain/nodeContext';
import { restingBroker, type RestingBroker } from '../../doubles/restingBroker';
import { orderFor, origin, routerWorld, SBIN, type RouterWorld } from '../../doubles/routerWorld';

let world: RouterWorld;
let broker: RestingBroker;
/** How an order ends without a refusal: so much of it filled, then ended by the exchange. */
type Lapse = readonly [filled: number, status: 'CANCELLED' | 'EXPIRED'];
/** What the market does with each order, in the order of sending: its quantity filled, refused by the exchange after it was accepted, ended by it, or the answer is lost. */
let course: readonly (number | 'refused' | 'rests' | 'lost' | Lapse)[];
/** Orders that the broker does not show. */
let unseen: Set<string>;
beforeEach(async () => {
  world = await routerWorld();
  world.market.set({ instrument: TCS.key, bid: toMoney(3_000), ask: toMoney(3_000), last: toMoney(3_000), at: world.clock.now() });
  broker = restingBroker(world.clock);
  unseen = new Set();
  const find = broker.find.bind(broker);
  jest.spyOn(broker, 'find').mockImplementation((orderId) => (unseen.has(orderId) ? Promise.resolve(undefined) : find(orderId)));
  const place = broker.place.bind(broker);
  jest.spyOn(broker, 'place').mockImplementation(async (order) => {
    const outcome = await place(order);
    const next = course[broker.sent.length - 1] ?? order.quantity;
    if (next === 'lost') {
      unseen.add(order.id);
      return { kind: 'unknown', reason: 'no answer' };
    }
    if (next === 'refused') broker.reject(order.id);
    else if (typeof next === 'object') {
      if (next[0] > 0) broker.fill(order.id, next[0]);
      broker.lapse(order.id, next[1]);
    } else if (next !== 'rests' && next > 0) broker.fill(order.id, next);
    return outcome;
  });
});
afterEach(() => world.store.close());

const TCS = { ...SBIN, key: instrumentKey('NSE', 'TCS'), symbol: 'TCS', base: 'TCS' };
const leg = (number: number, action: 'BUY' | 'SELL', instrument = SBIN): OrderRequest => orderFor({ kind: 'fixed', action, quantity: 10 }, { leg: number, instrument });
const run = (requests: readonly OrderRequest[], onLegFailure: LegFailure, hedgeFirst = false) => world.router.placeBasket(world.account(broker), origin(), { requests, onLegFailure, hedgeFirst });
const told = (outcomes: readonly PlaceResult[] | undefined): unknown => outcomes?.map((outcome) => (outcome.kind === 'refused' ? outcome.denial.code : outcome.kind === 'placed' ? `${outcome.order.action} ${outcome.order.filledQuantity}` : outcome.kind));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
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

describe('32 a leg that ends below its quantity without a refusal', () => {
  const basket = [leg(0, 'BUY'), leg(1, 'SELL', TCS), leg(2, 'BUY')];

  test.each<[string, Lapse]>([['cancelled', [0, 'CANCELLED']], ['cancelled when part of it was filled', [4, 'CANCELLED']], ['expired', [0, 'EXPIRED']]])('"stop" sends no further leg when the exchange shows one as %s; its own result shows the order as it ended', async (_what, lapse) => {
    course = [10, lapse];
    const legs = await run(basket, 'stop');
    expect(legs.map(({ outcomes }) => told(outcomes))).toEqual([['BUY 10'], [`SELL ${lapse[0]}`], ['BASKET_STOPPED']]);
    expect(legs[1]).toMatchObject({ outcomes: [{ order: { status: lapse[1] } }], failed: { code: 'BASKET_STOPPED' } });
    expect(legs[2]).toMatchObject({ outcomes: [{ denial: { message: expect.stringContaining(`${lapse[1]} with ${lapse[0]} of 10 filled`) as string } }] });
    expect(broker.sent).toHaveLength(2);
  });

  test.each<[string, Lapse]>([['nothing', [0, 'CANCELLED']], ['part', [4, 'CANCELLED']]])('"unwind" takes the basket back when a leg is cancelled with %s of it filled: as much as was filled, once, however often the signal comes', async (_what, lapse) => {
    course = [10, lapse];
    const legs = await run(basket, 'unwind');
    expect(legs[1]).toMatchObject({ failed: { code: 'BASKET_STOPPED' }, unwound: lapse[0] === 0 ? [] : [{ kind: 'placed', order: { action: 'BUY', quantity: 4 } }] });
    expect(broker.taken.slice(2).map(({ action, instrument, quantity }) => [action, instrument, quantity])).toEqual([['SELL', 'NSE:SBIN', 10], ...(lapse[0] === 0 ? [] : [['BUY', 'NSE:TCS', 4]])]);
    const sent = broker.sent.length;
    const again = await run(basket, 'unwind');
    expect(again.map(({ outcomes }) => told(outcomes))).toEqual(legs.map(({ outcomes }) => told(outcomes)));
    expect(broker.sent).toHaveLength(sent);
  });

  test('without a policy the others stand', async () => {
    course = [10, [0, 'CANCELLED']];
    const legs = await run(basket, 'continue');
    expect(legs.map(({ failed }) => failed)).toEqual([undefined, undefined, undefined]);
    expect(broker.sent).toHaveLength(3);
  });
});

describe('32 a leg of which nobody knows what became of it', () => {
  const basket = [leg(0, 'BUY'), leg(1, 'SELL', TCS), leg(2, 'BUY')];

  test('"stop" sends no further leg, and says what to do', async () => {
    course = [10, 'lost'];
    const legs = await run(basket, 'stop');
    expect(legs[1]).toMatchObject({ outcomes: [{ kind: 'placed', order: { status: 'UNKNOWN' } }], failed: { code: 'OUTCOME_UNKNOWN', remedy: expect.stringContaining('order book') as string } });
    expect(legs[2]).toMatchObject({ outcomes: [{ denial: { code: 'BASKET_STOPPED', remedy: expect.stringContaining('order book') as string } }] });
    expect(broker.sent).toHaveLength(2);
  });

  test('"unwind" takes the others back, asks for it to be cancelled, and tells people', async () => {
    course = [10, 'lost'];
    broker.fail('cancel', 'dropped');
    const legs = await run(basket, 'unwind');
    expect(legs.map(({ unwound }) => told(unwound))).toEqual([['SELL 0'], ['OUTCOME_UNKNOWN'], undefined]);
    expect(legs[1]).toMatchObject({ outcomes: [{ kind: 'placed', order: { status: 'UNKNOWN' } }], unwound: [{ denial: { remedy: expect.stringContaining('order book') as string } }] });
    expect(await world.store.events.after({ after: 0, kinds: ['protectionFailed'] })).toMatchObject([{ instrument: 'NSE:TCS' }]);
  });

  test('"unwind" stays with it when the leg turns out to have filled and the signal comes again: it is taken back as well', async () => {
    course = [10, 'lost'];
    broker.fail('cancel', 'dropped');
    await run(basket, 'unwind');
    unseen.clear();
    broker.fill(broker.sent[1] ?? '', 10, 3_000);
    const legs = await run(basket, 'unwind');
    expect(legs.map(({ outcomes }) => told(outcomes))).toEqual([['BUY 10'], ['SELL 10'], ['BASKET_STOPPED']]);
    expect(broker.taken.map(({ action, instrument }) => [action, instrument])).toEqual([['BUY', 'NSE:SBIN'], ['SELL', 'NSE:TCS'], ['SELL', 'NSE:SBIN'], ['BUY', 'NSE:TCS']]);
  });

  test('a leg that another call is sending at this moment is waited for, and judged as that call judges it', async () => {
    course = [10, 10, 10];
    const answer = Promise.withResolvers<undefined>();
    const place = broker.place.bind(broker);
    jest.spyOn(broker, 'place').mockImplementationOnce(async (order) => {
      await answer.promise;
      return place(order);
    });
    const first = run(basket, 'unwind');
    while ((await world.store.openOrders()).length === 0) await turn();
    const pause = jest.spyOn(world.ports, 'pause').mockImplementation((ms) => {
      world.clock.advance(ms);
      return turn();
    });
    const second = run(basket, 'unwind');
    // Longer than a leg is waited for, and still on its way.
    for (let turns = 0; pause.mock.calls.length < 30 && turns < 1_000; turns += 1) await turn();
    for (const [key, rupees] of [[SBIN.key, 800], [TCS.key, 3_000]] as const) world.market.set({ instrument: key, bid: toMoney(rupees), ask: toMoney(rupees), last: toMoney(rupees), at: world.clock.now() });
    answer.resolve(undefined);
    const whole = [[['BUY 10'], undefined], [['SELL 10'], undefined], [['BUY 10'], undefined]];
    expect((await Promise.all([first, second])).map((legs) => legs.map(({ outcomes, unwound }) => [told(outcomes), unwound]))).toEqual([whole, whole]);
    expect(broker.sent).toHaveLength(3);
  });
});

test('32 an unwinding that a crash has cut short is finished when the signal comes again, also where it began with the first leg', async () => {
  course = ['rests', [4, 'CANCELLED'], 4];
  const basket = [orderFor({ kind: 'fixed', action: 'BUY', quantity: 10 }, { orderType: 'LIMIT', limitPrice: toMoney(799) }), leg(1, 'SELL', TCS)];
  const admit = world.store.admit.bind(world.store);
  const dies = jest.spyOn(world.store, 'admit').mockImplementation((request, decide) => (request.draft.purpose === 'exit' ? Promise.reject(new Error('killed')) : admit(request, decide)));
  await expect(run(basket, 'unwind')).rejects.toThrow('killed');
  dies.mockRestore();
  const legs = await run(basket, 'unwind');
  expect(legs.map(({ outcomes, unwound }) => [told(outcomes), told(unwound)])).toEqual([[['BUY 0'], []], [['SELL 4'], ['BUY 0']]]);
  expect(legs[0]).toMatchObject({ outcomes: [{ order: { status: 'CANCELLED' } }] });
  expect(broker.taken.slice(2).map(({ action, instrument, quantity }) => [action, instrument, quantity])).toEqual([['BUY', 'NSE:TCS', 4]]);
});

describe('32 a resting leg of a failed basket whose cancellation', () => {
  const basket = [orderFor({ kind: 'fixed', action: 'BUY', quantity: 10 }, { orderType: 'LIMIT', limitPrice: toMoney(799) }), leg(1, 'BUY', TCS)];

  test.each([['is refused', 'refused', 'ORDER_REJECTED', 'Cancel it in the broker'], ['is not answered', 'dropped', 'OUTCOME_UNKNOWN', 'It is asked for again']] as const)('%s is told as still open, and people are told; what was filled of it is closed all the same', async (_what, fault, code, remedy) => {
    course = [4, 'refused', 4];
    broker.fail('cancel', fault);
    const legs = await run(basket, 'unwind');
    expect(legs[0]).toMatchObject({ outcomes: [{ order: { status: 'PARTIALLY_FILLED', filledQuantity: 4 } }], unwound: [{ kind: 'refused', denial: { code, remedy: expect.stringContaining(remedy) as string }, order: { status: 'PARTIALLY_FILLED' } }, { kind: 'placed', order: { action: 'SELL', quantity: 4 } }] });
    expect(await world.store.events.after({ after: 0, kinds: ['protectionFailed'] })).toMatchObject([{ instrument: 'NSE:SBIN', denial: { code }, message: expect.stringContaining('may still fill') as string }]);
  });

  test('is refused because it had filled by then is closed whole, and nobody has to be told', async () => {
    course = ['rests', 'refused', 10];
    const cancel = broker.cancel.bind(broker);
    jest.spyOn(broker, 'cancel').mockImplementationOnce((orderId) => {
      broker.fill(orderId, 10);
      return cancel(orderId);
    });
    const legs = await run(basket, 'unwind');
    expect(legs[0]).toMatchObject({ outcomes: [{ order: { status: 'FILLED' } }], unwound: [{ kind: 'placed', order: { action: 'SELL', quantity: 10 } }] });
    expect(await world.store.events.after({ after: 0, kinds: ['protectionFailed'] })).toEqual([]);
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
