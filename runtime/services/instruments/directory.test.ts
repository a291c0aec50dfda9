import { instrumentsWorld, listed, option, share } from '../../../tests/doubles/instrumentsWorld';
import { resolveSymbol } from '../../domain/instrument';
import { instrumentKey, type InstrumentKey } from '../../domain/market';
import { toMoney } from '../../domain/money';
import { indiaTime } from '../../domain/session/days';

const FUTURE = instrumentKey('NFO', 'NIFTY29DEC26FUT');
const at = (day: string, time = '10:00') => indiaTime(day, time);

async function known(...given: Parameters<typeof instrumentsWorld>) {
  const world = instrumentsWorld(...given);
  await world.keeper.refresh();
  return world;
}

test('without a master the bundled rules serve', () => {
  const { directory, clock } = instrumentsWorld();
  expect(directory.find(FUTURE, clock.now())).toMatchObject({ lotSize: 65, freezeQuantity: 1_800 });
  expect(directory.freshness(clock.now())).toEqual({ state: 'none' });
});

describe('precedence', () => {
  test('the master goes before the rules for lot, tick and freeze of a contract', async () => {
    const { directory, clock } = await known([listed({ lotSize: 70, tickSize: 0.1, freezeQuantity: 2_100 })]);
    expect(directory.find(FUTURE, clock.now())).toMatchObject({ lotSize: 70, tickSize: 1_000, freezeQuantity: 2_100 });
    expect(directory.find(FUTURE)).toMatchObject({ lotSize: 70, tickSize: 1_000, freezeQuantity: 2_100 });
    expect(directory.find(FUTURE)).not.toHaveProperty('tickBands');
  });

  test('what the master does not say is filled from the rules', async () => {
    const { directory, clock } = await known([listed({ lotSize: 70 })]);
    expect(directory.find(FUTURE, clock.now())).toMatchObject({ lotSize: 70, tickBands: 'indexFutures', freezeQuantity: 1_800 });
    expect(directory.find(FUTURE, clock.now())).not.toHaveProperty('tickSize');
  });

  test('the master goes before a user\'s row for the underlying, and after one that names the contract', async () => {
    const base = await known([listed({ lotSize: 70 })], 'exchange,symbol,lotSize,freezeQuantity\nNFO,NIFTY,60,1700');
    expect(base.directory.find(FUTURE, base.clock.now())).toMatchObject({ lotSize: 70, freezeQuantity: 1_700 });
    const named = await known([listed({ lotSize: 70, freezeQuantity: 2_100 })], 'exchange,symbol,lotSize,tickSize\nNFO,NIFTY29DEC26FUT,60,0.5');
    expect(named.directory.find(FUTURE, named.clock.now())).toMatchObject({ lotSize: 60, tickSize: 5_000, freezeQuantity: 2_100 });
  });

  test('before the master was first seen the dated rules go before it', async () => {
    const { directory } = await known([listed({ lotSize: 70 }), share('NEWSHARE')]);
    expect(directory.find(FUTURE, at('2026-03-02'))?.lotSize).toBe(65);
    expect(directory.find(instrumentKey('NSE', 'NEWSHARE'), at('2026-03-02'))?.lotSize).toBe(1);
  });

  test('lots of commodities are measured, whatever a list counts; their ticks are the list\'s', async () => {
    const crude = listed({ exchange: 'MCX', base: 'CRUDEOIL', expiry: '2026-12-16', lotSize: 1, tickSize: 0.5, freezeQuantity: 50 });
    const { directory, clock } = await known([crude, listed({ exchange: 'MCX', base: 'NEWMETAL', expiry: '2026-12-16', lotSize: 20 })]);
    const found = directory.find(crude.key, clock.now());
    expect(found).toMatchObject({ lotSize: 100, tickSize: 5_000 });
    expect(found).not.toHaveProperty('freezeQuantity');
    expect(directory.find(instrumentKey('MCX', 'NEWMETAL16DEC26FUT'), clock.now())?.lotSize).toBe(20);
  });

  test('the tick of a share comes from its price, not from the day of a list', async () => {
    const { directory, clock } = await known([listed({ exchange: 'NSE', segment: 'cash', base: 'SBIN', lotSize: 1, tickSize: 5 })]);
    expect(directory.find(instrumentKey('NSE', 'SBIN'), clock.now())).not.toHaveProperty('tickSize');
  });
});

