import type { Fence } from '../../domain/lease';
import type { Owners } from '../../domain/ports';
import { squareOffAt } from '../../domain/safety';
import { indiaDate, type TradingCalendar } from '../../domain/session';
import { SECOND_MS } from '../../domain/time';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';
import type { OrderRouter } from '../orderRouter/router';
import { judgeLoss } from './dailyLoss';
import { cancelEntries, closeOnce, isOurs, isTrading, type Flattening } from './flatten';

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

/**
 * What ends risk by itself: the daily-loss breaker, the square-off of intraday positions before the session ends, and the flattening that a kill switch asks for.
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
    const positions = (await store.positions({ account: id, openOnly: true })).filter(isOurs);
    const state = await store.riskState(id);
    const mustBeFlat = state.flatten === true;
    if (positions.length === 0 && !mustBeFlat && (await store.openOrders(id)).length === 0) return;
    const fence = await fenceOf(id);
    if (fence === undefined) return;
    const acting = { ports, router, account, fence };
    const latched = state.lossLatchedAt ?? await latch(account);
    if (mustBeFlat) await flatten({ ...acting, cause: `killSwitch ${state.killedAt ?? 0}`, reason: 'The kill switch asks for a flat account' });
    else if (latched !== undefined && safety.onDailyLoss === 'flatten') await flatten({ ...acting, cause: `dailyLoss ${latched}`, reason: 'The day’s loss limit was reached' });
    else await squareOff(acting);
  }

  /** When the loss was latched just now; undefined where it is within its limit, or not known. */
  async function latch(account: RoutedAccount): Promise<number | undefined> {
    const { id } = account.config;
    const verdict = await judgeLoss(ports, account, await store.riskState(id));
    if (verdict.kind !== 'reached') return undefined;
    const now = clock.now();
    await store.latchLoss({ account: id, happenedAt: now, reason: `The day's loss is ${verdict.loss}; the limit is ${verdict.limit}.` });
    return now;
  }

  async function flatten(flattening: Flattening): Promise<void> {
    await cancelEntries(flattening, () => true);
    const { id } = flattening.account.config;
    for (const position of (await store.positions({ account: id, openOnly: true })).filter(isOurs)) {
      if (isTrading(flattening, ports.instruments.find(position.instrument))) await closeOnce(flattening, position);
    }
  }

  async function squareOff(acting: Omit<Flattening, 'cause' | 'reason'>): Promise<void> {
    const { id, safety } = acting.account.config;
    const now = clock.now();
    const isDue = (key: Parameters<typeof ports.instruments.find>[0], product: 'CNC' | 'MIS' | 'NRML'): boolean => {
      const instrument = ports.instruments.find(key);
      if (instrument === undefined || !isTrading(acting, instrument)) return false;
      const at = squareOffAt(safety, calendar, instrument, product, now);
      return at !== undefined && now >= at;
    };
    const flattening: Flattening = { ...acting, cause: `squareOff ${indiaDate(now)}`, reason: 'Intraday positions are squared off' };
    const orders = (await store.openOrders(id)).filter(({ purpose, instrument, product }) => purpose === 'entry' && isDue(instrument, product));
    const positions = (await store.positions({ account: id, openOnly: true })).filter((position) => isOurs(position) && isDue(position.instrument, position.product));
    if (orders.length === 0 && positions.length === 0) return;
    await store.events.record({
      key: `${flattening.cause} ${positions[0]?.instrument ?? orders[0]?.instrument ?? ''}`, account: id, kind: 'squareOff', happenedAt: now,
      message: `Intraday positions of account ${id} are squared off: ${positions.length} to close, ${orders.length} open entries to cancel.`, facts: { positions: positions.length, orders: orders.length },
    });
    await cancelEntries(flattening, ({ instrument, product }) => orders.some((order) => order.instrument === instrument && order.product === product));
    for (const position of positions) await closeOnce(flattening, position);
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
