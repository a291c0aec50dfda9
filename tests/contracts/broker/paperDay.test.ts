import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PaperBook } from '../../../runtime/domain/paper';
import { memoryPaperBook } from '../../../runtime/adapters/brokers/paper/memoryBook';
import { sqlitePaperBook } from '../../../runtime/adapters/brokers/paper/sqliteBook';
import { openSqliteJournal, type SqliteJournal } from '../../../runtime/adapters/store';
import { manualClock } from '../../../runtime/adapters/system/manual';
import type { PaperAccount } from '../../../runtime/domain/account';
import { chargesOf } from '../../../runtime/domain/charges';
import { fromMoney, toMoney } from '../../../runtime/domain/money';
import type { Broker, BrokerOrder, BrokerUpdate, ListedOrder } from '../../../runtime/domain/ports';
import { indiaTime } from '../../../runtime/domain/session';
import { NOW, silentLog } from '../../doubles/ingressWorld';
import { CALL, FUTURE, INDEX, paperBench, SHARE } from './paperBench';

interface Books {
  readonly next: () => Promise<PaperBook>;
  readonly clean: () => Promise<void>;
}

function inMemory(): Books {
  const book = memoryPaperBook();
  return { next: () => Promise.resolve(book), clean: () => Promise.resolve() };
}

function onSqlite(): Books {
  const home = mkdtempSync(join(tmpdir(), 'bellwether-paper-day-'));
  const journals: SqliteJournal[] = [];
  return {
    async next() {
      const journal = await openSqliteJournal({ path: join(home, 'journal.db'), clock: manualClock(NOW), log: silentLog });
      journals.push(journal);
      return sqlitePaperBook(journal, 'paper');
    },
    async clean() {
      await Promise.all(journals.map(({ store }) => store.close()));
      rmSync(home, { recursive: true });
    },
  };
}

