import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import type { EpochMs } from '../../domain/time';
import { PACKAGE } from '../carry/ownToN8n';

const Run = z.object({ startTime: z.number().int() });
/** n8n keeps what an execution has run beside it; its types do not promise that. */
const Host = z.object({ runExecutionData: z.object({ resultData: z.object({ runData: z.record(z.string(), z.array(Run)) }) }).optional().catch(undefined) });

/**
 * When this execution ran the node of ours that it began with, which is a trigger, by the machine's clock; one that waited keeps the time of its beginning.
 * Undefined where it began with another node (a sub-workflow does), or n8n does not say.
 */
export function begunAt(host: Pick<IExecuteFunctions, 'getNode' | 'getParentNodes'>): EpochMs | undefined {
  const runs = Object.entries(Host.safeParse(host).data?.runExecutionData?.resultData.runData ?? {}).flatMap(([name, all]) => all.map(({ startTime }) => ({ name, startTime })));
  const [first] = runs.sort((one, other) => one.startTime - other.startTime);
  const isOurs = host.getParentNodes(host.getNode().name).some(({ name, type }) => name === first?.name && type.startsWith(PACKAGE));
  return isOurs ? first?.startTime : undefined;
}
