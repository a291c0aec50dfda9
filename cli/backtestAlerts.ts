import { z } from 'zod';
import { readFileTime } from '../runtime/adapters/candleFile/fileTime';
import { ourNodes, type FlowGraph, type RecordedAlert } from '../runtime/hosts/replay';
import { UsageError } from './arguments';

const Alerts = z.array(z.object({ at: z.union([z.string(), z.number()]), node: z.string().optional(), body: z.union([z.string(), z.record(z.string(), z.unknown())]) }));

/**
 * What alert services sent in the past, `[{"at": "2022-06-01T09:20:00+05:30", "node": "TradingView Trigger", "body": {…}}]`: `at` is a time as files write it or epoch ms, `body` is what was
 * posted. `node` is the trigger's name or key, and may be left out where the flow has one.
 */
export function readAlerts(file: string, content: unknown, graph: FlowGraph): readonly RecordedAlert[] {
  const read = Alerts.safeParse(content);
  if (!read.success) throw new UsageError(`${file} is no list of alerts, [{"at": time, "node": name, "body": what was posted}]: ${read.error.issues[0]?.path.join('.') ?? ''} ${read.error.issues[0]?.message ?? ''}`);
  const triggers = ourNodes(graph).filter(({ definition }) => definition.kind === 'webhookTrigger').map(({ name, values, fallback }) => ({ name, nodeKey: typeof values.nodeKey === 'string' && values.nodeKey !== '' ? values.nodeKey : fallback.nodeKey }));
  const [first, second] = triggers;
  return read.data.map(({ at, node, body }, index) => {
    const time = typeof at === 'number' ? at : readFileTime(at);
    if (time === undefined) throw new UsageError(`${file}: alert ${index + 1} has no time that can be read: "${at}".`);
    const meant = node === undefined && second === undefined ? first : triggers.find(({ name, nodeKey }) => name === node || nodeKey === node);
    if (meant === undefined) throw new UsageError(`${file}: alert ${index + 1} is for "${node ?? 'no node'}"; the flow has ${triggers.map(({ name }) => name).join(', ') || 'no trigger that is called'}.`);
    return { at: time, nodeKey: meant.nodeKey, body: typeof body === 'string' ? body : JSON.stringify(body) };
  });
}
