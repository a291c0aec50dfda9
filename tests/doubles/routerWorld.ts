import { openSqliteStore } from '../../runtime/adapters/store';
import { manualClock, type ManualClock } from '../../runtime/adapters/system/manual';
import { manualMarket, type ManualMarket } from '../../runtime/adapters/ticks/simulated/manualMarket';
import { AccountConfig } from '../../runtime/domain/account';
import { instrumentKey, type Instrument, type InstrumentKey } from '../../runtime/domain/market';
import { toMoney } from '../../runtime/domain/money';
import type { OrderRequest, PlaceResult } from '../../runtime/domain/nodeContext';
import type { Origin, Size } from '../../runtime/domain/order';
import type { Broker, Store } from '../../runtime/domain/ports';
import type { RiskLimits } from '../../runtime/domain/risk';
import { ALWAYS_OPEN } from '../../runtime/domain/session';
import { createOrderRouter, type OrderRouter, type RoutedAccount, type RouterPorts } from '../../runtime/services/orderRouter/router';
import { NOW, silentLog } from './ingressWorld';
import { ORIGIN, WIDE } from './tradingWorld';

export const SBIN: Instrument = { key: instrumentKey('NSE', 'SBIN'), exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 };

export interface RouterWorld {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly market: ManualMarket;
  readonly ports: RouterPorts;
  readonly router: OrderRouter;
  /** The account with this broker; wide limits unless given. */
  account(broker: Broker, limits?: Partial<RiskLimits>): RoutedAccount;
}

/** The router over a real journal: `:memory:` or a file that outlives it. SBIN trades at 800. */
export async function routerWorld(path = ':memory:', clock = manualClock(NOW)): Promise<RouterWorld> {
  const store = await openSqliteStore({ path, clock, log: silentLog });
  const market = manualMarket();
  market.set({ instrument: SBIN.key, bid: toMoney(799.95), ask: toMoney(800.05), last: toMoney(800), at: clock.now() });
  const ports = {
    store, market, clock, log: silentLog,
    instruments: { find: (key: InstrumentKey) => (key === SBIN.key ? SBIN : undefined) },
    pause: (ms: number) => { clock.advance(ms); return Promise.resolve(); },
  };
  return {
    store, clock, market, ports, router: createOrderRouter(ports),
    account: (broker, limits = {}) => ({ config: AccountConfig.parse({ limits: { ...WIDE, ...limits } }), broker, sessions: ALWAYS_OPEN }),
  };
}

export function origin(signalId = 's1', changes: Partial<Origin> = {}): Origin {
  return { ...ORIGIN, signalId, ...changes };
}

export function orderFor(size: Size = { kind: 'fixed', action: 'BUY', quantity: 10 }, changes: Partial<OrderRequest> = {}): OrderRequest {
  return { instrument: SBIN, leg: 0, purpose: 'entry', size, product: 'MIS', orderType: 'MARKET', ...changes };
}

/** The order's view, of a result that has one. */
export function viewOf(result: PlaceResult): NonNullable<Extract<PlaceResult, { kind: 'placed' }>['order']> {
  if (result.kind === 'satisfied' || result.order === undefined) throw new Error(`There is no order: ${JSON.stringify(result)}`);
  return result.order;
}
