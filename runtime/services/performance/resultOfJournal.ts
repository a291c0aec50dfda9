import { z } from 'zod';
import type { AccountConfig } from '../../domain/account';
import { tradesOf, type BacktestResult, type BacktestWarning, type ReasonedFill, type TradeReason } from '../../domain/backtest';
import { deny, ok, type Outcome } from '../../domain/denial';
import { EXTERNAL_STRATEGY, type LedgerTrade } from '../../domain/ledger/difference';
import type { InstrumentKey } from '../../domain/market';
import { curveOfTrades } from '../../domain/metrics';
import { toMoney, type Money } from '../../domain/money';
import type { Intent, Order } from '../../domain/order';
import type { InboxEntry, Store } from '../../domain/ports';
import { PROTECTION_NODE } from '../../domain/protection';
import { addDays, indiaDate, indiaTime, isTradingDay } from '../../domain/session';
import type { EpochMs } from '../../domain/time';

export interface PerformanceRequest {
  readonly account: string;
  /** Absent: every strategy of the account, and what people traded beside them. */
  readonly strategyId?: string;
  /** Default: the first trade. */
  readonly from?: EpochMs;
  /** Exclusive. */
  readonly until: EpochMs;
  /** What the account is taken to have had at `from`, in rupees. Default: its capital. */
  readonly capital?: number;
  /** The newest price, for what is still open. Absent or undefined: it is valued at its entry. */
  readonly priceOf?: (instrument: InstrumentKey) => Money | undefined;
}

/** What is read of the journal. */
export type PerformanceStore = Pick<Store, 'accounts' | 'orders' | 'intents' | 'alerts' | 'signals'> & { readonly ledger: Pick<Store['ledger'], 'trades'> };

const Condition = z.object({ why: z.array(z.string()) });

/** Rows read at once, and pages of trades: a million trades are more than a report shows. */
const PAGE = 10_000;
const MOST_PAGES = 100;
/** Days of a record, at most: some forty years. */
const MOST_DAYS = 15_000;

/**
 * What became of paper or live trading, from the journal: trades that were closed (or are open) in the period, first in first out from the very first trade of the account.
 * Equity is the capital and what closed trades brought. Reads are bounded: a million trades, and the newest 10,000 orders, intents, alerts and signals.
 */
export async function resultOfJournal(store: PerformanceStore, request: PerformanceRequest): Promise<Outcome<BacktestResult>> {
  const { account, strategyId, until, priceOf } = request;
  const config = (await store.accounts()).find(({ id }) => id === account);
  if (config === undefined) return deny('NOT_FOUND', `The journal knows no account "${account}".`, { field: 'account', remedy: 'bellwether accounts lists those it knows.' });
  const filter = { account, ...(strategyId === undefined ? {} : { strategyId }) };
  const booked = await everyTrade(store, filter, until);
  if (booked === undefined) return deny('NOT_SUPPORTED', 'There are more trades than a report reads: a million, and ten thousand of one moment.', { field: 'strategyId', remedy: 'Ask for one strategy.' });
  const from = request.from ?? booked[0]?.happenedAt ?? until;
  const ofStrategy = { ...(strategyId === undefined ? {} : { strategyId }), limit: PAGE };
  const [orders, intents, alerts, signals] = await Promise.all([store.orders({ ...filter, limit: PAGE }), store.intents({ ...filter, limit: PAGE }), store.alerts(ofStrategy), store.signals(ofStrategy)]);
  const isInside = (at: EpochMs): boolean => at >= from && at < until;
  const own = intents.filter(({ happenedAt }) => isInside(happenedAt)).toReversed();
  const fills = reasoned(booked, { orders: new Map(orders.map((order) => [order.id, order])), signals: new Map(signals.map((entry) => [entry.signalId, entry])) });
  const trades = tradesOf(fills, (instrument) => priceOf?.(instrument)).filter(({ exitTime = Infinity }) => exitTime >= from);
  const capital = toMoney(request.capital ?? config.capital);
  return ok({
    name: strategyId ?? account, mode: modeOf(config), from, until, capital, trades, intents: own, orders: orders.filter(({ createdAt }) => isInside(createdAt)).toReversed(),
    fills: fills.filter(({ fill }) => isInside(fill.happenedAt)).map(({ fill }) => fill),
    equity: within(curveOfTrades(trades, capital, closesOf(from, until)), from), refusals: refusalsOf(own),
    alerts: alerts.filter(({ happenedAt }) => isInside(happenedAt)).toReversed().map(({ happenedAt: at, severity, message }) => ({ at, severity, message })),
    lanes: [], stoppedEarly: false, warnings: warningsOf({ trades, priceOf, cut: Math.max(orders.length, intents.length, signals.length) >= PAGE }),
  });
}

