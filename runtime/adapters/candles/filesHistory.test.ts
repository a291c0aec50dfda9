import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { instrumentKey } from '../../domain/market';
import { indiaTime } from '../../domain/session';
import { filesHistory } from './filesHistory';

const NIFTY = instrumentKey('NSE_INDEX', 'NIFTY');
const shared = path.resolve(__dirname, '../../../../shared/data');
const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const all = { instrument: NIFTY, timeframe: '1m', from: 0, until: Infinity, limit: 1_000_000 } as const;

test('two months of one instrument are one history', async () => {
  const history = filesHistory(['JUL', 'JUN'].map((month) => ({ instrument: NIFTY, timeframe: '1m', timeIs: 'end', path: path.join(shared, `NIFTY-2022-${month}.txt`) })));
  const found = await history.candles(all);
  const times = found.ok ? found.value.map(({ time }) => time) : [];
  expect(times.length).toBeGreaterThan(15_000);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  // As the files stand: the pre-open print is left out by whoever knows the sessions.
  expect(await history.candles({ ...all, until: indiaTime('2022-07-01', '09:16'), limit: 2 })).toMatchObject({ ok: true, value: [{ time: indiaTime('2022-07-01', '09:07'), open: 15_703.7 }, { time: indiaTime('2022-07-01', '09:15'), open: 15_708.3 }] });
});

test('what there is no file of is denied, and so are files that can not be used', async () => {
  const untimed = path.join(folder, 'untimed.csv');
  writeFileSync(untimed, 'open,high,low,close\n1,2,0.5,1\n');
  expect(await filesHistory([]).candles(all)).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
  expect(await filesHistory([{ instrument: NIFTY, timeframe: '1m', path: path.join(folder, 'none.csv') }]).candles(all)).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
  expect(await filesHistory([{ instrument: NIFTY, timeframe: '1m', path: untimed }]).candles(all)).toMatchObject({ ok: false, denial: { code: 'MISSING_FIELD' } });
});
