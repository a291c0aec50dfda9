import { z } from 'zod';
import { parsedJson } from '../parsedJson';
import type { DocumentNode } from '../replay';
import { n8nSettings } from './changes';
import { single, type NewNode, type Piece } from './piece';

/** A start by hand in Node-RED: the Inject node with an empty item. */
export function startToRed(of: DocumentNode): Piece {
  return single(of, {
    key: of.id, name: of.name, outputs: 1,
    entry: { type: 'inject', props: [{ p: 'payload' }], repeat: '', crontab: '', once: false, onceDelay: 0.1, topic: '', payload: '{}', payloadType: 'json', ...(of.notes === '' ? {} : { info: of.notes }), ...(of.disabled ? { d: true } : {}) },
  });
}

const Inject = z.looseObject({ payload: z.unknown().optional(), payloadType: z.string().default('date') });

/** A start by hand in n8n. What Inject puts into the item is set by Edit Fields behind it. A workflow has one start by hand: further ones are left as No Operation. */
export function startToN8n(of: DocumentNode, number: number): Piece {
  const trigger: NewNode = number > 1
    ? { key: of.id, name: of.name, outputs: 1, entry: { type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {}, ...n8nSettings(of) } }
    : { key: of.id, name: of.name, outputs: 1, entry: { type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {}, ...n8nSettings(of) } };
  const extra = number > 1 ? [{ kind: 'changed' as const, node: of.name, text: 'A workflow of n8n has one start by hand. This one is a No Operation node: wire the Manual Trigger to it, or move what follows into a workflow of its own.' }] : [];
  const item = itemOf(of.saved);
  if (item.kind === 'none') return single(of, trigger, extra);
  if (item.kind === 'unread') return single(of, trigger, [...extra, { kind: 'lost', node: of.name, text: 'What this Inject sends is no JSON object; the new start sends an empty item.' }]);
  const key = `${of.id} item`;
  const assignments = Object.entries(item.fields).map(([name, value], index) => ({ id: String(index), name, value: typeof value === 'object' && value !== null ? JSON.stringify(value) : value, type: Array.isArray(value) ? 'array' : value === null ? 'string' : typeof value }));
  const set: NewNode = { key, name: `Item of ${of.name}`, outputs: 1, step: 1, entry: { type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: { assignments: { assignments }, includeOtherFields: true, options: {} } } };
  return { of, nodes: [trigger, set], wires: [{ key: of.id, output: 0, to: key }], head: of.id, through: false, tails: new Map([[0, [{ key, output: 0 }]]]), report: extra };
}

type Item = { readonly kind: 'none' } | { readonly kind: 'unread' } | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, unknown>> };

function itemOf(saved: DocumentNode['saved']): Item {
  const { payload, payloadType } = Inject.parse(saved);
  if (payloadType === 'date' || payload === undefined || payload === '') return { kind: 'none' };
  const fields = payloadType === 'json' && typeof payload === 'string' ? z.record(z.string(), z.unknown()).safeParse(parsedJson(payload)).data : undefined;
  if (fields === undefined) return { kind: 'unread' };
  return Object.keys(fields).length === 0 ? { kind: 'none' } : { kind: 'fields', fields };
}
