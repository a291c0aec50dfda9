import { z } from 'zod';
import type { InstrumentKey } from '../../../domain/market';
import { applyFill, flatPosition, unrealisedPnl, type LedgerFill, type Position, type PositionKey } from '../../../domain/position';
import type { Clock, Store } from '../../../domain/ports';
import { asMoney, timesQuantity, type Money } from '../../../domain/money';
import type { IsoDate } from '../../../domain/time';
import { PositionRow } from '../rows';
import { MAX_LISTED } from './listing';
import { atMost, type Param, type Statements } from './statements';

type PositionFilter = NonNullable<Parameters<Store['positions']>[0]>;

export type Positions = ReturnType<typeof createPositions>;

const Sum = z.object({ total: z.int() });

/** The sub-ledgers. Every method runs inside one write operation or read. */
export function createPositions(statements: Statements, clock: Clock) {
  const byKey = statements.query('positions', PositionRow, (db, p: Param<PositionKey>) =>
    db.selectFrom('positions').selectAll().where('account', '=', p('account')).where('strategyId', '=', p('strategyId')).where('instrument', '=', p('instrument')).where('product', '=', p('product')));
  const put = statements.insert('positions', PositionRow, ['account', 'strategyId', 'instrument', 'product']);
  const ofInstrument = statements.query('positions', Sum, (db, p: Param<{ account: string; instrument: InstrumentKey }>) =>
    db.selectFrom('positions').select((eb) => eb.fn.coalesce(eb.fn.sum<number>('quantity'), eb.lit(0)).as('total')).where('account', '=', p('account')).where('instrument', '=', p('instrument')));
  const listed = statements.query('positions', PositionRow, (db, p: Param<{ account: string | undefined; strategyId: string | undefined; openOnly: number; limit: number }>) =>
    db.selectFrom('positions').selectAll()
      .where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))]))
      .where((eb) => eb.or([eb(p('strategyId'), 'is', null), eb('strategyId', '=', p('strategyId'))]))
      .where((eb) => eb.or([eb(p('openOnly'), '=', eb.lit(0)), eb('quantity', '<>', eb.lit(0))]))
      .orderBy('account').orderBy('strategyId').orderBy('instrument').orderBy('product').limit(atMost(p('limit'))));
  const open = statements.query('positions', PositionRow, (db, p: Param<{ account: string; limit: number }>) =>
    db.selectFrom('positions').selectAll().where('account', '=', p('account')).where((eb) => eb('quantity', '<>', eb.lit(0))).orderBy('strategyId').orderBy('instrument').orderBy('product').limit(atMost(p('limit'))));

  return {
    find: (key: PositionKey): Position | undefined => {
      const row = byKey.one(key);
      return row === undefined ? undefined : positionOf(row);
    },

    /** Books one fill; returns what it realised, charges taken off. */
    book(key: PositionKey, fill: LedgerFill): Money {
      const row = byKey.one(key);
      const before = row === undefined ? flatPosition(key, fill.happenedAt) : positionOf(row);
      const { adopted, updatedAt, ...after } = applyFill(before, fill);
      put({ ...after, ...(adopted === undefined ? {} : { adoptedQuantity: adopted.quantity, adoptedValue: adopted.openValue }), happenedAt: updatedAt, recordedAt: clock.now() });
      return asMoney(after.realisedPnl - before.realisedPnl - fill.charges);
    },

    /** Notes that it was carried into a day, once; false where it was noted, or traded since it was looked at. */
    carry({ account, strategyId, instrument, product, updatedAt, adopted }: Position, day: IsoDate, close: Money): boolean {
      const row = byKey.one({ account, strategyId, instrument, product });
      if (row === undefined || row.quantity === 0 || (row.carriedOn === day && row.adoptedQuantity === undefined) || row.happenedAt !== updatedAt || row.adoptedQuantity !== adopted?.quantity) return false;
      put({ ...withoutAdopted(row), carriedOn: day, carriedAt: close });
      return true;
    },

    /** Notes units that were just booked from the broker's list: what they had won before counts as carried in. */
    adopt(key: PositionKey, units: number, price: Money): void {
      const row = byKey.one(key);
      if (row === undefined) return;
      put({ ...row, adoptedQuantity: (row.adoptedQuantity ?? 0) + units, adoptedValue: asMoney((row.adoptedValue ?? 0) + timesQuantity(price, units)) });
    },

    /** Adopted units of a position that is about to get smaller, and of which no price was known until then: that of this trade is the first. Answers with what they had won by it. */
    settleAdopted(key: PositionKey, signed: number, price: Money): Money | undefined {
      const row = byKey.one(key);
      if (row?.adoptedQuantity === undefined || row.adoptedValue === undefined || Math.sign(row.quantity) !== -Math.sign(signed)) return undefined;
      put(withoutAdopted(row));
      return unrealisedPnl({ quantity: row.adoptedQuantity, openValue: row.adoptedValue }, price);
    },

    /** Signed quantity of the whole account in one instrument. */
    accountQuantity: (account: string, instrument: InstrumentKey): number => ofInstrument.one({ account, instrument })?.total ?? 0,

    openOf: (account: string): readonly Position[] => open.all({ account, limit: MAX_LISTED }).map(positionOf),

    list: ({ account, strategyId, openOnly = false }: PositionFilter = {}): readonly Position[] =>
      listed.all({ account, strategyId, openOnly: openOnly ? 1 : 0, limit: MAX_LISTED }).map(positionOf),
  };
}

function withoutAdopted(row: z.output<typeof PositionRow>): z.output<typeof PositionRow> {
  const rest = { ...row };
  delete rest.adoptedQuantity;
  delete rest.adoptedValue;
  return rest;
}

function positionOf({ happenedAt, account, strategyId, instrument, product, quantity, openValue, realisedPnl, charges, carriedOn, carriedAt, adoptedQuantity, adoptedValue }: z.output<typeof PositionRow>): Position {
  return {
    account, strategyId, instrument, product, quantity, openValue, realisedPnl, charges, updatedAt: happenedAt, ...(carriedOn === undefined ? {} : { carriedOn }), ...(carriedAt === undefined ? {} : { carriedAt }),
    ...(adoptedQuantity === undefined || adoptedValue === undefined ? {} : { adopted: { quantity: adoptedQuantity, openValue: adoptedValue } }),
  };
}
