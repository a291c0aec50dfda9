import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { main, type World } from './main';

const GOLDEN = path.join(__dirname, '../tests/golden/data');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-cli-'));
  const minutes = Array.from({ length: 150 }, (_, index) => {
    const at = new Date(Date.UTC(2025, 5, 2 + Math.floor(index / 75), 3, 45 + (index % 75))).toISOString();
    return `${at},${100 + index},${101 + index},${99 + index},${100 + index},10`;
  });
  writeFileSync(path.join(folder, 'timed.csv'), ['time,open,high,low,close,volume', ...minutes].join('\n'));
  writeFileSync(path.join(folder, 'dirty.csv'), ['100,101,99,100,5', 'x,101,99,100,5', '101,102,100,101,5'].join('\n'));
  writeFileSync(path.join(folder, 'empty.csv'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: folder, now: () => 0, openStore: () => { throw new Error('no journal is needed'); },
    readText: (file) => readFileSync(path.resolve(folder, file), 'utf8'), out: (text) => { out += text; }, err: (text) => { err += text; },
  };
  return { code: await main(words, world), out, err };
}

const Results = z.record(z.string(), z.array(z.union([z.number(), z.boolean(), z.null()])));
const Golden = z.record(z.string(), z.object({ begin: z.number(), values: z.array(z.number()) }));