describe.each([['in memory', inMemory], ['on SQLite', onSqlite]])('the broker’s own day, with a book %s', (_where, makeBooks) => {
  let books: Books;
  let bench: ReturnType<typeof paperBench>;
  let broker: Broker;
  let updates: BrokerUpdate[];
  let count = 0;

  async function open(account: Partial<PaperAccount> = {}): Promise<void> {
    bench = paperBench({ capital: 10_000_000, ...account });
    bench.quote(SHARE, 100, 100.05);
    bench.quote(FUTURE, 26_000, 26_001);
    bench.quote(CALL, 100, 100.5);
    bench.quote(INDEX, 25_990, 25_990);
    await connect();
  }
  async function connect(): Promise<void> {
    broker = await bench.connect(await books.next());
    updates = [];
    broker.onUpdate((update) => updates.push(update));
  }
  beforeEach(async () => {
    books = makeBooks();
    await open();
  });
  afterEach(async () => {
    await bench.close();
    await books.clean();
  });

  const order = (more: Partial<BrokerOrder> = {}): BrokerOrder => ({ id: `o${++count}`, instrument: SHARE.key, action: 'BUY', quantity: 100, product: 'MIS', orderType: 'MARKET', ...more });
  const place = (more: Partial<BrokerOrder> = {}) => broker.place(order(more));
  const goTo = (date: string, time: string): void => {
    bench.clock.advance(indiaTime(date, time) - bench.clock.now());
  };
  const listed = async (): Promise<readonly ListedOrder[]> => {
    const found = await broker.orders?.();
    return found?.ok === true ? found.value : [];
  };
  const byBroker = async (): Promise<readonly ListedOrder[]> => (await listed()).filter(({ orderId }) => orderId === undefined);
  const held = async (): Promise<Readonly<Record<string, number>>> => {
    const found = await broker.positions?.();
    return Object.fromEntries((found?.ok === true ? found.value : []).map(({ instrument, product, quantity }) => [`${instrument} ${product}`, quantity]));
  };
  const statuses = (): readonly string[] => updates.map((update) => (update.kind === 'status' ? `${update.orderId} ${update.status}` : 'fill'));

  describe('square-off', () => {
    test('closes intraday positions at the market at 15:20, with a fee, as an order that nobody sent; delivery and carry-forward stay', async () => {
      await place();
      await place({ action: 'SELL', instrument: FUTURE.key, quantity: 65 });
      await place({ product: 'CNC', quantity: 7 });
      await place({ product: 'NRML', instrument: FUTURE.key, quantity: 65 });
      goTo('2026-11-20', '15:19');
      expect(await byBroker()).toEqual([]);
      goTo('2026-11-20', '15:20');
      bench.quote(SHARE, 104, 104.05);
      const orders = await byBroker();
      const usual = chargesOf({ segment: 'cash', product: 'MIS', exchange: 'NSE', action: 'SELL', quantity: 100, price: toMoney(104), at: bench.clock.now() }).total;
      expect(orders).toHaveLength(2);
      expect(orders.find(({ instrument }) => instrument === SHARE.key)).toMatchObject({ action: 'SELL', quantity: 100, filledQuantity: 100, product: 'MIS', status: 'FILLED', averagePrice: toMoney(104), charges: usual + toMoney(59), placedAt: bench.clock.now() });
      expect(orders.find(({ instrument }) => instrument === FUTURE.key)).toMatchObject({ action: 'BUY', quantity: 65, averagePrice: toMoney(26_001) });
      expect(orders.every(({ brokerOrderId }) => brokerOrderId.startsWith('square-off-'))).toBe(true);
      expect(await held()).toEqual({ 'NSE:TEST CNC': 7, 'NFO:NIFTY29DEC26FUT NRML': 65 });
    });

    test('cancels intraday orders that rest, says so, and gives their margin back', async () => {
      const wanted = order({ orderType: 'LIMIT', limitPrice: toMoney(90) });
      await broker.place(wanted);
      await place({ product: 'CNC', orderType: 'LIMIT', limitPrice: toMoney(90), quantity: 1 });
      await place({ instrument: FUTURE.key, orderType: 'LIMIT', limitPrice: toMoney(25_000), quantity: 65 });
      expect(bench.market.subscriptions()).toBe(2);
      goTo('2026-11-20', '15:20');
      await broker.positions?.();
      expect(statuses()).toEqual([`${wanted.id} CANCELLED`, `o${count} CANCELLED`]);
      expect(bench.market.subscriptions()).toBe(1);
      expect(fromMoney((await broker.funds()).used)).toBe(90);
    });

    test('from then on MIS takes what closes a position and nothing else', async () => {
      await place({ quantity: 10 });
      goTo('2026-11-20', '15:20');
      bench.quote(SHARE, 100, 100.05);
      expect(await place({ action: 'SELL', quantity: 4 })).toMatchObject({ kind: 'accepted' });
      expect(await place({ action: 'SELL', quantity: 7 })).toMatchObject({ kind: 'rejected', denial: { code: 'SQUARE_OFF_TIME' } });
      expect(await place()).toMatchObject({ kind: 'rejected', denial: { code: 'SQUARE_OFF_TIME', field: 'product' } });
      expect(await place({ product: 'CNC' })).toMatchObject({ kind: 'accepted' });
      expect(await byBroker()).toMatchObject([{ quantity: 6 }]);
    });

    test('is still listed when whoever keeps the journal comes back days later', async () => {
      await place();
      goTo('2026-11-20', '15:20');
      const done = await byBroker();
      goTo('2026-11-23', '10:00');
      expect(done).toHaveLength(1);
      expect(await listed()).toEqual(done);
    });

    test('waits for a price', async () => {
      await place();
      goTo('2026-11-20', '15:20');
      bench.market.forget(SHARE.key);
      expect(await held()).toEqual({ 'NSE:TEST MIS': 100 });
      bench.quote(SHARE, 99, 99.05);
      expect(await held()).toEqual({});
    });

    test('is done once, however many look', async () => {
      await place();
      const other = await bench.connect(await books.next());
      goTo('2026-11-20', '15:21');
      await Promise.all([broker.orders?.(), other.orders?.(), broker.positions?.(), other.positions?.()]);
      expect(await byBroker()).toHaveLength(1);
      expect(await held()).toEqual({});
    });

    test('is not for a market that never closes', async () => {
      await open({ marketHours: 'always' });
      await place();
      goTo('2026-11-20', '15:25');
      expect(await held()).toEqual({ 'NSE:TEST MIS': 100 });
      expect(await place()).toMatchObject({ kind: 'accepted' });
    });
  });

  describe('expiry', () => {
    const settleIn = async (index: number, time = '15:40'): Promise<readonly ListedOrder[]> => {
      goTo('2026-12-29', time);
      bench.quote(INDEX, index, index);
      return byBroker();
    };

    test('a future settles in cash at its underlying, at the end of its last session', async () => {
      await place({ product: 'NRML', instrument: FUTURE.key, quantity: 65 });
      expect(await settleIn(26_500, '15:39')).toEqual([]);
      expect(await settleIn(26_500)).toMatchObject([{ action: 'SELL', quantity: 65, averagePrice: toMoney(26_500), status: 'FILLED' }]);
      const { available, used } = await broker.funds();
      expect(used).toBe(0);
      expect(fromMoney(available)).toBeGreaterThan(10_000_000 + 65 * 499 - 5_000);
      expect((await byBroker())[0]?.brokerOrderId).toMatch(/^settlement-/);
    });

    test.each([[26_250, 250], [25_000, 0]])('a call of 26,000 at an index of %d is worth %d', async (index, value) => {
      await place({ product: 'NRML', instrument: CALL.key, quantity: 65 });
      expect(await settleIn(index)).toMatchObject([{ action: 'SELL', averagePrice: toMoney(value), ...(value === 0 ? { charges: 0 } : {}) }]);
      expect(await held()).toEqual({});
    });

    test('a written option that ends out of the money keeps its premium', async () => {
      await place({ action: 'SELL', product: 'NRML', instrument: CALL.key, quantity: 65 });
      const before = (await broker.funds()).available + (await broker.funds()).used;
      await settleIn(25_000);
      expect(await broker.funds()).toEqual({ available: before + toMoney(65 * 100), used: 0 });
    });
  });

  test('over a restart and a clock that jumps over weeks, everything that was due is done once, in its order', async () => {
    await place({ quantity: 10 });
    await place({ product: 'NRML', instrument: FUTURE.key, quantity: 65 });
    await place({ product: 'CNC', quantity: 3 });
    await place({ instrument: CALL.key, quantity: 65 });
    const waiting = order({ product: 'CNC', quantity: 5, orderType: 'LIMIT', limitPrice: toMoney(90) });
    await broker.place(waiting);
    await broker.close();
    goTo('2027-01-04', '10:00');
    await connect();
    const orders = await byBroker();
    // The newest first.
    expect(orders.map(({ brokerOrderId }) => brokerOrderId.slice(0, 10))).toEqual(['settlement', 'square-off', 'square-off']);
    expect(orders.map(({ instrument }) => instrument).sort()).toEqual([CALL.key, FUTURE.key, SHARE.key]);
    expect(await held()).toEqual({ 'NSE:TEST CNC': 3 });
    expect((await broker.find(waiting.id))?.updates?.at(-1)).toMatchObject({ status: 'EXPIRED' });
    expect(statuses()).toEqual([`${waiting.id} EXPIRED`]);
    await broker.close();
    await connect();
    expect(await byBroker()).toEqual(orders);
    expect(fromMoney((await broker.funds()).used)).toBe(300.15);
  });

  test('shares in delivery arrive with the next trading day; they may be sold before', async () => {
    const delivered = async (): Promise<unknown> => {
      const found = await broker.positions?.();
      return found?.ok === true ? found.value.map(({ quantity, delivered: arrived }) => [quantity, arrived]) : found;
    };
    await place({ product: 'CNC', quantity: 10 });
    expect(await delivered()).toEqual([[10, 0]]);
    goTo('2026-11-22', '12:00');
    expect(await delivered()).toEqual([[10, 0]]);
    goTo('2026-11-23', '09:15');
    expect(await delivered()).toEqual([[10, 10]]);
    await place({ product: 'CNC', quantity: 5 });
    await place({ product: 'CNC', action: 'SELL', quantity: 8 });
    expect(await delivered()).toEqual([[7, 7]]);
    expect(await place({ product: 'CNC', action: 'SELL', quantity: 8 })).toMatchObject({ kind: 'rejected', denial: { code: 'NO_POSITION' } });
    expect(await place({ product: 'CNC', action: 'SELL', quantity: 7 })).toMatchObject({ kind: 'accepted' });
  });
});
