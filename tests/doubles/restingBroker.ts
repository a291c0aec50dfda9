import { termsOf, type OrderTerms } from '../../runtime/domain/orderChange';
import { toMoney, ZERO_MONEY } from '../../runtime/domain/money';
import { deny } from '../../runtime/domain/denial';
import type { Broker, BrokerOrder, BrokerUpdate, Clock, OrderChange } from '../../runtime/domain/ports';

/** What goes wrong with a request: `lost` is carried out and not answered, `dropped` is neither, `refused` is answered with a refusal. */
export type RequestFault = 'lost' | 'dropped' | 'refused';

export interface RestingBroker extends Broker {
  /** Ids in the order of sending: one entry a send. */
  readonly sent: string[];
  readonly taken: BrokerOrder[];
  readonly modified: OrderChange[];
  readonly cancelled: string[];
  /** What goes wrong with the next requests of a kind, one after the other. */
  fail(request: 'modify' | 'cancel', ...faults: readonly RequestFault[]): void;
  /** Executes part of an order. */
  fill(orderId: string, quantity: number, rupees?: number): void;
  reject(orderId: string): void;
  /** The exchange ends an order without refusing it: it can not be filled, or its time is over. */
  lapse(orderId: string, status: 'CANCELLED' | 'EXPIRED'): void;
  termsOf(orderId: string): OrderTerms | undefined;
}

interface Held {
  order: BrokerOrder;
  readonly updates: BrokerUpdate[];
  hasEnded: boolean;
  filled: number;
}

/** A broker at which every order rests until the test fills, rejects or cancels it. It shows the terms that hold; reports come with looks alone. */
export function restingBroker(clock: Clock, { canModify = true }: { readonly canModify?: boolean } = {}): RestingBroker {
  const held = new Map<string, Held>();
  const faults: Record<'modify' | 'cancel', RequestFault[]> = { modify: [], cancel: [] };
  const [sent, taken, cancelled]: [string[], BrokerOrder[], string[]] = [[], [], []];
  const modified: OrderChange[] = [];
  const need = (orderId: string): Held => {
    const found = held.get(orderId);
    if (found === undefined) throw new Error(`The broker has no order ${orderId}.`);
    return found;
  };
  const end = (entry: Held, status: 'CANCELLED' | 'EXPIRED' | 'REJECTED'): void => {
    entry.hasEnded = true;
    entry.updates.push({ kind: 'status', orderId: entry.order.id, status, happenedAt: clock.now(), ...(status === 'REJECTED' ? { denial: { code: 'ORDER_REJECTED', message: 'The exchange refused it.' } } : {}) });
  };
  /** Carries a request out unless a fault keeps it from that, and answers it. */
  const answer = (request: 'modify' | 'cancel', carryOut: () => void): { readonly ok: true } | ReturnType<typeof deny> => {
    const fault = faults[request].shift();
    if (fault === undefined || fault === 'lost') carryOut();
    if (fault === 'refused') return deny('ORDER_REJECTED', 'Not now.');
    return fault === undefined ? { ok: true } : deny('OUTCOME_UNKNOWN', 'No answer came.');
  };
  return {
    sent, taken, modified, cancelled,
    capabilities: { lookupProvesAbsence: false },
    place(order) {
      sent.push(order.id);
      taken.push(order);
      const opened: BrokerUpdate = { kind: 'status', orderId: order.id, status: 'OPEN', happenedAt: clock.now() };
      held.set(order.id, { order, updates: [opened], hasEnded: false, filled: 0 });
      return Promise.resolve({ kind: 'accepted', brokerOrderId: `b-${order.id}`, updates: [opened] });
    },
    ...(canModify ? {
      modify(orderId: string, change: OrderChange) {
        modified.push(change);
        const entry = need(orderId);
        if (entry.hasEnded) return Promise.resolve(deny('ORDER_REJECTED', 'It has ended.'));
        return Promise.resolve(answer('modify', () => { entry.order = { ...entry.order, ...change }; }));
      },
    } : {}),
    cancel(orderId) {
      cancelled.push(orderId);
      const entry = need(orderId);
      if (entry.hasEnded) return Promise.resolve(deny('ORDER_REJECTED', 'It has ended.'));
      return Promise.resolve(answer('cancel', () => { end(entry, 'CANCELLED'); }));
    },
    find(orderId) {
      const entry = held.get(orderId);
      return Promise.resolve(entry === undefined ? undefined : { brokerOrderId: `b-${orderId}`, updates: [...entry.updates], terms: termsOf(entry.order) });
    },
    funds: () => Promise.resolve({ available: toMoney(1_000_000), used: ZERO_MONEY }),
    marginPerUnit: (_instrument, _product, price) => price,
    onUpdate: () => () => undefined,
    close: () => Promise.resolve(),
    fail: (request, ...wrong) => void faults[request].push(...wrong),
    fill(orderId, quantity, rupees = 800) {
      const entry = need(orderId);
      entry.filled += quantity;
      entry.updates.push({ kind: 'fill', fill: { orderId, tradeId: `t${entry.updates.length}`, quantity, price: toMoney(rupees), charges: ZERO_MONEY, happenedAt: clock.now() } });
      if (entry.filled >= entry.order.quantity) entry.hasEnded = true;
    },
    reject: (orderId) => { end(need(orderId), 'REJECTED'); },
    lapse: (orderId, status) => { end(need(orderId), status); },
    termsOf: (orderId) => { const entry = held.get(orderId); return entry === undefined ? undefined : termsOf(entry.order); },
  };
}