test('every expression of the reference agrees with TA-Lib, keyed by the text as given', async () => {
  const golden = Golden.parse(JSON.parse(readFileSync(path.join(GOLDEN, 'synthetic.json'), 'utf8')));
  const { code, out, err } = await run('indicators', path.join(GOLDEN, 'synthetic.csv'), ...Object.keys(golden).flatMap((text) => ['--expr', text]), '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const results = Results.parse(JSON.parse(out));
  expect(Object.keys(results)).toEqual(Object.keys(golden));
  for (const [text, { begin, values }] of Object.entries(golden)) {
    const ours = results[text] ?? [];
    expect({ text, length: ours.length, begin: ours.findIndex((value) => value !== null) }).toEqual({ text, length: 700, begin });
    const worst = Math.max(...values.map((value, index) => Math.abs(value - Number(ours[begin + index])) / Math.max(1, Math.abs(value))));
    expect({ text, close: worst <= 1e-8 }).toEqual({ text, close: true });
  }
});

test('an indicator with several outputs and no main one gives them all', async () => {
  const { out } = await run('indicators', path.join(GOLDEN, 'synthetic.csv'), '--expr', 'macd(12,26,9)', '--expr', 'bb(20,2)[1]', '--json');
  expect(Object.keys(Results.parse(JSON.parse(out)))).toEqual(['macd(12,26,9).macd', 'macd(12,26,9).signal', 'macd(12,26,9).histogram', 'bb(20,2)[1].upper', 'bb(20,2)[1].middle', 'bb(20,2)[1].lower']);
});

test('the convention is chosen for all expressions', async () => {
  const begins = async (...more: readonly string[]): Promise<number> => {
    const { out } = await run('indicators', path.join(GOLDEN, 'synthetic.csv'), '--expr', 'atr(14)', '--json', ...more);
    return Results.parse(JSON.parse(out))['atr(14)']?.findIndex((value) => value !== null) ?? -1;
  };
  expect([await begins(), await begins('--convention', 'pine')]).toEqual([14, 13]);
});

test('what is true or false stays so, and a condition is an expression too', async () => {
  const { out } = await run('indicators', 'timed.csv', '--expr', 'inside bar', '--expr', 'close > close[2]', '--json');
  const results = Results.parse(JSON.parse(out));
  expect(results['inside bar']?.slice(0, 3)).toEqual([null, false, false]);
  expect(results['close > close[2]']?.slice(0, 4)).toEqual([null, null, true, true]);
});

test('sessions are days in India: the average price starts afresh and the opening range waits', async () => {
  const { out } = await run('indicators', 'timed.csv', '--expr', 'vwap', '--expr', 'orb(15m).high', '--expr', 'close@15m', '--json');
  const results = Results.parse(JSON.parse(out));
  expect([results.vwap?.[0], results.vwap?.[75]]).toEqual([100, 175]);
  expect(results['orb(15m).high']?.slice(0, 16)).toEqual([...Array.from({ length: 15 }, () => null), 115]);
  expect([results['close@15m']?.[13], results['close@15m']?.[14], results['close@15m']?.[89]]).toEqual([null, 114, 189]);
});

test('with an exchange only candles of its sessions count, whenever the day\'s first row was', async () => {
  const rows = ['2025-06-02 09:08,100,100,100,100,1', ...Array.from({ length: 30 }, (_, index) => `2025-06-02 09:${15 + index},${index},${index},${index},${index},1`), '2025-06-02 15:31,5,5,5,5,1'];
  writeFileSync(path.join(folder, 'dirt.csv'), rows.join('\n'));
  const { out, err } = await run('indicators', 'dirt.csv', '--expr', 'open@15m', '--json', '--exchange', 'nse');
  expect(Results.parse(JSON.parse(out))['open@15m']).toEqual([...Array.from({ length: 14 }, () => null), ...Array.from({ length: 15 }, () => 0), 15]);
  expect(err).toBe('bellwether: dirt.csv: 2 candles start outside of the sessions of nse and were left out\n');
});

test('the table shows the newest candles and where values begin', async () => {
  const { out } = await run('indicators', 'timed.csv', '--expr', 'sma(3)', '--last', '2');
  expect(out.split('\n')).toEqual([
    'CANDLE  TIME (IST)           CLOSE  sma(3)', '   148  2025-06-03 10:28:00    248     247', '   149  2025-06-03 10:29:00    249     248', '',
    'sma(3): from candle 2', '150 candles of 1m, convention talib.', '',
  ]);
});

test('rows that can not be read are named and left out', async () => {
  const { code, out, err } = await run('indicators', 'dirty.csv', '--expr', 'close', '--json');
  expect({ code, out }).toEqual({ code: 0, out: '{"close":[100,101]}\n' });
  expect(err).toMatch(/^bellwether: dirty\.csv, line 2: The open is no number/);
});

test('a condition lists the candles at which it is true', async () => {
  expect(await run('condition', 'timed.csv', 'close crosses above 110 or close crosses above 200', '--json')).toEqual({ code: 0, out: '[11,101]\n', err: '' });
});

test('a condition shows why it was true, and what was unknown', async () => {
  const { out } = await run('condition', 'timed.csv', 'CLOSE > 248 and sma(5) > close[10]');
  expect(out).toBe([
    'close > 248 and sma(5) > close[10]', '',
    '149 2025-06-03 10:29:00', '  close > 248: true (close = 249)', '  sma(5) > close[10]: true (sma(5) = 247, close[10] = 239)',
    'True at 1 of 150 candles, unknown at 0.', '',
  ].join('\n'));
  const { out: unknown } = await run('condition', 'timed.csv', 'sma(5) > 1');
  expect(unknown).toContain('True at 146 of 150 candles, unknown at 4.\n  sma(5): no value yet (4 times)');
  expect(unknown).toContain('126 earlier ones are not shown');
});

test.each<readonly [readonly string[], string]>([
  [['indicators', 'timed.csv', '--expr', 'rsi(1)'], 'Column 5: the period of rsi is from 2 to 5000, not 1\n  rsi(1)\n      ^\n'],
  [['indicators', 'timed.csv', '--expr', 'rsii(14)'], 'Column 1: unknown name "rsii". Did you mean rsi?'],
  [['indicators', 'timed.csv', '--expr', 'close >'], 'Column 8: '],
  [['condition', 'timed.csv', 'close > '], 'Column 9: '],
  [['condition', 'timed.csv', 'close'], 'Column 6: expected a comparison'],
  [['indicators', 'timed.csv', '--expr', 'close@30s'], 'Column 7: expected a timeframe'],
  [['indicators', 'timed.csv', '--expr', 'close@1m', '--timeframe', '5m'], 'close@1m: candles of 1m can not be made of candles of 5m'],
  [['indicators', 'timed.csv'], 'Which expression?'], [['indicators', '--expr', 'close'], 'indicators wants a file'], [['indicators', 'timed.csv', 'close', '--expr', 'close'], '"close" is too much'],
  [['condition', 'timed.csv'], 'condition wants a file'], [['condition', 'timed.csv', 'close', '>', '5'], '"> 5" is too much'],
  [['indicators', 'timed.csv', '--expr', 'close', '--convention', 'other'], '--convention is talib or pine'], [['indicators', 'timed.csv', '--expr', 'close', '--timeframe', 'x'], '--timeframe is'],
  [['indicators', 'timed.csv', '--expr', 'close', '--last', '0'], '--last is'], [['indicators', 'timed.csv', '--expr', 'close', '--exchange', 'NYSE'], '--exchange is one of NSE'], [['indicators', 'dirty.csv', '--expr', 'close', '--exchange', 'NSE'], '--exchange means nothing to dirty.csv'], [['condition', 'timed.csv', 'close > 1', '--loud'], 'Unknown option'], [['condition', 'timed.csv', 'close > 1', '--times', 'middle'], '--times is'],
])('%j makes no sense: %s', async (words, message) => {
  const { code, out, err } = await run(...words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^bellwether: /);
  expect(err).toContain(message);
});

test.each([['nowhere.csv'], ['empty.csv']])('%s can not be done', async (file) => {
  const { code, err } = await run('indicators', file, '--expr', 'close');
  expect({ code, said: err.includes(file) }).toEqual({ code: 1, said: true });
});
