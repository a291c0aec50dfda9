import type { z } from 'zod';
import { ok, type Outcome } from '../../../domain/denial';
import type { Clock, Log } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import type { OpenAlgoClient } from './client';
import { OrderBookAnswer, OrderRow, TradeBookAnswer, TradeRow } from './schema';

/** The day's orders and trades of the account, whoever placed them. */
export interface Lists {
  /** When they were asked for: what they lack may have come since. */
  readonly askedAt: EpochMs;
  /** By the broker's order id. */
  readonly orders: ReadonlyMap<string, OrderRow>;
  /** By the broker's order id, oldest first where the gateway lists the newest first. */
  readonly trades: ReadonlyMap<string, readonly TradeRow[]>;
  /** The sandbox says so in every answer; a live gateway says nothing. */
  readonly analyze: boolean;
}

/**
 * Reads both lists, the orders first: trades are then at least as new as the states of the orders. Rows that can not be read are left out and logged;
 * an order among them counts as not listed, which proves nothing.
 */
export async function readLists({ client, clock, log }: { readonly client: OpenAlgoClient; readonly clock: Clock; readonly log: Log }): Promise<Outcome<Lists>> {
  const askedAt = clock.now();
  const book = await client.read('orderbook', {}, OrderBookAnswer);
  if (!book.ok) return book;
  const traded = await client.read('tradebook', {}, TradeBookAnswer);
  if (!traded.ok) return traded;
  const orders = new Map(rowsOf(book.value.data.orders, OrderRow, log).map((row) => [row.orderid, row]));
  const trades = new Map<string, TradeRow[]>();
  for (const row of rowsOf(traded.value.data, TradeRow, log).reverse()) trades.set(row.orderid, [...(trades.get(row.orderid) ?? []), row]);
  return ok({ askedAt, orders, trades, analyze: book.value.mode === 'analyze' });
}

/** Rows of a list that can be read. */
export function rowsOf<T>(rows: readonly unknown[], schema: z.ZodType<T>, log: Log): T[] {
  const read = rows.map((row) => schema.safeParse(row));
  const wrong = read.flatMap((entry) => (entry.success ? [] : [entry.error.issues[0]?.path.join('.') ?? '']));
  if (wrong.length > 0) log.warn({ source: 'openalgo', count: wrong.length, field: wrong[0] }, 'rows of the broker\'s lists can not be read and are left out');
  return read.flatMap((entry) => (entry.success ? [entry.data] : []));
}
