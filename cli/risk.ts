import { parseArgs } from 'node:util';
import { parsedWords, UsageError } from './arguments';
import { findHome } from './home';
import { riskRows, type RiskRow } from './riskFacts';
import { formatTable, indianTime, type Column } from './table';
import type { Tool } from './tools';

const OPTIONS = { home: { type: 'string' }, account: { type: 'string' }, strategy: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

const COLUMNS: readonly Column<RiskRow>[] = [
  { title: 'ACCOUNT', cell: (row) => row.account }, { title: 'FLOW', cell: (row) => row.strategy ?? '', width: 24 }, { title: 'SYMBOL', cell: (row) => row.instrument ?? '', width: 40 },
  { title: 'CONTROL', cell: (row) => row.control }, { title: 'LIMIT', cell: (row) => row.limit }, { title: 'USED', cell: (row) => row.used }, { title: 'REST', cell: (row) => row.rest }, { title: 'UNIT', cell: (row) => row.unit ?? '' },
  { title: 'STATE', cell: (row) => (row.since === null ? row.state : `${row.state} since ${indianTime(row.since)}`) },
];

/** `bellwether risk`: the limits of accounts and strategies, what of them is used and left, and what stops entries. */
export const riskTool: Tool = {
  async run(words, world) {
    const { values: { home, account, strategy, json }, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (positionals.length > 0) throw new UsageError('risk takes options only.');
    const store = await world.openStore(findHome(home, world));
    try {
      const rows = await riskRows(store, { now: world.now(), ...(account === undefined ? {} : { account }), ...(strategy === undefined ? {} : { strategy }) });
      if (json) return `${JSON.stringify(rows, null, 2)}\n`;
      return rows.length === 0 ? 'Nothing there.\n' : `${formatTable(COLUMNS, rows)}\n`;
    } finally {
      await store.close();
    }
  },
};
