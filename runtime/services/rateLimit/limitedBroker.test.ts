import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import { instrumentKey } from '../../domain/market';
import { ZERO_MONEY } from '../../domain/money';
import type { Purpose } from '../../domain/order';
import type { Broker, BrokerOrder, Log } from '../../domain/ports';
import { createBreakerWatch } from './breakerWatch';
import { limitedBroker } from './limitedBroker';
import type { RateLimiter } from './limiter';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const LIMITED = deny('RATE_LIMITED', 'Too many.', { retryAfterMs: 500 });

/** A broker that answers everything, behind a limiter that writes down who came. */
function world(turn: () => Promise<Outcome<void>> = () => Promise.resolve(ok(undefined)), { without = [], stoppedBy, ...changes }: Partial<Broker> & { readonly without?: readonly (keyof Broker)[]; readonly stoppedBy?: () => Promise<Denial | undefined> } = {}) {
  const turns: string[] = [];
  const drains: string[] = [];
  const reached: string[] = [];
  const answer = <T>(name: string, value: T) => (): Promise<T> => {
    reached.push(name);
    return Promise.resolve(value);
  };
  const limiter: RateLimiter = {
    turn(kind, lane) {
      turns.push(`${kind} ${lane}`);
      return turn();
    },
    tooMany(kind, ms) {
      drains.push(`${kind} ${ms}`);
      return Promise.resolve();
    },
  };
  const inner: Broker = {
    capabilities: { lookupProvesAbsence: true },
    place: answer('place', { kind: 'accepted', brokerOrderId: 'b', updates: [] } as const),
    cancel: answer('cancel', { ok: true } as const),
    find: answer('find', undefined),
    modify: answer('modify', { ok: true } as const),
    orders: answer('orders', ok([])),
    positions: answer('positions', ok([])),
    funds: answer('funds', { available: ZERO_MONEY, used: ZERO_MONEY }),
    marginPerUnit: (_instrument, _product, price) => price,
    onUpdate: () => () => undefined,
    close: () => Promise.resolve(),
    ...changes,
  };
  for (const method of without) Reflect.deleteProperty(inner, method);
  const purposes = new Map<string, Purpose>([['entry', 'entry'], ['exit', 'exit']]);
  const breaker = createBreakerWatch({ account: 'a', events: { record: () => Promise.resolve({ duplicate: false }) }, clock: { now: () => 0 }, log: silent });
  return { turns, drains, reached, broker: limitedBroker({ broker: inner, limiter, breaker, clock: { now: () => 0 }, pause: () => new Promise(() => undefined), purposeOf: (id) => Promise.resolve(purposes.get(id)), ...(stoppedBy === undefined ? {} : { stoppedBy }) }) };
}

const order = (purpose?: Purpose): BrokerOrder => ({
  id: 'o1', instrument: instrumentKey('NSE', 'SBIN'), action: 'BUY', quantity: 1, product: 'MIS', orderType: 'MARKET', ...(purpose === undefined ? {} : { purpose }),
});

const CALLS: readonly (readonly [string, (broker: Broker) => Promise<unknown> | undefined, string])[] = [
  ['an entry', (broker) => broker.place(order('entry')), 'orders entries'],
  ['an order without a purpose', (broker) => broker.place(order()), 'orders entries'],
  ['an exit', (broker) => broker.place(order('exit')), 'orders exits'],
  ['a cancel', (broker) => broker.cancel('entry'), 'orders exits'],
  ['a change of an entry', (broker) => broker.modify?.('entry', {}), 'orders entries'],
  ['a change of an exit', (broker) => broker.modify?.('exit', {}), 'orders exits'],
  ['a change of an unknown order', (broker) => broker.modify?.('other', {}), 'orders exits'],
  ['a look at an order', (broker) => broker.find('o1'), 'reads exits'],
  ['the list of orders', (broker) => broker.orders?.(), 'reads exits'],
  ['the list of positions', (broker) => broker.positions?.(), 'reads exits'],
  ['the funds', (broker) => broker.funds(), 'reads entries'],
];

test.each(CALLS)('%s takes one turn in its lane, and reaches the broker once', async (_name, call, turn) => {
  const { broker, turns, reached } = world();
  await call(broker);
  expect(turns).toEqual([turn]);
  expect(reached).toHaveLength(1);
});

