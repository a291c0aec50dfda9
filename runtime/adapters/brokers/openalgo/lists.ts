import { ok, type Outcome } from '../../../domain/denial';
import type { Clock, Log } from '../../../domain/ports';
import { listsOf, type Lists } from '../following/listed';
import { readRows } from '../reading/rows';
import type { OpenAlgoClient } from './client';
import { listedRow, listedTrade } from './mapper';
import { OrderBookAnswer, OrderRow, TradeBookAnswer, TradeRow } from './schema';

export interface GatewayLists extends Lists {
  /** The sandbox says so in every answer; a live gateway says nothing. */
  readonly analyze: boolean;
}

/**
 * Reads both lists, the orders first: trades are then at least as new as the states of the orders. The gateway lists the newest trades first. Rows that can not be read
 * are left out and logged; an order among them counts as not listed, which proves nothing.
 */
export async function readLists({ client, clock, log }: { readonly client: OpenAlgoClient; readonly clock: Clock; readonly log: Log }): Promise<Outcome<GatewayLists>> {
  const askedAt = clock.now();
  const book = await client.read('orderbook', {}, OrderBookAnswer);
  if (!book.ok) return book;
  const shownAt = clock.now();
  const traded = await client.read('tradebook', {}, TradeBookAnswer);
  if (!traded.ok) return traded;
  const told = { source: 'openalgo', log };
  const orders = readRows(book.value.data.orders, OrderRow, told).map(listedRow);
  const trades = readRows(traded.value.data, TradeRow, told).map(listedTrade).reverse();
  return ok({ ...listsOf({ askedAt, shownAt }, orders, trades), analyze: book.value.mode === 'analyze' });
}
