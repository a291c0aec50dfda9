import { ChaseTerms } from '../../runtime/domain/chase';
import { asMoney, type Money } from '../../runtime/domain/money';
import type { OrderRequest } from '../../runtime/domain/nodeContext';
import type { Origin, Size } from '../../runtime/domain/order';
import type { ProtectionTerms } from '../../runtime/domain/protection';
import type { Exchange } from './exchange';
import { ACCOUNTS, REMOTE, REMOTE_CLIENT } from './accounts';
import type { SimulatedProcess } from './process';
import { INSTRUMENTS, quote, type World } from './world';

const STRATEGIES = ['alpha', 'beta'] as const;
const CHASE = ChaseTerms.parse({ steps: 3, waitMs: 1_000 });
const PROTECTIONS: readonly ProtectionTerms[] = [
  { stop: { by: 'percent', percent: 0.4 } }, { stop: { by: 'percent', percent: 0.6 }, target: { by: 'percent', percent: 0.6 } },
  { stop: { by: 'percent', percent: 0.8 }, trailing: { by: 'percent', percent: 0.5 } }, { target: { by: 'percent', percent: 0.5 }, timeStop: { by: 'duration', durationMs: 20_000 } },
];
/** Signals that may still be delivered again. */
const REMEMBERED = 40;

/** A wish that a flow had, so that its signal can come again. */
interface Wish {
  readonly origin: Origin;
  readonly request: OrderRequest;
  readonly how: 'whole' | 'slices' | 'chase' | 'close';
}

/** What people, flows and markets do in a simulated world, chosen by chance. */
export class Operations {
  readonly #world: World;
  readonly #exchanges: ReadonlyMap<string, Exchange>;
  readonly #wishes: Wish[] = [];
  #signals = 0;
  /** Work under way. */
  running = 0;

  constructor(world: World, exchanges: ReadonlyMap<string, Exchange>) {
    this.#world = world;
    this.#exchanges = exchanges;
  }

  /** Starts one more thing in this process. */
  start(process: SimulatedProcess): void {
    const { random } = this.#world;
    const account = random.pick(ACCOUNTS);
    const dice = random.next();
    if (dice < 0.38) this.#place(process, this.#remember(this.#entry(account)));
    else if (dice < 0.54) this.#place(process, this.#remember(random.chance(0.45) ? this.#beside(account) : this.#exit(account)));
    else if (dice < 0.62) this.#place(process, this.#remember(this.#target(account)));
    else if (dice < 0.74) this.#again(process);
    else if (dice < 0.82) this.#change(process, account);
    else if (dice < 0.85) this.#run(process, `cancel all of ${account}`, () => process.desk.use(account, (routed) => process.router.cancelAll(routed, this.#origin(account), random.chance(0.5) ? random.pick(STRATEGIES) : undefined)));
    else if (dice < 0.865) this.#run(process, `kill switch of ${account}`, () => process.store.setKillSwitch({ account, on: true, flatten: random.chance(0.6), happenedAt: this.#world.clock.now() }));
    else if (dice < 0.91) this.#run(process, `rearm ${account}`, () => process.store.rearm({ account, happenedAt: this.#world.clock.now() }));
    else if (dice < 0.945) this.#owned(process, account);
    else if (dice < 0.955) this.#run(process, 'disarm', () => process.store.arming.disarm({ account: REMOTE, by: 'operator', reason: 'lunch', happenedAt: this.#world.clock.now() }));
    else if (dice < 0.97) this.#run(process, 'arm', () => process.store.arming.arm({ account: REMOTE, client: REMOTE_CLIENT, by: 'operator', protection: { heldBy: 'broker' }, happenedAt: this.#world.clock.now() }));
    else if (dice < 0.98) this.#run(process, 'look', () => process.desk.look());
    else this.#run(process, `redeploy ${account}`, () => process.declare(account, random.between(0, 1)));
  }

  /** New terms or the end of one strategy's newest resting order. */
  #change(process: SimulatedProcess, account: string): void {
    const { random } = this.#world;
    const origin = this.#origin(account);
    const { exchange, symbol, key, lotSize } = random.pick(INSTRUMENTS);
    const target = { kind: 'newest', exchange, symbol } as const;
    if (random.chance(0.4)) {
      this.#run(process, `cancel the newest ${symbol} of ${origin.strategyId} on ${account}`, () => process.desk.use(account, (routed) => process.router.cancel(routed, origin, target)));
      return;
    }
    const change = random.chance(0.5) ? { limitPrice: this.#near(key) } : { quantity: lotSize * random.between(1, 2) };
    this.#run(process, `modify the newest ${symbol} of ${origin.strategyId} on ${account} to ${JSON.stringify(change)}`, () => process.desk.use(account, (routed) => process.router.modify(routed, origin, target, change)));
  }

