import type { Denial } from '../../runtime/domain/denial';
import type { OrderView } from '../../runtime/domain/envelope';
import { orderFor } from '../../tests/doubles/routerWorld';
import { emissionsOf } from './results';

const order: OrderView = {
  id: 'bw1', status: 'CANCELLED', exchange: 'NSE', symbol: 'TCS', action: 'BUY', quantity: 10, filledQuantity: 0, product: 'MIS', orderType: 'MARKET', at: 1, intentKey: 'k',
};
const request = orderFor();
const failed: Denial = { code: 'BASKET_STOPPED', message: 'Its order bw1 ended as CANCELLED with 0 of 10 filled.' };

describe('a leg of a basket that was taken back', () => {
  test('says why, where it is the one that failed', () => {
    expect(emissionsOf({}, undefined, request, { outcomes: [{ kind: 'placed', order }], failed, unwound: [] })).toEqual([{ port: 'rejected', item: { denial: failed, order: { ...order, text: 'BUY 10 TCS: CANCELLED' }, unwound: [] } }]);
  });

  test('says that another one failed, where it did not', () => {
    expect(emissionsOf({}, undefined, request, { outcomes: [{ kind: 'placed', order }], unwound: [] })).toMatchObject([{ port: 'rejected', item: { denial: { message: 'Another leg failed, so this one was taken back.' } } }]);
  });

  test('says first what could not be taken back', () => {
    const denial: Denial = { code: 'OUTCOME_UNKNOWN', message: 'Nobody knows.' };
    expect(emissionsOf({}, undefined, request, { outcomes: [{ kind: 'placed', order }], failed, unwound: [{ kind: 'refused', denial }] })).toMatchObject([{ port: 'rejected', item: { denial, unwound: [] } }]);
  });
});

test('a leg that failed and was left as it is leaves with its order', () => {
  expect(emissionsOf({}, undefined, request, { outcomes: [{ kind: 'placed', order }], failed })).toMatchObject([{ port: 'placed', item: { order } }]);
});
