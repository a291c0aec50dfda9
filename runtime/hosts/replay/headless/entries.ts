import { z } from 'zod';
import { deny, ok, type Denial, type Outcome } from '../../../domain/denial';
import type { FlowDocument } from '../document';

const Entry = z.looseObject({ id: z.string(), type: z.string(), z: z.string().optional(), name: z.string().optional(), d: z.boolean().optional(), wires: z.array(z.array(z.string())).optional() });
const File = z.union([z.array(Entry), z.looseObject({ flows: z.array(Entry) }).transform(({ flows }) => flows)]);
export type RedEntry = z.infer<typeof Entry>;

/** What reaches beyond the flow: its answers are not known of the past, and its effects would be real. */
const OUTSIDE = new Set([
  'http in', 'http response', 'http request', 'websocket in', 'websocket out', 'mqtt in', 'mqtt out', 'tcp in', 'tcp out', 'tcp request', 'udp in', 'udp out',
  'exec', 'file', 'file in', 'watch',
]);

/** The file's nodes as a Node-RED is given them: other tabs than the flow's are disabled, and what reaches outside is refused by its name. */
export function headlessEntries(file: unknown, document: FlowDocument): Outcome<readonly RedEntry[]> {
  if (document.host !== 'node-red') return deny('NOT_SUPPORTED', 'This is a workflow of n8n: Node-RED can not run it.', { remedy: 'Use nodes that can be translated, or convert the workflow to Node-RED.' });
  const parsed = File.safeParse(file);
  if (!parsed.success) return deny('MALFORMED_BODY', 'This is no Node-RED flow.');
  const tabs = new Set(document.nodes.flatMap(({ saved }) => (typeof saved['z'] === 'string' ? [saved['z']] : [])));
  const subflows = new Set(parsed.data.filter(({ type }) => type === 'subflow').map(({ id }) => id));
  for (const entry of parsed.data) {
    const isInside = subflows.has(entry.z ?? '');
    const refused = entry.d !== true && (isInside || tabs.has(entry.z ?? '')) ? whyNot(entry, isInside) : undefined;
    if (refused !== undefined) return { ok: false, denial: refused };
  }
  for (const { reading, disabled } of document.nodes) {
    const own = reading.kind === 'foreign' && !disabled && (reading.type === 'inject' || reading.type.startsWith('bellwether-'));
    if (own) return { ok: false, denial: reading.denial };
  }
  const known = new Set(parsed.data.filter(({ type }) => type === 'tab').map(({ id }) => id));
  const missing = [...tabs].filter((id) => !known.has(id)).map((id): RedEntry => ({ id, type: 'tab', label: id }));
  return ok([...missing, ...parsed.data.map((entry) => (entry.type === 'tab' && !tabs.has(entry.id) ? { ...entry, disabled: true } : entry))]);
}

function whyNot({ id, type, name, wires }: RedEntry, isInside: boolean): Denial | undefined {
  const title = name === undefined || name === '' ? id : name;
  if (OUTSIDE.has(type)) return deny('NOT_SUPPORTED', `"${title}" (${type}) reaches beyond the flow: what it would have found in the past is not known.`, { field: title, remedy: 'Disable the node for the backtest, or use Market Data of Bellwether.' }).denial;
  if (isInside && wires !== undefined && type.startsWith('bellwether-')) return deny('NOT_SUPPORTED', `"${title}" (${type}) is inside a subflow, which can not be backtested yet.`, { field: title, remedy: 'Put the node on the flow itself.' }).denial;
  return undefined;
}
