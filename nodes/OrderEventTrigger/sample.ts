import type { AccountEvent } from '../../runtime/domain/accountEvent';
import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { Envelope, OrderView } from '../../runtime/domain/envelope';
import { instrumentKey } from '../../runtime/domain/market';
import { MINUTE_MS } from '../../runtime/domain/time';
import type { TryOutContext } from '../../runtime/domain/trigger';
import { itemOf } from './item';
import type { OrderEventParams } from './parameters';

/** Kinds that are about an order, with the status that it has then. Of the others an item holds no order. */
const STATUS: Partial<Record<AccountEvent['kind'], OrderView['status']>> = {
  accepted: 'ACCEPTED', filled: 'FILLED', partiallyFilled: 'ACCEPTED', rejected: 'REJECTED', cancelled: 'CANCELLED', unknown: 'UNKNOWN', expired: 'EXPIRED', stopHit: 'FILLED', targetHit: 'FILLED', squareOff: 'FILLED',
};
const PRICE = 812.35;
const QUANTITY = 10;
const SYMBOL = 'SBIN';

/** What the first of the chosen events looks like, made up: it says so itself, and its ids lead to nothing. */
export function sampleOf(params: OrderEventParams, { identity, now }: Pick<TryOutContext, 'identity' | 'now'>): Outcome<Envelope> {
  const [kind] = [...params.events, ...params.more];
  if (kind === undefined) return deny('INVALID_PARAMETER', 'No event is chosen.', { field: 'events', remedy: 'Choose at least one.' });
  const happenedAt = now();
  const status = STATUS[kind];
  const account = params.ofAccount === undefined || params.ofAccount === '' ? 'paper' : params.ofAccount;
  const common = { seq: 0, key: 'sample', account, kind, message: `Sample: ${kind}. Nothing happened; a real one has these fields.`, facts: {}, happenedAt, recordedAt: happenedAt } as const;
  if (status === undefined) return ok(itemOf(common, undefined, params.signalName));
  const order: OrderView = {
    id: 'sample', intentKey: 'sample', status, exchange: 'NSE', symbol: SYMBOL, action: 'BUY', quantity: QUANTITY, product: 'MIS', orderType: 'MARKET', at: happenedAt - MINUTE_MS,
    ...(status === 'FILLED' ? { filledQuantity: QUANTITY, averagePrice: PRICE } : { filledQuantity: kind === 'partiallyFilled' ? QUANTITY / 2 : 0 }),
  };
  const event: AccountEvent = { ...common, strategyId: identity.strategyId, instrument: instrumentKey('NSE', SYMBOL), orderId: 'sample', signalId: 'sample' };
  return ok(itemOf(event, order, params.signalName));
}
