import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import * as definitions from '../../../nodes';
import { PaperAccount } from '../../../runtime/domain/account';
import type { BacktestResult } from '../../../runtime/domain/backtest';
import type { Outcome } from '../../../runtime/domain/denial';
import { inlineRunner, nodeRedRunner, recordedCandles, type BacktestSetup } from '../../../runtime/hosts/backtests';
import { canonicalIntents, findNodeRed } from '../../../runtime/hosts/replay';
import { atIndiaTime, REAL_MONTHS_ARE_HERE, recordingOf } from '../../doubles/courses';
import { valueOf } from '../../doubles/triggerWorld';
import { ROOT, type FlowNode } from './host';

jest.setTimeout(120_000);

const Flow = z.array(z.looseObject({ id: z.string(), type: z.string() }));
const shipped = (name: string): readonly FlowNode[] => Flow.parse(JSON.parse(readFileSync(path.join(ROOT, 'flows/node-red', `${name}.json`), 'utf8')));

const runner = () => nodeRedRunner({ program: path.join(ROOT, 'dist/cli/nodeRedWorker.js'), nodeRed: valueOf(findNodeRed([ROOT])) });

function setup(file: readonly FlowNode[], from: string, until: string): BacktestSetup {
  const recording = recordingOf({ symbol: 'SBIN', of: 'NIFTY', factor: 0.05 });
  if (recording.content.kind !== 'candles') throw new Error('The months are candles.');
  const data = recordedCandles(recording.instrument, recording.content.timeframeMs, recording.content.candles);
  return { file, terms: { data: [data], from: atIndiaTime(from), until: atIndiaTime(until), account: PaperAccount.parse({ limits: { cooldownMs: 0 } }), charges: 'exchange' } };
}

async function result(which: 'A' | 'B', given: BacktestSetup): Promise<Outcome<BacktestResult>> {
  const lane = which === 'A' ? inlineRunner(Object.values(definitions)) : runner();
  const [outcome] = await lane.run(given, [{ give: 'result' }]);
  if (outcome === undefined) throw new Error('It was not begun.');
  if (!outcome.ok) return outcome;
  if (outcome.value.kind !== 'result') throw new Error('It gave something else.');
  return { ok: true, value: outcome.value.result };
}

/** The wires out of Risk Gate lead through these nodes first. */
function between(file: readonly FlowNode[], more: readonly FlowNode[]): readonly FlowNode[] {
  const [first] = more;
  const order = file.find(({ name }) => name === 'Place Order');
  const last = more.at(-1);
  if (first === undefined || last === undefined || order === undefined) throw new Error('There is something to lead through.');
  const tab = file.find(({ type }) => type === 'tab')?.id;
  return [
    ...file.map((node) => (node['name'] === 'Risk Gate' ? { ...node, wires: [[first.id], ...z.array(z.array(z.string())).parse(node['wires']).slice(1)] } : node)),
    ...more.map((node, index) => ({ ...node, z: tab, wires: [[more[index + 1]?.id ?? order.id]] })),
  ];
}

const DAYS = ['2022-06-08 09:00', '2022-06-09 15:30'] as const;

describe.each(REAL_MONTHS_ARE_HERE ? [['EMA crossover', ...DAYS], ['Opening-range breakout', '2022-06-20 09:00', '2022-06-23 15:30']] as const : [])('%s in a headless Node-RED', (name, from, until) => {
  test('decides what the compiled flow decides, to the byte, and each node says where it ran', async () => {
    const given = setup(shipped(name), from, until);
    const [compiled, headless] = [valueOf(await result('A', given)), valueOf(await result('B', given))];
    expect(compiled.intents.length).toBeGreaterThan(4);
    expect(canonicalIntents(headless.intents)).toBe(canonicalIntents(compiled.intents));
    expect(headless.trades).toEqual(compiled.trades);
    expect(new Set(headless.lanes.map(({ lane }) => lane))).toEqual(new Set(['node-red']));
  });
});

describe.each(REAL_MONTHS_ARE_HERE ? ['a node that can not be translated'] : [])('%s', () => {
  const EMA = shipped('EMA crossover');
  const plain = async (): Promise<BacktestResult> => valueOf(await result('A', setup(EMA, ...DAYS)));

  test('is refused by its name in lane A, and runs in lane B', async () => {
    // Late entries are left out: after two o'clock in India, by the clock of the machine that the function believes in.
    const file = between(EMA, [{ id: 'f1', type: 'function', name: 'Not late', func: 'return new Date().getTime() - Date.UTC(2022, 5, 9) > 8 * 3600 * 1000 ? null : msg;', outputs: 1, timeout: 0, noerr: 0, initialize: '', finalize: '', libs: [] }]);
    expect(await result('A', setup(file, ...DAYS))).toMatchObject({ ok: false, denial: { code: 'NOT_SUPPORTED', field: 'Not late', message: expect.stringContaining('function') as string, remedy: expect.stringContaining('--lane node-red') as string } });
    const headless = valueOf(await result('B', setup(file, ...DAYS)));
    const [all, some] = [(await plain()).trades, headless.trades];
    expect(some).toHaveLength(all.length - 1);
    expect(some).toEqual(all.slice(0, some.length));
    expect(headless.refusals).toEqual([]);
  });

  test('waits in virtual time, and its order meets the price of then', async () => {
    const minutes = 7;
    const file = between(EMA, [{ id: 'd1', type: 'delay', name: '', pauseType: 'delay', timeout: String(minutes), timeoutUnits: 'minutes', rate: '1', nbRateUnits: '1', rateUnits: 'second', randomFirst: '1', randomLast: '5', randomUnits: 'seconds', drop: false, allowrate: false, outputs: 1 }]);
    const [first, late] = [(await plain()).trades[0], valueOf(await result('B', setup(file, ...DAYS))).trades[0]];
    expect((late?.entryTime ?? 0) - (first?.entryTime ?? 0)).toBe(minutes * 60_000);
    expect(late?.entryPrice).not.toBe(first?.entryPrice);
  });

  test('that breaks is in the report, with what it said', async () => {
    const file = between(EMA, [{ id: 'f1', type: 'function', name: 'Breaks', func: 'throw new Error("no such thing");', outputs: 1, timeout: 0, noerr: 0, initialize: '', finalize: '', libs: [] }]);
    const { trades, refusals } = valueOf(await result('B', setup(file, ...DAYS)));
    expect(trades).toEqual([]);
    expect(refusals[0]).toMatchObject({ node: 'Breaks', message: expect.stringContaining('no such thing') as string });
  });

  test.each<[string, FlowNode, RegExp]>([
    ['that asks a server', { id: 'h1', type: 'http request', name: 'Ask' }, /"Ask" \(http request\) reaches beyond/],
    ['that this Node-RED does not have', { id: 'u1', type: 'no-such-node', name: 'Unknown' }, /no-such-node/],
  ])('%s is refused in lane B too', async (_name, node, message) => {
    expect(await result('B', setup(between(EMA, [node]), ...DAYS))).toMatchObject({ ok: false, denial: { code: 'NOT_SUPPORTED', message: expect.stringMatching(message) as string } });
  });
});

test('the real months are where the tests look for them', () => {
  expect(REAL_MONTHS_ARE_HERE || process.env['CI'] !== 'true').toBe(true);
});
