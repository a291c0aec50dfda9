import { tradingWorld, NOW, ORIGIN, WIDE, type TradingWorld } from '../../../tests/doubles/tradingWorld';
import { instrumentKey } from '../../domain/market';
import { toMoney } from '../../domain/money';
import type { Command, Need, OrderRequest } from '../../domain/nodeContext';

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld(WIDE);
});
afterEach(() => world.close());

const SBIN = { exchange: 'NSE', symbol: 'SBIN', product: 'MIS' } as const;
const fetchOne = async <N extends Need>(need: N) => (await world.context().fetch({ it: need })).it;

async function orderFor(symbol: string, quantity: number, changes: Partial<OrderRequest> = {}): Promise<OrderRequest> {
  const found = await fetchOne({ kind: 'tradable', ...SBIN, symbol });
  if (!found.ok) throw new Error(found.denial.message);
  return { instrument: found.value.instrument, leg: 0, purpose: 'entry', size: { kind: 'fixed', action: quantity > 0 ? 'BUY' : 'SELL', quantity: Math.abs(quantity) }, product: 'MIS', orderType: 'MARKET', ...changes };
}

async function hold(symbol: string, quantity: number, strategyId = 'demo'): Promise<void> {
  await world.context({ strategyId, signalId: `h-${symbol}` }).perform([{ kind: 'place', request: await orderFor(symbol, quantity) }]);
}

describe('what a node may want to know', () => {
  test('a symbol comes with its contract, its price and its margin in the product asked for', async () => {
    expect(await fetchOne({ kind: 'tradable', ...SBIN })).toMatchObject({ ok: true, value: { instrument: { key: 'NSE:SBIN', lotSize: 1 }, quote: { last: toMoney(800) }, marginPerUnit: toMoney(160) } });
    expect(await fetchOne({ kind: 'tradable', ...SBIN, product: 'CNC' })).toMatchObject({ value: { marginPerUnit: toMoney(800) } });
  });

  test.each<[string, Parameters<typeof fetchOne>[0], string]>([
    ['unknown', { kind: 'tradable', ...SBIN, symbol: 'NOSUCHSHARE' }, 'UNKNOWN_SYMBOL'],
    ['malformed', { kind: 'tradable', ...SBIN, symbol: 'SB IN;--' }, 'MALFORMED_SYMBOL'],
    ['quoted only', { kind: 'tradable', ...SBIN, exchange: 'NSE_INDEX', symbol: 'NIFTY' }, 'NOT_TRADABLE'],
    ['expired', { kind: 'tradable', ...SBIN, exchange: 'NFO', symbol: 'NIFTY27OCT26FUT' }, 'EXPIRED_SYMBOL'],
  ])('one that is %s is refused by name', async (_name, need, code) => {
    expect(await fetchOne(need)).toMatchObject({ ok: false, denial: { code } });
  });

  test('several symbols are answered in the order of the questions, each by itself', async () => {
    const found = await fetchOne({ kind: 'tradables', queries: [{ ...SBIN, symbol: 'TCS' }, { ...SBIN, symbol: 'NOSUCHSHARE' }, SBIN] });
    expect(found).toMatchObject([{ value: { instrument: { symbol: 'TCS' } } }, { ok: false }, { value: { instrument: { symbol: 'SBIN' } } }]);
  });

  test('without a price, or with a source that fails, there is an instrument and no margin', async () => {
    const known = async (symbol: string): Promise<readonly string[]> => {
      const found = await fetchOne({ kind: 'tradable', ...SBIN, symbol });
      return found.ok ? Object.keys(found.value) : [];
    };
    expect(await known('SBIN')).toEqual(['instrument', 'quote', 'marginPerUnit']);
    world.market.forget(instrumentKey('NSE', 'SBIN'));
    expect(await known('SBIN')).toEqual(['instrument']);
    jest.spyOn(world.market, 'quote').mockRejectedValue(new Error('down'));
    expect(await known('TCS')).toEqual(['instrument']);
  });

  test('positions are those of the strategy or of the account, filtered by symbol, open ones only', async () => {
    await hold('SBIN', 10);
    await hold('TCS', -2, 'other');
    const symbols = async (need: Omit<Extract<Need, { kind: 'positions' }>, 'kind'>) => (await fetchOne({ kind: 'positions', ...need })).map(({ strategyId, symbol, quantity }) => [strategyId, symbol, quantity]);
    expect(await symbols({ scope: 'strategy' })).toEqual([['demo', 'SBIN', 10]]);
    expect(await symbols({ scope: 'account' })).toEqual([['demo', 'SBIN', 10], ['other', 'TCS', -2]]);
    expect(await symbols({ scope: 'account', exchange: 'NSE', symbol: 'TCS' })).toEqual([['other', 'TCS', -2]]);
    expect(await symbols({ scope: 'account', exchange: 'BSE' })).toEqual([]);
    await world.context({ signalId: 'x' }).perform([{ kind: 'place', request: await orderFor('SBIN', -10) }]);
    expect(await symbols({ scope: 'strategy' })).toEqual([]);
  });

  test('funds, locks, identity and time', async () => {
    const before = await fetchOne({ kind: 'funds' });
    await hold('SBIN', 10);
    const after = await fetchOne({ kind: 'funds' });
    expect(before).toEqual({ available: toMoney(1_000_000), used: 0 });
    expect(after.used).toBeGreaterThan(0);
    expect(after.available).toBeLessThan(before.available - after.used);
    await world.context().perform([{ kind: 'acquireLock', name: 'account', durationMs: 1_000 }]);
    expect(await fetchOne({ kind: 'locks' })).toMatchObject([{ name: 'account', owner: 's1', until: NOW + 1_000 }]);
    world.clock.advance(1_000);
    expect(await fetchOne({ kind: 'locks' })).toEqual([]);
    expect(await fetchOne({ kind: 'identity' })).toEqual(ORIGIN);
    expect(await world.context().fetch({ it: { kind: 'none' } })).toEqual({ it: undefined });
    expect(world.context().now()).toBe(NOW + 1_000);
  });
});

