import type { Kysely, Migration } from 'kysely';
import { journal } from './0001-journal';
import { tradeControl } from './0002-trade-control';
import { protection } from './0003-protection';
import { events } from './0004-events';
import { differences } from './0005-differences';
import { changes } from './0006-changes';
import { flatten } from './0007-flatten';
import { reEntry } from './0008-re-entry';
import { approvals } from './0009-approvals';
import { addedTerms } from './0010-added-terms';
import { carried } from './0011-carried';
import { carriedAt } from './0012-carried-at';
import { adopted } from './0013-adopted';
import { approvalAccount } from './0014-approval-account';
import { leanIndexes } from './0015-lean-indexes';
import type { TableKit } from './tables';

export { SQLITE_KIT, type TableKit } from './tables';

/** The one list, in order. A migration that has been released is never changed: what it creates is written out there, not derived from today's rows. */
export function migrations(kit: TableKit): Record<string, Migration> {
  const step = (up: (db: Kysely<unknown>, tables: TableKit) => Promise<void>): Migration => ({ up: (db: Kysely<unknown>) => up(db, kit) });
  return {
    '0001-journal': step(journal),
    '0002-trade-control': step(tradeControl),
    '0003-protection': step(protection),
    '0004-events': step(events),
    '0005-differences': step(differences),
    '0006-changes': step(changes),
    '0007-flatten': step(flatten),
    '0008-re-entry': step(reEntry),
    '0009-approvals': step(approvals),
    '0010-added-terms': step(addedTerms),
    '0011-carried': step(carried),
    '0012-carried-at': step(carriedAt),
    '0013-adopted': step(adopted),
    '0014-approval-account': step(approvalAccount),
    '0015-lean-indexes': step(leanIndexes),
  };
}
