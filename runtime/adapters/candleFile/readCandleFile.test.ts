import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { readCandleFile, type CandleFileOptions } from './readCandleFile';

const SHARED = path.resolve(__dirname, '../../../../shared/data');
const NINE_FIFTEEN = Date.parse('2022-06-01T09:15:00+05:30');
const PRICES = { open: 10, high: 12, low: 9, close: 11, volume: 500, closed: true };

test.each<{ readonly what: string; readonly text: string; readonly options?: CandleFileOptions }>([
  { what: 'epoch seconds', text: `${NINE_FIFTEEN / 1_000},10,12,9,11,500` },
  { what: 'epoch milliseconds', text: `${NINE_FIFTEEN},10,12,9,11,500` },
  { what: 'ISO in UTC', text: '2022-06-01T03:45:00Z,10,12,9,11,500' },
  { what: 'ISO with an offset', text: '2022-06-01T09:15:00+05:30,10,12,9,11,500' },
  { what: 'ISO without a zone, which is India\'s', text: '2022-06-01T09:15:00,10,12,9,11,500' },
  { what: 'a day and a time in one cell', text: '2022-06-01 09:15,10,12,9,11,500' },
  { what: 'a compact day and a time in one cell', text: '20220601 09:15,10,12,9,11,500' },
  { what: 'a day and a time in two cells', text: '2022-06-01,09:15:00,10,12,9,11,500' },
  { what: 'a symbol in front, open interest behind', text: 'NIFTY,20220601,09:15,10,12,9,11,500,77' },
  { what: 'ends instead of starts', text: 'NIFTY,20220601,09:16,10,12,9,11,500,0', options: { timeIs: 'end' } },
  { what: 'ends of five minutes', text: '20220601 09:20,10,12,9,11,500', options: { timeIs: 'end', timeframeMs: 300_000 } },
  { what: 'a header in any order', text: 'Volume,Close,Low,High,Open,Date,Time,OI\n500,11,9,12,10,20220601,09:15,3' },
  { what: 'a header with one time column', text: 'timestamp,open,high,low,close,volume\n2022-06-01 09:15,10,12,9,11,500' },
  { what: 'semicolons, quotes, carriage returns, a byte order mark and empty lines', text: '\uFEFF"time";"open";"high";"low";"close";"volume"\r\n\r\n"2022-06-01 09:15";"10";"12";"9";"11";"500"\r\n' },
  { what: 'ISO with a blank and an offset', text: '2022-06-01 09:15:00+05:30,10,12,9,11,500' },
  { what: 'the day first, as it is written in India', text: '01-06-2022 09:15,10,12,9,11,500' },
  { what: 'the day first with slashes', text: 'Date,Open,High,Low,Close,Volume\n1/6/2022 9:15,10,12,9,11,500' },
  { what: 'another zone', text: '2022-06-01 03:45,10,12,9,11,500', options: { zone: 'UTC' } },
  { what: 'a zone with a summer time', text: '2022-05-31 23:45,10,12,9,11,500', options: { zone: 'America/New_York' } },
  { what: 'columns by name', text: 'Wann,Eins,Zwei,Drei,Vier,Menge\n2022-06-01 09:15,10,12,9,11,500', options: { columns: { time: 'wann', open: 'Eins', high: 'Zwei', low: 'Drei', close: 'Vier', volume: 'Menge' } } },
  { what: 'columns by number', text: '11,9,12,10,500,2022-06-01 09:15', options: { columns: { close: 1, low: 2, high: 3, open: 4, volume: 5, time: 6 } } },
  { what: 'JSON objects', text: '[{"date":"2022-06-01T09:15:00+0530","open":10,"high":12,"low":9,"close":11,"volume":500,"oi":null}]' },
  { what: 'JSON lists inside of an answer', text: '{"status":"success","data":{"candles":[["2022-06-01T09:15:00+05:30",10,12,9,11,500,0]]}}' },
  { what: 'JSON columns', text: `{"s":"ok","t":[${NINE_FIFTEEN / 1_000}],"o":[10],"h":[12],"l":[9],"c":[11],"v":[500]}` },
  { what: 'tabs', text: '2022-06-01 09:15\t10\t12\t9\t11\t500' },
])('reads $what', ({ text, options }) => {
  expect(readCandleFile(text, options)).toMatchObject({ candles: [{ time: NINE_FIFTEEN, ...PRICES }], timed: true, problemCount: 0 });
});

test('a day alone begins at its midnight in India', () => {
  expect(readCandleFile('2022-06-01,10,12,9,11,500').candles[0]?.time).toBe(Date.parse('2022-05-31T18:30:00Z'));
});

test.each([
  ['with a header', 'open,high,low,close,volume\n10,12,9,11,500\n11,13,10,12,600'],
  ['without one', '10,12,9,11,500\n11,13,10,12,600'],
])('a file without times %s counts its candles', (_how, text) => {
  const { candles, timed } = readCandleFile(text);
  expect([candles.map(({ time }) => time), timed]).toEqual([[0, 1], false]);
});

