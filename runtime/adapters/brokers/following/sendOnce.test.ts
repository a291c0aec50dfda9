import { silentLog } from '../../../../tests/doubles/ingressWorld';
import { memoryJournal } from '../../../../tests/doubles/memoryJournal';
import { ok, type Outcome } from '../../../domain/denial';
import { instrumentKey } from '../../../domain/market';
import { toMoney } from '../../../domain/money';
import type { BrokerOrder } from '../../../domain/ports';
import { SECOND_MS } from '../../../domain/time';
import { manualClock } from '../../system/manual';
import { followedOrders } from './followedOrders';
import { listsOf, type ListedRow, type Lists } from './listed';
import { sendOnce, type PlacementAnswer } from './sendOnce';

const SENT = Date.UTC(2026, 10, 20, 4, 30);
const wanted: BrokerOrder = { id: 'o1', instrument: instrumentKey('NSE', 'SBIN'), action: 'BUY', quantity: 10, product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(99) };
const row: ListedRow = {
  brokerOrderId: '7', tag: 'o1', instrument: wanted.instrument, action: 'BUY', quantity: 10, standing: 'OPEN', product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(99), triggerPrice: undefined,
  filledQuantity: undefined, averagePrice: undefined, reason: undefined, placedAt: SENT,
};
const OURS: PlacementAnswer = { kind: 'success', brokerOrderId: '7' };
const UNSURE: PlacementAnswer = { kind: 'unsure', reason: 'reset' };
const REFUSED: PlacementAnswer = { kind: 'refused', denial: { code: 'ORDER_REJECTED', message: 'No.' } };
const OPEN = { kind: 'status', status: 'OPEN' };

/** One order and the lists, with each step of its placement in the hands of the test. */
function world() {
  const clock = manualClock(SENT);
  const journal = memoryJournal('live', clock);
  const orders = followedOrders({ account: 'live', journal, instruments: { find: () => undefined }, clock, log: silentLog });
  const ready = Promise.withResolvers<Outcome<undefined>>();
  const answer = Promise.withResolvers<PlacementAnswer>();
  const sent: string[] = [];
  const accepted: string[] = [];
  const place = sendOnce({
    orders, log: silentLog, lookFor: () => Promise.resolve(), onAccepted: () => void accepted.push('o1'),
    async prepare(order) {
      const checked = await ready.promise;
      if (!checked.ok) return checked;
      return ok(() => {
        sent.push(order.id);
        return answer.promise;
      });
    },
  });
  const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
  journal.leave(wanted);
  return {
    clock, orders, sent, accepted, answer: answer.resolve, settle,
    /** Begins to place the order: `go` sends it, once its checks are over. */
    async begin() {
      const placing = place(wanted);
      await settle();
      return { go: () => { ready.resolve(ok(undefined)); return settle(); }, placing };
    },
    lists: (rows: readonly Partial<ListedRow>[], { askedAt = clock.now(), shownAt = clock.now() } = {}): Lists => {
      const lists = listsOf({ askedAt, shownAt }, rows.map((entry) => ({ ...row, ...entry })), []);
      orders.advance(lists);
      return lists;
    },
    async tracked() {
      const found = await orders.get('o1');
      if (found === undefined) throw new Error('It is not known.');
      return found;
    },
  };
}

type World = ReturnType<typeof world>;

/** Places the order, lets a look show these rows before the answer, then gives the answer. */
async function met(rows: readonly Partial<ListedRow>[], answer: PlacementAnswer, during: (each: World) => Promise<void> = () => Promise.resolve()) {
  const each = world();
  const { placing, go } = await each.begin();
  await go();
  await each.orders.adopt(await each.tracked(), each.lists(rows));
  await during(each);
  each.answer(answer);
  const outcome = await placing;
  return { ...each, outcome };
}

describe('a look that finds the order by its tag before the answer', () => {
  test.each<[string, PlacementAnswer]>([['names it', OURS], ['is lost', UNSURE], ['names another order', { kind: 'success', brokerOrderId: '8' }], ['is a refusal of what rests', REFUSED]])('and an answer that %s: accepted, with what was told', async (_what, answer) => {
    const { outcome, accepted, orders } = await met([{}], answer);
    expect(outcome).toMatchObject({ kind: 'accepted', brokerOrderId: '7', updates: [OPEN] });
    expect(accepted).toEqual(['o1']);
    expect(orders.isAnyOpen()).toBe(true);
  });

  test.each(['REJECTED', 'WORKING'] as const)('and a refusal of what is listed as %s: refused', async (standing) => {
    expect((await met([{ standing }], REFUSED)).outcome).toEqual({ kind: 'rejected', denial: { code: 'ORDER_REJECTED', message: 'No.' } });
  });
});

