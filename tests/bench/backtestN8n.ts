import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import * as definitions from '../../nodes';
import type { CandleColumns } from '../../runtime/domain/candle';
import { inlineRunner } from '../../runtime/hosts/backtests';
import { canonicalIntents } from '../../runtime/hosts/replay';
import { openStore } from '../../runtime/openStore';
import { N8nClient } from '../hosts/n8n/client';
import { until } from '../hosts/n8n/poll';
import { N8nProcess } from '../hosts/n8n/process';
import { deploy, shippedFlow } from '../hosts/n8n/session';
import { setupOf, walked } from './backtestLanes';
import { ACCOUNT, minutes } from './backtestWorld';
import type { Bench } from './bench';
import { isInstalled } from './n8n';
import type { Row } from './report';
import { median } from './statistics';

const SECTION = 'backtest';
const FLOW = 'EMA crossover';
/** Twenty sessions. What passes before the first candle, and at the end, is taken off by a walk over few. */
const WALKED = 7_500;
const FEW = 750;
/** Lane A is through with so few candles in a tenth of a second: it walks them several times a round. */
const LANE_A_WALKS = 8;
const MS_PER_SECOND = 1_000;
const PLAYED = /The recording has been played to its end/;
const PLAY_LIMIT_MS = 300_000;
const MOST_SIGNALS = 100_000;

interface Walk {
  readonly ms: number;
  readonly executions: number;
  readonly intents: string;
}

/**
 * The shipped EMA crossover as an active workflow in a real n8n, while a recording is played to its triggers as fast as they take it; beside lane A over the same candles. By the clock: n8n is a
 * process of its own. A Market Trigger begins an execution only where its condition becomes true, here as in production; the recording waits for each.
 */
export async function benchInN8n(bench: Bench): Promise<readonly Row[]> {
  const name = `the same in a real n8n over ${WALKED.toLocaleString('en')} recorded minutes, its start taken off`;
  if (!isInstalled()) return [{ section: SECTION, name, against: 'left out: n8n is not installed yet; `npm test` installs it' }];
  const file: unknown = JSON.parse(readFileSync(path.join(bench.root, 'flows/n8n', `${FLOW}.json`), 'utf8'));
  const columns = minutes();
  const lane = inlineRunner(Object.values(definitions));
  const rates = { laneA: [] as number[], n8n: [] as number[], executions: [] as number[] };
  const inLaneA = async (count: number): Promise<Pick<Walk, 'ms' | 'intents'>> => {
    let [ms, intents] = [0, ''];
    for (let walk = 0; walk < LANE_A_WALKS; walk += 1) {
      const one = await walked(lane, { ...setupOf(file, columns, count), orders: 'atOnce' });
      [ms, intents] = [ms + one.ms / LANE_A_WALKS, one.intents];
    }
    return { ms, intents };
  };
  await inLaneA(WALKED);
  for (let round = 0; round < bench.rounds; round += 1) {
    const [fewA, allA] = [await inLaneA(FEW), await inLaneA(WALKED)];
    const [few, all] = [await inN8n(bench, columns, FEW), await inN8n(bench, columns, WALKED)];
    if (few.intents !== fewA.intents || all.intents !== allA.intents) throw new Error('n8n and lane A decided differently.');
    const perSecond = (count: number, ms: number): number => (count * MS_PER_SECOND) / ms;
    rates.laneA.push(perSecond(WALKED - FEW, allA.ms - fewA.ms));
    rates.n8n.push(perSecond(WALKED - FEW, all.ms - few.ms));
    rates.executions.push(perSecond(all.executions - few.executions, all.ms - few.ms));
  }
  const ofLaneA = median(rates.n8n.map((rate, index) => rate / (rates.laneA[index] ?? NaN)));
  return [
    { section: SECTION, name: `the same as n8n has it over ${WALKED.toLocaleString('en')} minutes, lane A, by the clock`, perSecond: median(rates.laneA) },
    { section: SECTION, name, perSecond: median(rates.n8n), against: `${ofLaneA.toPrecision(2)}x lane A`, ratios: { laneA: ofLaneA } },
    { section: SECTION, name: 'executions that n8n began and ended meanwhile', perSecond: median(rates.executions) },
  ];
}

async function inN8n(bench: Bench, columns: CandleColumns, count: number): Promise<Walk> {
  const feed = path.join(bench.folder('recording'), 'SBIN.csv');
  writeFileSync(feed, fileOf(columns, count));
  const host = await N8nProcess.create({ packageFolder: bench.root, env: { BELLWETHER_FEED: `NSE:SBIN=${feed}`, BELLWETHER_FEED_SPEED: 'fast', BELLWETHER_FEED_TIME: 'start' } });
  try {
    await host.start();
    const session = { host, client: new N8nClient(host.base) };
    await session.client.signIn();
    const { capital, limits: { maxDailyOrders } } = ACCOUNT;
    const before = performance.now();
    await deploy(session, shippedFlow(FLOW), { account: { id: 'paper', capital, marketHours: 'exchange', limits: { maxDailyOrders, cooldownSeconds: 0 } } });
    await until('the end of the recording', () => (PLAYED.test(host.log) ? true : undefined), PLAY_LIMIT_MS);
    return { ms: performance.now() - before, ...await leftIn(host.stateFolder) };
  } finally {
    await host.dispose();
  }
}

async function leftIn(stateFolder: string): Promise<Pick<Walk, 'executions' | 'intents'>> {
  const store = await openStore(stateFolder);
  try {
    const keys = ['ema-enter', 'ema-leave', 'ema-evening'];
    const signals = await Promise.all(keys.map((nodeKey) => store.signals({ nodeKey, limit: MOST_SIGNALS })));
    return { executions: signals.flat().length, intents: canonicalIntents(await store.intents({ limit: MOST_SIGNALS })) };
  } finally {
    await store.close();
  }
}

/** The last candles as a file that a user would have, its times the candles' starts. */
function fileOf({ length, time, open, high, low, close, volume }: CandleColumns, count: number): string {
  const rows = Array.from({ length: count }, (_, index) => index + length - count).map((at) => [new Date(time[at] ?? NaN).toISOString(), open[at], high[at], low[at], close[at], volume[at]].join(','));
  return ['time,open,high,low,close,volume', ...rows].join('\n');
}
