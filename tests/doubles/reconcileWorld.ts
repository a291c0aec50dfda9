import { manualClock } from '../../runtime/adapters/system/manual';
import { AccountConfig } from '../../runtime/domain/account';
import type { Difference } from '../../runtime/domain/ledger/difference';
import type { PlaceResult } from '../../runtime/domain/nodeContext';
import type { Size } from '../../runtime/domain/order';
import { ALWAYS_OPEN } from '../../runtime/domain/session';
import { createAccountDesk, type AccountDesk } from '../../runtime/services/accounts/accountDesk';
import { createReconciler, type Reconciler } from '../../runtime/services/reconcile';
import { NOW } from './ingressWorld';
import { listingBroker, type ListingBroker } from './listingBroker';
import { orderFor, origin, routerWorld, type RouterWorld } from './routerWorld';
import { WIDE } from './tradingWorld';

export interface ReconcileWorld extends RouterWorld {
  readonly broker: ListingBroker;
  readonly desk: AccountDesk;
  readonly reconciler: Reconciler;
  /** A live account, armed, whose broker keeps its own stops. */
  readonly config: AccountConfig;
  /** One round of the comparison, `afterMs` later (default 61 s: nothing has moved lately). */
  round(afterMs?: number): Promise<void>;
  place(signalId: string, size?: Size, strategyId?: string): Promise<PlaceResult>;
  /** An order of a strategy, filled at the broker. */
  holding(strategyId: string, quantity: number): Promise<void>;
  /** Signed quantities by strategy, the flat ones left out. */
  held(): Promise<Readonly<Record<string, number>>>;
  open(): Promise<readonly Difference[]>;
  /** Opens the account; what happens before anything is sent happens here. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Router, desk and reconciliation of one live account over a real journal and a broker with a book. The account is opened by `start`. */
export async function reconcileWorld({ path = ':memory:', clock = manualClock(NOW), broker = listingBroker(clock), owner = 'runtime-1', isAlive = (name: string) => name === owner } = {}): Promise<ReconcileWorld> {
  const world = await routerWorld(path, clock);
  const config = AccountConfig.parse({ id: 'live', broker: 'openalgo', mode: 'live', limits: WIDE });
  const reconciler = createReconciler({ ports: world.ports, owners: { own: owner, isAlive } });
  const desk = createAccountDesk({
    ports: world.ports, log: world.ports.log, sessionsOf: () => ALWAYS_OPEN, isAlone: () => true,
    openBroker: () => Promise.resolve({ ok: true, value: broker }), reconcile: (account) => reconciler.atStart(account),
  });
  const { store } = world;
  const place: ReconcileWorld['place'] = (signalId, size, strategyId = 'demo') => {
    world.market.set({ ...world.market.latest(orderFor().instrument.key) ?? fail(), at: clock.now() });
    return desk.use('live', (account) => world.router.place(account, origin(signalId, { account: 'live', strategyId }), orderFor(size, size?.kind === 'exit' ? { purpose: 'exit' } : {})));
  };
  let signals = 0;
  return {
    ...world, broker, desk, reconciler, config, place,
    async start() {
      await store.arming.arm({ account: 'live', client: 'openalgo:127.0.0.1:5000', by: 'Asha', protection: { heldBy: 'broker' }, happenedAt: clock.now() });
      await desk.declare(config, { apiKey: 'k' });
    },
    async round(afterMs = 61_000) {
      clock.advance(afterMs);
      await desk.each('reconcile', (account) => reconciler.round(account));
    },
    async holding(strategyId, quantity) {
      const placed = await place(`hold-${++signals}`, { kind: 'fixed', action: quantity > 0 ? 'BUY' : 'SELL', quantity: Math.abs(quantity) }, strategyId);
      if (placed.kind !== 'placed') throw new Error(`Not placed: ${JSON.stringify(placed)}`);
      const id = broker.sent.at(-1) ?? '';
      broker.fill(id, Math.abs(quantity), { tell: false });
      await desk.look();
    },
    held: async () => Object.fromEntries((await store.positions({ account: 'live', openOnly: true })).map(({ strategyId, quantity }) => [strategyId, quantity])),
    open: () => store.differences.list({ account: 'live', openOnly: true }),
    async close() {
      await desk.close();
      await reconciler.close();
      await store.close();
    },
  };
}

function fail(): never {
  throw new Error('There is no price.');
}
