import type { DocumentNode, Expression, OurNode } from '../replay';
import { parseTemplate } from '../replay/expressions/template';
import type { Control } from '../controls';
import { nodeControls } from '../identity';
import { nodeForm } from '../nodeRed/form';
import { nodeRedType } from '../nodeRed/nodeType';
import { toRedValues } from './ownValues';
import { dropped, type NewNode, type NewWire, type Piece } from './piece';
import type { CarryLine } from './report';
import { pathOf, pathText, toTyped } from './values';

/** A node of ours from n8n: every parameter, its identity, and, where a parameter was an expression, a Change node before it that puts the value into the item. */
export function ownToRed(of: DocumentNode, node: OurNode): Piece {
  const { definition, values, fallback } = node;
  const controls = nodeControls(definition);
  const identity = { strategyId: textOr(values['strategyId'], fallback.strategyId), nodeKey: textOr(values['nodeKey'], fallback.nodeKey) };
  const read = controls.map((control) => ({ control, carried: carried(control, values[control.name], node) }));
  const lost = read.filter(({ carried: { kind } }) => kind === 'lost').map(({ control: { label } }) => label);
  const plain = Object.fromEntries(read.map(({ control: { name }, carried: each }) => [name, each.kind === 'plain' ? each.value : undefined]));
  const rules = read.flatMap(({ carried: each }) => (each.kind === 'before' ? [each.rule] : []));
  const own: NewNode = {
    key: of.id, name: of.name, outputs: definition.outputs.length,
    entry: { type: nodeRedType(definition.type), ...beside(node), ...toRedValues(controls, { ...plain, ...identity }), ...(of.notes === '' ? {} : { info: of.notes }), ...(of.disabled || lost.length > 0 ? { d: true } : {}) },
  };
  const before: readonly NewNode[] = rules.length === 0 ? [] : [{ key: `${of.id} before`, name: `For ${of.name}`, outputs: 1, step: -1, entry: { type: 'change', rules, action: '', property: '', from: '', to: '', reg: false } }];
  const wires: readonly NewWire[] = before.map(({ key }) => ({ key, output: 0, to: of.id }));
  const report: CarryLine[] = [
    ...lost.map((label): CarryLine => ({ kind: 'lost', node: of.name, text: `${label} is an expression that Node-RED's form can not hold. The node is disabled until you have set it, with a Change or Function node before it.` })),
    ...before.map((): CarryLine => ({ kind: 'changed', node: of.name, text: `Its expressions are rules of the Change node "For ${of.name}" before it.` })),
    ...settingsLost(of),
  ];
  const tails = new Map(definition.outputs.map((_port, output) => [output, [{ key: of.id, output }]] as const));
  const kept = lost.length === 0 ? {} : { kept: `Expressions of "${of.name}":\n${lost.map((label) => `- ${label}`).join('\n')}\n\n${fenced(of.saved['parameters'])}` };
  return { of, nodes: [...before, own], wires, head: before[0]?.key ?? of.id, through: false, tails, report, ...kept };
}

/** A node of ours that this version does not know. */
export function unknownOwn(of: DocumentNode): Piece {
  return dropped(of, `This version of Bellwether has no node ${of.type}.\n\n${fenced(of.saved)}`);
}

export function fenced(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}

type Carried = { readonly kind: 'plain'; readonly value: unknown } | { readonly kind: 'before'; readonly rule: Readonly<Record<string, unknown>> } | { readonly kind: 'lost' };

function carried(control: Control, value: unknown, { definition }: OurNode): Carried {
  if (!holdsExpression(value)) return { kind: 'plain', value };
  const expression = readExpression(value);
  const reads = definition.kind === 'action' && Object.hasOwn(definition.reads.shape, control.name) && !control.required && control.default === undefined;
  if (expression === undefined || !reads) return { kind: 'lost' };
  const path = pathOf(expression);
  if (path !== undefined && path.length === 1 && path[0] === control.name) return { kind: 'plain', value: undefined };
  const typed = toTyped(expression);
  return typed === undefined ? { kind: 'lost' } : { kind: 'before', rule: { t: 'set', p: pathText(['payload', control.name]), pt: 'msg', to: typed.value, tot: typed.type, ...(typed.type === 'msg' ? { dc: true } : {}) } };
}

function readExpression(value: unknown): Expression | undefined {
  if (typeof value !== 'string') return undefined;
  const read = parseTemplate(value);
  return read.ok ? read.value : undefined;
}

function holdsExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('=');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsExpression);
}

/** What Node-RED saves beside the parameters. */
function beside({ definition }: OurNode): Readonly<Record<string, unknown>> {
  const form = nodeForm(definition);
  return { ...Object.fromEntries(form.configNodes.map(({ name }) => [name, ''])), ...(form.hasHook ? { token: '' } : {}) };
}

const LOST_SETTINGS: Readonly<Record<string, string>> = {
  executeOnce: 'Execute Once', alwaysOutputData: 'Always Output Data', retryOnFail: 'Retry On Fail', onError: 'On Error', continueOnFail: 'Continue On Fail',
};

function settingsLost({ name, settings }: DocumentNode): readonly CarryLine[] {
  return Object.entries(settings).filter(([, value]) => value !== false && value !== 'stopWorkflow').map(([setting]) => ({ kind: 'lost', node: name, text: `Its setting "${LOST_SETTINGS[setting] ?? setting}" has no counterpart in Node-RED.` }));
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
