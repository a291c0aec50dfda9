import { AccountConfig } from '../runtime/domain/account';
import { runNode } from '../runtime/hosts/run';
import { emitted, NOW, only, ORIGIN, tradingWorld, WIDE, type TradingWorld } from '../tests/doubles/tradingWorld';
import { placeOrder } from './PlaceOrder/definition';
import { riskGate } from './RiskGate/definition';

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld(WIDE);
  world.quote('NFO:NIFTY29DEC26FUT', 24_000);
});
afterEach(() => world.close());

type Item = Readonly<Record<string, unknown>>;
const BUY: Item = { symbol: 'SBIN', action: 'BUY', quantity: 10 };
const FUTURE: Item = { exchange: 'NFO', symbol: 'NIFTY29DEC26FUT', product: 'NRML', action: 'BUY' };
const intents = () => world.runtime.store.intents();
const told = async () => (await world.runtime.store.events.after({ after: 0, kinds: ['rejected'] })).map(({ message, denial, signalId, facts }) => ({ message, code: denial?.code, signalId, sent: facts['sent'] }));

/** What no gate ever decided about. */
const REFUSED: readonly (readonly [string, Item, string, string])[] = [
  ['less than a lot', { ...FUTURE, quantity: 1 }, 'QUANTITY_ZERO', 'BUY 1 NFO:NIFTY29DEC26FUT'],
  ['an index', { ...BUY, exchange: 'NSE_INDEX', symbol: 'NIFTY' }, 'NOT_TRADABLE', 'BUY 10 NSE_INDEX:NIFTY'],
  ['a symbol that is none', { ...BUY, symbol: 'NO\nSUCH' }, 'MALFORMED_SYMBOL', 'BUY 10 NSE:NO SUCH'],
  ['no symbol', { action: 'BUY', quantity: 1 }, 'MISSING_FIELD', 'BUY 1 NSE:?'],
  ['no action', { symbol: 'SBIN', quantity: 1 }, 'MISSING_FIELD', 'BUY 1 NSE:SBIN'],
  ['no size', { symbol: 'SBIN', action: 'BUY' }, 'NO_SIZE', 'An order in NSE:SBIN'],
  ['no limit price', { ...BUY, orderType: 'LIMIT' }, 'MISSING_FIELD', 'BUY 10 NSE:SBIN'],
  ['a direction that can not be read', { ...BUY, direction: 'up' }, 'INVALID_FIELD', 'BUY 10 NSE:SBIN'],
  ['a quantity that can not be read', { ...BUY, quantity: 'ten' }, 'INVALID_FIELD', 'An order in NSE:SBIN'],
  ['a symbol that can not be read', { ...BUY, symbol: 5 }, 'INVALID_FIELD', 'BUY 10 NSE:?'],
];

describe.each([['Risk Gate', riskGate, 'blocked'], ['Place Order', placeOrder, 'rejected']] as const)('%s', (_name, node, port) => {
  test.each(REFUSED)('%s leaves a trace where people look, once', async (_what, item, code, what) => {
    for (let times = 0; times < 2; times += 1) expect(only(await world.run(node, {}, item, { nodeKey: 'order' }))).toMatchObject({ port, item: { denial: { code } } });
    expect(await intents()).toMatchObject([{ status: 'DENIED', signalId: 's1', nodeKey: 'order', denial: { code } }]);
    expect(await told()).toEqual([{ code, signalId: 's1', sent: false, message: expect.stringMatching(new RegExp(`^${what.replace('?', '\\?')} was not sent: `)) as string }]);
    expect(await world.runtime.store.orders()).toEqual([]);
  });

  test('another signal, and another node, have their own', async () => {
    const item: Item = { symbol: 'SBIN', action: 'BUY' };
    await world.run(node, {}, item);
    await world.run(node, {}, item, { signalId: 's2' });
    await world.run(node, {}, item, { nodeKey: 'other' });
    expect(await intents()).toHaveLength(3);
  });
});

test('an operation of the gate that asks for no order records none', async () => {
  await world.run(riskGate, { operation: 'status', symbol: 'NOSUCHSHARE' }, {});
  const unread: Item = { quantity: 'ten' };
  await world.run(placeOrder, { mode: 'cancel' }, unread);
  expect(await intents()).toEqual([]);
});

