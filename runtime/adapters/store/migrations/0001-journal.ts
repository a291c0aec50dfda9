import { sql, type Kysely } from 'kysely';
import { createTable, TIMES, type TableKit, type TableShape } from './tables';

/** The journal as it began: signals, intents, orders, fills, positions, locks, counters, accounts, alerts, and the paper broker's memory. */
export async function journal(db: Kysely<unknown>, kit: TableKit): Promise<void> {
  for (const shape of JOURNAL_TABLES) await createTable(db, kit, shape);
  await db.schema.createIndex('signals_by_key').on('signals').columns(['node_key', 'dedupe_key', 'seq']).where(sql`dedupe_key`, '<>', sql.lit('')).execute();
  await db.schema.createIndex('signals_undone').on('signals').columns(['node_key', 'seq']).where(sql`status`, 'in', [sql.lit('RECEIVED'), sql.lit('DELIVERED')]).execute();
  await db.schema.createIndex('orders_open').on('orders').columns(['account', 'instrument', 'strategy_id', 'product', 'action', 'purpose', 'status', 'quantity', 'filled_quantity']).where(sql`status`, 'not in', ['DENIED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED'].map((status) => sql.lit(status))).execute();
  await db.schema.createIndex('orders_by_signal').on('orders').columns(['signal_id', 'account', 'strategy_id', 'instrument', 'purpose']).execute();
  await db.schema.createIndex('order_events_by_order').on('order_events').columns(['order_id', 'seq']).execute();
  await db.schema.createIndex('paper_orders_resting').on('paper_orders').columns(['account', 'instrument', 'seq']).where(sql`resting`, '=', sql.lit(1)).execute();
  await db.schema.createIndex('positions_open').on('positions').columns(['account', 'instrument']).where(sql`quantity`, '<>', sql.lit(0)).execute();
}

const ORIGIN = { account: 'text', strategy_id: 'text', node_key: 'text', signal_id: 'text' } as const;
const TERMS = { instrument: 'text', purpose: 'text', action: 'text', product: 'text', order_type: 'text', limit_price: 'whole?', trigger_price: 'whole?' } as const;

const JOURNAL_TABLES: readonly TableShape[] = [
  {
    name: 'signals', unique: [['node_key', 'signal_id']],
    columns: { signal_id: 'text', node_key: 'text', dedupe_key: 'text', strategy_id: 'text', source: 'text', item: 'text', receipt_id: 'text', status: 'text', attempts: 'whole', owner: 'text?', lease_until: 'whole?', reason: 'text?', ...TIMES },
  },
  { name: 'signal_events', columns: { node_key: 'text', signal_id: 'text', status: 'text', owner: 'text?', reason: 'text?', ...TIMES } },
  {
    name: 'intents', unique: [['key']],
    columns: { key: 'text', order_id: 'text?', ...ORIGIN, leg: 'whole', ...TERMS, size: 'text', quantity: 'real', status: 'text', denial: 'text?', ...TIMES },
  },
  {
    name: 'orders', unique: [['id'], ['intent_key']], references: { column: 'intent_key', table: 'intents', target: 'key' },
    columns: { id: 'text', intent_key: 'text', broker_order_id: 'text?', ...ORIGIN, ...TERMS, quantity: 'whole', filled_quantity: 'whole', filled_value: 'whole', status: 'text', denial: 'text?', ...TIMES, updated_at: 'whole' },
  },
  {
    name: 'order_events', references: { column: 'order_id', table: 'orders', target: 'id' },
    columns: { order_id: 'text', from_status: 'text?', to_status: 'text', applied: 'whole', detail: 'text?', ...TIMES },
  },
  {
    name: 'fills', unique: [['order_id', 'trade_id']], references: { column: 'order_id', table: 'orders', target: 'id' },
    columns: { order_id: 'text', trade_id: 'text', quantity: 'whole', price: 'whole', charges: 'whole', ...TIMES },
  },
  {
    name: 'positions', primaryKey: ['account', 'strategy_id', 'instrument', 'product'],
    columns: { account: 'text', strategy_id: 'text', instrument: 'text', product: 'text', quantity: 'whole', open_value: 'whole', realised_pnl: 'whole', charges: 'whole', ...TIMES },
  },
  { name: 'locks', primaryKey: ['account', 'name'], columns: { account: 'text', name: 'text', owner: 'text', until: 'whole', reason: 'text?', ...TIMES } },
  {
    name: 'risk_state', primaryKey: ['account'],
    columns: { account: 'text', kill_switch: 'whole', killed_at: 'whole?', loss_latched_at: 'whole?', trading_day: 'text?', orders_today: 'whole', realised_today: 'whole', ...TIMES },
  },
  { name: 'risk_events', columns: { account: 'text', kind: 'text', detail: 'text?', ...TIMES } },
  { name: 'accounts', primaryKey: ['id'], columns: { id: 'text', config: 'text', ...TIMES } },
  { name: 'account_events', columns: { account: 'text', config: 'text', ...TIMES } },
  {
    name: 'alerts', unique: [['key']],
    columns: { key: 'text', strategy_id: 'text', node_key: 'text', signal_id: 'text?', severity: 'text', message: 'text', channels: 'text', status: 'text', reason: 'text?', ...TIMES },
  },
  // The simulated broker's own memory.
  { name: 'paper_orders', unique: [['account', 'id']], columns: { account: 'text', id: 'text', instrument: 'text', resting: 'whole', body: 'text' } },
  {
    name: 'paper_positions', primaryKey: ['account', 'instrument', 'product'],
    columns: { account: 'text', instrument: 'text', product: 'text', quantity: 'whole', open_value: 'whole', realised_pnl: 'whole', charges: 'whole', updated_at: 'whole' },
  },
  { name: 'alert_events', columns: { key: 'text', status: 'text', reason: 'text?', ...TIMES } },
];
