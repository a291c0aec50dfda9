import type { Fence } from '../../domain/lease';
import { splitKey, type Exchange, type InstrumentKey } from '../../domain/market';
import type { Order } from '../../domain/order';
import type { Owners, RiskStateRow } from '../../domain/ports';
import { restingEntries, squareOffAt } from '../../domain/safety';
import { indiaDate, type TradingCalendar } from '../../domain/session';
import { SECOND_MS } from '../../domain/time';
import { createBackOff, type BackOff } from '../orderRouter/backOff';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';
import type { OrderRouter } from '../orderRouter/router';
import { carryIn, judgeLoss } from './dailyLoss';
import { closeAll, isOurs, isTrading, type Flattening, type Look } from './flatten';
import { createHedges, type Hedges } from './hedges';
import { createTries, SPACE_MS } from './tries';

/** Between two looks at an account. */
export const SAFETY_ROUND_MS = 2 * SECOND_MS;
/** Longer than several rounds: an owner that is alive keeps its lease. */
const LEASE_MS = 15 * SECOND_MS;

export interface SafetyOptions {
  readonly ports: RouterPorts;
  readonly router: Pick<OrderRouter, 'placeInSlices'>;
  readonly calendar: Pick<TradingCalendar, 'sessionAt'>;
  readonly owners: Pick<Owners, 'own' | 'isAlive'>;
}

type Acting = Omit<Flattening, 'cause' | 'reason'>;

/**
 * What ends risk by itself: the daily-loss breaker, the square-off of intraday positions before the session ends, the kill switch, whoever has set it, and the flattening that it may ask for.
 * All it goes by is in the journal, so that a round after a crash goes on where the last one was: latch, switch and time say what is wanted, positions say what is left,
 * and the orders of earlier tries what has been done.
 */
export interface Safety {
  /** One look; a round that is under way is not joined by another. */
  round(account: RoutedAccount): Promise<void>;
  /** Gives the leases up. */
  close(): Promise<void>;
}

export function createSafety({ ports, router, calendar, owners }: SafetyOptions): Safety {
  const { store, clock } = ports;
  const fences = new Map<string, Fence>();
  const busy = new Set<string>();
  const tries = createTries(ports);
  const backOffs = new Map<string, BackOff>();
  const hedgesOf = new Map<string, Hedges>();

  async function fenceOf(account: string): Promise<Fence | undefined> {
    const now = clock.now();
    const { held, lease } = await store.leases.acquire({ name: `safety:${account}`, owner: owners.own, now, until: now + LEASE_MS });
    if (held) {
      const fence = { name: lease.name, token: lease.token };
      fences.set(account, fence);
      return fence;
    }
    fences.delete(account);
    // Nobody waits for the lease of a process that is gone: the next round takes it.
    if (!owners.isAlive(lease.owner)) await store.leases.release(lease);
    return undefined;
  }

  async function round(account: RoutedAccount): Promise<void> {
    const { id, safety } = account.config;
    const orders = await store.openOrders(id);
    const positions = await store.positions({ account: id, openOnly: true });
    const look: Look = { orders, positions: positions.filter(isOurs) };
    if (look.positions.length === 0 && look.orders.length === 0) {
      // Nothing to end; but what was adopted counts from the price of now, not of the first entry later on.
      await carryIn(ports, account, positions);
      return;
    }
    if (await fenceOf(id) === undefined) return;
    const state = await store.riskState(id);
    const backOff = backOffs.get(id) ?? createBackOff(clock, SPACE_MS);
    backOffs.set(id, backOff);
    const hedges = hedgesOf.get(id) ?? createHedges(clock);
    hedgesOf.set(id, hedges);
    const acting: Acting = { ports, router, account, tries, backOff, hedges, renew: () => fenceOf(id) };
    const latched = state.lossLatchedAt ?? await latch(account, state);
    const killed = { ...acting, cause: `killSwitch ${state.killedAt ?? 0}` };
    const lost = latched === undefined ? undefined : { ...acting, cause: `dailyLoss ${latched}`, reason: 'The day’s loss limit was reached' };
    if (state.flatten === true) return flatten({ ...killed, reason: 'The kill switch asks for a flat account' }, look);
    if (lost !== undefined && safety.onDailyLoss === 'flatten') return flatten(lost, look);
    // Exits and stops go on, and so does what the account holds.
    const stopping = state.killSwitch ? { ...killed, reason: 'The kill switch is on' } : lost;
    if (stopping !== undefined) await closeAll(stopping, look, { entries: restingEntries(look.orders, positions), positions: [] });
    return squareOff(acting, look);
  }

  /** When the loss was latched just now; undefined where it is within its limit, or not known. */
  async function latch(account: RoutedAccount, state: RiskStateRow): Promise<number | undefined> {
    const { id } = account.config;
    const verdict = await judgeLoss(ports, account, state);
    if (verdict.kind !== 'reached') return undefined;
    const now = clock.now();
    await store.latchLoss({ account: id, happenedAt: now, reason: `The day's loss is ${verdict.loss}; the limit is ${verdict.limit}.` });
    return now;
  }

  async function flatten(flattening: Flattening, look: Look): Promise<void> {
    const positions = look.positions.filter(({ instrument }) => isTrading(flattening, ports.instruments.find(instrument)));
    await closeAll(flattening, look, { entries: look.orders.filter(isEntry), positions });
  }

  async function squareOff(acting: Acting, look: Look): Promise<void> {
    const { id, safety, marketHours } = acting.account.config;
    // A market that never closes has nothing to square off; the gate says the same.
    if (marketHours === 'always') return;
    const now = clock.now();
    const isDue = ({ instrument: key, product }: Pick<Order, 'instrument' | 'product'>): boolean => {
      const instrument = ports.instruments.find(key);
      if (instrument === undefined || !isTrading(acting, instrument)) return false;
      const at = squareOffAt(safety, calendar, instrument, product, now);
      return at !== undefined && now >= at;
    };
    const flattening: Flattening = { ...acting, cause: `squareOff ${indiaDate(now)}`, reason: 'Intraday positions are squared off' };
    const due = { entries: look.orders.filter((order) => isEntry(order) && isDue(order)), positions: look.positions.filter(isDue) };
    for (const exchange of new Set([...due.entries, ...due.positions].map(exchangeOf))) {
      const counts = { positions: due.positions.filter((position) => exchangeOf(position) === exchange).length, orders: due.entries.filter((order) => exchangeOf(order) === exchange).length };
      await store.events.record({
        key: `${flattening.cause} ${exchange}`, account: id, kind: 'squareOff', happenedAt: now,
        message: `Intraday positions of account ${id} on ${exchange} are squared off: ${counts.positions} to close, ${counts.orders} open entries to cancel.`, facts: { exchange, ...counts },
      });
    }
    await closeAll(flattening, look, due);
  }

  return {
    async round(account) {
      const { id } = account.config;
      if (busy.has(id)) return;
      busy.add(id);
      try {
        await round(account);
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

function isEntry({ purpose }: Order): boolean {
  return purpose === 'entry';
}

function exchangeOf({ instrument }: { readonly instrument: InstrumentKey }): Exchange {
  return splitKey(instrument).exchange;
}
