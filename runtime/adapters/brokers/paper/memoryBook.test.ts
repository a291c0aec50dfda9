import { SHARE } from '../../../../tests/contracts/broker/paperBench';
import { ZERO_MONEY } from '../../../domain/money';
import { flatPosition } from '../../../domain/position';
import type { PaperOrder } from '../../../domain/paper';
import { memoryPaperBook } from './memoryBook';

const row = (id: string, status: PaperOrder['status']): PaperOrder => ({
  id, brokerOrderId: `b${id}`, instrument: SHARE.key, action: 'BUY', quantity: 10, product: 'MIS', orderType: 'MARKET', status, filledQuantity: 0, opens: 0, reserved: ZERO_MONEY, placedAt: 5, updates: [],
});
const position = { ...flatPosition({ account: 'paper', strategyId: '', instrument: SHARE.key, product: 'MIS' }, 7), quantity: 3 };

test('a step that throws leaves everything as it was', async () => {
  const book = memoryPaperBook();
  await book.step((page) => page.saveOrder(row('a', 'OPEN')));
  await expect(book.step((page) => {
    page.saveOrder(row('a', 'FILLED'));
    page.saveOrder(row('b', 'OPEN'));
    page.savePosition(position);
    throw new Error('second thoughts');
  })).rejects.toThrow('second thoughts');
  await book.step((page) => {
    expect(page.resting()).toEqual([row('a', 'OPEN')]);
    expect(page.order('b')).toBeUndefined();
    expect(page.openPositions()).toEqual([]);
  });
});
