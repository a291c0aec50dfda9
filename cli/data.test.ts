import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { indiaTime } from '../runtime/domain/session';
import { main, type World } from './main';

const SHARED = path.resolve(__dirname, '../../shared/data');
let folder = '';
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'cli-data-')); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

async function run(...words: readonly string[]) {
  let [out, err] = ['', ''];
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: folder, now: () => indiaTime('2026-11-20', '10:00'), openStore: () => { throw new Error('no journal is needed'); },
    readText: (file) => readFileSync(path.resolve(folder, file), 'utf8'), out: (text) => { out += text; }, err: (text) => { err += text; },
  };
  const code = await main(['data', ...words], world);
  return { code, out, err };
}
const file = (...rows: readonly string[]): string => {
  writeFileSync(path.join(folder, 'candles.csv'), rows.join('\n'));
  return 'candles.csv';
};

test('a real month goes into the store, its dirt is told, and the list shows it', async () => {
  const { code, out } = await run('import', path.join(SHARED, 'NIFTY-2022-JUN.txt'), '--symbol', 'NSE_INDEX:NIFTY', '--times', 'end', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ symbol: 'NSE_INDEX:NIFTY', timeframe: '1m', from: indiaTime('2022-06-01', '09:15'), until: indiaTime('2022-06-30', '15:29'), dirt: { outside: { first: indiaTime('2022-06-01', '09:07') }, missingDays: { count: 0 } } });
  const list: unknown = JSON.parse((await run('list', '--json')).out);
  expect(list).toMatchObject([{ symbol: 'NSE_INDEX:NIFTY', timeframe: '1m', candles: (JSON.parse(out) as { candles: number }).candles, source: 'file NIFTY-2022-JUN.txt' }]);
  expect((await run('list')).out).toMatch(/NSE_INDEX:NIFTY\s+1m\s+\d+\s+2022-06-01 09:15:00\s+2022-06-30 15:29:00\s+file NIFTY-2022-JUN\.txt/);
});

test('dirt of every kind is counted, with the first lines', async () => {
  const name = file('time,open,high,low,close,volume', '2022-06-01 09:15,10,12,9,11,1', '2022-06-01 09:16,10,12,9,11,1', '2022-06-01 09:16,10,12,9,11,2', '2022-06-01 09:20,10,12,9,11,1', '2022-06-01 09:19,10,12,9,11,1',
    '2022-06-01 09:21,10,9,12,11,1', '2022-06-01 09:22,0,0,0,0,1', '2022-06-01 09:23,x,12,9,11,1', '2022-06-01 08:00,10,12,9,11,1', '2022-06-03 09:15,10,12,9,11,1');
  const { out } = await run('import', name, '--symbol', 'NSE:SBIN', '--timeframe', '1m');
  expect(out.split('\n')).toEqual([
    'NSE:SBIN: 5 candles of 1m, 2022-06-01 09:15:00 to 2022-06-03 09:15:00.',
    '  1 rows with a cell that is no number, left out', '  1 rows whose high is below the low, or that do not hold open and close, left out', '  2 rows out of order, sorted', '  1 rows with the time of another, the later one kept',
    '    line 7: The range 12 to 9 does not hold open 10 and close 11.', '    line 9: The open is no number: "x"', '    line 6: The row is older than one before it: rows were sorted by time.', '    line 10: The row is older than one before it: rows were sorted by time.', '    line 3: Line 4 has the same time and replaces this row.',
    '  1 candles outside of sessions, left out, first 2022-06-01 08:00:00', '  1 candles with a price of zero or less, left out, first 2022-06-01 09:22:00', '  1 gaps within sessions, first 2022-06-01 09:17:00', '  1 trading days without a candle, first 2022-06-02 00:00:00', '',
  ]);
});

