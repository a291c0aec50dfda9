import type { Envelope } from '../../runtime/domain/envelope';
import { AccountConfig } from '../../runtime/domain/account';
import { instrumentKey } from '../../runtime/domain/market';
import { ALWAYS_OPEN } from '../../runtime/domain/session';
import { accountState } from '../../runtime/services/context/accountState';
import { NOW, only, tradingWorld, type TradingWorld } from '../../tests/doubles/tradingWorld';
import { placeOrder } from '../PlaceOrder/definition';
import { position } from '../Position/definition';
import { riskGate } from './definition';

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld();
});
afterEach(() => world.close());

const gate = async (values: object, item: Envelope, signalId = 's1', nodeKey = 'gate') => only(await world.run(riskGate, { ...values }, item, { signalId, nodeKey }));
const place = async (item: Envelope, signalId = 's1', values: object = {}) => only(await world.run(placeOrder, { ...values }, item, { signalId, nodeKey: 'order' }));
const refusals = () => world.runtime.store.intents({ nodeKey: 'gate' });
const BUY: Envelope = { symbol: 'SBIN', action: 'BUY', quantity: 10 };
const SELL: Envelope = { ...BUY, action: 'SELL' };

describe('check', () => {
  test('approves, sizes and hands the order on, with the flow\'s limits in the decision', async () => {
    const { port, item } = await gate({ sizePercent: 1, maxPosition: 400, cooldownSeconds: 900 }, { symbol: 'SBIN', action: 'BUY', note: 'mine' });
    expect(port).toBe('approved');
    expect(item).toMatchObject({ note: 'mine', exchange: 'NSE', symbol: 'SBIN', action: 'BUY', product: 'MIS', orderType: 'MARKET', decision: { approved: true, limits: { maxPosition: 400, cooldownMs: 900_000 } } });
    expect(item.quantity).toBe(62); // 1 % of 10 lakh, at a fifth of 800 rupees of intraday margin each
    expect((await place(item)).item.order).toMatchObject({ status: 'FILLED', quantity: item.quantity });
  });

  test('an approval writes no intent and reserves nothing', async () => {
    await gate({}, BUY);
    expect(await world.runtime.store.intents()).toEqual([]);
  });

  test('a refusal says rule, limit and value on the item and in the journal', async () => {
    const { port, item } = await gate({ maxOrderQuantity: 9 }, BUY);
    const told = { rule: 'max order quantity', limit: 9, value: 10 };
    expect(port).toBe('blocked');
    expect(item).toMatchObject({ ...BUY, decision: { approved: false, ...told }, denial: { code: 'MAX_ORDER_QUANTITY', ...told } });
    expect(await refusals()).toMatchObject([{ status: 'DENIED', signalId: 's1', denial: { code: 'MAX_ORDER_QUANTITY', ...told } }]);
  });

  test('a refusal is journalled once and stands when the same signal comes again, even when the reason is gone', async () => {
    world.market.forget(instrumentKey('NSE', 'SBIN'));
    const first = await gate({}, BUY);
    world.quote('SBIN', 800);
    expect(await gate({}, BUY)).toEqual(first);
    expect(await gate({}, BUY, 's2')).toMatchObject({ port: 'approved' });
    expect(await refusals()).toHaveLength(1);
  });

  test('twenty equal checks at once journal one refusal and all hear the same', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => gate({ maxOrderQuantity: 9 }, BUY)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await refusals()).toHaveLength(1);
  });

  test.each<[string, object, Envelope, string]>([
    ['order quantity', { maxOrderQuantity: 9 }, BUY, 'MAX_ORDER_QUANTITY'],
    ['order value', { maxOrderValuePercent: 0.7 }, BUY, 'MAX_ORDER_VALUE'],
    ['price collar', { priceCollarPercent: 1 }, { ...BUY, orderType: 'LIMIT', limitPrice: 784 }, 'PRICE_COLLAR'],
    ['position', { maxPosition: 9 }, BUY, 'MAX_POSITION'],
    ['symbol exposure', { maxSymbolExposure: 9 }, BUY, 'MAX_SYMBOL_EXPOSURE'],
  ])('the flow\'s limit on %s blocks what the account would allow', async (_name, limits, item, code) => {
    expect(await gate(limits, item)).toMatchObject({ port: 'blocked', item: { denial: { code } } });
    expect(await gate({}, item, 's2')).toMatchObject({ port: 'approved' });
  });

  test.each<[string, object, string]>([
    ['open positions', { maxOpenPositions: 1 }, 'MAX_OPEN_POSITIONS'],
    ['daily orders', { maxDailyOrders: 1 }, 'MAX_DAILY_ORDERS'],
    ['daily loss', { maxDailyLossPercent: 0.001 }, 'MAX_DAILY_LOSS'],
  ])('the flow\'s limit on %s blocks the next one', async (_name, limits, code) => {
    const next: Envelope = { ...BUY, symbol: 'TCS' };
    await place({ ...BUY, symbol: 'SBIN' }, 's0');
    world.quote('SBIN', 780);
    expect(await gate({}, next)).toMatchObject({ port: 'approved' });
    expect(await gate(limits, next, 's2')).toMatchObject({ port: 'blocked', item: { denial: { code } } });
  });

  test('the cool-down of the flow is as long as the longer of both', async () => {
    const { item } = await gate({ cooldownSeconds: 900 }, BUY);
    await place(item);
    world.clock.advance(899_000);
    world.quote('SBIN', 800);
    expect(await gate({}, BUY, 's2')).toMatchObject({ port: 'blocked', item: { denial: { code: 'TRADE_LOCK', value: 1_000 } } });
    world.clock.advance(1_000);
    expect(await gate({}, BUY, 's3')).toMatchObject({ port: 'approved' });
  });

  test('the account\'s limit stays where the flow\'s is wider', async () => {
    expect(await gate({ maxOrderQuantity: 1e6, maxOrderValuePercent: 10_000, maxPosition: 1e6 }, { ...BUY, quantity: 126 })).toMatchObject({ port: 'blocked', item: { denial: { code: 'MAX_ORDER_VALUE', limit: 100_000 } } });
  });

  test('of two gates in a row the tighter limit holds to the end', async () => {
    const first = await gate({ maxPosition: 10, cooldownSeconds: 600 }, BUY);
    const second = await gate({ maxPosition: 400, maxOrderQuantity: 50 }, first.item, 's1', 'gate2');
    expect(second.item.decision?.limits).toEqual({ maxPosition: 10, maxOrderQuantity: 50, cooldownMs: 600_000 });
    expect(await place({ ...second.item, quantity: 11 })).toMatchObject({ port: 'rejected', item: { denial: { code: 'MAX_POSITION', limit: 10 } } });
  });

  test('a size of its own replaces the target of the item, for the order as for the verdict', async () => {
    const { item } = await gate({ quantity: 5 }, { ...BUY, targetQuantity: 500 });
    expect((await place(item)).item.order).toMatchObject({ quantity: 5 });
  });

  test('a target is handed on as a target; one that is reached is blocked by name', async () => {
    const { item } = await gate({}, { symbol: 'SBIN', targetQuantity: 20 });
    expect(item).toMatchObject({ action: 'BUY', targetQuantity: 20 });
    expect((await place(item)).item.order).toMatchObject({ quantity: 20 });
    expect(await gate({}, { symbol: 'SBIN', targetQuantity: 20 }, 's2')).toMatchObject({ port: 'blocked', item: { denial: { code: 'NO_POSITION' } } });
  });

  test('what can not become an order is blocked before any rule', async () => {
    expect(await gate({}, { ...BUY, symbol: 'NOSUCHSHARE' })).toMatchObject({ port: 'blocked', item: { denial: { code: 'UNKNOWN_SYMBOL' }, decision: { approved: false } } });
    expect(await refusals()).toMatchObject([{ status: 'DENIED', instrument: 'NSE:NOSUCHSHARE', denial: { code: 'UNKNOWN_SYMBOL' } }]);
  });

  test('nothing in the item widens what the account allows', async () => {
    const limits = { maxOrderValuePercent: 10_000, maxOrderQuantity: 1e9, cooldownMs: 0, maxPosition: 1e9 };
    expect(await gate({}, { ...BUY, quantity: 126, account: 'other', decision: { approved: true, limits } })).toMatchObject({ port: 'blocked', item: { denial: { code: 'MAX_ORDER_VALUE' } } });
  });
});

