import { sql, type CompiledQuery, type Kysely, type RawBuilder } from 'kysely';
import { z } from 'zod';
import { ACCOUNT_EVENT_KINDS } from '../../../domain/accountEvent';
import { HISTORY_KINDS, type HistoryEntry, type HistoryRequest } from '../../../domain/history';
import { orderNews } from '../orderNews';
import { FillRow, IntentRow, OrderRow, SignalRow, type Tables } from '../rows';
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

interface Part {
  /** Place of its kind in HISTORY_KINDS. */
  readonly rank: number;
  /** The columns of an entry, in the order of the first part. */
  readonly columns: string;
  readonly from: string;
  /** Its number among its kind. */
  readonly number: string;
  /** The same, as its rows are found by it. */
  readonly found: string;
}

const part = (rank: number, from: string, own: string, columns: string): Part => ({ rank, from, number: `${own}.seq`, found: `${own}.seq = p.value`, columns: `${own}.happened_at as happened_at, ${own}.recorded_at as recorded_at, ${columns}` });

const PARTS: readonly Part[] = [
  part(0, 'signals t', 't', `t.signal_id as id, null as account, t.strategy_id as strategy_id, t.node_key as node_key, t.signal_id as signal_id, null as intent_key, null as order_id, null as instrument, null as action, null as quantity,
    null as filled_quantity, null as filled_value, null as price, null as charges, null as limit_price, null as trigger_price, null as product, null as order_type, null as purpose, t.status as status, null as denial, t.reason as message, t.item as item`),
  part(1, 'intents t', 't', `t.key, t.account, t.strategy_id, t.node_key, t.signal_id, t.key, t.order_id, t.instrument, t.action, t.quantity,
    null, null, null, null, t.limit_price, t.trigger_price, t.product, t.order_type, t.purpose, t.status, t.denial, null, null`),
  part(2, 'orders t', 't', `t.id, t.account, t.strategy_id, t.node_key, t.signal_id, t.intent_key, t.id, t.instrument, t.action, t.quantity,
    t.filled_quantity, t.filled_value, null, null, t.limit_price, t.trigger_price, t.product, t.order_type, t.purpose, t.status, t.denial, null, null`),
  part(3, 'order_events t join orders o on o.id = t.order_id', 't', `o.id, o.account, o.strategy_id, o.node_key, o.signal_id, o.intent_key, o.id, o.instrument, o.action, o.quantity,
    null, null, null, null, null, null, o.product, o.order_type, o.purpose, t.to_status, null,
    case when t.applied = 1 then '' else 'changed nothing: ' end || case when t.from_status = t.to_status and t.detail like 'broker order %' then 'The broker’s id of the order is known: ' || substr(t.detail, 14) || '. It stays ' || t.to_status
      when t.from_status = t.to_status and t.detail like 'bound to broker order %' then t.detail else coalesce(t.from_status || ' to ' || t.to_status, t.to_status) || coalesce(': ' || t.detail, '') end, null`),
  part(4, 'fills t join orders o on o.id = t.order_id', 't', `t.trade_id, o.account, o.strategy_id, o.node_key, o.signal_id, o.intent_key, o.id, o.instrument, o.action, t.quantity,
    null, null, t.price, t.charges, null, null, o.product, o.order_type, o.purpose, 'BOOKED', null, null, null`),
  // Trades of people take numbers of their own, below those of flows.
  { ...part(4, 'external_fills t', 't', `t.source || ' ' || t.seq, t.account, t.strategy_id, null, null, null, null, t.instrument, t.action, t.quantity,
    null, null, t.price, t.charges, null, null, t.product, null, null, 'EXTERNAL', null, t.source, null`), number: '-t.seq', found: 't.seq = -p.value' },
  part(5, 'events t left join orders o on o.id = t.order_id', 't', `coalesce(t.key, 'order ' || t.order_id || ' ' || t.kind), t.account, coalesce(t.strategy_id, o.strategy_id), o.node_key, coalesce(t.signal_id, o.signal_id), o.intent_key, t.order_id,
    coalesce(t.instrument, o.instrument), o.action, o.quantity, t.filled_quantity, t.filled_value, null, null, null, null, o.product, o.order_type, o.purpose, t.kind, t.denial, t.message, null`),
  part(6, 'alerts t', 't', `t.key, null, t.strategy_id, t.node_key, t.signal_id, null, null, null, null, null,
    null, null, null, null, null, null, null, null, null, t.status, null, t.severity || ': ' || t.message || coalesce(' (' || t.reason || ')', ''), null`),
];

