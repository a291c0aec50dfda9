import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import * as definitions from '../../nodes';
import { pinoLog } from '../../runtime/adapters/system/log';
import { AccountConfig } from '../../runtime/domain/account';
import type { Outcome } from '../../runtime/domain/denial';
import type { Store } from '../../runtime/domain/ports';
import { canonicalIntents, readN8n, readNodeRed, replayFlow, type Definitions, type FlowGraph } from '../../runtime/hosts/replay';
import { openRuntime } from '../../runtime/open';
import { openStore } from '../../runtime/openStore';
import { deploy, KEY, send, shippedFlow, signalsDone, startN8n, webhookUrl, withStore } from './n8n/session';
import { post, TOKEN, untilDone } from './nodeRed/flow';
import { NodeRed, type FlowNode } from './nodeRed/host';

jest.setTimeout(300_000);

const FLOW = 'TradingView alert to order';

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
const SIGNALS = 7;

function bodies(): readonly string[] {
  return ALERTS.map((alert) => JSON.stringify({ secret: KEY, exchange: 'NSE', ...alert }));
}

async function canonical(store: Store): Promise<string> {
  return canonicalIntents(await store.intents({ limit: 10_000 }));
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return outcome.value;
}

const nodeRedFlow = z.array(z.looseObject({ id: z.string(), type: z.string() })).parse(JSON.parse(readFileSync(path.join('flows/node-red', `${FLOW}.json`), 'utf8')));

async function inReplay(read: (file: unknown, all: Definitions) => Outcome<FlowGraph>, file: unknown): Promise<string> {
  const runtime = await openRuntime({ home: ':memory:', log: pinoLog({ level: 'silent' }) });
  const account = AccountConfig.parse({ capital: CAPITAL, marketHours: 'always', limits: { ...LIMITS, cooldownMs: 0 } });
  const flow = valueOf(await replayFlow({ graph: valueOf(read(file, Object.values(definitions))), runtime, account, secret: KEY }));
  for (const body of bodies()) await flow.post('tv-trigger', body);
  const text = await canonical(runtime.store);
  await flow.close();
  await runtime.close();
  return text;
}

async function inNodeRed(): Promise<string> {
  const host = await new NodeRed().start();
  const limits = Object.fromEntries(Object.entries(LIMITS).map(([name, value]) => [name, String(value)]));
  const account: FlowNode = { id: 'account', type: 'bellwether-account', accountId: 'paper', capital: String(CAPITAL), marketHours: 'always', cooldownSeconds: '0', ...limits };
  await host.deploy([account, ...nodeRedFlow.map((node) => ({
    ...node, ...('account' in node ? { account: 'account' } : {}), ...('token' in node ? { token: TOKEN, credentials: { secret: KEY } } : {}),
  }))]);
  let accepted = 0;
  for (const body of bodies()) {
    if ((await post(host, body)).status === 202) accepted += 1;
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
  const workflow = await deploy(session, shippedFlow(FLOW), { account: { id: 'paper', capital: CAPITAL, marketHours: 'always', limits: { ...LIMITS, cooldownSeconds: 0 } }, key: KEY });
  const url = webhookUrl(session, workflow, 'TradingView Trigger');
  await session.client.webhookReady(url);
  let accepted = 0;
  for (const body of bodies()) {
    if ((await send(url, JSON.parse(body))).status === 202) accepted += 1;
    await signalsDone(session, 'tv-trigger', accepted);
  }
  const text = await withStore(session, canonical);
  await session.host.dispose();
  return text;
}

test('the same flow on the same alerts leaves the same intents in n8n, Node-RED and replay, byte for byte', async () => {
  const replayed = await inReplay(readN8n, shippedFlow(FLOW));
  const intents = replayed.split('\n').map((line) => z.object({ status: z.string(), denial: z.string().nullable() }).parse(JSON.parse(line)));
  expect(intents).toHaveLength(SIGNALS);
  expect(intents.filter(({ denial }) => denial !== null)).toEqual([{ status: 'DENIED', denial: 'MAX_ORDER_QUANTITY' }]);
  expect(await inReplay(readNodeRed, nodeRedFlow)).toBe(replayed);
  expect(await inNodeRed()).toBe(replayed);
  expect(await inN8n()).toBe(replayed);
});
