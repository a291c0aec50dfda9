import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { inlineRunner } from '../runtime/hosts/backtests';
import { indiaTime } from '../runtime/domain/session';
import { madeUpCandles } from '../scripts/start/madeUpCandles.mjs';
import { DEFINITIONS } from './definitions';
import { main, type World } from './main';

const FLOWS = path.resolve(__dirname, '../flows');
const SHARED = path.resolve(__dirname, '../../shared/data');
const EMA = { n8n: path.join(FLOWS, 'n8n/EMA crossover.json'), nodeRed: path.join(FLOWS, 'node-red/EMA crossover.json') };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-backtest-'));
  writeFileSync(path.join(folder, 'sbin.csv'), minutes(3).join('\n'));
});
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

/** Days of one-minute candles that swing often enough for averages to cross. */
function minutes(days: number): readonly string[] {
  const rows = ['time,open,high,low,close,volume'];
  for (let day = 0; day < days; day += 1) {
    const open = indiaTime(`2022-06-0${day + 1}`, '09:15');
    for (let minute = 0; minute < 375; minute += 1) {
      const price = 450 + 8 * Math.sin((day * 375 + minute) / 40);
      rows.push(`${open + minute * 60_000},${price.toFixed(2)},${(price + 0.5).toFixed(2)},${(price - 0.5).toFixed(2)},${(price + 0.1).toFixed(2)},100000`);
    }
  }
  return rows;
}

interface Ran { readonly code: number; readonly out: string; readonly err: string; readonly written: ReadonlyMap<string, string> }

async function run(words: readonly string[], { stopAfter = Infinity, isTerminal = false }: { readonly stopAfter?: number; readonly isTerminal?: boolean } = {}): Promise<Ran> {
  let [out, err, asked, now] = ['', '', 0, 0];
  const written = new Map<string, string>();
  const world: World = {
    env: {}, workingDirectory: folder, userFolder: folder, now: () => (now += 200), openStore: () => { throw new Error('no journal is needed'); },
    readText: (file) => readFileSync(path.resolve(folder, file), 'utf8'), out: (text) => { out += text; }, err: (text) => { err += text; },
    backtest: { isTerminal, interrupted: () => (asked += 1) > stopAfter, writeText: (file, text) => { written.set(file, text); }, runner: () => inlineRunner(DEFINITIONS) },
  };
  return { code: await main(words, world), out, err, written };
}

const backtest = (...words: readonly string[]): Promise<Ran> => run(['backtest', EMA.n8n, '--data', 'sbin.csv', ...words]);

const Trade = z.object({
  entryTime: z.number(), exitTime: z.number().nullable(), symbol: z.literal('SBIN'), side: z.enum(['long', 'short']), quantity: z.number(), entryPrice: z.number(), exitPrice: z.number().nullable(), charges: z.number(), pnl: z.number(), reason: z.string(),
});
const Json = z.looseObject({
  trades: z.array(Trade.loose()), metrics: z.looseObject({ netPnl: z.number(), totalTrades: z.number() }), intents: z.array(z.looseObject({ symbol: z.string(), action: z.enum(['BUY', 'SELL']) })),
  lanes: z.array(z.object({ node: z.string(), type: z.string(), lane: z.string() })), stoppedEarly: z.boolean(),
});
const json = ({ out }: Ran): z.infer<typeof Json> => Json.parse(JSON.parse(out));

test('the JSON has trades, metrics, intents and lanes; both editors\' files give the same', async () => {
  const n8n = await backtest('--json');
  const read = json(n8n);
  expect(n8n).toMatchObject({ code: 0, err: '' });
  expect(read.trades.length).toBeGreaterThan(2);
  expect(read.metrics.totalTrades).toBe(read.trades.length);
  expect(read.metrics.netPnl).toBeCloseTo(read.trades.reduce((sum, { pnl }) => sum + pnl, 0), 6);
  expect(new Set(read.lanes.map(({ lane }) => lane))).toEqual(new Set(['compiled']));
  expect(json(await run(['backtest', EMA.nodeRed, '--data', 'sbin.csv', '--json'])).trades).toEqual(read.trades);
});

