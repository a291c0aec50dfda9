import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import * as definitions from '../../nodes';
import { pinoLog } from '../../runtime/adapters/system/log';
import { AccountConfig } from '../../runtime/domain/account';
import type { Outcome } from '../../runtime/domain/denial';
import type { AlertChannel, Store } from '../../runtime/domain/ports';
import { canonicalIntents, readN8n, readNodeRed, replayFlow, type Definitions, type FlowGraph, type ReplayedFlow } from '../../runtime/hosts/replay';
import { openRuntime } from '../../runtime/open';
import { openStore } from '../../runtime/openStore';
import { recordingNotifier } from '../doubles/recordingNotifier';
import { deploy, KEY, send, shippedFlow, signalsDone, startN8n, webhookUrl, withStore, type ShippedFlow } from './n8n/session';
import { post, TOKEN, untilDone } from './nodeRed/flow';
import { NodeRed, type FlowNode } from './nodeRed/host';
import { openPhone, pressed, type Phone } from './phone';

jest.setTimeout(300_000);

/** The flows that alerts drive from end to end; the node key of each one's trigger, and its name. */
const FLOWS = [
  { flow: 'TradingView alert to order', nodeKey: 'tv-trigger', trigger: 'TradingView Trigger', token: TOKEN },
  { flow: 'ChartInk basket', nodeKey: 'ci-trigger', trigger: 'ChartInk Trigger', token: 'b'.repeat(48) },
  { flow: 'Scan, approve, trade', nodeKey: 'sat-trigger', trigger: 'ChartInk Trigger', token: 'c'.repeat(48) },
] as const;
type Trigger = (typeof FLOWS)[number]['nodeKey'];
/** What a person answers to the questions of the last flow: its second trigger. */
const ANSWERS = [['MARUTI', 'approve'], ['TITAN', 'decline'], ['ONGC', 'approve']] as const;
const ANSWER = { nodeKey: 'sat-answer', trigger: 'Approval Trigger', token: 'd'.repeat(48) } as const;
/** Where replay's questions go; nothing is sent. */
const CHANNEL = { kind: 'webhook', url: 'https://phone.example/bellwether' } as const satisfies AlertChannel;

/** Wide open but for one limit that some alerts meet: refusals are compared as well. */
const LIMITS = { maxOrderQuantity: 50, maxOrderValuePercent: 10_000, maxPosition: 1_000_000, maxSymbolExposure: 1_000_000, maxOpenPositions: 100, maxDailyOrders: 10_000, maxDailyLossPercent: 100 };
const CAPITAL = 1_000_000_000;

/** The same alerts for every host: orders in and out, an exit by its word, a sell of what is not held, a re-send, a refusal by the gate, an unknown symbol. */
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
  { id: 'a9', symbol: 'INFY', action: 'exit' },
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
  { to: 'sat-trigger', body: JSON.stringify({ scan_name: 'Breakouts', stocks: ANSWERS.map(([symbol]) => symbol).join(), triggered_at: '12:04 am' }) },
];
/** How many intents a strategy has, and which of them were refused: by a rule, and what is held by now by the order itself. */
const INTENTS = { 'tradingview-demo': { all: 8, denied: ['MAX_ORDER_QUANTITY'] }, 'chartink-basket': { all: 6, denied: ['ALREADY_HELD', 'MAX_ORDER_QUANTITY'] }, 'scan-approve-trade': { all: 2, denied: [] } };

async function canonical(store: Store): Promise<string> {
  return canonicalIntents(await store.intents({ limit: 10_000 }));
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return outcome.value;
}

const redFile = (flow: string, answerUrl: string) => z.array(z.looseObject({ id: z.string(), type: z.string() })).parse(JSON.parse(readFileSync(path.join('flows/node-red', `${flow}.json`), 'utf8')))
  .map((node) => (node['name'] === 'Ask Me' ? { ...node, answerUrl } : node));

/** With the address of the answers, and its own part of the address that n8n would make up. */
function n8nFile(flow: string, answerUrl: string, webhookId?: string): ShippedFlow {
  const file = shippedFlow(flow);
  const nodes = file.nodes.map((node) => (node.name === 'Ask Me' ? { ...node, parameters: { ...z.looseObject({}).parse(node['parameters']), answerUrl } } : { ...node, ...(node.name === ANSWER.trigger && webhookId !== undefined ? { webhookId } : {}) }));
  return { ...file, nodes };
}

async function inReplay(read: (file: unknown, all: Definitions) => Outcome<FlowGraph>, fileOf: (flow: string, answerUrl: string) => unknown): Promise<string> {
  const notifier = recordingNotifier();
  const runtime = await openRuntime({ home: ':memory:', log: pinoLog({ level: 'silent' }), notifier });
  const account = AccountConfig.parse({ capital: CAPITAL, marketHours: 'always', limits: { ...LIMITS, cooldownMs: 0 } });
  const flows = new Map<Trigger, ReplayedFlow>();
  for (const { flow, nodeKey } of FLOWS) flows.set(nodeKey, valueOf(await replayFlow({ graph: valueOf(read(fileOf(flow, CHANNEL.url), Object.values(definitions))), runtime, account, secret: KEY, channels: [CHANNEL] })));
  for (const { to, body } of CALLS) await flowOf(flows, to).post(to, body);
  for (const [symbol, verdict] of ANSWERS) {
    const { link = '' } = notifier.sent.find(({ link, message }) => link !== undefined && message.includes(` ${symbol} `)) ?? {};
    valueOf(await flowOf(flows, 'sat-trigger').post(ANSWER.nodeKey, `approval=${new URL(link).searchParams.get('approval') ?? ''}\r\nanswer=${verdict}`));
  }
  const text = await canonical(runtime.store);
  for (const flow of flows.values()) await flow.close();
  await runtime.close();
  return text;
}

