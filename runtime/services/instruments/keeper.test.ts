import { instrumentsWorld, listed, scriptedMaster, share } from '../../../tests/doubles/instrumentsWorld';
import { instrumentKey } from '../../domain/market';
import { indiaTime } from '../../domain/session/days';
import { createMasterKeeper } from './keeper';

const shares = (count: number) => Array.from({ length: count }, (_, index) => share(`S${index}`));

test('the first look of a trading day fetches, further ones do not', async () => {
  const { keeper, source, clock, book } = instrumentsWorld(shares(4));
  for (let look = 0; look < 3; look += 1) await keeper.look();
  expect([source.fetches, book.snapshots().length]).toEqual([1, 1]);
  // Over the weekend, and on Monday before the lists are ready.
  for (const [day, time] of [['2026-11-21', '12:00'], ['2026-11-22', '12:00'], ['2026-11-23', '08:29']] as const) {
    clock.set(indiaTime(day, time));
    await keeper.look();
  }
  expect(source.fetches).toBe(1);
  clock.set(indiaTime('2026-11-23', '08:30'));
  await keeper.look();
  expect(source.fetches).toBe(2);
});

test('a source that fails is asked again after ten minutes, and the old master stays in use with one warning a day', async () => {
  const { keeper, source, clock, directory, warnings } = instrumentsWorld(shares(4));
  await keeper.look();
  clock.set(indiaTime('2026-11-23', '09:00'));
  source.breaks = 'fetch';
  for (let minute = 0; minute < 30; minute += 1) {
    await keeper.look();
    clock.advance(60_000);
  }
  expect(source.fetches).toBe(1 + 3);
  expect(directory.find(instrumentKey('NSE', 'S1'), clock.now())).toBeDefined();
  expect(directory.freshness(clock.now())).toMatchObject({ state: 'stale', day: '2026-11-20', ageDays: 2 });
  expect(warnings.filter((text) => text.includes('stays in use: new contracts'))).toHaveLength(1);
  expect(warnings.filter((text) => text.includes('the gateway is asleep'))).toHaveLength(3);
});

test.each([
  ['shrank absurdly', { rows: shares(49) }, /49 instruments where the one before listed 100/],
  ['is empty', { rows: [] }, /no instrument/],
  ['is mostly unreadable', { rows: shares(100), rejected: 101 }, /101 of 201 lines/],
])('a master that %s is refused, and the old one stays', async (_, change, reason) => {
  const { keeper, source, directory, clock, book } = instrumentsWorld(shares(100));
  await keeper.refresh();
  Object.assign(source, change);
  const [attempt] = await keeper.refresh();
  expect(attempt).toMatchObject({ outcome: 'refused', source: 'gateway' });
  expect(attempt?.reason).toMatch(reason);
  expect(book.snapshots()[0]?.rows).toBe(100);
  expect(directory.find(instrumentKey('NSE', 'S99'), clock.now())).toBeDefined();
  expect(book.attempts()[0]).toMatchObject({ outcome: 'refused' });
});

test('half is enough, and force takes less', async () => {
  const { keeper, source, book } = instrumentsWorld(shares(100));
  await keeper.refresh();
  source.rows = shares(50);
  expect(await keeper.refresh()).toMatchObject([{ outcome: 'accepted', rows: 50 }]);
  source.rows = shares(5);
  expect(await keeper.refresh({ force: true })).toMatchObject([{ outcome: 'accepted', rows: 5 }]);
  expect(book.snapshots()[0]?.rows).toBe(5);
});

test('a list that breaks off in the middle changes nothing', async () => {
  const { keeper, source, book, directory, clock } = instrumentsWorld(shares(10));
  await keeper.refresh();
  source.rows = [...shares(10), share('HALFWAY')];
  source.breaks = 'list';
  expect(await keeper.refresh()).toMatchObject([{ outcome: 'failed', reason: 'the list broke off' }]);
  expect(directory.find(instrumentKey('NSE', 'HALFWAY'), clock.now())).toBeUndefined();
  expect(book.snapshots()[0]?.rows).toBe(10);
});

test('one source that fails does not keep another from being refreshed', async () => {
  const world = instrumentsWorld();
  const other = scriptedMaster(world.clock, [listed({ lotSize: 75 }), share('OTHER')], 'other');
  const keeper = createMasterKeeper({ book: world.book, sources: [world.source, other], clock: world.clock, log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } });
  world.source.breaks = 'fetch';
  expect(await keeper.refresh()).toMatchObject([{ source: 'gateway', outcome: 'failed' }, { source: 'other', outcome: 'accepted' }]);
  expect(world.directory.find(instrumentKey('NFO', 'NIFTY29DEC26FUT'), world.clock.now())?.lotSize).toBe(75);
  delete world.source.breaks;
  await keeper.refresh();
  expect(world.directory.find(instrumentKey('NFO', 'NIFTY29DEC26FUT'), world.clock.now())?.lotSize).toBe(65);
});

test('looks that come together fetch once', async () => {
  const { keeper, source } = instrumentsWorld();
  await Promise.all([keeper.look(), keeper.look(), keeper.look()]);
  await keeper.idle();
  expect(source.fetches).toBe(1);
});

test('what has not changed is not stored again, and stays as old as it is', async () => {
  const { keeper, source, clock, book } = instrumentsWorld();
  await keeper.refresh();
  clock.set(indiaTime('2026-11-23', '09:00'));
  source.isUnchanged = true;
  expect(await keeper.refresh()).toMatchObject([{ outcome: 'unchanged' }]);
  expect(book.snapshots()[0]?.asOf).toBe(indiaTime('2026-11-20', '10:00'));
});
