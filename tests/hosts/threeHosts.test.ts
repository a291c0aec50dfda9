import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import * as definitions from '../../nodes';
import { pinoLog } from '../../runtime/adapters/system/log';
import { AccountConfig } from '../../runtime/domain/account';
import type { Outcome } from '../../runtime/domain/denial';
import type { Store } from '../../runtime/domain/ports';
import { canonicalIntents, readN8n, readNodeRed, replayFlow, type Definitions, type FlowGraph, type ReplayedFlow } from '../../runtime/hosts/replay';
import { openRuntime } from '../../runtime/open';
import { openStore } from '../../runtime/openStore';
import { deploy, KEY, send, shippedFlow, signalsDone, startN8n, webhookUrl, withStore } from './n8n/session';
import { post, TOKEN, untilDone } from './nodeRed/flow';
import { NodeRed, type FlowNode } from './nodeRed/host';

jest.setTimeout(300_000);

/** The flows that alerts drive from end to end; the node key of each one's trigger, and its name. */
const FLOWS = [
  { flow: 'TradingView alert to order', nodeKey: 'tv-trigger', trigger: 'TradingView Trigger', token: TOKEN },
  { flow: 'ChartInk basket', nodeKey: 'ci-trigger', trigger: 'ChartInk Trigger', token: 'b'.repeat(48) },
] as const;
type Trigger = (typeof FLOWS)[number]['nodeKey'];

/** Wide open but for one limit that some alerts meet: refusals are compared as well. */
const LIMITS = { maxOrderQuantity: 50, maxOrderValuePercent: 10_000, maxPosition: 1_000_000, maxSymbolExposure: 1_000_000, maxOpenPositions: 100, maxDailyOrders: 10_000, maxDailyLossPercent: 100 };
const CAPITAL = 1_000_000_000;

/** The same alerts for every host: orders in and out, two markets, futures by lot, a re-send, a refusal by the gate, a target of an unknown symbol. */
const ALERTS: readonly object[] = [
  { id: 'a1', symbol: 'SBIN', action: 'buy', quantity: '10' },
  { id: 'a2', symbol: 'NSE:RELIANCE', action: 'BUY', quantity: 5 },
  { id: 'a2', symbol: 'NSE:RELIANCE', action: 'BUY', quantity: 5 },
  { id: 'a3', symbol: 'SBIN', action: 'sell', contracts: '4', price: '812.35' },
  { id: 'a4', symbol: 'M_M', action: 'sell', quantity: 3, product: 'MIS' },
  { id: 'a5', symbol: 'SBIN', action: 'buy', quantity: 51 },
  { id: 'a6', symbol: 'INFY', action: 'buy' },
  { id: 'a7', symbol: 'NOSUCHSYMBOL', action: 'buy', quantity: 1 },
  { id: 'a8', symbol: 'SBIN', action: 'sell', quantity: 6 },
];
/** Scans: several stocks, one unknown, a re-send, one that is held by now, a refusal by the gate. Midnight's times: the same day's in every host. */
const SCANS: readonly object[] = [
  { stocks: 'WIPRO,TCS,NOSUCHSHARE,LT', triggered_at: '12:01 am' },
  { stocks: 'WIPRO,TCS,NOSUCHSHARE,LT', triggered_at: '12:01 am' },
  { stocks: 'TCS,AXISBANK', triggered_at: '12:02 am' },
  { stocks: 'ITC', triggered_at: '12:03 am', quantity: 51 },
];
const CALLS: readonly { readonly to: Trigger; readonly body: string }[] = [
  ...ALERTS.map((alert) => ({ to: 'tv-trigger', body: JSON.stringify({ secret: KEY, exchange: 'NSE', ...alert }) }) as const),
  ...SCANS.map((scan) => ({ to: 'ci-trigger', body: JSON.stringify({ scan_name: 'Breakouts', alert_name: 'Alert for Breakouts', ...scan }) }) as const),
];
/** What is held by now is no intent any more. */
const INTENTS = { 'tradingview-demo': 7, 'chartink-basket': 5 };

async function canonical(store: Store): Promise<string> {
  return canonicalIntents(await store.intents({ limit: 10_000 }));
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return outcome.value;
}

