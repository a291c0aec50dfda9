import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as definitions from '../../nodes';
import { AccountConfig } from '../../runtime/domain/account';
import type { Outcome } from '../../runtime/domain/denial';
import { readN8n, readNodeRed, replayFlow, type ReplayedFlow } from '../../runtime/hosts/replay';
import type { Runtime } from '../../runtime/runtime';

export const HOSTS = ['n8n', 'node-red'] as const;

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return outcome.value;
}

/** A flow file that we ship, running in this process on the runtime's paper account. */
export async function shippedFlow(runtime: Runtime, host: (typeof HOSTS)[number], name: string, limits: object = {}, sources: 'injected' | 'live' = 'injected'): Promise<ReplayedFlow> {
  const file: unknown = JSON.parse(readFileSync(path.join(__dirname, '../../flows', host, `${name}.json`), 'utf8'));
  const read = host === 'n8n' ? readN8n : readNodeRed;
  const graph = valueOf(read(file, Object.values(definitions)));
  return valueOf(await replayFlow({ graph, runtime, account: AccountConfig.parse({ limits }), sources }));
}
