import { toMoney, type Money } from '../../../runtime/domain/money';
import type { Instrument } from '../../../runtime/domain/market';
import type { Broker, BrokerOrder, BrokerUpdate, PlaceOutcome } from '../../../runtime/domain/ports';

/** Said by an adapter of what it can not do: it must not offer it then. */
export const NOT_SUPPORTED = 'NOT_SUPPORTED';

/** One broker ready to be tried, with the market in the hand of the suite. */
export interface BrokerBench {
  readonly broker: Broker;
  /** A share with lot 1 that trades freely at about 100 rupees, ticks of 0.05 dividing every price used; positions are flat. */
  readonly instrument: Instrument;
  /** Moves the instrument's market, in rupees; resolves when the broker has seen it. */
  readonly quote: (bid: number, ask: number) => Promise<void>;
  /** The same account over a new connection, as after a restart. The earlier one is closed by it. */
  readonly reopen: () => Promise<Broker>;
  readonly close: () => Promise<void>;
}

export interface BrokerSupport {
  /** New terms for an order that rests. */
  readonly modify: true | typeof NOT_SUPPORTED;
  /** The broker's own list of the day's orders. */
  readonly orderList: true | typeof NOT_SUPPORTED;
  /** The broker's own list of positions. */
  readonly positionList: true | typeof NOT_SUPPORTED;
}

let counter = 0;