test('what a file says of itself in front of its rows stands above the figures: the demo\'s candles are nobody\'s prices', async () => {
  writeFileSync(path.join(folder, 'demo.csv'), madeUpCandles(['2022-06-01', '2022-06-02', '2022-06-03']));
  const ran = await run(['backtest', EMA.n8n, '--data', 'demo.csv', '--out', 'demo.html']);
  expect(ran).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Careful:\n  These prices are made up: a walk without memory') as string });
  const page = ran.written.get('demo.html') ?? '';
  expect(page.slice(page.indexOf('<section class="notice">'), page.indexOf('class="cards"'))).toContain('These prices are made up');
  expect((await run(['data', 'import', 'demo.csv', '--symbol', 'NSE:SBIN', '--home', 'demo'])).out).toContain('225 candles of 5m');
  expect((await run(['backtest', EMA.n8n, '--data', 'store', '--home', 'demo'])).out).toContain('Careful:\n  These prices are made up: a walk without memory');
});

test('times are starts unless told otherwise: the same candles by their ends give the same trades', async () => {
  const [head = '', ...rows] = minutes(3);
  writeFileSync(path.join(folder, 'ends.csv'), [head, ...rows.map((row) => row.replace(/^\d+/, (at) => String(Number(at) + 60_000)))].join('\n'));
  const starts = json(await backtest('--json'));
  expect(json(await run(['backtest', EMA.n8n, '--data', 'ends.csv', '--times', 'end', '--json'])).trades).toEqual(starts.trades);
  expect(json(await run(['backtest', EMA.n8n, '--data', 'ends.csv', '--json'])).trades).not.toEqual(starts.trades);
});

test('costs are what the words say', async () => {
  const [charged, free] = [json(await backtest('--json')), json(await backtest('--json', '--fees', 'none', '--slippage', 'none'))];
  expect(charged.trades.every(({ charges }) => charges > 0)).toBe(true);
  expect(free.trades.every(({ charges }) => charges === 0)).toBe(true);
  const worse = json(await backtest('--json', '--fees', 'none', '--slippage', 'ticks=10'));
  expect(worse.metrics.netPnl).toBeLessThan(free.metrics.netPnl);
});

test('days before --from warm up and are not traded; --to is meant to its end', async () => {
  const { trades } = json(await backtest('--json', '--from', '2022-06-02', '--to', '2022-06-02'));
  expect(trades.length).toBeGreaterThan(0);
  expect(trades.every(({ entryTime }) => entryTime >= indiaTime('2022-06-02', '09:15') && entryTime < indiaTime('2022-06-02', '15:30'))).toBe(true);
});

test('a person gets figures, lanes, refusals and warnings, and the report as a page', async () => {
  const { code, out, written } = await backtest('--out', 'report.html');
  expect(code).toBe(0);
  expect(out).toMatch(/^EMA crossover: 2022-06-01 09:15:00 to 2022-06-04 00:00:00, capital 10,00,000\n\nFIGURE\s+VALUE\nNet P&L/);
  expect(out).toMatch(/\nEnter\s+@bellwether\/n8n-nodes-trading\.marketTrigger\s+compiled\n/);
  expect(out).toContain('Report: report.html');
  expect(written.get('report.html')).toMatch(/^<!doctype html/i);
  expect(termsOf(written.get('report.html') ?? '')).toMatchObject({
    Period: '1 Jun 2022 to 3 Jun 2022 (2 d 14 h)', Capital: '₹10,00,000', Data: 'NSE:SBIN: 1,125 candles of 1 min, 2022-06-01 to 2022-06-03', Source: 'sbin.csv', Instruments: 'NSE:SBIN: cash, lot 1, tick by price',
    Charges: 'brokerage, taxes and fees of India, by date', Slippage: 'spread', 'Largest share of the volume': '10 %', 'Orders meet': 'the next price',
  });
});

