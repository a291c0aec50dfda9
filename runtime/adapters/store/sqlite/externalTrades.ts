import { sql } from 'kysely';
import type { NewAccountEvent } from '../../../domain/accountEvent';
import { EXTERNAL_STRATEGY, type DifferenceStore, type ExternalOrder, type ExternalReport, type LedgerStore, type LedgerTrade, type SharePart } from '../../../domain/ledger/difference';
import { shareOut } from '../../../domain/ledger/shareOut';
import { asMoney, timesQuantity, ZERO_MONEY, type Money } from '../../../domain/money';
import type { Clock } from '../../../domain/ports';
import type { Position } from '../../../domain/position';
import type { EpochMs, IsoDate } from '../../../domain/time';
import { ExternalFillRow, ExternalOrderRow, FillRow, OrderRow } from '../rows';
import { StoreError } from '../storeError';
import type { Events } from './events';
import { limited, MAX_LISTED } from './listing';
import type { Positions } from './positions';
import type { Risk } from './risk';
import { atMost, type Param, type Statements } from './statements';

type Charge = Parameters<DifferenceStore['adopt']>[1];
type Ledger = Pick<Position, 'account' | 'instrument' | 'product'>;
interface Trade { readonly quantity: number; readonly price: Money; readonly charges: Money; readonly happenedAt: EpochMs }
interface Span { readonly account: string | undefined; readonly strategyId: string | undefined; readonly from: number; readonly until: number; readonly limit: number }

export type ExternalTrades = ReturnType<typeof createExternalTrades>;

/** What was traded beside the flows, booked into the same sub-ledgers. Every method runs inside one write operation or read. */
export function createExternalTrades(statements: Statements, { positions, risk, events, clock }: { readonly positions: Positions; readonly risk: Risk; readonly events: Events; readonly clock: Clock }) {
  const q = prepare(statements);

  /** Books a signed trade to those whose share it takes; charges are shared by quantity, to the last unit of money. */
  function book(ledger: Ledger, { quantity, price, charges, happenedAt }: Trade, { source, tradingDay }: { readonly source: string; readonly tradingDay: IsoDate }): readonly SharePart[] {
    const parts = shareOut(positions.openOf(ledger.account).filter(({ instrument, product }) => instrument === ledger.instrument && product === ledger.product), quantity);
    let left: number = charges;
    parts.forEach((part, index) => {
      const own = asMoney(index === parts.length - 1 ? left : Math.round((charges * part.quantity) / quantity));
      left -= own;
      const fill = { action: quantity > 0 ? 'BUY' as const : 'SELL' as const, quantity: Math.abs(part.quantity), price, charges: own, happenedAt };
      const { account, instrument, product } = ledger;
      const carried = positions.settleAdopted({ account, instrument, product, strategyId: part.strategyId }, part.quantity, price);
      if (carried !== undefined) risk.addCarried(account, tradingDay, happenedAt, carried);
      risk.addRealised(account, tradingDay, happenedAt, positions.book({ account, instrument, product, strategyId: part.strategyId }, fill));
      q.insertFill({ account, instrument, product, strategyId: part.strategyId, ...fill, source, recordedAt: clock.now() });
    });
    return parts;
  }

  return {
    book,

    adopt(report: ExternalReport, charge: Charge): { readonly booked: number; readonly parts: readonly SharePart[] } {
      const { account, brokerOrderId, day, instrument, product, action, quantity, filledQuantity, averagePrice, status, tradingDay, happenedAt } = report;
      const known = q.byId.one({ account, brokerOrderId, day });
      // A list may be an older one: what is booked stays booked.
      const filled = Math.max(filledQuantity, known?.filledQuantity ?? 0);
      const growth = filled - (known?.filledQuantity ?? 0);
      if (growth > 0 && averagePrice === undefined) throw new StoreError('MISUSE', `The broker's order ${brokerOrderId} was filled at no price.`);
      const value = growth === 0 || averagePrice === undefined ? known?.filledValue ?? ZERO_MONEY : timesQuantity(averagePrice, filled);
      const times = { happenedAt, recordedAt: clock.now() };
      q.put({ account, brokerOrderId, day, instrument, product, action, quantity, filledQuantity: filled, filledValue: value, status, ...times });
      if (growth === 0) {
        if (known === undefined) events.add(told(report, 0, []));
        return { booked: 0, parts: [] };
      }
      const price = asMoney(Math.max(0, Math.round((value - (known?.filledValue ?? 0)) / growth)));
      const signed = action === 'BUY' ? growth : -growth;
      const parts = book({ account, instrument, product }, { quantity: signed, price, charges: charge({ quantity: growth, price }), happenedAt }, { source: `broker order ${brokerOrderId}`, tradingDay });
      for (const part of parts) events.add(told({ ...report, filledQuantity: filled }, growth, [part]));
      return { booked: growth, parts };
    },

    ofBroker: (account: string, ids: string): readonly ExternalOrder[] => q.ofBroker.all({ account, ids, limit: MAX_LISTED }),

    list: ({ account, limit }: Parameters<DifferenceStore['externalOrders']>[0] = {}): readonly ExternalOrder[] =>
      q.newest.all({ account, limit: limited(limit === undefined ? {} : { limit }).limit }),

    trades({ account, strategyId, from = 0, until = Number.MAX_SAFE_INTEGER, limit = MAX_LISTED }: Parameters<LedgerStore['trades']>[0] = {}): Awaited<ReturnType<LedgerStore['trades']>> {
      const most = Math.min(limit, MAX_LISTED);
      const span = { account, strategyId, from, until, limit: most + 1 };
      const all = [...q.fills.all(span), ...q.externalFills.all(span)].sort((a, b) => a.happenedAt - b.happenedAt || a.recordedAt - b.recordedAt);
      return { trades: all.slice(0, most).map(toTrade), isComplete: all.length <= most };
    },
  };
}

