import { closingOrder, underlyingOf, type Closable } from './closingOrder';
import { instrumentKey, type Exchange } from './market';

const held = (exchange: Exchange, symbol: string, quantity: number, changes: Partial<Pick<Closable, 'strategyId' | 'product'>> = {}): Closable => ({ exchange, symbol, quantity, strategyId: 'demo', product: 'NRML', ...changes });
const names = (positions: readonly Closable[]): readonly string[] => closingOrder(positions).map((position) => `${position.quantity} ${'symbol' in position ? position.symbol : position.instrument}`);

const CONDOR = [
  held('NFO', 'NIFTY24NOV2625000PE', 75), held('NFO', 'NIFTY24NOV2625500PE', -75), held('NFO', 'NIFTY24NOV2626500CE', -75), held('NFO', 'NIFTY24NOV2627000CE', 75),
];

test('sold options before the bought ones that cover them, in every order they come in', () => {
  const expected = ['-75 NIFTY24NOV2625500PE', '-75 NIFTY24NOV2626500CE', '75 NIFTY24NOV2625000PE', '75 NIFTY24NOV2627000CE'];
  expect(names(CONDOR)).toEqual(expected);
  expect(names(CONDOR.toReversed())).toEqual(expected);
});

test('then sold futures and shares, then bought ones, then bought options', () => {
  expect(names([held('NFO', 'NIFTY24NOV2625000PE', 75), held('NSE', 'ACC', 10), held('NFO', 'NIFTY24NOV26FUT', 75), held('NSE', 'TCS', -5), held('NFO', 'NIFTY29DEC26FUT', -75), held('NFO', 'TCS24NOV263500CE', -175)]))
    .toEqual(['-175 TCS24NOV263500CE', '-75 NIFTY29DEC26FUT', '-5 TCS', '75 NIFTY24NOV26FUT', '10 ACC', '75 NIFTY24NOV2625000PE']);
});

test('among equals by strategy, instrument and product; a journal’s rows as well as a flow’s views', () => {
  const rows: readonly Closable[] = [
    { instrument: instrumentKey('NSE', 'SBIN'), strategyId: 'b', product: 'CNC', quantity: 1 }, { instrument: instrumentKey('NSE', 'SBIN'), strategyId: 'a', product: 'MIS', quantity: 2 },
    { instrument: instrumentKey('NSE', 'SBIN'), strategyId: 'a', product: 'CNC', quantity: 3 }, { instrument: instrumentKey('NSE', 'ACC'), strategyId: 'b', product: 'CNC', quantity: 4 },
  ];
  expect(closingOrder(rows).map(({ quantity }) => quantity)).toEqual([3, 2, 4, 1]);
});

test.each<[Exchange, string, string]>([
  ['NFO', 'NIFTY24NOV2625000PE', 'NIFTY'], ['NFO', 'NIFTY24NOV26FUT', 'NIFTY'], ['NSE', 'SBIN', 'SBIN'], ['BSE', 'SBIN', 'SBIN'], ['NFO', 'SBIN24NOV26900CE', 'SBIN'], ['MCX', 'GOLDM05DEC26FUT', 'GOLDM'], ['NFO', 'M&M24NOV26FUT', 'M&M'], ['NFO', 'no symbol at all', 'NFO:no symbol at all'],
])('%s:%s is on %s', (exchange, symbol, underlying) => {
  expect(underlyingOf({ exchange, symbol })).toBe(underlying);
  expect(underlyingOf({ instrument: instrumentKey(exchange, symbol) })).toBe(underlying);
});