/** Rows of the report's table of terms; a label that stands twice is a fault. */
function termsOf(page: string): Readonly<Record<string, string>> {
  const rows = [...page.slice(page.indexOf('<h2>Terms</h2>')).matchAll(/<tr><th scope="row">([^<]*)<\/th><td class="wide">([^<]*)<\/td><\/tr>/g)].map(([, label = '', value = '']): [string, string] => [label, value]);
  expect(new Set(rows.map(([label]) => label)).size).toBe(rows.length);
  return Object.fromEntries(rows);
}

test('where every order was refused it says so above the figures, with what to do', async () => {
  const { out } = await backtest('--limit', 'maxOrderValuePercent=0.1');
  expect(out).toMatch(/^EMA crossover: .*\n\nNothing was traded: (all )?\d+ .*orders were refused by MAX_ORDER_VALUE.* lower the quantity, or raise the limit \(--limit maxOrderValuePercent=\d+\)\.\n\nFIGURE/);
});

test('a terminal sees how far it is, a pipe nothing', async () => {
  const { err } = await run(['backtest', EMA.n8n, '--data', 'sbin.csv', '--json'], { isTerminal: true });
  expect(err).toMatch(/\[#+\.*\] \d+ % {2}2022-06-0\d {2}\d+ candles {2}\d+ intents/);
  expect((await backtest('--json')).err).toBe('');
});

test('Ctrl+C keeps what was done: report, JSON and exit code say that it was broken off', async () => {
  const month = ['backtest', EMA.n8n, '--data', `NSE:SBIN=${path.join(SHARED, 'NIFTY-2022-JUN.txt')}`, '--times', 'end', '--limit', 'maxOrderValuePercent=100', '--json'];
  const whole = json(await run(month));
  const broken = await run([...month, '--out', 'part.html'], { stopAfter: 1 });
  const part = json(broken);
  expect({ code: broken.code, stoppedEarly: part.stoppedEarly, written: broken.written.has('part.html') }).toEqual({ code: 130, stoppedEarly: true, written: true });
  expect(part.intents).toEqual(whole.intents.slice(0, part.intents.length));
  expect(part.intents.length).toBeLessThan(whole.intents.length);
});

test('signals from the real index, orders on a stand-in future with a declared lot and tick', async () => {
  const flow = readFileSync(EMA.n8n, 'utf8').replaceAll('"SBIN"', '"NSE_INDEX:NIFTY"').replace('"defaultQuantity": 10', '"defaultQuantity": 75');
  writeFileSync(path.join(folder, 'future.json'), flow.replaceAll('"NSE_INDEX:NIFTY"', '"NFO:NIFTY30JUN22FUT"'));
  const words = ['backtest', 'future.json', '--data', `NSE_INDEX:NIFTY=${path.join(SHARED, 'NIFTY-2022-JUN.txt')}`, '--times', 'end', '--as', 'NFO:NIFTY30JUN22FUT=NSE_INDEX:NIFTY', '--instrument', 'NFO:NIFTY30JUN22FUT,lot=75,tick=0.05,segment=NFO', '--limit', 'maxOrderValuePercent=200', '--json', '--to', '2022-06-08'];
  const { intents } = z.object({ intents: z.array(z.looseObject({ symbol: z.string(), quantity: z.number(), code: z.string().nullable() })) }).parse(JSON.parse((await run(words)).out));
  expect(intents.length).toBeGreaterThan(5);
  expect(new Set(intents.map(({ symbol }) => symbol))).toEqual(new Set(['NIFTY30JUN22FUT']));
  expect(intents.filter(({ code }) => code === null).every(({ quantity }) => quantity === 75)).toBe(true);
});

test('data may come from the store', async () => {
  mkdirSync(path.join(folder, 'state'), { recursive: true });
  expect((await run(['data', 'import', 'sbin.csv', '--symbol', 'NSE:SBIN', '--home', 'state'])).code).toBe(0);
  expect(json(await run(['backtest', EMA.n8n, '--data', 'store', '--home', 'state', '--json'])).trades).toEqual(json(await backtest('--json')).trades);
});

test('what the check of the flow finds is said beside the figures and on the page', async () => {
  const flow = z.looseObject({ connections: z.unknown() }).parse(JSON.parse(readFileSync(EMA.n8n, 'utf8')));
  writeFileSync(path.join(folder, 'ungated.json'), JSON.stringify({ ...flow, connections: JSON.parse(JSON.stringify(flow.connections).replaceAll('"node":"Risk Gate"', '"node":"Place Order"')) as unknown }));
  const words = ['backtest', 'ungated.json', '--data', 'sbin.csv', '--out', 'ungated.html'];
  const { out, written } = await run(words);
  expect(out).toMatch(/Check of the flow: \d errors?.*\n {2}error {2}.*"Place Order"/);
  expect(written.get('ungated.html')).toContain('<h2>Check of the flow</h2>');
  expect(JSON.parse((await run([...words, '--json'])).out)).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining({ code: 'order-without-gate', severity: 'error' })]) as unknown[] });
  const clean = await run(['backtest', EMA.n8n, '--data', 'sbin.csv', '--out', 'clean.html']);
  expect([clean.out, clean.written.get('clean.html')].join()).not.toContain('Check of the flow');
});

