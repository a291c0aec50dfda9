import { StoreError } from '../../runtime/adapters/store';
import type { Admission, AdmissionRequest, Store } from '../../runtime/domain/ports';
import { REMOTE } from './accounts';
import { identityOf, type Bounds } from './watch';
import { openMemoryFile, type Commits, type MemoryJournalFile } from './memoryStore';
import { answer, asError, leave, silent, type World } from './world';

/** The journal's file of one simulated machine. Every process that has it open asks for its steps one by one; a flush may come at any time after. */
export class Disk {
  readonly #world: World;
  readonly #file: MemoryJournalFile;
  #unflushed: (() => void)[] = [];
  #isFlushDue = false;

  private constructor(world: World, file: MemoryJournalFile) {
    this.#world = world;
    this.#file = file;
  }

  static async open(world: World): Promise<Disk> {
    return new Disk(world, await openMemoryFile({
      clock: world.clock, log: silent,
      readers: {
        onOrder: (order) => { world.watch.journalled(order); },
        onPosition: (position) => { world.watch.booked(position); },
        onArming: (account, isArmed) => { world.watch.arming(account, isArmed, world.scheduler.now); },
        onLease: (lease) => { world.watch.leases.set(lease.name, lease); },
        onRisk: ({ account, killSwitch, latched }) => {
          world.watch.killSwitch(account, killSwitch, world.scheduler.now);
          world.watch.latch(account, latched);
        },
      },
    }));
  }

  /** The journal as one process has it open. `bounds` are its limits, for whoever watches the gate. */
  storeOf(life: string, bounds: () => Bounds, { flushed }: { readonly flushed: boolean }): Store {
    return watched(this.#world, this.#file.storeOver(this.#commitsOf(life, flushed)), bounds);
  }

  /** The journal as it stands, read past all processes. */
  audit(): Store {
    return this.#file.storeOver({
      write: (operation) => {
        const applied = this.#file.apply(operation);
        return applied.ok ? Promise.resolve(applied.value) : Promise.reject(asError(applied.error));
      },
      read: (operation) => Promise.resolve(operation()),
      close: () => Promise.resolve(),
    });
  }

  /** The machine goes dark: every process dies, and what was not flushed is gone. */
  async failPower(): Promise<void> {
    for (const life of [...this.#world.alive]) this.#world.crash(life, 'with the machine');
    this.#unflushed = [];
    this.#file.failPower();
    const journal = this.audit();
    const intents = await journal.intents({ limit: 10_000 });
    const identities = new Set(intents.map(identityOf));
    this.#world.watch.restored({ orders: await journal.orders({ limit: 10_000 }), positions: await journal.positions(), decided: identities });
    this.#world.watch.arming(REMOTE, (await journal.arming.state(REMOTE))?.kind === 'armed', this.#world.scheduler.now);
    for (const { id } of await journal.accounts()) {
      const { killSwitch, lossLatchedAt } = await journal.riskState(id);
      this.#world.watch.killSwitch(id, killSwitch, this.#world.scheduler.now);
      this.#world.watch.latch(id, lossLatchedAt !== undefined);
    }
  }

  flush(): void {
    this.#file.flush();
    this.#world.watch.flushed();
    for (const tell of this.#unflushed.splice(0)) tell();
  }

  close(): void {
    this.#file.close();
  }

  #commitsOf(life: string, flushed: boolean): Commits {
    const world = this.#world;
    const lane = `${life}/journal`;
    return {
      // Steps of one process are carried out in the order in which it asks for them, as its queue does.
      write: (operation, durability, onCommitted) => new Promise((resolve, reject) => {
        leave(world, life, 'journal', lane, () => {
          const refuse = (error: unknown): void => { answer(world, life, `journal: ${String(error)}`, () => { reject(asError(error)); }); };
          if (world.fault('the journal is busy', 0.004)) {
            refuse(new StoreError('BUSY', 'The journal is in use.'));
            return;
          }
          const applied = this.#file.apply(operation);
          if (!applied.ok) {
            refuse(applied.error);
            return;
          }
          onCommitted?.(applied.value);
          const tell = (): void => { answer(world, life, 'journal', () => { resolve(applied.value); }); };
          if (flushed && durability !== 'unflushed' && durability !== 'lazy') this.#whenFlushed(tell);
          else tell();
        });
      }),
      read: (operation) => new Promise((resolve, reject) => {
        leave(world, life, 'journal.read', undefined, () => {
          const applied = this.#file.apply(operation);
          if (applied.ok) resolve(applied.value);
          else reject(asError(applied.error));
        });
      }),
      close: () => Promise.resolve(),
    };
  }

  #whenFlushed(tell: () => void): void {
    this.#unflushed.push(tell);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#world.scheduler.add({
      owner: 'disk', what: 'disk: flush', delayMs: this.#world.random.between(0, 5),
      run: () => {
        this.#isFlushDue = false;
        this.flush();
      },
    });
  }
}

/** Lets the watch look over the gate's shoulder. What is written it hears of by itself. */
function watched(world: World, store: Store, bounds: () => Bounds): Store {
  return { ...store, admit: (request, decide) => store.admit(request, (state) => seen(world, request, decide(state), bounds())) };
}

function seen(world: World, request: AdmissionRequest, admission: Admission, bounds: Bounds): Admission {
  world.tally.intents += 1;
  const { orderId, draft } = request;
  world.trace.add(`  gate: ${draft.purpose} of ${draft.signalId}/${draft.nodeKey}: ${admission.kind === 'admit' ? `${admission.action} ${admission.quantity} as ${orderId}` : admission.kind === 'deny' ? admission.denial.code : admission.kind}`);
  world.watch.decided(request, admission, bounds);
  return admission;
}