describe('without tags', () => {
  const bare = { tag: undefined };

  test('nothing is guessed before the answer; the answer says which order it is', async () => {
    const { outcome, orders } = await met([{ ...bare, brokerOrderId: '6' }], OURS);
    expect(outcome).toEqual({ kind: 'accepted', brokerOrderId: '7', updates: [] });
    expect([orders.ownerOf('6'), orders.ownerOf('7')]).toEqual([undefined, 'o1']);
  });

  test('what the answer has named while a look was under way stays', async () => {
    const each = world();
    const { placing, go } = await each.begin();
    await go();
    const tracked = await each.tracked();
    const looking = each.orders.adopt(tracked, each.lists([{ ...bare, brokerOrderId: '6' }]));
    each.orders.bind(tracked, '7');
    expect(await looking).toBe(true);
    each.answer(OURS);
    expect(await placing).toMatchObject({ kind: 'accepted', brokerOrderId: '7' });
    expect((await each.tracked()).brokerOrderId).toBe('7');
  });

  test('a list that was asked for before the send and came after it shows what came with the send', async () => {
    const each = world();
    each.lists([]);
    each.clock.advance(SECOND_MS);
    const askedAt = each.clock.now();
    each.clock.advance(10);
    const { placing, go } = await each.begin();
    await go();
    each.clock.advance(10);
    each.lists([bare], { askedAt });
    each.answer(UNSURE);
    expect(await placing).toMatchObject({ kind: 'unknown' });
    each.clock.advance(SECOND_MS);
    expect(await each.orders.adopt(await each.tracked(), each.lists([bare]))).toBe(true);
    expect(each.orders.ownerOf('7')).toBe('o1');
  });

  test('what was shown before the send is not ours, however late the rest of the list came', async () => {
    const each = world();
    each.clock.advance(SECOND_MS);
    const shownAt = each.clock.now();
    each.clock.advance(10);
    const { placing, go } = await each.begin();
    await go();
    each.lists([{ ...bare, placedAt: shownAt }], { askedAt: shownAt - 10, shownAt });
    each.answer(UNSURE);
    await placing;
    expect(await each.orders.adopt(await each.tracked(), each.lists([{ ...bare, placedAt: shownAt }]))).toBe(false);
  });
});

test('a look that began before the send holds the order that is sent', async () => {
  const each = world();
  const before = await each.tracked();
  each.clock.advance(SECOND_MS);
  const { placing, go } = await each.begin();
  await go();
  expect(await each.tracked()).toBe(before);
  expect(before).toMatchObject({ isUnsent: false, sentAt: SENT + SECOND_MS });
  await each.orders.adopt(before, each.lists([{ placedAt: each.clock.now() }]));
  each.answer(OURS);
  expect(await placing).toMatchObject({ kind: 'accepted', brokerOrderId: '7', updates: [OPEN] });
});

test('an order that is found while it is checked was sent by another process: it is not sent again', async () => {
  const each = world();
  const { placing, go } = await each.begin();
  await each.orders.adopt(await each.tracked(), each.lists([{}]));
  await go();
  expect(await placing).toMatchObject({ kind: 'accepted', brokerOrderId: '7', updates: [OPEN] });
  expect(each.sent).toEqual([]);
});

test('an order that another one of ours has is no acceptance, and whoever waits for the answer waits until it is there', async () => {
  const each = world();
  const other = { ...wanted, id: 'o2' };
  each.orders.bind(each.orders.begin(other), '7');
  const { placing, go } = await each.begin();
  await go();
  let isAnswered = false;
  const waiting = each.orders.answered('o1').then(() => { isAnswered = true; });
  await each.settle();
  expect(isAnswered).toBe(false);
  each.answer(OURS);
  expect(await placing).toMatchObject({ kind: 'unknown' });
  await waiting;
  expect((await each.tracked()).brokerOrderId).toBeUndefined();
});
