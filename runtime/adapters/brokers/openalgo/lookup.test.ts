import { instrumentKey } from '../../../domain/market';
import { toMoney } from '../../../domain/money';
import type { BrokerOrder } from '../../../domain/ports';
import { indiaTime } from '../../../domain/session';
import { findLost, type Sought } from './lookup';
import { strategyTag } from './mapper';
import { OrderRow } from './schema';

const SENT = indiaTime('2026-11-20', '10:00');
const order: BrokerOrder = { id: 'o1', instrument: instrumentKey('NSE', 'SBIN'), action: 'BUY', quantity: 10, product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(99) };
const row = OrderRow.parse({ orderid: '7', symbol: 'SBIN', exchange: 'NSE', action: 'BUY', quantity: 10, order_status: 'open', product: 'MIS', pricetype: 'LIMIT', price: 99, timestamp: '2026-11-20 10:00:01' });
const sought: Sought = { order, sentAt: SENT, taken: new Set(), firstSeen: new Map([['7', SENT + 1_000]]), watchedBefore: true, rivals: 0 };
const find = (rows: readonly Partial<OrderRow>[], more: Partial<Sought> = {}): string => findLost(rows.map((entry) => ({ ...row, ...entry })), { ...sought, ...more }).kind;

test.each<[string, string, readonly Partial<OrderRow>[], Partial<Sought>]>([
  ['the one that fits', 'found', [{}], {}],
  ['one whose list calls the type by its other name', 'found', [{ pricetype: undefined, price_type: 'LIMIT' }], {}],
  ['one in small letters, with less said of it', 'found', [{ action: 'buy', product: undefined, pricetype: undefined, price: undefined }], {}],
  ['one that another order of ours has', 'absent', [{}], { taken: new Set(['7']) }],
  ['one that was listed before the send', 'absent', [{}], { firstSeen: new Map([['7', SENT - 1]]) }],
  ['one from a minute before, by clocks that differ', 'found', [{ timestamp: '2026-11-20 09:59:00' }], {}],
  ['one from longer before', 'absent', [{ timestamp: '2026-11-20 09:58:59' }], {}],
  ['one from two minutes after', 'found', [{ timestamp: '2026-11-20 10:02:00' }], {}],
  ['one from longer after', 'absent', [{ timestamp: '2026-11-20 10:02:01' }], {}],
  ['one at a time nobody can read, in no earlier list', 'found', [{ timestamp: 'today' }], {}],
  ['one at a time nobody can read, without an earlier list', 'absent', [{ timestamp: 'today' }], { watchedBefore: false }],
  ['two that fit', 'ambiguous', [{}, { orderid: '8' }], {}],
  ['one that fits two of ours', 'ambiguous', [{}], { rivals: 1 }],
  ['none', 'absent', [], {}],
  ['the one with our tag, whatever else there is', 'found', [{ strategy: 'me' }, { orderid: '8', strategy: strategyTag('o1') }], { rivals: 3 }],
  ['one without our tag in a list that shows tags', 'absent', [{ strategy: 'me' }], {}],
])('%s: %s', (_what, kind, rows, more) => {
  expect(find(rows, more)).toBe(kind);
});

test.each<[BrokerOrder['orderType'], string, boolean]>([
  ['MARKET', 'MARKET', true], ['MARKET', 'LIMIT', true], ['MARKET', 'SL', false], ['SL-M', 'SL-M', true], ['SL-M', 'SL', true], ['SL-M', 'MARKET', false], ['SL', 'SL-M', false], ['LIMIT', 'MARKET', false],
])('a %s order may stand in the list as %s: %p', (orderType, pricetype, fits) => {
  const asked: BrokerOrder = { ...order, orderType, triggerPrice: toMoney(98) };
  expect(find([{ pricetype, trigger_price: 98 }], { order: asked })).toBe(fits ? 'found' : 'absent');
  if (orderType === 'SL-M') expect(find([{ pricetype, trigger_price: 97 }], { order: asked })).toBe('absent');
});
