import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSqliteStore } from '../../../runtime/adapters/store';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { gzipSync } from 'node:zlib';
import { heapInUse } from '../../doubles/heap';
import { inboxStore, type InboxMethods } from '../../doubles/inboxStore';
import { chartInk, ingressWorld, NOW, recorder, SECRET, silentLog, tradingView, type IngressWorld } from '../../doubles/ingressWorld';

const clock = manualClock(NOW);
const keyed = tradingView({}, { secret: SECRET });
const ALERT = { secret: SECRET, symbol: 'SBIN', action: 'BUY', quantity: 1 };

interface Journal {
  readonly store: InboxMethods;
  /** The same journal as a new process finds it. */
  reopen(): Promise<InboxMethods>;
  close(): Promise<void>;
}

function memoryJournal(): Promise<Journal> {
  const store = inboxStore(clock);
  return Promise.resolve({ store, reopen: () => Promise.resolve(store), close: () => Promise.resolve() });
}

async function sqliteJournal(): Promise<Journal> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-ingress-'));
  const open = () => openSqliteStore({ path: path.join(folder, 'journal.db'), clock, log: silentLog });
  let current = await open();
  return {
    store: current,
    async reopen() {
      await current.close();
      current = await open();
      return current;
    },
    async close() {
      await current.close();
      rmSync(folder, { recursive: true });
    },
  };
}

