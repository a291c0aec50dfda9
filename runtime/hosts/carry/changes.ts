import { z } from 'zod';
import type { ChangeStep, Doing, DocumentNode } from '../replay';
import { fenced } from './ownToRed';
import { dropped, single, type Piece } from './piece';
import { pathText, toN8n, toTyped } from './values';

type Change = Extract<Doing, { readonly kind: 'change' }>;
type Saved = Readonly<Record<string, unknown>>;

/** Where a whole new item is made, the old one waits here meanwhile. */
const OLD = 'before';

const Include = z.looseObject({ parameters: z.looseObject({ includeOtherFields: z.boolean().default(false), include: z.string().default('all') }) });

/** Edit Fields of n8n as Change. */
export function changeToRed(of: DocumentNode, { steps, keepOthers }: Change): Piece {
  const saved = Include.safeParse(of.saved);
  const selects = saved.success && saved.data.parameters.includeOtherFields && saved.data.parameters.include !== 'all';
  const rules = steps.map((step) => redRule(step, keepOthers ? 'payload' : OLD));
  if (selects || rules.includes(undefined)) return dropped(of, `Its fields have no counterpart in Node-RED's Change. What stood behind it is not reached.\n\n${fenced(of.saved)}`);
  const all = keepOthers ? rules : [
    { t: 'set', p: OLD, pt: 'msg', to: 'payload', tot: 'msg', dc: true }, { t: 'set', p: 'payload', pt: 'msg', to: '{}', tot: 'json' }, ...rules, { t: 'delete', p: OLD, pt: 'msg' },
  ];
  return single(of, { key: of.id, name: of.name, outputs: 1, entry: changeEntry(of, all) });
}

/** A Change without rules only hands on: the counterpart of No Operation. */
export function changeEntry(of: DocumentNode, rules: readonly unknown[]): Saved {
  return { type: 'change', rules, action: '', property: '', from: '', to: '', reg: false, ...(of.notes === '' ? {} : { info: of.notes }), ...(of.disabled ? { d: true } : {}) };
}

function redRule(step: ChangeStep, root: string): Saved | undefined {
  if (step.kind !== 'set' || step.to.of !== 'item' || step.to.path.length === 0) return undefined;
  const typed = toTyped(step.value, root);
  // A value of another kind is converted by Edit Fields, and by nothing in Change.
  if (typed === undefined || !keepsKind(typed.type, step.type)) return undefined;
  return { t: 'set', p: pathText(['payload', ...step.to.path]), pt: 'msg', to: typed.value, tot: typed.type, ...(typed.type === 'msg' ? { dc: true } : {}) };
}

function keepsKind(typed: string, wanted: string | undefined): boolean {
  if (typed === 'msg' || wanted === undefined) return true;
  const kind = { str: 'string', num: 'number', bool: 'boolean' }[typed];
  return kind === undefined || kind === wanted;
}

/** Change of Node-RED as Edit Fields: values that are set, and properties that are deleted or moved away. */
export function changeToN8n(of: DocumentNode, { steps }: Change): Piece {
  if (steps.length === 0) return single(of, { key: of.id, name: of.name, outputs: 1, entry: { type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {}, ...n8nSettings(of) } });
  const read = steps.map(assignmentOf);
  const assignments = read.flatMap((each) => each?.set ?? []);
  const gone = read.flatMap((each) => each?.gone ?? []);
  // Edit Fields takes fields away first, and every value is that of the item as it came in.
  const inOrder = steps.every((step, index) => steps.slice(0, index).every((before) => !touches(before, step)));
  if (read.includes(undefined) || !inOrder) return dropped(of, `Its rules have no counterpart in n8n's Edit Fields. What stood behind it is not reached.\n\n${fenced(of.saved)}`);
  const parameters = { assignments: { assignments: assignments.map((each, index) => ({ id: String(index), ...each })) }, includeOtherFields: true, ...(gone.length === 0 ? {} : { include: 'except', excludeFields: gone.join(', ') }), options: {} };
  const guessed = assignments.filter(({ value }) => typeof value === 'string' && value.startsWith('='));
  return single(of, { key: of.id, name: of.name, outputs: 1, entry: { type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters, ...n8nSettings(of) } }, guessed.map(({ name, type }) => ({ kind: 'choose', node: of.name, text: `Edit Fields wants to know what "${name}" is; it is taken for a ${type === 'string' ? 'text' : type}. Correct it where it is something else.` })));
}

export function n8nSettings(of: DocumentNode): Saved {
  return { ...(of.notes === '' ? {} : { notes: of.notes }), ...(of.disabled ? { disabled: true } : {}) };
}

interface Assignment { readonly set: readonly { readonly name: string; readonly value: unknown; readonly type: string }[]; readonly gone: readonly string[] }

function assignmentOf(step: ChangeStep): Assignment | undefined {
  if (step.kind === 'set' && step.to.of === 'item' && step.to.path.length > 0) {
    const value = toN8n(step.value);
    return value === undefined ? undefined : { set: [{ name: pathText(step.to.path), value: typeof value === 'object' && value !== null ? JSON.stringify(value) : value, type: kindOf(step, value) }], gone: [] };
  }
  if (step.kind === 'delete' && step.at.of === 'item' && step.at.path.length > 0) return { set: [], gone: [pathText(step.at.path)] };
  if (step.kind !== 'move' || step.from.of !== 'item' || step.to.of !== 'item' || step.from.path.length === 0 || step.to.path.length === 0) return undefined;
  return { set: [{ name: pathText(step.to.path), value: `={{ $json.${pathText(step.from.path)} }}`, type: guess(step.to.path) }], gone: [pathText(step.from.path)] };
}

function kindOf(step: Extract<ChangeStep, { readonly kind: 'set' }>, value: unknown): string {
  if (typeof value === 'string' && value.startsWith('=')) return guess(step.to.path);
  if (Array.isArray(value)) return 'array';
  return value === null ? 'string' : typeof value;
}

const NUMBERS = new Set(['quantity', 'limitPrice', 'triggerPrice', 'price', 'positionSize', 'sizePercent', 'riskAmount', 'targetQuantity', 'stopLoss', 'target', 'open', 'high', 'low', 'close', 'volume']);

/** By the last key: those of the envelope that are numbers, else a text. */
function guess(path: readonly (string | number)[]): string {
  const last = path.at(-1);
  return typeof last === 'string' && NUMBERS.has(last) ? 'number' : path[0] === 'indicators' ? 'number' : 'string';
}

/** Whether a later step reads or writes what an earlier one wrote. */
function touches(before: ChangeStep, step: ChangeStep): boolean {
  const written = writes(before);
  return JSON.stringify(step).includes(JSON.stringify(written.at(-1) ?? null));
}

function writes(step: ChangeStep): readonly (string | number)[] {
  if (step.kind === 'delete') return step.at.path;
  return step.kind === 'replace' ? step.in.path : step.to.path;
}
