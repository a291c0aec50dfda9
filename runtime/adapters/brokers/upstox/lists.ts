import type { z } from 'zod';
import { ok, type Outcome } from '../../../domain/denial';
import type { Clock, Log } from '../../../domain/ports';
import type { Lists } from '../openalgo/lists';
import { timeOf } from '../openalgo/mapper';
import type { TradeRow as BookTrade } from '../openalgo/schema';
import type { UpstoxClient } from './client';
import type { UpstoxKeys } from './instrumentKeys';
import { bookRow, bookTrade } from './mapper';
import { OrderRow, Rows, TradeRow } from './schema';

export interface ListPorts {
  readonly client: UpstoxClient;
  readonly keys: UpstoxKeys;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Reads the day's orders and trades, the orders first: trades are then at least as new as the states of the orders. Rows that can not be read are left out and logged;
 * an order among them counts as not listed, which proves nothing. Without a list of instruments they are not read at all: nobody could tell what they are about.
 */
export async function readLists({ client, keys, clock, log }: ListPorts): Promise<Outcome<Lists>> {
  const table = await keys.table();
  if (!table.ok) return table;
  const askedAt = clock.now();
  const book = await client.read('/v2/order/retrieve-all', Rows);
  if (!book.ok) return book;
  const traded = await client.read('/v2/order/trades/get-trades-for-day', Rows);
  if (!traded.ok) return traded;
  const orders = new Map(readRows(book.value, OrderRow, log).map((row) => bookRow(row, table.value)).map((row) => [row.orderid, row]));
  const trades = new Map<string, BookTrade[]>();
  for (const row of readRows(traded.value, TradeRow, log).map(bookTrade).sort((a, b) => (timeOf(a.timestamp) ?? 0) - (timeOf(b.timestamp) ?? 0))) trades.set(row.orderid, [...(trades.get(row.orderid) ?? []), row]);
  return ok({ askedAt, orders, trades, analyze: false });
}

/** Rows of a list that can be read. */
export function readRows<T>(rows: readonly unknown[], schema: z.ZodType<T>, log: Log): T[] {
  const read = rows.map((row) => schema.safeParse(row));
  const wrong = read.flatMap((entry) => (entry.success ? [] : [entry.error.issues[0]?.path.join('.') ?? '']));
  if (wrong.length > 0) log.warn({ source: 'upstox', count: wrong.length, field: wrong[0] }, 'rows of the broker\'s lists can not be read and are left out');
  return read.flatMap((entry) => (entry.success ? [entry.data] : []));
}
