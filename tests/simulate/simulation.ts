import { TERMINAL_STATUSES } from '../../runtime/domain/order';
import { Disk } from './disk';
import { Exchange } from './exchange';
import { NO_MUTANT, type Mutant } from './mutants/mutant';
import { Operations } from './operations';
import { ACCOUNTS, REMOTE, REMOTE_CLIENT } from './accounts';
import { SimulatedProcess, type ProcessParts } from './process';
import { keptOpen } from './keptOpen';
import { mixedSeed, seededRandom } from './random';
import { Trace } from './trace';
import { isSameBook } from './watch';
import { createWorld, type Tally, type World } from './world';

export interface SimulationOptions {
  readonly seed: number;
  readonly steps: number;
  readonly mutant?: Mutant;
  readonly onProgress?: (tally: Readonly<Tally>) => void;
}

export interface SimulationResult extends Readonly<Tally> {
  readonly seed: number;
  readonly violations: readonly string[];
  /** Of everything that happened: the same seed and steps give the same. */
  readonly digest: string;
  /** The last steps, where there was a violation. */
  readonly trace: readonly string[];
}

/** Steps of one world before it comes to rest and everything is compared; then the next one begins anew. */
const ERA_STEPS = 4_000;
/** Processes of one machine. */
const PROCESSES = ['p1', 'p2'] as const;
/** Things that are under way at most. */
const MAX_RUNNING = 14;
/** Rounds of looking until an era has to be at rest, and what passes between them. Before the day is over, what had to be closed has to be flat. */
const REST_ROUNDS = 10;
const FLAT_ROUND = 5;
const BETWEEN_LOOKS_MS = 15_000;
/** No era needs more to come to rest. */
const MAX_REST_STEPS = 20_000;

/** Runs worlds one after the other until the steps are used up, or one breaks a promise. */
export async function simulate({ seed, steps, mutant = NO_MUTANT, onProgress }: SimulationOptions): Promise<SimulationResult> {
  const trace = new Trace();
  const tally: Tally = { steps: 0, intents: 0, sends: 0, crashes: 0, faults: 0 };
  let violations: readonly string[] = [];
  for (let era = 0; tally.steps < steps && violations.length === 0; era += 1) {
    trace.add(`era ${era}`);
    violations = await new Era(mixedSeed(seed, era), { trace, tally, mutant }).run(Math.min(ERA_STEPS, steps - tally.steps));
    onProgress?.(tally);
  }
  return { seed, ...tally, violations, digest: trace.digest(), trace: violations.length === 0 ? [] : trace.last };
}

/** One machine with its processes, its disk and its brokers, from its first step to rest. */
class Era {
  readonly #world: World;
  readonly #mutant: Mutant;
  readonly #processes = new Map<string, SimulatedProcess>();
  #operations: Operations | undefined;
  #lives = 0;

  constructor(seed: number, { trace, tally, mutant }: { readonly trace: Trace; readonly tally: Tally; readonly mutant: Mutant }) {
    this.#world = createWorld({ random: seededRandom(seed), trace, tally });
    this.#mutant = mutant;
  }

  async run(steps: number): Promise<readonly string[]> {
    const world = this.#world;
    const disk = await Disk.open(world);
    const exchanges = new Map(ACCOUNTS.map((account) => [account as string, new Exchange(world, account)]));
    this.#operations = new Operations(world, exchanges);
    const parts: ProcessParts = { world, disk, exchanges, mutant: this.#mutant };
    await disk.audit().arming.arm({ account: REMOTE, client: REMOTE_CLIENT, by: 'operator', protection: { heldBy: 'broker' }, happenedAt: world.clock.now() });
    disk.flush();
    for (const name of PROCESSES) this.#start(name, parts);
    const until = world.tally.steps + steps;
    while (world.tally.steps < until && world.violations.length === 0) await this.#step(parts);
    if (world.violations.length === 0) await this.#rest(parts);
    if (world.violations.length === 0) await this.#compare(disk, exchanges);
    disk.close();
    return world.violations;
  }

  async #step(parts: ProcessParts): Promise<void> {
    const { random, scheduler } = this.#world;
    const operations = this.#operations;
    if (operations !== undefined && operations.running < MAX_RUNNING && random.chance(0.18)) {
      const ready = [...this.#processes.values()].filter((process) => process.isAlive && process.open.size === ACCOUNTS.length);
      if (ready.length > 0) operations.start(random.pick(ready));
    } else if (random.chance(0.02)) operations?.move();
    else if (this.#world.fault('the power fails', 0.000_2)) await this.#failPower(parts);
    else this.#runNext();
    scheduler.advance(random.between(0, 3));
    await this.#turn();
    this.#restartDead(parts);
  }

  #runNext(until?: number): boolean {
    const task = this.#world.scheduler.next(until);
    if (task === undefined) return false;
    this.#world.trace.add(`${this.#world.scheduler.now} ${task.what}`);
    task.run();
    return true;
  }

  /** Lets everything that was told something act on it; what it asks for next waits in the scheduler. */
  async #turn(): Promise<void> {
    this.#world.tally.steps += 1;
    await new Promise((resolve) => { setImmediate(resolve); });
    this.#world.watch.check();
  }

