import { z } from 'zod';
import { NodeRed } from '../hosts/nodeRed/host';
import type { Bench } from './bench';
import { Listener } from './listener';
import { LoadClient, succeeded } from './load';
import { benchFlow, REPORTING, ROUTES } from './nodeRedFlow';
import { times, type Row } from './report';
import { contest, measured, type Contest, type Round } from './rounds';
import { alertBody, SECRET } from './strategy';

/** By time, not by number: what a signal costs after its answer (claim, end) shall fall into the round as well. */
const ROUTE_LOADS = [{ width: 1, limitMs: 2_500 }, { width: 32, limitMs: 2_500 }] as const;
const FLOW_LOADS = [{ width: 1, limitMs: 2_500 }, { width: 32, limitMs: 2_500 }] as const;
const MOST_REQUESTS = 50_000;
const SETTLE_LIMIT_MS = 60_000;
const LOOK_AGAIN_MS = 50;
const TARGET = { throughput: 0.6, p99: 2, overFloorMs: 2 };

/** A real Node-RED: our routes beside its own, in turns. */
export async function benchNodeRed(bench: Bench): Promise<readonly Row[]> {
  const listener = new Listener();
  const host = new NodeRed();
  const client = new LoadClient(32);
  try {
    const flow = benchFlow(await listener.start());
    await host.start();
    await host.deploy(flow);
    await host.waitForLog(REPORTING, 0);
    const scene: Scene = { host, client, listener };
    const rows: Row[] = [];
    for (const load of ROUTE_LOADS) rows.push(...routeRows(load.width, await contest(bench.rounds, post(scene, ROUTES.bare, load), post(scene, ROUTES.durable, load))));
    for (const load of FLOW_LOADS) rows.push(...flowRows(load.width, await contest(bench.rounds, toTheEnd(scene, ROUTES.bareFlow, load, ended), toTheEnd(scene, ROUTES.order, load, filled))));
    return rows;
  } finally {
    client.close();
    listener.stop();
    await host.dispose();
  }
}

interface Scene {
  readonly host: NodeRed;
  readonly client: LoadClient;
  readonly listener: Listener;
}
type Load = (typeof ROUTE_LOADS)[number];

const body = (route: string, { width }: Load, round: number, index: number): string => alertBody(`${route.length} ${width} ${round} ${index}`, { secret: SECRET });

/** From the request to the answer. */
function post({ host, client }: Scene, route: string, load: Load): (round: number) => Promise<Round> {
  return (round) => settled({ host, client }, () => measured({ count: MOST_REQUESTS, ...load }, async (index) => {
    succeeded(await client.post(host.base + route, body(route, load, round, index)));
  }));
}

/** From the request to the report of the flow's last node. */
function toTheEnd({ host, client, listener }: Scene, route: string, load: Load, reportOf: (sent: string, answer: string) => readonly [id: string, end: string]): (round: number) => Promise<Round> {
  return (round) => settled({ host, client }, () => measured({ count: MOST_REQUESTS, ...load }, async (index) => {
    const sent = body(route, load, round, index);
    const answer = succeeded(await client.post(host.base + route, sent));
    await listener.arrival(...reportOf(sent, answer));
  }));
}

/** The work of one round shall not weigh on the next: it begins when the inbox is done. */
async function settled({ host, client }: Pick<Scene, 'host' | 'client'>, round: () => Promise<Round>): Promise<Round> {
  client.reconnect();
  const result = await round();
  const deadline = performance.now() + SETTLE_LIMIT_MS;
  while (host.count("select count(*) from signals where status in ('RECEIVED', 'DELIVERED')") > 0) {
    if (performance.now() > deadline) throw new Error(`The inbox was not done within ${SETTLE_LIMIT_MS} ms.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return result;
}

const Sent = z.object({ id: z.string() });
const Receipt = z.object({ signals: z.tuple([z.object({ id: z.string() })]) });
const ended = (sent: string) => [Sent.parse(JSON.parse(sent)).id, 'END'] as const;
const filled = (_sent: string, answer: string) => [Receipt.parse(JSON.parse(answer)).signals[0].id, 'FILLED'] as const;

function routeRows(width: number, { first, second, ratios }: Contest): readonly Row[] {
  return [
    { section: 'Node-RED', name: `bare http in -> response, ${width} at a time`, perSecond: first.perSecond, p50Ms: first.p50, p99Ms: first.p99 },
    {
      section: 'Node-RED', name: `webhook -> journalled -> 2xx, ${width} at a time`, perSecond: second.perSecond, p50Ms: second.p50, p99Ms: second.p99,
      against: `${times(ratios.throughput)} of bare, p99 ${times(ratios.p99)}`, ratios,
      ...(width === 1 ? {} : { target: `>= ${TARGET.throughput}x, p99 within ${TARGET.p99}x`, met: ratios.throughput >= TARGET.throughput && ratios.p99 <= TARGET.p99 }),
    },
  ];
}

function flowRows(width: number, { first, second, ratios }: Contest): readonly Row[] {
  const overFloorMs = second.p50 - first.p50;
  return [
    { section: 'Node-RED', name: `bare http in -> end of flow, ${width} at a time`, perSecond: first.perSecond, p50Ms: first.p50, p99Ms: first.p99 },
    {
      section: 'Node-RED', name: `webhook -> gate -> filled, journalled, ${width} at a time`, perSecond: second.perSecond, p50Ms: second.p50, p99Ms: second.p99,
      against: `p50 ${overFloorMs.toFixed(2)} ms over bare, ${times(ratios.p50)}`, ratios: { ...ratios, overFloorMs },
      ...(width === 1 ? { target: `p50 < ${TARGET.overFloorMs} ms over bare`, met: overFloorMs < TARGET.overFloorMs } : {}),
    },
  ];
}