test.each(CALLS)('%s that gets no turn does not reach the broker, and never looks like an answer', async (_name, call) => {
  const { broker, reached } = world(() => Promise.resolve(LIMITED));
  const outcome = await Promise.resolve(call(broker)).catch((error: unknown) => ({ denial: { ...LIMITED.denial, message: error instanceof Error ? error.message : '' } }));
  expect(reached).toEqual([]);
  expect(outcome).toMatchObject({ denial: LIMITED.denial });
});

test.each(CALLS)('%s that can not be counted is not sent', async (_name, call) => {
  const { broker, reached } = world(() => Promise.reject(new Error('disk full')));
  await Promise.resolve(call(broker)).catch(() => undefined);
  expect(reached).toEqual([]);
});

test('what a broker can not do it can not do behind its limits either', () => {
  const { broker } = world(undefined, { without: ['modify', 'orders', 'positions'] });
  expect(['modify', 'orders', 'positions'].filter((method) => method in broker)).toEqual([]);
});

test.each([
  ['place', 'orders 7000', (broker: Broker) => broker.place(order('entry'))],
  ['cancel', 'orders 7000', (broker: Broker) => broker.cancel('o1')],
  ['positions', 'reads 7000', (broker: Broker) => broker.positions?.()],
  ['find', 'reads 7000', (broker: Broker) => broker.find('o1')],
] as const)('"too many" to %s drains its budget for as long as the broker says', async (method, drain, call) => {
  const denial = { code: 'RATE_LIMITED', message: '429', retryAfterMs: 7_000 } as const;
  const refused = method === 'find' ? { find: () => Promise.resolve({ unread: denial }) } : method === 'place' ? { place: () => Promise.resolve({ kind: 'rejected', denial } as const) } : { [method]: () => Promise.resolve({ ok: false, denial } as const) };
  const { broker, drains } = world(undefined, refused);
  await call(broker);
  expect(drains).toEqual([drain]);
  expect(broker.entryPause?.()).toBeUndefined();
});

test('where the broker does not say for how long, two seconds', async () => {
  const { broker, drains } = world(undefined, { cancel: () => Promise.resolve(deny('TOO_MANY_REQUESTS', '429')) });
  await broker.cancel('o1');
  expect(drains).toEqual(['orders 2000']);
});

test.each([
  ['placements without an outcome', { place: () => Promise.resolve({ kind: 'unknown', reason: 'HTTP 503' } as const) }, (broker: Broker) => broker.place(order('exit'))],
  ['placements that throw', { place: () => Promise.reject(new Error('reset')) }, (broker: Broker) => broker.place(order('exit'))],
  ['cancels without an outcome', { cancel: () => Promise.resolve(deny('OUTCOME_UNKNOWN', 'HTTP 503')) }, (broker: Broker) => broker.cancel('o1')],
  ['looks that throw', { find: () => Promise.reject(new Error('reset')) }, (broker: Broker) => broker.find('o1')],
  ['looks at what could not be read', { find: () => Promise.resolve({ unread: deny('NOT_READY', 'HTTP 503').denial }) }, (broker: Broker) => broker.find('o1')],
  ['looks that tell what was known', { find: () => Promise.resolve({ brokerOrderId: 'b', updates: [], unread: deny('NOT_READY', 'HTTP 503').denial }) }, (broker: Broker) => broker.find('o1')],
  ['lists that are not ready', { positions: () => Promise.resolve(deny('NOT_READY', 'HTTP 503')) }, (broker: Broker) => broker.positions?.()],
] as const)('five %s pause entries', async (_name, failing, call) => {
  const { broker } = world(undefined, failing);
  for (let time = 1; time <= 5; time += 1) {
    expect(broker.entryPause?.()).toBeUndefined();
    await Promise.resolve(call(broker)).catch(() => undefined);
  }
  expect(broker.entryPause?.()).toMatchObject({ since: 0, until: 15_000 });
  expect(await broker.place(order('entry'))).toMatchObject({ kind: 'rejected', denial: { code: 'BROKER_PAUSED' } });
});

test('a kill switch that is pulled while an entry waits for its turn means it too; exits pass', async () => {
  let killed = false;
  const { broker, reached } = world(() => {
    killed = true;
    return Promise.resolve(ok(undefined));
  }, { stoppedBy: () => Promise.resolve(killed ? { code: 'KILL_SWITCH', message: 'Pulled.' } : undefined) });
  expect(await broker.place(order('entry'))).toEqual({ kind: 'rejected', denial: { code: 'KILL_SWITCH', message: 'Pulled.' } });
  expect(reached).toEqual([]);
  expect(await broker.place(order('exit'))).toMatchObject({ kind: 'accepted' });
});
