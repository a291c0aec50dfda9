import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as nodes from '../../../nodes';
import { openCandleStore } from '../../adapters/candles';
import { PaperAccount } from '../../domain/account';
import type { BacktestWish } from '../../domain/backtest';
import type { Candle } from '../../domain/candle';
import { deny } from '../../domain/denial';
import { instrumentKey } from '../../domain/market';
import type { Command, NodeContext } from '../../domain/nodeContext';
import { indiaTime } from '../../domain/session';
import { withBacktests, type BacktestDesk } from './desk';
import { inlineRunner } from './runner';

const DEFINITIONS = Object.values(nodes);
const EMA = readFileSync(path.resolve(__dirname, '../../../flows/node-red/EMA crossover.json'), 'utf8');

let home = '';
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'backtest-desk-'));
  mkdirSync(path.join(home, 'data'));
  const rows = Array.from({ length: 375 }, (_, minute) => {
    const price = 450 + 8 * Math.sin(minute / 40);
    return [indiaTime('2022-06-01', '09:15') + minute * 60_000, price, price + 0.5, price - 0.5, price + 0.1, 100_000].join(',');
  });
  writeFileSync(path.join(home, 'data', 'SBIN.csv'), rows.join('\n'));
  writeFileSync(path.join(home, 'data', 'ema.json'), EMA);
  writeFileSync(path.join(home, 'secret.csv'), rows.join('\n'));
});
afterEach(() => { rmSync(home, { recursive: true, force: true }); });

const wish = (more: Partial<BacktestWish> = {}): BacktestWish => ({
  flow: { kind: 'file', file: 'ema.json' }, data: { kind: 'file', file: 'SBIN.csv', timeIs: 'start' }, exchange: 'NSE', symbol: 'SBIN', account: PaperAccount.parse({}), charges: 'exchange', ...more,
});

async function ask(wanted: BacktestWish, more: Partial<BacktestDesk> = {}) {
  const others: Command[] = [];
  const context: NodeContext = {
    now: () => 0, fetch: () => { throw new Error('nothing is asked for'); },
    perform(commands) {
      others.push(...commands);
      return Promise.resolve(commands.map(() => ({ kind: 'rearm' as const })));
    },
  };
  const [, result] = await withBacktests(context, { home, runner: inlineRunner(DEFINITIONS), ...more }).perform([{ kind: 'rearm' }, { kind: 'backtest', wish: wanted }]);
  if (result?.kind !== 'backtest') throw new Error('no answer');
  return { outcome: result.outcome, others };
}

test('what the check of the flow finds stands in the figures, on the page and in the status', async () => {
  const nodes = JSON.parse(EMA) as readonly { readonly id: string; readonly name: string; readonly type: string; readonly wires?: readonly (readonly string[])[] }[];
  const [gate, order] = ['bellwether-risk-gate', 'bellwether-place-order'].map((type) => nodes.find((node) => node.type === type)?.id ?? '');
  const text = JSON.stringify(nodes.map((node) => ({ ...node, wires: node.wires?.map((ids) => ids.map((id) => (id === gate ? order : id))) })));
  const clean = (await ask(wish({ flow: { kind: 'text', text: EMA } }))).outcome;
  expect(clean).toMatchObject({ ok: true, value: { json: { findings: [] }, told: { text: expect.stringMatching(/^\d+ trades?.*, net −?₹[\d.,]+$/) as string, details: [], isWarning: false } } });
  const found = (await ask(wish({ flow: { kind: 'text', text } }))).outcome;
  if (!found.ok) throw new Error(found.denial.message);
  const { json, page, told } = found.value;
  expect(json['findings']).toContainEqual(expect.objectContaining({ code: 'order-without-gate', severity: 'error', nodes: expect.arrayContaining(['Place Order']) as string[] }));
  expect(page).toContain('Check of the flow');
  expect(told).toMatchObject({ text: expect.stringMatching(/net .*, \d errors?/) as string, isWarning: true, details: expect.arrayContaining([expect.stringMatching(/^Error: .*Place Order/)]) as string[] });
});

test('a wish is walked: figures and trades as data, the report as a page; other commands go their own way', async () => {
  const { outcome, others } = await ask(wish());
  expect(outcome).toMatchObject({ ok: true, value: { json: { name: 'EMA crossover', metrics: { netPnl: expect.any(Number) as number }, tradeCount: expect.any(Number) as number, stoppedEarly: false }, page: expect.stringMatching(/^<!doctype html[^]*<th scope="row">Source<\/th><td class="wide">SBIN\.csv, times are starts of candles</i) as string } });
  expect(others).toEqual([{ kind: 'rearm' }]);
});

test('a flow of the editor is the one that is named, else the one that the node is in', async () => {
  const file: unknown = JSON.parse(EMA);
  const here = (JSON.parse(EMA) as { readonly id: string; readonly type: string }[]).find(({ type }) => type === 'tab')?.id ?? '';
  const editor = () => ({ file, here });
  expect((await ask(wish({ flow: { kind: 'editor' } }), { editor })).outcome).toMatchObject({ ok: true, value: { json: { name: 'EMA crossover' } } });
  expect((await ask(wish({ flow: { kind: 'editor', name: 'EMA crossover' } }), { editor })).outcome.ok).toBe(true);
  expect((await ask(wish({ flow: { kind: 'editor', name: 'Other' } }), { editor })).outcome).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
  expect((await ask(wish({ flow: { kind: 'editor' } }))).outcome).toMatchObject({ ok: false, denial: { code: 'NOT_SUPPORTED', field: 'flowFrom' } });
});

