import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import type { EpochMs } from '../../domain/time';

/** A trigger of ours by n8n's name of its type, e.g. `@bellwether/n8n-nodes-trading.marketTrigger`. */
const OUR_TRIGGER = /^@bellwether\/.+Trigger$/;

const Run = z.object({ startTime: z.number().int() });
/** n8n keeps what an execution has run beside it; its types do not promise that. */
const Host = z.object({ runExecutionData: z.object({ resultData: z.object({ runData: z.record(z.string(), z.array(Run)) }) }).optional().catch(undefined) });

/** When this execution ran the trigger of ours that it began with, by the machine's clock; one that waited keeps the time of its beginning. Undefined where it began with another node, or n8n does not say. */
export function begunAt(host: Pick<IExecuteFunctions, 'getNode' | 'getParentNodes'>): EpochMs | undefined {
  const runs = Host.safeParse(host).data?.runExecutionData?.resultData.runData ?? {};
  const triggers = host.getParentNodes(host.getNode().name).filter(({ type }) => OUR_TRIGGER.test(type));
  const times = triggers.flatMap(({ name }) => (runs[name] ?? []).map(({ startTime }) => startTime));
  return times.length === 0 ? undefined : Math.min(...times);
}