describe.each([['in memory', memoryJournal], ['SQLite', sqliteJournal]])('faults of the way in, journal %s', (_name, openJournal) => {
  let journal: Journal;
  let world: IngressWorld;

  beforeEach(async () => {
    clock.set(NOW);
    journal = await openJournal();
    world = ingressWorld({ store: journal.store, clock });
  });
  afterEach(() => journal.close());

  test('fault 1: the same webhook twice at once is one signal, the second gets the same receipt', async () => {
    const [first, second] = await Promise.all([world.post(keyed, { ...ALERT, id: 'a' }), world.post(keyed, { ...ALERT, id: 'a' })]);
    expect([first.status, second.status]).toEqual([202, 200]);
    expect(second.body).toMatchObject({ receipt: first.body['receipt'], status: 'duplicate', signals: [{ id: first.entries[0]?.signalId }] });
    expect(await journal.store.signals()).toHaveLength(1);
  });

  test('fault 2: the same webhook after a restart gets the first receipt', async () => {
    const first = await world.post(keyed, { ...ALERT, id: 'a' });
    clock.advance(3 * 86_400_000);
    const after = ingressWorld({ store: await journal.reopen(), clock, prefix: 's' });
    expect(await after.post(keyed, { ...ALERT, id: 'a' })).toMatchObject({ status: 200, body: { receipt: first.body['receipt'] } });
  });

  test('a signal that one flow gives back is claimed by the next, though both happen in one transaction', async () => {
    const { ingress } = world;
    for (let round = 0; round < 20; round += 1) {
      const [started, stopped] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
      const detach = ingress.attach('tv', async () => {
        started.resolve(undefined);
        await stopped.promise;
        throw new Error('interrupted');
      });
      await world.post(tradingView(), { symbol: 'SBIN', action: 'BUY', quantity: 1, id: `round ${round}` });
      await started.promise;
      const detached = detach(0);
      stopped.resolve(undefined);
      // Enough for the end of the first to be on its way into the journal.
      for (let turn = 0; turn < round; turn += 1) await Promise.resolve();
      const next = recorder();
      const detachNext = ingress.attach('tv', next.deliver);
      await next.until(1);
      await Promise.all([detached, detachNext(1_000)]);
      expect(next.seen).toHaveLength(1);
    }
  });

  test('fault 3: a legitimate repeat with a new id is accepted', async () => {
    const ids = ['a', 'b', 7].map((id) => world.post(keyed, { ...ALERT, id }));
    expect((await Promise.all(ids)).map(({ status }) => status)).toEqual([202, 202, 202]);
  });

  test('fault 4: without an id, equal content is a repeat within the window and a new signal after it', async () => {
    const first = await world.post(keyed, ALERT);
    clock.advance(60_000);
    const repeat = await world.post(keyed, ALERT);
    clock.advance(1);
    const second = await world.post(keyed, ALERT);
    expect([first.status, repeat.status, second.status]).toEqual([202, 200, 202]);
    expect(repeat.body['receipt']).toBe(first.body['receipt']);
    expect(second.entries[0]?.signalId).not.toBe(first.entries[0]?.signalId);
  });

  test('fault 5: the replay of an old capture is refused by age', async () => {
    const captured = { ...ALERT, ts: new Date(NOW).toISOString() };
    expect(await world.post(keyed, captured)).toMatchObject({ status: 202 });
    clock.advance(301_000);
    expect(await world.post(keyed, captured)).toMatchObject({ status: 422, body: { error: { code: 'STALE_SIGNAL', field: 'ts', limit: 300, value: 301 } } });
  });

  test('fault 6: guessing the key locks the source out, and no other source or flow', async () => {
    const guess = { ...ALERT, secret: 'guess' };
    const stranger = { remoteAddress: '203.0.113.9' };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) statuses.push((await world.post(keyed, guess, stranger)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    expect(await world.post(keyed, ALERT, stranger)).toMatchObject({ status: 429, headers: { 'Retry-After': '300' }, body: { error: { code: 'LOCKED_OUT' } } });
    expect(await world.post(keyed, ALERT)).toMatchObject({ status: 202 });
    expect(await world.post(tradingView({}, { secret: SECRET, nodeKey: 'other' }), ALERT, stranger)).toMatchObject({ status: 202 });
    clock.advance(300_000);
    expect(await world.post(keyed, { ...ALERT, id: 'later' }, stranger)).toMatchObject({ status: 202 });
  });

  test('fault 7: the answer comes after the journal and does not wait for the flow', async () => {
    const flow = recorder();
    const detach = world.ingress.attach(keyed.nodeKey, (entry) => flow.deliver(entry).then(() => new Promise<void>(() => undefined)));
    const answer = await world.post(keyed, ALERT);
    expect(answer).toMatchObject({ status: 202 });
    await flow.until(1);
    const [entry] = await journal.store.signals();
    expect(entry).toMatchObject({ signalId: answer.entries[0]?.signalId, status: 'DELIVERED', item: { symbol: 'SBIN', signal: { id: answer.entries[0]?.signalId } } });
    await detach();
  });

  test.each<[string, string, number, string | undefined]>([
    ['a byte-order mark', `\ufeff${JSON.stringify(ALERT)}`, 202, undefined],
    ['a key given twice', `{"secret":"${SECRET}","symbol":"SBIN","action":"BUY","action":"SELL","quantity":1}`, 400, 'action'],
    ['NaN', `{"secret":"${SECRET}","symbol":"SBIN","action":"BUY","quantity":NaN}`, 400, 'body'],
    ['1e999', `{"secret":"${SECRET}","symbol":"SBIN","action":"BUY","quantity":1e999}`, 400, 'quantity'],
    ['-0', `{"secret":"${SECRET}","symbol":"SBIN","action":"BUY","quantity":-0}`, 400, 'quantity'],
    ['a quantity of "10%"', `{"secret":"${SECRET}","symbol":"SBIN","action":"BUY","quantity":"10%"}`, 400, 'quantity'],
    ['a position size of "10%"', `{"secret":"${SECRET}","symbol":"SBIN","action":"BUY","position_size":"10%"}`, 202, undefined],
    ['plain text', `secret=${SECRET} BUY SBIN 10`, 202, undefined],
  ])('fault 8: %s has a documented meaning or a typed refusal', async (_what, body, status, field) => {
    const answer = await world.post(keyed, body);
    expect(answer).toMatchObject({ status, ...(field === undefined ? {} : { body: { error: { field } } }) });
  });

  test('fault 9: bodies that are huge, deep or compressed are capped, and memory stays flat', async () => {
    const huge = Buffer.alloc(100 * 1_024 * 1_024, 0x20);
    const before = heapInUse();
    expect(await world.post(keyed, huge)).toMatchObject({ status: 413 });
    expect(await world.post(keyed, '{"a":'.repeat(25_000))).toMatchObject({ status: 400, body: { error: { code: 'MALFORMED_BODY' } } });
    const bomb = gzipSync(huge);
    expect(await world.post(keyed, bomb, { headers: { 'content-encoding': 'gzip' } })).toMatchObject({ status: 400 });
    expect(await world.post(keyed, bomb)).toMatchObject({ status: 400 });
    expect(heapInUse() - before).toBeLessThan(32 * 1_024 * 1_024);
  });

  test('fault 10: prototype keys pollute nothing and do not reach the item', async () => {
    const body = `{"secret":"${SECRET}","symbol":"SBIN","action":"BUY","quantity":1,"__proto__":{"account":"live"},"constructor":{"prototype":{"account":"live"}}}`;
    const answer = await world.post(keyed, body);
    expect(answer).toMatchObject({ status: 202 });
    expect(JSON.stringify(await journal.store.signals())).not.toContain('live');
    expect('account' in {}).toBe(false);
  });

  test.each(['={{ $env.HOME }}', '{{constructor.constructor("return 1")()}}', '${7*7}', '<%= 1 %>', '../../etc/passwd', 'SBIN; DROP TABLE signals', 'ＳＢＩＮ'])('fault 11: %j is text, and refused as a symbol', async (symbol) => {
    expect(await world.post(keyed, { ...ALERT, symbol })).toMatchObject({ status: 422, body: { error: { code: 'MALFORMED_SYMBOL', field: 'symbol' } } });
    expect(await world.post(chartInk(), { stocks: symbol.replaceAll(',', ''), scan_name: 'x' })).toMatchObject({ status: 422, body: { error: { code: 'MALFORMED_SYMBOL' } } });
  });

  test('fault 12: a path in a strategy’s name is a name, and chooses nothing', async () => {
    const answer = await world.post(keyed, { ...ALERT, strategy_name: '../../../etc/passwd', strategyId: '../x', nodeKey: '../y', account: 'live' });
    const [entry] = answer.entries;
    expect(entry).toMatchObject({ strategyId: 'demo', nodeKey: 'tv', item: { signal: { name: '../../../etc/passwd' } } });
    expect(Object.keys(entry?.item ?? {}).sort()).toEqual(['action', 'exchange', 'orderType', 'product', 'quantity', 'signal', 'symbol', 'v']);
  });

  test('fault 13: five hundred stocks, repeats and unequal lists are capped, de-duplicated and answered one by one', async () => {
    const known = ['SBIN', 'TCS', 'INFY'];
    const stocks = [...known, ...known, ...Array.from({ length: 494 }, (_, index) => `NOSUCH${index}`)].join(',');
    const answer = await world.post(chartInk({ maximumSymbols: 5 }), { stocks, trigger_prices: '1,2,3', triggered_at: '11:00 am', scan_name: 'x' });
    expect(answer.status).toBe(202);
    expect(answer.entries.map(({ item }) => item['symbol'])).toEqual(known);
    expect(answer.entries.map(({ item }) => item['signal'])).toEqual(known.map(() => expect.not.objectContaining({ price: expect.anything() as number }) as object));
    const refused = answer.body['refused'] as readonly { readonly error: { readonly code: string } }[];
    const codes = refused.map(({ error }) => error.code);
    expect([codes.length, codes.filter((code) => code === 'UNKNOWN_SYMBOL').length, codes.filter((code) => code === 'TOO_MANY_SYMBOLS').length]).toEqual([494, 2, 492]);
  });

  test('two processes on one journal: one of them receives, the other recognises', async () => {
    const other = ingressWorld({ store: journal.store, clock, prefix: 's' });
    const answers = await Promise.all([world, other].map(({ post }) => post(keyed, { ...ALERT, id: 'a' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 202]);
    expect(new Set(answers.map(({ body }) => body['receipt'])).size).toBe(1);
  });

  test('a thousand alerts of which three hundred are sent again are seven hundred signals, each delivered once', async () => {
    const flow = recorder();
    world.ingress.attach(keyed.nodeKey, flow.deliver, { concurrency: 50 });
    const ids = [...Array.from({ length: 700 }, (_, index) => `a${index}`), ...Array.from({ length: 300 }, (_, index) => `a${index}`)];
    const answers = await Promise.all(ids.map((id) => world.post(keyed, { ...ALERT, id })));
    expect([answers.filter(({ status }) => status === 202).length, answers.filter(({ status }) => status === 200).length]).toEqual([700, 300]);
    await flow.until(700);
    expect(new Set(flow.seen.map(({ signalId }) => signalId)).size).toBe(700);
    expect(flow.seen).toHaveLength(700);
    await world.ingress.close();
  });
});

test('a journal that can not be written acknowledges nothing, and the same alert is new later', async () => {
  const store = inboxStore(clock);
  const world = ingressWorld({ store, clock });
  store.failNext(new Error('disk full'));
  expect(await world.post(keyed, { ...ALERT, id: 'a' })).toMatchObject({ status: 503, headers: { 'Retry-After': '5' }, body: { error: { code: 'NOT_READY' } }, entries: [] });
  expect(await world.post(keyed, { ...ALERT, id: 'a' })).toMatchObject({ status: 202 });
});