  #origin(account: string): Origin {
    const { random } = this.#world;
    return { account, strategyId: random.pick(STRATEGIES), nodeKey: random.pick(['n1', 'n2']), signalId: `s${++this.#signals}` };
  }

  #place(process: SimulatedProcess, { origin, request, how }: Wish): void {
    const { size, purpose, instrument, orderType } = request;
    const { router, desk } = process;
    this.#run(process, `${purpose} ${JSON.stringify(size)} ${orderType} ${instrument.symbol} ${how} for ${origin.strategyId} on ${origin.account}, ${origin.signalId}`, () => desk.use<unknown>(origin.account, (routed) => {
      switch (how) {
        case 'whole': return router.place(routed, origin, request);
        case 'slices': return router.placeInSlices(routed, origin, request);
        case 'chase': return router.chaseExit(routed, origin, request, CHASE);
        case 'close': return router.closeNow(routed, origin, request);
      }
    }));
  }

  #entry(account: string): Wish {
    const { random } = this.#world;
    const instrument = random.pick(INSTRUMENTS);
    const quantity = instrument.lotSize * random.between(1, instrument.lotSize === 1 ? 150 : 3);
    const wish = this.#wish(account, instrument, 'entry', { kind: 'fixed', action: random.pick(['BUY', 'SELL']), quantity });
    return random.chance(0.4) ? { ...wish, request: { ...wish.request, protection: random.pick(PROTECTIONS) } } : wish;
  }

  #exit(account: string): Wish {
    const { random } = this.#world;
    const instrument = random.pick(INSTRUMENTS);
    return this.#wish(account, instrument, 'exit', random.chance(0.6) ? { kind: 'exit' } : { kind: 'exit', quantity: instrument.lotSize * random.between(1, 3) });
  }

  /** A target of a flow's own that rests beside the stop of its entry, or an order that trades against that entry. */
  #beside(account: string): Wish {
    const { random } = this.#world;
    const entries = this.#wishes.filter(({ origin, request }) => origin.account === account && request.protection !== undefined);
    if (entries.length === 0) return this.#exit(account);
    const { origin, request: { instrument, size: entered } } = random.pick(entries);
    if (entered.kind === 'fixed' && random.chance(0.5)) {
      const against = this.#wish(account, instrument, 'entry', { ...entered, action: entered.action === 'BUY' ? 'SELL' : 'BUY', quantity: Math.ceil(entered.quantity / instrument.lotSize / 2) * instrument.lotSize });
      return { ...against, origin: { ...against.origin, strategyId: origin.strategyId } };
    }
    const wish = this.#wish(account, instrument, 'exit', { kind: 'exit' });
    return { ...wish, how: 'whole', origin: { ...wish.origin, strategyId: origin.strategyId }, request: { ...wish.request, orderType: 'LIMIT', limitPrice: this.#near(instrument.key) } };
  }

  #target(account: string): Wish {
    const { random } = this.#world;
    const instrument = random.pick(INSTRUMENTS);
    return this.#wish(account, instrument, 'entry', { kind: 'target', quantity: instrument.lotSize * random.between(-3, 3) * (instrument.lotSize === 1 ? 40 : 1) });
  }

  #wish(account: string, instrument: OrderRequest['instrument'], purpose: OrderRequest['purpose'], size: Size): Wish {
    const { random } = this.#world;
    const isLimit = random.chance(0.45);
    const how = random.pick(purpose === 'exit' ? ['whole', 'whole', 'slices', 'chase', 'close', 'close'] as const : ['whole', 'slices'] as const);
    return {
      origin: this.#origin(account), how,
      request: { ...(how === 'slices' ? { sliceQuantity: instrument.lotSize * (instrument.lotSize === 1 ? 30 : 1) } : {}), instrument, leg: 0, purpose, size, product: 'MIS', orderType: isLimit ? 'LIMIT' : 'MARKET', ...(isLimit ? { limitPrice: this.#near(instrument.key) } : {}) },
    };
  }

  #near(key: OrderRequest['instrument']['key']): Money {
    const last = this.#world.market.latest(key)?.last ?? 8_000_000;
    return asMoney(last + this.#world.random.between(-10, 10) * 500);
  }

  #remember(wish: Wish): Wish {
    this.#wishes.push(wish);
    if (this.#wishes.length > REMEMBERED) this.#wishes.shift();
    return wish;
  }

  /** Work that one process at a time may do: it takes the lease, oversleeps it sometimes, and then acts by it. */
  #owned(process: SimulatedProcess, account: string): void {
    const { random, clock, watch } = this.#world;
    const { origin, request } = this.#exit(account);
    this.#run(process, `owned exit on ${account}, ${origin.signalId}`, async () => {
      const now = clock.now();
      const { held, lease } = await process.store.leases.acquire({ name: `job:${account}`, owner: process.name, now, until: now + 2_000 });
      if (!held) return { kind: 'somebody else owns it' };
      const fence = { name: lease.name, token: lease.token };
      watch.fences.set(origin.signalId, fence);
      await process.pause(random.between(0, 5_000));
      return process.desk.use(account, (routed) => process.router.place(routed, origin, { ...request, fence }));
    });
  }

  /** A host's retry, a webhook that came twice, a second worker. */
  #again(process: SimulatedProcess): void {
    const wish = this.#wishes[this.#world.random.between(0, this.#wishes.length - 1)];
    if (wish !== undefined) this.#place(process, wish);
  }

  /** The world goes on without us: prices, clocks, people. */
  move(): void {
    const { random } = this.#world;
    const instrument = random.pick(INSTRUMENTS);
    const last = (this.#world.market.latest(instrument.key)?.last ?? 8_000_000) / 10_000;
    quote(this.#world, instrument, Math.max(1, Math.round(last * (1 + random.between(-5, 5) / 1_000) * 20) / 20));
    if (this.#world.fault('a person trades by hand', 0.05)) this.#exchanges.get(REMOTE)?.tradeByHand(instrument.key, random.pick(['BUY', 'SELL']), instrument.lotSize * random.between(1, 2));
    if (this.#world.fault('a clock is set', 0.03)) this.#world.clock.shift(random.pick([-3_000, -200, 500, 20_000]));
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
