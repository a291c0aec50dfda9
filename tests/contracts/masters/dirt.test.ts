import { gzipSync } from 'node:zlib';
import { LISTS, OPENALGO_COLUMNS, readList } from './lists';

const good = 'SBIN,SBIN-EQ,STATE BANK,NSE,NSE,3045,,0.0,1,EQ,0.05';
const list = (...lines: readonly string[]): string => [OPENALGO_COLUMNS, ...lines].join('\n');

test.each([
  ['too few fields', 'SBIN,NSE,1', /3 fields where the header has 11/],
  ['a stray quote', '"SBIN,SBIN-EQ,STATE BANK,NSE,NSE,3045,,0.0,1,EQ,0.05', /^"?"?\\?"?.*no symbol|fields/],
  ['no exchange of ours', 'SBIN,x,x,LSE,LSE,1,,0,1,EQ,0.05', /exchange "LSE"/],
  ['a lot of none', 'NIFTY29DEC26FUT,x,NIFTY,NFO,NFO,1,29-DEC-26,0,0,FUT,0.05', /a lot of 0/],
  ['half a lot', 'NIFTY29DEC26FUT,x,NIFTY,NFO,NFO,1,29-DEC-26,0,65.5,FUT,0.05', /a lot of 65\.5/],
  ['a lot in words', 'NIFTY29DEC26FUT,x,NIFTY,NFO,NFO,1,29-DEC-26,0,many,FUT,0.05', /lotsize: "many" is no number/],
  ['a negative tick', 'NIFTY29DEC26FUT,x,NIFTY,NFO,NFO,1,29-DEC-26,0,65,FUT,-0.05', /a tick of -0\.05/],
  ['infinity', 'NIFTY29DEC26FUT,x,NIFTY,NFO,NFO,1,29-DEC-26,0,1e999,FUT,0.05', /no number/],
  ['a day that does not exist', 'NIFTY31NOV26FUT,x,NIFTY,NFO,NFO,1,31-NOV-26,0,65,FUT,0.05', /expiry "31-NOV-26"/],
  ['another day than its symbol', 'NIFTY29DEC26FUT,x,NIFTY,NFO,NFO,1,27-JAN-27,0,65,FUT,0.05', /does not say expiry 27JAN27/],
  ['another strike than its symbol', 'NIFTY29DEC2626000CE,x,NIFTY,NFO,NFO,1,29-DEC-26,26500,65,CE,0.05', /has strike 26500 in its column/],
  ['a symbol that is code', '=cmd(),x,x,NSE,NSE,1,,0,1,EQ,0.05', /is no symbol/],
  ['a share that reads as a contract', 'NIFTY29DEC26FUT,x,x,NSE,NSE,1,,0,1,EQ,0.05', /reads as a contract/],
])('%s spoils its own line only', async (_, bad, why) => {
  const { rows, rejected, samples } = await readList(list(bad, good));
  expect({ keys: rows.map(({ key }) => key), rejected, line: samples[0]?.line }).toEqual({ keys: ['NSE:SBIN'], rejected: 1, line: 2 });
  expect(samples[0]?.why).toMatch(why);
});

test('markets that are not ours are counted apart, empty lines not at all', async () => {
  expect(await readList(list('GUARSEED,x,x,NCDEX,NCDEX,1,20-DEC-26,0,5,FUT,1', '', good, ''))).toMatchObject({ rejected: 0, skipped: 1, rows: [{ key: 'NSE:SBIN' }] });
});

test('brackets, quotes and backslashes in names are letters', async () => {
  const name = 'A "B\\" ]}{[ \\';
  const { rows } = await readList(JSON.stringify({ data: ['SBIN', 'TCS'].map((symbol) => ({ symbol, name, exchange: 'NSE', lotsize: 1, tick_size: 0.05, instrumenttype: 'EQ' })) }), { size: 5 });
  expect(rows.map((row) => [row.key, row.name])).toEqual([['NSE:SBIN', name], ['NSE:TCS', name]]);
});

test('a broken record of a JSON list spoils itself only', async () => {
  const text = `{"data":[{"symbol":"SBIN","exchange":"NSE","lotsize":1,"tick_size":0.05,"instrumenttype":"EQ"},{"symbol":,},{"symbol":{"a":[1]},"exchange":"NSE","lotsize":1,"tick_size":0.05,"instrumenttype":"EQ"}]}`;
  const { rows, rejected, samples } = await readList(text);
  expect({ rows: rows.length, rejected, whys: samples.map(({ why }) => why) }).toEqual({ rows: 1, rejected: 2, whys: ['no valid JSON', 'symbol: neither text nor number'] });
});

test.each([
  ['a cut JSON list', (LISTS['Upstox'] ?? '').slice(0, -30), /broke off/],
  ['a JSON list without its end', (LISTS['Upstox'] ?? '').slice(0, -1), /broke off/],
  ['a JSON answer without a list', '{"status":"error","message":"Invalid openalgo apikey"}', /no list/],
  ['a page', '<html><body>Sign in</body></html>', /no header/],
  ['nothing', '', /empty/],
  ['blanks', ' \n ', /empty/],
  ['another program\'s CSV', 'date,open,high,low,close\n2026-01-01,1,2,0,1', /no known broker/],
  ['a header that is a trap', '__proto__,constructor,symbol\n1,2,3', /no header/],
  ['a line without an end', `${OPENALGO_COLUMNS}\n${'A'.repeat(100_000)}`, /never ends/],
  ['an object without an end', `[{"symbol":"${'A'.repeat(100_000)}"}]`, /never ends/],
  ['brackets without an end', '['.repeat(1_000), /no list/],
])('%s is refused as a whole', async (_, text, why) => {
  await expect(readList(text, { size: 1_000 })).rejects.toThrow(why);
});

test('a cut or spoilt packed list is refused as a whole', async () => {
  const packed = gzipSync(list(...Array.from({ length: 500 }, (_, index) => good.replace('SBIN', `S${index}`))));
  await expect(readList(packed.subarray(0, packed.length - 20), { size: 100 })).rejects.toThrow(/damaged or broke off/);
  const spoilt = Buffer.from(packed);
  spoilt.fill(0, 40, 60);
  await expect(readList(spoilt)).rejects.toThrow(/damaged or broke off/);
});

test('a list that never stops is stopped, also when it is packed small', async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from(`${OPENALGO_COLUMNS}\n`), Buffer.alloc(5_000_000, `${good}\n`)]));
  await expect(readList(bomb, { maxBytes: 1_000_000 })).rejects.toThrow(/longer than 1000000 bytes/);
  await expect(readList(list(...Array.from({ length: 50 }, () => good)), { maxRecords: 10 })).rejects.toThrow(/more than 10 lines/);
});
