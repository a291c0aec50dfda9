import { toMoney } from '../../../runtime/domain/money';
import type { ProtectionTerms } from '../../../runtime/domain/protection';
import { protectionWorld, type ProtectionWorld, type WorldOptions } from '../../doubles/protectionWorld';

const STOP: ProtectionTerms = { stop: { by: 'points', points: toMoney(5) } };
const BRACKET: ProtectionTerms = { ...STOP, target: { by: 'points', points: toMoney(8) } };

let world: ProtectionWorld;
const begin = async (options: WorldOptions = {}): Promise<void> => {
  world = await protectionWorld(options);
};
afterEach(() => world.close());

const alarms = async () => (await world.store.events.after({ after: 0, kinds: ['protectionFailed', 'protectionLost'] })).map(({ kind, message }) => `${kind}: ${message}`);
const only = async () => {
  const [exit, second] = await world.exits();
  if (exit === undefined || second !== undefined) throw new Error('There is not exactly one exit.');
  return exit;
};

describe('27: a partial fill, then nothing more is heard', () => {
  test('the filled part is protected at once, and the rest as it fills', async () => {
    await begin();
    world.exchange.market = 4;
    const entry = await world.enter(STOP);
    world.process('one');
    await world.pass(0);
    expect(await world.protection()).toMatchObject({ status: 'ACTIVE', filled: 4, stopLevel: toMoney(95) });
    world.exchange.market = 'fill';
    world.tick(94);
    await world.settle();
    expect(await only()).toMatchObject({ action: 'SELL', quantity: 4, status: 'FILLED' });
    world.exchange.fill(entry.id, 6, 94);
    await world.pass(2_000);
    expect(await world.held()).toBe(0);
    expect((await world.exits()).map(({ quantity }) => quantity)).toEqual([4, 6]);
  });
});

describe('30: both sides of a pair fill', () => {
  test('a stop that fills although it was taken back leaves an excess: it is given back, with an alarm', async () => {
    await begin({ heldStops: true });
    world.process('one');
    await world.pass(0);
    await world.enter(BRACKET);
    await world.pass(0);
    const stop = await only();
    expect(stop).toMatchObject({ orderType: 'SL-M', triggerPrice: toMoney(95), status: 'TRIGGER_PENDING' });
    world.tick(108);
    await world.pass(0);
    expect(await world.held()).toBe(0);
    world.exchange.fill(stop.id, 10, 95);
    await world.pass(1_000);
    expect(await world.held()).toBe(0);
    expect((await world.exits()).map(({ action, quantity, status }) => [action, quantity, status])).toEqual([['SELL', 10, 'FILLED'], ['SELL', 10, 'FILLED'], ['BUY', 10, 'FILLED']]);
    expect(await alarms()).toEqual([expect.stringContaining('10 more was closed than was held')]);
    expect(await world.protection()).toMatchObject({ status: 'DONE' });
  });
});

describe('30: both sides of a pair fill, and the way back is not open', () => {
  const bothFill = async (): Promise<void> => {
    await world.pass(0);
    const stop = (await world.exits()).at(-1);
    world.tick(108);
    await world.pass(0);
    world.exchange.market = 'reject';
    world.exchange.fill(stop?.id ?? '', 10, 95);
    await world.pass(1_000);
  };

  test('an excess whose return is refused stays watched, and is given back when it can be', async () => {
    await begin({ heldStops: true });
    world.process('one');
    await world.pass(0);
    await world.enter(BRACKET);
    await bothFill();
    expect(await world.held()).toBe(-10);
    for (let looks = 0; looks < 5; looks += 1) await world.pass(1_000);
    world.exchange.market = 'fill';
    for (let looks = 0; looks < 10; looks += 1) await world.pass(1_000);
    expect([await world.held(), (await world.protection()).status]).toEqual([0, 'DONE']);
  });

  test('where the strategy holds as much by another entry nothing is given back, and nothing is asked for again and again', async () => {
    await begin({ heldStops: true });
    world.process('one');
    await world.pass(0);
    await world.enter(BRACKET);
    await world.pass(0);
    await world.enter({ target: { by: 'price', price: toMoney(500) } }, 10, { signalId: 'second' });
    world.exchange.market = 'fill';
    const stop = (await world.exits()).find(({ orderType }) => orderType === 'SL-M');
    world.tick(108);
    await world.pass(0);
    world.exchange.fill(stop?.id ?? '', 10, 95);
    for (let looks = 0; looks < 60; looks += 1) await world.pass(1_000);
    expect(await world.held()).toBe(0);
    expect((await world.exits()).map(({ action }) => action)).toEqual(['SELL', 'SELL']);
    expect(await world.store.protections.live()).toEqual([]);
  });
});

