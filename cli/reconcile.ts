import { parseArgs } from 'node:util';
import type { ResolveRequest } from '../runtime/domain/ledger/difference';
import { explained } from '../runtime/domain/denial';
import { toMoney } from '../runtime/domain/money';
import type { Store } from '../runtime/domain/ports';
import { indiaDate } from '../runtime/domain/session';
import type { EpochMs } from '../runtime/domain/time';
import { parsedWords, UsageError } from './arguments';
import { differenceColumns } from './differenceTable';
import { findHome } from './home';
import { differenceRow } from './statusFacts';
import { formatTable } from './table';
import type { Tool } from './tools';

const OPTIONS = {
  home: { type: 'string' }, account: { type: 'string' }, all: { type: 'boolean', default: false }, limit: { type: 'string' }, json: { type: 'boolean', default: false },
  resolve: { type: 'string' }, as: { type: 'string' }, by: { type: 'string' }, reason: { type: 'string' }, price: { type: 'string' }, order: { type: 'string' },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

const MOST_TEXT = 200;

/** `bellwether reconcile`: what the broker and the journal do not agree on; with `--resolve` a person says what it is. The comparison itself is the running host's. */
export const reconcileTool: Tool = {
  async run(words, world) {
    const { values, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (positionals.length > 0) throw new UsageError('reconcile takes options only.');
    const resolution = resolutionOf(values, world.now());
    const store = await world.openStore(findHome(values.home, world));
    try {
      return resolution === undefined ? await list(store, values) : await resolve(store, resolution, values.json);
    } finally {
      await store.close();
    }
  },
};

async function list(store: Store, { account, all, limit, json }: Values): Promise<string> {
  const rows = (await store.differences.list({ openOnly: !all, limit: limitOf(limit), ...(account === undefined ? {} : { account }) })).map(differenceRow);
  if (json) return `${JSON.stringify(rows, null, 2)}\n`;
  if (rows.length === 0) return all ? 'There was never a difference.\n' : 'No open differences.\n';
  return `${formatTable(differenceColumns, rows)}\n\nResolve one with --resolve <id> --as external (book the gap as a trade of somebody else) or ignored (leave it), --by <name> --reason <text>.\nAn order of unknown outcome: --as never-arrived (the broker has never had it), or --as found --order <the broker's order id>.\n`;
}

async function resolve(store: Store, request: ResolveRequest, json: boolean): Promise<string> {
  const resolved = await store.differences.resolve(request);
  if (!resolved.ok) throw new Error(explained(resolved.denial));
  const row = differenceRow(resolved.value);
  if (json) return `${JSON.stringify([row], null, 2)}\n`;
  return `Difference ${row.id} of account ${row.account}: ${row.state} by ${row.by ?? ''}.${row.state === 'external' && row.gap !== null ? ` ${row.gap} ${row.instrument ?? ''} booked as a trade of somebody else.` : ''}\n`;
}

/** What a person types, and what is kept. */
const WAYS: Readonly<Record<string, ResolveRequest['as']>> = { external: 'external', ignored: 'ignored', 'never-arrived': 'neverArrived', found: 'found' };

function resolutionOf({ resolve: id, as: way, by, reason, price, order }: Values, now: EpochMs): ResolveRequest | undefined {
  if (id === undefined) {
    if ([way, by, reason, price, order].some((given) => given !== undefined)) throw new UsageError('--as, --by, --reason, --price and --order belong to --resolve <id>.');
    return undefined;
  }
  if (!/^\d{1,9}$/.test(id)) throw new UsageError(`--resolve wants the number of a difference, not "${id}".`);
  const as = way !== undefined && Object.hasOwn(WAYS, way) ? WAYS[way] : undefined;
  if (as === undefined) throw new UsageError('--as external books the gap as a trade of somebody else; --as ignored leaves it; an order of unknown outcome is settled by --as never-arrived or --as found.');
  if (order !== undefined && (as !== 'found' || order.trim() === '' || order.length > MOST_TEXT)) throw new UsageError('--order is for --as found: the broker’s order id.');
  if (price !== undefined && (as !== 'external' || !/^\d+(\.\d{1,4})?$/.test(price) || Number(price) <= 0)) throw new UsageError('--price is for --as external: rupees above 0, as 812.35.');
  return { id: Number(id), as, by: said(by, 'Who are you? --by <your name>'), reason: said(reason, 'Why? --reason <text>'), tradingDay: indiaDate(now), happenedAt: now, ...(price === undefined ? {} : { price: toMoney(Number(price)) }), ...(order === undefined ? {} : { brokerOrderId: order.trim() }) };
}

function said(text: string | undefined, question: string): string {
  const words = text?.trim() ?? '';
  if (words === '' || words.length > MOST_TEXT) throw new UsageError(`${question}, at most ${MOST_TEXT} characters: it is kept in the journal.`);
  return words;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return 100;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > 10_000) throw new UsageError(`--limit must be a whole number from 1 to 10000, not "${text}".`);
  return limit;
}
