import { silentLog } from '../../../../tests/doubles/ingressWorld';
import { memoryJournal } from '../../../../tests/doubles/memoryJournal';
import { instrumentKey } from '../../../domain/market';
import { toMoney } from '../../../domain/money';
import type { BrokerOrder } from '../../../domain/ports';
import { manualClock } from '../../system/manual';
import { followedOrders, MOST_OWNERS } from './followedOrders';
import { listsOf, type ListedRow, type ListedTrade } from './listed';

const NOW = Date.UTC(2026, 10, 20, 4, 30);
const wanted = (id: string): BrokerOrder => ({ id, instrument: instrumentKey('NSE', 'SBIN'), action: 'BUY', quantity: 10, product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(99) });
const row = (brokerOrderId: string): ListedRow => ({
  brokerOrderId, tag: undefined, instrument: instrumentKey('NSE', 'SBIN'), action: 'BUY', quantity: 10, standing: 'OPEN', product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(99), triggerPrice: undefined,
  filledQuantity: undefined, averagePrice: undefined, reason: undefined, placedAt: NOW,
});
const listed = (...numbers: readonly string[]) => listsOf({ askedAt: NOW, shownAt: NOW }, numbers.map(row), []);

test('numbers of forgotten orders are forgotten, the oldest first; one that is open keeps its own, and what the journal has is nobody else\'s', async () => {
  const clock = manualClock(NOW);
  const journal = memoryJournal('live', clock);
  const orders = followedOrders({ account: 'live', journal, instruments: { find: () => undefined }, clock, log: silentLog });
  orders.bind(orders.begin(wanted('open')), 'b-open');
  for (let index = 0; index <= MOST_OWNERS; index += 1) {
    const over = orders.begin(wanted(`o${index}`));
    orders.bind(over, `b${index}`);
    over.refusal = { code: 'ORDER_REJECTED', message: 'Over.' };
  }
  journal.leave(wanted('o0'), { brokerOrderId: 'b0', status: 'CANCELLED' });
  const lost = orders.begin(wanted('lost'));
  expect(['b0', 'b-open', `b${MOST_OWNERS}`].map((number) => orders.ownerOf(number))).toEqual([undefined, 'open', `o${MOST_OWNERS}`]);
  expect(await orders.adopt(lost, listed('b0', 'b-open'))).toBe(false);
  expect((await orders.get('o0'))?.brokerOrderId).toBe('b0');
  expect(orders.ownerOf('b0')).toBe('o0');
});

test('trades of one order are brought together, oldest first', () => {
  const trades = Array.from({ length: 60_000 }, (_, index): ListedTrade => ({ brokerOrderId: index % 2 === 0 ? '7' : '8', tradeId: `t${index}`, quantity: 1, priceRupees: 99, happenedAt: NOW }));
  const lists = listsOf({ askedAt: NOW, shownAt: NOW }, [], trades);
  expect(lists.trades.get('8')?.map(({ tradeId }) => tradeId).slice(0, 3)).toEqual(['t1', 't3', 't5']);
  expect([...lists.trades.values()].map((each) => each.length)).toEqual([30_000, 30_000]);
});
