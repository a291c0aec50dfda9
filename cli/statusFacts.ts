import { clientOf, isLive, type AccountConfig } from '../runtime/domain/account';
import { stopsEntries, type Difference } from '../runtime/domain/ledger/difference';
import { splitKey } from '../runtime/domain/market';
import { fromMoney } from '../runtime/domain/money';
import type { Order } from '../runtime/domain/order';
import type { Instruments, Store } from '../runtime/domain/ports';
import { averagePrice, type Position } from '../runtime/domain/position';
import { LIVE_STATUSES, shownLevels, type Protection } from '../runtime/domain/protection';
import { indiaDate } from '../runtime/domain/session';
import type { EpochMs } from '../runtime/domain/time';

/** Everything here is as `--json` gives it: prices in rupees, quantities in units, times in epoch ms, null where there is none. */
export interface Status {
  readonly at: EpochMs;
  readonly accounts: readonly AccountStatus[];
  readonly positions: readonly PositionStatus[];
  readonly unknownOrders: readonly OrderStatusRow[];
  readonly differences: readonly DifferenceRow[];
  readonly leases: readonly LeaseStatus[];
  /** What living processes last told of themselves and of their prices; nothing where there was never any trouble. */
  readonly health: readonly HealthRow[];
}

export interface HealthRow {
  readonly owner: string;
  /** process, or feed (prices). */
  readonly subject: string;
  readonly state: string;
  readonly since: EpochMs;
  readonly message: string;
}

export interface AccountStatus {
  readonly account: string;
  readonly broker: string;
  /** paper, sandbox, analyze or live. */
  readonly orders: string;
  readonly armed: 'yes' | 'no' | 'needs none';
  readonly armedBy: string | null;
  readonly armedSince: EpochMs | null;
  readonly killSwitchSince: EpochMs | null;
  readonly lossLatchedSince: EpochMs | null;
  readonly ordersToday: number;
  readonly realisedToday: number;
  /** Orders at work: of flows, of any kind. */
  readonly openOrders: number;
  /** Positions of flows and by hand that are not flat: sub-ledgers, as they are listed under `positions`. */
  readonly openPositions: number;
  readonly unknownOrders: number;
  readonly differences: number;
}

export interface PositionStatus {
  readonly account: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly product: string;
  readonly quantity: number;
  readonly averagePrice: number | null;
  /** Where stop and target lie, and how far the protection is; null for a position that nothing protects. */
  readonly protection: string | null;
  /** Who holds it: `broker`, a process, or `nobody`. */
  readonly protectedBy: string | null;
}

export interface OrderStatusRow {
  readonly id: string;
  readonly account: string;
  readonly strategy: string;
  readonly order: string;
  readonly since: EpochMs;
  readonly reason: string | null;
}

export interface DifferenceRow {
  readonly id: number;
  readonly account: string;
  readonly kind: string;
  readonly instrument: string | null;
  readonly brokerSays: string;
  readonly journalSays: string;
  readonly gap: number | null;
  readonly since: EpochMs;
  readonly state: string;
  readonly by: string | null;
  readonly reason: string | null;
}

export interface LeaseStatus {
  readonly name: string;
  readonly owner: string;
  readonly state: 'held' | 'over' | 'owner is gone';
  readonly until: EpochMs;
}

export interface StatusWorld {
  readonly store: Store;
  readonly now: EpochMs;
  readonly isAlive: (owner: string) => boolean;
  readonly account?: string;
  /** For the ticks of what is protected. */
  readonly instruments: Instruments;
}

/** What is going on, as far as the journal knows. */
export async function statusOf(world: StatusWorld): Promise<Status> {
  const { store, now, isAlive, account, instruments } = world;
  const accounts = (await store.accounts()).filter(({ id }) => account === undefined || id === account);
  if (account !== undefined && accounts.length === 0) throw new Error(`There is no account "${account}".`);
  const wanted = new Set(accounts.map(({ id }) => id));
  const of = account === undefined ? {} : { account };
  const open = await store.openOrders(account);
  const positions = await store.positions({ ...of, openOnly: true });
  const differences = (await store.differences.list({ ...of, openOnly: true, limit: 10_000 })).filter((difference) => wanted.has(difference.account));
  const leases = (await store.leases.list()).map(({ name, owner, until }): LeaseStatus => ({ name, owner, until, state: !isAlive(owner) ? 'owner is gone' : until <= now ? 'over' : 'held' }));
  const protections = await store.protections.live(account);
  const unknown = open.filter(({ status }) => status === 'UNKNOWN');
  return {
    at: now,
    accounts: await Promise.all(accounts.map((config) => accountStatus(world, config, { open, positions, differences }))),
    positions: positions.map((position) => positionStatus(position, { protections, leases, instruments })),
    unknownOrders: unknown.map(unknownRow), differences: differences.map(differenceRow), leases, health: await healthOf(world),
  };
}

