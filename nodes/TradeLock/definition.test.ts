import type { Envelope } from '../../runtime/domain/envelope';
import { LOCK_SCOPES, type LockScope } from '../../runtime/domain/lockNames';
import type { Origin } from '../../runtime/domain/order';
import { NOW, only, tradingWorld, WIDE, type TradingWorld } from '../../tests/doubles/tradingWorld';
import { placeOrder } from '../PlaceOrder/definition';
import { riskGate } from '../RiskGate/definition';
import { tradeLock } from './definition';

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld(WIDE);
});
afterEach(() => world.close());

const SBIN: Envelope = { symbol: 'SBIN' };
const lock = async (values: object, item: Envelope = SBIN, origin: Partial<Origin> = {}) => only(await world.run(tradeLock, { ...values }, item, { nodeKey: 'lock', ...origin }));
const port = async (...given: Parameters<typeof lock>): Promise<string> => (await lock(...given)).port;
const later = { signalId: 's2' };

test('acquires once: the next signal leaves through Locked and sees who holds it and until when', async () => {
  const first = await lock({ durationSeconds: 60, reason: 'news' }, { ...SBIN, note: 'mine' });
  const held = { name: 'strategy-symbol:demo:NSE:SBIN', owner: 's1', until: NOW + 60_000, reason: 'news' };
  expect(first).toMatchObject({ port: 'acquired', item: { note: 'mine', lock: held } });
  expect(await lock({}, SBIN, later)).toMatchObject({ port: 'locked', item: { lock: held } });
});

test('the same signal meets its own lock as its own, acquiring and checking', async () => {
  await lock({});
  expect(await port({})).toBe('acquired');
  expect(await port({ operation: 'check' })).toBe('acquired');
});

test('of fifty signals at once one acquires', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, (_, index) => port({}, SBIN, { signalId: `s${index}` })));
  expect(ports.filter((name) => name === 'acquired')).toHaveLength(1);
});

test('ends by itself, to the millisecond', async () => {
  await lock({ durationSeconds: 60 });
  world.clock.advance(59_999);
  expect(await port({ operation: 'check' }, SBIN, later)).toBe('locked');
  world.clock.advance(1);
  expect(await port({ operation: 'check' }, SBIN, later)).toBe('acquired');
  expect(await port({}, SBIN, later)).toBe('acquired');
});

test('is five minutes long unless told otherwise', async () => {
  expect(await lock({})).toMatchObject({ item: { lock: { until: NOW + 300_000 } } });
});

test('check takes nothing', async () => {
  expect(await lock({ operation: 'check' })).toMatchObject({ port: 'acquired', item: { lock: null } });
  expect(await port({}, SBIN, later)).toBe('acquired');
});

test('release frees it for everybody and says whether there was one', async () => {
  await lock({});
  expect(await lock({ operation: 'release' }, SBIN, later)).toMatchObject({ port: 'acquired', item: { released: true } });
  expect(await lock({ operation: 'release' })).toMatchObject({ item: { released: false } });
  expect(await port({}, SBIN, later)).toBe('acquired');
});

test('list shows what is held, of the whole account', async () => {
  await lock({}, SBIN);
  await lock({ scope: 'account' }, {}, { strategyId: 'other' });
  world.clock.advance(1_000);
  expect((await lock({ operation: 'list' }, {}, later)).item['locks']).toMatchObject([{ name: 'account' }, { name: 'strategy-symbol:demo:NSE:SBIN' }]);
});

describe('a lock of scope', () => {
  /** Who is stopped by a lock that strategy demo holds on SBIN. */
  const STOPPED: Record<LockScope, Readonly<Record<'own SBIN' | 'own TCS' | 'other SBIN' | 'other TCS', boolean>>> = {
    account: { 'own SBIN': true, 'own TCS': true, 'other SBIN': true, 'other TCS': true },
    strategy: { 'own SBIN': true, 'own TCS': true, 'other SBIN': false, 'other TCS': false },
    symbol: { 'own SBIN': true, 'own TCS': false, 'other SBIN': true, 'other TCS': false },
    strategySymbol: { 'own SBIN': true, 'own TCS': false, 'other SBIN': false, 'other TCS': false },
  };

  test.each(LOCK_SCOPES)('%s stops exactly what it covers, at the Lock node, the gate and the order', async (scope) => {
    await lock({ scope });
    for (const [whose, stopped] of Object.entries(STOPPED[scope])) {
      const [strategy = '', symbol = ''] = whose.split(' ');
      const origin = { strategyId: strategy === 'own' ? 'demo' : 'other', signalId: `s-${whose}` };
      const item: Envelope = { symbol, action: 'BUY', quantity: 1 };
      expect([whose, await port({ scope, operation: 'check' }, item, origin)]).toEqual([whose, stopped ? 'locked' : 'acquired']);
      expect(only(await world.run(riskGate, {}, item, { ...origin, nodeKey: 'gate' }))).toMatchObject(stopped ? { port: 'blocked', item: { denial: { code: 'TRADE_LOCK', rule: 'trade lock' } } } : { port: 'approved' });
      expect(only(await world.run(placeOrder, {}, item, { ...origin, nodeKey: 'order' })).port).toBe(stopped ? 'rejected' : 'placed');
    }
  });

  test.each(LOCK_SCOPES)('%s does not stop the signal that holds it, nor an exit', async (scope) => {
    await world.run(placeOrder, {}, { symbol: 'SBIN', action: 'BUY', quantity: 5 }, { signalId: 's0' });
    await lock({ scope });
    expect(only(await world.run(riskGate, {}, { symbol: 'SBIN', action: 'BUY', quantity: 1 }))).toMatchObject({ port: 'approved' });
    expect(only(await world.run(riskGate, {}, { symbol: 'SBIN', action: 'SELL', quantity: 5 }, later))).toMatchObject({ port: 'approved' });
  });

  test.each<[LockScope, boolean]>([['account', false], ['strategy', false], ['symbol', true], ['strategySymbol', true]])('%s needs a symbol: %p', async (scope, needed) => {
    for (const symbol of [undefined, 'NOSUCHSHARE']) {
      const emission = await lock({ scope }, symbol === undefined ? {} : { symbol });
      expect(emission.port).toBe(needed ? 'locked' : 'acquired');
      if (needed) expect(emission.item.denial?.code).toMatch(/SYMBOL/);
    }
  });
});

test('the node\'s symbol goes before the item\'s; one instrument in two spellings is one lock', async () => {
  expect(await lock({ symbol: 'TCS' }, SBIN)).toMatchObject({ item: { lock: { name: 'strategy-symbol:demo:NSE:TCS' } } });
  expect(await port({ symbol: 'NIFTY29DEC26FUT', exchange: 'NFO' })).toBe('acquired');
  expect(await port({ symbol: 'NIFTYZ2026', exchange: 'NFO' }, SBIN, later)).toBe('locked');
});
