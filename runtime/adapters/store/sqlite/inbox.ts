import { sql } from 'kysely';
import type { Clock, InboxEntry, ListOptions, Log, NewReceipt, NewSignal, ReceivedSignal, SignalStatus, Store } from '../../../domain/ports';
import type { EpochMs } from '../../../domain/time';
import { SignalEventRow, SignalRow } from '../rows';
import { StoreError } from '../storeError';
import { atMost, type Param, type Statements } from './statements';
import { limited, MAX_LISTED, type Listing } from './listing';

type ClaimRequest = Parameters<Store['claimSignals']>[0];
type FinishRequest = Parameters<Store['finishSignal']>[0];

/** An entry without what only the store needs. */
const EntryRow = SignalRow.omit({ dedupeKey: true, owner: true, leaseUntil: true });

/** How far an entry got. */
type Stand = Pick<InboxEntry, 'nodeKey' | 'signalId' | 'attempts'>;

/** An earlier arrival, as a repeat is answered. */
const SeenRow = SignalRow.pick({ signalId: true, receiptId: true }).extend({ firstRecordedAt: SignalRow.shape.recordedAt });

const ClaimedRow = SignalRow.pick({ signalId: true, owner: true });

/** A signal that its id alone tells apart needs no place in the index of keys. */
const NO_KEY = '';
/** Most entries that one claim gives up as FAILED; the rest waits for the next claim. */
const MAX_GIVEN_UP = 1_000;
const GAVE_UP = 'Abandoned after the last attempt.';

export type Inbox = ReturnType<typeof createInbox>;

/** Signals from their durable receipt until the flow's end. Every method runs inside one write operation or read. */
export function createInbox(statements: Statements, clock: Clock, log: Log) {
  const q = prepare(statements);

  function move({ nodeKey, signalId, attempts: before }: Stand, status: SignalStatus, happenedAt: EpochMs, more: { attempts?: number; owner?: string; leaseUntil?: EpochMs; reason?: string } = {}): void {
    const { attempts = before, owner, leaseUntil, reason } = more;
    q.update({ nodeKey, signalId, status, attempts, owner, leaseUntil, reason });
    q.recordEvent({ nodeKey, signalId, status, ...(owner === undefined ? {} : { owner }), ...(reason === undefined ? {} : { reason }), happenedAt, recordedAt: clock.now() });
  }

  function mustExist(name: { nodeKey: string; signalId: string }): void {
    if (q.firstById.one(name) === undefined) throw new StoreError('NOT_FOUND', `There is no signal ${name.signalId} of node ${name.nodeKey}.`);
  }

  function sameId(name: { nodeKey: string; signalId: string }): Omit<ReceivedSignal, 'duplicate'> {
    const first = q.firstById.one(name);
    if (first === undefined) throw new StoreError('IO', `The signal ${name.signalId} could not be written.`);
    return first;
  }

  function receiveOne(receipt: NewReceipt, signal: NewSignal): ReceivedSignal {
    const { nodeKey, duplicateSince } = receipt;
    const { dedupeKey = NO_KEY } = signal;
    const known = dedupeKey === NO_KEY ? undefined : q.firstByKey.one({ nodeKey, dedupeKey, since: duplicateSince ?? Number.MIN_SAFE_INTEGER });
    if (known !== undefined) return { ...known, duplicate: true };
    const { receiptId, strategyId, source, happenedAt, recordedAt, deliverTo } = receipt;
    const stand = deliverTo === undefined ? { status: 'RECEIVED' as const, attempts: 0 } : { status: 'DELIVERED' as const, attempts: 1, ...deliverTo };
    // The row itself says when the signal was received; its history begins with what happened to it next.
    const isNew = q.insert({ signalId: signal.signalId, nodeKey, dedupeKey, strategyId, source, item: JSON.stringify(signal.item), receiptId, ...stand, happenedAt, recordedAt });
    if (!isNew) return { ...sameId({ nodeKey, signalId: signal.signalId }), duplicate: true };
    if (deliverTo !== undefined) q.recordEvent({ nodeKey, signalId: signal.signalId, status: 'DELIVERED', owner: deliverTo.owner, happenedAt, recordedAt });
    return { signalId: signal.signalId, duplicate: false, receiptId, firstRecordedAt: recordedAt };
  }

  function claimable({ nodeKey, now, limit, signalIds, maxAttempts }: ClaimRequest): readonly InboxEntry[] {
    if (signalIds === undefined) return q.claimable.all({ nodeKey, now, fewerThan: maxAttempts, atLeast: 0, limit });
    const named = signalIds.map((signalId) => q.claimableById.one({ nodeKey, now, fewerThan: maxAttempts, signalId }));
    return named.filter((signal) => signal !== undefined).slice(0, limit);
  }

  return {
    receive: (receipt: NewReceipt): readonly ReceivedSignal[] => receipt.signals.map((signal) => receiveOne(receipt, signal)),

    claim(request: ClaimRequest): readonly InboxEntry[] {
      const { nodeKey, owner, now, leaseUntil, maxAttempts } = request;
      for (const spent of q.claimable.all({ nodeKey, now, fewerThan: Number.MAX_SAFE_INTEGER, atLeast: maxAttempts, limit: MAX_GIVEN_UP })) {
        move(spent, 'FAILED', now, { reason: GAVE_UP });
        log.error({ nodeKey, signalId: spent.signalId, attempts: spent.attempts }, 'An acknowledged alert was given up: every life that began with it was cut short. It is FAILED and will not be delivered.');
      }
      return claimable(request).map((signal) => {
        const attempts = signal.attempts + 1;
        move(signal, 'DELIVERED', now, { attempts, owner, leaseUntil });
        return delivered(signal, attempts);
      });
    },

    /** DONE is final, and a late DONE corrects a FAILED; anything else that comes after an end changes nothing. */
    finish({ nodeKey, signalId, status, reason, uncounted = false, happenedAt }: FinishRequest): void {
      const isChanged = q.finish({ nodeKey, signalId, status, uncounted: uncounted ? 1 : 0, reason }) > 0;
      if (isChanged) q.recordEvent({ nodeKey, signalId, status, ...(reason === undefined ? {} : { reason }), happenedAt, recordedAt: clock.now() });
      else mustExist({ nodeKey, signalId });
    },

    claimed: (nodeKey: string): readonly { readonly signalId: string; readonly owner: string }[] =>
      q.claimed.all({ nodeKey, limit: MAX_LISTED }).map(({ signalId, owner = '' }) => ({ signalId, owner })),

    list: (options?: ListOptions): readonly InboxEntry[] => q.list.all(limited(options)),
  };
}