/** What every broker adapter must do, whatever is behind it. `open` gives a fresh account for every fact. */
export function brokerContract(name: string, support: BrokerSupport, open: () => Promise<BrokerBench>): void {
  describe(`the broker contract, ${name}`, () => {
    let bench: BrokerBench;
    beforeEach(async () => {
      bench = await open();
      await bench.quote(100, 100.05);
    });
    afterEach(() => bench.close());

    const order = (more: Partial<BrokerOrder> = {}): BrokerOrder => ({
      id: `contract${++counter}`, instrument: bench.instrument.key, action: 'BUY', quantity: 10, product: 'MIS', orderType: 'MARKET', ...more,
    });
    const limit = (price: number, more: Partial<BrokerOrder> = {}) => order({ orderType: 'LIMIT', limitPrice: toMoney(price), ...more });
    const modifyTest = factFor(support.modify, () => bench.broker, 'modify');
    const orderListTest = factFor(support.orderList, () => bench.broker, 'orders');
    const positionListTest = factFor(support.positionList, () => bench.broker, 'positions');
    /** Places an order and gathers everything that is said of it, in the answer or later: a broker may do either. */
    const place = async (wanted: BrokerOrder) => {
      const told = collect(bench.broker, wanted.id);
      const outcome = accepted(await bench.broker.place(wanted));
      told.add(outcome.updates);
      return { outcome, told };
    };
    const placeAndFill = async (wanted: BrokerOrder) => {
      const { outcome, told } = await place(wanted);
      await told.until((updates) => filled(updates, wanted.id) === wanted.quantity);
      return { outcome, updates: told.updates };
    };

    test('a market order is accepted and its fills add up to its quantity', async () => {
      const { outcome, updates } = await placeAndFill(order());
      expect(outcome.brokerOrderId).not.toBe('');
      expect(averageOf(updates)).toBe(toMoney(100.05));
    });

    test('a sale takes the bid', async () => {
      expect(averageOf((await placeAndFill(order({ action: 'SELL' }))).updates)).toBe(toMoney(100));
    });

    test('placing an id again places nothing again', async () => {
      const wanted = order();
      const first = await placeAndFill(wanted);
      const funds = await bench.broker.funds();
      const second = accepted(await bench.broker.place(wanted));
      expect(second.brokerOrderId).toBe(first.outcome.brokerOrderId);
      expect(tradeIds(second.updates)).toEqual(tradeIds(first.updates));
      expect(await bench.broker.funds()).toEqual(funds);
    });

    test('the same id at the same time is placed once', async () => {
      const wanted = order();
      const told = collect(bench.broker, wanted.id);
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => bench.broker.place(wanted)));
      for (const outcome of outcomes) told.add(accepted(outcome).updates);
      await told.until((updates) => fillsIn(updates).length > 0);
      expect(new Set(outcomes.map((outcome) => accepted(outcome).brokerOrderId)).size).toBe(1);
      expect(new Set(tradeIds(told.updates)).size).toBe(1);
      expect(tradeIds((await bench.broker.find(wanted.id))?.updates ?? [])).toHaveLength(1);
    });

    test('an order that was placed is found with everything said of it', async () => {
      const wanted = order();
      const { outcome } = await placeAndFill(wanted);
      const found = await bench.broker.find(wanted.id);
      expect(found?.brokerOrderId).toBe(outcome.brokerOrderId);
      expect(filled(found?.updates ?? [], wanted.id)).toBe(10);
    });

    test('an order that was never placed is not found', async () => {
      expect(await bench.broker.find('neverplaced')).toBeUndefined();
    });

    test.each<[string, Partial<BrokerOrder>]>([
      ['a quantity of 0', { quantity: 0 }],
      ['a broken quantity', { quantity: 1.5 }],
      ['a limit order without a limit', { orderType: 'LIMIT' }],
      ['a limit off the tick', { orderType: 'LIMIT', limitPrice: toMoney(99.9899) }],
      ['more than the funds carry', { quantity: 100_000_000 }],
    ])('%s is refused as a value and moves no money', async (_what, more) => {
      const before = await bench.broker.funds();
      const outcome = await bench.broker.place(order(more));
      expect(outcome).toMatchObject({ kind: 'rejected', denial: { code: expect.any(String) as string, message: expect.any(String) as string } });
      expect(await bench.broker.funds()).toEqual(before);
    });

    test('a position blocks margin and an exit frees it', async () => {
      const before = await bench.broker.funds();
      await placeAndFill(order());
      const held = await bench.broker.funds();
      expect(held.used).toBeGreaterThan(before.used);
      expect(held.available).toBeLessThan(before.available);
      await placeAndFill(order({ action: 'SELL' }));
      const after = await bench.broker.funds();
      expect(after.used).toBe(before.used);
      expect(after.available).toBeLessThan(before.available);
    });

    test('margin per unit is above zero and not above the price of a share', () => {
      const margin = bench.broker.marginPerUnit(bench.instrument, 'MIS', toMoney(100));
      expect(margin).toBeGreaterThan(0);
      expect(margin).toBeLessThanOrEqual(toMoney(100));
    });

    test('cancelling what does not exist is refused as a value', async () => {
      expect(await bench.broker.cancel('neverplaced')).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
    });

    test('cancelling what is filled is refused and undoes nothing', async () => {
      const wanted = order();
      await placeAndFill(wanted);
      expect(await bench.broker.cancel(wanted.id)).toMatchObject({ ok: false });
      expect(filled((await bench.broker.find(wanted.id))?.updates ?? [], wanted.id)).toBe(10);
    });

    test('a limit order away from the market rests, fills once the market comes, and is told of in order', async () => {
      const wanted = limit(99);
      const { told } = await place(wanted);
      await told.until((updates) => statuses(updates).at(-1) === 'OPEN');
      expect(filled(told.updates, wanted.id)).toBe(0);
      await bench.quote(98.9, 98.95);
      await told.until((updates) => filled(updates, wanted.id) === 10);
      await bench.quote(98, 98.05);
      expect(filled(told.updates, wanted.id)).toBe(10);
      expect(averageOf(told.updates)).toBeLessThanOrEqual(toMoney(99));
      expect(tradeIds((await bench.broker.find(wanted.id))?.updates ?? [])).toEqual(tradeIds(told.updates));
    });

    test('a resting order reserves margin and a cancelled one gives back exactly its own', async () => {
      const before = await bench.broker.funds();
      const [first, second] = [limit(99), limit(98)];
      await bench.broker.place(first);
      const withOne = await bench.broker.funds();
      await bench.broker.place(second);
      expect(withOne.available).toBeLessThan(before.available);
      expect((await bench.broker.funds()).available).toBeLessThan(withOne.available);
      expect(await bench.broker.cancel(second.id)).toEqual({ ok: true });
      expect(await bench.broker.funds()).toEqual(withOne);
      expect(await bench.broker.cancel(first.id)).toEqual({ ok: true });
      expect(await bench.broker.funds()).toEqual(before);
    });

    test('a cancelled order is told of and never fills', async () => {
      const wanted = limit(99);
      const { told } = await place(wanted);
      await bench.broker.cancel(wanted.id);
      await told.until((updates) => statuses(updates).includes('CANCELLED'));
      await bench.quote(98, 98.05);
      expect(filled((await bench.broker.find(wanted.id))?.updates ?? [], wanted.id)).toBe(0);
    });

    test('a stop rests until its trigger is reached, then fills', async () => {
      await placeAndFill(order());
      const stop = order({ action: 'SELL', orderType: 'SL-M', triggerPrice: toMoney(98) });
      const { told } = await place(stop);
      await told.until((updates) => statuses(updates).at(-1) === 'TRIGGER_PENDING');
      const before = told.updates.length;
      await bench.quote(98.5, 98.55);
      expect((await bench.broker.find(stop.id))?.updates).toHaveLength(before);
      await bench.quote(97.9, 97.95);
      await told.until((updates) => filled(updates, stop.id) === 10);
      expect(averageOf(told.updates)).toBe(toMoney(97.9));
    });

    test('a listener that left hears nothing', async () => {
      const heard: BrokerUpdate[] = [];
      bench.broker.onUpdate((update) => heard.push(update))();
      const wanted = limit(99);
      await bench.broker.place(wanted);
      await bench.broker.cancel(wanted.id);
      expect((await bench.broker.find(wanted.id))?.updates?.length).toBeGreaterThan(0);
      expect(heard).toEqual([]);
    });

    test('after a reconnection an order is still known, is not placed again, and what rests still fills', async () => {
      const done = order();
      const waits = limit(99);
      const first = (await placeAndFill(done)).outcome;
      await bench.broker.place(waits);
      const funds = await bench.broker.funds();
      const broker = await bench.reopen();
      expect(await broker.funds()).toEqual(funds);
      expect(accepted(await broker.place(done)).brokerOrderId).toBe(first.brokerOrderId);
      const told = collect(broker, waits.id);
      // Whoever comes back looks for what it left open.
      told.add((await broker.find(waits.id))?.updates ?? []);
      await bench.quote(98.9, 98.95);
      await told.until((updates) => filled(updates, waits.id) === 10);
    });

    modifyTest('a resting order takes new terms and fills by them', async () => {
      const wanted = limit(99);
      const { told } = await place(wanted);
      await told.until((updates) => statuses(updates).at(-1) === 'OPEN');
      expect(await bench.broker.modify?.(wanted.id, { limitPrice: toMoney(99.5) })).toEqual({ ok: true });
      expect(await bench.broker.modify?.(wanted.id, { quantity: 6 })).toEqual({ ok: true });
      await bench.quote(99.4, 99.45);
      await told.until((updates) => filled(updates, wanted.id) === 6);
      expect(averageOf(told.updates)).toBeLessThanOrEqual(toMoney(99.5));
      expect(await bench.broker.modify?.('neverplaced', { quantity: 1 })).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
    });

    modifyTest('a stop that rests takes another trigger and a smaller quantity, is known over a new connection, and fills by them', async () => {
      await placeAndFill(order());
      const stop = order({ action: 'SELL', orderType: 'SL-M', triggerPrice: toMoney(97) });
      const { told } = await place(stop);
      await told.until((updates) => statuses(updates).at(-1) === 'TRIGGER_PENDING');
      expect(await bench.broker.modify?.(stop.id, { triggerPrice: toMoney(98) })).toEqual({ ok: true });
      expect(await bench.broker.modify?.(stop.id, { quantity: 4, triggerPrice: toMoney(98.5) })).toEqual({ ok: true });
      const broker = await bench.reopen();
      expect(await broker.find(stop.id)).toMatchObject({ terms: { quantity: 4, triggerPrice: toMoney(98.5) } });
      const later = collect(broker, stop.id);
      await bench.quote(98.4, 98.45);
      await later.until((updates) => filled(updates, stop.id) === 4);
      expect(await broker.cancel(stop.id)).toMatchObject({ ok: false });
    });

    modifyTest('terms that are no terms are refused and change nothing', async () => {
      const wanted = limit(99);
      await place(wanted);
      expect(await bench.broker.modify?.(wanted.id, { limitPrice: toMoney(99.9899) })).toMatchObject({ ok: false, denial: { code: 'PRICE_OFF_TICK' } });
    });

    orderListTest('the list of orders tells what was placed, by our id', async () => {
      const [done, waits] = [order(), limit(99)];
      await placeAndFill(done);
      await place(waits);
      const listed = await bench.broker.orders?.();
      expect(listed).toMatchObject({ ok: true });
      expect(listed?.ok === true && listed.value.map(({ orderId, status, quantity }) => ({ orderId, status, quantity }))).toEqual(expect.arrayContaining([
        { orderId: done.id, status: 'FILLED', quantity: 10 }, { orderId: waits.id, status: 'OPEN', quantity: 10 },
      ]));
    });

    positionListTest('the list of positions tells what is held, with its sign, and nothing that is flat', async () => {
      const sell = order({ action: 'SELL', quantity: 15 });
      await placeAndFill(order());
      expect(await bench.broker.positions?.()).toEqual({ ok: true, value: [{ instrument: bench.instrument.key, product: 'MIS', quantity: 10, averagePrice: toMoney(100.05) }] });
      await placeAndFill(sell);
      expect(await bench.broker.positions?.()).toEqual({ ok: true, value: [{ instrument: bench.instrument.key, product: 'MIS', quantity: -5, averagePrice: toMoney(100) }] });
      await placeAndFill(order({ quantity: 5 }));
      expect(await bench.broker.positions?.()).toEqual({ ok: true, value: [] });
    });
  });
}

