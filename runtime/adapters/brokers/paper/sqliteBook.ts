import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { InstrumentKey } from '../../../domain/market';
import { asMoney } from '../../../domain/money';
import { Product } from '../../../domain/order';
import type { Position } from '../../../domain/position';
import type { SqliteJournal } from '../../store';
import { isResting, PaperOrder, type BookPage, type PaperBook } from '../../../domain/paper';

const Amount = z.int().transform(asMoney);
const OrderRow = z.object({ body: z.string().transform((body): unknown => JSON.parse(body)).pipe(PaperOrder) });
const TotalsRow = z.object({ realisedPnl: Amount, charges: Amount });
const PositionRow = z.object({
  instrument: z.string().transform((key) => key as InstrumentKey), product: Product, account: z.string(), quantity: z.int(),
  open_value: Amount, realised_pnl: Amount, charges: Amount, updated_at: z.int(),
});

/**
 * A book in tables of its own in the journal's file. A step is committed at once and flushed with the journal's next step, which is the one that
 * books what the step led to: a power cut takes both or neither, and an order costs one flush less than with a file of its own.
 * Other processes of the same machine may have the file open as well. A step rejects when the file stays locked for too long.
 */
export function sqlitePaperBook({ db, commits }: SqliteJournal, account: string): PaperBook {
  const page = pageOf(db, account);
  let isClosed = false;
  return {
    sharesJournal: true,
    step: (work) => (isClosed ? closed() : commits.write(() => work(page), 'unflushed')),
    look: (ask) => (isClosed ? closed() : commits.read(() => ask(page))),
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  };
}

function closed(): Promise<never> {
  return Promise.reject(new Error('The paper account is closed.'));
}

function pageOf(db: DatabaseSync, account: string): BookPage {
  const order = db.prepare('select body from paper_orders where account = ? and id = ?');
  const restingOne = db.prepare('select body from paper_orders where account = ? and resting = 1 and instrument = ? order by seq');
  // Left to itself SQLite walks every order there ever was, because they come sorted that way.
  const restingAll = db.prepare('select body from paper_orders indexed by paper_orders_resting where account = ? and resting = 1 order by seq');
  const recent = db.prepare('select body from paper_orders where account = ? order by seq desc limit ?');
  const position = db.prepare('select * from paper_positions where account = ? and instrument = ? and product = ?');
  const openPositions = db.prepare('select * from paper_positions where account = ? and quantity <> 0');
  const totals = db.prepare('select coalesce(sum(realised_pnl), 0) realisedPnl, coalesce(sum(charges), 0) charges from paper_positions where account = ?');
  const saveOrder = db.prepare('insert into paper_orders (account, id, instrument, resting, body) values (?, ?, ?, ?, ?) on conflict (account, id) do update set resting = excluded.resting, body = excluded.body');
  const savePosition = db.prepare('insert or replace into paper_positions (account, instrument, product, quantity, open_value, realised_pnl, charges, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?)');
  return {
    order(id) {
      const row = order.get(account, id);
      return row === undefined ? undefined : OrderRow.parse(row).body;
    },
    resting: (instrument) => (instrument === undefined ? restingAll.all(account) : restingOne.all(account, instrument)).map((row) => OrderRow.parse(row).body),
    recent: (limit) => recent.all(account, limit).map((row) => OrderRow.parse(row).body),
    position(instrument, product) {
      const row = position.get(account, instrument, product);
      return row === undefined ? undefined : readPosition(row);
    },
    openPositions: () => openPositions.all(account).map(readPosition),
    totals: () => TotalsRow.parse(totals.get(account)),
    saveOrder: (row) => void saveOrder.run(account, row.id, row.instrument, isResting(row) ? 1 : 0, JSON.stringify(row)),
    savePosition: (row) => void savePosition.run(account, row.instrument, row.product, row.quantity, row.openValue, row.realisedPnl, row.charges, row.updatedAt),
  };
}

function readPosition(row: unknown): Position {
  const { account, instrument, product, quantity, open_value: openValue, realised_pnl: realisedPnl, charges, updated_at: updatedAt } = PositionRow.parse(row);
  return { account, strategyId: '', instrument, product, quantity, openValue, realisedPnl, charges, updatedAt };
}
