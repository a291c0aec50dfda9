import type { NewAccountEvent } from '../../../domain/accountEvent';
import { deny, ok, type Outcome } from '../../../domain/denial';
import { EXTERNAL_STRATEGY, type Difference, type DifferenceStore, type Finding, type JournalPicture, type ResolveRequest } from '../../../domain/ledger/difference';
import type { Clock, UnexplainedCount } from '../../../domain/ports';
import type { Product } from '../../../domain/order';
import type { InstrumentKey } from '../../../domain/market';
import { ZERO_MONEY } from '../../../domain/money';
import type { EpochMs } from '../../../domain/time';
import { StoreError } from '../storeError';
import { prepareDifferences, toDifference, type DifferenceKey } from './differenceRows';
import type { Events } from './events';
import type { ExternalTrades } from './externalTrades';
import { limited, MAX_LISTED } from './listing';
import type { Orders } from './orders';
import type { Positions } from './positions';
import type { Statements } from './statements';
import type { createUpdates } from './updates';

export interface DifferenceParts {
  readonly orders: Orders;
  readonly positions: Positions;
  readonly external: ExternalTrades;
  readonly applyUpdates: ReturnType<typeof createUpdates>;
  readonly events: Events;
  readonly clock: Clock;
}

export type Differences = ReturnType<typeof createDifferences>;

