import { parseArgs } from 'node:util';
import { summarise, type DayRow, type LedgerSummary, type StrategyRow } from '../runtime/domain/ledger/summary';
import type { LedgerTrade } from '../runtime/domain/ledger/difference';
import { fromMoney } from '../runtime/domain/money';
import type { Store } from '../runtime/domain/ports';
import { indiaDate } from '../runtime/domain/session';
import { parsedWords, UsageError } from './arguments';
import { findHome } from './home';
import { formatTable, type Column } from './table';
import type { Tool } from './tools';

const OPTIONS = { home: { type: 'string' }, account: { type: 'string' }, strategy: { type: 'string' }, days: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } as const;

/** Trades read at once, and pages of them: a million trades are more than a person looks at. */
const PAGE = 10_000;
const MOST_PAGES = 100;

/** `bellwether ledger`: what strategies and accounts have traded, realised and paid, from the first trade on; with `--days` day by day. */
export const ledgerTool: Tool = {
  async run(words, world) {
    const { values: { home, account, strategy, days, json }, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (positionals.length > 0) throw new UsageError('ledger takes options only.');
    const store = await world.openStore(findHome(home, world));
    try {
      const summary = summarise(await everyTrade(store, { ...(account === undefined ? {} : { account }), ...(strategy === undefined ? {} : { strategyId: strategy }) }), { dayOf: indiaDate });
      return json ? `${JSON.stringify(inRupees(summary), null, 2)}\n` : `${readable(summary, days)}\n`;
    } finally {
      await store.close();
    }
  },
};

/** All trades, page by page. The last moment of a page is read again with the next one, for a page may end in the middle of it. */
export async function everyTrade({ ledger }: Pick<Store, 'ledger'>, filter: { readonly account?: string; readonly strategyId?: string }, limit = PAGE): Promise<readonly LedgerTrade[]> {
  const trades: LedgerTrade[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const from = trades.at(-1)?.happenedAt ?? 0;
    const known = trades.filter(({ happenedAt }) => happenedAt === from && page > 0).length;
    const read = await ledger.trades({ ...filter, from, limit });
    trades.push(...read.trades.slice(known));
    if (read.isComplete) return trades;
    if (read.trades.length <= known) throw new Error(`More than ${limit} trades of one moment: the ledger can not be read page by page.`);
  }
  throw new Error(`There are more than ${PAGE * MOST_PAGES} trades: choose an account or a strategy.`);
}

type Sums = Pick<DayRow, 'account' | 'trades' | 'turnover' | 'realisedPnl' | 'charges' | 'net'>;

const SUMS: readonly Column<Sums>[] = [
  { title: 'TRADES', cell: (row) => row.trades }, { title: 'TURNOVER', cell: (row) => fromMoney(row.turnover) }, { title: 'REALISED', cell: (row) => fromMoney(row.realisedPnl) },
  { title: 'CHARGES', cell: (row) => fromMoney(row.charges) }, { title: 'NET', cell: (row) => fromMoney(row.net) },
];
const ACCOUNT: Column<Sums> = { title: 'ACCOUNT', cell: (row) => row.account };
const FLOW: Column<Pick<DayRow, 'strategyId'>> = { title: 'FLOW', cell: (row) => row.strategyId, width: 24 };
const DAYS: readonly Column<DayRow>[] = [{ title: 'DAY', cell: (row) => row.day }, ACCOUNT, FLOW, ...SUMS];
const STRATEGIES: readonly Column<StrategyRow>[] = [ACCOUNT, FLOW, ...SUMS, { title: 'OPEN', cell: (row) => row.openPositions }];
const ACCOUNTS: readonly Column<LedgerSummary['accounts'][number]>[] = [ACCOUNT, ...SUMS, { title: 'OPEN', cell: (row) => row.openPositions }];

function readable({ days, strategies, accounts }: LedgerSummary, byDay: boolean): string {
  if (strategies.length === 0) return 'Nothing was traded yet.';
  const parts = [`Strategies\n${formatTable(STRATEGIES, strategies)}`, `Accounts\n${formatTable(ACCOUNTS, accounts)}`];
  return [...(byDay ? [`Days\n${formatTable(DAYS, days)}`] : []), ...parts].join('\n\n');
}

/** Profit of what is open is left out: the journal holds no prices. */
function inRupees({ days, strategies, accounts }: LedgerSummary): object {
  return { days: days.map(amounts), strategies: strategies.map(amounts), accounts: accounts.map(amounts) };
}

function amounts(row: Sums): object {
  const { turnover, realisedPnl, charges, net } = row;
  return { ...row, turnover: fromMoney(turnover), realisedPnl: fromMoney(realisedPnl), charges: fromMoney(charges), net: fromMoney(net) };
}