/** The entry as the claim leaves it: an earlier reason is gone. */
function delivered({ signalId, nodeKey, strategyId, source, item, receiptId, happenedAt, recordedAt }: InboxEntry, attempts: number): InboxEntry {
  return { signalId, nodeKey, strategyId, source, item, receiptId, status: 'DELIVERED', attempts, happenedAt, recordedAt };
}

function prepare(statements: Statements) {
  const undone = sql<boolean>`status in ('RECEIVED', 'DELIVERED')`;
  return {
    insert: statements.insertNew('signals', SignalRow),
    recordEvent: statements.insert('signalEvents', SignalEventRow),
    firstById: statements.query('signals', SeenRow, (db, p: Param<{ nodeKey: string; signalId: string }>) =>
      db.selectFrom('signals').select(['signalId', 'receiptId', 'recordedAt as firstRecordedAt']).where('nodeKey', '=', p('nodeKey')).where('signalId', '=', p('signalId'))),
    firstByKey: statements.query('signals', SeenRow, (db, p: Param<{ nodeKey: string; dedupeKey: string; since: number }>) =>
      db.selectFrom('signals').select(['signalId', 'receiptId', 'recordedAt as firstRecordedAt']).where('nodeKey', '=', p('nodeKey')).where('dedupeKey', '=', p('dedupeKey')).where(sql<boolean>`dedupe_key <> ''`).where('happenedAt', '>=', p('since')).orderBy('seq').limit(atMost(1))),
    claimable: statements.query('signals', EntryRow, (db, p: Param<{ nodeKey: string; now: number; fewerThan: number; atLeast: number; limit: number }>) =>
      db.selectFrom('signals').selectAll().where('nodeKey', '=', p('nodeKey')).where(undone)
        .where((eb) => eb.or([eb('status', '=', 'RECEIVED'), eb('leaseUntil', '<=', p('now'))]))
        .where('attempts', '<', p('fewerThan')).where('attempts', '>=', p('atLeast')).orderBy('seq').limit(atMost(p('limit')))),
    claimableById: statements.query('signals', EntryRow, (db, p: Param<{ nodeKey: string; now: number; fewerThan: number; signalId: string }>) =>
      db.selectFrom('signals').selectAll().where('nodeKey', '=', p('nodeKey')).where('signalId', '=', p('signalId')).where(undone)
        .where((eb) => eb.or([eb('status', '=', 'RECEIVED'), eb('leaseUntil', '<=', p('now'))])).where('attempts', '<', p('fewerThan'))),
    claimed: statements.query('signals', ClaimedRow, (db, p: Param<{ nodeKey: string; limit: number }>) =>
      db.selectFrom('signals').select(['signalId', 'owner']).where('nodeKey', '=', p('nodeKey')).where(undone).where('status', '=', sql.lit('DELIVERED')).orderBy('seq').limit(atMost(p('limit')))),
    update: statements.change((db, p: Param<{ nodeKey: string; signalId: string; status: SignalStatus; attempts: number; owner: string | undefined; leaseUntil: number | undefined; reason: string | undefined }>) =>
      db.updateTable('signals').set({ status: p('status'), attempts: p('attempts'), owner: p('owner'), leaseUntil: p('leaseUntil'), reason: p('reason') }).where('nodeKey', '=', p('nodeKey')).where('signalId', '=', p('signalId'))),
    // An end changes nothing any more, but that a late DONE corrects a FAILED.
    finish: statements.change((db, p: Param<{ nodeKey: string; signalId: string; status: SignalStatus; uncounted: number; reason: string | undefined }>) =>
      db.updateTable('signals').set({ status: p('status'), attempts: sql<number>`max(0, attempts - ${p('uncounted')})`, owner: sql<string>`null`, leaseUntil: sql<number>`null`, reason: p('reason') })
        .where('nodeKey', '=', p('nodeKey')).where('signalId', '=', p('signalId')).where(sql<boolean>`status <> 'DONE' and (status <> 'FAILED' or ${p('status')} = 'DONE')`)),
    list: statements.query('signals', EntryRow, (db, p: Param<Listing>) =>
      db.selectFrom('signals').selectAll()
        .where((eb) => eb.or([eb(p('strategyId'), 'is', null), eb('strategyId', '=', p('strategyId'))]))
        .where((eb) => eb.or([eb(p('nodeKey'), 'is', null), eb('nodeKey', '=', p('nodeKey'))]))
        .orderBy('seq', 'desc').limit(atMost(p('limit')))),
  };
}