test('what was refused may be asked for again: the refusal stays beside the order', async () => {
  await world.run(placeOrder, {}, { symbol: 'SBIN', action: 'BUY' });
  expect(only(await world.run(placeOrder, {}, BUY)).port).toBe('placed');
  expect((await intents()).map(({ status }) => status).sort()).toEqual(['ADMITTED', 'DENIED']);
});

test('a signal that comes again after its order was placed is not recorded as refused', async () => {
  const item = { ...BUY, skipHeld: true };
  await world.run(placeOrder, {}, item);
  expect(only(await world.run(placeOrder, {}, item)).item).toMatchObject({ denial: { code: 'ALREADY_HELD' } });
  expect((await intents()).map(({ status }) => status)).toEqual(['ADMITTED']);
});

test('what a gate has decided is recorded by the gate, once', async () => {
  await world.runtime.store.setKillSwitch({ account: 'paper', on: true, happenedAt: NOW, reason: 'test' });
  await world.run(placeOrder, {}, BUY);
  expect(await intents()).toMatchObject([{ denial: { code: 'KILL_SWITCH' } }]);
  expect(await told()).toHaveLength(1);
});

test('each leg of a basket has its own, and one that waited for another is named', async () => {
  const basket = [{ symbol: 'SBIN', action: 'BUY', quantity: 1 }, { symbol: 'NOSUCHSHARE', action: 'BUY', quantity: 1 }];
  emitted(await world.run(placeOrder, { mode: 'basket' }, { basket }));
  expect((await intents()).map(({ leg, status }) => [leg, status]).sort()).toEqual([[0, 'ADMITTED'], [1, 'DENIED']]);
  emitted(await world.run(placeOrder, { mode: 'basket', onLegFailure: 'stop' }, { basket }, { signalId: 's2' }));
  expect((await intents()).filter(({ signalId }) => signalId === 's2').map(({ leg, denial }) => [leg, denial?.code]).sort()).toEqual([[0, 'BASKET_STOPPED'], [1, 'UNKNOWN_SYMBOL']]);
});

test('a leg that the router left out is recorded as well', async () => {
  const basket = [{ symbol: 'INFY', action: 'BUY', quantity: 1 }, { symbol: 'SBIN', action: 'BUY', quantity: 1 }];
  emitted(await world.run(placeOrder, { mode: 'basket', onLegFailure: 'stop' }, { basket }));
  expect((await intents()).map(({ leg, denial }) => [leg, denial?.code]).sort()).toEqual([[0, 'NO_PRICE'], [1, 'BASKET_STOPPED']]);
});

test('an item that a gate has blocked is recorded at the order that it was wired to', async () => {
  await world.run(placeOrder, {}, { ...BUY, decision: { approved: false, message: 'No.' } });
  expect(await intents()).toMatchObject([{ denial: { code: 'BLOCKED_BY_GATE' } }]);
});

test('a test step records what a gate’s refusal records there, and no more', async () => {
  await world.runtime.declareAccount(AccountConfig.parse({ id: 'tried' }));
  const context = world.runtime.context({ ...ORIGIN, account: 'tried' }, { testStep: 'nothing' });
  await runNode(riskGate, riskGate.params.parse({}), { symbol: 'SBIN', action: 'BUY' }, context);
  expect(await intents()).toMatchObject([{ account: 'tried', denial: { code: 'NO_SIZE' } }]);
});

describe('a quantity that is cut to whole lots', () => {
  const item = { ...FUTURE, quantity: 100 };
  test('is said in the gate’s decision, and travels with the item', async () => {
    const approved = only(await world.run(riskGate, {}, item, { nodeKey: 'gate' }));
    expect(approved.item).toMatchObject({ quantity: 65, decision: { approved: true, note: '100 was cut to 65: whole lots of 65.' } });
    expect(only(await world.run(placeOrder, {}, approved.item)).item).toMatchObject({ order: { quantity: 65 }, decision: { note: expect.any(String) as string } });
  });

  test('is said in the order', async () => {
    expect(only(await world.run(placeOrder, {}, item)).item.order).toMatchObject({ quantity: 65, note: '100 was cut to 65: whole lots of 65.' });
  });

  test('nothing is said where nothing was cut', async () => {
    expect(only(await world.run(riskGate, {}, { ...FUTURE, quantity: 65 }, { nodeKey: 'gate' })).item.decision).toEqual({ approved: true });
    expect(only(await world.run(placeOrder, {}, BUY)).item.order).not.toHaveProperty('note');
  });
});
