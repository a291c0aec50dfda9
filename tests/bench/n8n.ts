import { globSync } from 'node:fs';
import { z } from 'zod';
import type { Store } from '../../runtime/domain/ports';
import { openStore } from '../../runtime/openStore';
import { cacheFolder } from '../../scripts/test/cache.mjs';
import { OPEN_ACCOUNT, startN8n, webhookUrl, type Session } from '../hosts/n8n/session';
import type { Bench } from './bench';
import { LoadClient, succeeded } from './load';
import { BARE_PATHS, bareFlow, bareWorkflow, credentialFlow, durableWorkflow, orderFlow } from './n8nFlow';
import { times, type Row } from './report';
import { contest, measured, type Contest, type Round } from './rounds';
import { alertBody, SECRET } from './strategy';

const ROUTE_LOADS = [{ width: 1, limitMs: 3_000 }, { width: 32, limitMs: 3_000 }] as const;
const FLOW_LOAD = { width: 1, limitMs: 4_000 } as const;
const MOST_REQUESTS = 10_000;
const SETTLE_LIMIT_MS = 120_000;
const LOOK_AGAIN_MS = 10;
const OVER_FLOOR_MS = 2;

/** A real n8n: our trigger beside its own webhook node that answers immediately, and the way to a filled order beside an execution of its own nodes. */
export async function benchN8n(bench: Bench): Promise<readonly Row[]> {
  if (!isInstalled()) {
    bench.note('n8n was left out: it is not installed yet; `npm test` installs it.');
    return [];
  }
  const session = await startN8n({ packageFolder: bench.root });
  const client = new LoadClient(32);
  const store = await openStore(session.host.stateFolder);
  try {
    const scene: Scene = { client, store, ...await deployed(session) };
    const rows: Row[] = [];
    for (const load of ROUTE_LOADS) rows.push(...routeRows(load.width, await contest(bench.rounds, post(scene, scene.bare, load), post(scene, scene.durable, load))));
    for (const [nodes, floor] of [['two nodes', scene.bareFlow], ['two nodes with a credential each', scene.credentialFlow]] as const) {
      rows.push(...flowRows(nodes, await contest(bench.rounds, post(scene, floor, FLOW_LOAD), filled(scene, nodes))));
    }
    return rows;
  } finally {
    client.close();
    await store.close();
    await session.host.dispose();
  }
}

interface Scene {
  readonly client: LoadClient;
  readonly store: Store;
  /** URLs. */
  readonly bare: string;
  readonly bareFlow: string;
  readonly credentialFlow: string;
  readonly durable: string;
  readonly order: string;
}
type Load = { readonly width: number; readonly limitMs: number };

async function deployed(session: Session): Promise<Pick<Scene, 'bare' | 'bareFlow' | 'credentialFlow' | 'durable' | 'order'>> {
  const { client, host } = session;
  const key = await client.createCredential('Key', 'bellwetherWebhookApi', { key: SECRET });
  const account = await client.createCredential('Account', 'bellwetherAccountApi', { ...OPEN_ACCOUNT });
  const totp = await client.createCredential('Code', 'totpApi', { secret: 'AAAAAAAAAAAAAAAA', label: 'bench:bench' });
  const publish = async (workflow: ReturnType<typeof bareWorkflow>) => {
    const created = await client.createWorkflow(workflow);
    await client.activate(created.id);
    return created;
  };
  await publish(bareWorkflow());
  await publish(bareFlow());
  await publish(credentialFlow(totp));
  const urls = {
    bare: `${host.base}/webhook/${BARE_PATHS.immediate}`, bareFlow: `${host.base}/webhook/${BARE_PATHS.lastNode}`, credentialFlow: `${host.base}/webhook/${BARE_PATHS.withCredentials}`,
    durable: webhookUrl(session, await publish(durableWorkflow(key)), 'Trigger'), order: webhookUrl(session, await publish(orderFlow(key, account)), 'Trigger'),
  };
  for (const url of Object.values(urls)) await client.webhookReady(url);
  return urls;
}