interface Wanted {
  readonly account: string | undefined;
  readonly strategyId: string | undefined;
  readonly from: number;
  readonly until: number;
}

/** Where the rows of a reading stand: the place in HISTORY_KINDS and the number of each, a few bytes a row. */
interface Places {
  readonly ranks: number[];
  readonly numbers: number[];
}

const Place = z.object({ rank: Entry.shape.rank, number: z.int() });
const RANKS = HISTORY_KINDS.map((_, rank) => rank);

/** The numbers of one rank, as JSON. */
type Numbers = Readonly<Record<`of${number}`, string>>;

/** The journal's past as one list. Every method runs inside one read. */
export function createHistory(statements: Statements, orders: Pick<Orders, 'find'>) {
  // Prepared with the first question: hosts never ask.
  const prepare = () => ({
    // A broker's times of one order may go back by a little: a step of its life stands where the latest of the steps before it stands, and a fill and what was told of a step beside that.
    places: statements.query('history', Place, (db, p: Param<Wanted>) => compiled(db, sql`select rank, number, case when rank > 3 and order_id is not null then max(step) over (partition by order_id, happened_at) else step end as moment from
      (select rank, number, order_id, happened_at, case when order_id is null then happened_at else max(happened_at) over (partition by order_id, rank order by number) end as step
      from (${sql.raw(PARTS.map(({ rank, number, columns, from }) => `select ${rank} as rank, ${number} as number, ${columns} from ${from}`).join(' union all '))}) as past
      where (${p('account')} is null or account = ${p('account')} or (account is null and strategy_id in (select strategy_id from intents where account = ${p('account')})))
      and (${p('strategyId')} is null or strategy_id = ${p('strategyId')}) and happened_at >= ${p('from')} and happened_at < ${p('until')})
      order by moment, rank, number`)),
    rows: statements.query('history', Entry, (db, p: Param<Numbers>) => compiled(db, sql.join(PARTS.map(({ rank, number, columns, from, found }) => sql`select ${sql.raw(`${rank} as rank, ${number} as seq, ${columns}`)}
      from json_each(${p(`of${rank}`)}) p cross join ${sql.raw(from)} where ${sql.raw(found)}`), sql` union all `))),
  });
  let queries: ReturnType<typeof prepare> | undefined;

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
    /**
     * The order of all rows, in one go: sorting the journal anew for every page would cost its square, an index would cost every order, and one long read would let the log grow while
     * somebody looks at the output.
     */
    places({ account, strategyId, from = 0, until = Number.MAX_SAFE_INTEGER }: HistoryRequest): Places {
      const places: Places = { ranks: [], numbers: [] };
      (queries ??= prepare()).places.each({ account, strategyId, from, until }, ({ rank, number }) => {
        places.ranks.push(rank);
        places.numbers.push(number);
      });
      return places;
    },
    /** The rows from one place to another, in order; what has been pruned since is left out. */
    rows({ ranks, numbers }: Places, from: number, until: number): readonly HistoryEntry[] {
      const keys = ranks.slice(from, until).map((rank, index) => ({ rank, number: numbers[from + index] ?? 0 }));
      const ofRanks = Object.fromEntries(RANKS.map((rank) => [`of${rank}`, JSON.stringify(keys.filter((key) => key.rank === rank).map(({ number }) => number))]));
      const found = new Map((queries ??= prepare()).rows.all(ofRanks).map((row) => [`${row.rank} ${row.seq}`, row]));
      return keys.flatMap(({ rank, number }) => {
        const row = found.get(`${rank} ${number}`);
        return row === undefined ? [] : [entryOf(row)];
      });
    },
  };
}

/** Page by page; `read` carries out each step as one read of the store. */
export async function* readPages(history: ReturnType<typeof createHistory>, read: <T>(operation: () => T) => Promise<T>, { limit = MAX_LISTED, ...request }: HistoryRequest = {}): AsyncGenerator<readonly HistoryEntry[]> {
  const size = Math.max(1, Math.min(MAX_LISTED, Math.trunc(limit)));
  const places = await read(() => history.places(request));
  for (let from = 0; from < places.ranks.length; from += size) yield await read(() => history.rows(places, from, from + size));
}

function compiled(db: Kysely<Tables>, query: RawBuilder<unknown>): { compile(): CompiledQuery } {
  return { compile: () => query.compile(db) };
}
