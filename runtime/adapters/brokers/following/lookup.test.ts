import { instrumentKey } from '../../../domain/market';
import { toMoney } from '../../../domain/money';
import type { BrokerOrder } from '../../../domain/ports';
import { indiaTime } from '../../../domain/session';
import type { ListedRow } from './listed';
import { findLost, type Sought } from './lookup';

const SENT = indiaTime('2026-11-20', '10:00');
const order: BrokerOrder = { id: 'o1', instrument: instrumentKey('NSE', 'SBIN'), action: 'BUY', quantity: 10, product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(99) };
const row: ListedRow = {
  brokerOrderId: '7', tag: undefined, instrument: order.instrument, action: 'BUY', quantity: 10, standing: 'OPEN', product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(99), triggerPrice: undefined,
  filledQuantity: undefined, averagePrice: undefined, reason: undefined, placedAt: SENT + 1_000,
};
const sought: Sought = { order, sentAt: SENT, taken: new Set(), firstSeen: new Map([['7', SENT + 1_000]]), listedAt: SENT - 1_000, rivals: 0, isAwaited: false };
const find = (rows: readonly Partial<ListedRow>[], more: Partial<Sought> = {}): string => findLost(rows.map((entry) => ({ ...row, ...entry })), { ...sought, ...more }).kind;

test.each<[string, string, readonly Partial<ListedRow>[], Partial<Sought>]>([
  ['the one that fits', 'found', [{}], {}],
  ['one with less said of it', 'found', [{ product: undefined, orderType: undefined, limitPrice: undefined }], {}],
  ['one at another price', 'absent', [{ limitPrice: toMoney(98) }], {}],
  ['one of another product', 'absent', [{ product: 'BO' }], {}],
  ['one that another order of ours has', 'absent', [{}], { taken: new Set(['7']) }],
  ['one that was listed before the send', 'absent', [{}], { firstSeen: new Map([['7', SENT - 1]]) }],
  ['one from a minute before, by clocks that differ', 'found', [{ placedAt: indiaTime('2026-11-20', '09:59') }], {}],
  ['one from longer before', 'absent', [{ placedAt: indiaTime('2026-11-20', '09:59') - 1_000 }], {}],
  ['one from a minute after', 'found', [{ placedAt: indiaTime('2026-11-20', '10:01') }], {}],
  ['one from longer after', 'absent', [{ placedAt: indiaTime('2026-11-20', '10:01') + 1_000 }], {}],
  ['one from seconds before, without a list from just before', 'found', [{ placedAt: SENT - 5_000 }], { listedAt: undefined }],
  ['one from longer before, without a list from just before', 'absent', [{ placedAt: SENT - 6_000 }], { listedAt: SENT - 11_000 }],
  ['one beside a hand’s order of that side, of whatever size', 'ambiguous', [{}, { brokerOrderId: '8', quantity: 3, placedAt: SENT + 240_000 }], {}],
  ['one beside a hand’s order at a time nobody can read', 'ambiguous', [{}, { brokerOrderId: '8', quantity: 3, placedAt: undefined }], {}],
  ['one beside a hand’s order from long before', 'found', [{}, { brokerOrderId: '8', quantity: 3, placedAt: SENT - 301_000 }], {}],
  ['one beside an order of ours', 'found', [{}, { brokerOrderId: '8', quantity: 3 }], { taken: new Set(['8']) }],
  ['one beside a hand’s order of the other side', 'found', [{}, { brokerOrderId: '8', action: 'SELL' }], {}],
  ['one at a time nobody can read, in no earlier list', 'found', [{ placedAt: undefined }], {}],
  ['one at a time nobody can read, without an earlier list', 'absent', [{ placedAt: undefined }], { listedAt: undefined }],
  ['one at a time nobody can read, with a list from long before', 'absent', [{ placedAt: undefined }], { listedAt: SENT - 11_000 }],
  ['two that fit', 'ambiguous', [{}, { brokerOrderId: '8' }], {}],
  ['one that fits two of ours', 'ambiguous', [{}], { rivals: 1 }],
  ['none', 'absent', [], {}],
  ['one that fits, while the answer is on its way', 'absent', [{}], { isAwaited: true }],
  ['the one with our tag, while the answer is on its way', 'found', [{ tag: 'o1' }], { isAwaited: true }],
  ['the one with our tag, whatever else there is', 'found', [{ tag: '' }, { brokerOrderId: '8', tag: 'o1' }], { rivals: 3 }],
  ['one without our tag in a list that shows tags', 'absent', [{ tag: '' }], {}],
])('%s: %s', (_what, kind, rows, more) => {
  expect(find(rows, more)).toBe(kind);
});

test.each<[BrokerOrder['orderType'], string, boolean]>([
  ['MARKET', 'MARKET', true], ['MARKET', 'LIMIT', true], ['MARKET', 'SL', false], ['SL-M', 'SL-M', true], ['SL-M', 'SL', true], ['SL-M', 'MARKET', false], ['SL', 'SL-M', false], ['LIMIT', 'MARKET', false],
])('a %s order may stand in the list as %s: %p', (orderType, listedAs, fits) => {
  const asked: BrokerOrder = { ...order, orderType, triggerPrice: toMoney(98) };
  expect(find([{ orderType: listedAs, triggerPrice: toMoney(98) }], { order: asked })).toBe(fits ? 'found' : 'absent');
  if (orderType === 'SL-M') expect(find([{ orderType: listedAs, triggerPrice: toMoney(97) }], { order: asked })).toBe('absent');
});