describe('what a node may want done', () => {
  test('commands are carried out in order and answered in order', async () => {
    const place = { kind: 'place', request: await orderFor('SBIN', 10) } as const;
    const commands: readonly Command[] = [
      place, { kind: 'killSwitch', on: true, reason: 'test' }, { kind: 'place', request: { ...place.request, leg: 1 } }, { kind: 'rearm' }, { kind: 'place', request: { ...place.request, leg: 2 } },
      { kind: 'assess', request: place.request }, { kind: 'cancelAll', scope: 'account' }, { kind: 'acquireLock', name: 'account', durationMs: 1 }, { kind: 'releaseLock', name: 'account' }, { kind: 'alert', severity: 'info', message: 'hello' },
    ];
    const results = await world.context().perform(commands);
    expect(results.map(({ kind }) => kind)).toEqual(commands.map(({ kind }) => kind));
    expect(results).toMatchObject([
      { outcomes: [{ kind: 'placed' }] }, { on: true }, { outcomes: [{ kind: 'refused', denial: { code: 'KILL_SWITCH' } }] }, {}, { outcomes: [{ kind: 'placed' }] },
      { verdict: { approved: true } }, { cancelled: 0, failed: [] }, { acquired: true }, { released: true }, { status: 'PENDING' },
    ]);
  });

  test('a position that the catalogue no longer knows is refused, and its neighbours close', async () => {
    await hold('SBIN', 10);
    const [held] = await fetchOne({ kind: 'positions', scope: 'account' });
    if (held === undefined) throw new Error('nothing is held');
    const results = await world.context().perform([{ kind: 'close', position: { ...held, symbol: 'DELISTED' } }, { kind: 'close', position: held }]);
    expect(results).toMatchObject([{ outcomes: [{ kind: 'refused', denial: { code: 'UNKNOWN_SYMBOL' } }] }, { outcomes: [{ kind: 'placed', order: { action: 'SELL', quantity: 10 } }] }]);
  });

  test('closing what is flat by now is satisfied, whatever the view said', async () => {
    await hold('SBIN', 10);
    const [held] = await fetchOne({ kind: 'positions', scope: 'account' });
    if (held === undefined) throw new Error('nothing is held');
    await world.context({ signalId: 'x' }).perform([{ kind: 'close', position: held }]);
    expect(await world.context({ signalId: 'y' }).perform([{ kind: 'close', position: held }])).toMatchObject([{ outcomes: [{ kind: 'satisfied' }] }]);
  });

  test('an exit of another strategy\'s position is booked to that strategy', async () => {
    await hold('SBIN', 10, 'other');
    const [held] = await fetchOne({ kind: 'positions', scope: 'account' });
    if (held === undefined) throw new Error('nothing is held');
    await world.context().perform([{ kind: 'close', position: held }]);
    expect(await world.runtime.store.positions()).toMatchObject([{ strategyId: 'other', quantity: 0 }]);
  });
});