/** All trades before `until`, page by page; undefined where there are too many. The last moment of a page is read again with the next, for a page may end within it. */
async function everyTrade({ ledger }: PerformanceStore, filter: { readonly account: string; readonly strategyId?: string }, until: EpochMs): Promise<readonly LedgerTrade[] | undefined> {
  const trades: LedgerTrade[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const from = trades.at(-1)?.happenedAt ?? 0;
    const known = page === 0 ? 0 : trades.filter(({ happenedAt }) => happenedAt === from).length;
    const read = await ledger.trades({ ...filter, from, until: until - 1, limit: PAGE });
    trades.push(...read.trades.slice(known));
    if (read.isComplete) return trades;
    if (read.trades.length <= known) return undefined;
  }
  return undefined;
}

interface Known {
  readonly orders: ReadonlyMap<string, Order>;
  readonly signals: ReadonlyMap<string, InboxEntry>;
}

function reasoned(booked: readonly LedgerTrade[], known: Known): readonly ReasonedFill[] {
  return booked.map(({ strategyId, instrument, product, action, quantity, price, charges, happenedAt, orderId = '' }, index) => ({
    strategyId, instrument, product, action, reason: reasonOf(strategyId, known, orderId), fill: { orderId, tradeId: `${orderId} ${index}`, quantity, price, charges, happenedAt },
  }));
}

/** The journal knows nodes by their keys, and of conditions those of triggers: what an item passed on its way is not journalled. */
function reasonOf(strategyId: string, { orders, signals }: Known, orderId: string): TradeReason {
  const order = orders.get(orderId);
  if (order === undefined) return { by: strategyId === EXTERNAL_STRATEGY || orderId === '' ? 'by hand' : 'an older order', orderId, signalId: '' };
  const { nodeKey, signalId } = order;
  if (nodeKey === PROTECTION_NODE) return { by: 'stop or target', orderId, signalId };
  return { by: nodeKey === 'safety' ? 'square-off or daily loss' : nodeKey, ...begunBy(signals.get(signalId)), orderId, signalId };
}

function begunBy(entry: InboxEntry | undefined): Pick<TradeReason, 'trigger' | 'because'> {
  if (entry === undefined) return {};
  const condition = Condition.safeParse(entry.item.condition);
  return { trigger: entry.nodeKey, ...(condition.success && condition.data.why.length > 0 ? { because: condition.data.why.join('; ') } : {}) };
}

/** The usual closes of days that are not known to be closed: a day without a trade returned nothing. */
function closesOf(from: EpochMs, until: EpochMs): readonly EpochMs[] {
  const closes: EpochMs[] = [];
  for (let [day, count] = [indiaDate(from), 0]; count < MOST_DAYS; day = addDays(day, 1), count += 1) {
    const close = indiaTime(day, '15:30');
    if (close >= until) return closes;
    if (close >= from && isTradingDay(day) !== false) closes.push(close);
  }
  return closes;
}

/** Points before the period tell only what was carried into it. */
function within({ length, at, equity, exposure }: BacktestResult['equity'], from: EpochMs): BacktestResult['equity'] {
  const first = at.findIndex((time) => time >= from);
  const begin = first < 0 ? length : first;
  return { length: length - begin, at: at.subarray(begin), equity: equity.subarray(begin), exposure: exposure.subarray(begin) };
}

function refusalsOf(intents: readonly Intent[]): BacktestResult['refusals'] {
  return intents.flatMap(({ denial, happenedAt: at, nodeKey: node, instrument, action }) => (denial === undefined ? [] : [{ at, node, instrument, action, code: denial.code, message: denial.message }]));
}

function modeOf(config: AccountConfig): 'paper' | 'live' {
  return config.broker !== 'paper' && config.mode === 'live' ? 'live' : 'paper';
}

function warningsOf({ trades, priceOf, cut }: { readonly trades: BacktestResult['trades']; readonly priceOf: PerformanceRequest['priceOf']; readonly cut: boolean }): readonly BacktestWarning[] {
  const open = trades.filter(({ exitTime }) => exitTime === undefined);
  const unpriced = open.filter(({ instrument }) => priceOf?.(instrument) === undefined);
  return [
    ...(open.length === 0 ? [] : [{ code: 'OPEN_POSITIONS', message: `${open.length} trades are open${unpriced.length === 0 ? ', valued at the last price' : `; ${unpriced.length} of them have no price and are valued at their entry`}. They are not in the equity.`, count: open.length }]),
    ...(cut ? [{ code: 'OLDER_ORDERS', message: `Only the newest ${PAGE.toLocaleString('en-IN')} orders, intents and signals were read: reasons of older trades may be missing.`, count: 1 }] : []),
  ];
}