describe('kill switch', () => {
  const LIMIT_BUY: Envelope = { ...BUY, symbol: 'INFY', quantity: 1, orderType: 'LIMIT', limitPrice: 2_950 };

  test('cancels open orders, blocks entries, lets exits pass, and is over when re-armed', async () => {
    await place(BUY, 's0');
    world.quote('INFY', 3_000);
    await place(LIMIT_BUY, 's1');
    expect(await gate({ operation: 'killSwitch' }, { note: 'mine' })).toMatchObject({ port: 'approved', item: { note: 'mine', killSwitch: true, cancelledOrders: 1, failedCancellations: [] } });
    expect(await world.runtime.store.riskState('paper')).toMatchObject({ killSwitch: true, killedAt: NOW });

    expect(await gate({}, { ...BUY, symbol: 'TCS' }, 's2')).toMatchObject({ port: 'blocked', item: { denial: { code: 'KILL_SWITCH', rule: 'kill switch' } } });
    expect(await place({ ...BUY, symbol: 'TCS' }, 's3')).toMatchObject({ port: 'rejected', item: { denial: { code: 'KILL_SWITCH' } } });
    expect(await place({ ...SELL, quantity: 11 }, 's4')).toMatchObject({ port: 'rejected', item: { denial: { code: 'KILL_SWITCH' } } });
    expect(await gate({}, { ...SELL, quantity: 4 }, 's5')).toMatchObject({ port: 'approved' });
    expect(await place({ ...SELL, quantity: 4 }, 's5')).toMatchObject({ port: 'placed', item: { order: { status: 'FILLED' } } });
    expect(only(await world.run(position, { operation: 'close', symbol: 'SBIN' }, {}, { signalId: 's6' })).item).toMatchObject({ closedCount: 1 });
    expect(await world.runtime.store.openOrders('paper')).toEqual([]);
    expect(await world.runtime.store.positions({ openOnly: true })).toEqual([]);

    expect(await gate({ operation: 'rearm' }, {})).toMatchObject({ port: 'approved', item: { killSwitch: false } });
    expect(await place({ ...BUY, symbol: 'TCS' }, 's7')).toMatchObject({ port: 'placed' });
  });

  test('the signal\'s name is the reason that people read', async () => {
    const set = jest.spyOn(world.runtime.store, 'setKillSwitch');
    await gate({ operation: 'killSwitch' }, { signal: { id: 's1', source: 'chartInk', at: NOW, name: 'Crash scan' } });
    expect(set).toHaveBeenCalledWith(expect.objectContaining({ on: true, reason: 'Crash scan' }));
  });

  test.each<[string, Record<string, unknown>]>([
    ['an unknown symbol', { symbol: 'NOSUCHSHARE' }],
    ['fields of the wrong kind', { symbol: 7, action: 'close everything', quantity: 'all', signal: 'now', exchange: 'nse' }],
  ])('%s in the item can not stop it', async (_name, item) => {
    expect(await gate({ operation: 'killSwitch' }, item)).toMatchObject({ port: 'approved', item: { killSwitch: true } });
    expect(await gate({ operation: 'rearm' }, item)).toMatchObject({ port: 'approved', item: { killSwitch: false } });
  });

  test('a market data source that fails can not stop it, nor an exit', async () => {
    await place(BUY, 's0');
    jest.spyOn(world.market, 'quote').mockRejectedValue(new Error('the feed is down'));
    expect(await gate({ operation: 'killSwitch' }, BUY)).toMatchObject({ port: 'approved', item: { killSwitch: true } });
    expect(await gate({}, BUY, 's2')).toMatchObject({ port: 'blocked', item: { denial: { code: 'KILL_SWITCH' } } });
    expect(await gate({}, SELL, 's3')).toMatchObject({ port: 'approved' });
    expect(await gate({ operation: 'rearm' }, BUY)).toMatchObject({ port: 'approved' });
    expect(await gate({}, BUY, 's4')).toMatchObject({ port: 'blocked', item: { denial: { code: 'NO_PRICE' } } });
  });

  test('re-arming clears the latched daily loss as well', async () => {
    await world.close();
    world = await tradingWorld({ maxDailyLossPercent: 0.02 }); // 200 rupees
    await place(BUY, 's0');
    world.quote('SBIN', 770);
    const other: Envelope = { ...BUY, symbol: 'TCS' };
    expect(await gate({}, other)).toMatchObject({ item: { denial: { code: 'MAX_DAILY_LOSS', limit: 200 } } });
    world.quote('SBIN', 800);
    expect(await gate({}, other, 's2')).toMatchObject({ item: { denial: { code: 'MAX_DAILY_LOSS', value: 'latched' } } });
    await gate({ operation: 'rearm' }, {});
    expect(await gate({}, other, 's3')).toMatchObject({ port: 'approved' });
  });

  test('a flow\'s own loss limit stops that flow and latches nothing', async () => {
    await place(BUY, 's0');
    world.quote('SBIN', 780);
    const other: Envelope = { ...BUY, symbol: 'TCS' };
    expect(await gate({ maxDailyLossPercent: 0.001 }, other)).toMatchObject({ item: { denial: { code: 'MAX_DAILY_LOSS' } } });
    expect(await gate({}, other, 's2')).toMatchObject({ port: 'approved' });
  });
});