test('columns are found where a person says, in the zone that he names', async () => {
  const name = file('Wann,A,B,C,D', '2022-06-01 03:45,10,12,9,11', '2022-06-01 03:46,10,12,9,11');
  const { code, out } = await run('import', name, '--symbol', 'NSE:SBIN', '--columns', 'time=Wann,open=A,high=B,low=C,close=5', '--zone', 'UTC', '--json');
  expect([code, JSON.parse(out)]).toMatchObject([0, { candles: 2, from: indiaTime('2022-06-01', '09:15'), dirt: { gaps: { count: 0 } } }]);
});

test('days are kept under their midnight in India', async () => {
  const { out } = await run('import', file('2022-06-01,10,12,9,11,5', '2022-06-02,10,12,9,11,5', '2022-06-04,10,12,9,11,5'), '--symbol', 'NSE:SBIN', '--json', '--timeframe', '1d');
  expect(JSON.parse(out)).toMatchObject({ timeframe: '1d', candles: 2, until: indiaTime('2022-06-02', '00:00'), dirt: { outside: { count: 1, first: indiaTime('2022-06-04', '00:00') } } });
});

test('candles of five minutes are kept as they are', async () => {
  const { out } = await run('import', file('2022-06-01 09:15,10,12,9,11,5', '2022-06-01 09:20,10,12,9,11,5', '2022-06-01 09:30,10,12,9,11,5'), '--symbol', 'NSE:SBIN', '--json');
  expect(JSON.parse(out)).toMatchObject({ timeframe: '5m', candles: 3, dirt: { gaps: { count: 1, candles: 1 } } });
  expect((await run('list')).out).toMatch(/NSE:SBIN\s+5m\s+3\s/);
});

const fives = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `2022-06-01 ${String(9 + Math.floor((15 + index * 5) / 60)).padStart(2, '0')}:${String((15 + index * 5) % 60).padStart(2, '0')},10,12,9,11,5`);

test.each<[string, readonly string[], string, RegExp]>([
  ['five minutes as one', fives(40), '1m', /candles\.csv: Its candles are 5m apart, not 1m\. Leave --timeframe out, or write --timeframe 5m/],
  ['five minutes as fifteen', fives(40), '15m', /5m apart, not 15m\. .*longer candles are made of shorter ones/],
  ['five minutes as days', fives(40), '1d', /5m apart, not 1d/],
  ['days as minutes', ['2022-06-01,10,12,9,11,5', '2022-06-02,10,12,9,11,5', '2022-06-03,10,12,9,11,5', '2022-06-06,10,12,9,11,5', '2022-06-07,10,12,9,11,5'], '1m', /1d apart, not 1m/],
])('a timeframe that the file does not have is refused, and nothing is stored: %s', async (_what, rows, timeframe, why) => {
  expect(await run('import', file(...rows), '--symbol', 'NSE:SBIN', '--timeframe', timeframe)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(why) as string });
  expect((await run('list')).out).toContain('is empty');
});

test('minutes with holes are minutes: a contract that few trade has them', async () => {
  const traded = [15, 17, 18, 21, 22, 24, 29, 31, 32, 33, 37, 41].map((minute) => `2022-06-01 09:${minute},10,12,9,11,5`);
  expect(await run('import', file(...traded), '--symbol', 'NSE:SBIN', '--timeframe', '1m')).toMatchObject({ code: 0, out: expect.stringMatching(/12 candles of 1m.*\n {2}7 gaps within/) as string });
});