describe('which contracts exist', () => {
  const december = instrumentKey('NFO', 'NIFTY29DEC2626000CE');
  const unlisted = instrumentKey('NFO', 'NIFTY29DEC2626050CE');

  test('a fresh master decides, for the underlyings and kinds it lists', async () => {
    const { directory, clock } = await known([option(26_000, 'CE')]);
    expect(directory.find(december, clock.now())).toBeDefined();
    expect(directory.find(unlisted, clock.now())).toBeUndefined();
    // It lists no futures of NIFTY and nothing on SBIN: there the rules still speak.
    expect(directory.find(FUTURE, clock.now())).toBeDefined();
    expect(directory.find(instrumentKey('NFO', 'SBIN29DEC26800CE'), clock.now())).toBeDefined();
    expect(directory.find(instrumentKey('NSE', 'INFY'), clock.now())).toBeDefined();
  });

  test('a stale one does not: what was listed since is found by the rules', async () => {
    const { directory, clock } = await known([option(26_000, 'CE')]);
    clock.set(at('2026-11-23'));
    expect(directory.freshness(clock.now())).toMatchObject({ state: 'stale', ageDays: 3 });
    expect(directory.find(unlisted, clock.now())).toBeDefined();
    expect(directory.find(december, clock.now())).toBeDefined();
  });

  test('a user\'s row makes a contract exist in spite of it', async () => {
    const { directory, clock } = await known([option(26_000, 'CE')], 'exchange,symbol,lotSize\nNFO,NIFTY29DEC2626050CE,65');
    expect(directory.find(unlisted, clock.now())).toBeDefined();
  });

  test('it settles a text with two readings', async () => {
    const world = await known([option(26_000, 'CE', { expiry: '2027-12-28' })]);
    const resolved = resolveSymbol({ exchange: 'NFO', symbol: 'NIFTY28DEC2726000CE', at: world.clock.now(), instruments: world.directory });
    expect(resolved).toMatchObject({ ok: true, value: { key: 'NFO:NIFTY28DEC2726000CE', expiry: '2027-12-28' } });
  });

  test('a contract that was withdrawn is gone from the next day on, and was there before', async () => {
    const world = await known([option(26_000, 'CE'), option(99_000, 'CE')]);
    world.clock.set(at('2026-11-23', '09:00'));
    world.source.rows = [option(26_000, 'CE')];
    await world.keeper.refresh();
    const withdrawn = instrumentKey('NFO', 'NIFTY29DEC2699000CE');
    expect(world.directory.find(withdrawn, at('2026-11-20'))).toBeDefined();
    expect(world.directory.find(withdrawn, at('2026-11-23'))).toBeUndefined();
  });
});

describe('a position\'s instrument stays what it was (fault 48)', () => {
  const facts = (world: Awaited<ReturnType<typeof known>>, key: InstrumentKey) => world.directory.find(key);

  test('through expiry, through masters that no longer list it, and through a new lot', async () => {
    const odd = listed({ base: 'ODDINDEX', expiry: '2026-11-23', lotSize: 15, tickSize: 0.05, freezeQuantity: 900 });
    const world = await known([odd, listed(), option(26_000, 'CE')]);
    const before = facts(world, odd.key);
    for (const day of ['2026-11-25', '2026-11-26', '2026-12-30']) {
      world.clock.set(at(day, '09:00'));
      world.source.rows = [listed({ lotSize: 75 }), option(26_000, 'CE')];
      await world.keeper.refresh({ force: true });
    }
    expect(facts(world, odd.key)).toEqual(before);
    expect(world.directory.find(odd.key, world.clock.now())).toEqual(before);
    expect(world.directory.find(FUTURE, at('2026-11-20'))?.lotSize).toBe(65);
    expect(world.directory.find(FUTURE, at('2026-11-26'))?.lotSize).toBe(75);
  });

  test('while the names that mean "the nearest" move on to the next', async () => {
    const world = await known([listed({ expiry: '2026-11-23' }), listed(), option(26_000, 'CE', { expiry: '2026-11-23' }), option(26_000, 'CE')]);
    const resolved = (symbol: string, day: string) => {
      const found = resolveSymbol({ exchange: 'NFO', symbol, at: at(day), instruments: world.directory });
      return found.ok ? found.value : undefined;
    };
    const entered = resolved('NIFTY1!', '2026-11-20');
    expect(entered?.key).toBe('NFO:NIFTY23NOV26FUT');
    world.clock.set(at('2026-11-25', '09:00'));
    world.source.rows = [listed(), option(26_000, 'CE')];
    await world.keeper.refresh();
    expect(resolved('NIFTY1!', '2026-11-25')?.key).toBe(FUTURE);
    expect(entered === undefined ? undefined : world.directory.find(entered.key)).toEqual(entered);
  });
});

describe('expiries and strikes', () => {
  const rows = [option(26_000, 'CE'), option(26_100, 'CE'), option(26_200, 'CE'), option(26_000, 'CE', { expiry: '2026-12-01' }), listed({ expiry: '2027-01-25' })];
  const of = { exchange: 'NFO', base: 'NIFTY' } as const;

  test('are the listed ones', async () => {
    const { directory, clock } = await known(rows);
    expect(directory.expiries({ ...of, at: clock.now() })).toEqual(['2026-12-01', '2026-12-29', '2027-01-25']);
    expect(directory.expiries({ exchange: 'NSE', base: 'NIFTY', at: clock.now(), segment: 'option' })).toEqual(['2026-12-01', '2026-12-29']);
    expect(directory.expiries({ ...of, at: at('2026-12-02'), segment: 'option' })).toEqual(['2026-12-29']);
    expect(directory.strikes({ ...of, expiry: '2026-12-29', price: toMoney(26_140), each: 1 })).toEqual([26_000, 26_100, 26_200].map(toMoney));
  });

  test('are those of the rules without a master, and before it', async () => {
    const { directory, clock } = instrumentsWorld();
    expect(directory.expiries({ ...of, at: clock.now(), segment: 'option' })).toEqual(['2026-11-23', '2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22', '2026-12-29', '2027-01-25']);
    expect(directory.expiries({ ...of, at: clock.now(), segment: 'future' })).toEqual(['2026-11-23', '2026-12-29', '2027-01-25']);
    expect(directory.strikes({ ...of, expiry: '2026-12-29', price: toMoney(26_010), each: 1 })).toEqual([25_950, 26_000, 26_050].map(toMoney));
    expect(directory.expiries({ exchange: 'NSE_INDEX', base: 'NIFTY', at: clock.now() })).toEqual([]);
    expect((await known(rows)).directory.expiries({ ...of, at: at('2022-06-20'), segment: 'option' })[0]).toBe('2022-06-23');
  });
});