describe('status', () => {
  test('says what of the limits is used, and is approved while nothing stops entries', async () => {
    await place(BUY);
    const { port, item } = await gate({ operation: 'status', symbol: 'SBIN' }, { note: 'mine' }, 's2');
    expect(port).toBe('approved');
    expect(item).toMatchObject({ note: 'mine', risk: {
      account: 'paper', broker: 'paper', live: false, ready: true, stops: [], killSwitch: false, dailyOrders: { used: 1 }, openPositions: { used: 1 }, quote: { instrument: 'NSE:SBIN', last: 800, at: NOW },
    } });
    expect(item['risk']).toMatchObject({ summary: expect.stringMatching(/^paper at paper: no real money\nfunds \d+.*Ready\.$/s) as string });
    expect(item).not.toHaveProperty('denial');
  });

  test('names everything that stops entries, a symbol without a price too', async () => {
    await world.runtime.store.setKillSwitch({ account: 'paper', on: true, happenedAt: NOW, reason: 'test' });
    await world.runtime.store.latchLoss({ account: 'paper', happenedAt: NOW, reason: 'test' });
    expect(await gate({ operation: 'status', symbol: 'INFY' }, {})).toMatchObject({ port: 'blocked', item: { risk: {
      ready: false, stops: ['The kill switch is on.', 'The daily loss limit was reached and not re-armed.', 'No price is known for NSE:INFY.'],
    } } });
  });

  test('a live account has to be armed', async () => {
    const state = await accountState(world.runtime.store, { config: AccountConfig.parse({ id: 'real', broker: 'openalgo', mode: 'live' }), sessions: ALWAYS_OPEN }, NOW);
    expect(state).toMatchObject({ live: true, armed: false, stops: ['The account is live and not armed.'] });
  });

  test('asks for nothing and writes nothing, whatever is in the item', async () => {
    expect((await gate({ operation: 'status' }, { action: 'long' } as Record<string, unknown>)).port).toBe('approved');
    expect(await world.runtime.store.intents()).toEqual([]);
  });
});

test('a re-arm that was refused, as a test step of a live account is, is an error and not a success', () => {
  const denial = { code: 'TEST_STEP_LIVE', message: 'Account live is live.' } as const;
  const params = riskGate.params.parse({ operation: 'rearm' });
  expect(riskGate.conclude(params, {}, [{ kind: 'rearm', denial }], { tradable: undefined, funds: undefined, state: undefined })).toEqual({ kind: 'refuse', denial });
});