/** Newest events that are looked through. */
const MOST_HEALTH_EVENTS = 200;

async function healthOf({ store, isAlive, account }: StatusWorld): Promise<readonly HealthRow[]> {
  const events = await store.events.list({ kinds: ['health'], limit: MOST_HEALTH_EVENTS, ...(account === undefined ? {} : { account }) });
  const newest = new Map<string, HealthRow>();
  for (const { facts: { subject, state, owner }, message, happenedAt: since } of events) {
    if (typeof subject !== 'string' || typeof state !== 'string' || typeof owner !== 'string' || !isAlive(owner) || newest.has(`${owner} ${subject}`)) continue;
    newest.set(`${owner} ${subject}`, { owner, subject, state, since, message });
  }
  return [...newest.values()];
}

/** What was read of all accounts. */
interface Seen {
  readonly open: readonly Order[];
  readonly positions: readonly Position[];
  readonly differences: readonly Difference[];
}

async function accountStatus({ store, now }: StatusWorld, config: AccountConfig, { open, positions, differences }: Seen): Promise<AccountStatus> {
  const { id } = config;
  const [risk, arming] = await Promise.all([store.riskState(id), store.arming.state(id)]);
  const isArmed = arming?.kind === 'armed' && arming.client === clientOf(config);
  const isToday = risk.tradingDay === indiaDate(now);
  const own = open.filter(({ account }) => account === id);
  return {
    account: id, broker: config.broker, orders: config.broker === 'paper' ? 'paper' : config.mode, armed: isLive(config) ? (isArmed ? 'yes' : 'no') : 'needs none',
    armedBy: isArmed ? arming.by : null, armedSince: isArmed ? arming.happenedAt : null,
    killSwitchSince: risk.killSwitch ? risk.killedAt ?? now : null, lossLatchedSince: risk.lossLatchedAt ?? null,
    ordersToday: isToday ? risk.ordersToday : 0, realisedToday: isToday ? fromMoney(risk.realisedToday) : 0,
    openOrders: own.length, openPositions: positions.filter((position) => position.account === id).length, unknownOrders: own.filter(({ status }) => status === 'UNKNOWN').length, differences: differences.filter((difference) => difference.account === id && stopsEntries(difference)).length,
  };
}

interface Protectors {
  readonly protections: readonly Protection[];
  readonly leases: readonly LeaseStatus[];
  readonly instruments: Instruments;
}

function positionStatus(position: Position, { protections, leases, instruments }: Protectors): PositionStatus {
  const average = averagePrice(position);
  const { account, strategyId, instrument, product, quantity } = position;
  const own = protections.filter((entry) => entry.account === account && entry.strategyId === strategyId && entry.instrument === instrument && entry.product === product && LIVE_STATUSES.includes(entry.status) && entry.status !== 'PENDING');
  return {
    account, strategy: strategyId, ...splitKey(instrument), product, quantity, averagePrice: average === undefined ? null : fromMoney(average),
    protection: own.length === 0 ? null : own.map((entry) => protectionWords(entry, instruments)).join('; '), protectedBy: own.length === 0 ? null : [...new Set(own.map((entry) => holderOf(entry, leases)))].join(', '),
  };
}

function protectionWords(protection: Protection, instruments: Instruments): string {
  const { status, instrument } = protection;
  const { stop, target } = shownLevels(protection, instruments.find(instrument));
  const levels = [...(stop === undefined ? [] : [`stop ${fromMoney(stop)}`]), ...(target === undefined ? [] : [`target ${fromMoney(target)}`])];
  return [levels.length === 0 ? 'by time' : levels.join(', '), ...(status === 'ACTIVE' ? [] : [status])].join(' ');
}

function holderOf({ held, account }: Protection, leases: readonly LeaseStatus[]): string {
  if (held) return 'broker';
  const lease = leases.find(({ name, state }) => name === `protection:${account}` && state === 'held');
  return lease?.owner ?? 'nobody';
}

function unknownRow({ id, account, strategyId, action, quantity, instrument, createdAt, denial }: Order): OrderStatusRow {
  return { id, account, strategy: strategyId, order: `${action} ${quantity} ${instrument}`, since: createdAt, reason: denial?.message ?? null };
}

/** A difference as `reconcile` and `status` show it. */
export function differenceRow({ id, account, kind, instrument, brokerSays, journalSays, gap, happenedAt, resolution }: Difference): DifferenceRow {
  return { id, account, kind, instrument: instrument ?? null, brokerSays, journalSays, gap: gap ?? null, since: happenedAt, state: resolution?.as ?? 'open', by: resolution?.by ?? null, reason: resolution?.reason ?? null };
}
