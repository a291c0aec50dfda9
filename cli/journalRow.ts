import type { HistoryEntry, HistoryKind } from '../runtime/domain/history';
import { splitKey } from '../runtime/domain/market';
import { fromMoney, MONEY_SCALE, type Money } from '../runtime/domain/money';

/**
 * One row of the exported journal, the same fields for every kind, in the order of the CSV's columns; null where a kind has no such thing. Times are ISO 8601, in UTC and in India;
 * prices and amounts rupees, quantities units.
 */
export interface JournalRow {
  readonly timeUtc: string;
  readonly timeIndia: string;
  readonly kind: HistoryKind;
  readonly account: string | null;
  readonly strategy: string | null;
  readonly node: string | null;
  readonly signalId: string | null;
  readonly intentKey: string | null;
  readonly orderId: string | null;
  readonly exchange: string | null;
  readonly symbol: string | null;
  readonly action: string | null;
  readonly quantity: number | null;
  readonly filledQuantity: number | null;
  /** Of a fill its own; of an order the average of what is filled; of a signal what it was at. */
  readonly price: number | null;
  readonly charges: number | null;
  readonly limitPrice: number | null;
  readonly triggerPrice: number | null;
  readonly product: string | null;
  readonly orderType: string | null;
  readonly purpose: string | null;
  readonly status: string;
  /** Of a refusal. */
  readonly code: string | null;
  readonly message: string | null;
  readonly id: string;
  /** When the journal heard of it. */
  readonly recordedUtc: string;
}

/** The CSV's first record. */
export const JOURNAL_COLUMNS = [
  'timeUtc', 'timeIndia', 'kind', 'account', 'strategy', 'node', 'signalId', 'intentKey', 'orderId', 'exchange', 'symbol', 'action', 'quantity', 'filledQuantity', 'price', 'charges', 'limitPrice', 'triggerPrice',
  'product', 'orderType', 'purpose', 'status', 'code', 'message', 'id', 'recordedUtc',
] as const satisfies readonly (keyof JournalRow)[];

/** India is ahead of UTC by so much, all year. */
const INDIA_MS = 19_800_000;

export function journalRow(entry: HistoryEntry): JournalRow {
  const { kind, happenedAt, recordedAt, id, status, denial, item } = entry;
  const wanted = item === undefined ? undefined : signalParts(item);
  return {
    timeUtc: new Date(happenedAt).toISOString(), timeIndia: new Date(happenedAt + INDIA_MS).toISOString().replace('Z', '+05:30'), kind, account: entry.account ?? null, strategy: entry.strategyId ?? null, node: entry.nodeKey ?? null,
    signalId: entry.signalId ?? null, intentKey: entry.intentKey ?? null, orderId: entry.orderId ?? null,
    ...(entry.instrument === undefined ? { exchange: wanted?.exchange ?? null, symbol: wanted?.symbol ?? null } : splitKey(entry.instrument)),
    action: entry.action ?? wanted?.action ?? null, quantity: entry.quantity ?? wanted?.quantity ?? null, filledQuantity: entry.filledQuantity ?? null,
    price: rupees(entry.price) ?? average(entry) ?? wanted?.price ?? null, charges: rupees(entry.charges), limitPrice: rupees(entry.limitPrice), triggerPrice: rupees(entry.triggerPrice),
    product: entry.product ?? null, orderType: entry.orderType ?? null, purpose: entry.purpose ?? null, status, code: denial?.code ?? null, message: entry.message ?? denial?.message ?? null, id, recordedUtc: new Date(recordedAt).toISOString(),
  };
}

/** What an alert asked for, as far as it said it. */
function signalParts({ exchange, symbol, action, quantity, signal }: Readonly<Record<string, unknown>>): Pick<JournalRow, 'exchange' | 'symbol' | 'action' | 'quantity' | 'price'> {
  const price = typeof signal === 'object' && signal !== null && 'price' in signal ? signal.price : undefined;
  return { exchange: text(exchange), symbol: text(symbol), action: text(action), quantity: number(quantity), price: number(price) };
}

function average({ filledQuantity, filledValue }: HistoryEntry): number | null {
  return filledQuantity === undefined || filledQuantity === 0 || filledValue === undefined ? null : Math.round(filledValue / filledQuantity) / MONEY_SCALE;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function rupees(amount: Money | undefined): number | null {
  return amount === undefined ? null : fromMoney(amount);
}
