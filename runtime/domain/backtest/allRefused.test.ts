import type { Denial } from '../denial';
import { instrumentKey } from '../market';
import { toMoney } from '../money';
import type { Intent, Order } from '../order';
import { allRefused } from './allRefused';
import type { BacktestResult } from './result';

const KEY = instrumentKey('NSE', 'SBIN');
const origin = { account: 'paper', strategyId: 'ema', nodeKey: 'gate', signalId: 's' };
const terms = { instrument: KEY, purpose: 'entry', product: 'MIS', orderType: 'MARKET', action: 'BUY', quantity: 10 } as const;

function intent(status: Intent['status'], denial?: Denial, changes: Partial<Intent> = {}): Intent {
  return { ...origin, ...terms, leg: 0, key: 'k', status, happenedAt: 0, recordedAt: 0, ...(denial === undefined ? {} : { denial }), ...changes };
}

const tooDear = (value: number): Denial => ({ code: 'MAX_ORDER_VALUE', message: `The order is worth ${value}; one order may be worth 100000.`, limit: 100_000, value, remedy: 'Lower the quantity, or raise the limit in the account.' });
const late: Denial = { code: 'SQUARE_OFF_TIME', message: 'Nothing new is opened today.', remedy: 'Enter earlier.' };

function message(changes: Partial<Pick<BacktestResult, 'mode' | 'capital' | 'trades' | 'intents' | 'orders' | 'refusals'>>): string | undefined {
  return allRefused({ mode: 'backtest', capital: toMoney(1_000_000), trades: [], intents: [], orders: [], refusals: [], ...changes })?.message;
}

test('orders that were too dear: how many, by which rule, and a limit under which the dearest one would have gone', () => {
  const intents = [...Array.from({ length: 33 }, (_, index) => intent('DENIED', tooDear(150_000 + index * 1_000))), ...Array.from({ length: 4 }, () => intent('DENIED', late)), intent('SATISFIED')];
  expect(message({ intents })).toBe('Nothing was traded: 33 of 37 orders were refused by MAX_ORDER_VALUE (4 by SQUARE_OFF_TIME). The order is worth 150000; one order may be worth 100000. Raise the capital (--capital), lower the quantity, or raise the limit (--limit maxOrderValuePercent=20).');
});

test('a limit that the flow adds is named with its place, for the account\'s alone would not help', () => {
  expect(message({ intents: [intent('DENIED', tooDear(600_000), { added: { limits: { maxOrderValuePercent: 10 } } })] })).toMatch(/the only order was refused by MAX_ORDER_VALUE.*in the flow's Risk Gate and in the account \(--limit maxOrderValuePercent=100\)/);
});

test.each<[string, Denial, RegExp]>([
  ['a quantity', { code: 'MAX_ORDER_QUANTITY', message: 'One order may hold 1800 at most, not 2400.', limit: 1_800, value: 2_400 }, /Lower the quantity, or raise the limit \(--limit maxOrderQuantity=5000\)\.$/],
  ['a price', { code: 'PRICE_COLLAR', message: 'Far off.', limit: 3, value: 4.2 }, /Raise the limit \(--limit priceCollarPercent=5\)\.$/],
  ['funds', { code: 'INSUFFICIENT_FUNDS', message: 'Too little' }, /Too little\. Raise the capital \(--capital\) or lower the quantity\.$/],
  ['a rule without such a limit keeps its own remedy', late, /all 2 orders were refused by SQUARE_OFF_TIME\. Nothing new is opened today\. Enter earlier\.$/],
  ['nothing is made of a value that is none', { ...tooDear(1), value: 'much' }, /Lower the quantity, or raise the limit in the account\.$/],
])('%s', (_, denial, expected) => {
  expect(message({ intents: [intent('DENIED', denial), intent('DENIED', denial)] })).toMatch(expected);
});

test('old prices are gaps in the candles: there is no feed to wait for', () => {
  const old: Denial = { code: 'STALE_PRICE', message: 'The newest price is old.', limit: 5_000, value: 240_000, remedy: 'Wait for the feed, or check its connection.' };
  expect(message({ intents: [intent('DENIED', old), intent('DENIED', { ...old, value: 300_000 })] })).toBe('Nothing was traded: all 2 orders were refused by STALE_PRICE. The newest price is old. The candles have gaps here: the next one begins too late after the one that was decided on. '
    + 'Look at them with "bellwether data list": where most are further apart than the timeframe they are kept as, take them out (bellwether data remove NSE:SBIN --timeframe …) and import them again without --timeframe. Where only some are missing, bring those in, or let older prices pass (--limit maxQuoteAgeMs=500000).');
  expect(message({ mode: 'paper', intents: [intent('DENIED', old)] })).toMatch(/Wait for the feed/);
});

test('paper and live trading have no such words: the denial\'s own remedy stands', () => {
  expect(message({ mode: 'paper', intents: [intent('DENIED', tooDear(150_000))] })).toMatch(/raise the limit in the account\.$/);
});

test('a broker\'s refusal counts as one; an order that only was not filled ends the question', () => {
  const order = (status: Order['status']): Order => ({ ...origin, ...terms, id: 'o', intentKey: 'k', filledQuantity: 0, status, createdAt: 0, updatedAt: 0, ...(status === 'REJECTED' ? { denial: { code: 'ORDER_REJECTED', message: 'No' } as const } : {}) });
  expect(message({ intents: [intent('ADMITTED')], orders: [order('REJECTED')] })).toMatch(/refused by ORDER_REJECTED\. No\.$/);
  expect(message({ intents: [intent('ADMITTED'), intent('DENIED', late)], orders: [order('CANCELLED')] })).toBeUndefined();
});

test('nodes that refused before there was an order are named; a flow that wanted nothing has nothing to explain', () => {
  const refusals = [1, 2, 3].map((at) => ({ at, node: at === 1 ? 'Other' : 'Risk Gate', code: 'NO_SIZE', message: 'There is no size' }));
  expect(message({ refusals })).toBe('Nothing was traded: no order came about. "Risk Gate" refused 2 times with NO_SIZE: There is no size.');
  expect(message({})).toBeUndefined();
});
