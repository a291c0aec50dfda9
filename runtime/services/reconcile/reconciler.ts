import { isLive, type AccountConfig } from '../../domain/account';
import type { Difference, Finding } from '../../domain/ledger/difference';
import type { Fence } from '../../domain/lease';
import type { Owners } from '../../domain/ports';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../domain/time';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';
import { look, type Looked } from './look';
import { createPatience, LIST_LAG_MS, ONE_COPY_LAG_MS, type Patience } from './patience';
import { releaseExit } from './release';

/** Between two rounds while an exchange is open. */
export const ROUND_MS = 30 * SECOND_MS;
/** Longer than two rounds: an owner that is alive keeps its lease. */
const LEASE_MS = 90 * SECOND_MS;
/** At the start what does not agree is looked at once more so much later, before anything is sent. */
const SECOND_LOOK_MS = 2 * SECOND_MS;
/** Lists that can not be read for so long are told, and keep new risk of a live account out. */
export const UNREAD_MS = 5 * MINUTE_MS;

export interface ReconcilerOptions {
  readonly ports: RouterPorts;
  readonly owners: Pick<Owners, 'own' | 'isAlive'>;
  /** Whether rounds are worth their requests now: at night a broker's session is over. Default: always. */
  readonly isTime?: (account: AccountConfig, now: EpochMs) => boolean;
}

/** Keeps the journal and the broker together. What does not agree becomes a difference; nothing is corrected without a word. */
export interface Reconciler {
  /** Before anything is sent for an account that is being opened. Never rejects for what the broker says or fails to say. */
  atStart(account: RoutedAccount): Promise<void>;
  /** The same from time to time; another process that holds the lease does it instead. */
  round(account: RoutedAccount): Promise<void>;
  /** Gives the leases up. */
  close(): Promise<void>;
}

interface Watch {
  readonly patience: Patience;
  /** Since when a list could not be read. */
  unreadSince?: EpochMs;
  /** Since when, look after look, the lists prove of an exit that it did not fill. */
  unfilledSince?: ReadonlyMap<string, EpochMs>;
}

export function createReconciler({ ports, owners, isTime = () => true }: ReconcilerOptions): Reconciler {
  const watches = new Map<string, Watch>();
  const fences = new Map<string, Fence>();
  /** Accounts whose round is under way: a slow broker must not have two of them. */
  const busy = new Set<string>();
  const { store, clock, pause } = ports;

  const watchOf = (id: string): Watch => {
    const watch = watches.get(id) ?? { patience: createPatience() };
    watches.set(id, watch);
    return watch;
  };
  const holds = async (id: string): Promise<boolean> => {
    const now = clock.now();
    const { held, lease } = await store.leases.acquire({ name: `reconcile:${id}`, owner: owners.own, now, until: now + LEASE_MS });
    if (held) fences.set(id, { name: lease.name, token: lease.token });
    else fences.delete(id);
    // Nobody waits for the lease of a process that is gone: what is done here does no harm twice.
    return held || !owners.isAlive(lease.owner);
  };

  return {
    async atStart(account) {
      if (!(await holds(account.config.id))) return;
      const watch = watchOf(account.config.id);
      const first = await look(ports, account, { isStart: true });
      await conclude(ports, account, first, watch, 'start');
      if (!watch.patience.isWaiting()) return;
      await pause(SECOND_LOOK_MS);
      await conclude(ports, account, await look(ports, account, { isStart: true }), watch, 'start');
    },
    async round(account) {
      const { id } = account.config;
      if (busy.has(id) || !isTime(account.config, clock.now())) return;
      busy.add(id);
      try {
        if (await holds(id)) await conclude(ports, account, await look(ports, account, { isStart: false }), watchOf(id), 'round');
      } finally {
        busy.delete(id);
      }
    },
    async close() {
      const held = [...fences.values()];
      fences.clear();
      for (const fence of held) await store.leases.release(fence);
    },
  };
}

/** Opens what counts, and ends what is there no more. */
async function conclude(ports: RouterPorts, account: RoutedAccount, first: Looked, watch: Watch, when: 'start' | 'round'): Promise<void> {
  const { store, clock, log } = ports;
  const id = account.config.id;
  const now = clock.now();
  const released = await releaseProven(ports, account, first, watch);
  const looked = { ...first, findings: first.findings.filter(({ kind, orderId = '' }) => kind !== 'orderUnknown' || !released.has(orderId)) };
  const counting = [...watch.patience.weigh(looked.findings, { now, movedAt: (finding) => movedAt(looked, finding) }), ...unreadFinding(account, looked, watch, now, when)];
  for (const finding of counting) {
    const { difference, isNew } = await store.differences.open({ account: id, finding, happenedAt: now });
    if (isNew) log.error({ account: id, difference: difference.id, kind: finding.kind, key: finding.key, broker: finding.brokerSays, journal: finding.journalSays }, 'the broker and the journal differ; "bellwether reconcile" shows it and resolves it');
  }
  const found = new Set([...looked.findings, ...counting].map(({ key }) => key));
  for (const difference of looked.picture.differences) {
    if (difference.resolution !== undefined || found.has(difference.key) || !isAnswered(difference, looked)) continue;
    await store.differences.resolve({ id: difference.id, as: 'explained', by: 'bellwether', reason: 'The broker and the journal agree.', tradingDay: account.sessions.tradingDay(now), happenedAt: now });
  }
}

/** One look may have caught the two lists between two steps: the proof has to last as long as a list may lag, and longer where both may be one copy that stands still. */
async function releaseProven(ports: RouterPorts, account: RoutedAccount, { unfilled }: Looked, watch: Watch): Promise<ReadonlySet<string>> {
  const now = ports.clock.now();
  const since = new Map(unfilled.map(({ id }) => [id, watch.unfilledSince?.get(id) ?? now]));
  watch.unfilledSince = since;
  const lasting = account.broker.capabilities.independentLists === true ? LIST_LAG_MS : ONE_COPY_LAG_MS;
  const proven = unfilled.filter(({ id }) => now - (since.get(id) ?? now) >= lasting);
  for (const order of proven) await releaseExit(ports, account, order);
  return new Set(proven.map(({ id }) => id));
}

/** Only a list that was read says that a difference in it is over. */
function isAnswered({ kind }: Difference, { readOrders, readPositions, unread }: Looked): boolean {
  switch (kind) {
    case 'position': return readPositions;
    case 'unread': return unread === undefined;
    // The order itself says when it is known.
    case 'orderUnknown': return true;
    case 'externalOrder':
    case 'orderMissing':
    case 'orderProgress': return readOrders;
  }
}

/** When the journal last had news of the instrument that a finding is about. */
function movedAt({ picture }: Looked, { instrument }: Finding): EpochMs | undefined {
  const times = [...picture.orders, ...picture.positions].filter((entry) => entry.instrument === instrument).map(({ updatedAt }) => updatedAt);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** A list that can not be read is no empty list. Of a live account it counts at once when nothing was read since the start; later it is given time. */
function unreadFinding({ config }: RoutedAccount, { unread }: Looked, watch: Watch, now: EpochMs, when: 'start' | 'round'): readonly Finding[] {
  if (unread === undefined) {
    delete watch.unreadSince;
    return [];
  }
  watch.unreadSince ??= now;
  if (!(when === 'start' && isLive(config)) && now - watch.unreadSince < UNREAD_MS) return [];
  return [{ key: 'lists', kind: 'unread', mark: '', brokerSays: `nothing that could be read: ${unread.message}`, journalSays: 'what it knew before' }];
}
