import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paperBench, SHARE } from '../../../../tests/contracts/broker/paperBench';
import { toMoney, ZERO_MONEY } from '../../../domain/money';
import type { BrokerOrder } from '../../../domain/ports';
import { flatPosition } from '../../../domain/position';
import { NOW, silentLog } from '../../../../tests/doubles/ingressWorld';
import { openSqliteJournal, type SqliteJournal } from '../../store';
import { manualClock } from '../../system/manual';
import type { PaperBook, PaperOrder } from '../../../domain/paper';
import { sqlitePaperBook } from './sqliteBook';

let home: string;
let journals: SqliteJournal[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bellwether-book-'));
  journals = [];
});
afterEach(async () => {
  await Promise.all(journals.map(({ store }) => store.close()));
  rmSync(home, { recursive: true });
});

/** A connection of its own to the one file. */
async function open(account = 'paper'): Promise<PaperBook> {
  const journal = await openSqliteJournal({ path: join(home, 'journal.db'), clock: manualClock(NOW), log: silentLog });
  journals.push(journal);
  return sqlitePaperBook(journal, account);
}

const row = (id: string, status: PaperOrder['status'] = 'OPEN'): PaperOrder => ({
  id, brokerOrderId: `b${id}`, instrument: SHARE.key, action: 'BUY', quantity: 10, product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(99.5), status, filledQuantity: 0,
  opens: 10, reserved: toMoney(199), placedAt: 5, updates: [{ kind: 'status', orderId: id, status: 'REJECTED', happenedAt: 5, denial: { code: 'NO_PRICE', message: 'none', limit: 1 } }],
});

test('what was written is read back the same, by the next one to open the file too', async () => {
  const position = { ...flatPosition({ account: 'paper', strategyId: '', instrument: SHARE.key, product: 'MIS' }, 7), quantity: -3, openValue: toMoney(-300), realisedPnl: toMoney(-1.5), charges: toMoney(0.01) };
  const first = await open();
  await first.step((page) => {
    page.saveOrder(row('a'));
    page.saveOrder(row('b', 'FILLED'));
    page.saveOrder(row('c', 'TRIGGER_PENDING'));
    page.savePosition(position);
  });
  await first.close();
  const second = await open();
  await second.step((page) => {
    expect(page.order('a')).toEqual(row('a'));
    expect(page.order('z')).toBeUndefined();
    expect(page.resting().map((order) => order.id)).toEqual(['a', 'c']);
    expect(page.resting(SHARE.key)).toHaveLength(2);
    expect(page.position(SHARE.key, 'MIS')).toEqual(position);
    expect(page.position(SHARE.key, 'CNC')).toBeUndefined();
    expect(page.openPositions()).toEqual([position]);
    expect(page.totals()).toEqual({ realisedPnl: toMoney(-1.5), charges: toMoney(0.01) });
  });
  await second.close();
});

test('a step that throws writes nothing and spoils none of the steps beside it', async () => {
  const book = await open();
  const results = await Promise.allSettled([
    book.step((page) => page.saveOrder(row('a'))),
    book.step((page) => {
      page.saveOrder(row('b'));
      throw new Error('second thoughts');
    }),
    book.step((page) => page.saveOrder(row('c'))),
  ]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await book.step((page) => page.resting().map((order) => order.id))).toEqual(['a', 'c']);
  await book.close();
});

test('steps that were asked for before closing are carried out, later ones are refused', async () => {
  const book = await open();
  const pending = Array.from({ length: 600 }, (_, index) => book.step((page) => page.saveOrder(row(`n${index}`))));
  await book.close();
  await Promise.all(pending);
  await expect(book.step(() => 1)).rejects.toThrow('closed');
  const again = await open();
  expect(await again.step((page) => page.resting().length)).toBe(600);
  await again.close();
});

test('accounts of one file know nothing of each other', async () => {
  const [first, second] = [await open('first'), await open('second')];
  await first.step((page) => page.saveOrder(row('a')));
  expect(await second.step((page) => [page.order('a'), page.resting()])).toEqual([undefined, []]);
});

test('an empty account has no totals', async () => {
  const book = await open();
  expect(await book.step((page) => page.totals())).toEqual({ realisedPnl: ZERO_MONEY, charges: ZERO_MONEY });
  await book.close();
});

test('two connections to one file place the same id once and fill a resting order once', async () => {
  const bench = paperBench();
  bench.quote(SHARE, 100, 100.05);
  const brokers = await Promise.all([1, 2].map(async () => bench.connect(await open())));
  const wanted: BrokerOrder = { id: 'once', instrument: SHARE.key, action: 'BUY', quantity: 10, product: 'MIS', orderType: 'LIMIT', limitPrice: toMoney(99) };
  const outcomes = await Promise.all(brokers.flatMap((broker) => [broker.place(wanted), broker.place(wanted)]));
  expect(new Set(outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.brokerOrderId : outcome.kind))).size).toBe(1);
  bench.quote(SHARE, 98, 98.05);
  for (let turn = 0; turn < 3; turn++) await Promise.all(brokers.map((broker) => broker.funds()));
  const found = await Promise.all(brokers.map((broker) => broker.find('once')));
  expect(found[0]).toEqual(found[1]);
  expect(found[0]?.updates?.filter((update) => update.kind === 'fill')).toHaveLength(1);
  expect((await brokers[0]?.funds())?.used).toBe(toMoney(198));
  await bench.close();
});


test('a look sees every step that has resolved and waits for none that is on its way', async () => {
  const book = await open();
  await book.step((page) => { page.saveOrder(row('a')); });
  const underWay = book.step((page) => { page.saveOrder(row('b')); });
  expect(await book.look((page) => page.resting().map(({ id }) => id))).toEqual(['a']);
  await underWay;
  expect(await book.look((page) => page.resting().map(({ id }) => id))).toEqual(['a', 'b']);
  await book.close();
  await expect(book.look((page) => page.totals())).rejects.toThrow('closed');
});