test.each<[string, () => Partial<BacktestWish>]>([
  ['a path that climbs out', () => ({ data: { kind: 'file', file: '../secret.csv', timeIs: 'start' } })],
  ['a path from the root', () => ({ data: { kind: 'file', file: path.join(home, 'secret.csv'), timeIs: 'start' } })],
  ['a link that leads out', () => {
    symlinkSync(path.join(home, 'secret.csv'), path.join(home, 'data', 'link.csv'));
    return { data: { kind: 'file', file: 'link.csv', timeIs: 'start' } };
  }],
  ['a flow outside', () => ({ flow: { kind: 'file', file: '../secret.csv' } })],
  ['a folder', () => ({ data: { kind: 'file', file: '.', timeIs: 'start' } })],
  ['a file that is not there', () => ({ data: { kind: 'file', file: 'nothing.csv', timeIs: 'start' } })],
])('%s is no file of the folder', async (_what, more) => {
  expect((await ask(wish(more()))).outcome).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND', remedy: expect.stringContaining('this folder only') as string } });
});

test('candles of the store: the shortest, or those of a length; the report says which, and where older ones are', async () => {
  const store = await openCandleStore({ path: path.join(home, 'candles.db') });
  const from = indiaTime('2022-06-02', '09:15');
  const candles = (start: number, count: number, lengthMs: number): readonly Candle[] => Array.from({ length: count }, (_, index) => ({ time: start + index * lengthMs, open: 450, high: 451, low: 449, close: 450, volume: 1_000, closed: true }));
  await store.put(instrumentKey('NSE', 'SBIN'), '1m', candles(from, 375, 60_000), 'test');
  await store.put(instrumentKey('NSE', 'SBIN'), '5m', candles(indiaTime('2022-06-01', '09:15'), 75, 300_000), 'test');
  await store.close();
  const pageOf = async (data: BacktestWish['data']): Promise<string> => {
    const { outcome } = await ask(wish({ data }));
    return outcome.ok ? outcome.value.page : outcome.denial.message;
  };
  expect(await pageOf({ kind: 'store' })).toContain('the candle store, 1m from 2022-06-02; those of 5m begin on 2022-06-01: choose them in the node');
  expect(await pageOf({ kind: 'store', timeframe: '5m' })).toContain('the candle store, 5m from 2022-06-01<');
  expect(await pageOf({ kind: 'store', timeframe: '3m' })).toContain('the candle store, 1m from 2022-06-02<');
  expect(await pageOf({ kind: 'store', timeframe: '1h' })).toContain('the candle store, 5m from 2022-06-01<');
});

test.each<[string, Partial<BacktestWish>, object]>([
  ['text that is no JSON', { flow: { kind: 'text', text: '{' } }, { code: 'MALFORMED_BODY', field: 'flow' }],
  ['another symbol than the flow trades', { symbol: 'TCS' }, { code: 'NOT_FOUND', field: 'data', value: 'NSE:SBIN' }],
  ['a store that is not there', { data: { kind: 'store' } }, { code: 'NOT_FOUND', field: 'dataFrom' }],
  ['days in the wrong order', { from: '2022-06-02', to: '2022-06-01' }, { code: 'INVALID_PARAMETER', field: 'from' }],
  ['a day that does not exist', { to: '2022-13-01' }, { code: 'INVALID_PARAMETER', field: 'to' }],
])('%s is refused by name', async (_what, more, denial) => {
  expect((await ask(wish(more))).outcome).toMatchObject({ ok: false, denial });
});

test('a stand-in goes by the candles of another', async () => {
  expect((await ask(wish({ exchange: 'NSE_INDEX', symbol: 'NIFTY', standsFor: 'NSE:SBIN' }))).outcome).toMatchObject({ ok: true });
});

test('one backtest at a time: twenty wait, the next is refused, and a failure ends nothing', async () => {
  const release = Promise.withResolvers<undefined>();
  const runner: NonNullable<BacktestDesk['runner']> = { run: () => release.promise.then(() => [deny('NOT_SUPPORTED', 'done')]) };
  const asked = Array.from({ length: 20 }, () => ask(wish(), { runner }));
  // The place is taken when the other command before it has been carried out.
  await Promise.resolve().then(() => Promise.resolve());
  expect((await ask(wish(), { runner })).outcome).toMatchObject({ ok: false, denial: { code: 'TOO_MANY_REQUESTS' } });
  release.resolve(undefined);
  expect((await Promise.all(asked)).every(({ outcome }) => !outcome.ok && outcome.denial.code === 'NOT_SUPPORTED')).toBe(true);
  await expect(ask(wish(), { runner: { run: () => Promise.reject(new Error('broken')) } })).rejects.toThrow('broken');
  expect((await ask(wish())).outcome.ok).toBe(true);
});
