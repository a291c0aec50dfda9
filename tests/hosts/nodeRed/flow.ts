import { randomBytes } from 'node:crypto';
import type { FlowNode, NodeRed } from './host';

export const TAB = 'tab';
export const TOKEN = randomBytes(24).toString('hex');

/** Limits so wide that nothing but the journal decides how many orders there are. */
export const RAISED = {
  capital: '100000000000', maxOrderQuantity: '1000000', maxOrderValuePercent: '10000', priceCollarPercent: '100', maxPosition: '100000000', maxSymbolExposure: '100000000',
  maxOpenPositions: '1000', maxDailyOrders: '1000000', maxDailyLossPercent: '100', maxQuoteAgeSeconds: '60', cooldownSeconds: '0',
};

export interface PipelineOptions {
  readonly limits?: Readonly<Record<string, string>>;
  /** Default none; Node-RED would keep that of an earlier deploy. */
  readonly secret?: string;
  /** Node that order results go to, besides the alert. */
  readonly observer?: FlowNode;
}

/** Trigger, gate, order, position, alert: the example flow on an account whose market is always open. */
export function pipeline({ limits = RAISED, secret = '', observer }: PipelineOptions = {}): FlowNode[] {
  const ours = { z: TAB, account: 'account', strategyId: 'demo', x: 100, y: 100 };
  const report = observer === undefined ? [] : [observer];
  return [
    { id: TAB, type: 'tab', label: 'Test' },
    { id: 'account', type: 'bellwether-account', accountId: 'paper', marketHours: 'always', ...limits },
    { ...ours, id: 'trigger', type: 'bellwether-tradingview-trigger', token: TOKEN, nodeKey: 'tv-trigger', wires: [['gate']], credentials: { secret } },
    { ...ours, id: 'gate', type: 'bellwether-risk-gate', operation: 'check', nodeKey: 'tv-gate', wires: [['order'], ['refused']] },
    { ...ours, id: 'order', type: 'bellwether-place-order', mode: 'single', nodeKey: 'tv-order', wires: [['position'], ['refused']] },
    { ...ours, id: 'position', type: 'bellwether-position', operation: 'get', scope: 'strategy', nodeKey: 'tv-position', wires: [['alert']] },
    { ...ours, id: 'alert', type: 'bellwether-alert', severity: 'auto', nodeKey: 'tv-alert', wires: [report.map(({ id }) => id)] },
    { ...ours, id: 'refused', type: 'bellwether-alert', severity: 'auto', nodeKey: 'tv-refused', wires: [report.map(({ id }) => id)] },
    ...report,
  ];
}

/** One more unit of SBIN under an id of its own. */
export function alertBody(id: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ id, exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 1, ...more });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Posts one alert as TradingView does. Rejects when the connection breaks: nobody knows then whether it arrived. */
export async function post(host: NodeRed, body: string | Uint8Array<ArrayBuffer>, { token = TOKEN, type = 'application/json' }: { token?: string; type?: string } = {}): Promise<Answer> {
  const response = await fetch(`${host.base}/bellwether/hook/${token}`, { method: 'POST', headers: { 'content-type': type }, body });
  const text = await response.text();
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`No JSON object: ${text}`);
  return { status: response.status, headers: response.headers, body: { ...parsed } };
}

/** Posts until somebody acknowledges, as a sender would; resolves with how often it had to. */
export async function postUntilAcknowledged(host: NodeRed, body: string, attempts = 200): Promise<number> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const answer = await post(host, body).catch(() => undefined);
    if (answer?.status === 202 || answer?.status === 200) return attempt;
    if (answer !== undefined && answer.status !== 503 && answer.status !== 404 && answer.status !== 429) throw new Error(`Answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nobody acknowledged ${body}.`);
}

/** Runs the jobs, at most `width` at a time. */
export async function inParallel<T>(jobs: readonly T[], width: number, work: (job: T) => Promise<void>): Promise<void> {
  const queue = [...jobs];
  await Promise.all(Array.from({ length: width }, async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await work(job);
  }));
}

/** Waits until every signal in the inbox is done. The inbox belongs to another process: looking at it is the only way to know. */
export async function untilDone(host: NodeRed, signals: number, limitMs = 120_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (host.count("select count(*) from signals where status = 'DONE'") < signals) {
    if (performance.now() > deadline) throw new Error(`Only some signals are done: ${JSON.stringify(host.rows('select status, attempts, count(*) as signals from signals group by status, attempts'))}\n${host.log.slice(-3_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
