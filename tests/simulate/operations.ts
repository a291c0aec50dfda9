import { asMoney, type Money } from '../../runtime/domain/money';
import type { OrderRequest } from '../../runtime/domain/nodeContext';
import type { Origin, Size } from '../../runtime/domain/order';
import { ACCOUNTS, type SimulatedProcess } from './process';
import { INSTRUMENTS, quote, type World } from './world';

const STRATEGIES = ['alpha', 'beta'] as const;
/** Signals that may still be delivered again. */
const REMEMBERED = 40;

/** A wish that a flow had, so that its signal can come again. */
interface Wish {
  readonly origin: Origin;
  readonly request: OrderRequest;
}

/** What people, flows and markets do in a simulated world, chosen by chance. */
export class Operations {
  readonly #world: World;
  readonly #wishes: Wish[] = [];
  #signals = 0;
  /** Work under way. */
  running = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Starts one more thing in this process. */
  start(process: SimulatedProcess): void {
    const { random } = this.#world;
    const account = random.pick(ACCOUNTS);
    const dice = random.next();
    if (dice < 0.42) this.#place(process, this.#remember(this.#entry(account)));
    else if (dice < 0.56) this.#place(process, this.#remember(this.#exit(account)));
    else if (dice < 0.64) this.#place(process, this.#remember(this.#target(account)));
    else if (dice < 0.78) this.#again(process);
    else if (dice < 0.84) this.#run(process, `cancel all of ${account}`, () => process.desk.use(account, (routed) => process.router.cancelAll(routed, random.chance(0.5) ? random.pick(STRATEGIES) : undefined)));
    else if (dice < 0.86) this.#run(process, `kill switch of ${account}`, () => process.store.setKillSwitch({ account, on: true, happenedAt: this.#world.clock.now() }));
    else if (dice < 0.90) this.#run(process, `rearm ${account}`, () => process.store.rearm({ account, happenedAt: this.#world.clock.now() }));
    else if (dice < 0.95) this.#run(process, 'look', () => process.desk.look());
    else if (dice < 0.96) this.#run(process, `redeploy ${account}`, () => process.declare(account, random.between(0, 1)));
    else this.#move();
  }

  #place(process: SimulatedProcess, { origin, request }: Wish): void {
    const { size, purpose, instrument, orderType } = request;
    this.#run(process, `${purpose} ${JSON.stringify(size)} ${orderType} ${instrument.symbol} for ${origin.strategyId} on ${origin.account}, ${origin.signalId}`, () =>
      process.desk.use(origin.account, (routed) => process.router.place(routed, origin, request)));
  }

  #entry(account: string): Wish {
    const { random } = this.#world;
    const instrument = random.pick(INSTRUMENTS);
    const quantity = instrument.lotSize * random.between(1, instrument.lotSize === 1 ? 150 : 3);
    return this.#wish(account, instrument, 'entry', { kind: 'fixed', action: random.pick(['BUY', 'SELL']), quantity });
  }

  #exit(account: string): Wish {
    const { random } = this.#world;
    const instrument = random.pick(INSTRUMENTS);
    return this.#wish(account, instrument, 'exit', random.chance(0.6) ? { kind: 'exit' } : { kind: 'exit', quantity: instrument.lotSize * random.between(1, 3) });
  }

  #target(account: string): Wish {
    const { random } = this.#world;
    const instrument = random.pick(INSTRUMENTS);
    return this.#wish(account, instrument, 'entry', { kind: 'target', quantity: instrument.lotSize * random.between(-3, 3) * (instrument.lotSize === 1 ? 40 : 1) });
  }

  #wish(account: string, instrument: OrderRequest['instrument'], purpose: OrderRequest['purpose'], size: Size): Wish {
    const { random } = this.#world;
    const origin = { account, strategyId: random.pick(STRATEGIES), nodeKey: random.pick(['n1', 'n2']), signalId: `s${++this.#signals}` };
    const isLimit = random.chance(0.45);
    return {
      origin,
      request: { instrument, leg: 0, purpose, size, product: 'MIS', orderType: isLimit ? 'LIMIT' : 'MARKET', ...(isLimit ? { limitPrice: this.#near(instrument) } : {}) },
    };
  }

  #near({ key }: OrderRequest['instrument']): Money {
    const last = this.#world.market.latest(key)?.last ?? 8_000_000;
    return asMoney(last + this.#world.random.between(-10, 10) * 500);
  }

  #remember(wish: Wish): Wish {
    this.#wishes.push(wish);
    if (this.#wishes.length > REMEMBERED) this.#wishes.shift();
    return wish;
  }

  /** A host's retry, a webhook that came twice, a second worker. */
  #again(process: SimulatedProcess): void {
    const wish = this.#wishes[this.#world.random.between(0, this.#wishes.length - 1)];
    if (wish !== undefined) this.#place(process, wish);
  }

  /** The world goes on without us: prices, clocks, people. */
  #move(): void {
    const { random } = this.#world;
    const instrument = random.pick(INSTRUMENTS);
    const last = (this.#world.market.latest(instrument.key)?.last ?? 8_000_000) / 10_000;
    quote(this.#world, instrument, Math.max(1, Math.round(last * (1 + random.between(-5, 5) / 1_000) * 20) / 20));
    if (this.#world.fault('a clock is set', 0.15)) this.#world.clock.shift(random.pick([-3_000, -200, 500, 20_000]));
  }

  #run(process: SimulatedProcess, what: string, work: () => Promise<unknown>): void {
    this.#world.trace.add(`${process.name} begins: ${what}`);
    this.running += 1;
    const end = (words: string): void => {
      this.running -= 1;
      this.#world.trace.add(`${process.name} ends: ${what}: ${words}`);
    };
    work().then((result) => { end(wordsOf(result)); }, (error: unknown) => { end(`fails, ${String(error)}`); });
  }

  /** Work of processes that died never ends. */
  forget(): void {
    this.running = 0;
  }
}

function wordsOf(result: unknown): string {
  if (typeof result !== 'object' || result === null) return 'done';
  if ('denial' in result && typeof result.denial === 'object' && result.denial !== null && 'code' in result.denial) return `refused, ${String(result.denial.code)}`;
  if ('order' in result && typeof result.order === 'object' && result.order !== null && 'status' in result.order && 'id' in result.order) return `${String(result.order.id)} ${String(result.order.status)}`;
  return 'kind' in result ? String(result.kind) : 'done';
}