  async #failPower({ disk }: ProcessParts): Promise<void> {
    await disk.failPower();
  }

  /** A process that has died comes back after a while, as another one. */
  #restartDead(parts: ProcessParts): void {
    for (const [name, process] of this.#processes) {
      if (process.isAlive) continue;
      this.#processes.delete(name);
      this.#operations?.forget();
      this.#world.scheduler.add({ owner: 'operator', what: `operator starts ${name}`, delayMs: this.#world.random.between(0, 20_000), run: () => { this.#start(name, parts); } });
    }
  }

  #start(name: string, parts: ProcessParts): void {
    const process = new SimulatedProcess(`${name}.${++this.#lives}`, parts);
    this.#processes.set(name, process);
    this.#declare(process);
  }

  /** Hosts declare their accounts until it works. */
  #declare(process: SimulatedProcess): void {
    for (const account of ACCOUNTS) {
      if (process.open.has(account)) continue;
      void process.declare(account, this.#world.random.between(0, 1)).then(() => {
        if (!process.isAlive || process.open.has(account)) return;
        this.#world.scheduler.add({ owner: process.name, what: `${process.name} declares ${account} again`, delayMs: 1_000, run: () => { this.#declare(process); } });
      });
    }
  }

  /** Faults stop, the exchanges finish, processes look until nothing moves any more. */
  async #rest(parts: ProcessParts): Promise<void> {
    const world = this.#world;
    world.calm = true;
    const until = world.tally.steps + MAX_REST_STEPS;
    for (let round = 0; round < REST_ROUNDS; round += 1) {
      if (round === FLAT_ROUND) for (const message of await keptOpen(parts.disk.audit(), world)) this.#report(message);
      if (round >= FLAT_ROUND) for (const exchange of parts.exchanges.values()) exchange.finish();
      const pauseEnds = world.scheduler.now + BETWEEN_LOOKS_MS;
      while (this.#runNext(pauseEnds) && world.violations.length === 0) {
        if (world.tally.steps > until) {
          world.violations.push('the world does not come to rest');
          return;
        }
        await this.#turn();
        this.#restartDead(parts);
      }
      if (world.violations.length > 0) return;
      world.scheduler.advance(Math.max(0, pauseEnds - world.scheduler.now));
      for (const process of this.#processes.values()) if (process.isAlive) void process.desk.look();
      await this.#turn();
    }
    world.ending = true;
    while (this.#runNext() && world.tally.steps <= until) await this.#turn();
  }

  #report(message: string): void {
    this.#world.violations.push(message);
    this.#world.trace.add(`VIOLATION ${message}`);
  }

  /** At rest the journal and the exchanges tell the same. */
  async #compare(disk: Disk, exchanges: ReadonlyMap<string, Exchange>): Promise<void> {
    const report = (message: string): void => { this.#report(message); };
    const journal = disk.audit();
    const orders = await journal.orders({ limit: 10_000 });
    for (const order of orders) {
      const exchange = exchanges.get(order.account);
      const isAtExchange = exchange?.has(order.id) === true;
      const isOver = TERMINAL_STATUSES.has(order.status);
      if (!isOver && (isAtExchange || order.status !== 'UNKNOWN')) report(`${order.id} came to rest as ${order.status}${isAtExchange ? ', and the exchange knows how it ended' : ''}`);
      const traded = exchange?.filledOf(order.id) ?? 0;
      if (order.filledQuantity !== traded) report(`${order.id}: ${order.filledQuantity} booked, ${traded} traded`);
    }
    for (const intent of await journal.intents({ limit: 10_000 })) {
      if (intent.status === 'ADMITTED' && (await journal.order(intent.orderId ?? '')) === undefined) report(`intent ${intent.key} has no order`);
    }
    const positions = await journal.positions();
    for (const position of positions) {
      const traded = this.#world.watch.tradedPosition(position);
      if (position.quantity !== traded) report(`${position.strategyId} holds ${position.quantity} of ${position.instrument} by the journal, ${traded} by the exchange`);
    }
    const differences = await journal.differences.list({ openOnly: true, limit: 10_000 });
    // An order by hand that may be one of ours, whose outcome nobody knows, is left to a person.
    const left = new Set(differences.filter(({ kind }) => kind === 'externalOrder').map(({ instrument }) => instrument));
    for (const [account, exchange] of exchanges) {
      for (const { instrument, product, quantity } of exchange.positions()) {
        const booked = positions.filter((position) => position.account === account && position.instrument === instrument && position.product === product).reduce((sum, position) => sum + position.quantity, 0);
        if (booked !== quantity && !left.has(instrument)) report(`${account} holds ${booked} of ${instrument} by the journal, ${quantity} by the exchange`);
      }
    }
    for (const difference of differences) {
      if (!left.has(difference.instrument)) report(`a difference is open at rest: ${difference.key}, ${difference.brokerSays} against ${difference.journalSays}`);
    }
    for (const protection of await journal.protections.live()) {
      const { id, status } = protection;
      // What an order of unknown outcome may close is kept for it.
      const waits = orders.some((order) => order.status === 'UNKNOWN' && isSameBook(order, protection));
      if (status === 'EXITING' && !waits) report(`protection ${id} came to rest while it exits`);
    }
  }
}
