import path from 'node:path';
import { parseArgs } from 'node:util';
import { isOwnerAlive } from '../runtime/adapters/store';
import { parsedWords, UsageError } from './arguments';
import { differenceColumns } from './differenceTable';
import { findHome } from './home';
import { knownInstruments } from './knownInstruments';
import { statusOf, type AccountStatus, type HealthRow, type LeaseStatus, type OrderStatusRow, type PositionStatus, type Status } from './statusFacts';
import { formatTable, indianTime, type Column } from './table';
import type { Tool } from './tools';

const OPTIONS = { home: { type: 'string' }, account: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

/** `bellwether status`: accounts, what they hold and who protects it, what is unknown or differs, and who owns which work. */
export const statusTool: Tool = {
  async run(words, world) {
    const { values: { home: named, account, json }, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (positionals.length > 0) throw new UsageError('status takes options only.');
    const home = findHome(named, world);
    const store = await world.openStore(home);
    try {
      const status = await statusOf({ store, now: world.now(), isAlive: (owner) => isOwnerAlive(path.join(home, 'runtimes'), owner), instruments: knownInstruments(home), ...(account === undefined ? {} : { account }) });
      return json ? `${JSON.stringify(status, null, 2)}\n` : `${readable(status)}\n`;
    } finally {
      await store.close();
    }
  },
};

const ACCOUNTS: readonly Column<AccountStatus>[] = [
  { title: 'ACCOUNT', cell: (row) => row.account }, { title: 'BROKER', cell: (row) => row.broker }, { title: 'ORDERS', cell: (row) => row.orders },
  { title: 'ARMED', cell: (row) => (row.armedBy === null ? row.armed : `${row.armed}, by ${row.armedBy}`), width: 30 },
  { title: 'ENTRIES', cell: entries, width: 40 }, { title: 'POSITIONS', cell: (row) => row.openPositions }, { title: 'OPEN ORDERS', cell: (row) => row.openOrders }, { title: 'UNKNOWN', cell: (row) => row.unknownOrders }, { title: 'DIFFERENCES', cell: (row) => row.differences },
  { title: 'ORDERS TODAY', cell: (row) => row.ordersToday }, { title: 'REALISED TODAY', cell: (row) => row.realisedToday },
];
const POSITIONS: readonly Column<PositionStatus>[] = [
  { title: 'ACCOUNT', cell: (row) => row.account }, { title: 'FLOW', cell: (row) => row.strategy, width: 24 }, { title: 'SYMBOL', cell: (row) => `${row.exchange}:${row.symbol}`, width: 40 }, { title: 'PRODUCT', cell: (row) => row.product },
  { title: 'QTY', cell: (row) => row.quantity }, { title: 'AVERAGE', cell: (row) => row.averagePrice }, { title: 'PROTECTION', cell: (row) => row.protection ?? 'none', width: 40 }, { title: 'HELD BY', cell: (row) => row.protectedBy ?? '', width: 40 },
];
const UNKNOWN: readonly Column<OrderStatusRow>[] = [
  { title: 'SINCE (IST)', cell: (row) => indianTime(row.since) }, { title: 'ORDER', cell: (row) => row.id }, { title: 'ACCOUNT', cell: (row) => row.account }, { title: 'FLOW', cell: (row) => row.strategy, width: 24 },
  { title: 'WHAT', cell: (row) => row.order, width: 50 }, { title: 'REASON', cell: (row) => row.reason ?? '', width: 60 },
];
const LEASES: readonly Column<LeaseStatus>[] = [
  { title: 'WORK', cell: (row) => row.name, width: 50 }, { title: 'OWNER', cell: (row) => row.owner, width: 40 }, { title: 'STATE', cell: (row) => row.state }, { title: 'UNTIL (IST)', cell: (row) => indianTime(row.until) },
];

const HEALTH: readonly Column<HealthRow>[] = [
  { title: 'SINCE (IST)', cell: (row) => indianTime(row.since) }, { title: 'OF', cell: (row) => row.subject }, { title: 'STATE', cell: (row) => row.state }, { title: 'OWNER', cell: (row) => row.owner, width: 40 }, { title: 'WHAT', cell: (row) => row.message, width: 100 },
];

/** Why entries are refused now; nothing to say where they are not. */
function entries({ killSwitchSince, lossLatchedSince, armed, differences, orders }: AccountStatus): string {
  const stops = [
    ...(killSwitchSince === null ? [] : ['kill switch']), ...(lossLatchedSince === null ? [] : ['daily loss']),
    ...(armed === 'no' ? ['not armed'] : []), ...(differences > 0 && orders === 'live' ? ['differences'] : []),
  ];
  return stops.length === 0 ? 'allowed' : `refused: ${stops.join(', ')}`;
}

function readable({ accounts, positions, unknownOrders, differences, leases, health }: Status): string {
  if (accounts.length === 0) return 'No account has been used yet.';
  const part = <T>(title: string, columns: readonly Column<T>[], rows: readonly T[], hint = ''): readonly string[] => (rows.length === 0 ? [] : [`${title}\n${formatTable(columns, rows)}${hint === '' ? '' : `\n${hint}`}`]);
  return [
    formatTable(ACCOUNTS, accounts),
    ...part('Open positions', POSITIONS, positions),
    ...part('Orders of unknown outcome', UNKNOWN, unknownOrders, 'They are looked up again and again. Entries in these instruments wait, and units that an unknown exit may have closed are offered to no other exit. Where it lasts look into the broker’s order book; "bellwether reconcile" settles it.'),
    ...part('Differences between the broker and the journal', differenceColumns, differences, 'bellwether reconcile --resolve <id> --as external|ignored --by <name> --reason <text>'),
    ...part('Work with one owner', LEASES, leases),
    ...part('Processes and prices', HEALTH, health),
  ].join('\n\n');
}