describe('a store of five-minute candles', () => {
  beforeAll(async () => {
    mkdirSync(path.join(folder, 'fives'), { recursive: true });
    const [head = '', ...rows] = minutes(3);
    const fives = Array.from({ length: rows.length / 5 }, (_, index) => {
      const five = rows.slice(index * 5, index * 5 + 5).map((row) => row.split(',').map(Number));
      const column = (at: number): readonly number[] => five.map((row) => row[at] ?? NaN);
      return [column(0)[0], column(1)[0], Math.max(...column(2)), Math.min(...column(3)), column(4).at(-1), column(5).reduce((sum, volume) => sum + volume, 0)].join(',');
    });
    writeFileSync(path.join(folder, 'fives.csv'), [head, ...fives].join('\n'));
    expect(await run(['data', 'import', 'fives.csv', '--symbol', 'NSE:SBIN', '--home', 'fives'])).toMatchObject({ code: 0, out: expect.stringMatching(/225 candles of 5m/) as string });
  });
  const onFives = (...words: readonly string[]): Promise<Ran> => run(['backtest', EMA.n8n, '--data', 'store', '--home', 'fives', '--json', ...words]);

  test('serves a flow of that length as minutes do', async () => {
    const decided = (ran: Ran): readonly unknown[] => json(ran).trades.map(({ entryTime, exitTime, side, quantity }) => ({ entryTime, exitTime, side, quantity }));
    expect(decided(await onFives())).toEqual(decided(await backtest('--json')));
  });

  test('makes no shorter candles: a flow that wants them is refused by name', async () => {
    writeFileSync(path.join(folder, 'shorter.json'), readFileSync(EMA.n8n, 'utf8').replaceAll('"timeframe": "5m"', '"timeframe": "3m"'));
    const refused = await run(['backtest', 'shorter.json', '--data', 'store', '--home', 'fives']);
    expect(`${refused.out}${refused.err}`).toContain('Candles of 3m can not be made of the 5-minute candles of NSE:SBIN');
    expect(await onFives('--timeframe', '1m')).toMatchObject({ code: 1, err: expect.stringContaining('holds no candles of NSE:SBIN that 1m can be made of; it holds 5m') as string });
  });

  test('stands beside minutes that reach less far back: those are taken, the others are not left unsaid', async () => {
    const [head = '', ...rows] = minutes(3);
    writeFileSync(path.join(folder, 'last.csv'), [head, ...rows.slice(750)].join('\n'));
    await run(['data', 'import', 'last.csv', '--symbol', 'NSE:SBIN', '--home', 'fives']);
    const [shortest, fives] = [await onFives(), await onFives('--timeframe', '5m')];
    expect(shortest.err).toBe('bellwether: NSE:SBIN: the 1m candles are taken, from 2022-06-03. Those of 5m begin on 2022-06-01: --timeframe 5m takes them.\n');
    expect([fives.err, json(fives).trades.length > json(shortest).trades.length]).toEqual(['', true]);
    expect((await onFives('--timeframe', '15m')).err).toBe('');
  });
});

