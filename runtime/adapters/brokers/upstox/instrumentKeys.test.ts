import { gzipSync } from 'node:zlib';
import { deny, ok, type Outcome } from '../../../domain/denial';
import { instrumentKey } from '../../../domain/market';
import { indiaTime } from '../../../domain/session';
import type { Bytes } from '../../instruments/masters/bytes';
import { manualClock } from '../../system/manual';
import { upstoxKeys } from './instrumentKeys';

const quiet = (): undefined => undefined;
const EIGHT = indiaTime('2026-11-20', '08:00');
const SHARE = { segment: 'NSE_EQ', instrument_type: 'EQ', instrument_key: 'NSE_EQ|INE062A01020', lot_size: 1, tick_size: 5, trading_symbol: 'SBIN' };
const LIST = [
  SHARE,
  { ...SHARE, instrument_key: 'NSE_EQ|INE062A01099' },
  { segment: 'NSE_FO', instrument_type: 'FUT', instrument_key: 'NSE_FO|52618', underlying_symbol: 'NIFTY', expiry: 1_798_568_999_000, lot_size: 65, tick_size: 5, trading_symbol: 'NIFTY FUT 29 DEC 26' },
  { segment: 'BSE_FO', instrument_type: 'PE', instrument_key: 'BSE_FO|9', underlying_symbol: 'SENSEX', expiry: 1_798_568_999_000, strike_price: 85_000, lot_size: 20, tick_size: 5, trading_symbol: 'SENSEX 85000 PE' },
  { segment: 'NSE_INDEX', instrument_type: 'INDEX', instrument_key: 'NSE_INDEX|Nifty Bank', trading_symbol: 'BANKNIFTY', name: 'Nifty Bank' },
  { segment: 'GLOBAL_INDEX', instrument_key: 'GLOBAL_INDEX|DJI', trading_symbol: 'DJI' },
  { segment: 'NSE_EQ', trading_symbol: 'NOKEY', lot_size: 1 },
];

async function* bytes(content: Uint8Array): Bytes {
  yield content.subarray(0, 50);
  await Promise.resolve();
  yield content.subarray(50);
}

function bench(now = EIGHT) {
  const clock = manualClock(now);
  const world: { answer: () => Outcome<Bytes>; opened: number } = { answer: () => ok(bytes(Buffer.from(JSON.stringify(LIST)))), opened: 0 };
  const keys = upstoxKeys({
    clock, log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    open() {
      world.opened += 1;
      return Promise.resolve(world.answer());
    },
  });
  const table = async () => {
    const outcome = await keys.table();
    if (!outcome.ok) throw new Error(outcome.denial.message);
    return outcome.value;
  };
  return { clock, world, keys, table };
}

test.each([['plain', (text: string) => Buffer.from(text)], ['packed', (text: string) => gzipSync(text)]])('names go both ways, from a %s list', async (_how, pack) => {
  const { world, table } = bench();
  world.answer = () => ok(bytes(pack(JSON.stringify(LIST))));
  const names = await table();
  for (const [instrument, key] of [
    [instrumentKey('NSE', 'SBIN'), 'NSE_EQ|INE062A01020'], [instrumentKey('NFO', 'NIFTY29DEC26FUT'), 'NSE_FO|52618'],
    [instrumentKey('BFO', 'SENSEX29DEC2685000PE'), 'BSE_FO|9'], [instrumentKey('NSE_INDEX', 'BANKNIFTY'), 'NSE_INDEX|Nifty Bank'],
  ] as const) expect([names.upstoxKey(instrument), names.instrument(key)]).toEqual([key, instrument]);
  expect(names.size).toBe(4);
  // A second line of the same instrument is known when Upstox speaks of it, and never used to speak.
  expect(names.instrument('NSE_EQ|INE062A01099')).toBe('NSE:SBIN');
  expect([names.upstoxKey(instrumentKey('NSE', 'NOKEY')), names.instrument('GLOBAL_INDEX|DJI')]).toEqual([undefined, undefined]);
});

test('everybody shares one reading a day; a new day begins when Upstox has written its list', async () => {
  const { clock, world, table } = bench();
  await Promise.all([table(), table(), table()]);
  await table();
  expect(world.opened).toBe(1);
  clock.set(indiaTime('2026-11-21', '06:00'));
  await table();
  expect(world.opened).toBe(1);
  clock.set(indiaTime('2026-11-21', '06:31'));
  await table();
  expect(world.opened).toBe(2);
});

test('while a new list can not be had, yesterday\'s serves, and it is asked for again after a while', async () => {
  const { clock, world, table } = bench();
  await table();
  clock.set(indiaTime('2026-11-21', '07:00'));
  world.answer = () => deny('NOT_READY', 'no');
  expect((await table()).size).toBe(4);
  expect((await table()).size).toBe(4);
  expect(world.opened).toBe(2);
  clock.advance(31_000);
  world.answer = () => ok(bytes(Buffer.from(JSON.stringify([SHARE]))));
  expect((await table()).size).toBe(1);
});

test.each([
  ['breaks off', JSON.stringify(LIST).slice(0, 200)], ['is a page', '<html>no</html>'], ['is empty', '[]'], ['knows nothing', JSON.stringify([{ segment: 'MOON', instrument_key: 'MOON|1', trading_symbol: 'X' }])],
])('a list that %s is a denial', async (_what, text) => {
  const { world, keys } = bench();
  world.answer = () => ok(bytes(Buffer.from(text)));
  expect(await keys.table()).toMatchObject({ ok: false, denial: { code: 'NOT_READY' } });
});
