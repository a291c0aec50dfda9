import { sql } from 'kysely';
import { z } from 'zod';
import { ACCOUNT_EVENT_KINDS } from '../../../domain/accountEvent';
import { HISTORY_KINDS, type HistoryEntry, type HistoryRequest } from '../../../domain/history';
import { orderNews } from '../orderNews';
import { FillRow, IntentRow, OrderRow, SignalRow } from '../rows';
import { MAX_LISTED } from './listing';
import type { Orders } from './orders';
import type { Param, Statements } from './statements';

const text = z.string().exactOptional();
const Entry = z.object({
  rank: z.int().min(0).max(HISTORY_KINDS.length - 1), seq: z.int(), happenedAt: z.int(), recordedAt: z.int(), id: text, account: text, strategyId: text, nodeKey: text, signalId: text, intentKey: text, orderId: text,
  instrument: OrderRow.shape.instrument.exactOptional(), action: text, quantity: z.number().exactOptional(), filledQuantity: z.int().exactOptional(), filledValue: OrderRow.shape.filledValue.exactOptional(),
  price: FillRow.shape.price.exactOptional(), charges: FillRow.shape.charges.exactOptional(), limitPrice: OrderRow.shape.limitPrice, triggerPrice: OrderRow.shape.triggerPrice, product: text, orderType: text, purpose: text,
  status: z.string(), denial: IntentRow.shape.denial, message: text, item: SignalRow.shape.item.exactOptional(),
});
const OrderNewsKind = z.enum(ACCOUNT_EVENT_KINDS);

interface Page {
  readonly account: string | undefined;
  readonly strategyId: string | undefined;
  readonly from: number;
  readonly until: number;
  readonly afterAt: number;
  readonly afterRank: number;
  readonly afterSeq: number;
  readonly limit: number;
}

/** Columns of every part, in this order; ranks are places in HISTORY_KINDS. */
const PARTS = [
  `select 0 as rank, seq, happened_at, recorded_at, signal_id as id, null as account, strategy_id, node_key, signal_id, null as intent_key, null as order_id, null as instrument, null as action, null as quantity,
    null as filled_quantity, null as filled_value, null as price, null as charges, null as limit_price, null as trigger_price, null as product, null as order_type, null as purpose, status, null as denial, reason as message, item from signals`,
  `select 1, seq, happened_at, recorded_at, key, account, strategy_id, node_key, signal_id, key, order_id, instrument, action, quantity,
    null, null, null, null, limit_price, trigger_price, product, order_type, purpose, status, denial, null, null from intents`,
  `select 2, seq, happened_at, recorded_at, id, account, strategy_id, node_key, signal_id, intent_key, id, instrument, action, quantity,
    filled_quantity, filled_value, null, null, limit_price, trigger_price, product, order_type, purpose, status, denial, null, null from orders`,
  `select 3, e.seq, e.happened_at, e.recorded_at, o.id, o.account, o.strategy_id, o.node_key, o.signal_id, o.intent_key, o.id, o.instrument, o.action, o.quantity,
    null, null, null, null, null, null, o.product, o.order_type, o.purpose, e.to_status, null,
    case when e.applied = 1 then '' else 'changed nothing: ' end || coalesce(e.from_status || ' to ' || e.to_status, e.to_status) || coalesce(': ' || e.detail, ''), null from order_events e join orders o on o.id = e.order_id`,
  `select 4, f.seq, f.happened_at, f.recorded_at, f.trade_id, o.account, o.strategy_id, o.node_key, o.signal_id, o.intent_key, o.id, o.instrument, o.action, f.quantity,
    null, null, f.price, f.charges, null, null, o.product, o.order_type, o.purpose, 'BOOKED', null, null, null from fills f join orders o on o.id = f.order_id`,
  // Trades of people take numbers of their own, below those of flows.
  `select 4, -seq, happened_at, recorded_at, source || ' ' || seq, account, strategy_id, null, null, null, null, instrument, action, quantity,
    null, null, price, charges, null, null, product, null, null, 'EXTERNAL', null, source, null from external_fills`,
  `select 5, e.seq, e.happened_at, e.recorded_at, coalesce(e.key, 'order ' || e.order_id || ' ' || e.kind), e.account, coalesce(e.strategy_id, o.strategy_id), o.node_key, coalesce(e.signal_id, o.signal_id), o.intent_key, e.order_id,
    coalesce(e.instrument, o.instrument), o.action, o.quantity, e.filled_quantity, e.filled_value, null, null, null, null, o.product, o.order_type, o.purpose, e.kind, e.denial, e.message, null from events e left join orders o on o.id = e.order_id`,
  `select 6, seq, happened_at, recorded_at, key, null, strategy_id, node_key, signal_id, null, null, null, null, null,
    null, null, null, null, null, null, null, null, null, status, null, severity || ': ' || message || coalesce(' (' || reason || ')', ''), null from alerts`,
].join('\nunion all\n');

/** The journal's past as one list. Every method runs inside one read. */
export function createHistory(statements: Statements, orders: Pick<Orders, 'find'>) {
  // Prepared with the first question: hosts never ask.
  const prepare = () => statements.query('history', Entry, (db, p: Param<Page>) => ({
    compile: () => sql`select * from (${sql.raw(PARTS)}) as past
      where (${p('account')} is null or account = ${p('account')} or (account is null and strategy_id in (select strategy_id from intents where account = ${p('account')})))
      and (${p('strategyId')} is null or strategy_id = ${p('strategyId')})
      and happened_at >= ${p('from')} and happened_at < ${p('until')} and (happened_at, rank, seq) > (${p('afterAt')}, ${p('afterRank')}, ${p('afterSeq')})
      order by happened_at, rank, seq limit ${p('limit')}`.compile(db),
  }));
  let query: ReturnType<typeof prepare> | undefined;

  /** An event of an order's own life is stored short: its words follow from the order. */
  function messageOf({ rank, orderId, status, filledQuantity, filledValue, denial, happenedAt, message }: z.output<typeof Entry>): string | undefined {
    if (message !== undefined || HISTORY_KINDS[rank] !== 'accountEvent') return message;
    const order = orderId === undefined ? undefined : orders.find(orderId);
    if (order === undefined || filledQuantity === undefined || filledValue === undefined) return undefined;
    return orderNews({ ...order, filledQuantity, filledValue, denial }, OrderNewsKind.parse(status), happenedAt).message;
  }

  function entryOf(row: z.output<typeof Entry>): HistoryEntry {
    const { rank, id = '', ...rest } = row;
    const message = messageOf(row);
    return { ...rest, kind: HISTORY_KINDS[rank] ?? 'signal', id, ...(message === undefined ? {} : { message }) };
  }

  return {
    page({ after, account, strategyId, from = 0, until = Number.MAX_SAFE_INTEGER, limit = MAX_LISTED }: HistoryRequest = {}): readonly HistoryEntry[] {
      const place = after === undefined ? { afterAt: -1, afterRank: 0, afterSeq: 0 } : { afterAt: after.happenedAt, afterRank: HISTORY_KINDS.indexOf(after.kind), afterSeq: after.seq };
      query ??= prepare();
      return query.all({ account, strategyId, from, until, ...place, limit: Math.max(0, Math.min(MAX_LISTED, Math.trunc(limit))) }).map(entryOf);
    },
  };
}