const body = (url: string, { width }: Load, round: number, index: number): string => alertBody(`${url.length} ${width} ${round} ${index}`, { secret: SECRET });

function post({ client, store }: Scene, url: string, load: Load): (round: number) => Promise<Round> {
  return async (round) => {
    client.reconnect();
    const result = await measured({ count: MOST_REQUESTS, ...load }, async (index) => {
      succeeded(await client.post(url, body(url, load, round, index)));
    });
    await inboxDone(store);
    return result;
  };
}

const Receipt = z.object({ signals: z.tuple([z.object({ id: z.string() })]) });

/** From the request until the fill is recorded, by the journal's clock: the same machine's, whole milliseconds. The next alert waits for the end of the execution. */
function filled({ client, store, order: url }: Scene, contestName: string): (round: number) => Promise<Round> {
  return async (round) => {
    client.reconnect();
    const sent = new Map<string, number>();
    const { elapsedMs } = await measured({ count: MOST_REQUESTS, ...FLOW_LOAD }, async (index) => {
      const at = performance.timeOrigin + performance.now();
      const receipt = Receipt.parse(JSON.parse(succeeded(await client.post(url, body(`${url} ${contestName}`, FLOW_LOAD, round, index)))));
      sent.set(receipt.signals[0].id, at);
      await inboxDone(store);
    });
    const orders = await store.orders({ limit: MOST_REQUESTS });
    const latencies = orders.flatMap(({ signalId, status, updatedAt }) => (sent.has(signalId) && status === 'FILLED' ? [updatedAt - (sent.get(signalId) ?? NaN)] : []));
    if (latencies.length !== sent.size) throw new Error(`Only ${latencies.length} of ${sent.size} alerts were filled.`);
    return { latencies, elapsedMs };
  };
}

async function inboxDone(store: Store): Promise<void> {
  const deadline = performance.now() + SETTLE_LIMIT_MS;
  const undone = async (nodeKey: string): Promise<boolean> => (await store.signals({ nodeKey, limit: 200 })).some(({ status }) => status === 'RECEIVED' || status === 'DELIVERED');
  while (await undone('idle') || await undone('trigger')) {
    if (performance.now() > deadline) throw new Error(`The inbox was not done within ${SETTLE_LIMIT_MS} ms.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** Whether the tests' n8n is there: downloading 2.5 GB is no part of a benchmark. */
export function isInstalled(): boolean {
  return globSync('n8n-*/complete', { cwd: cacheFolder() }).length > 0;
}

function routeRows(width: number, { first, second, ratios }: Contest): readonly Row[] {
  return [
    { section: 'n8n', name: `bare Webhook, answers immediately, ${width} at a time`, perSecond: first.perSecond, p50Ms: first.p50, p99Ms: first.p99 },
    { section: 'n8n', name: `webhook -> journalled -> 2xx, ${width} at a time`, perSecond: second.perSecond, p50Ms: second.p50, p99Ms: second.p99, against: `${times(ratios.throughput)} of bare, p99 ${times(ratios.p99)}`, ratios },
  ];
}

function flowRows(nodes: string, { first, second, ratios }: Contest): readonly Row[] {
  const overFloorMs = second.p50 - first.p50;
  return [
    { section: 'n8n', name: `bare Webhook, ${nodes}, answers at the end, 1 at a time`, perSecond: first.perSecond, p50Ms: first.p50, p99Ms: first.p99 },
    {
      section: 'n8n', name: 'webhook -> gate -> filled, journalled, 1 at a time', p50Ms: second.p50, p99Ms: second.p99,
      against: `p50 ${overFloorMs.toFixed(1)} ms over bare, ${times(ratios.p50)}`, ratios: { ...ratios, overFloorMs },
      target: `p50 < ${OVER_FLOOR_MS} ms over bare`, met: overFloorMs < OVER_FLOOR_MS,
    },
  ];
}