function prepare(statements: Statements) {
  const OrderFill = FillRow.omit({ tradeId: true }).extend(OrderRow.pick({ account: true, strategyId: true, instrument: true, product: true, action: true }).shape);
  const KnownOrder = ExternalOrderRow.omit({ happenedAt: true, recordedAt: true });
  return {
    byId: statements.query('externalOrders', ExternalOrderRow, (db, p: Param<{ account: string; brokerOrderId: string; day: string }>) =>
      db.selectFrom('externalOrders').selectAll().where('account', '=', p('account')).where('brokerOrderId', '=', p('brokerOrderId')).where('day', '=', p('day'))),
    put: statements.insert('externalOrders', ExternalOrderRow, ['account', 'brokerOrderId', 'day']),
    insertFill: statements.insert('externalFills', ExternalFillRow),
    ofBroker: statements.query('externalOrders', KnownOrder, (db, p: Param<{ account: string; ids: string; limit: number }>) =>
      db.selectFrom('externalOrders').selectAll().where('account', '=', p('account')).where('brokerOrderId', 'in', sql<string>`(select value from json_each(${p('ids')}))`).limit(atMost(p('limit')))),
    newest: statements.query('externalOrders', KnownOrder, (db, p: Param<{ account: string | undefined; limit: number }>) =>
      db.selectFrom('externalOrders').selectAll().where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))])).orderBy('seq', 'desc').limit(atMost(p('limit')))),
    fills: statements.query('fills', OrderFill, (db, p: Param<Span>) =>
      db.selectFrom('fills').innerJoin('orders', 'orders.id', 'fills.orderId')
        .select(['fills.orderId', 'fills.quantity', 'fills.price', 'fills.charges', 'fills.happenedAt', 'fills.recordedAt', 'orders.account', 'orders.strategyId', 'orders.instrument', 'orders.product', 'orders.action'])
        .where('fills.happenedAt', '>=', p('from')).where('fills.happenedAt', '<=', p('until'))
        .where((eb) => eb.or([eb(p('account'), 'is', null), eb('orders.account', '=', p('account'))]))
        .where((eb) => eb.or([eb(p('strategyId'), 'is', null), eb('orders.strategyId', '=', p('strategyId'))]))
        .orderBy('fills.happenedAt').orderBy('fills.seq').limit(atMost(p('limit')))),
    externalFills: statements.query('externalFills', ExternalFillRow.omit({ source: true }), (db, p: Param<Span>) =>
      db.selectFrom('externalFills').selectAll().where('happenedAt', '>=', p('from')).where('happenedAt', '<=', p('until'))
        .where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))]))
        .where((eb) => eb.or([eb(p('strategyId'), 'is', null), eb('strategyId', '=', p('strategyId'))]))
        .orderBy('happenedAt').orderBy('seq').limit(atMost(p('limit')))),
  };
}

function toTrade({ account, strategyId, instrument, product, action, quantity, price, charges, happenedAt, orderId }: LedgerTrade): LedgerTrade {
  return { account, strategyId, instrument, product, action, quantity, price, charges, happenedAt, ...(orderId === undefined ? {} : { orderId }) };
}

function told({ account, brokerOrderId, day, instrument, product, action, quantity, filledQuantity, happenedAt }: ExternalReport, booked: number, parts: readonly SharePart[]): NewAccountEvent {
  const [part] = parts;
  const closed = part !== undefined && part.strategyId !== EXTERNAL_STRATEGY;
  const what = `${action} ${quantity} ${instrument}`;
  const says = part === undefined ? `${what} rests at the broker; it did not come from a flow.`
    : closed ? `${what} did not come from a flow; ${Math.abs(part.quantity)} of it closed what ${part.strategyId} held.`
      : `${what} did not come from a flow; ${Math.abs(part.quantity)} of it is booked as external.`;
  return {
    key: `external ${day} ${brokerOrderId} ${filledQuantity} ${part?.strategyId ?? ''}`, account, kind: 'external', instrument, message: says, happenedAt,
    ...(part === undefined ? {} : { strategyId: part.strategyId }),
    facts: { brokerOrderId, action, product, quantity, filledQuantity, booked, share: part?.quantity ?? 0 },
  };
}

