import type { Clock, InboxEntry, Store } from '../../runtime/domain/ports';
import type { EpochMs } from '../../runtime/domain/time';

interface Row {
  entry: InboxEntry;
  readonly dedupeKey: string | undefined;
  leaseUntil: EpochMs;
  owner: string;
}

export type InboxMethods = Pick<Store, 'receive' | 'claimSignals' | 'claimedSignals' | 'finishSignal' | 'signals'>;

/** The inbox of a store, in memory: what the ingress needs, for tests that want thousands of calls or a journal that breaks. */
export function inboxStore(clock: Clock): InboxMethods & { readonly rows: readonly Row[]; failNext(error: Error, times?: number): void } {
  const rows: Row[] = [];
  const failures: Error[] = [];
  const failing = async <T>(work: () => T): Promise<T> => {
    await Promise.resolve();
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return work();
  };
  const isUndone = ({ entry, leaseUntil }: Row, now: EpochMs): boolean => entry.status === 'RECEIVED' || (entry.status === 'DELIVERED' && leaseUntil <= now);

  return {
    rows,
    failNext: (error, times = 1) => { failures.push(...Array.from({ length: times }, () => error)); },
    receive: ({ signals, duplicateSince = 0, deliverTo, ...receipt }) => failing(() => signals.map(({ signalId, dedupeKey, item }) => {
      const first = rows.find(({ entry, dedupeKey: known }) => entry.nodeKey === receipt.nodeKey && ((known !== undefined && known === dedupeKey && entry.happenedAt >= duplicateSince) || entry.signalId === signalId));
      if (first !== undefined) return { signalId: first.entry.signalId, duplicate: true, receiptId: first.entry.receiptId, firstRecordedAt: first.entry.recordedAt };
      const stand = deliverTo === undefined ? { status: 'RECEIVED' as const, attempts: 0 } : { status: 'DELIVERED' as const, attempts: 1 };
      rows.push({ entry: { ...receipt, signalId, item: structuredClone(item), ...stand }, dedupeKey, leaseUntil: 0, owner: '', ...deliverTo });
      return { signalId, duplicate: false, receiptId: receipt.receiptId, firstRecordedAt: clock.now() };
    })),
    claimSignals: ({ nodeKey, owner, limit, maxAttempts, now, leaseUntil, signalIds }) => failing(() => {
      const mine = rows.filter((row) => row.entry.nodeKey === nodeKey && isUndone(row, now) && (signalIds?.includes(row.entry.signalId) ?? true));
      for (const row of mine) if (row.entry.attempts >= maxAttempts) row.entry = { ...row.entry, status: 'FAILED', reason: 'given up' };
      return mine.filter((row) => isUndone(row, now)).slice(0, limit).map((row) => {
        row.leaseUntil = leaseUntil;
        row.owner = owner;
        row.entry = { ...row.entry, status: 'DELIVERED', attempts: row.entry.attempts + 1 };
        return row.entry;
      });
    }),
    claimedSignals: (nodeKey) => failing(() => rows.filter(({ entry }) => entry.nodeKey === nodeKey && entry.status === 'DELIVERED').map(({ entry, owner }) => ({ signalId: entry.signalId, owner }))),
    finishSignal: ({ nodeKey, signalId, status, reason, uncounted = false }) => failing(() => {
      const row = rows.find(({ entry }) => entry.nodeKey === nodeKey && entry.signalId === signalId);
      if (row === undefined) throw new Error(`There is no signal ${signalId}.`);
      if (row.entry.status === 'DONE' || (row.entry.status === 'FAILED' && status !== 'DONE')) return;
      row.entry = { ...row.entry, status, attempts: row.entry.attempts - (uncounted ? 1 : 0), ...(reason === undefined ? {} : { reason }) };
    }),
    signals: ({ nodeKey, limit = 100 } = {}) => failing(() => rows.map(({ entry }) => entry).filter((entry) => nodeKey === undefined || entry.nodeKey === nodeKey).reverse().slice(0, limit)),
  };
}
