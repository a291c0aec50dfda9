import { deny } from '../../runtime/domain/denial';
import { toMoney, ZERO_MONEY } from '../../runtime/domain/money';
import type { Broker, BrokerOrder, PlaceOutcome } from '../../runtime/domain/ports';
import type { Exchange } from './exchange';
import { answer, call, leave, type World } from './world';

/** What may become of a placement between a process and a remote broker. */
const FATES = ['lost', 'answer lost', 'server error', 'server error after accept', 'unreadable', 'too many requests', 'late'] as const;
/** A client of ours gives a request up after this. */
const TIMEOUT_MS = 5_000;
/** How far behind a broker's lists may be. */
const MAX_LAG_MS = 30_000;

export interface ProcessLife {
  readonly name: string;
  readonly startedAt: number;
}

/** A broker whose exchange is a network away: requests and answers get lost or late, and its lists lag. */
export function remoteBroker(world: World, exchange: Exchange, life: ProcessLife): Broker {
  const { name } = life;
  const { random, scheduler } = world;
  const ask = <T>(what: string, run: () => T): Promise<T> => call(world, name, `broker.${what}`, undefined, () => {
    if (world.fault(`broker.${what} does not answer`, 0.03)) throw new Error(`the broker did not answer ${what}`);
    return run();
  });
  const lag = (): number => (world.fault('a late list', 0.1) ? random.between(1, MAX_LAG_MS) : 0);
  return {
    capabilities: { lookupProvesAbsence: false, heldStops: world.holdsStops },
    place: (order) => new Promise((resolve) => {
      leave(world, name, `broker.place ${order.id}`, undefined, () => {
        sent(world, order, life, true);
        const fate = world.fault('a placement goes wrong', 0.2) ? random.pick(FATES) : 'delivered';
        world.trace.add(`  placement of ${order.id}: ${fate}`);
        const tell = (outcome: PlaceOutcome, delayMs: number): void => { answer(world, name, `broker.place ${order.id}: ${outcome.kind}`, () => { resolve(outcome); }, delayMs); };
        const unknown = (reason: string, delayMs = random.between(10, 2_000)): void => { tell({ kind: 'unknown', reason }, delayMs); };
        const arrive = (delayMs: number, then: (outcome: PlaceOutcome) => void = () => undefined): void => {
          // On the wire it belongs to nobody: it arrives whether its sender lives or not.
          scheduler.add({ owner: 'network', what: `placement of ${order.id} arrives`, delayMs, run: () => { then(exchange.place(order)); } });
        };
        switch (fate) {
          case 'delivered':
            arrive(random.between(1, 300), (outcome) => { tell(outcome, random.between(1, 300)); });
            break;
          case 'lost':
            unknown('no answer in time', TIMEOUT_MS);
            break;
          case 'answer lost':
            arrive(random.between(1, 300));
            unknown('no answer in time', TIMEOUT_MS);
            break;
          case 'server error':
            unknown('HTTP 502');
            break;
          case 'server error after accept':
            arrive(random.between(1, 300));
            unknown('HTTP 500');
            break;
          case 'unreadable':
            arrive(random.between(1, 300));
            unknown('HTML where JSON was due');
            break;
          case 'too many requests':
            tell({ kind: 'rejected', denial: { code: 'RATE_LIMITED', message: 'HTTP 429: not looked at' } }, random.between(10, 300));
            break;
          case 'late':
            arrive(random.between(TIMEOUT_MS, MAX_LAG_MS));
            unknown('no answer in time', TIMEOUT_MS);
            break;
        }
      });
    }),
    cancel: (orderId) => ask(`cancel ${orderId}`, () => {
      if (exchange.cancel(orderId)) return world.fault('the answer to a cancel is lost', 0.05) ? deny('OUTCOME_UNKNOWN', 'no answer in time') : { ok: true };
      return deny('NOT_FOUND', 'there is no such open order');
    }),
    modify: (orderId, change) => ask(`modify ${orderId}`, () => {
      if (world.fault('a modification is lost', 0.05)) return deny('OUTCOME_UNKNOWN', 'no answer in time');
      if (!exchange.modify(orderId, change)) return deny('NOT_FOUND', 'there is no such open order');
      return world.fault('the answer to a modification is lost', 0.05) ? deny('OUTCOME_UNKNOWN', 'no answer in time') : { ok: true };
    }),
    find: (orderId) => ask(`find ${orderId}`, () => exchange.stateOf(orderId, lag())),
    orders: () => ask('orders', () => (world.fault('no list of orders', 0.05) ? deny('OUTCOME_UNKNOWN', 'the list could not be read') : { ok: true, value: exchange.listed(lag()) })),
    positions: () => ask('positions', () => (world.fault('no list of positions', 0.05) ? deny('OUTCOME_UNKNOWN', 'the list could not be read') : { ok: true, value: exchange.positions() })),
    ...standing(exchange, name),
  };
}

/** A broker that is part of its process, as the paper broker is: no network, what it does not know was never accepted, and it takes an order id once. Its own book may fail. */
export function localBroker(world: World, exchange: Exchange, life: ProcessLife): Broker {
  const { name } = life;
  const ask = <T>(what: string, run: () => T): Promise<T> => call(world, name, `broker.${what}`, undefined, run);
  return {
    capabilities: { lookupProvesAbsence: true, heldStops: world.holdsStops },
    place: (order) => ask(`place ${order.id}`, () => {
      sent(world, order, life, false);
      if (world.fault('the book fails before it has the order', 0.01)) throw new Error('the book can not be written');
      const outcome = exchange.placeOnce(order);
      if (world.fault('the book fails after it has the order', 0.01)) throw new Error('the book can not be read');
      return outcome;
    }),
    cancel: (orderId) => ask(`cancel ${orderId}`, () => (exchange.cancel(orderId) ? { ok: true } : deny('NOT_FOUND', 'there is no such open order'))),
    modify: (orderId, change) => ask(`modify ${orderId}`, () => (exchange.modify(orderId, change) ? { ok: true } : deny('NOT_FOUND', 'there is no such open order'))),
    find: (orderId) => ask(`find ${orderId}`, () => exchange.stateOf(orderId)),
    orders: () => ask('orders', () => ({ ok: true, value: exchange.listed() })),
    positions: () => ask('positions', () => ({ ok: true, value: exchange.positions() })),
    ...standing(exchange, name),
  };
}

function sent(world: World, order: BrokerOrder, { startedAt }: ProcessLife, once: boolean): void {
  world.tally.sends += 1;
  world.watch.sent(order.id, { startedAt, once });
}

function standing(exchange: Exchange, name: string): Pick<Broker, 'funds' | 'marginPerUnit' | 'onUpdate' | 'close'> {
  return {
    funds: () => Promise.resolve({ available: toMoney(10_000_000), used: ZERO_MONEY }),
    marginPerUnit: (_instrument, _product, price) => price,
    onUpdate: (listener) => exchange.listen(name, listener),
    close: () => Promise.resolve(),
  };
}
