import { openSqliteStore } from '../../adapters/store';
import { manualClock } from '../../adapters/system/manual';
import type { AccountEvent, AccountEventKind } from '../../domain/accountEvent';
import type { Store } from '../../domain/ports';
import { NOW, silentLog } from '../../../tests/doubles/ingressWorld';
import { createEventReaders, type EventReaders, type EventWatch } from './index';
import { MAX_AT_WORK, PASSED_OVER } from './limits';

const clock = manualClock(NOW);
let store: Store;
beforeEach(async () => { store = await openSqliteStore({ path: ':memory:', clock, log: silentLog }); });
afterEach(() => store.close());

const record = (key: string, kind: AccountEventKind = 'squareOff') => store.events.record({ key, account: 'paper', kind, message: key, facts: {}, happenedAt: NOW });
const readers = (changes: Partial<Store['events']> = {}, more: { readonly later?: (read: () => Promise<void>) => void } = {}): EventReaders =>
  createEventReaders({ store: { events: { ...store.events, ...changes }, order: (id) => store.order(id) }, clock, log: silentLog, ...more });

const WATCH: EventWatch = { reader: 'node', kinds: ['squareOff'] };

/** A listener whose events end when the test says so. */
function desk(end: 'at once' | 'when told' = 'at once') {
  const told: string[] = [];
  const open = new Map<string, (isHandled: boolean) => void>();
  const listener = ({ key }: AccountEvent): Promise<boolean> => {
    told.push(key);
    return end === 'at once' ? Promise.resolve(true) : new Promise((resolve) => open.set(key, resolve));
  };
  const finish = (key: string, isHandled = true): void => {
    open.get(key)?.(isHandled);
    open.delete(key);
  };
  return { told, open, listener, finish };
}

const position = () => store.events.position('node');
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 10_000; turn += 1) {
    if (await isSo()) return;
    await settle();
  }
  throw new Error('It never came to be.');
}

test('a new reader is told what happens from now on, in order, without anybody looking', async () => {
  const service = readers();
  const { told, listener } = desk();
  await record('before');
  await service.watch(WATCH, listener).begun;
  for (const key of ['a', 'b', 'c']) await record(key);
  await record('other', 'armed');
  await until(() => told.length === 3);
  await service.settled();
  expect(told).toEqual(['a', 'b', 'c']);
  await service.close();
});

test('after a restart it goes on behind what was handled; what was not is told again', async () => {
  const first = readers();
  const before = desk('when told');
  await first.watch(WATCH, before.listener).begun;
  for (const key of ['a', 'b', 'c', 'd']) await record(key);
  await until(() => before.told.length === 4);
  before.finish('a');
  before.finish('c');
  before.finish('b', false);
  await until(async () => await position() === 1);
  await first.close();
  await record('meanwhile');

  const second = readers();
  const after = desk();
  second.watch(WATCH, after.listener);
  await second.settled();
  expect(after.told).toEqual(['b', 'c', 'd', 'meanwhile']);
  await until(async () => await position() === 5);
  await second.close();
});

test('a reader that never was told anything knows after a restart from where it reads', async () => {
  const first = readers();
  await first.watch(WATCH, desk().listener).begun;
  await first.close();
  await record('meanwhile');
  const second = readers();
  const { told, listener } = desk();
  second.watch(WATCH, listener);
  await second.settled();
  expect(told).toEqual(['meanwhile']);
  await second.close();
});

test('what another process recorded is found by looking', async () => {
  const service = readers({ onRecorded: () => () => undefined });
  const { told, listener } = desk();
  await service.watch(WATCH, listener).begun;
  await record('elsewhere');
  expect(told).toEqual([]);
  service.poke();
  await until(() => told.length === 1);
  await service.close();
});

test('only so many are at work at one time; the others wait in the journal', async () => {
  const service = readers();
  const { told, open, listener, finish } = desk('when told');
  await service.watch(WATCH, listener).begun;
  await Promise.all(Array.from({ length: MAX_AT_WORK + 50 }, (_, index) => record(`n${index}`)));
  await until(() => told.length === MAX_AT_WORK);
  for (let turn = 0; turn < 20; turn += 1) await settle();
  expect(told).toHaveLength(MAX_AT_WORK);
  for (const key of [...open.keys()]) finish(key);
  await until(() => told.length === MAX_AT_WORK + 50);
  for (const key of [...open.keys()]) finish(key);
  await service.settled();
  await until(async () => await position() === MAX_AT_WORK + 50);
  await service.close();
});

test('one that turns everything away moves on in the journal all the same', async () => {
  const service = readers();
  await service.watch({ ...WATCH, wants: () => false }, () => Promise.reject(new Error('not wanted'))).begun;
  await Promise.all(Array.from({ length: PASSED_OVER }, (_, index) => record(`n${index}`)));
  await service.settled();
  await until(async () => await position() === PASSED_OVER);
  await service.close();
});

test('a listener that fails and a journal that can not be read end nothing', async () => {
  let failures = 1;
  const service = readers({ after: (request) => ((failures -= 1) >= 0 ? Promise.reject(new Error('busy')) : store.events.after(request)) });
  const told: string[] = [];
  await service.watch(WATCH, ({ key }) => {
    told.push(key);
    return key === 'a' ? Promise.reject(new Error('broken')) : Promise.resolve(true);
  }).begun;
  await record('a');
  await until(() => failures === 0);
  await record('b');
  await until(() => told.length === 2);
  await service.settled();
  expect([told, await position()]).toEqual([['a', 'b'], 0]);
  await service.close();
});

test('a reader that has nothing to read says once a day that it is there', async () => {
  const service = readers();
  await service.watch(WATCH, desk().listener).begun;
  const said = jest.fn((request: Parameters<Store['events']['advance']>[0]) => store.events.advance(request));
  const watched = readers({ advance: (request) => said(request) });
  await watched.watch({ ...WATCH, reader: 'quiet' }, desk().listener).begun;
  said.mockClear();
  for (const hours of [1, 24, 1, 24]) {
    clock.advance(hours * 3_600_000);
    watched.poke();
    await watched.settled();
  }
  expect(said.mock.calls.map(([{ reader, seq }]) => [reader, seq])).toEqual([['quiet', 0], ['quiet', 0]]);
  await service.close();
  await watched.close();
});

test('a reader that has ended is told nothing more; one without a name is forgotten', async () => {
  const service = readers();
  const named = desk();
  const nameless = desk();
  const { begun, end } = service.watch(WATCH, named.listener);
  await begun;
  await service.watch({ kinds: ['squareOff'] }, nameless.listener).begun;
  end();
  await record('a');
  await until(() => nameless.told.length === 1);
  expect(named.told).toEqual([]);
  await service.close();
});

test('in a recording events are read when the recording comes to it', async () => {
  const reads: (() => Promise<void>)[] = [];
  const service = readers({}, { later: (read) => { reads.push(read); } });
  const { told, listener } = desk();
  await service.watch(WATCH, listener).begun;
  await record('a');
  service.poke();
  await settle();
  expect(told).toEqual([]);
  for (const read of reads) await read();
  expect(told).toEqual(['a']);
  await service.close();
});