const redFile = (flow: string) => z.array(z.looseObject({ id: z.string(), type: z.string() })).parse(JSON.parse(readFileSync(path.join('flows/node-red', `${flow}.json`), 'utf8')));

async function inReplay(read: (file: unknown, all: Definitions) => Outcome<FlowGraph>, fileOf: (flow: string) => unknown): Promise<string> {
  const runtime = await openRuntime({ home: ':memory:', log: pinoLog({ level: 'silent' }) });
  const account = AccountConfig.parse({ capital: CAPITAL, marketHours: 'always', limits: { ...LIMITS, cooldownMs: 0 } });
  const flows = new Map<Trigger, ReplayedFlow>();
  for (const { flow, nodeKey } of FLOWS) flows.set(nodeKey, valueOf(await replayFlow({ graph: valueOf(read(fileOf(flow), Object.values(definitions))), runtime, account, secret: KEY })));
  for (const { to, body } of CALLS) await flows.get(to)?.post(to, body);
  const text = await canonical(runtime.store);
  for (const flow of flows.values()) await flow.close();
  await runtime.close();
  return text;
}

async function inNodeRed(): Promise<string> {
  const host = await new NodeRed().start();
  const limits = Object.fromEntries(Object.entries(LIMITS).map(([name, value]) => [name, String(value)]));
  const account: FlowNode = { id: 'account', type: 'bellwether-account', accountId: 'paper', capital: String(CAPITAL), marketHours: 'always', cooldownSeconds: '0', ...limits };
  await host.deploy([account, ...FLOWS.flatMap(({ flow, token }) => redFile(flow).map((node) => ({
    ...node, ...('account' in node ? { account: 'account' } : {}), ...('token' in node ? { token, credentials: { secret: KEY } } : {}),
  })))]);
  const tokenOf = new Map<Trigger, string>(FLOWS.map(({ nodeKey, token }) => [nodeKey, token]));
  let accepted = 0;
  for (const { to, body } of CALLS) {
    accepted += signalsIn(await post(host, body, { token: tokenOf.get(to) ?? '' }));
    await untilDone(host, accepted);
  }
  const store = await openStore(path.join(host.userDir, 'bellwether'));
  const text = await canonical(store);
  await store.close();
  await host.dispose();
  return text;
}

async function inN8n(): Promise<string> {
  const session = await startN8n();
  const account = { id: 'paper', capital: CAPITAL, marketHours: 'always', limits: { ...LIMITS, cooldownSeconds: 0 } };
  const urls = new Map<Trigger, string>();
  for (const { flow, nodeKey, trigger } of FLOWS) urls.set(nodeKey, webhookUrl(session, await deploy(session, shippedFlow(flow), { account, key: KEY }), trigger));
  for (const url of urls.values()) await session.client.webhookReady(url);
  const accepted = new Map<Trigger, number>();
  for (const { to, body } of CALLS) {
    accepted.set(to, (accepted.get(to) ?? 0) + signalsIn(await send(urls.get(to) ?? '', JSON.parse(body))));
    await signalsDone(session, to, accepted.get(to) ?? 0);
  }
  const text = await withStore(session, canonical);
  await session.host.dispose();
  return text;
}

/** How many signals a call brought that were new. */
function signalsIn({ status, body }: { readonly status: number; readonly body: Readonly<Record<string, unknown>> }): number {
  return status === 202 ? z.object({ signals: z.array(z.unknown()) }).parse(body).signals.length : 0;
}

test('the same flows on the same alerts leave the same intents in n8n, Node-RED and replay, byte for byte', async () => {
  const replayed = await inReplay(readN8n, shippedFlow);
  const intents = replayed.split('\n').map((line) => z.object({ strategyId: z.string(), status: z.string(), denial: z.string().nullable() }).parse(JSON.parse(line)));
  for (const [strategy, count] of Object.entries(INTENTS)) {
    const own = intents.filter(({ strategyId }) => strategyId === strategy);
    expect(own).toHaveLength(count);
    expect(own.filter(({ denial }) => denial !== null)).toEqual([{ strategyId: strategy, status: 'DENIED', denial: 'MAX_ORDER_QUANTITY' }]);
  }
  expect(await inReplay(readNodeRed, redFile)).toBe(replayed);
  expect(await inNodeRed()).toBe(replayed);
  expect(await inN8n()).toBe(replayed);
});
