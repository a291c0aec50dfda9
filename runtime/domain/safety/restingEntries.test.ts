import { instrumentKey } from '../market';
import { restingEntries } from '.';

const book = { account: 'paper', strategyId: 'demo', instrument: instrumentKey('NSE', 'SBIN'), product: 'MIS' } as const;
type Wish = Parameters<typeof restingEntries>[0][number] & { readonly id: string };
const order = (id: string, changes: Partial<Wish> = {}): Wish => ({ ...book, id, purpose: 'entry', action: 'BUY', quantity: 10, filledQuantity: 0, ...changes });
const found = (orders: readonly Wish[], ...held: readonly (Partial<typeof book> & { readonly quantity: number })[]): readonly string[] => restingEntries(orders, held.map((position) => ({ ...book, ...position }))).map(({ id }) => id);

test('entries that rest, of every strategy and instrument', () => {
  expect(found([order('a'), order('b', { strategyId: 'other' }), order('c', { instrument: instrumentKey('NSE', 'TCS'), action: 'SELL' })])).toEqual(['a', 'b', 'c']);
});

test('exits stay, whatever is held', () => {
  expect(found([order('target', { purpose: 'exit', action: 'SELL' }), order('adds')], { quantity: 10 })).toEqual(['adds']);
  expect(found([order('late', { purpose: 'exit', action: 'SELL' })])).toEqual([]);
});

test('an entry that only closes what its strategy holds stays; what would turn the position round does not', () => {
  const sell = (id: string, quantity: number): Wish => order(id, { action: 'SELL', quantity });
  expect(found([sell('whole', 10)], { quantity: 10 })).toEqual([]);
  expect(found([sell('too much', 11)], { quantity: 10 })).toEqual(['too much']);
  expect(found([sell('first', 6), sell('second', 6), sell('third', 4)], { quantity: 10 })).toEqual(['second']);
  expect(found([sell('rest of it', 11)].map((half) => ({ ...half, filledQuantity: 5 })), { quantity: 6 })).toEqual([]);
  expect(found([sell('of another strategy', 10)], { quantity: 10, strategyId: 'other' as 'demo' })).toEqual(['of another strategy']);
});

test('units that an exit closes already are not closed by an entry as well', () => {
  expect(found([order('entry', { action: 'SELL' }), order('exit', { purpose: 'exit', action: 'SELL' })], { quantity: 10 })).toEqual(['entry']);
});

test('what was traded by hand is its owner’s', () => {
  expect(found([order('by hand', { strategyId: 'external' })])).toEqual([]);
});