function flowOf(flows: ReadonlyMap<Trigger, ReplayedFlow>, trigger: Trigger): ReplayedFlow {
  const flow = flows.get(trigger);
  if (flow === undefined) throw new Error(`There is no flow with ${trigger}.`);
  return flow;
}

async function inNodeRed(phone: Phone): Promise<string> {
  const host = await new NodeRed().start();
  const limits = Object.fromEntries(Object.entries(LIMITS).map(([name, value]) => [name, String(value)]));
  const account: FlowNode = { id: 'account', type: 'bellwether-account', accountId: 'paper', capital: String(CAPITAL), marketHours: 'always', cooldownSeconds: '0', ...limits };
  const channel: FlowNode = { id: 'channel', type: 'bellwether-channel', name: 'phone', kind: 'webhook', credentials: { url: phone.url } };
  await host.deploy([account, channel, ...FLOWS.flatMap(({ flow, token }) => redFile(flow, `${host.base}/bellwether/hook/${ANSWER.token}`).map((node) => ({
    ...node, ...('account' in node ? { account: 'account' } : {}), ...(node.type === 'bellwether-approval' ? { channel: 'channel' } : {}),
    ...('token' in node ? { token: node['nodeKey'] === ANSWER.nodeKey ? ANSWER.token : token, credentials: { secret: KEY } } : {}),
  })))]);
  const tokenOf = new Map<Trigger, string>(FLOWS.map(({ nodeKey, token }) => [nodeKey, token]));
  let accepted = 0;
  for (const { to, body } of CALLS) {
    accepted += signalsIn(await post(host, body, { token: tokenOf.get(to) ?? '' }));
    await untilDone(host, accepted);
  }
  for (const [symbol, verdict] of ANSWERS) {
    await pressed(await phone.question(symbol), verdict);
    accepted += 1;
    await untilDone(host, accepted);
  }
  const store = await openStore(path.join(host.userDir, 'bellwether'));
  const text = await canonical(store);
  await store.close();
  await host.dispose();
  return text;
}

async function inN8n(phone: Phone): Promise<string> {
  const session = await startN8n();
  const account = { id: 'paper', capital: CAPITAL, marketHours: 'always', limits: { ...LIMITS, cooldownSeconds: 0 } };
  const urls = new Map<Trigger, string>();
  const webhookId = randomUUID();
  const token = readFileSync(path.join(session.host.stateFolder, 'n8n-webhook-token'), 'utf8').trim();
  for (const { flow, nodeKey, trigger } of FLOWS) {
    const workflow = await deploy(session, n8nFile(flow, `${session.host.base}/webhook/${webhookId}/${token}`, webhookId), { account, key: KEY, channel: phone.url });
    urls.set(nodeKey, webhookUrl(session, workflow, trigger));
  }
  for (const url of urls.values()) await session.client.webhookReady(url);
  const accepted = new Map<Trigger, number>();
  for (const { to, body } of CALLS) {
    accepted.set(to, (accepted.get(to) ?? 0) + signalsIn(await send(urls.get(to) ?? '', JSON.parse(body))));
    await signalsDone(session, to, accepted.get(to) ?? 0);
  }
  for (const [index, [symbol, verdict]] of ANSWERS.entries()) {
    await pressed(await phone.question(symbol), verdict);
    await signalsDone(session, ANSWER.nodeKey, index + 1);
  }
  const text = await withStore(session, canonical);
  await session.host.dispose();
  return text;
}

/** How many signals a call brought that were new. */
function signalsIn({ status, body }: { readonly status: number; readonly body: Readonly<Record<string, unknown>> }): number {
  return status === 202 ? z.object({ signals: z.array(z.unknown()) }).parse(body).signals.length : 0;
}

/** A host with a person beside it: each has a phone of its own. */
async function withPhone(run: (phone: Phone) => Promise<string>): Promise<string> {
  const phone = await openPhone();
  try {
    return await run(phone);
  } finally {
    await phone.close();
  }
}

test('the same flows on the same alerts and answers leave the same intents in n8n, Node-RED and replay, byte for byte', async () => {
  const replayed = await inReplay(readN8n, n8nFile);
  const intents = replayed.split('\n').map((line) => z.object({ strategyId: z.string(), denial: z.string().nullable() }).parse(JSON.parse(line)));
  for (const [strategy, { all, denied }] of Object.entries(INTENTS)) {
    const own = intents.filter(({ strategyId }) => strategyId === strategy);
    expect(own).toHaveLength(all);
    expect(own.flatMap(({ denial }) => denial ?? []).sort()).toEqual(denied);
  }
  expect(await inReplay(readNodeRed, redFile)).toBe(replayed);
  expect(await withPhone(inNodeRed)).toBe(replayed);
  expect(await withPhone(inN8n)).toBe(replayed);
});