/** Differences as rows, and how they end. Every method runs inside one write operation or read. */
export function createDifferences(statements: Statements, parts: DifferenceParts) {
  const { orders, positions, external, applyUpdates, events, clock } = parts;
  const rows = prepareDifferences(statements);

  function byId(id: number): Difference {
    const row = rows.byId.one({ id });
    if (row === undefined) throw new StoreError('DAMAGED_ROW', `The difference ${id} that was just written is missing. Keep a copy of the file and restore the last backup.`);
    return toDifference(row);
  }

  function insert(account: string, finding: Finding, happenedAt: EpochMs): Difference {
    const { gap, price, instrument, product, orderId, brokerOrderId, ...said } = finding;
    rows.insert({
      account, ...said, seenAt: happenedAt, happenedAt, recordedAt: clock.now(),
      ...(instrument === undefined ? {} : { instrument }), ...(product === undefined ? {} : { product }), ...(orderId === undefined ? {} : { orderId }),
      ...(brokerOrderId === undefined ? {} : { brokerOrderId }), ...(gap === undefined ? {} : { gap }), ...(price === undefined ? {} : { price }),
    });
    const written = rows.openOf.one({ account, key: finding.key });
    return byId(written?.seq ?? 0);
  }

  return {
    picture({ account, brokerOrderIds, orderIds = [] }: Parameters<DifferenceStore['picture']>[0]): JournalPicture {
      if (Math.max(brokerOrderIds.length, orderIds.length) > MAX_LISTED) throw new StoreError('MISUSE', `${brokerOrderIds.length} broker orders are more than one look takes.`);
      const ids = JSON.stringify(brokerOrderIds);
      const open = orders.open(account);
      const known = new Set(open.map(({ id }) => id));
      return {
        orders: [...open, ...orders.among({ account, brokerIds: ids, ids: JSON.stringify(orderIds) }).filter(({ id }) => !known.has(id))],
        external: external.ofBroker(account, ids),
        positions: positions.openOf(account),
        differences: rows.standing.all({ account, limit: MAX_LISTED }).map(toDifference),
      };
    },

    open({ account, finding, happenedAt }: Parameters<DifferenceStore['open']>[0]): { readonly difference: Difference; readonly isNew: boolean } {
      const at: DifferenceKey = { account, key: finding.key };
      const known = rows.openOf.one(at);
      if (known !== undefined) {
        const { mark, brokerSays, journalSays, gap, price } = finding;
        rows.renew({ id: known.seq, mark, brokerSays, journalSays, gap, price, seenAt: happenedAt });
        return { difference: byId(known.seq), isNew: false };
      }
      const last = rows.newestOf.one(at);
      if (last?.resolvedAs === 'ignored' && last.mark === finding.mark) return { difference: toDifference(last), isNew: false };
      const difference = insert(account, finding, happenedAt);
      events.add(opened(difference));
      return { difference, isNew: true };
    },

    resolve(request: ResolveRequest): Outcome<Difference> {
      const { id, as, by, reason, happenedAt } = request;
      const row = rows.byId.one({ id });
      if (row === undefined) return deny('NOT_FOUND', `There is no difference ${id}.`, { field: 'id', value: id });
      const known = toDifference(row);
      if (known.resolution !== undefined) return deny('NOT_FOUND', `Difference ${id} is resolved already: ${known.resolution.as}, by ${known.resolution.by}.`, { field: 'id', value: id });
      if (as === 'external') {
        const booked = bookGap(known, request);
        if (!booked.ok) return booked;
      }
      if (as === 'neverArrived' || as === 'found') {
        const settled = settleOrder(known, request);
        if (!settled.ok) return settled;
      }
      rows.resolve({ id, as, by, reason, at: happenedAt });
      const difference = byId(id);
      events.add(resolved(difference));
      return ok(difference);
    },

    list: ({ account, openOnly = false, limit }: Parameters<DifferenceStore['list']>[0] = {}): readonly Difference[] =>
      rows.newest.all({ account, openOnly: openOnly ? 1 : 0, limit: limited(limit === undefined ? {} : { limit }).limit }).map(toDifference),

    /** How many are open, for the gate. */
    count(account: string, instrument: InstrumentKey, product: Product): UnexplainedCount {
      const { inAccount, inInstrument, gap } = rows.count.one({ account, instrument, product }) ?? { inAccount: 0, inInstrument: 0, gap: 0 };
      return { inAccount, inInstrument, ...(gap === 0 ? {} : { gap }) };
    },
  };

  /**
   * What a person says of an order whose outcome nobody knew. A broker's order that is booked already is not booked twice.
   * One that was taken at a word, or acknowledged, and of which the broker has never listed anything may still have never arrived: a wrong name must not keep its units for the day.
   */
  function settleOrder({ id, account, kind, orderId = '', brokerOrderId: seen }: Difference, { as, by, reason, brokerOrderId = seen, tradingDay, happenedAt }: ResolveRequest): Outcome<undefined> {
    const order = orders.find(orderId);
    const isMissing = (kind === 'orderMissing' || kind === 'orderProgress') && as === 'neverArrived' && order?.status === 'ACCEPTED' && order.filledQuantity === 0;
    if (order === undefined || (order.status !== 'UNKNOWN' && !isMissing)) return deny('INVALID_FIELD', `Difference ${id} is not about an order of unknown outcome.`, { field: 'as', value: as });
    if (as === 'neverArrived') {
      const denial = { code: 'EXPIRED_UNSENT', message: `It never arrived at the broker, says ${by}: ${reason}` } as const;
      applyUpdates({ orderId, updates: [{ kind: 'status', orderId, status: 'EXPIRED', denial, happenedAt }], tradingDay });
      return ok(undefined);
    }
    if (brokerOrderId === undefined) return deny('MISSING_FIELD', `Which of the broker's orders is order ${orderId}?`, { field: 'brokerOrderId', remedy: 'Name it: --order <the broker’s order id>.' });
    const ids = JSON.stringify([brokerOrderId]);
    const owner = orders.among({ account, brokerIds: ids, ids: '[]' }).find((other) => other.id !== orderId && other.instrument === order.instrument);
    if (owner !== undefined) return deny('INVALID_FIELD', `The broker's order ${brokerOrderId} is order ${owner.id} already.`, { field: 'brokerOrderId', value: brokerOrderId });
    if (external.ofBroker(account, ids).some(({ instrument }) => instrument === order.instrument)) {
      return deny('INVALID_FIELD', `The broker's order ${brokerOrderId} is booked as a trade of somebody else.`, { field: 'brokerOrderId', value: brokerOrderId, remedy: 'Where it was ours all the same, resolve the order as never arrived: its units are booked.' });
    }
    applyUpdates({ orderId, brokerOrderId, updates: [{ kind: 'status', orderId, status: 'ACCEPTED', happenedAt }], tradingDay });
    return ok(undefined);
  }

  /** Books what the ledgers lack; charges are not known. */
  function bookGap({ account, instrument, product, gap, price: known, id }: Difference, { price = known, tradingDay, happenedAt }: ResolveRequest): Outcome<undefined> {
    if (instrument === undefined || product === undefined || gap === undefined || gap === 0) {
      return deny('INVALID_FIELD', `Difference ${id} has nothing that could be booked.`, { field: 'as', value: 'external', remedy: 'Settle it at the broker, or resolve it as ignored.' });
    }
    if (price === undefined) return deny('INVALID_FIELD', `Nobody knows a price for difference ${id}.`, { field: 'price', remedy: 'Name one: --price 812.35.' });
    const before = positions.openOf(account).find((held) => held.strategyId === EXTERNAL_STRATEGY && held.instrument === instrument && held.product === product)?.quantity ?? 0;
    const parts = external.book({ account, instrument, product }, { quantity: gap, price, charges: ZERO_MONEY, happenedAt }, { source: `difference ${id}`, tradingDay });
    // Nobody knows when they were traded: they count as carried into the day, but for those that closed what was held.
    const booked = parts.find(({ strategyId }) => strategyId === EXTERNAL_STRATEGY)?.quantity ?? 0;
    const opened = Math.sign(before) === -Math.sign(gap) ? booked + before : booked;
    if (opened * gap > 0) positions.adopt({ account, strategyId: EXTERNAL_STRATEGY, instrument, product }, opened, price);
    return ok(undefined);
  }
}

function opened({ id, account, kind, instrument, orderId, brokerSays, journalSays, gap, happenedAt }: Difference): NewAccountEvent {
  return {
    key: `difference ${id}`, account, kind: 'difference', ...(instrument === undefined ? {} : { instrument }), ...(orderId === undefined ? {} : { orderId }),
    message: `The broker and the journal differ${instrument === undefined ? '' : ` in ${instrument}`}: the broker says ${brokerSays}, the journal says ${journalSays}.`,
    facts: { id, kind, state: 'open', brokerSays, journalSays, ...(gap === undefined ? {} : { gap }) }, happenedAt,
  };
}

function resolved({ id, account, kind, instrument, orderId, happenedAt, resolution }: Difference): NewAccountEvent {
  const { as, by, reason, at } = resolution ?? { as: 'explained', by: '', reason: '', at: happenedAt };
  return {
    key: `difference ${id} resolved`, account, kind: 'difference', ...(instrument === undefined ? {} : { instrument }), ...(orderId === undefined ? {} : { orderId }),
    message: `Difference ${id}${instrument === undefined ? '' : ` in ${instrument}`} is resolved as ${as} by ${by}: ${reason}`, facts: { id, kind, severity: 'info', state: 'resolved', as, by, reason }, happenedAt: at,
  };
}
