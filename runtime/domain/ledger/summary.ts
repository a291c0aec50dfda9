import type { InstrumentKey } from '../market';
import { asMoney, timesQuantity, ZERO_MONEY, type Money } from '../money';
import type { Product } from '../order';
import { applyFill, flatPosition, unrealisedPnl, type Position } from '../position';
import type { EpochMs, IsoDate } from '../time';
import type { LedgerTrade } from './difference';

/** What one strategy did on one exchange day; what it holds at the day's end is in `LedgerSummary.positions`. */
export interface DayRow {
  readonly account: string;
  readonly strategyId: string;
  readonly day: IsoDate;
  /** Bookings, not round trips. */
  readonly trades: number;
  /** Sum of price × quantity, both sides. */
  readonly turnover: Money;
  /** Profit of what was closed that day at average cost, before charges. */
  readonly realisedPnl: Money;
  readonly charges: Money;
  /** `realisedPnl` less `charges`. */
  readonly net: Money;
}

/** A strategy over all its days. */
export interface StrategyRow extends Omit<DayRow, 'day'> {
  /** Profit of what is open at the newest prices; absent where one of them is not known. */
  readonly unrealisedPnl?: Money;
  /** Instruments that are not flat. */
  readonly openPositions: number;
}

export interface LedgerSummary {
  /** By account, day and strategy. */
  readonly days: readonly DayRow[];
  /** By account and strategy. */
  readonly strategies: readonly StrategyRow[];
  /** Of every account together, `external` included. */
  readonly accounts: readonly Omit<StrategyRow, 'strategyId'>[];
  readonly positions: readonly Position[];
}

export interface SummaryOptions {
  /** The exchange day that a time belongs to. */
  readonly dayOf: (at: EpochMs) => IsoDate;
  /** The newest price of an instrument; undefined where none is known. */
  readonly priceOf?: (instrument: InstrumentKey) => Money | undefined;
}

type Sums = Pick<DayRow, 'trades' | 'turnover' | 'realisedPnl' | 'charges' | 'net'>;

const NOTHING: Sums = { trades: 0, turnover: ZERO_MONEY, realisedPnl: ZERO_MONEY, charges: ZERO_MONEY, net: ZERO_MONEY };

/** Days, strategies and accounts from all their trades, oldest first and from the beginning: what a trade realised depends on what was held before it. */
export function summarise(trades: readonly LedgerTrade[], { dayOf, priceOf = () => undefined }: SummaryOptions): LedgerSummary {
  const positions = new Map<string, Position>();
  const days = new Map<string, DayRow>();
  for (const trade of trades) {
    const key = positionKey(trade);
    const before = positions.get(key) ?? flatPosition(trade, trade.happenedAt);
    const after = applyFill(before, trade);
    positions.set(key, after);
    const day = dayOf(trade.happenedAt);
    const dayKey = JSON.stringify([trade.account, day, trade.strategyId]);
    const realised = asMoney(after.realisedPnl - before.realisedPnl);
    const row = days.get(dayKey) ?? { account: trade.account, strategyId: trade.strategyId, day, ...NOTHING };
    days.set(dayKey, { ...row, ...plus(row, { trades: 1, turnover: timesQuantity(trade.price, trade.quantity), realisedPnl: realised, charges: trade.charges, net: asMoney(realised - trade.charges) }) });
  }
  const all = [...positions.values()];
  const byDay = [...days.values()].sort((a, b) => order(a.account, b.account) || order(a.day, b.day) || order(a.strategyId, b.strategyId));
  const strategies = groups(byDay, ({ account, strategyId }) => JSON.stringify([account, strategyId])).map(([first, sums]) => {
    const { account, strategyId } = first;
    return { account, strategyId, ...sums, ...standing(all.filter((position) => position.account === account && position.strategyId === strategyId), priceOf) };
  });
  const accounts = groups(byDay, ({ account }) => account).map(([{ account }, sums]) => ({ account, ...sums, ...standing(all.filter((position) => position.account === account), priceOf) }));
  return { days: byDay, strategies: strategies.sort((a, b) => order(a.account, b.account) || order(a.strategyId, b.strategyId)), accounts, positions: all };
}

function positionKey({ account, strategyId, instrument, product }: { readonly account: string; readonly strategyId: string; readonly instrument: InstrumentKey; readonly product: Product }): string {
  return JSON.stringify([account, strategyId, instrument, product]);
}

function plus(a: Sums, b: Sums): Sums {
  return { trades: a.trades + b.trades, turnover: asMoney(a.turnover + b.turnover), realisedPnl: asMoney(a.realisedPnl + b.realisedPnl), charges: asMoney(a.charges + b.charges), net: asMoney(a.net + b.net) };
}

function groups(rows: readonly DayRow[], keyOf: (row: DayRow) => string): [DayRow, Sums][] {
  const found = new Map<string, [DayRow, Sums]>();
  for (const row of rows) {
    const [first, sums] = found.get(keyOf(row)) ?? [row, NOTHING];
    found.set(keyOf(row), [first, plus(sums, row)]);
  }
  return [...found.values()];
}

function standing(positions: readonly Position[], priceOf: (instrument: InstrumentKey) => Money | undefined): { readonly openPositions: number; readonly unrealisedPnl?: Money } {
  const open = positions.filter(({ quantity }) => quantity !== 0);
  let sum = 0;
  for (const position of open) {
    const price = priceOf(position.instrument);
    if (price === undefined) return { openPositions: open.length };
    sum += unrealisedPnl(position, price);
  }
  return { openPositions: open.length, unrealisedPnl: asMoney(sum) };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
