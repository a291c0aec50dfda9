import type { Envelope } from '../../runtime/domain/envelope';
import { emitted, tradingWorld, WIDE, type TradingWorld } from '../../tests/doubles/tradingWorld';
import { placeOrder } from '../PlaceOrder/definition';
import { performance } from './definition';

let world: TradingWorld;
let signals = 0;
beforeEach(async () => {
  signals = 0;
  world = await tradingWorld(WIDE);
});
afterEach(() => world.close());

async function trade(action: 'BUY' | 'SELL', at: number, strategyId = 'demo'): Promise<void> {
  world.quote('SBIN', at);
  emitted(await world.run(placeOrder, {}, { symbol: 'SBIN', action, quantity: 10 }, { strategyId, signalId: `t${++signals}` }));
  world.clock.advance(60_000);
}

const look = async (values: Readonly<Record<string, unknown>> = {}, item: Envelope = {}) => {
  const [emission] = emitted(await world.run(performance, values, item));
  if (emission === undefined) throw new Error('Nothing left the node.');
  return { ...emission, performance: emission.item['performance'] };
};

test('a round trip of this strategy is counted after charges, what is open stands apart, and the page lists both', async () => {
  await trade('BUY', 800);
  await trade('SELL', 810);
  await trade('BUY', 805);
  await trade('BUY', 805, 'other');
  const { performance: seen, files, item, told } = await look({}, { note: 'mine' });
  expect(item).toMatchObject({ note: 'mine' });
  // Bought at the ask of 800.05, sold at the bid of 809.95.
  expect(seen).toMatchObject({ mode: 'paper', capital: 1_000_000, metrics: { totalTrades: 1, openTrades: 1, grossPnl: 99, winningTrades: 1, profitFactor: null, absent: { profitFactor: 'No trade lost.' } } });
  expect(told).toEqual({ text: expect.stringMatching(/^1 trade \(1 open\), net ₹[\d.]+$/) as string, details: [expect.stringContaining('valued at the last price') as string], isWarning: false });
  expect(files).toMatchObject([{ name: 'report.html', mimeType: 'text/html' }]);
  expect(files?.[0]?.text).toContain('Paper trading');
  expect(files?.[0]?.text).toContain('"symbol":"NSE:SBIN"');
});

test('the whole account counts every strategy', async () => {
  await trade('BUY', 800);
  await trade('SELL', 810);
  await trade('BUY', 810, 'other');
  await trade('SELL', 800, 'other');
  expect((await look({ scope: 'account' })).performance).toMatchObject({ metrics: { totalTrades: 2, losingTrades: 1, strategies: { demo: { totalTrades: 1 }, other: { totalTrades: 1 } } } });
});

test('a trade belongs to the day of its exit', async () => {
  await trade('BUY', 800);
  await trade('SELL', 810);
  world.clock.advance(3 * 24 * 3_600_000);
  expect((await look({ period: 'today' })).performance).toMatchObject({ metrics: { totalTrades: 0 } });
  expect((await look({ period: 'week' })).performance).toMatchObject({ metrics: { totalTrades: 1 } });
  expect((await look({ period: 'all' })).performance).toMatchObject({ metrics: { totalTrades: 1 } });
});

test('nothing traded is no error, no page is made where none is wanted, and nothing in the item can stop it', async () => {
  const hostile: Record<string, unknown> = { symbol: 7, action: 'maybe' };
  const run = await look({ report: false }, hostile);
  expect(run.performance).toMatchObject({ metrics: { totalTrades: 0, netPnl: 0 } });
  expect(run.files).toBeUndefined();
});

test('an account that nobody declared is a refusal by name', () => {
  const decided = performance.decide({ scope: 'account', period: 'all', report: false, riskFreePercent: 0 }, {}, { traded: { ok: false, denial: { code: 'NOT_FOUND', message: 'The journal knows no account "x".' } } });
  expect(decided).toMatchObject({ kind: 'refuse', denial: { code: 'NOT_FOUND' } });
});
