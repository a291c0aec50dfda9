import { orderEventTrigger } from '../nodes/OrderEventTrigger/definition';
import { fromMoney } from '../runtime/domain/money';
import type { Store } from '../runtime/domain/ports';
import type { EpochMs } from '../runtime/domain/time';
import { isScheduleNote } from '../runtime/services/triggers';
import { UsageError, type Arguments, type ListName } from './arguments';
import { alertRow, eventRow, intentRow, lockRow, orderRow, positionRow, signalRow, type Row } from './row';
import { cutsText, formatTable, indianTime, type Column } from './table';

/** A list as `--json` gives it and as people read it. */
export interface Listing {
  readonly rows: readonly Row[];
  readonly table: string;
}

interface Request extends Pick<Arguments, 'account' | 'strategy' | 'limit' | 'all' | 'wide'> {
  readonly now: EpochMs;
}

/** Which of --account and --strategy mean something to a list. */
const FILTERS: Readonly<Record<ListName, readonly ('account' | 'strategy')[]>> = {
  orders: ['account', 'strategy'], intents: ['account', 'strategy'], positions: ['account', 'strategy'],
  signals: ['strategy'], alerts: ['strategy'], locks: ['account'], events: ['account', 'strategy'],
};

/** Reads one list from the journal. Throws a UsageError for a filter that the list does not know. */
export async function readList(store: Store, name: ListName, request: Request): Promise<Listing> {
  for (const filter of ['account', 'strategy'] as const) {
    if (request[filter] !== undefined && !FILTERS[name].includes(filter)) throw new UsageError(`--${filter} means nothing to ${name}.`);
  }
  const { rows, columns, note } = await LISTS[name](store, request);
  const isWide = request.wide === true;
  const table = rows.length === 0 ? 'Nothing there.' : formatTable(columns, rows, { wide: isWide });
  const cut = isWide || !cutsText(columns, rows) ? [] : ['Texts that end in … were cut: --wide shows them whole.'];
  return { rows, table: [table, ...cut, ...(note === undefined ? [] : [note])].join('\n\n') };
}

interface Listed {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** Below the table. */
  readonly note?: string;
}

/** Newest ones that are looked through: events of orders may stand between them. */
const MOST_SIGNALS = 10_000;

const at: Column<Row> = { title: 'TIME (IST)', cell: (row) => indianTime(row.at) };
const account: Column<Row> = { title: 'ACCOUNT', cell: (row) => row.account };
const flow: Column<Row> = { title: 'FLOW', cell: (row) => row.flow ?? '', width: 24 };
const instrument: Column<Row> = { title: 'SYMBOL', cell: ({ exchange, symbol }) => (symbol === null ? '' : `${exchange ?? '?'}:${symbol}`), width: 40 };
const action: Column<Row> = { title: 'ACTION', cell: (row) => row.action ?? '', width: 8 };
const quantity: Column<Row> = { title: 'QTY', cell: (row) => row.quantity };
const average: Column<Row> = { title: 'AVERAGE', cell: (row) => row.averagePrice };
const status: Column<Row> = { title: 'STATUS', cell: (row) => row.status };
const reason: Column<Row> = { title: 'REASON', cell: (row) => row.reason ?? '', width: 80 };
const id = (title: string, width = 20): Column<Row> => ({ title, cell: (row) => row.id, width, abbreviates: true });

const LISTS: Readonly<Record<ListName, (store: Store, request: Request) => Promise<Listed>>> = {
  orders: async (store, request) => listing((await store.orders(options(request))).map(orderRow),
    [at, id('ORDER'), account, flow, instrument, action, quantity, { title: 'FILLED', cell: (row) => row.filledQuantity }, average, status, reason]),
  intents: async (store, request) => listing((await store.intents(options(request))).map(intentRow),
    [at, id('INTENT', 13), account, flow, instrument, action, quantity, status, reason]),
  signals: async (store, request) => {
    const entries = (await store.signals({ ...options(request), limit: MOST_SIGNALS })).filter((entry) => !isScheduleNote(entry));
    const shown = entries.filter(({ source }) => request.all === true || source !== orderEventTrigger.type).slice(0, request.limit);
    const sources = new Map(shown.map(({ signalId, source }) => [signalId, source]));
    const list = listing(shown.map(signalRow), [at, id('SIGNAL', 24), { title: 'FROM', cell: (row) => sources.get(row.id) ?? '' }, flow, instrument, action, quantity, status, reason]);
    const leftOut = request.all === true ? 0 : entries.filter(({ source }) => source === orderEventTrigger.type).length;
    return leftOut === 0 ? list : { ...list, note: `Not shown: ${leftOut} ${leftOut === 1 ? 'start' : 'starts'} by events of orders and accounts (Order Event Trigger); --all shows them too.` };
  },
  positions: async (store, request) => {
    const positions = (await store.positions(options(request))).slice(0, request.limit);
    const money = new Map(positions.map((position) => [positionRow(position).id, position]));
    const rupees = (row: Row, of: 'realisedPnl' | 'charges'): number | null => {
      const amount = money.get(row.id)?.[of];
      return amount === undefined ? null : fromMoney(amount);
    };
    return listing(positions.map(positionRow), [account, flow, instrument, { title: 'PRODUCT', cell: (row) => money.get(row.id)?.product ?? '' }, quantity, average,
      { title: 'REALISED', cell: (row) => rupees(row, 'realisedPnl') }, { title: 'CHARGES', cell: (row) => rupees(row, 'charges') }, status, at]);
  },
  locks: async (store, request) => {
    const locks = (await store.locks({ now: request.now, ...(request.account === undefined ? {} : { account: request.account }) })).slice(0, request.limit);
    const ends = new Map(locks.map((lock) => [`${lock.account}/${lock.name}`, lock.until]));
    return listing(locks.map(lockRow), [at, account, id('LOCK', 60), { title: 'UNTIL (IST)', cell: (row) => indianTime(ends.get(`${row.account ?? ''}/${row.id}`) ?? null) }, reason]);
  },
  events: async (store, request) => listing((await store.events.list(options(request))).map(eventRow),
    [at, account, flow, instrument, { title: 'EVENT', cell: (row) => row.status }, { title: 'WHAT HAPPENED', cell: (row) => row.reason ?? '', width: 100 }]),
  alerts: async (store, request) => {
    const alerts = await store.alerts(options(request));
    const messages = new Map(alerts.map(({ key, severity, message }) => [key, `${severity}: ${message}`]));
    return listing(alerts.map(alertRow), [at, flow, { title: 'MESSAGE', cell: (row) => messages.get(row.id) ?? '', width: 80 }, status, reason]);
  },
};

function options({ account: only, strategy, limit }: Request): { limit: number; account?: string; strategyId?: string } {
  return { limit, ...(only === undefined ? {} : { account: only }), ...(strategy === undefined ? {} : { strategyId: strategy }) };
}

function listing(rows: readonly Row[], columns: readonly Column<Row>[]): Listed {
  return { rows, columns };
}