describe('removing', () => {
  beforeEach(async () => {
    await run('import', file(...fives(40)), '--symbol', 'NSE:SBIN');
    await run('import', file('2022-06-01 09:15,10,12,9,11,5', '2022-06-01 09:16,10,12,9,11,5'), '--symbol', 'NSE:SBIN');
    await run('import', file('2022-06-01 09:15,10,12,9,11,5', '2022-06-01 09:16,10,12,9,11,5'), '--symbol', 'NSE:INFY');
  });

  test('candles of one length go, and it is said which; the rest stays', async () => {
    expect(await run('remove', 'nse:sbin', '--timeframe', '1m')).toEqual({ code: 0, err: '', out: 'Removed 2 candles of NSE:SBIN, 1m, 2022-06-01 09:15:00 to 2022-06-01 09:16:00 (file candles.csv).\n' });
    expect(JSON.parse((await run('list', '--json')).out)).toMatchObject([{ symbol: 'NSE:INFY' }, { symbol: 'NSE:SBIN', timeframe: '5m' }]);
  });

  test('without a length all of them go', async () => {
    expect(JSON.parse((await run('remove', 'NSE:SBIN', '--json')).out)).toMatchObject([{ symbol: 'NSE:SBIN', timeframe: '1m', candles: 2 }, { symbol: 'NSE:SBIN', timeframe: '5m', candles: 40 }]);
    expect(JSON.parse((await run('list', '--json')).out)).toMatchObject([{ symbol: 'NSE:INFY' }]);
  });

  test.each<[string, readonly string[], number, RegExp]>([
    ['no symbol', [], 2, /data remove wants an instrument: data remove NSE:SBIN/],
    ['one that is not kept', ['NSE:TCS'], 1, /holds no candles of NSE:TCS\. It holds NSE:INFY, NSE:SBIN\./],
    ['a length that is not kept', ['NSE:SBIN', '--timeframe', '15m'], 1, /holds no 15m candles of NSE:SBIN\. It holds 1m, 5m\./],
    ['a length that is none', ['NSE:SBIN', '--timeframe', 'soon'], 2, /--timeframe is one of 1m, 3m/],
    ['two instruments', ['NSE:SBIN', 'NSE:INFY'], 2, /one instrument at a time/],
    ['a stretch of time', ['NSE:SBIN', '--from', '2022-06-01'], 2, /takes all candles of an instrument, or those of one --timeframe; not --from/],
  ])('%s is refused, and nothing goes', async (_what, words, code, why) => {
    expect(await run('remove', ...words)).toMatchObject({ code, out: '', err: expect.stringMatching(why) as string });
    expect(JSON.parse((await run('list', '--json')).out)).toHaveLength(3);
  });
});

test.each<[string, readonly string[], number, RegExp]>([
  ['no symbol', ['import', 'candles.csv'], 2, /--symbol NSE:SBIN/],
  ['a symbol without exchange', ['import', 'candles.csv', '--symbol', 'SBIN'], 1, /"SBIN" is no symbol on an exchange.*Write it as NSE:SBIN/],
  ['a column that is not there', ['import', 'candles.csv', '--symbol', 'NSE:SBIN', '--columns', 'close=Closed'], 1, /candles\.csv: The file has no column "Closed"\. Its first row is: 2022-06-01 09:15, 10/],
  ['candles of a length that is not kept', ['import', 'candles.csv', '--symbol', 'NSE:SBIN', '--timeframe', '7m'], 2, /7 minutes long; the store keeps 1m, 3m, 5m, .*Give the file to backtest as it is/],
  ['a zone that is none', ['import', 'candles.csv', '--symbol', 'NSE:SBIN', '--zone', 'Nowhere/Land'], 2, /--zone is a time zone/],
  ['a word for times that is none', ['import', 'candles.csv', '--symbol', 'NSE:SBIN', '--times', 'middle'], 2, /--times is start or end/],
  ['no candle in a session', ['import', 'candles.csv', '--symbol', 'NSE:SBIN', '--zone', 'America/New_York'], 1, /none of its 3 candles lies within a session of NSE:SBIN/],
  ['nothing to do', ['look'], 2, /data wants import <file>, list, fetch or remove <symbol>/],
  ['two files', ['import', 'a', 'b', '--symbol', 'NSE:SBIN'], 2, /one file at a time/],
  ['fetching from nowhere', ['fetch', '--symbol', 'NSE:SBIN'], 2, /--account upstox/],
])('%s is refused with a word that helps', async (_what, words, code, why) => {
  file('2022-06-01 09:15,10,12,9,11,5', '2022-06-01 09:20,10,12,9,11,5', '2022-06-01 09:25,10,12,9,11,5');
  expect(await run(...words)).toMatchObject({ code, out: '', err: expect.stringMatching(why) as string });
});

test('an empty store says how to fill it', async () => {
  expect((await run('list')).out).toContain('bellwether data import <file>');
});
