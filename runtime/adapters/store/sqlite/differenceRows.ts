import { sql } from 'kysely';
import { z } from 'zod';
import type { Difference, ResolvedAs } from '../../../domain/ledger/difference';
import type { InstrumentKey } from '../../../domain/market';
import type { Product } from '../../../domain/order';
import { DifferenceRow } from '../rows';
import { atMost, type Param, type Statements } from './statements';

export interface DifferenceKey {
  readonly account: string;
  readonly key: string;
}

interface Renewal {
  readonly id: number;
  readonly mark: string;
  readonly brokerSays: string;
  readonly journalSays: string;
  readonly gap: number | undefined;
  readonly price: number | undefined;
  readonly seenAt: number;
}

const NumberedRow = DifferenceRow.omit({ recordedAt: true }).extend({ seq: z.int() });
const Count = z.object({ inAccount: z.int(), inInstrument: z.int(), gap: z.int() });

/** The statements over the table of differences. */
export function prepareDifferences(statements: Statements) {
  return {
    insert: statements.insert('differences', DifferenceRow),
    byId: statements.query('differences', NumberedRow, (db, p: Param<{ id: number }>) => db.selectFrom('differences').selectAll().where('seq', '=', p('id'))),
    openOf: statements.query('differences', NumberedRow, (db, p: Param<DifferenceKey>) => db.selectFrom('differences').selectAll().where('account', '=', p('account')).where('key', '=', p('key')).where('resolvedAs', 'is', null)),
    newestOf: statements.query('differences', NumberedRow, (db, p: Param<DifferenceKey>) => db.selectFrom('differences').selectAll().where('account', '=', p('account')).where('key', '=', p('key')).orderBy('seq', 'desc').limit(atMost(1))),
    renew: statements.change((db, p: Param<Renewal>) =>
      db.updateTable('differences').set({ mark: p('mark'), brokerSays: p('brokerSays'), journalSays: p('journalSays'), gap: p('gap'), price: p('price'), seenAt: p('seenAt') }).where('seq', '=', p('id'))),
    resolve: statements.change((db, p: Param<{ id: number; as: ResolvedAs; by: string; reason: string; at: number }>) =>
      db.updateTable('differences').set({ resolvedAs: p('as'), resolvedBy: p('by'), reason: p('reason'), resolvedAt: p('at') }).where('seq', '=', p('id'))),
    newest: statements.query('differences', NumberedRow, (db, p: Param<{ account: string | undefined; openOnly: number; limit: number }>) =>
      db.selectFrom('differences').selectAll()
        .where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))]))
        .where((eb) => eb.or([eb(p('openOnly'), '=', eb.lit(0)), eb('resolvedAs', 'is', null)]))
        .orderBy('seq', 'desc').limit(atMost(p('limit')))),
    /** Open ones; and of each key its newest, where a person ignored it. */
    standing: statements.query('differences', NumberedRow, (db, p: Param<{ account: string; limit: number }>) =>
      db.selectFrom('differences').selectAll().where('account', '=', p('account'))
        .where('seq', 'in', (eb) => eb.selectFrom('differences as newest').select((nested) => nested.fn.max<number>('newest.seq').as('seq')).where('newest.account', '=', p('account')).groupBy('newest.key'))
        .where((eb) => eb.or([eb('resolvedAs', 'is', null), eb('resolvedAs', '=', eb.val('ignored'))]))
        .orderBy('seq').limit(atMost(p('limit')))),
    /** An order of unknown outcome keeps out what it keeps out by itself. */
    count: statements.query('differences', Count, (db, p: Param<{ account: string; instrument: InstrumentKey; product: Product }>) =>
      db.selectFrom('differences').select((eb) => [eb.fn.countAll<number>().as('inAccount'), sql<number>`coalesce(sum(case when instrument = ${p('instrument')} then 1 else 0 end), 0)`.as('inInstrument'), sql<number>`coalesce(sum(case when kind = 'position' and instrument = ${p('instrument')} and product = ${p('product')} then gap else 0 end), 0)`.as('gap')])
        .where('account', '=', p('account')).where('resolvedAs', 'is', null).where(sql<boolean>`kind <> 'orderUnknown'`)),
  };
}

export function toDifference({ seq, resolvedAs, resolvedBy, reason, resolvedAt, ...row }: z.output<typeof NumberedRow>): Difference {
  if (resolvedAs === undefined) return { id: seq, ...row };
  return { id: seq, ...row, resolution: { as: resolvedAs, by: resolvedBy ?? '', reason: reason ?? '', at: resolvedAt ?? row.seenAt } };
}
