import { toMoney } from '../runtime/domain/money';
import type { Envelope } from '../runtime/domain/envelope';
import { only, raised, tradingWorld, WIDE, type TradingWorld } from '../tests/doubles/tradingWorld';
import { placeOrder } from './PlaceOrder/definition';
import { position } from './Position/definition';
import { protectionTerms } from './protectionFields';

describe('what is written', () => {
  test.each<[string, Parameters<typeof protectionTerms>[0], object]>([
    ['points', { stop: '5' }, { stop: { by: 'points', points: toMoney(5) } }],
    ['percent', { target: '1.5 %' }, { target: { by: 'percent', percent: 1.5 } }],
    ['a multiple of the range', { stop: '2 atr' }, { stop: { by: 'atr', atr: toMoney(12.5), multiple: 2 } }],
    ['a price', { stop: '@795.5' }, { stop: { by: 'price', price: toMoney(795.5) } }],
    ['a trail with an activation', { trailing: '1%', trailAfter: 3 }, { trailing: { by: 'percent', percent: 1, activation: toMoney(3) } }],
    ['a trail in steps', { stop: '5', trailing: 'step 4' }, { stop: { by: 'points', points: toMoney(5) }, trailing: { by: 'steps', step: toMoney(4), activation: toMoney(4) } }],
    ['break-even', { breakEvenAfter: '4', breakEvenOffset: 0.5 }, { breakEven: { after: { by: 'points', points: toMoney(4) }, offset: toMoney(0.5) } }],
    ['minutes', { exitAfterMinutes: 30 }, { timeStop: { by: 'duration', durationMs: 1_800_000 } }],
    ['a time of the day', { exitAt: '15:10' }, { timeStop: { by: 'timeOfDay', minutes: 910 } }],
  ])('%s', (_name, params, terms) => {
    expect(protectionTerms(params, { indicators: { atr: 12.5 } })).toEqual({ ok: true, value: terms });
  });

  test('nothing is nothing; the item’s prices count where the node says nothing', () => {
    expect(protectionTerms({}, {})).toEqual({ ok: true, value: undefined });
    expect(protectionTerms({ target: '2%' }, { stopLoss: 790, target: 820 })).toMatchObject({ value: { stop: { by: 'price', price: toMoney(790) }, target: { by: 'percent' } } });
  });

  test.each([{ stop: 'soon' }, { stop: '0' }, { stop: '@' }, { stop: '-5' }, { stop: '101%' }, { trailing: 'step' }, { trailing: 'step x' }, { exitAt: '25:00' }, { exitAt: 'noon' }])('%j is refused by name', (params) => {
    expect(protectionTerms(params, {})).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', field: Object.keys(params)[0] } });
  });

  test('a range that the item does not bring is asked for', () => {
    expect(protectionTerms({ stop: '2 atr' }, { indicators: { atr: null } })).toMatchObject({ ok: false, denial: { code: 'MISSING_FIELD' } });
  });
});

describe('in a flow', () => {
  let world: TradingWorld;
  beforeEach(async () => {
    world = await tradingWorld(WIDE);
  });
  afterEach(() => world.close());
  const buy = (values: object, item: Envelope = {}) => world.run(placeOrder, { ...values }, { symbol: 'SBIN', action: 'BUY', quantity: 10, ...item }, { signalId: 'e1' });
  const node = (values: object, item: Envelope = {}, signalId = 'p1') => world.run(position, { ...values }, { symbol: 'SBIN', ...item }, { nodeKey: 'position', signalId });
  const held = async (): Promise<number> => (await world.runtime.store.positions({ openOnly: true })).reduce((sum, { quantity }) => sum + quantity, 0);
  const price = async (rupees: number): Promise<void> => {
    world.quote('SBIN', rupees);
    await world.runtime.protection.look();
    await world.runtime.protection.idle();
  };

  test('a bracket is made with its order, watched from the fill on, and closes once', async () => {
    expect(only(await buy({ stop: '1%', target: '2%' }))).toMatchObject({ port: 'placed' });
    expect(await world.runtime.store.protections.live()).toMatchObject([{ status: 'ACTIVE', stopLevel: toMoney(792.0495), filled: 10 }]);
    await price(793);
    expect(await held()).toBe(10);
    await price(791);
    expect(await held()).toBe(0);
    await price(700);
    expect(await world.runtime.store.orders({ nodeKey: 'protection' })).toHaveLength(1);
    expect(world.runtime.protection.guarded()).toEqual([]);
  });

  test('stopLoss and target of the item are a bracket, and one that makes no sense stops the order', async () => {
    await buy({}, { stopLoss: 790, target: 812 });
    expect(await world.runtime.store.protections.live()).toMatchObject([{ stopLevel: toMoney(790), targetLevel: toMoney(812) }]);
    const refused = only(await world.run(placeOrder, {}, { symbol: 'TCS', action: 'BUY', quantity: 1, stopLoss: 3_100 }, { signalId: 'e2' }));
    expect(refused).toMatchObject({ port: 'rejected', item: { denial: { code: 'INVALID_FIELD', field: 'stop' } } });
    expect(await world.runtime.store.orders()).toHaveLength(1);
  });

  test('protect, move, trail and take away', async () => {
    await buy({});
    expect(raised(await node({ operation: 'moveStop', stop: '5' }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(only(await node({ operation: 'protect', stop: '10', target: '@820' })).item).toMatchObject({ protection: { status: 'ACTIVE', stop: 790.05, target: 820, quantity: 10, heldBy: 'runtime' } });
    expect(only(await node({ operation: 'moveStop', stop: '@795' }, {}, 'p2')).item).toMatchObject({ protection: { stop: 795 } });
    expect(raised(await node({ operation: 'moveStop', stop: '@792' }, {}, 'p3'))).toMatchObject({ code: 'INVALID_FIELD', limit: 795 });
    expect(only(await node({ operation: 'moveStop', stop: '@792', loosen: true }, {}, 'p4')).item).toMatchObject({ protection: { stop: 792 } });
    expect(only(await node({ operation: 'trail', trailing: '4' }, {}, 'p5')).item).toMatchObject({ protection: { stop: 796 } });
    await price(810);
    expect(await world.runtime.store.protections.live()).toMatchObject([{ stopLevel: toMoney(806) }]);
    expect(only(await node({ operation: 'cancelProtection' }, {}, 'p6')).item).toMatchObject({ protection: { status: 'CANCELLED' } });
    await price(700);
    expect(await held()).toBe(10);
  });

  test('protecting again replaces what was there; the same signal makes one', async () => {
    await buy({});
    await node({ operation: 'protect', stop: '10' });
    await node({ operation: 'protect', stop: '10' });
    await node({ operation: 'protect', stop: '6' }, {}, 'p2');
    expect(await world.runtime.store.protections.live()).toMatchObject([{ stopLevel: toMoney(794.05) }]);
    expect(raised(await node({ operation: 'protect', stop: '@801' }, {}, 'p3'))).toMatchObject({ code: 'INVALID_FIELD' });
    expect(raised(await node({ operation: 'protect', stop: '5' }, { symbol: 'TCS' }, 'p4'))).toMatchObject({ code: 'NO_POSITION' });
  });

  test('whatever closes the position ends its protection', async () => {
    await buy({ stop: '1%' });
    await node({ operation: 'close' });
    await price(800);
    expect(await world.runtime.store.protections.live()).toEqual([]);
    await price(700);
    expect(await held()).toBe(0);
  });
});
