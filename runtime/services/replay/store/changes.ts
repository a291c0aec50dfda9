import { fromMoney } from '../../../domain/money';
import type { Order } from '../../../domain/order';
import { isOpenChange, termsOf, type ChangeRequest, type ChangeSubject, type OrderChangeStore, type OrderTerms, type RecordedChange } from '../../../domain/orderChange';
import type { Clock } from '../../../domain/ports';
import type { EventBook } from './events';
import type { Ledger } from './ledger';

type Requested = Awaited<ReturnType<OrderChangeStore['request']>>;

/** Modifications and cancellations as rows in memory; see the journal's for what each method promises. */
export class ChangeBook implements OrderChangeStore {
  readonly #rows = new Map<string, RecordedChange>();
  readonly #byOrder = new Map<string, string[]>();

  constructor(private readonly clock: Clock, private readonly ledger: Ledger, private readonly events: EventBook) {}

  request({ key, kind, orderId, origin, wished, tradingDay, lockNames, happenedAt }: ChangeRequest, judge: (subject: ChangeSubject) => RecordedChange['denial']): Promise<Requested> {
    const known = this.#rows.get(key);
    if (known !== undefined) return Promise.resolve({ change: known, duplicate: true });
    const order = this.ledger.order(orderId);
    const open = this.#ofOrder(orderId).find((change) => change.kind === 'modify' && isOpenChange(change));
    const denial = judge({ order, state: this.ledger.stateOf({ draft: draftOf(order), tradingDay, lockNames, happenedAt }), ...(open === undefined ? {} : { open }) });
    const recordedAt = this.clock.now();
    const before = termsOf(order);
    const change: RecordedChange = { ...origin, key, kind, orderId, before, wished: wished ?? before, status: denial === undefined ? 'REQUESTED' : 'REFUSED', ...(denial === undefined ? {} : { denial }), happenedAt, recordedAt, updatedAt: recordedAt };
    this.#rows.set(key, change);
    this.#byOrder.set(orderId, [...this.#byOrder.get(orderId) ?? [], key]);
    return Promise.resolve({ change, duplicate: false });
  }

  finish({ key, status, denial, happenedAt }: Parameters<OrderChangeStore['finish']>[0]): Promise<RecordedChange> {
    const known = this.#rows.get(key);
    if (known === undefined) throw new Error(`There is no change ${key}.`);
    if (!isOpenChange(known) || known.status === status) return Promise.resolve(known);
    const { denial: earlier, ...rest } = known;
    const reason = denial ?? (status === 'UNKNOWN' ? earlier : undefined);
    const ended: RecordedChange = { ...rest, status, ...(reason === undefined ? {} : { denial: reason }), updatedAt: this.clock.now() };
    this.#rows.set(key, ended);
    if (status === 'DONE' && ended.kind === 'modify') this.#adopt(ended, happenedAt);
    return Promise.resolve(ended);
  }

  #adopt({ orderId, wished, before, key }: RecordedChange, happenedAt: number): void {
    const booked = this.ledger.orders.get(orderId);
    if (booked === undefined) throw new Error(`There is no order ${orderId}.`);
    // A type of order has the same prices before and after.
    this.ledger.save({ ...booked, ...wished, updatedAt: this.clock.now() });
    this.events.add({
      key: `change ${key}`, account: booked.account, kind: 'modified', strategyId: booked.strategyId, instrument: booked.instrument, orderId, signalId: booked.signalId,
      message: `${booked.action} ${booked.quantity} ${booked.instrument} was changed from ${told(before)} to ${told(wished)}.`,
      facts: { quantity: wished.quantity, ...priceFacts(wished) }, happenedAt,
    });
  }

  #ofOrder(orderId: string): readonly RecordedChange[] {
    return (this.#byOrder.get(orderId) ?? []).flatMap((key) => this.#rows.get(key) ?? []);
  }

  find(key: string): Promise<RecordedChange | undefined> {
    return Promise.resolve(this.#rows.get(key));
  }

  open(): Promise<readonly RecordedChange[]> {
    return Promise.resolve([...this.#rows.values()].filter(isOpenChange));
  }

  ofOrder(orderId: string): Promise<readonly RecordedChange[]> {
    return Promise.resolve(this.#ofOrder(orderId));
  }
}

function draftOf(order: Order): ChangeDraft {
  const { account, strategyId, nodeKey, signalId, instrument, purpose, product, orderType, action, quantity } = order;
  return { account, strategyId, nodeKey, signalId, instrument, leg: 0, purpose, product, orderType, size: { kind: 'fixed', action, quantity } };
}
type ChangeDraft = Parameters<Ledger['stateOf']>[0]['draft'];

function told({ quantity, limitPrice, triggerPrice }: OrderTerms): string {
  const limit = limitPrice === undefined ? '' : ` at ${fromMoney(limitPrice)}`;
  return `${quantity}${limit}${triggerPrice === undefined ? '' : ` when ${fromMoney(triggerPrice)}`}`;
}

function priceFacts({ limitPrice, triggerPrice }: OrderTerms): Readonly<Record<string, number>> {
  return { ...(limitPrice === undefined ? {} : { limitPrice: fromMoney(limitPrice) }), ...(triggerPrice === undefined ? {} : { triggerPrice: fromMoney(triggerPrice) }) };
}
