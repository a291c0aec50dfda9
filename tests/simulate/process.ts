import { ok } from '../../runtime/domain/denial';
import type { Broker, Pause, Store } from '../../runtime/domain/ports';
import { ALWAYS_OPEN } from '../../runtime/domain/session';
import { createAccountDesk, type AccountDesk } from '../../runtime/services/accounts/accountDesk';
import { createProtectionKeeper, type ProtectionKeeper } from '../../runtime/services/protection';
import { createReconciler, type Reconciler } from '../../runtime/services/reconcile';
import { createSafety, type Safety } from '../../runtime/services/safety';
import { createOrderRouter, type OrderRouter } from '../../runtime/services/orderRouter/router';
import { configOf, LIMITS, LOCAL } from './accounts';
import type { Disk } from './disk';
import type { Exchange } from './exchange';
import type { Mutant } from './mutants/mutant';
import { localBroker, remoteBroker } from './network';
import { CALENDAR } from './squareOff';
import type { Bounds } from './watch';
import { INSTRUMENTS, marketOf, pauseOf, silent, type World } from './world';

export interface ProcessParts {
  readonly world: World;
  readonly disk: Disk;
  readonly exchanges: ReadonlyMap<string, Exchange>;
  readonly mutant: Mutant;
}

/** One runtime from its start to its death: the product's own router, gate and desk over simulated ports. */
export class SimulatedProcess {
  readonly name: string;
  readonly desk: AccountDesk;
  readonly router: OrderRouter;
  readonly store: Store;
  readonly protection: ProtectionKeeper;
  readonly pause: Pause;
  /** Accounts that were opened in this life. */
  readonly open = new Set<string>();
  readonly #world: World;
  readonly #variants = new Map<string, Set<number>>();

  constructor(name: string, { world, disk, exchanges, mutant }: ProcessParts) {
    this.name = name;
    this.#world = world;
    const life = { name, startedAt: world.scheduler.now };
    world.alive.add(name);
    const journal = disk.storeOf(name, () => this.#bounds(), { flushed: mutant.unflushed !== true });
    this.store = mutant.store?.(journal) ?? journal;
    this.pause = pauseOf(world, name);
    const ports = { store: this.store, market: marketOf(world, name), instruments: { find: (key: string) => INSTRUMENTS.find((instrument) => instrument.key === key) }, clock: world.clock, log: silent, pause: this.pause, ...(mutant.noCalendar === true ? {} : { calendar: CALENDAR }) };
    const router = createOrderRouter(ports);
    this.router = mutant.router?.(router, ports) ?? router;
    const owners = { own: name, isAlive: (owner: string) => world.alive.has(owner) };
    const reconciler = createReconciler({ ports, owners });
    this.desk = createAccountDesk({
      ports, reconcile: (account) => reconciler.atStart(account), sessionsOf: () => ALWAYS_OPEN, isAlone: () => world.alive.size === 1, log: silent,
      openBroker: ({ id }) => Promise.resolve(ok(this.#broker(id, exchanges, life, mutant))),
    });
    this.protection = createProtectionKeeper({ ...ports, accounts: this.desk, owners });
    this.#tick(reconciler, createSafety({ ports, router: this.router, calendar: CALENDAR, owners }));
  }

  /** The tickers that a runtime has. */
  #tick(reconciler: Reconciler, safety: Safety): void {
    const every = (ms: number, what: string, work: () => Promise<void>): void => {
      this.#world.scheduler.add({
        owner: this.name, what: `${this.name} ${what}`, delayMs: ms,
        run: () => {
          if (this.#world.ending) return;
          void work();
          every(ms, what, work);
        },
      });
    };
    every(10_000, 'looks at open orders', () => this.desk.look());
    every(5_000, 'looks at protections', () => this.protection.look());
    every(5_000, 'looks after safety', () => this.desk.each('its safety', (account) => safety.round(account)));
    every(30_000, 'compares with the brokers', () => this.desk.each('a comparison', (account) => reconciler.round(account)));
  }

  get isAlive(): boolean {
    return this.#world.alive.has(this.name);
  }

  /** Declares an account with one of its configurations; what goes wrong is tried again with the next declaration. */
  async declare(account: string, variant: number): Promise<void> {
    this.#variants.set(account, (this.#variants.get(account) ?? new Set()).add(variant % LIMITS.length));
    await this.desk.declare(configOf(account, variant)).then(() => this.open.add(account), () => this.open.delete(account));
  }

  #broker(account: string, exchanges: ReadonlyMap<string, Exchange>, life: { readonly name: string; readonly startedAt: number }, mutant: Mutant): Broker {
    const exchange = exchanges.get(account);
    if (exchange === undefined) throw new Error(`There is no exchange for account ${account}.`);
    const broker = account === LOCAL ? localBroker(this.#world, exchange, life) : remoteBroker(this.#world, exchange, life);
    return mutant.broker?.(broker) ?? broker;
  }

  /** The widest limits that any of this life's declarations gave. */
  #bounds(): Bounds {
    const given = [...this.#variants.values()].flatMap((variants) => [...variants]).map((variant) => LIMITS[variant] ?? LIMITS[0]);
    return { maxPosition: Math.max(...given.map(({ maxPosition }) => maxPosition)), maxSymbolExposure: Math.max(...given.map(({ maxSymbolExposure }) => maxSymbolExposure)) };
  }
}
