import { sql, type Kysely } from 'kysely';

/** The same indexes, cheaper to keep: SQLite builds a table in memory for every IN of three values or more that it evaluates, and no order has a broker's id when it is written. */
export async function leanIndexes(db: Kysely<unknown>): Promise<void> {
  for (const index of ['orders_open', 'orders_by_broker']) await db.schema.dropIndex(index).execute();
  await db.schema.createIndex('orders_open').on('orders').columns(['account', 'instrument', 'strategy_id', 'product', 'action', 'purpose', 'status', 'quantity', 'filled_quantity'])
    .where(sql<boolean>`status <> 'DENIED' and status <> 'FILLED' and status <> 'CANCELLED' and status <> 'REJECTED' and status <> 'EXPIRED'`).execute();
  await db.schema.createIndex('orders_by_broker').on('orders').columns(['account', 'broker_order_id']).where('broker_order_id', 'is not', null).execute();
}