describe('31: the target is met while the stop still rests', () => {
  test('the stop is taken back first, and what it has filled is not sold again', async () => {
    await begin({ heldStops: true });
    world.process('one');
    await world.pass(0);
    await world.enter(BRACKET);
    await world.pass(0);
    world.exchange.cancels = false;
    const stop = await only();
    world.tick(109);
    await world.pass(1_000);
    expect(world.exchange.broker.cancelled).toContain(stop.id);
    expect(await world.exits()).toHaveLength(1);
    // The stop was quicker with a part, and only then is gone.
    world.exchange.fill(stop.id, 7, 95);
    world.exchange.end(stop.id);
    await world.pass(1_000);
    expect((await world.exits()).map(({ orderType, filledQuantity }) => [orderType, filledQuantity])).toEqual([['SL-M', 7], ['MARKET', 3]]);
    expect(await world.held()).toBe(0);
    expect(await alarms()).toEqual([]);
  });

  test('a target watched by the runtime leaves nothing behind', async () => {
    await begin();
    world.process('one');
    await world.enter(BRACKET);
    world.tick(108);
    await world.pass(0);
    expect(await only()).toMatchObject({ orderType: 'MARKET', quantity: 10 });
    world.tick(90);
    await world.pass(10_000);
    expect(await world.exits()).toHaveLength(1);
    expect(await world.held()).toBe(0);
  });
});

describe('36: a protected exit rests unfilled', () => {
  test('it is taken back and sent again with what is left; after six rounds a person is called, and it goes on', async () => {
    await begin();
    world.process('one');
    await world.enter(STOP);
    world.exchange.market = 'rest';
    world.tick(94);
    for (let second = 0; second < 120; second += 1) await world.pass(1_000);
    const exits = await world.exits();
    expect(exits.length).toBeGreaterThan(6);
    expect(exits.length).toBeLessThanOrEqual(12);
    expect(exits.slice(0, -1).filter(({ status }) => status !== 'CANCELLED')).toEqual([]);
    expect(await alarms()).toEqual([expect.stringContaining('10 could not be closed')]);
    expect(await world.held()).toBe(10);
    world.exchange.market = 'fill';
    for (let second = 0; second < 30; second += 1) await world.pass(1_000);
    expect([await world.held(), (await world.protection()).status]).toEqual([0, 'DONE']);
  });

  test('one that begins to fill is chased with the rest until it is through', async () => {
    await begin();
    world.process('one');
    await world.enter(STOP);
    world.exchange.market = 3;
    world.tick(94);
    for (let second = 0; second < 60; second += 1) await world.pass(1_000);
    expect(await world.held()).toBe(0);
    expect((await world.exits()).map(({ filledQuantity }) => filledQuantity)).toEqual([3, 3, 3, 1]);
  });

  test('one of which nobody knows the outcome is not repeated', async () => {
    await begin();
    world.process('one');
    await world.enter(STOP);
    world.exchange.market = 'unknown';
    world.tick(94);
    for (let second = 0; second < 60; second += 1) await world.pass(1_000);
    expect(await only()).toMatchObject({ status: 'UNKNOWN' });
    world.exchange.fill((await only()).id, 10, 94);
    await world.pass(1_000);
    expect(await world.protection()).toMatchObject({ status: 'DONE' });
  });
});

describe('60: prices that are stale', () => {
  test('a stale price sells nothing in a panic; the next fresh one acts', async () => {
    await begin();
    world.process('one');
    await world.enter(STOP);
    await world.pass(0);
    world.tick(50, 60_000);
    await world.pass(1_000);
    expect(await world.exits()).toEqual([]);
    world.tick(94.9);
    await world.pass(0);
    expect(await world.held()).toBe(0);
  });

  test('while the exchange is closed nothing is sent, and a time stop waits for its opening', async () => {
    await begin();
    world.process('one');
    await world.enter({ timeStop: { by: 'duration', durationMs: 60_000 } });
    await world.pass(0);
    world.open = false;
    await world.pass(120_000);
    expect(await world.exits()).toEqual([]);
    world.open = true;
    await world.pass(1_000);
    expect(await world.held()).toBe(0);
  });
});