/** Where the adapter declares a fact out of its reach, it must not offer what the fact is about. */
function factFor(support: true | typeof NOT_SUPPORTED, broker: () => Broker, ability: 'modify' | 'orders' | 'positions'): (fact: string, prove: () => Promise<void>) => void {
  return (fact, prove) => {
    if (support === true) test(fact, prove);
    else test(`${NOT_SUPPORTED}, and not offered: ${fact}`, () => expect(broker()).not.toHaveProperty(ability));
  };
}

type Accepted = Extract<PlaceOutcome, { kind: 'accepted' }>;

function accepted(outcome: PlaceOutcome): Accepted {
  if (outcome.kind !== 'accepted') throw new Error(`Expected acceptance, got ${JSON.stringify(outcome)}`);
  return outcome;
}

function fillsIn(updates: readonly BrokerUpdate[]) {
  return updates.flatMap((update) => (update.kind === 'fill' ? [update.fill] : []));
}

function filled(updates: readonly BrokerUpdate[], orderId: string): number {
  return fillsIn(updates).reduce((sum, fill) => {
    expect(fill.orderId).toBe(orderId);
    return sum + fill.quantity;
  }, 0);
}

function averageOf(updates: readonly BrokerUpdate[]): Money {
  const fills = fillsIn(updates);
  return toMoney(fills.reduce((sum, fill) => sum + fill.price * fill.quantity, 0) / fills.reduce((sum, fill) => sum + fill.quantity, 0) / 10_000);
}

function tradeIds(updates: readonly BrokerUpdate[]): readonly string[] {
  return fillsIn(updates).map((fill) => fill.tradeId);
}

function statuses(updates: readonly BrokerUpdate[]): readonly string[] {
  return updates.flatMap((update) => (update.kind === 'status' ? [update.status] : []));
}

/** Gathers what is told of one order; `until` resolves when it satisfies a condition. */
function collect(broker: Broker, orderId: string) {
  const updates: BrokerUpdate[] = [];
  const waiting = new Set<() => void>();
  broker.onUpdate((update) => {
    if ((update.kind === 'fill' ? update.fill.orderId : update.orderId) !== orderId) return;
    updates.push(update);
    for (const look of [...waiting]) look();
  });
  const add = (more: readonly BrokerUpdate[]): void => {
    updates.push(...more);
    for (const look of [...waiting]) look();
  };
  const until = (satisfied: (updates: readonly BrokerUpdate[]) => boolean) => new Promise<void>((resolve) => {
    const look = (): void => {
      if (!satisfied(updates)) return;
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
  });
  return { updates, add, until };
}
