import { sql } from 'kysely';
import { z } from 'zod';
import type { Approval, ApprovalAnswer, ApprovalStore, ApprovalVerdict, NewApproval } from '../../../domain/approval';
import type { Clock } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { ApprovalRow } from '../rows';
import { StoreError } from '../storeError';
import { atMost, type Param, type Statements } from './statements';

/** Looked at, and removed, in one write at most: some milliseconds, so that no order waits for it. */
const MOST_PRUNED = 1_000;

/** Questions to people. Every method runs inside one write operation or read. */
export function createApprovals(statements: Statements, clock: Clock) {
  const q = prepare(statements);
  const find = (id: string): Approval | undefined => known(q.byId.one({ id }));
  const ofToken = (request: Pick<ApprovalAnswer, 'token' | 'strategyId'>): Approval | undefined => known(q.byToken.one(request));

  return {
    find,
    ofToken,

    ask(approval: NewApproval): Approval {
      q.insert({ ...approval, item: JSON.stringify(approval.item), recordedAt: clock.now() });
      const written = find(approval.id);
      if (written === undefined) throw new StoreError('IO', `The approval ${approval.id} could not be written.`);
      return written;
    },

    answer({ token, strategyId, verdict, answeredBy, happenedAt }: ApprovalAnswer): { readonly approval: Approval; readonly first: boolean } | undefined {
      const asked = ofToken({ token, strategyId });
      if (asked === undefined) return undefined;
      if (asked.verdict !== undefined) return { approval: asked, first: false };
      const end: ApprovalVerdict = happenedAt > asked.expiresAt ? 'expired' : verdict;
      q.answer({ id: asked.id, verdict: end, answeredBy, answeredAt: happenedAt });
      return { approval: { ...asked, verdict: end, answeredBy, answeredAt: happenedAt }, first: true };
    },

    untold: (request: Parameters<ApprovalStore['untold']>[0]): readonly Approval[] => q.untold.all(request).map(approvalOf),

    prune({ before }: { readonly before: EpochMs }): number {
      const { newestOld, total } = q.prunable.one({ before, limit: MOST_PRUNED }) ?? { total: 0 };
      if (newestOld !== undefined) q.removeUntil({ before, until: newestOld });
      return total;
    },

    told({ id, happenedAt }: Parameters<ApprovalStore['told']>[0]): void {
      q.told({ id, happenedAt });
    },
  };
}

function prepare(statements: Statements) {
  return {
    insert: statements.insertNew('approvals', ApprovalRow),
    byId: statements.query('approvals', ApprovalRow, (db, p: Param<{ id: string }>) => db.selectFrom('approvals').selectAll().where('id', '=', p('id'))),
    byToken: statements.query('approvals', ApprovalRow, (db, p: Param<Pick<ApprovalAnswer, 'token' | 'strategyId'>>) =>
      db.selectFrom('approvals').selectAll().where('token', '=', p('token')).where('strategyId', '=', p('strategyId'))),
    answer: statements.change((db, p: Param<{ id: string; verdict: ApprovalVerdict; answeredBy: string; answeredAt: EpochMs }>) =>
      db.updateTable('approvals').set({ verdict: p('verdict'), answeredBy: p('answeredBy'), answeredAt: p('answeredAt') }).where('id', '=', p('id')).where('verdict', 'is', null)),
    untold: statements.query('approvals', ApprovalRow, (db, p: Param<{ strategyId: string; answeredBy: string; now: EpochMs; limit: number }>) =>
      db.selectFrom('approvals').selectAll().where('strategyId', '=', p('strategyId')).where(sql<boolean>`told_at is null`)
        .where((eb) => eb.or([eb('answeredBy', '=', p('answeredBy')), eb.and([eb('verdict', 'is', null), eb('expiresAt', '<', p('now'))])])).orderBy('seq').limit(atMost(p('limit')))),
    prunable: statements.query('approvals', z.object({ newestOld: z.int().exactOptional(), total: z.int() }), (db, p: Param<{ before: number; limit: number }>) =>
      db.selectFrom((eb) => eb.selectFrom('approvals').select(['seq', 'recordedAt', 'expiresAt']).orderBy('seq').limit(atMost(p('limit'))).as('old'))
        .where('old.recordedAt', '<', p('before')).where('old.expiresAt', '<', p('before')).select((eb) => [eb.fn.max<number | null>('old.seq').as('newestOld'), eb.fn.countAll<number>().as('total')])),
    removeUntil: statements.change((db, p: Param<{ before: number; until: number }>) => db.deleteFrom('approvals').where('seq', '<=', p('until')).where('recordedAt', '<', p('before')).where('expiresAt', '<', p('before'))),
    told: statements.change((db, p: Param<{ id: string; happenedAt: EpochMs }>) => db.updateTable('approvals').set({ toldAt: p('happenedAt') }).where('id', '=', p('id')).where('toldAt', 'is', null)),
  };
}

function known(row: z.output<typeof ApprovalRow> | undefined): Approval | undefined {
  return row === undefined ? undefined : approvalOf(row);
}

function approvalOf({ id, token, account, strategyId, nodeKey, signalId, item, question, price, expiresAt, happenedAt, verdict, answeredAt, answeredBy }: z.output<typeof ApprovalRow>): Approval {
  return {
    id, token, strategyId, nodeKey, signalId, item, question, price, expiresAt, happenedAt, ...(account === undefined ? {} : { account }),
    ...(verdict === undefined ? {} : { verdict }), ...(answeredAt === undefined ? {} : { answeredAt }), ...(answeredBy === undefined ? {} : { answeredBy }),
  };
}
