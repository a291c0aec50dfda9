import { ok, type Outcome } from '../../../domain/denial';
import type { Clock, Log } from '../../../domain/ports';
import { listsOf, type Lists } from '../following/listed';
import { readRows } from '../reading/rows';
import type { UpstoxClient } from './client';
import type { UpstoxKeys } from './instrumentKeys';
import { listedRow, listedTrade } from './mapper';
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
  const shownAt = clock.now();
  const traded = await client.read('/v2/order/trades/get-trades-for-day', Rows);
  if (!traded.ok) return traded;
  const told = { source: 'upstox', log };
  const orders = readRows(book.value, OrderRow, told).map((row) => listedRow(row, table.value));
  const trades = readRows(traded.value, TradeRow, told).map(listedTrade).sort((a, b) => (a.happenedAt ?? 0) - (b.happenedAt ?? 0));
  return ok(listsOf({ askedAt, shownAt }, orders, trades));
}