test('a flow of alerts goes by alerts that were recorded', async () => {
  const alert = (time: string, action: string) => ({ at: `2022-06-01 ${time}`, body: { exchange: 'NSE', symbol: 'SBIN', action, quantity: 10 } });
  writeFileSync(path.join(folder, 'alerts.json'), JSON.stringify([alert('10:00', 'BUY'), alert('11:00', 'SELL')]));
  const words = ['backtest', path.join(FLOWS, 'n8n/TradingView alert to order.json'), '--data', 'NSE:SBIN=sbin.csv', '--json'];
  const { intents } = json(await run([...words, '--alerts', 'alerts.json']));
  expect(intents.map(({ action }) => action)).toEqual(['BUY', 'SELL']);
  expect(await run(words)).toMatchObject({ code: 1, err: expect.stringContaining('TradingView Trigger') as string });
  writeFileSync(path.join(folder, 'alerts.json'), JSON.stringify([{ ...alert('10:00', 'BUY'), node: 'Nobody' }]));
  expect(await run([...words, '--alerts', 'alerts.json'])).toMatchObject({ code: 2, err: expect.stringContaining('alert 1 is for "Nobody"') as string });
});

test('nothing of the future reaches the flow', async () => {
  const ran = await backtest('--json', '--check-lookahead', '--to', '2022-06-02');
  expect([ran.code, JSON.parse(ran.out)]).toMatchObject([0, { lookahead: { clean: true } }]);
});

test.each<[string, readonly string[], number, RegExp]>([
  ['no data', ['backtest', EMA.n8n], 2, /Over which candles\?/],
  ['no flow', ['backtest'], 2, /wants the file of a flow/],
  ['a symbol without data', ['backtest', EMA.n8n, '--data', 'NSE:TCS=sbin.csv'], 1, /"Enter" wants NSE:SBIN, and there are no candles of it \(there are of NSE:TCS\).*--data NSE:SBIN=<file>, or let it go by what there is: --as NSE:SBIN=NSE:TCS/],
  ['a contract that nobody knows', ['backtest', EMA.n8n, '--data', 'NFO:NOSUCH30JUN22FUT=sbin.csv'], 1, /--instrument NFO:NOSUCH30JUN22FUT,lot=75/],
  ['two files for one symbol', ['backtest', EMA.n8n, '--data', 'sbin.csv', '--data', 'sbin.csv'], 2, /given twice for NSE:SBIN/],
  ['a stand-in for nothing', ['backtest', EMA.n8n, '--data', 'sbin.csv', '--as', 'NSE:TCS=NSE:INFY'], 2, /no candles of NSE:INFY/],
  ['a fee that is none', ['backtest', EMA.n8n, '--data', 'sbin.csv', '--fees', 'some'], 2, /--fees is exchange or none/],
  ['a slippage that is none', ['backtest', EMA.n8n, '--data', 'sbin.csv', '--slippage', 'much'], 2, /--slippage is none, spread, ticks=1/],
  ['a limit that is none', ['backtest', EMA.n8n, '--data', 'sbin.csv', '--limit', 'maxFun=1'], 2, /--limit is one of maxOrderQuantity/],
  ['a day that is none', ['backtest', EMA.n8n, '--data', 'sbin.csv', '--from', 'May'], 2, /--from is a day or a time/],
  ['an end before the beginning', ['backtest', EMA.n8n, '--data', 'sbin.csv', '--from', '2022-06-03', '--to', '2022-06-01'], 2, /--from is not before --to/],
  ['an instrument that is described wrongly', ['backtest', EMA.n8n, '--data', 'sbin.csv', '--instrument', 'lots=5'], 2, /knows lot, tick, freeze and segment/],
  ['a flow that is none', ['backtest', 'sbin.csv', '--data', 'sbin.csv'], 1, /sbin\.csv is no JSON/],
])('%s is refused with a word that helps', async (_what, words, code, why) => {
  expect(await run(words)).toMatchObject({ code, out: '', err: expect.stringMatching(why) as string });
});
