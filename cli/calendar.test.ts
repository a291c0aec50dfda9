import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main, type World } from './main';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-cli-calendar-'));
  for (const [name, text] of [['mine', '{"openDays":[{"date":"2026-11-08","reason":"Muhurat","exchanges":["NSE"],"muhurat":true,"sessions":[{"from":"18:00","until":"19:00"}]}]}'], ['broken', '{"openDays":[{"date":"8 November"}]}']] as const) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'calendar.json'), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: folder, now: () => 0, openStore: () => { throw new Error('no journal is needed'); },
    readText: () => { throw new Error('no candles are needed'); }, out: (text) => { out += text; }, err: (text) => { err += text; },
  };
  return { code: await main(['calendar', ...words], world), out, err };
}

const asJson = async (...words: readonly string[]): Promise<unknown> => JSON.parse((await run(...words, '--json')).out);

test('a usual day as data: epoch times, times of day in India, kind', async () => {
  const day = {
    kind: 'open', reason: null,
    sessions: [{ from: Date.parse('2026-07-30T09:15:00+05:30'), until: Date.parse('2026-07-30T15:30:00+05:30'), fromText: '09:15', untilText: '15:30', kind: 'regular' }],
  };
  expect(await asJson('NFO', '2026-07-30')).toEqual({ exchange: 'NFO', date: '2026-07-30', ...day, groups: [{ group: 'equityDerivatives', ...day }] });
});

test('shares with derivatives close earlier from 2026-08-03 on, and both closes are shown', async () => {
  expect(await asJson('NSE', '2026-08-03')).toMatchObject({
    kind: 'open', sessions: [{ untilText: '15:30' }],
    groups: [{ group: 'cash', sessions: [{ untilText: '15:30' }] }, { group: 'cashWithDerivatives', sessions: [{ untilText: '15:15' }] }],
  });
  const { out } = await run('NSE', '2026-08-03');
  expect(out).toMatch(/shares without derivatives trades on Monday 2026-08-03:\nFROM \(IST\) +UNTIL +SESSION\n09:15 +15:30 +regular\n\nNSE, shares with derivatives .*\n.*\n09:15 +15:15 +regular\n/);
  expect((await run('NSE', '2026-07-31')).out).toMatch(/^NSE trades on Friday 2026-07-31:\n.*\n09:15 +15:30 +regular\n$/);
});

test('a closed day says why and what comes next', async () => {
  expect(await asJson('nse', '2026-11-24')).toMatchObject({ exchange: 'NSE', kind: 'closed', sessions: [], reason: 'Guru Nanak Jayanti' });
  expect((await run('NFO', '2026-11-21')).out).toBe('NFO is closed on Saturday 2026-11-21 (Weekend). Next: Monday 2026-11-23, 09:15 to 15:40.\n');
});

test('an evening, a muhurat hour and a day in two halves', async () => {
  expect(await asJson('MCX', '2026-11-24')).toMatchObject({ kind: 'open', sessions: [{ fromText: '17:00', untilText: '23:55', kind: 'evening' }] });
  expect(await asJson('BSE', '2025-10-21')).toMatchObject({ kind: 'open', sessions: [{ fromText: '13:45', untilText: '14:45', kind: 'special' }], reason: 'Diwali, muhurat trading' });
  expect(await asJson('NFO', '2024-03-02')).toMatchObject({ sessions: [{ fromText: '09:15', untilText: '10:00' }, { fromText: '11:30', untilText: '12:30' }] });
});

test('a day nobody knows is said to be unknown', async () => {
  expect(await asJson('NSE', '2031-03-03')).toMatchObject({ kind: 'unknown', sessions: [] });
  expect((await run('NFO', '2031-03-03')).out).toMatch(/^NFO is not known: nothing is traded on Monday 2031-03-03 \(.*calendar\.json.*\)\.\n$/);
});

test('the user\'s file holds before the bundled days, and a broken one is an error', async () => {
  expect(await asJson('NSE', '2026-11-08')).toMatchObject({ kind: 'closed' });
  expect(await asJson('NSE', '2026-11-08', '--home', 'mine')).toMatchObject({ kind: 'open', reason: 'Muhurat', sessions: [{ fromText: '18:00', untilText: '19:00', kind: 'special' }] });
  const broken = await run('NSE', '2026-11-20', '--home', 'broken');
  expect({ code: broken.code, out: broken.out }).toEqual({ code: 1, out: '' });
  expect(broken.err).toContain('openDays[0].date: is no day');
  expect(await run('NSE', '2026-11-20', '--home', 'nowhere')).toMatchObject({ code: 1, out: '' });
});

test.each([
  [['XYZ', '2026-11-20'], 'There is no exchange "XYZ"; known: NSE, BSE'],
  [['NSE', '2026-02-30'], '"2026-02-30" is no date: write YYYY-MM-DD'],
  [['NSE', '20-11-2026'], '"20-11-2026" is no date'],
  [['NSE', 'tomorrow'], '"tomorrow" is no date'],
  [['NSE'], 'wants an exchange and a date'],
  [['NSE', '2026-11-20', '2026-11-21'], '"2026-11-21" is too much'],
])('%j makes no sense, and says so', async (words, message) => {
  const { code, out, err } = await run(...words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
});