test('a file without volume has volume 0', () => {
  expect(readCandleFile('open,high,low,close\n10,12,9,11').candles).toEqual([{ ...PRICES, time: 0, volume: 0 }]);
});

test.each([
  ['a cell that is no number', '20220601 09:16,10,12,9,x,500', 'The close is no number: "x"'],
  ['a hexadecimal number', '20220601 09:16,0x10,12,9,11,500', 'The open is no number: "0x10"'],
  ['an empty price', '20220601 09:16,,12,9,11,500', 'The open is no number: ""'],
  ['a short row', '20220601 09:16,10,12', 'There is no low.'],
  ['a close above the high', '20220601 09:16,10,12,9,13,500', 'The range 9 to 12 does not hold open 10 and close 13.'],
  ['a negative volume', '20220601 09:16,10,12,9,11,-5', 'The volume is negative: -5'],
  ['a day that does not exist', '20220631 09:16,10,12,9,11,5', 'The time can not be read: "20220631 09:16"'],
  ['an hour that does not exist', '20220601 24:16,10,12,9,11,5', 'The time can not be read: "20220601 24:16"'],
  ['NaN', '20220601 09:16,NaN,12,9,11,5', 'The open is no number: "NaN"'],
])('leaves out %s and names its line', (_what, row, message) => {
  const { candles, problems } = readCandleFile(`20220601 09:15,10,12,9,11,500\n\n${row}\n20220601 09:17,10,12,9,11,500`);
  expect(candles).toHaveLength(2);
  expect(problems).toMatchObject([{ line: 3, message }]);
});

test('rows out of order are sorted, of two with one time the later stays, and both are named', () => {
  const { candles, problems } = readCandleFile('20220601 09:16,1,1,1,1\n20220601 09:15,2,2,2,2\n20220601 09:16,3,3,3,3');
  expect(candles.map(({ open }) => open)).toEqual([2, 3]);
  expect(problems.map(({ line }) => line)).toEqual([2, 1]);
});

test('of several symbols the wanted one is taken; without a wish the first, and the others are named', () => {
  const text = 'A,20220601,09:15,1,1,1,1\nB,20220601,09:15,2,2,2,2';
  expect(readCandleFile(text, { symbol: 'B' })).toMatchObject({ candles: [{ open: 2 }], problemCount: 0 });
  expect(readCandleFile(text)).toMatchObject({ candles: [{ open: 1 }], symbol: 'A', problems: [{ line: 2 }] });
});

test('a file of nothing but dirt keeps a thousand problems and counts all', () => {
  const { problems, problemCount } = readCandleFile(`10,12,9,11,500\n${'x\n'.repeat(5_000)}`);
  expect([problems.length, problemCount]).toEqual([1_000, 5_000]);
});

test('any text at all is read without an exception', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
    for (const { open, high, low, close, time } of readCandleFile(text).candles) expect([open, high, low, close, time].every(Number.isFinite)).toBe(true);
  }));
  fc.assert(fc.property(fc.array(fc.array(fc.constantFrom('time', 'open', 'close', '1', '2', '20220601', '09:15', '', '-', '"', 'NaN'), { maxLength: 8 }), { maxLength: 6 }), (rows) => {
    readCandleFile(rows.map((cells) => cells.join(',')).join('\n'));
  }));
});

test.each(['BNF-2022-JUN', 'BNF-2022-JUL', 'NIFTY-2022-JUN', 'NIFTY-2022-JUL'])('the real month %s is read row for row', (name) => {
  const text = readFileSync(path.join(SHARED, `${name}.txt`), 'utf8');
  const { candles, problemCount, problems, symbol } = readCandleFile(text, { timeIs: 'end' });
  expect(candles.length + problemCount).toBe(text.trim().split('\n').length);
  expect(problems).toEqual([]);
  expect(symbol).toBe(name.startsWith('BNF') ? 'BANKNIFTY' : 'NIFTY');
  expect(new Date((candles[1]?.time ?? 0) + 19_800_000).toISOString().slice(11, 16)).toBe('09:15');
});

test.each([
  [{ close: 'Closed' }, 'The file has no column "Closed". Its first row is: time, open, high, low, close', 'columns.close'],
  [{ volume: 9 }, 'The file has no column 9: it has 5', 'columns.volume'],
])('columns %j that the file does not have are refused by name', (columns, message, field) => {
  expect(readCandleFile('time,open,high,low,close\n20220601 09:15,10,12,9,11', { columns })).toMatchObject({ candles: [], denial: { message: expect.stringContaining(message) as string, field } });
});

test('dirt is counted by kind', () => {
  const rows = ['20220601 09:16,1,2,1,1,0', '20220601 09:15,1,2,1,1', '20220601 09:15,1,2,1,1', '20220601 09:17,3,2,1,1', 'x,1,1,1,1', '20220601 09:18,1,1,y,1', '20220601 09:19,1,2,1,1,-1'];
  expect(readCandleFile(rows.join('\n')).counts).toEqual({ order: 2, duplicate: 1, range: 1, time: 1, unreadable: 1, volume: 1 });
});
