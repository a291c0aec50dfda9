import { mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as definitions from '../../nodes';
import { readRecording } from '../../runtime/adapters/ticks/file/recording';
import { PaperAccount } from '../../runtime/domain/account';
import type { RecordedCandles } from '../../runtime/domain/backtest';
import type { Intent } from '../../runtime/domain/order';
import type { Store } from '../../runtime/domain/ports';
import { MINUTE_MS } from '../../runtime/domain/time';
import { inlineRunner, recordedCandles, type BacktestRunner } from '../../runtime/hosts/backtests';
import { canonicalIntents } from '../../runtime/hosts/replay';
import { openStore } from '../../runtime/openStore';
import { atIndiaTime, listing, writeCourse } from '../doubles/courses';
import { valueOf } from '../doubles/shippedFlow';
import { COURSES, DESKS, type Desk } from './desks';
import { n8nCanvas, redCanvas } from './desksCanvas';
import { PLAYED } from './market';
import { N8nClient } from './n8n/client';
import { until } from './n8n/poll';
import { N8nProcess } from './n8n/process';
import { packageFolder } from './n8n/session';
import { NodeRed } from './nodeRed/host';

const PLAY_LIMIT_MS = 900_000;
const MOST_INTENTS = 10_000;
const CAPITAL = 1_000_000;

/** Canonical intents by desk, refused ones too. */
export type Decided = Readonly<Record<string, string>>;

/** Days that everybody plays: a file for each share. */
export interface Stretch {
  readonly from: string;
  readonly until: string;
  readonly folder: string;
}

export function stretch(days: { readonly from: string; readonly until: string }): Stretch {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bellwether-desks-'));
  for (const course of COURSES) writeCourse(path.join(folder, `${course.symbol}.csv`), course, days);
  return { ...days, folder };
}

/** Each desk in one of the backtest's lanes, as the editor that `fileOf` takes it from has it. */
export async function inLane(runner: BacktestRunner, { from, until: end, folder }: Stretch, fileOf: (desk: Desk) => unknown): Promise<Decided> {
  const data = COURSES.map(({ symbol }) => recorded(folder, symbol));
  const decided: Record<string, string> = {};
  for (const desk of DESKS) {
    const account = PaperAccount.parse({ id: desk.account, capital: CAPITAL, limits: desk.limits ?? {} });
    const [outcome] = await runner.run({ file: fileOf(desk), orders: 'atOnce', terms: { data, from: atIndiaTime(from), until: atIndiaTime(end), account, charges: 'exchange' } }, [{ give: 'result' }]);
    if (outcome === undefined) throw new Error('It was not begun.');
    const done = valueOf(outcome);
    if (done.kind !== 'result') throw new Error('It gave something else.');
    decided[desk.account] = canonicalIntents(done.result.intents);
  }
  return decided;
}

export const laneA = (): BacktestRunner => inlineRunner(Object.values(definitions));

function recorded(folder: string, symbol: string): RecordedCandles {
  const { instrument, content } = valueOf(readRecording(readFileSync(path.join(folder, `${symbol}.csv`), 'utf8'), { instrument: listing(symbol), timeIs: 'end' }));
  if (content.kind !== 'candles') throw new Error('The months are candles.');
  return recordedCandles(instrument, MINUTE_MS, content.candles);
}

/** All desks on one canvas of a real Node-RED. */
export async function inNodeRed(days: Stretch): Promise<Decided> {
  const host = new NodeRed({ env: environmentOf(days) });
  try {
    await host.start();
    const accounts = DESKS.map(({ account, limits = {} }) => ({ id: `account-${account}`, type: 'bellwether-account', accountId: account, capital: String(CAPITAL), ...textOf(limits) }));
    const since = host.log.length;
    await host.deploy([...accounts, ...redCanvas(DESKS, ({ account }) => `account-${account}`)]);
    await host.waitForLog(PLAYED, since, PLAY_LIMIT_MS);
    return await journal(path.join(host.userDir, 'bellwether'));
  } finally {
    await host.dispose();
  }
}

/** The same in a real n8n. */
export async function inN8n(days: Stretch): Promise<Decided> {
  const host = await N8nProcess.create({ packageFolder: packageFolder(), env: { ...environmentOf(days), EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' } });
  try {
    await host.start();
    const client = new N8nClient(host.base);
    await client.signIn();
    const credentials = new Map<Desk, object>();
    for (const desk of DESKS) credentials.set(desk, await client.createCredential(desk.account, 'bellwetherAccountApi', { id: desk.account, capital: CAPITAL, marketHours: 'exchange', limits: desk.limits ?? {} }));
    const { id } = await client.createWorkflow(n8nCanvas(DESKS, (desk) => credentials.get(desk) ?? {}));
    await client.activate(id);
    await until('the end of the recording', () => (PLAYED.test(host.log) ? true : undefined), PLAY_LIMIT_MS);
    return await journal(host.stateFolder);
  } finally {
    await host.dispose();
  }
}

function environmentOf({ folder }: Stretch): Readonly<Record<string, string>> {
  return { BELLWETHER_FEED: COURSES.map(({ symbol }) => `NSE:${symbol}=${path.join(folder, `${symbol}.csv`)}`).join(','), BELLWETHER_FEED_SPEED: 'fast', BELLWETHER_FEED_TIME: 'end' };
}

function textOf(limits: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, String(value)]));
}

async function journal(stateFolder: string): Promise<Decided> {
  const store: Store = await openStore(stateFolder);
  try {
    const intents: readonly Intent[] = await store.intents({ limit: MOST_INTENTS });
    return Object.fromEntries(DESKS.map(({ account }) => [account, canonicalIntents(intents.filter((intent) => intent.account === account))]));
  } finally {
    await store.close();
  }
}

/** How many intents each strategy has, refused ones too. */
export function countsOf(decided: Decided): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of Object.values(decided).flatMap((text) => text.split('\n')).filter((text) => text !== '')) {
    const strategy = /"strategyId":"([^"]*)"/.exec(line)?.[1] ?? '?';
    counts[strategy] = (counts[strategy] ?? 0) + 1;
  }
  return counts;
}
